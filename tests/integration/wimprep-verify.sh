#!/bin/sh
# wimprep verify: each thing that would stop an installation is found without booting.
# Rows: N-04 S0-15
set -u
. "${srcdir:-.}/tests/sh.inc"
. "${srcdir:-.}/tests/integration/wimprep.inc"
site
cd "$tmp" || exit 99
virtio virtio
program curl.exe
media pristine.wim
wimprep build --curl=curl.exe -d virtio -o good.wim pristine.wim >/dev/null || exit 99

run wimprep verify good.wim
sed 's/[0-9]* octets/N octets/; s/[0-9]*, each once/N, each once/' out >out2 && mv out2 out
is 0 "CHECK        RESULT   DETAIL
file         ok       1 MiB
container    ok       XPRESS, 2 images
boot-index   ok       2: Microsoft Windows Setup (amd64)
windows      ok       build 26100, amd64, drivers of 2k25
bios         ok       boot manager, BCD, boot.sdi, loader
uefi         ok       boot manager, BCD, boot.sdi, loader
secure-boot  ok       boot managers of Microsoft's CAs of 2011 and of 2023
names        ok       N, each once
startnet     ok       starts the network and the job
winpeshl     ok       starts a program
driver       ok       netkvm: Net 100.101.104.28500, 3 files, netkvm.cat
driver       ok       vioscsi: SCSIAdapter 100.101.104.28500, 3 files, vioscsi.cat
driver       ok       viostor: SCSIAdapter 100.101.104.28500, 3 files, viostor.cat
curl         ok       curl.exe, N octets
prepared     ok       by wimprep, and not changed since" ''
wimprep verify --json good.wim >json
run jq -c '.file, .ok, .image, .build, .arch, ([.checks[].result] | unique), .drivers[0]' json
is 0 '"good.wim"
true
2
26100
"amd64"
["ok"]
{"name":"netkvm","class":"Net","version":"100.101.104.28500","inf":"netkvm/netkvm.inf","catalogue":"netkvm.cat","whole":true}' ''

# what CODE CHECK RESULT [VERIFY-OPTION...]: the line of the check, of bad.wim, without its
# first two words, is read from standard input.
line() {
	want=$1 check=$2 result=$3
	shift 3
	wimprep verify "$@" bad.wim >table 2>err
	code=$?
	what="$check $result"
	sed -n "s/^$check *$result *//p" table >out
	is "$want" "$(cat)" ''
}
# The same without one file, or with another one.
without() { # path
	cp good.wim bad.wim
	wimlib-imagex update bad.wim 2 --command="delete --recursive \"$1\"" >/dev/null 2>&1 || exit 99
}
with() { # path < octets
	cp good.wim bad.wim
	cat >new
	wimlib-imagex update bad.wim 2 --command="add new \"$1\"" >/dev/null 2>&1 || exit 99
}

cp pristine.wim bad.wim
line 1 winpeshl FAILED <<'END'
there is no winpeshl.ini, and X:\setup.exe starts before startnet.cmd does
END
line 1 driver warning <<'END'
none was put in: only what Windows PE brings
END
line 1 curl warning <<'END'
no curl.exe: an image cannot be fetched by HTTP; wimprep build takes it from install.wim
END
line 1 prepared warning <<'END'
not by wimprep build
END
line 1 boot-index FAILED --index=1 <<'END'
is 2, so image 1 does not boot; wimprep build --index=1 sets it
END
without /Windows/Boot/PXE/bootmgr.exe
line 1 bios FAILED <<'END'
missing: /Windows/Boot/PXE/bootmgr.exe; wimboot must be given them beside it
END
without /Windows/Boot/DVD/EFI
line 1 uefi FAILED <<'END'
missing: /Windows/Boot/DVD/EFI/BCD, /Windows/Boot/DVD/EFI/boot.sdi; wimboot must be given them beside it
END
without /Windows/Boot/EFI_EX
line 0 secure-boot warning <<'END'
no boot manager of the CA of 2023: firmware that trusts only that one will refuse it
END
without /Windows/System32/startnet.cmd
line 1 startnet FAILED <<'END'
there is no startnet.cmd: Windows PE would do nothing
END
line 1 prepared FAILED <<'END'
by wimprep, but Windows/System32/startnet.cmd was changed or taken away since
END
printf 'echo nothing\r\n' | with /Windows/System32/startnet.cmd
line 1 startnet FAILED <<'END'
startnet.cmd does not call wpeinit: there is no network
END
printf 'wpeinit\ncall install.cmd\n' | with /Windows/System32/startnet.cmd
line 1 startnet warning <<'END'
startnet.cmd has lines without CR, which cmd.exe may lose
END
printf '[LaunchApps]\r\nstartnet.cmd\r\n' | with /Windows/System32/winpeshl.ini
line 1 winpeshl FAILED <<'END'
winpeshl.ini starts a script, and only programs are allowed: cmd.exe, /k SCRIPT
END
printf '[LaunchApp]\r\nAppPath = "X:\\a.bat"\r\n' | with /Windows/System32/winpeshl.ini
line 1 winpeshl FAILED <<'END'
winpeshl.ini starts a script, and only programs are allowed: cmd.exe, /k SCRIPT
END
printf '[LaunchApps]\r\ncmd.exe, %0260d\r\n' 0 | with /Windows/System32/winpeshl.ini
line 1 winpeshl FAILED <<'END'
a line of winpeshl.ini has more than 250 characters
END
printf '; nothing\r\n' | with /Windows/System32/winpeshl.ini
line 1 winpeshl FAILED <<'END'
winpeshl.ini starts nothing
END
without /pxekit/drivers/vioscsi/vioscsi.sys
wimprep verify bad.wim >table
run grep -c '^driver *FAILED .*vioscsi.sys' table
is 0 1 ''
without /pxekit/drivers/netkvm/netkvm.cat
wimprep verify bad.wim >table
run grep -c '^driver *FAILED .*netkvm.cat' table
is 0 1 ''
without /pxekit/drivers/netkvm
line 1 driver FAILED <<'END'
X:\pxekit\drivers\netkvm\netkvm.inf: is in list.txt, but not in the image
END
line 1 driver warning <<'END'
a disk's driver without netkvm: a virtio network card is not seen
END
without /pxekit/drivers/vioscsi
line 1 driver warning <<'END'
viostor without vioscsi: a disk behind virtio-scsi is not seen
END
printf 'X:\\pxekit\\drivers\\netkvm\\netkvm.inf\r\nX:\\pxekit\\drivers\\vioscsi\\vioscsi.inf\r\n' |
	with /pxekit/drivers/list.txt
