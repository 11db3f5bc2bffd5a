@echo off
{{!
  install.cmd: installs Windows from Windows PE.  wimboot puts it into System32;
  winpeshl.ini, or the startnet.cmd that wimprep has put into boot.wim, runs it.

  It keeps to what cmd.exe and wine's cmd do alike: no OR and AND operators, no
  redirection in front of a block, no findstr, no timeout, no "if exist" on the
  root of a drive.  Every loop counts.  A routine ends with 0, with 1 (this did
  not work), or with 9 (the server said stop: nothing more is touched).

  In each step WHY says what it would mean if the next command failed, and LOG
  is the file that tells more; "set" clears errorlevel, so both come before it.
}}
if "%~1"==":apply" goto background
setlocal EnableExtensions
set "URL={{url}}"
set "FILES={{base}}/{{image-path}}"
set "JOB={{job}}"
set "IMAGE={{image}}"
set "FILE={{file}}"
set "TRANSPORT={{transport}}"
set "IMAGE_NAME={{image-name}}"
set "IMAGE_VERSION={{image-version}}"
set "EDITION={{edition-name}}"
set "WIM_NAME={{edition-wim-name}}"
set "INDEX={{edition-index}}"
set "NEED={{windows-mib}}"
set "NAME={{hostname}}"
set "ADDRESS={{ip}}"
set "MASK={{netmask}}"
set "GATEWAY={{gateway}}"
set "ONLINE="
set "STOP=0"
set "STEP=drivers"
set "NTH=1"
set "PERCENT=1"
set "LOG="
set "ROOT=X:\Windows\System32"
set "DRIVERS=X:\pxekit\drivers"
set "RUN=X:\pxekit\run"
rem X: is a disk in memory, too small for what DISM unpacks.
set "SCRATCH=W:\pxekit\scratch"
set "TAB=	"
set "OF=11"
mkdir X:\pxekit 2>nul
mkdir %RUN% 2>nul
echo pxekit: job %JOB%: %IMAGE%

rem ---- drivers: those that wimprep has put into boot.wim ----
set "STEP=drivers"
if defined PXEKIT_STARTNET goto have_drivers
set "PXEKIT_DRIVERS_FAILED="
if not exist %DRIVERS%\list.txt goto no_drivers
for /f "usebackq delims=" %%f in ("%DRIVERS%\list.txt") do call :load "%%f"
:no_drivers
wpeinit
:have_drivers

rem ---- network: an address, whatever its subnet, and the server behind it ----
set "STEP=network"
set "NTH=2"
set "PERCENT=2"
if not defined MASK goto wait_begin
call :static
if errorlevel 9 goto stopped
if defined ONLINE goto online
echo pxekit: %ADDRESS% reaches nobody, trying DHCP
:wait_begin
set "WHY=no network card got an address in two minutes"
set "LOG=%RUN%\network.txt"
set /a WAITS=0
:wait
call :find_address
if defined IP goto have_address
set /a WAITS+=1
if %WAITS% GEQ 30 goto failed
if %WAITS% EQU 15 wpeutil InitializeNetwork
call :pause 4
goto wait
:have_address
echo pxekit: address %IP%
:online
set "ONLINE=yes"
set "PERCENT=1"
set "PATIENCE=60"
call :begin drivers 1 1 "loading drivers"
if errorlevel 9 goto stopped
set "PATIENCE=15"
set "WHY=the server is out of reach"
set "LOG=%RUN%\curl.txt"
if not "%STATUS%"=="200" goto failed
if defined PXEKIT_DRIVERS_FAILED call :note "would not load:%PXEKIT_DRIVERS_FAILED%"
call :done 2
if errorlevel 9 goto stopped
call :begin network 2 2 "%NAME% has %IP%"
if errorlevel 9 goto stopped
set "FOLDER=W:\pxekit"
if not "%TRANSPORT%"=="smb" goto connected
set "FOLDER=Z:\%IMAGE_NAME%\%IMAGE_VERSION%"
call :connect
if errorlevel 9 goto stopped
if errorlevel 1 goto failed
:connected
call :done 4
if errorlevel 9 goto stopped

rem ---- disks: nothing is touched before the server has said which one ----
call :begin disks 3 4 "asking the server which disk may be wiped"
if errorlevel 9 goto stopped
set "LOG="
set "WHY=no edition is known of %IMAGE%"
if not defined INDEX goto failed
set "WHY=the disks could not be listed"
set "LOG=%RUN%\list.txt"
call :list disks
if errorlevel 1 goto failed
call :ask_gate
if errorlevel 9 goto stopped
if errorlevel 1 goto failed
set "WHY=the server named a disk that is not here: %ANSWER%"
set "LOG=%RUN%\disks.txt"
if not "%ANSWER:~0,4%"=="disk" goto failed
set "DISK=%ANSWER:~4%"
if not exist %RUN%\disks-%DISK%.mib goto failed
set "HAVE="
set /p HAVE=<%RUN%\disks-%DISK%.mib
set "WHY=disk %DISK% has %HAVE% MiB, and %IMAGE% needs %NEED%"
if %HAVE% LSS %NEED% goto failed
call :done 6
if errorlevel 9 goto stopped

