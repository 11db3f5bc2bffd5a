#!/bin/sh
# install.cmd where it is not the disk or the image that fails: answers, packages, and the
# server. As windows-install.sh.
# Rows: S0-20 S0-40 S1-08 N-05 X-21
# shellcheck disable=SC2119
set -u
. "${srcdir:-.}/tests/sh.inc"
. "$srcdir/tests/integration/bootweb.inc"
. "$srcdir/tests/integration/windows.inc"

site_begin
winpe_begin
for i in 1 2 3 4; do
	winpe_queue $i
done
winpe_queue 5 --package kb1.cab
winpe_queue 6
winpe_queue 7 --disk serial=QM00001
winpe_queue 8 --disk serial=QM00001
winpe_queue 9 --disk serial=QM00001
winpe_serve

winpe_job
: >"$stub/empty"
fails 'dism without a Windows'
is 1 'failed apply 6/11 40 dism has put no Windows on W:; step apply, code 0
[==================== 100.0% ]
cleaned 1, reboot' ''

# Its answers were given to somebody else, who had its token.
winpe_job
curl -sSf -o "$tmp/stolen" "$url$path/unattend.xml"
fails 'answers that are gone'
is 1 'refused released unattend.xml was given to this attempt before
failed answers 9/11 82 unattend.xml could not be fetched: status 403, curl ended with 0; step answers, code 1
forbidden: it holds a secret and was given out before; job 2 wants another attempt
cleaned 1, reboot' ''

# A server that is away: nothing is wiped, and nobody waits for ever.
winpe_job
printf '127.0.0.1:9' >"$stub/server"
fails 'a server that is away'
is 1 'cleaned 0, shutdown' ''

# It goes away at the end: without that report the server would install once more.
winpe_job
echo 'state=configuring' >"$stub/away"
fails 'the last report'
is 1 'failed reboot 11/11 90 the server did not take the last report; step reboot, code 1
cleaned 1, reboot' ''

winpe_job
echo -2146498530 >"$stub/dism-Add-Package.rc"
fails 'dism /Add-Package'
is 1 'failed packages 8/11 79 dism could not add kb1.cab; step packages, code -2146498530
cleaned 1, reboot' ''

# A log that no report can carry: the failure is told without it.
winpe_job
echo 5 >"$stub/diskpart-clean.rc"
printf 'Virtual Disk\0Service error\r\n' >"$stub/diskpart-clean.out"
fails 'a log with a NUL'
is 1 'failed partition 4/11 6 diskpart failed; step partition, code 5
cleaned 1, reboot' ''

# ---- serial numbers: WMIC is gone since 24H2; what else asks WMI is optional ----
winpe_job
powershell=$sys/WindowsPowerShell/v1.0
mkdir -p "$powershell"
cp "$tmp/stub.exe" "$powershell/powershell.exe"
crlf powershell 'Get-CimInstance : something else' 'serial QM00001 '
echo 5 >"$stub/diskpart-clean.rc"
fails 'a serial number by PowerShell'
is 1 'failed partition 4/11 6 diskpart failed; step partition, code 5
cleaned 1, reboot' ''
run sh -c "tr -d '\r' <'$stub/log.txt' | sed -n '/powershell/{s/^[^ ]* //;s/ *\$//;p;q}'"
is 0 '-NoProfile -NonInteractive -Command "Write-Host serial (Get-CimInstance Win32_DiskDrive -Filter Index=0).SerialNumber"' ''

winpe_job
cp "$tmp/stub.exe" "$sys/cscript.exe"
crlf cscript 'serial QM00001'
echo 5 >"$stub/diskpart-clean.rc"
fails 'a serial number by the script host'
is 1 'failed partition 4/11 6 diskpart failed; step partition, code 5
cleaned 1, reboot' ''
run tr -d '\r' <"$tmp/x/pxekit/run/serial.vbs"
is 0 'For Each d In GetObject("winmgmts:root\cimv2").ExecQuery("select SerialNumber from Win32_DiskDrive where Index=0"): WScript.Echo "serial", d.SerialNumber: Next' ''

winpe_job
fails 'a rule for a serial number, and nothing that knows one'
is 1 "failed disks 3/11 4 no disk may be wiped: 0 of 1 disks fit the rule 'serial=QM00001', not exactly one; this boot.wim has nothing to ask WMI for serial numbers with; step disks, code 1
disk0 68719476736 scsi - QEMU QEMU HARDDISK SCSI Disk Device used
cleaned 0, reboot" ''

winpe_stop
site_end
