#!/bin/sh
# The first boot of an installed Windows: SetupComplete.cmd and ErrorHandler.cmd run in
# wine's cmd with winstub.c for the programs of Windows, against a live bootweb.
# Rows: S0-41 S1-15 S1-29
# shellcheck disable=SC2119,SC2016
set -u
. "${srcdir:-.}/tests/sh.inc"
. "$srcdir/tests/integration/bootweb.inc"

site_begin
WINEPREFIX=$tmp/prefix
WINEDEBUG=-all
WINEDLLOVERRIDES='mscoree,mshtml='
WINEPATH='X:\Windows\System32'
HOME=$tmp
export WINEPREFIX WINEDEBUG WINEDLLOVERRIDES WINEPATH HOME
unset DISPLAY
# shellcheck disable=SC2086,SC2154
trap 'touch "$tmp/enough"; [ -z "$pids" ] || kill $pids 2>/dev/null
	wineserver -k 2>/dev/null; wineserver -w 2>/dev/null; rm -rf "$tmp"' EXIT
wineboot -i >/dev/null 2>&1 || echo 'Bail out! wine makes no prefix'
x86_64-w64-mingw32-gcc -O1 -s -o "$tmp/stub.exe" "$srcdir/tests/integration/winstub.c" \
	-lws2_32 -ladvapi32 || echo 'Bail out! the stand-in does not compile'
windows=$WINEPREFIX/drive_c/windows scripts=$windows/Setup/Scripts
sys=$tmp/x/Windows/System32 stub=$tmp/x/stub

# ---- an image with guest tools and an agent, and a job for each play ----
folder=$site/images/win/1
mkdir -p "$folder/guest-agent"
echo wim >"$folder/boot.wim"
echo msi >"$folder/guest-agent/qemu-ga-x86_64.msi"
cp "$tmp/stub.exe" "$folder/agent.exe"
{
	printf '# pxekit-image: 1\n# name: win\n# version: 1\n# kind: wim\n# arch: x86_64\n'
	echo '# min-disk: 1073741824'
	echo '# edition: 1 26100 amd64 Server ServerStandard en-US 9 Windows Server 2025 Standard'
	cd "$folder" && sha256sum boot.wim guest-agent/qemu-ga-x86_64.msi agent.exe
} >"$folder/MANIFEST"
ln -s 1 "$site/images/win/current"
pin=$(sha256sum <"$folder/agent.exe" | cut -d ' ' -f 1)
echo 'platform kvm { console = "" }' >>"$site/conf"
agent=http://10.0.0.1:8080/images/win/1/agent.exe
echo Secret1 >"$tmp/password"
queue() { # N [options]
	n_mac=$1
	shift
	admin add --mac "52:54:00:00:02:0$n_mac" --image win --hostname "WEB0$n_mac" \
		--admin-password-file "$tmp/password" "$@" >/dev/null
}
queue 1 --platform kvm --rdp --role Web-Server --role DNS \
	--command 'echo a^&b "c & d" !e! %%f| find "c" >C:\windows\one.txt' --command 'exit 3010' \
	--agent "$agent" --agent-sha256 "$pin" --agent-arguments '/key="k & 1" /q'
queue 2 --rdp
queue 3 --agent "$agent" --agent-sha256 "$(echo x | sha256sum | cut -d ' ' -f 1)"
queue 4 --command 'exit 0'
queue 5 --command 'exit 7' --command 'echo never >C:\windows\never.txt'
queue 6
queue 7 --role Web-Server
serve

keep_taking &
taker=$!

