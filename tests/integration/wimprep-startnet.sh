#!/bin/sh
# The startnet.cmd of a prepared boot.wim under wine's cmd, with the image unpacked as X:
# and tests/integration/winstub.c in place of drvload and wpeinit: both images of it.
# Rows: S1-17 S0-16
set -u
. "${srcdir:-.}/tests/sh.inc"
. "${srcdir:-.}/tests/integration/wimprep.inc"
site
cd "$tmp" || exit 99
for tool in wine x86_64-w64-mingw32-gcc; do
	command -v $tool >/dev/null || {
		[ -z "${CI-}" ] || exit 99
		skip "there is no $tool"
	}
done
WINEPREFIX=$tmp/prefix WINEDEBUG=-all WINEDLLOVERRIDES='mscoree,mshtml=' HOME=$tmp
WINEPATH='X:\Windows\System32'
export WINEPREFIX WINEDEBUG WINEDLLOVERRIDES HOME WINEPATH
unset DISPLAY
trap 'wineserver -k; wineserver -w; rm -rf "$tmp"' EXIT
x86_64-w64-mingw32-gcc -O1 -s -o stub.exe "$srcdir/tests/integration/winstub.c" \
	-lws2_32 -ladvapi32 && wineboot -i >/dev/null 2>&1 || exit 99
wineserver -p 300

media boot.wim
virtio virtio
wimprep build --index=2 --index=1 -d virtio -o ready.wim boot.wim >/dev/null 2>&1 || exit 99

# machine IMAGE: its X:, with the programs of Windows PE
machine() {
	rm -rf x
	wimlib-imagex apply ready.wim "$1" x >/dev/null 2>&1 || exit 99
	mkdir x/stub
	rm x/Windows/System32/cmd.exe # wine has one that works
	cp stub.exe x/Windows/System32/drvload.exe
	cp stub.exe x/Windows/System32/wpeinit.exe
	ln -sfn "$tmp/x" "$WINEPREFIX/dosdevices/x:"
}

job() { # what wimboot adds: it says what it was told, and its own status
	printf '@echo off\r\necho job: %%PXEKIT_DRIVERS_FAILED%%.\r\nexit /b %s\r\n' "$1" \
		>x/Windows/System32/install.cmd
}

# The command line of winpeshl.ini, but with /c, so that it ends.
play() {
	sed -n 's/\r$//; s/^%SYSTEMROOT%.System32.cmd.exe, .k %SYSTEMROOT%/X:\\Windows/p' \
		x/Windows/System32/winpeshl.ini >launch
	wine cmd /c "$(cat launch)" </dev/null 2>/dev/null | tr -d '\r'
}

for image in 1 2; do
	machine $image
	job 0
	run play
	is 0 'startnet: drvload X:\pxekit\drivers\vioscsi\vioscsi.inf
startnet: drvload X:\pxekit\drivers\viostor\viostor.inf
startnet: drvload X:\pxekit\drivers\netkvm\netkvm.inf
startnet: wpeinit
job: .' ''
	run cat launch
	is 0 'X:\Windows\System32\startnet.cmd' ''
	tr -d '\r' <x/stub/log.txt >log
	run cat log
	is 0 'drvload "X:\pxekit\drivers\vioscsi\vioscsi.inf"
drvload "X:\pxekit\drivers\viostor\viostor.inf"
drvload "X:\pxekit\drivers\netkvm\netkvm.inf"
wpeinit' ''
done

# Some will not load: the rest is loaded, and the job is told which.
machine 2
job 0
echo 5 >x/stub/drvload.1.rc
echo 5 >x/stub/drvload.3.rc
run play
is 0 'startnet: drvload X:\pxekit\drivers\vioscsi\vioscsi.inf
startnet: drvload failed: X:\pxekit\drivers\vioscsi\vioscsi.inf
startnet: drvload X:\pxekit\drivers\viostor\viostor.inf
startnet: drvload X:\pxekit\drivers\netkvm\netkvm.inf
startnet: drvload failed: X:\pxekit\drivers\netkvm\netkvm.inf
startnet: wpeinit
job:  vioscsi.inf netkvm.inf.' ''

# No job, one that fails, a network that does not start, no drivers at all.
machine 2
run play
is 0 'startnet: drvload X:\pxekit\drivers\vioscsi\vioscsi.inf
startnet: drvload X:\pxekit\drivers\viostor\viostor.inf
startnet: drvload X:\pxekit\drivers\netkvm\netkvm.inf
startnet: wpeinit
startnet: no job came with this boot, there is no X:\Windows\System32\install.cmd' ''
machine 2
job 7
rm x/pxekit/drivers/list.txt
echo 1 >x/stub/wpeinit.1.rc
run play
is 0 'startnet: wpeinit
startnet: wpeinit failed
job: .
startnet: the job failed' ''

end
