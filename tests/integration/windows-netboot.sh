#!/bin/sh
# Windows PE without wimboot: the startnet.cmd of a prepared boot.wim asks a live bootweb for
# a job of its network cards, fetches the job's files, and runs them; under wine's cmd, as
# windows-install.sh.
# Rows: N-01 S0-20 S1-08
# shellcheck disable=SC2119
set -u
. "${srcdir:-.}/tests/sh.inc"
. "$srcdir/tests/integration/bootweb.inc"
. "$srcdir/tests/integration/windows.inc"

site_begin
winpe_begin
winpe_queue 1
winpe_serve

# ---- who may have it ----
run get /boot/52-54-00-00-01-01.cmd
cp "$tmp/out" "$tmp/winpe.cmd"
run sh -c "tr -d '\r' <'$tmp/winpe.cmd' | sed -n 's,^set \"URL=http.*/j/.*,a URL with a token,p; \$p'"
is 0 'a URL with a token
200' ''
run get /boot/52-54-00-00-01-77.cmd
is 0 'nothing for this machine
404' ''
run get /boot/52-54-00-00-01-01.txt
is 0 "bad request: the script's name is neither MAC.ipxe nor MAC.cmd
400" ''

# A machine with two cards, of which the second is known; its boot.wim has no install.cmd.
machine() {
	winpe_machine
	sed 's/$/\r/' "$srcdir/tools/wimprep/templates/startnet.cmd" >"$sys/startnet.cmd"
	printf '%s\r\n' "$url" >"$tmp/x/pxekit/server.txt"
	crlf ipconfig.1 'Windows IP Configuration' '' 'Ethernet adapter AT&T (2):' '' \
		'   Description . . . . . . . . . . . : Card 100% <X> | "Y"' \
		'   Physical Address. . . . . . . . . : 52-54-00-00-01-99' \
		'   DHCPv6 Client DUID. . . . . . . . : 00-01-00-01-2A-2B-2C-2D-52-54-00-00-01-99' \
		'Ethernet-Adapter Zwei:' \
		'   Physische Adresse . . . . . . . . : 52-54-00-00-01-01' \
		'   IPv4-Adresse  . . . . . . . . . . : 172.20.3.4(Bevorzugt)'
	crlf reg 'HKEY_LOCAL_MACHINE\SYSTEM\HardwareConfig' \
		'    LastConfig    REG_SZ    {4c4c4544-0042-3510-8051-b4c04f564d31}'
}
boot() {
	winpe_before=$(wc -l <"$site/events")
	wine cmd /c 'X:\Windows\System32\startnet.cmd' </dev/null 2>/dev/null | tr -d '\r' >"$tmp/console"
}

# ---- a file that never comes is not forgotten when the next one comes at the second try ----
machine
for i in 1 2 3 4 5 6 7 8 9 10; do
	echo 7 >"$stub/curl.$((i + 3)).rc"
done
echo 7 >"$stub/curl.14.rc"
boot
run tail -n 2 "$tmp/console"
is 0 'startnet: the files of the job could not be fetched
startnet: starting again in 30 seconds' ''

# ---- a job: fetched, started, and (as diskpart fails) failed ----
machine
echo 9 >"$stub/diskpart-list.rc"
boot
run sed "s,$url,URL," "$tmp/console"
is 0 'startnet: drvload X:\pxekit\drivers\vioscsi\vioscsi.inf
startnet: drvload X:\pxekit\drivers\netkvm\netkvm.inf
startnet: wpeinit
startnet: asking URL for 52-54-00-00-01-99
startnet: asking URL for 52-54-00-00-01-01
pxekit: job 1: win@1
pxekit: address 172.20.3.4
pxekit: drivers
pxekit: network
pxekit: disks
pxekit: failed in step disks, code 1
WHY=the disks could not be listed
pxekit: the server knows; starting again in 30 seconds
startnet: the job failed' ''
run winpe_reports
sed -n '1p;/^failed/p' "$tmp/out" >"$tmp/lines"
mv "$tmp/lines" "$tmp/out"
is 0 'booting script null/null null null
failed disks 3/11 4 the disks could not be listed; step disks, code 1' ''
run jq -r 'select(.event == "script" and .file == "winpe.cmd") | "\(.mac) \(.uuid) \(.action) job \(.job)"' "$site/events"
is 0 '52:54:00:00:01:01 null install job 1
52:54:00:00:01:01 4c4c4544-0042-3510-8051-b4c04f564d31 install job 1
52:54:00:00:01:01 4c4c4544-0042-3510-8051-b4c04f564d31 install job 1' ''

# ---- it has failed, so there is no job any more; and nothing is left to run ----
until_true sh -c "jobctl --config '$site/conf' list --json | grep -q failed"
machine
boot
run tail -n 2 "$tmp/console"
is 0 'startnet: there is no job for this machine
startnet: starting again in 30 seconds' ''
run sh -c "ls '$sys' | grep -c install.cmd; grep -c '^wpeutil reboot' '$stub/log.txt'"
is 0 '0
1' ''

winpe_stop
site_end