crlf() { # FILE LINE...
	to=$1
	shift
	printf '%s\r\n' "$@" >"$to"
}
machine() { # N: a Windows that boots for the first time
	rm -rf "$tmp/x" "$scripts"
	mkdir -p "$sys" "$stub" "$scripts" "$windows/Panther"
	for program in curl certutil schtasks powershell dism msiexec netstat ipconfig reg ping; do
		cp "$tmp/stub.exe" "$sys/$program.exe"
	done
	ln -sfn "$tmp/x" "$WINEPREFIX/dosdevices/x:"
	printf '%s' "${url#http://}" >"$stub/server"
	crlf "$stub/netstat.out" '  TCP    10.0.0.7:3389     10.0.0.9:51000    HERGESTELLT' \
		'  TCP    0.0.0.0:3389      0.0.0.0:0         ABHOEREN'
	crlf "$stub/ipconfig.out" '   Autoconfiguration IPv4 Address. . : 169.254.7.7' \
		'   Link-local IPv6 Address . . . . . : fe80::1%5' \
		'   IPv6 Address. . . . . . . . . . . : 2001:db8::7' \
		'   IPv4-Adresse  . . . . . . . . . . : 172.20.3.4'
	crlf "$stub/reg.out" '    CurrentBuild    REG_SZ    26100' '    UBR    REG_DWORD    0x6d6'
	echo '<secret/>' >"$windows/Panther/unattend.xml"
	path=$(token_of "52-54-00-00-02-0$1")
	for file in SetupComplete.cmd ErrorHandler.cmd; do
		curl -sSf -o "$scripts/$file" "$url$path/$file" || echo "no $file"
	done
	from=$(wc -l <"$site/events")
}
play() { # the script
	timeout 300 wine cmd /c "C:\\windows\\Setup\\Scripts\\$1" </dev/null >"$tmp/console" 2>&1
}
reports() {
	tail -n +$((from + 1)) "$site/events" | jq -r 'select(.event == "report") |
		"\(.state) \(.step) \(.percent) \(.text)"' | grep -v '^configuring' |
		sed 's/; host .*/; host/' | tr -d '\r'
}
calls() { # those of the programs that change something: what they shall do
	tr -d '\r' <"$stub/log.txt" |
		sed -nE 's/^(schtasks .*) \/tr .*/\1/; s/.*(Install-WindowsFeature -Name [A-Za-z-]*).*/\1/
			s/ *$//; /^"?(schtasks|Install|dism|msiexec|C:.*agent)/p'
}
left() { # what is still there
	find "$scripts" "$windows/Panther" -type f | sed "s,$windows/,," | sort
}

# ---- all is well ----
machine 1
play SetupComplete.cmd
run reports
is 0 'done done 100 Windows build 26100.1750, addresses 172.20.3.4 2001:db8::7; wants a restart; host' ''
run calls
is 0 'schtasks /create /f /tn pxekit-firstboot /ru SYSTEM /rl HIGHEST /sc ONSTART
Install-WindowsFeature -Name Web-Server
Install-WindowsFeature -Name DNS
msiexec.exe /i "C:\windows\Setup\Scripts\pxekit\tools.msi" /qn /norestart
"C:\windows\Setup\Scripts\pxekit\agent.exe" /key="k & 1" /q
schtasks /delete /f /tn pxekit-firstboot' ''
run tr -d '\r' <"$windows/one.txt"
is 0 'a&b "c & d" !e! %f' ''
run left
is 0 '' ''

# ---- what goes wrong is told, and ends it ----
machine 2
: >"$stub/netstat.out"
play SetupComplete.cmd
run reports
is 0 'failed rdp 98 Remote Desktop does not listen on port 3389; step rdp, code 1; host' ''
machine 3
play SetupComplete.cmd
run reports
is 0 "failed agent 97 agent has another SHA-256 than was pinned; it did not run; step agent, code 1; host
SHA256 hash of C:\\windows\\Setup\\Scripts\\pxekit\\agent.exe:
$pin
CertUtil: -hashfile command completed successfully." ''

# ---- out of reach, then not ----
machine 4
mv "$stub/server" "$stub/away"
play SetupComplete.cmd
run calls
is 0 'schtasks /create /f /tn pxekit-firstboot /ru SYSTEM /rl HIGHEST /sc ONSTART
schtasks /create /f /tn pxekit-firstboot /ru SYSTEM /rl HIGHEST /sc MINUTE /mo 5' ''
run test -e "$scripts/SetupComplete.cmd"
is 0 '' ''
mv "$stub/away" "$stub/server"
play SetupComplete.cmd
run reports
is 0 'done done 100 Windows build 26100.1750, addresses 172.20.3.4 2001:db8::7; host' ''
run left
is 0 '' ''

machine 5
play SetupComplete.cmd
run reports
is 0 'failed commands 94 command-1 failed; step commands, code 7; host' ''
run test -e "$windows/never.txt"
is 1 '' ''

# ---- Windows Setup itself fails ----
machine 6
seq -f '2026-11-22, Error %g & "more" 100%%' 1 9 >"$windows/Panther/setuperr.log"
play ErrorHandler.cmd
run reports
is 0 'failed setup null Windows Setup failed:
2026-11-22, Error 5 & "more" 100%
2026-11-22, Error 6 & "more" 100%
2026-11-22, Error 7 & "more" 100%
2026-11-22, Error 8 & "more" 100%
2026-11-22, Error 9 & "more" 100%
; host' ''
run left
is 0 'Panther/setuperr.log' ''

# ---- a log that no report can carry: the failure is told without it ----
machine 7
echo 1 >"$stub/powershell.rc"
echo 5 >"$stub/dism.rc"
printf 'Error\0 5\r\n' >"$stub/dism.out"
play SetupComplete.cmd
run reports
is 0 'failed roles 92 Web-Server cannot be installed; step roles, code 5; host' ''

: >"$tmp/enough"
wait "$taker"
site_end
