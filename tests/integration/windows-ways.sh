#!/bin/sh
# The ways of install.cmd to the server and to the image: a static address, a split WIM,
# and the share, whose client comes first and whose account has a name. As
# windows-install.sh.
# Rows: S0-18 S0-20 S0-21 S0-23 N-05
# shellcheck disable=SC2119
set -u
. "${srcdir:-.}/tests/sh.inc"
. "$srcdir/tests/integration/bootweb.inc"
. "$srcdir/tests/integration/windows.inc"

echo 'smb { share = "//10.0.0.5/images" account = "deploy" }' >"$tmp/more"
site_begin "$tmp/more"
winpe_begin
echo 'Share & ^1!' | admin secret set smb-password >"$tmp/added" || cat "$tmp/added"
winpe_queue 1 --image split --address 10.9.8.7/24 --gateway 10.9.8.1 --dns 10.9.8.2 \
	--dns 10.9.8.3
winpe_queue 2 --address 10.9.8.7/22
for i in 3 4 5 6 7; do
	winpe_queue $i --transport smb
done
winpe_serve

# ---- the job's own address, on the card behind which the server is ----
cards() {
	crlf netsh-show '' 'Idx     Met         MTU          State                Name' \
		'---  ----------  ----------  ------------  ---------------------------' \
		'  1          75  4294967295  connected     Loopback Pseudo-Interface 1' \
		'  4          25        1500  disconnected  Ethernet' \
		'  7          25        1500  connected     Ethernet 2'
}
# A split WIM, all of whose parts come, are checked, and are told to DISM. A driver
# for another machine, and firmware that keeps no order are no reason to fail.
winpe_job
cards
echo 1 >"$stub/netsh-set.1.rc"
echo 1 >"$stub/bcdedit-set.rc"
echo -2147024809 >"$stub/drvload.2.rc"
played 'a static address, and a split WIM'
run sh -c "sed -n 1,2p '$tmp/reports'; grep '; ' '$tmp/reports'; tail -n 1 '$tmp/reports'; tr -d '\\r' <'$stub/log.txt' | grep -E '^netsh|^ipconfig|^certutil|^dism /Apply'; ls '$tmp/w'"
is 0 'installing network 2/11 2 10.9.8.7 on card 7
installing drivers 1/11 1 loading drivers
installing drivers 1/11 2 done; would not load: netkvm.inf
installing loader 10/11 88 done; the firmware took no boot order
configuring reboot 11/11 90 rebooting into the installed Windows
netsh interface ipv4 show interfaces 
netsh interface ipv4 set address name=4 source=static address=10.9.8.7 mask=255.255.255.0 gateway=10.9.8.1
netsh interface ipv4 set address name=7 source=static address=10.9.8.7 mask=255.255.255.0 gateway=10.9.8.1
netsh interface ipv4 add dnsservers name=7 address=10.9.8.2 validate=no
netsh interface ipv4 add dnsservers name=7 address=10.9.8.3 validate=no
certutil -hashfile W:\pxekit\install.swm SHA256  
certutil -hashfile W:\pxekit\install2.swm SHA256  
dism /Apply-Image /ImageFile:W:\pxekit\install.swm /Name:"Windows Server 2025 SERVERSTANDARD" /ApplyDir:W:\ /SWMFile:W:\pxekit\install*.swm   
Windows' ''

# A static address that reaches nobody: then by DHCP, as far as a machine that does not say
# by what firmware it was started.
winpe_job
cards
crlf reg ''
for i in 1 2 3 4 5 6 7 8 9 10; do
	echo 7 >"$stub/curl.$i.rc"
done
fails 'a static address that reaches nobody'
is 1 'failed partition 4/11 6 Windows PE does not say whether it was started by UEFI or BIOS; step partition, code 0
cleaned 0, reboot' ''
run sh -c "tr -d '\\r' <'$stub/log.txt' | grep -E '^netsh|^ipconfig'"
is 0 'netsh interface ipv4 show interfaces 
netsh interface ipv4 set address name=4 source=static address=10.9.8.7 mask=255.255.252.0 
netsh interface ipv4 set address name=4 source=dhcp
netsh interface ipv4 set address name=7 source=static address=10.9.8.7 mask=255.255.252.0 
netsh interface ipv4 set address name=7 source=dhcp
ipconfig  ' ''

