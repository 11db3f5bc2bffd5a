@echo off
rem startnet.cmd of pxekit: wimprep has put it into this boot.wim.
rem Loads the drivers that lie beside it, starts the network, and calls the script
rem of the job, which wimboot adds to System32 when the machine boots. Where Microsoft's
rem own boot manager has started it, the script is fetched: the servers in server.txt
rem are asked for a job of one of the machine's network cards.
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
if exist X:\pxekit\server.txt goto ask
echo startnet: no job came with this boot, there is no X:\Windows\System32\install.cmd
goto :eof
:job
call X:\Windows\System32\install.cmd
if errorlevel 1 echo startnet: the job failed
goto :eof

rem ---- nobody has brought a script: who has a job for this machine? ----
:ask
set "RUN=X:\pxekit\run"
mkdir %RUN% 2>nul
set "UUID="
for /f "tokens=3" %%u in ('reg query HKLM\SYSTEM\HardwareConfig /v LastConfig') do set "UUID=%%u"
if defined UUID set "UUID=%UUID:{=%"
if defined UUID set "UUID=%UUID:}=%"
set "FOUND="
set /a TRY=0
:ask_again
set /a TRY+=1
set "ANSWERED="
ipconfig /all >%RUN%\cards.txt 2>&1
for /f "usebackq tokens=1* delims=:" %%a in ("%RUN%\cards.txt") do call :card "%%b"
if defined FOUND goto found
if defined ANSWERED goto no_job
if %TRY% GEQ 30 goto no_server
if %TRY% EQU 15 wpeutil InitializeNetwork
ping -n 5 127.0.0.1 >nul
goto ask_again
:found
call %RUN%\job.cmd
if not errorlevel 1 goto job
echo startnet: the files of the job could not be fetched
goto restart
:no_job
echo startnet: there is no job for this machine
goto restart
:no_server
echo startnet: no server answers: see X:\pxekit\server.txt
:restart
echo startnet: starting again in 30 seconds
ping -n 31 127.0.0.1 >nul
wpeutil reboot
goto :eof

rem What stands behind a colon of ipconfig: six pairs with hyphens, or something else.
:card
if defined FOUND exit /b 0
set "CARD=%~1"
if not defined CARD exit /b 0
set "CARD=%CARD: =%"
if not defined CARD exit /b 0
if "%CARD:~16%"=="" exit /b 0
if not "%CARD:~17%"=="" exit /b 0
if not "%CARD:~2,1%%CARD:~5,1%%CARD:~8,1%%CARD:~11,1%%CARD:~14,1%"=="-----" exit /b 0
set "TRIAL=%CARD%"
for /f "delims=0123456789ABCDEFabcdef-" %%x in ("%TRIAL%") do set "TRIAL="
if not defined TRIAL exit /b 0
for /f "usebackq" %%s in ("X:\pxekit\server.txt") do call :server "%%s"
exit /b 0

:server
if defined FOUND exit /b 0
echo startnet: asking %~1 for %CARD%
set "STATUS=000"
curl -sS --connect-timeout 5 --max-time 30 -o %RUN%\job.cmd -w "%%{http_code}\n" "%~1/boot/%CARD%.cmd?uuid=%UUID%" >%RUN%\status.txt 2>%RUN%\curl.txt
for /f %%s in (%RUN%\status.txt) do set "STATUS=%%s"
if "%STATUS%"=="200" set "FOUND=yes"
if "%STATUS%"=="404" set "ANSWERED=yes"
exit /b 0

:load
echo startnet: drvload %~1
drvload "%~1"
if "%errorlevel%"=="0" goto :eof
echo startnet: drvload failed: %~1
set "PXEKIT_DRIVERS_FAILED=%PXEKIT_DRIVERS_FAILED% %~nx1"
goto :eof
