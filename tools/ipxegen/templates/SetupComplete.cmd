@echo off
{{!
  SetupComplete.cmd: what is left to do at the first boot of the installed Windows.  It
  lies in Windows\Setup\Scripts, where Windows runs it as LocalSystem before anybody can
  log on, and removes itself once the server knows how it ended.

  If the machine starts again in between, a task goes on at the next start; if the server
  is out of reach, the task tries every five minutes.  What was done is not done again,
  and after 300 runs it gives up.  A command or an installer that was running when the
  machine started again counts as done: it did what it was there for.

  It keeps to what cmd.exe and wine's cmd do alike (see install.cmd).  A routine ends with
  0, with 1 (this did not work: WHY and LOG say more), or with 9 (the server said stop).
}}
setlocal EnableExtensions
set "URL={{url}}"
set "FILES={{base}}/{{image-path}}"
set "JOB={{job}}"
set "PLATFORM={{platform}}"
set "CLIENT={{windows-client}}"
set "TOOLS={{guest-tools}}"
set "TOOLS_SHA256={{guest-tools-sha256}}"
set "TASK=pxekit-firstboot"
set "SELF=%~f0"
set "WORK=%SystemRoot%\Setup\Scripts\pxekit"
set "STEP=firstboot"
set "PERCENT=91"
set "LOG="
set "RC="
mkdir "%WORK%" 2>nul

rem ---- passwords first: nobody needs the answer file any more ----
for %%f in (Panther\unattend.xml Panther\Unattend\unattend.xml Panther\unattend-original.xml System32\Sysprep\unattend.xml System32\Sysprep\Panther\unattend.xml) do if exist "%SystemRoot%\%%f" del /f /q "%SystemRoot%\%%f"

rem ---- how often, and how it goes on if the machine starts again ----
set /a RUNS=0
if exist "%WORK%\runs.txt" set /p RUNS=<"%WORK%\runs.txt"
set /a RUNS+=1
>"%WORK%\runs.txt" echo %RUNS%
set "TEXT=gave up: the first boot was not through after 300 runs"
set "TRIES=10"
if %RUNS% GTR 300 goto give_up
if %RUNS% EQU 1 schtasks /create /f /tn %TASK% /ru SYSTEM /rl HIGHEST /sc ONSTART /tr "cmd.exe /d /c %SELF%" >"%WORK%\task.txt" 2>&1

rem ---- network ----
set "TEXT=Windows starts for the first time, run %RUNS%"
set "TRIES=60"
call :report configuring
if errorlevel 9 goto stopped
if errorlevel 1 goto later

set "WHY=the answer file cannot be deleted"
set "STEP=answers"
if exist "%SystemRoot%\Panther\unattend.xml" goto failed