# ---- from the share: its client first, the account by name, no copy on the disk ----
winpe_job
rm "$sys/certutil.exe"
crlf net-use 'System error 53 has occurred.' '' 'The network path was not found.'
for i in 1 2; do
	echo 2 >"$stub/net-use.$i.rc"
done
crlf net-use.3 'System error 67 has occurred.' '' 'The network name cannot be found.'
echo 2 >"$stub/net-use.3.rc"
crlf net-use.4 'The command completed successfully.'
echo typed >"$tmp/keyboard"
played 'by SMB'
run sh -c "grep -E ' (network|fetch) ' '$tmp/reports'; tail -n 1 '$tmp/reports'"
is 0 'installing network 2/11 2 web3 has 172.20.3.4
installing network 2/11 2 \\10.0.0.5\images: error 53, no way leads to that server; trying again
installing network 2/11 2 \\10.0.0.5\images: error 67, that server has no such share; trying again
installing network 2/11 4 done
installing fetch 5/11 10 fetching install.wim
installing fetch 5/11 40 done; there is no certutil, dism verifies
configuring reboot 11/11 90 rebooting into the installed Windows' ''
run sh -c "tr -d '\r' <'$stub/log.txt' | sed -n 's/ *\$//; /^net\|^certutil\|^dism .Apply/p'"
is 0 'net start LanmanWorkstation
net use Z: "\\10.0.0.5\images" "Share & ^1!" /user:"deploy" /persistent:no
net use Z: "\\10.0.0.5\images" "Share & ^1!" /user:"deploy" /persistent:no
net use Z: "\\10.0.0.5\images" "Share & ^1!" /user:"deploy" /persistent:no
net use Z: "\\10.0.0.5\images" "Share & ^1!" /user:"deploy" /persistent:no
dism /Apply-Image /ImageFile:Z:\win\1\install.wim /Name:"Windows Server 2025 SERVERSTANDARD" /ApplyDir:W:\  /Verify
net use Z: /delete /y' ''
run test -e "$folder/install.wim"
is 0 '' ''
run sh -c "grep -cF 'Share & ^1!' '$site/events' '$tmp/console'; curl -sS '$url$path/smb.cmd'"
is 0 "$site/events:0
$tmp/console:0
forbidden: it holds a secret and was given out before; job 3 wants another attempt" ''

winpe_job
crlf net-use 'Systemfehler 67 aufgetreten.'
echo 2 >"$stub/net-use.rc"
fails 'a share that is never there'
is 1 'failed network 2/11 2 \\10.0.0.5\images: error 67, that server has no such share; step network, code 67
Systemfehler 67 aufgetreten.
cleaned 0, reboot' ''
run grep -c '^net use Z: .*deploy' "$stub/log.txt"
is 0 30 ''

winpe_job
crlf net-use 'System error 1326 has occurred.' '' 'The user name or password is incorrect.'
echo 2 >"$stub/net-use.rc"
fails 'a wrong password'
is 1 'failed network 2/11 2 \\10.0.0.5\images: error 1326, the account or its password is wrong; step network, code 1326
System error 1326 has occurred.
The user name or password is incorrect.
cleaned 0, reboot' ''
run grep -c '^net use Z: .*deploy' "$stub/log.txt"
is 0 1 ''

winpe_job
mv "$folder/install.wim" "$folder/kept"
fails 'a share without the image'
is 1 'failed network 2/11 2 \\10.0.0.5\images has no win\1\install.wim; step network, code 1
cleaned 0, reboot' ''
head -c 300000 /dev/zero >"$folder/install.wim"

winpe_job
fails 'a share with another image'
run sed -n 1p "$tmp/reports"
is 0 'failed fetch 5/11 10 install.wim has another SHA-256 than its manifest says; step fetch, code 1' ''
mv "$folder/kept" "$folder/install.wim"

winpe_stop
site_end
