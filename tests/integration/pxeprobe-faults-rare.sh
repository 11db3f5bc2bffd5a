#!/bin/sh
# shellcheck disable=SC2119 # proxy_start may have arguments
# Rows: N-11 S3-10
# The faults that no healthy server makes: packets that firmware drops, offers that name
# nothing, refusals, and what cannot be compared or looked at.
set -u
[ "${INSIDE:-}" ] || exec env INSIDE=yes "${srcdir:-.}/scripts/in-netns" "$0"
. "${srcdir:-.}/tests/sh.inc"
. "$srcdir/tests/integration/pxeprobe.inc"

# finds LIST NAME FACT [ARG]...: these faults or notes, one a line; and of one what it says.
finds() {
	finds_names=$1 finds_name=$2 finds_detail=$3
	shift 3
	names() {
		probe --json "$@" >"$tmp/verdict"
		jq -r '(.faults + .notes)[].name' "$tmp/verdict"
	}
	run names "$@"
	is 0 "$finds_names" ''
	said() {
		jq -r --arg name "$1" '(.faults + .notes)[] | select(.name == $name).detail' \
			"$tmp/verdict"
	}
	run said "$finds_name"
	is 0 "$finds_detail" ''
}

net_make
site_fill
base=http://10.0.0.1:8080
dhcp_start
tftp_start
web_start

# ---- what a server says is no good ----

liar_start() { # form
	$ROGUE python3 "$srcdir/tests/integration/dhcp_liar.py" eth0 "$1" $base/boot.ipxe \
		>"$tmp/liar" 2>&1 &
	liar=$!
	wait_for grep -q listens "$tmp/liar"
}
liar_stop() {
	kill $liar
	wait $liar
}

liar_start broken
finds 'no-proxy
broken-answer' broken-answer '10.0.0.3: an option reaches past the end'
liar_stop

liar_start no-54
finds 'no-proxy
unheard-offer' unheard-offer '10.0.0.3 without option 54'
liar_stop

liar_start port
finds 'no-proxy
unheard-offer' unheard-offer '10.0.0.3 from port 4011'
liar_stop

# dnsmasq sends who is in none of its lists to port 4011, and there names no file.
rogue_start --dhcp-range=10.0.0.0,proxy --pxe-service=x86PC,other,other
finds 'no-file' no-file 'x64 UEFI (7) from 10.0.0.3, iPXE from 10.0.0.3' --timeout=1500
rogue_stop

# ---- a loader, and then nothing for iPXE ----

sed -i.full '/^url/d' "$PXEKIT_CONF"
proxy_start
finds 'no-script' no-script iPXE
proxy_stop >/dev/null
mv "$PXEKIT_CONF.full" "$PXEKIT_CONF"

# ---- architectures without a loader: worth a note where one is served ----

sed -i.full '/^loader arm32/d' "$PXEKIT_CONF"
echo MZ-other | tee "$site/tftp/ipxe32.efi" >"$site/tftp/arm64.efi"
proxy_start
finds 'not-served' not-served 'ARM32 UEFI (10)' --arch all
run jq .fine "$tmp/verdict"
is 0 true ''
proxy_stop >/dev/null
mv "$PXEKIT_CONF.full" "$PXEKIT_CONF"

# ---- another web server: it refuses, or its script leads elsewhere ----

proxy_start
web_stop
mkdir -p "$tmp/www/deploy"
echo kernel >"$tmp/www/deploy/vmlinuz"
other_start() { # its configuration
	echo "$1" >"$tmp/httpd.conf"
	busybox httpd -f -p 10.0.0.1:8080 -h "$tmp/www" -c "$tmp/httpd.conf" &
	other=$!
	wait_for listens tcp 10.0.0.1:8080
}
other_stop() {
	kill $other
	wait $other
}
script() {
	printf '#!ipxe\n%s\nboot\n' "$1" >"$tmp/www/boot.ipxe"
}
script 'kernel deploy/vmlinuz'
other_start '/boot.ipxe:user:word'
finds script-refused script-refused "$base/boot.ipxe (HTTP 401)"
other_stop
other_start '/deploy:user:word'
finds file-refused file-refused "$base/deploy/vmlinuz (HTTP 401)"
other_stop

other_start ''
script 'kernel http://10.0.0.1:8081/vmlinuz'
finds file-unreachable file-unreachable \
	"http://10.0.0.1:8081/vmlinuz (Couldn't connect to server)"
script 'kernel nfs://10.0.0.1/export/vmlinuz'
finds not-looked-at not-looked-at nfs://10.0.0.1/export/vmlinuz
script 'chain ftp://10.0.0.1/second.ipxe'
finds not-looked-at not-looked-at ftp://10.0.0.1/second.ipxe
other_stop

# ---- an image that cannot be compared ----

script 'kernel images/tiny/1/vmlinuz'
mkdir -p "$tmp/www/images/tiny/1"
echo kernel >"$tmp/www/images/tiny/1/vmlinuz"
manifest=$base/images/tiny/1/MANIFEST
other_start ''
finds 'no-manifest' no-manifest "$manifest (HTTP 404)"
sed 's/^[0-9a-f]\{64\} /nonsense /' "$site/images/tiny/1/MANIFEST" \
	>"$tmp/www/images/tiny/1/MANIFEST"
finds 'no-manifest' no-manifest "$manifest (line 8: is neither a comment nor SHA-256, two blanks and a file's name)"
other_stop
proxy_stop >/dev/null

# ---- a URL for firmware that knows TFTP alone ----

sed -i.full 's|snponly.efi|http://10.0.0.1:8080/snponly.efi|' "$PXEKIT_CONF"
web_start
proxy_start
finds 'wrong-protocol' wrong-protocol 'x64 UEFI (7) is told http://10.0.0.1:8080/snponly.efi'
proxy_stop >/dev/null
mv "$PXEKIT_CONF.full" "$PXEKIT_CONF"
web_stop

# TFTP has a refusal, too.
ln -s /etc/hostname "$site/tftp/away.efi"
sed -i 's/snponly.efi/away.efi/' "$PXEKIT_CONF"
web_start
proxy_start
finds file-refused file-refused 'tftp://10.0.0.1/away.efi (access refused)'
proxy_stop >/dev/null
web_stop
tftp_stop
dhcp_stop
end