rem ---- roles and features ----
set "STEP=roles"
set "PERCENT=92"
{{#role}}
set "ROLE={{.}}"
call :role
if errorlevel 9 goto stopped
if errorlevel 1 goto failed
{{/role}}

rem ---- commands ----
set "STEP=commands"
set "PERCENT=94"
{{#command}}
set "LINE={{.}}"
set "ITEM=command-{{n}}"
call :command
if errorlevel 9 goto stopped
if errorlevel 1 goto failed
{{/command}}

rem ---- guest tools, if the image has them ----
set "STEP=tools"
set "PERCENT=96"
if not defined TOOLS goto no_tools
if /i not "%PLATFORM:~0,3%"=="kvm" goto no_tools
set "FROM=%FILES%/%TOOLS%"
set "SHA256=%TOOLS_SHA256%"
set "LINE="
set "ITEM=tools"
call :install
if errorlevel 9 goto stopped
if errorlevel 1 goto failed
:no_tools

{{#agent}}
rem ---- the agent; where from and with what is told once, as it may hold a key ----
set "STEP=agent"
set "PERCENT=97"
if exist "%WORK%\agent.began" goto have_agent
if not exist "%WORK%\agent.cmd" call :agent
if errorlevel 9 goto stopped
if errorlevel 1 goto failed
call "%WORK%\agent.cmd"
set "ITEM=agent"
call :install
if errorlevel 9 goto stopped
if errorlevel 1 goto failed
:have_agent
del /f /q "%WORK%\agent.cmd" 2>nul

{{/agent}}
{{#rdp}}
rem ---- Remote Desktop listens ----
set "STEP=rdp"
set "PERCENT=98"
set "WHY=Remote Desktop does not listen on port 3389"
set "LOG=%WORK%\netstat.txt"
set /a WAITS=0
:rdp_again
netstat -an >"%WORK%\netstat.txt" 2>&1
type "%WORK%\netstat.txt" | find ":3389 " | find ":0 " >nul
if not errorlevel 1 goto rdp_there
set /a WAITS+=1
if %WAITS% GEQ 60 goto failed
call :pause 5
goto rdp_again
:rdp_there

{{/rdp}}
rem ---- done ----
set "STEP=done"
set "PERCENT=100"
set "LOG="
set "BUILD="
set "UBR="
set "IP="
set "ADDRESSES="
set "KEY=HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion"
reg query "%KEY%" /v CurrentBuild >"%WORK%\build.txt" 2>nul
for /f "tokens=3" %%b in ('type "%WORK%\build.txt" ^| find "CurrentBuild"') do set "BUILD=%%b"
reg query "%KEY%" /v UBR >"%WORK%\ubr.txt" 2>nul
for /f "tokens=3" %%b in ('type "%WORK%\ubr.txt" ^| find "UBR"') do set /a UBR=%%b
if defined UBR set "BUILD=%BUILD%.%UBR%"
ipconfig >"%WORK%\ipconfig.txt" 2>&1
for /f "tokens=2 delims=:" %%a in ('type "%WORK%\ipconfig.txt" ^| find "IPv4"') do call :address %%a
for /f "tokens=1* delims=:" %%a in ('type "%WORK%\ipconfig.txt" ^| find "IPv6"') do call :address6 %%b
set "TEXT=Windows build %BUILD%, addresses%ADDRESSES%"
if exist "%WORK%\restart" set "TEXT=%TEXT%; wants a restart"
set "TRIES=60"
call :report done
if errorlevel 9 goto stopped
if errorlevel 1 goto later
goto remove

rem ---- ends ----

:failed
if not defined RC set "RC=1"
set "TEXT=%WHY%; step %STEP%, code %RC%"
set "TRIES=60"
call :report failed
if errorlevel 9 goto stopped
if errorlevel 1 goto later
goto remove

rem Out of reach: every five minutes from now on. Only one instance of a task runs.
:later
schtasks /create /f /tn %TASK% /ru SYSTEM /rl HIGHEST /sc MINUTE /mo 5 /tr "cmd.exe /d /c %SELF%" >"%WORK%\task.txt" 2>&1
exit /b 1

:give_up
call :report failed

:stopped
:remove
schtasks /delete /f /tn %TASK% >nul 2>&1
rd /s /q "%WORK%"
del /f /q "%SystemRoot%\Setup\Scripts\ErrorHandler.cmd" 2>nul
del /f /q "%SELF%" & exit /b 0

rem ---- reports ----

rem STATE; STEP, PERCENT, TEXT, LOG and TRIES are said before.
:report
set "WITH="
if "%~1"=="failed" if defined LOG if exist "%LOG%" set "WITH=--data-urlencode "log@%LOG%""
set "WHERE="
if defined IP set "WHERE=--data-urlencode "address=%IP%""
set /a TRY=0
:report_again
set /a TRY+=1
set "STATUS=000"
curl -sS --connect-timeout 10 --max-time 30 -o "%WORK%\answer.txt" -w "%%{http_code}\n" --data-urlencode "state=%~1" --data-urlencode "step=%STEP%" --data-urlencode "percent=%PERCENT%" --data-urlencode "text=%TEXT%" --data-urlencode "host=%COMPUTERNAME%" %WHERE% %WITH% "%URL%/report" >"%WORK%\status.txt" 2>"%WORK%\curl.txt"
for /f "usebackq" %%s in ("%WORK%\status.txt") do set "STATUS=%%s"
if "%STATUS%"=="200" exit /b 0
if "%STATUS%"=="400" if not defined WITH exit /b 1
if "%STATUS%"=="403" exit /b 9
if "%STATUS%"=="409" exit /b 9
if "%STATUS:~0,1%"=="4" set "WITH="
if %TRY% GEQ %TRIES% exit /b 1
call :pause 5
goto report_again

rem SECONDS
:pause
set /a PINGS=%~1+1
ping -n %PINGS% 127.0.0.1 >nul
exit /b 0

:address
if "%~1"=="" exit /b 0
set "GUESS=%~1"
if "%GUESS:~0,8%"=="169.254." exit /b 0
set "ADDRESSES=%ADDRESSES% %GUESS%"
if not defined IP set "IP=%GUESS%"
exit /b 0
:address6
set "GUESS=%~1"
if "%GUESS%"=="" exit /b 0
if /i "%GUESS:~0,4%"=="fe80" exit /b 0
set "ADDRESSES=%ADDRESSES% %GUESS%"
exit /b 0

rem ---- steps ----

rem ROLE; a server's roles have names of their own, and DISM knows the features of all.
:role
if exist "%WORK%\role-%ROLE%.done" exit /b 0
set "TEXT=installing %ROLE%"
set "TRIES=3"
call :report configuring
if errorlevel 9 exit /b 9
set "LOG=%WORK%\role.txt"
set "WHY=%ROLE% cannot be installed"
if defined CLIENT goto role_dism
powershell -NoProfile -NonInteractive -Command "$ErrorActionPreference='Stop'; $r = Install-WindowsFeature -Name %ROLE% -IncludeManagementTools; if (-not $r.Success) { exit 1 }; if ($r.RestartNeeded -eq 'Yes') { exit 3010 }" >"%LOG%" 2>&1
set "RC=%errorlevel%"
call :judge
if not errorlevel 1 goto role_done
:role_dism
dism /Online /Enable-Feature /FeatureName:%ROLE% /All /NoRestart /Quiet >>"%LOG%" 2>&1
set "RC=%errorlevel%"
call :judge
if errorlevel 1 exit /b 1
:role_done
>"%WORK%\role-%ROLE%.done" echo done
exit /b 0

rem LINE as ITEM: a line of a cmd script.
:command
if exist "%WORK%\%ITEM%.began" exit /b 0
set "TEXT=running %ITEM%"
set "TRIES=3"
call :report configuring
if errorlevel 9 exit /b 9
>"%WORK%\%ITEM%.began" echo began
set "LOG=%WORK%\command.txt"
set "WHY=%ITEM% failed"
set "BEFORE="
call :write
cmd /d /c "%WORK%\run.cmd" <nul >"%LOG%" 2>&1
set "RC=%errorlevel%"
call :judge
if errorlevel 1 exit /b 1
exit /b 0

rem RC: 3010 and 1641 say that it is well and wants a restart.
:judge
if "%RC%"=="3010" goto judge_restart
if "%RC%"=="1641" goto judge_restart
if not "%RC%"=="0" exit /b 1
set "RC="
exit /b 0
:judge_restart
set "RC="
>"%WORK%\restart" echo wanted
exit /b 0

rem FROM, SHA256 and the arguments LINE as ITEM: nothing runs that has another checksum.
:install
if exist "%WORK%\%ITEM%.began" exit /b 0
set "TEXT=installing %ITEM%"
set "TRIES=3"
call :report configuring
if errorlevel 9 exit /b 9
set "TYPE="
set "SOURCE="
for /f "delims=?#" %%u in ("%FROM%") do set "SOURCE=%%u"
for %%e in ("%SOURCE%") do set "TYPE=%%~xe"
set "PACKAGE=%WORK%\%ITEM%%TYPE%"
set "LOG=%WORK%\curl.txt"
set "WHY=%ITEM% could not be fetched"
set /a GETS=0
:install_again
set /a GETS+=1
curl -fsS --location --connect-timeout 10 --speed-limit 1 --speed-time 60 -o "%PACKAGE%" "%FROM%" >"%WORK%\curl.txt" 2>&1
set "RC=%errorlevel%"
if "%RC%"=="0" goto install_check
if %GETS% GEQ 20 exit /b 1
call :pause 5
goto install_again
:install_check
set "LOG=%WORK%\hash.txt"
set "WHY=%ITEM% has another SHA-256 than was pinned; it did not run"
certutil -hashfile "%PACKAGE%" SHA256 >"%LOG%" 2>&1
set "MATCH="
for /f "usebackq" %%h in ("%LOG%") do if /i "%%h"=="%SHA256%" set "MATCH=yes"
if not defined MATCH goto install_bad
set "BEFORE="%PACKAGE%""
if /i "%TYPE%"==".msi" set "BEFORE=msiexec.exe /i "%PACKAGE%" /qn /norestart"
if /i "%TYPE%"==".ps1" set "BEFORE=powershell.exe -NoProfile -NonInteractive -ExecutionPolicy Bypass -File "%PACKAGE%""
if not defined LINE set "LINE= "
>"%WORK%\%ITEM%.began" echo began
set "LOG=%WORK%\install.txt"
set "WHY=%ITEM% failed"
call :write
cmd /d /c "%WORK%\run.cmd" <nul >"%LOG%" 2>&1
set "RC=%errorlevel%"
del /f /q "%PACKAGE%" "%WORK%\run.cmd" 2>nul
call :judge
if errorlevel 1 exit /b 1
exit /b 0
:install_bad
set "RC=1"
del /f /q "%PACKAGE%"
exit /b 1

:agent
set "LOG=%WORK%\curl.txt"
set "WHY=what the agent wants was not given"
set /a GETS=0
:agent_again
set /a GETS+=1
set "STATUS=000"
curl -sS --connect-timeout 10 --max-time 60 -o "%WORK%\agent.new" -w "%%{http_code}\n" "%URL%/agent.cmd" >"%WORK%\status.txt" 2>"%WORK%\curl.txt"
for /f "usebackq" %%s in ("%WORK%\status.txt") do set "STATUS=%%s"
if "%STATUS%"=="200" goto agent_there
if "%STATUS%"=="409" exit /b 9
if "%STATUS:~0,1%"=="4" exit /b 1
if %GETS% GEQ 30 exit /b 1
call :pause 5
goto agent_again
:agent_there
move /y "%WORK%\agent.new" "%WORK%\agent.cmd" >nul
exit /b 0

rem BEFORE and LINE into run.cmd; the latter as it is: nothing reads the variable of a for once more.
:write
>"%WORK%\line.txt" set LINE
>"%WORK%\run.cmd" echo @echo off
for /f "usebackq tokens=1* delims==" %%a in ("%WORK%\line.txt") do >>"%WORK%\run.cmd" echo %BEFORE% %%b
del /f /q "%WORK%\line.txt"
exit /b 0
