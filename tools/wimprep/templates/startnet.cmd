@echo off
rem startnet.cmd of pxekit: wimprep has put it into this boot.wim.
rem Loads the drivers that lie beside it, starts the network, and calls the script
rem of the job, which wimboot adds to System32 when the machine boots.
rem
rem PXEKIT_STARTNET tells that script that this has been done, PXEKIT_DRIVERS_FAILED
rem which drivers would not load.
rem It keeps to what cmd.exe and wine's cmd do alike: no OR and AND operators.
setlocal EnableExtensions
set "PXEKIT_STARTNET=yes"
set "PXEKIT_DRIVERS_FAILED="
if not exist X:\pxekit\drivers\list.txt goto loaded
for /f "usebackq delims=" %%f in ("X:\pxekit\drivers\list.txt") do call :load "%%f"
:loaded
echo startnet: wpeinit
wpeinit
if errorlevel 1 echo startnet: wpeinit failed
if exist X:\Windows\System32\install.cmd goto job
echo startnet: no job came with this boot, there is no X:\Windows\System32\install.cmd
goto :eof
:job
call X:\Windows\System32\install.cmd
if errorlevel 1 echo startnet: the job failed
goto :eof

:load
echo startnet: drvload %~1
drvload "%~1"
if not errorlevel 1 goto :eof
echo startnet: drvload failed: %~1
set "PXEKIT_DRIVERS_FAILED=%PXEKIT_DRIVERS_FAILED% %~nx1"
goto :eof
