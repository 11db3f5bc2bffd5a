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
winpe_queue 1 --package kb1.cab --recovery
winpe_queue 2 --edition 2
i=3
while [ $i -le 14 ]; do
	winpe_queue $i
	i=$((i + 1))
done
winpe_serve

# ---- all goes well ----
winpe_job
echo 1 >"$stub/dism-Apply-Image.watched"
# What wants a restart is well.
echo 3010 >"$stub/dism-Add-Driver.rc"
echo 3010 >"$stub/dism-Add-Package.rc"
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
dism /Apply-Image /ImageFile:W:\pxekit\install.wim /Name:"Windows Server 2025 SERVERSTANDARD" /ApplyDir:W:\    
dism /Image:W:\ /ScratchDir:W:\pxekit\scratch /Add-Driver /Driver:X:\pxekit\drivers /Recurse  
dism /Image:W:\ /ScratchDir:W:\pxekit\scratch /Add-Package /PackagePath:W:\pxekit\kb1.cab  
bcdedit /enum {fwbootmgr}  
bcdboot W:\Windows /s S: /f uefi  
bcdedit /set {fwbootmgr} bootsequence {bootmgr}  
bcdedit /set {fwbootmgr} displayorder {11111111-2222-3333-4444-555555555555} /addfirst  
wpeutil reboot' ''
run grep -c '<ComputerName>web1</ComputerName>' "$tmp/w/Windows/Panther/unattend.xml"
is 0 1 ''
run ls "$tmp/w"
is 0 Windows ''
run tr -d '\r' <"$sys/disk-bios.txt"
is 0 'attributes disk clear readonly noerr
online disk noerr
clean
convert mbr
create partition primary size=500
format quick fs=ntfs label=System
active
assign letter=S
create partition primary
format quick fs=ntfs label=Windows
assign letter=W
shrink minimum=1000
create partition primary
format quick fs=ntfs label=Recovery
set id=27
exit' ''
# No SMB where nobody asked for it, and each INF loaded is added to the disk's Windows.
run grep -ciE '^net |lanman' "$stub/log.txt"
is 1 0 ''
# Its next start is the disk's, whatever the database has heard of meanwhile.
run sh -c "curl -sS '$url/boot/52-54-00-00-01-01.ipxe' | grep -c -E 'install.cmd|sanboot'"
is 0 1 ''

# ---- another edition, whose name is hostile; BIOS ----
winpe_job
crlf reg '    PEFirmwareType    REG_DWORD    0x1'
played 'BIOS, and a name with specials'
run sh -c "tail -n 1 '$tmp/reports'; grep -c ' 6/11 40 applying image 2, R&D ^x !y! (z) <w> | z$' '$tmp/reports'"
is 0 'configuring reboot 11/11 90 rebooting into the installed Windows
1' ''
run sh -c "tr -d '\r' <'$stub/log.txt' | grep -E '^bcd|convert|active|Index'"
is 0 '  convert mbr
  active
dism /Apply-Image /ImageFile:W:\pxekit\install.wim /Index:2 /ApplyDir:W:\    
bcdboot W:\Windows /s S: /f bios  ' ''

# ---- each step fails in turn; windows-faults.sh has more ----
winpe_job
crlf ipconfig '   Autoconfiguration IPv4 Address. . : 169.254.7.7'
fails 'no address but a guess'
is 1 'failed network 2/11 2 no network card got an address in two minutes; step network, code 0
Autoconfiguration IPv4 Address. . : 169.254.7.7
cleaned 0, reboot' ''
run grep -c '^wpeutil InitializeNetwork' "$stub/log.txt"
is 0 1 ''

winpe_job
winpe_list '  Disk 0    Online          64 GB    64 GB        *' \
	'  Disk 1    Online        2048 MB      0 B' '  Disk 2    No Media           0 B      0 B'
winpe_disk 1 'AT&T Disk <1>' NVMe 0A1B2C3D
fails 'two disks'
is 1 "failed disks 3/11 4 no disk may be wiped: 2 of 2 disks fit the rule 'only', not exactly one; step disks, code 1
disk0 68719476736 scsi - QEMU QEMU HARDDISK SCSI Disk Device used
disk1 2147483648 nvme - AT T Disk  1  used
cleaned 0, reboot" ''

winpe_job
winpe_list '  Disk 0    Online          17 GB    17 GB        *'
fails 'a disk that is too small'
is 1 'failed disks 3/11 4 disk 0 has 17408 MiB, and win@1 needs 18401; step disks, code 0
disk0 18253611008 scsi - QEMU QEMU HARDDISK SCSI Disk Device used
cleaned 0, reboot' ''

