@echo off
{{!
  ErrorHandler.cmd: Windows Setup runs this, from Windows\Setup\Scripts, when it cannot go
  on.  The server gets the end of setuperr.log, and nobody waits for this machine.
}}
setlocal EnableExtensions
set "URL={{url}}"
set "PANTHER=%SystemRoot%\Panther"
set "LOG=%PANTHER%\setuperr.log"
set "TAIL=%SystemRoot%\Temp\pxekit-setuperr.txt"
set "ANSWER=%SystemRoot%\Temp\pxekit-answer.txt"
if exist "%PANTHER%\UnattendGC\setuperr.log" set "LOG=%PANTHER%\UnattendGC\setuperr.log"
for %%f in (unattend.xml Unattend\unattend.xml unattend-original.xml) do if exist "%PANTHER%\%%f" del /f /q "%PANTHER%\%%f"

>"%TAIL%" echo Windows Setup failed:
if not exist "%LOG%" goto told
set /a LINES=0
for /f "usebackq delims=" %%l in ("%LOG%") do set /a LINES+=1
set /a SKIP=LINES-5
if %SKIP% LSS 1 goto short
for /f "usebackq skip=%SKIP% delims=" %%l in ("%LOG%") do >>"%TAIL%" echo %%l
goto told
:short
type "%LOG%" >>"%TAIL%"

:told
set /a TRY=0
:again
set /a TRY+=1
set "STATUS=000"
curl -sS --connect-timeout 10 --max-time 30 -o "%ANSWER%" -w "%%{http_code}\n" --data-urlencode "state=failed" --data-urlencode "step=setup" --data-urlencode "host=%COMPUTERNAME%" --data-urlencode "text@%TAIL%" "%URL%/report" >"%ANSWER%.status" 2>nul
for /f "usebackq" %%s in ("%ANSWER%.status") do set "STATUS=%%s"
if "%STATUS%"=="200" goto end
if "%STATUS:~0,1%"=="4" goto end
if %TRY% GEQ 60 goto end
ping -n 6 127.0.0.1 >nul
goto again
:end
del /f /q "%TAIL%" "%ANSWER%" "%ANSWER%.status" 2>nul
schtasks /delete /f /tn pxekit-firstboot >nul 2>&1
del /f /q "%SystemRoot%\Setup\Scripts\SetupComplete.cmd" 2>nul
del /f /q "%~f0" & exit /b 0
