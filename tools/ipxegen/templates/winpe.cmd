@echo off
{{!
  winpe.cmd: fetches the files of a job where no wimboot has brought them.  The startnet.cmd
  of a prepared boot.wim asks for it, by the machine's MAC, and runs it.
}}
set "URL={{url}}"
set "RUN=X:\pxekit\run"
set "FAILED="
curl -sS --connect-timeout 10 --max-time 30 -o %RUN%\answer.txt -w "%%{http_code}\n" --data-urlencode "state=booting" --data-urlencode "step=script" "%URL%/report" >%RUN%\status.txt 2>%RUN%\curl.txt
for %%f in (install.cmd disk-uefi.txt disk-bios.txt) do call :fetch %%f
if defined FAILED exit /b 1
exit /b 0

:fetch
if defined FAILED exit /b 1
set /a GETS=0
:again
set /a GETS+=1
curl -fsS --connect-timeout 10 --max-time 60 -o X:\Windows\System32\%~1 "%URL%/%~1" >%RUN%\curl.txt 2>&1
if not errorlevel 1 exit /b 0
del /q X:\Windows\System32\%~1 2>nul
set "FAILED=%~1"
if %GETS% GEQ 10 exit /b 1
ping -n 4 127.0.0.1 >nul
set "FAILED="
goto again
