#!/bin/sh
# install.cmd, as a machine would get it, under wine's cmd with stand-ins for the
# programs of Windows PE and a live bootweb: what it does, what it reports, and
# that no disk is touched before the gate has named one.
# Rows: S0-16 S0-17 S0-20 S0-21 S0-22 S0-23 S0-24 S0-25 S1-04 S1-08 S1-19 X-20 X-21 N-06
# shellcheck disable=SC2119
set -u
. "${srcdir:-.}/tests/sh.inc"
. "$srcdir/tests/integration/bootweb.inc"
. "$srcdir/tests/integration/windows.inc"

site_begin
winpe_begin
taken=0
take() {
	sed "1,${taken}d" "$site/events" >"$tmp/lines"
	taken=$((taken + $(wc -l <"$tmp/lines")))
	admin ingest <"$tmp/lines" >/dev/null
}
keep_taking() {
	while [ ! -e "$tmp/enough" ]; do
		take
		sleep 0.1
	done
}
winpe_queue 1 --package kb1.cab --recovery
winpe_queue 2 --edition 2
i=3
while [ $i -le 24 ]; do
	winpe_queue $i
	i=$((i + 1))
done
serve
wineserver -p 300
keep_taking &
taker=$!
pids="$pids $taker"

# A play whose ends are compared: exit status, reports and commands.
played() { # what reports-file
	what=$1
	winpe_play
	winpe_reports >"$tmp/out"
	code=$(cat "$tmp/code")
	: >"$tmp/err"
}

# ---- all goes well ----
winpe_job
echo 1 >"$stub/dism-Apply-Image.watched"
played 'a whole installation'
grep ' apply 6/11 57 applying image 1, Windows Server 2025 Standard$' "$tmp/out" >"$tmp/progress"
sed -E '/ fetch .* of 1 MB$/d; / apply 6.11 (4[1-9]|5.|6.|7.) applying /d' "$tmp/out" >"$tmp/steps"
mv "$tmp/steps" "$tmp/out"
is 0 "installing drivers 1/11 1 loading drivers
installing drivers 1/11 2 done
installing network 2/11 2 web1 has 172.20.3.4
installing network 2/11 4 done
installing disks 3/11 4 asking the server which disk may be wiped
disks wipe disk0
disk0	68719476736	scsi	-	QEMU QEMU HARDDISK SCSI Disk Device	used

installing disks 3/11 6 done
installing partition 4/11 6 partitioning disk 0 for uefi
installing partition 4/11 10 done
installing fetch 5/11 10 fetching install.wim
installing fetch 5/11 40 done
installing apply 6/11 40 applying image 1, Windows Server 2025 Standard
installing apply 6/11 75 done
installing inject 7/11 75 adding drivers to the installed Windows
installing inject 7/11 79 done
installing packages 8/11 79 adding packages
installing packages 8/11 79 adding kb1.cab
installing packages 8/11 82 done
installing answers 9/11 82 fetching the answer file
installing answers 9/11 84 done
installing loader 10/11 84 installing the boot loader for uefi
installing loader 10/11 88 done
installing reboot 11/11 88 all is on the disk
configuring reboot 11/11 90 rebooting into the installed Windows" ''
run test -s "$tmp/progress"
is 0 '' ''
run winpe_commands
is 0 'drvload "X:\pxekit\drivers\vioscsi\vioscsi.inf"
drvload "X:\pxekit\drivers\netkvm\netkvm.inf"
wpeinit
ipconfig  
diskpart /s X:\pxekit\run\list.script  
  rescan
  list disk
diskpart /s X:\pxekit\run\detail.script  
  select disk 0
  detail disk
wpeutil UpdateBootInfo 
reg query HKLM\System\CurrentControlSet\Control /v PEFirmwareType
diskpart /s X:\pxekit\run\list.script  
  rescan
  list disk
diskpart /s X:\pxekit\run\detail.script  
  select disk 0
  detail disk
diskpart /s X:\pxekit\run\partition.script  
  select disk 0
  attributes disk clear readonly noerr
  online disk noerr
  clean
  convert gpt
  create partition efi size=260
  format quick fs=fat32 label=System
  assign letter=S
  create partition msr size=16
  create partition primary
  format quick fs=ntfs label=Windows
  assign letter=W
  shrink minimum=1000
  create partition primary
  format quick fs=ntfs label=Recovery
  set id=de94bba4-06d1-4d40-a16a-bfd50179d6ac
  gpt attributes=0x8000000000000001
  exit
certutil -hashfile W:\pxekit\install.wim SHA256  
dism /Apply-Image /ImageFile:W:\pxekit\install.wim /Index:1 /ApplyDir:W:\   
dism /Image:W:\ /Add-Driver /Driver:X:\pxekit\drivers /Recurse  
dism /Image:W:\ /Add-Package /PackagePath:W:\pxekit\kb1.cab  
bcdedit /enum {fwbootmgr}  
bcdboot W:\Windows /s S: /f uefi  
bcdedit /set {fwbootmgr} bootsequence {bootmgr}  
bcdedit /set {fwbootmgr} displayorder {11111111-2222-3333-4444-555555555555} /addfirst  
wpeutil reboot' ''
run grep -c '<ComputerName>web1</ComputerName>' "$tmp/w/Windows/Panther/unattend.xml"
is 0 1 ''
run ls "$tmp/w"
is 0 Windows ''
# No SMB where nobody asked for it, and each INF loaded is added to the disk's Windows.
run grep -ciE '^net |lanman' "$stub/log.txt"
is 1 0 ''
# Its next start is the disk's, whatever the database has heard of meanwhile.
run sh -c "curl -sS '$url/boot/52-54-00-00-01-01.ipxe' | grep -c -E 'install.cmd|sanboot'"
is 0 1 ''

stop_taking() {
	: >"$tmp/enough"
	wait "$taker"
}
stop_taking
stop
site_end