rem ---- partition: only if that disk is still the one that was asked for ----
call :firmware
call :begin partition 4 6 "partitioning disk %DISK% for %FIRMWARE%"
if errorlevel 9 goto stopped
set "LOG="
set "WHY=Windows PE does not say whether it was started by UEFI or BIOS"
if "%FIRMWARE%"=="unknown" goto failed
set "LOG=%RUN%\list.txt"
set "WHY=the disks could not be listed again"
call :list again
if errorlevel 1 goto failed
set "WHY=disk %DISK% is another one than the server was told of"
set "OLD="
set "NEW="
set /p OLD=<%RUN%\disks-%DISK%.line
if exist %RUN%\again-%DISK%.line set /p NEW=<%RUN%\again-%DISK%.line
if not "%OLD%"=="%NEW%" goto failed
set "WHY=diskpart failed"
set "LOG=%RUN%\partition.txt"
>%RUN%\partition.script echo select disk %DISK%
type %ROOT%\disk-%FIRMWARE%.txt >>%RUN%\partition.script
diskpart /s %RUN%\partition.script >%RUN%\partition.txt 2>&1
if not "%errorlevel%"=="0" goto failed
set "WHY=diskpart made no S:"
call :probe S:
if errorlevel 1 goto failed
set "WHY=diskpart made no W:"
call :probe W:
if errorlevel 1 goto failed
mkdir W:\pxekit 2>nul
mkdir %SCRATCH% 2>nul
call :done 10
if errorlevel 9 goto stopped