winpe_job
winpe_disk 0 'Another Disk' SATA
mv "$stub/diskpart-detail-0.out" "$stub/diskpart-detail-0.2.out"
winpe_disk 0 'QEMU QEMU HARDDISK SCSI Disk Device' SAS
fails 'another disk than was asked for'
run head -n 1 "$tmp/reports"
is 0 'failed partition 4/11 6 disk 0 is another one than the server was told of; step partition, code 0' ''
run grep -c '^  clean' "$stub/log.txt"
is 1 0 ''

winpe_job
echo 5 >"$stub/diskpart-clean.rc"
crlf diskpart-clean 'Virtual Disk Service error:' 'The device is not ready.'
fails diskpart
is 1 'failed partition 4/11 6 diskpart failed; step partition, code 5
Virtual Disk Service error:
The device is not ready.
cleaned 1, reboot' ''

winpe_job
rm "$WINEPREFIX/dosdevices/s:"
fails 'no S:'
is 1 'failed partition 4/11 6 diskpart made no S:; step partition, code 1
cleaned 1, reboot' ''

winpe_job
mv "$folder/install.wim" "$folder/kept"
fails 'no image'
is 1 'failed fetch 5/11 10 only 0 of 300000 octets of install.wim came; curl ended with 22; step fetch, code 1
curl: (22) status 404
cleaned 1, reboot' ''
head -c 300000 /dev/zero >"$folder/install.wim"

winpe_job
fails 'another image'
run grep -v '^SHA256\|^CertUtil' "$tmp/reports"
is 0 "failed fetch 5/11 10 install.wim has another SHA-256 than its manifest says; step fetch, code 1
$(sha256sum <"$folder/install.wim" | cut -c1-64)
cleaned 1, reboot" ''
mv "$folder/kept" "$folder/install.wim"

winpe_job
echo 1392 >"$stub/dism-Apply-Image.rc"
crlf dism-Apply-Image '' 'Error: 1392' 'The file or directory is corrupted.'
fails 'dism /Apply-Image'
is 1 'failed apply 6/11 40 dism could not apply the image; step apply, code 1392
Error: 1392
The file or directory is corrupted.
cleaned 1, reboot' ''

# DISM ends with numbers below zero, which "if errorlevel 1" passes over.
winpe_job
echo -2146498530 >"$stub/dism-Add-Driver.rc"
fails 'dism /Add-Driver'
is 1 'failed inject 7/11 75 dism could not add the drivers; step inject, code -2146498530
cleaned 1, reboot' ''

winpe_job
echo 3 >"$stub/bcdboot.rc"
crlf bcdboot 'Failure when attempting to copy boot files.'
fails bcdboot
is 1 'failed loader 10/11 84 bcdboot failed; step loader, code 3
Failure when attempting to copy boot files.
cleaned 1, reboot' ''

winpe_job
admin cancel 14 >"$tmp/cancelled"
fails 'a job that is cancelled'
is 9 'refused over stop: job 14 is cancelled
cleaned 0, reboot' ''

# ---- no loop without a counter: a label that is jumped back to is counted above it ----
loops() { # FILE
	awk '
	{ sub(/\r$/, "") }
	/^:/ { at[substr($1, 2)] = NR }
	{ line[NR] = $0 }
	END {
		for (n = 1; n <= NR; n++) {
			if (!match(line[n], /goto [a-z_]+$/))
				continue
			label = substr(line[n], RSTART + 5)
			if (!(label in at) || at[label] >= n)
				continue
			loops++
			counted = 0
			for (i = at[label]; i <= n; i++)
				if (line[i] ~ /^set \/a .*\+=1/ || line[i] == "shift")
					counted = 1
			if (!counted)
				print "line " n ": goto " label
		}
		print loops " loops"
	}' "$1"
}
run loops "$sys/install.cmd"
is 0 '13 loops' ''
for file in SetupComplete.cmd ErrorHandler.cmd winpe.cmd; do
	loops "$srcdir/tools/ipxegen/templates/$file"
done >"$tmp/loops"
# The one of startnet.cmd without a counter leads to the job, which does not come back.
loops "$srcdir/tools/wimprep/templates/startnet.cmd" | sed '/goto job$/d' >>"$tmp/loops"
run cat "$tmp/loops"
is 0 '4 loops
1 loops
1 loops
2 loops' ''

winpe_stop
site_end