line 1 driver warning <<'END'
viostor/viostor.inf: is not in list.txt, so startnet.cmd does not load it
END

# Folders that differ by case only: what a careless tool leaves behind.
cp good.wim bad.wim
mkdir -p extra/WINDOWS && echo x >extra/WINDOWS/x
WIMLIB_IMAGEX_IGNORE_CASE=0 wimlib-imagex update bad.wim 2 --command='add extra/WINDOWS /WINDOWS' >/dev/null 2>&1
wimprep verify bad.wim >table
run grep -ci '^names *FAILED */windows is there twice, in other letters' table
is 0 1 ''

# The container.
rm bad.wim
wimlib-imagex export good.wim all bad.wim --compress=LZX --chunk-size=64K >/dev/null 2>&1
wimprep verify bad.wim >table
run grep -c '^container *FAILED *is compressed in chunks of 64 KiB' table
is 0 1 ''
rm bad.wim
wimlib-imagex export good.wim all bad.wim --pipable >/dev/null 2>&1
wimprep verify bad.wim >table
run grep -c '^container *FAILED *is pipable' table
is 0 1 ''
cp good.wim bad.wim
wimlib-imagex info bad.wim --boot 0 >/dev/null 2>&1 || wimlib-imagex info bad.wim 0 --boot >/dev/null
wimprep verify bad.wim >table
run grep -c '^boot-index *FAILED *has no boot index' table
is 0 1 ''
cp good.wim an-image-with-a-name-that-is-too-long.wim
wimprep verify an-image-with-a-name-that-is-too-long.wim >table
run grep -c '^file *warning *the name is longer than 31' table
is 0 1 ''

# One flipped octet, far from the lists: found by --data only.
cp good.wim bad.wim
printf x | dd of=bad.wim bs=1 seek=230 conv=notrunc 2>/dev/null
run wimprep verify bad.wim
: >out
is 0 '' ''
wimprep verify --data bad.wim >table
code=$?
run grep -c '^data *FAILED' table
is 0 1 ''

# By the name of an image.
mkdir -p site/images/ws/1 && cp good.wim site/images/ws/1/boot.wim && ln -s 1 site/images/ws/current
printf '# pxekit-image: 1\n# name: ws\n# version: 1\n# kind: wim\n# arch: x86_64\n%s  boot.wim\n' \
	"$(sha256sum <good.wim | cut -c1-64)" >site/images/ws/1/MANIFEST
run wimprep verify ws
: >out
is 0 '' ''
run wimprep verify ws@2
is 3 '' "wimprep: $tmp/site/images/ws/2/MANIFEST: No such file or directory"
run wimprep verify
is 2 '' "wimprep: verify wants one boot.wim, or one image
Try 'wimprep verify --help' for more information."
seq 1 200 >bad.wim
run wimprep verify bad.wim
is 3 '' 'wimprep: bad.wim: cannot be read: it is not a WIM file'
run find . -maxdepth 1 -name 'wimprep.*'
is 0 '' ''

end