rem ---- fetch: a copy onto W: or, of what is on the share, a look whether it is right ----
call :begin fetch 5 10 "fetching %FILE%"
if errorlevel 9 goto stopped
set "WHY=%IMAGE% has no install.wim"
if not defined FILE goto failed
set "WIM=%FOLDER%\%FILE%"
set "VERIFY="
set /a TOTAL=0,CAME=0
{{#part}}
set "SIZE={{part-size}}"
call :add_size
{{/part}}
if %TOTAL% LSS 1 set /a TOTAL=1
{{#part}}
set "PART={{part-name}}"
set "SIZE={{part-size}}"
set "SHA256={{part-sha256}}"
call :fetch_part
if errorlevel 9 goto stopped
if errorlevel 1 goto failed
{{/part}}
call :done 40
if errorlevel 9 goto stopped

rem ---- apply: in the background, so that its progress can be told ----
set "TEXT=applying image %INDEX%, %EDITION%"
call :begin apply 6 40
if errorlevel 9 goto stopped
call :apply
if errorlevel 9 goto stopped
if errorlevel 1 goto failed
set "WHY=dism has put no Windows on W:"
if not exist W:\Windows\System32\config\SYSTEM goto failed
if "%TRANSPORT%"=="smb" net use Z: /delete /y >nul 2>&1
if not "%TRANSPORT%"=="smb" del /q %WIM:~0,-4%*%WIM:~-4%
call :done 75
if errorlevel 9 goto stopped

rem ---- inject: without its drivers the installed Windows would not find its disk ----
call :begin inject 7 75 "adding drivers to the installed Windows"
if errorlevel 9 goto stopped
if not exist %DRIVERS%\list.txt goto injected
set "WHY=dism could not add the drivers"
set "LOG=%RUN%\inject.txt"
dism /Image:W:\ /ScratchDir:%SCRATCH% /Add-Driver /Driver:%DRIVERS% /Recurse >%RUN%\inject.txt 2>&1
call :is_well
if errorlevel 1 goto failed
:injected
call :done 79
if errorlevel 9 goto stopped

rem ---- packages ----
call :begin packages 8 79 "adding packages"
if errorlevel 9 goto stopped
{{#package}}
set "PACKAGE={{.}}"
call :package
if errorlevel 9 goto stopped
if errorlevel 1 goto failed
{{/package}}
call :done 82
if errorlevel 9 goto stopped

rem ---- answers ----
call :begin answers 9 82 "fetching the answer file"
if errorlevel 9 goto stopped
mkdir W:\Windows\Panther 2>nul
mkdir W:\Windows\Setup\Scripts 2>nul
call :get unattend.xml W:\Windows\Panther\unattend.xml
if errorlevel 9 goto stopped
if errorlevel 1 goto failed
call :get SetupComplete.cmd W:\Windows\Setup\Scripts\SetupComplete.cmd
if errorlevel 9 goto stopped
if errorlevel 1 goto failed
call :get ErrorHandler.cmd W:\Windows\Setup\Scripts\ErrorHandler.cmd
if errorlevel 9 goto stopped
if errorlevel 1 goto failed
call :done 84
if errorlevel 9 goto stopped

rem ---- loader ----
call :begin loader 10 84 "installing the boot loader for %FIRMWARE%"
if errorlevel 9 goto stopped
set "FIRST="
if "%FIRMWARE%"=="uefi" call :firmware_order
set "WHY=bcdboot failed"
set "LOG=%RUN%\loader.txt"
bcdboot W:\Windows /s S: /f %FIRMWARE% >%RUN%\loader.txt 2>&1
if not "%errorlevel%"=="0" goto failed
if "%FIRMWARE%"=="uefi" call :firmware_next
if exist %ROOT%\bootsect.exe if "%FIRMWARE%"=="bios" bootsect /nt60 S: /mbr
call :done 88
if errorlevel 9 goto stopped

rem ---- reboot: without this report the server would install once more ----
call :begin reboot 11 88 "all is on the disk"
if errorlevel 9 goto stopped
rd /s /q W:\pxekit
set "PERCENT=90"
set "TEXT=rebooting into the installed Windows"
set "WHY=the server did not take the last report"
set "LOG=%RUN%\curl.txt"
set "TRIES=150"
call :report configuring
if errorlevel 9 goto stopped
if errorlevel 1 goto failed
wpeutil reboot
exit /b 0

rem ---- ends ----

:failed
set "CODE=%errorlevel%"
if defined RC set "CODE=%RC%"
echo pxekit: failed in step %STEP%, code %CODE%
set WHY
set "TEXT=%WHY%; step %STEP%, code %CODE%"
set "TRIES=30"
call :report failed
if errorlevel 9 goto stopped
if errorlevel 1 goto lost
echo pxekit: the server knows; starting again in 30 seconds
call :pause 30
wpeutil reboot
exit /b 1

:lost
echo pxekit: the failure could not be reported; switching off in 30 seconds
call :pause 30
wpeutil shutdown
exit /b 1

:stopped
echo pxekit: the server says stop; starting again in 30 seconds
call :pause 30
wpeutil reboot
exit /b 9

rem ---- reports ----

rem STEP NTH PERCENT TEXT; the last may be set before, as call would read a % in it.
:begin
set "STEP=%~1"
set "NTH=%~2"
set "PERCENT=%~3"
if not "%~4"=="" set "TEXT=%~4"
set "LOG="
set "WHY=this step failed"
set "NOTE="
set "RC="
set "TRIES=%PATIENCE%"
echo pxekit: %STEP%
call :report installing
if errorlevel 9 exit /b 9
exit /b 0

:note
set "NOTE=; %~1"
exit /b 0

rem PERCENT
:done
set "PERCENT=%~1"
set "TEXT=done%NOTE%"
set "TRIES=5"
call :report installing
if errorlevel 9 exit /b 9
exit /b 0

rem STATE; TEXT, STEP, NTH, PERCENT, LOG and TRIES are said before.
:report
set "WITH="
if "%~1"=="failed" if defined LOG if exist %LOG% set "WITH=--data-urlencode log@%LOG%"
set /a TRY=0
:report_again
set /a TRY+=1
set "STATUS=000"
curl -sS --connect-timeout 10 --max-time 30 -o %RUN%\answer.txt -w "%%{http_code}\n" --data-urlencode "state=%~1" --data-urlencode "step=%STEP%" --data-urlencode "n=%NTH%" --data-urlencode "of=%OF%" --data-urlencode "percent=%PERCENT%" --data-urlencode "text=%TEXT%" %WITH% "%URL%/report" >%RUN%\status.txt 2>%RUN%\curl.txt
for /f %%s in (%RUN%\status.txt) do set "STATUS=%%s"
if "%STATUS%"=="200" exit /b 0
if "%STATUS%"=="400" if not defined WITH exit /b 1
if "%STATUS%"=="403" exit /b 9
if "%STATUS%"=="409" exit /b 9
if "%STATUS:~0,1%"=="4" set "WITH="
if %TRY% GEQ %TRIES% exit /b 1
call :pause 2
goto report_again

rem SHARE of the whole that the program whose output is in LOG takes; once, and in vain
rem if the server is away.
:progress
curl -sS --connect-timeout 5 --max-time 10 -o %RUN%\answer.txt -w "%%{http_code}\n" --data-urlencode "state=installing" --data-urlencode "step=%STEP%" --data-urlencode "n=%NTH%" --data-urlencode "of=%OF%" --data-urlencode "percent=%PERCENT%" --data-urlencode "share=%~1" --data-urlencode "text=%TEXT%" --data-urlencode "log@%LOG%" "%URL%/report" >%RUN%\status.txt 2>%RUN%\curl.txt
set "STATUS=000"
for /f %%s in (%RUN%\status.txt) do set "STATUS=%%s"
if "%STATUS%"=="403" exit /b 9
if "%STATUS%"=="409" exit /b 9
exit /b 0

rem SECONDS
:pause
set /a PINGS=%~1+1
ping -n %PINGS% 127.0.0.1 >nul
exit /b 0

rem ---- drivers and network ----

:load
echo pxekit: drvload %~1
drvload "%~1"
if "%errorlevel%"=="0" exit /b 0
set "PXEKIT_DRIVERS_FAILED=%PXEKIT_DRIVERS_FAILED% %~nx1"
exit /b 0

rem The first IPv4 address that is more than a guess.
:find_address
set "IP="
ipconfig >%RUN%\network.txt 2>&1
for /f "tokens=2 delims=:" %%a in ('type %RUN%\network.txt ^| find "IPv4"') do call :is_address %%a
exit /b 0
:is_address
if defined IP exit /b 0
set "GUESS=%~1"
if "%GUESS:~0,8%"=="169.254." exit /b 0
if "%GUESS:~0,2%"=="0." exit /b 0
if "%GUESS:~0,4%"=="127." exit /b 0
set "IP=%GUESS%"
exit /b 0

rem The job's own address, on the card behind which the server answers.
:static
netsh interface ipv4 show interfaces >%RUN%\cards.txt
for /f "usebackq tokens=1" %%i in ("%RUN%\cards.txt") do call :static_on %%i
exit /b %STOP%
:static_on
if defined ONLINE exit /b 0
if not "%STOP%"=="0" exit /b 0
call :is_number %~1
if errorlevel 1 exit /b 0
if "%~1"=="1" exit /b 0
set "VIA="
if defined GATEWAY set "VIA=gateway=%GATEWAY%"
netsh interface ipv4 set address name=%~1 source=static address=%ADDRESS% mask=%MASK% %VIA%
if errorlevel 1 exit /b 0
{{#dns}}
set "SERVER={{.}}"
netsh interface ipv4 add dnsservers name=%~1 address=%SERVER% validate=no
{{/dns}}
set "IP=%ADDRESS%"
set "TEXT=%ADDRESS% on card %~1"
set "TRIES=5"
call :report installing
if errorlevel 9 set "STOP=9"
if not "%STOP%"=="0" exit /b 0
if "%STATUS%"=="200" set "ONLINE=yes"
if defined ONLINE exit /b 0
netsh interface ipv4 set address name=%~1 source=dhcp
exit /b 0

rem ---- the share ----

rem Z: becomes the share of the images. Its password is given once for each attempt, and
rem kept as long as it is tried.
:connect
call :get smb.cmd %RUN%\smb.cmd
if errorlevel 9 exit /b 9
if errorlevel 1 exit /b 1
call %RUN%\smb.cmd
del /q %RUN%\smb.cmd
set "LOG=%RUN%\smb.txt"
set "WHY=the image is to come from a share, and the server knows none"
if not defined SHARE exit /b 1
echo pxekit: %SHARE%
net start LanmanWorkstation >%RUN%\smb.txt 2>&1
set /a MOUNTS=0
set "TOLD="
:connect_again
set /a MOUNTS+=1
net use Z: "%SHARE%" "%SMB_PASSWORD%" /user:"%SMB_USER%" /persistent:no <nul >%RUN%\smb.txt 2>&1
set "RC=%errorlevel%"
if "%RC%"=="0" goto connect_there
set "ERROR="
for /f "usebackq delims=" %%l in ("%RUN%\smb.txt") do call :error_of %%l
if defined ERROR set "RC=%ERROR%"
set "WHY=%SHARE%: error %RC%"
if "%RC%"=="5" set "WHY=%WHY%, the account may not read it"
if "%RC%"=="53" set "WHY=%WHY%, no way leads to that server"
if "%RC%"=="67" set "WHY=%WHY%, that server has no such share"
if "%RC%"=="86" set "WHY=%WHY%, the password is wrong"
if "%RC%"=="1272" set "WHY=%WHY%, a guest or a session that is not signed"
if "%RC%"=="1326" set "WHY=%WHY%, the account or its password is wrong"
if "%RC%"=="5" exit /b 1
if "%RC%"=="86" exit /b 1
if "%RC%"=="1326" exit /b 1
if %MOUNTS% GEQ 30 exit /b 1
set "TEXT=%WHY%; trying again"
set "TRIES=1"
if not "%TOLD%"=="%RC%" call :report installing
if errorlevel 9 exit /b 9
set "TOLD=%RC%"
call :pause 5
goto connect_again
:connect_there
set "RC="
set "SMB_PASSWORD="
set "WHY=%SHARE% has no %IMAGE_NAME%\%IMAGE_VERSION%\%FILE%"
if not exist "%FOLDER%\%FILE%" exit /b 1
exit /b 0

rem The first number in words.
:error_of
if defined ERROR exit /b 0
set /a WORDS=0
:error_word
if "%~1"=="" exit /b 0
set /a WORDS+=1
if %WORDS% GEQ 20 exit /b 0
call :is_number %~1
if not errorlevel 1 set "ERROR=%~1"
if defined ERROR exit /b 0
shift
goto error_word

rem ---- disks ----

rem Digits alone?
:is_number
set "TRIAL=%~1"
if not defined TRIAL exit /b 1
for /f "delims=0123456789" %%x in ("%TRIAL%") do set "TRIAL="
if not defined TRIAL exit /b 1
exit /b 0

rem NAME: makes NAME.txt, a line for each disk, and of each disk N the files NAME-N.line
rem and NAME-N.mib. diskpart speaks the language of Windows PE, so what counts is where
rem the numbers stand.
:list
set "LIST=%~1"
set "BAD="
del /q %RUN%\%LIST%.txt %RUN%\%LIST%-*.* 2>nul
>%RUN%\list.script echo rescan
>>%RUN%\list.script echo list disk
diskpart /s %RUN%\list.script >%RUN%\list.txt 2>&1
if not "%errorlevel%"=="0" exit /b 1
for /f "usebackq delims=" %%l in ("%RUN%\list.txt") do call :list_line %%l
if defined BAD exit /b 1
if not exist %RUN%\%LIST%.txt exit /b 1
exit /b 0

rem The words of a line: the first number is the disk's, the next one its size.
:list_line
set "NUMBER="
set "AMOUNT="
set "UNIT="
set /a WORDS=0
:list_word
if "%~1"=="" exit /b 0
set /a WORDS+=1
if %WORDS% GEQ 20 exit /b 0
if defined AMOUNT set "UNIT=%~1"
if defined UNIT goto list_disk
call :is_number %~1
if errorlevel 1 goto list_next
if defined NUMBER set "AMOUNT=%~1"
if not defined NUMBER set "NUMBER=%~1"
:list_next
shift
goto list_word

:list_disk
if "%AMOUNT%"=="0" exit /b 0
call :octets
if errorlevel 1 set "BAD=yes"
if errorlevel 1 exit /b 1
call :detail
if errorlevel 1 set "BAD=yes"
if errorlevel 1 exit /b 1
set "LINE=disk%NUMBER%%TAB%%OCTETS%%TAB%%BUS%%TAB%%SERIAL%%TAB%%MODEL%%TAB%used"
>>%RUN%\%LIST%.txt echo %LINE%
>%RUN%\%LIST%-%NUMBER%.line echo %LINE%
>%RUN%\%LIST%-%NUMBER%.mib echo %MIB%
exit /b 0

rem AMOUNT and UNIT into OCTETS, in pieces of four digits, for cmd counts to 2^31; and MIB.
:octets
set /a A=0,B=0,C=0,D=0,MIB=0
set "UNIT=%UNIT:~0,1%"
if /i "%UNIT%"=="K" set /a D=1024,MIB=AMOUNT/1024
if /i "%UNIT%"=="M" set /a C=104,D=8576,MIB=AMOUNT
if /i "%UNIT%"=="G" set /a B=10,C=7374,D=1824,MIB=AMOUNT*1024
if /i "%UNIT%"=="T" set /a A=1,B=995,C=1162,D=7776,MIB=AMOUNT*1048576
if %D% EQU 0 exit /b 1
set /a D=D*AMOUNT
set /a C=C*AMOUNT+D/10000
set /a B=B*AMOUNT+C/10000
set /a A=A*AMOUNT+B/10000
set /a D=D%%10000,C=C%%10000,B=B%%10000
set "D=0000%D%"
set "C=0000%C%"
set "B=0000%B%"
set "OCTETS=%A%%B:~-4%%C:~-4%%D:~-4%"
for /f "tokens=* delims=0" %%o in ("%OCTETS%") do set "OCTETS=%%o"
exit /b 0

rem BUS, SERIAL and MODEL of disk NUMBER. Behind the line of the disk's id, which is a
rem GUID or eight digits, comes the one of its type; before it the model.
:detail
set "BUS=-"
set "SERIAL=-"
set "MODEL=-"
set "LAST=-"
set "ID="
set "TYPE="
>%RUN%\detail.script echo select disk %NUMBER%
>>%RUN%\detail.script echo detail disk
diskpart /s %RUN%\detail.script >%RUN%\detail.txt 2>&1
if not "%errorlevel%"=="0" exit /b 1
for /f "usebackq tokens=1* delims=:" %%a in ("%RUN%\detail.txt") do call :detail_line "%%a" "%%b"
if /i "%TYPE%"=="NVMe" set "BUS=nvme"
if /i "%TYPE%"=="USB" set "BUS=usb"
if /i "%TYPE%"=="SATA" set "BUS=sata"
if /i "%TYPE%"=="ATA" set "BUS=sata"
if /i "%TYPE%"=="SCSI" set "BUS=scsi"
if /i "%TYPE%"=="SAS" set "BUS=scsi"
if /i "%TYPE%"=="RAID" set "BUS=scsi"
if /i "%TYPE%"=="SD" set "BUS=mmc"
if /i "%TYPE%"=="MMC" set "BUS=mmc"
if not "%MODEL:VirtIO=%"=="%MODEL%" set "BUS=virtio"
set "MODEL=%MODEL:&= %"
set "MODEL=%MODEL:|= %"
set "MODEL=%MODEL:<= %"
set "MODEL=%MODEL:>= %"
set "MODEL=%MODEL:~0,80%"

rem SERIAL of disk NUMBER, which diskpart does not tell, by what there is to ask WMI with:
rem WMIC is gone since 24H2, PowerShell and the script host are optional. The word before
rem it keeps messages from being taken for one.
set "BLIND="
if exist %ROOT%\wbem\wmic.exe goto serial_wmic
if exist %ROOT%\WindowsPowerShell\v1.0\powershell.exe goto serial_powershell
if exist %ROOT%\cscript.exe goto serial_script
set "BLIND=yes"
exit /b 0
:serial_wmic
for /f "tokens=2 delims==" %%s in ('%ROOT%\wbem\wmic.exe diskdrive where "Index=%NUMBER%" get SerialNumber /value') do for /f %%t in ("%%s") do set "SERIAL=%%t"
exit /b 0
:serial_powershell
%ROOT%\WindowsPowerShell\v1.0\powershell.exe -NoProfile -NonInteractive -Command "Write-Host serial (Get-CimInstance Win32_DiskDrive -Filter Index=%NUMBER%).SerialNumber" <nul >%RUN%\serial.txt 2>nul
goto serial_read
:serial_script
>%RUN%\serial.vbs echo For Each d In GetObject("winmgmts:root\cimv2").ExecQuery("select SerialNumber from Win32_DiskDrive where Index=%NUMBER%"): WScript.Echo "serial", d.SerialNumber: Next
%ROOT%\cscript.exe //nologo %RUN%\serial.vbs <nul >%RUN%\serial.txt 2>nul
:serial_read
for /f "usebackq tokens=1,2" %%s in ("%RUN%\serial.txt") do if "%%s"=="serial" if not "%%t"=="" set "SERIAL=%%t"
exit /b 0

:detail_line
if defined TYPE exit /b 0
set "VALUE=%~2"
if not defined VALUE goto detail_text
set "VALUE=%VALUE: =%"
if not defined VALUE goto detail_text
if defined ID set "TYPE=%VALUE%"
if defined ID exit /b 0
if "%VALUE:~0,1%"=="{" set "ID=yes"
call :is_id "%VALUE%"
if not errorlevel 1 set "ID=yes"
if defined ID set "MODEL=%LAST%"
:detail_text
set "LAST=%~1"
exit /b 0

rem Eight hexadecimal digits?
:is_id
set "TRIAL=%~1"
if "%TRIAL:~7%"=="" exit /b 1
if not "%TRIAL:~8%"=="" exit /b 1
for /f "delims=0123456789ABCDEFabcdef" %%x in ("%TRIAL%") do set "TRIAL="
if not defined TRIAL exit /b 1
exit /b 0

rem ANSWER: the disk, or why none; WHY for the latter.
:ask_gate
set /a ASKED=0
:ask_again
set /a ASKED+=1
set "STATUS=000"
del /q %RUN%\answer.txt 2>nul
curl -sS --connect-timeout 10 --max-time 30 -o %RUN%\answer.txt -w "%%{http_code}\n" -H "Content-Type: text/plain" --data-binary @%RUN%\disks.txt "%URL%/disks" >%RUN%\status.txt 2>%RUN%\curl.txt
for /f %%s in (%RUN%\status.txt) do set "STATUS=%%s"
set "ANSWER="
if exist %RUN%\answer.txt for /f "usebackq delims=" %%a in ("%RUN%\answer.txt") do if not defined ANSWER set "ANSWER=%%a"
if "%STATUS%"=="200" exit /b 0
set "LOG=%RUN%\disks.txt"
set "WHY=no disk may be wiped: %ANSWER%"
if defined BLIND if not "%ANSWER:serial=%"=="%ANSWER%" set "WHY=%WHY%; this boot.wim has nothing to ask WMI for serial numbers with"
if "%STATUS%"=="403" exit /b 9
if "%STATUS%"=="409" goto refused
if "%STATUS%"=="400" exit /b 1
if "%STATUS%"=="413" exit /b 1
set "LOG=%RUN%\curl.txt"
set "WHY=the server did not say which disk may be wiped"
if %ASKED% GEQ 60 exit /b 1
call :pause 2
goto ask_again
:refused
if "%ANSWER:~0,4%"=="stop" exit /b 9
exit /b 1

:firmware
set "FIRMWARE=unknown"
wpeutil UpdateBootInfo >nul
for /f "tokens=3" %%t in ('reg query HKLM\System\CurrentControlSet\Control /v PEFirmwareType') do call :firmware_is %%t
exit /b 0
:firmware_is
if "%~1"=="0x1" set "FIRMWARE=bios"
if "%~1"=="0x2" set "FIRMWARE=uefi"
exit /b 0

rem DRIVE: a volume may come a moment late.
:probe
set /a PROBES=0
:probe_again
>%~1\pxekit.tmp echo probe 2>nul
if exist %~1\pxekit.tmp goto probe_there
set /a PROBES+=1
if %PROBES% GEQ 10 exit /b 1
call :pause 1
goto probe_again
:probe_there
del /q %~1\pxekit.tmp
exit /b 0

rem ---- the image ----

rem MEGS: SIZE in millions of octets, onto TOTAL.
:add_size
call :to_megs %SIZE%
set /a TOTAL+=MEGS
exit /b 0
:to_megs
set "MEGS=%~1"
if defined MEGS set "MEGS=%MEGS:~0,-6%"
if not defined MEGS set "MEGS=0"
exit /b 0

rem PART with SIZE and SHA256, of which CAME million octets are there.
:fetch_part
set /a PASS=0
set "COPY=%FOLDER%\%PART%"
:fetch_pass
set /a PASS+=1
set "RC="
if "%TRANSPORT%"=="smb" call :look_at_image
if not "%TRANSPORT%"=="smb" call :fetch_image
if errorlevel 9 exit /b 9
if errorlevel 1 exit /b 1
call :check_image
if not errorlevel 1 goto fetch_right
if "%TRANSPORT%"=="smb" exit /b 1
del /q %COPY%
if %PASS% LSS 2 goto fetch_pass
exit /b 1
:fetch_right
call :to_megs %SIZE%
set /a CAME+=MEGS
exit /b 0

:look_at_image
set "LOG="
set "GOT=0"
if exist "%COPY%" for %%s in ("%COPY%") do set "GOT=%%~zs"
set "WHY=%PART% has %GOT% octets on the share, and not %SIZE%"
if not defined SIZE exit /b 0
if not "%GOT%"=="%SIZE%" exit /b 1
exit /b 0

rem Each round takes a minute at most and goes on where the last one ended: so its size
rem can be told, which Windows does not keep while a file is open.
:fetch_image
set /a ROUNDS=0,IDLE=0
set "GOT=0"
set "LOG=%RUN%\fetch.txt"
:fetch_round
set /a ROUNDS+=1
set "BEFORE=%GOT%"
curl -fsS --connect-timeout 10 --speed-limit 1 --speed-time 30 --max-time 60 -C - -o %COPY% "%FILES%/%PART%" >%RUN%\fetch.txt 2>&1
set "CODE=%errorlevel%"
set "GOT=0"
if exist %COPY% for %%s in (%COPY%) do set "GOT=%%~zs"
if "%GOT%"=="%SIZE%" exit /b 0
if not defined SIZE if "%CODE%"=="0" exit /b 0
set "WHY=only %GOT% of %SIZE% octets of %PART% came; curl ended with %CODE%"
set /a IDLE+=1
if not "%GOT%"=="%BEFORE%" set /a IDLE=0
if %IDLE% GEQ 20 exit /b 1
if %ROUNDS% GEQ 720 exit /b 1
if %IDLE% GTR 0 call :pause 3
call :to_megs %GOT%
set /a MEGS+=CAME
set /a PERCENT=10+30*MEGS/TOTAL
set "TEXT=fetching %PART%: %MEGS% of %TOTAL% MB"
set "TRIES=1"
call :report installing
if errorlevel 9 exit /b 9
goto fetch_round

:check_image
set "LOG=%RUN%\check.txt"
set "WHY=%PART% has another SHA-256 than its manifest says"
if exist %ROOT%\certutil.exe goto check_hash
set "VERIFY=/Verify"
call :note "there is no certutil, dism verifies"
exit /b 0
:check_hash
certutil -hashfile %COPY% SHA256 >%RUN%\check.txt 2>&1
type %RUN%\check.txt | find "%SHA256%" >nul
if errorlevel 1 set "RC=1"
if defined RC exit /b 1
exit /b 0

:apply
set "LOG=%RUN%\apply.txt"
set "WHY=dism could not start"
set "TEXT=applying image %INDEX%, %EDITION%"
del /q %RUN%\apply.txt %RUN%\apply.code 2>nul
set /a ROUNDS=0
start "" /b cmd /c "%~f0" :apply
:apply_wait
if exist %RUN%\apply.code goto apply_ended
set /a ROUNDS+=1
set "WHY=dism did not end within four hours"
if %ROUNDS% GEQ 2880 exit /b 1
call :pause 5
set /a TELL=ROUNDS%%6
if not "%TELL%"=="1" goto apply_wait
if not exist %LOG% goto apply_wait
call :progress 35
if errorlevel 9 exit /b 9
goto apply_wait
:apply_ended
set "CODE=1"
set /p CODE=<%RUN%\apply.code
set "WHY=dism could not apply the image"
if "%CODE%"=="0" exit /b 0
set "RC=%CODE%"
exit /b 1

rem The other end of :apply. The edition by the name that the WIM has for it; by its index
rem if no name is known that means this one alone.
:background
set "SPLIT="
if /i "%WIM:~-4%"==".swm" set "SPLIT=/SWMFile:%WIM:~0,-4%*.swm"
if defined WIM_NAME goto background_name
dism /Apply-Image /ImageFile:%WIM% /Index:%INDEX% /ApplyDir:W:\ %SPLIT% %VERIFY% >%RUN%\apply.txt 2>&1
goto background_end
:background_name
dism /Apply-Image /ImageFile:%WIM% /Name:"%WIM_NAME%" /ApplyDir:W:\ %SPLIT% %VERIFY% >%RUN%\apply.txt 2>&1
:background_end
>%RUN%\apply.new echo %errorlevel%
move /y %RUN%\apply.new %RUN%\apply.code >nul
exit /b 0

rem PACKAGE
:package
set "TEXT=adding %PACKAGE%"
set "TRIES=1"
call :report installing
if errorlevel 9 exit /b 9
set "FROM=%FILES%/packages/%PACKAGE%"
call :get_url "%FROM%" W:\pxekit\%PACKAGE%
if errorlevel 1 exit /b 1
set "WHY=dism could not add %PACKAGE%"
set "LOG=%RUN%\package.txt"
dism /Image:W:\ /ScratchDir:%SCRATCH% /Add-Package /PackagePath:W:\pxekit\%PACKAGE% >%RUN%\package.txt 2>&1
call :is_well
if errorlevel 1 exit /b 1
del /q W:\pxekit\%PACKAGE%
exit /b 0

rem How DISM ended, into RC if it is not well: 3010 wants a restart, which comes anyway.
:is_well
set "RC=%errorlevel%"
if "%RC%"=="3010" set "RC=0"
if not "%RC%"=="0" exit /b 1
set "RC="
exit /b 0

rem NAME FILE: a file of the job.
:get
call :get_url "%URL%/%~1" %~2
if not errorlevel 1 exit /b 0
if "%STATUS%"=="409" exit /b 9
exit /b 1

rem URL FILE: the status is kept in STATUS.
:get_url
set /a GETS=0
set "LOG=%RUN%\curl.txt"
:get_again
set /a GETS+=1
set "STATUS=000"
curl -sS --connect-timeout 10 --speed-limit 1 --speed-time 30 -o %~2 -w "%%{http_code}\n" "%~1" >%RUN%\status.txt 2>%RUN%\curl.txt
set "CODE=%errorlevel%"
for /f %%s in (%RUN%\status.txt) do set "STATUS=%%s"
if "%STATUS%/%CODE%"=="200/0" exit /b 0
set "WHY=%~nx2 could not be fetched: status %STATUS%, curl ended with %CODE%"
if "%STATUS:~0,1%"=="4" goto get_refused
if %GETS% GEQ 30 exit /b 1
call :pause 2
goto get_again
:get_refused
set "LOG=%RUN%\answer.txt"
move /y %~2 %RUN%\answer.txt >nul
exit /b 1

rem ---- the loader ----

rem What was first before bcdboot puts Windows there: mostly the network.
:firmware_order
bcdedit /enum {fwbootmgr} >%RUN%\firmware.txt 2>&1
if errorlevel 1 exit /b 0
for /f "tokens=2" %%g in ('type %RUN%\firmware.txt ^| find "displayorder"') do set "FIRST=%%g"
exit /b 0

rem The next start is the disk's; after that what was first is first again. Firmware that
rem keeps no order is no reason to fail: the server says "local boot" all the same.
:firmware_next
bcdedit /set {fwbootmgr} bootsequence {bootmgr} >>%RUN%\loader.txt 2>&1
if errorlevel 1 call :note "the firmware took no boot order"
if not defined FIRST exit /b 0
if "%FIRST%"=="{bootmgr}" exit /b 0
bcdedit /set {fwbootmgr} displayorder %FIRST% /addfirst >>%RUN%\loader.txt 2>&1
if errorlevel 1 call :note "the firmware took no boot order"
exit /b 0
