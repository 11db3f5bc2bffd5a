#!/bin/sh
# Rows: S2-23 S3-12 N-09 X-17
# tftpd-lite in a site: each machine's autoexec.ipxe from the tree that ipxegen writes, all
# behind it by HTTP, and the transfer in the story that jobctl tells of the job.
# shellcheck disable=SC2119 # start may have arguments
set -u
. "${srcdir:-.}/tests/sh.inc"

if [ "${TFTPD_INSIDE:-}" != yes ]; then
	TFTPD_INSIDE=yes exec "$srcdir/scripts/in-netns" "$0"
fi
. "$srcdir/tests/integration/tftpd-lite.inc"
. "$srcdir/tests/integration/jobctl.inc"
PATH=$PATH:$builddir/tests/integration
PXEKIT_TEMPLATES=$srcdir/tools/ipxegen/templates
export PXEKIT_TEMPLATES

# Two machines at the other end of the cable, each with its own card.
$PEER ip link set nic0 address 52:54:00:00:00:01
$PEER ip addr add 10.77.0.21/24 dev nic0
ip addr add 10.77.0.1/24 dev boot0
ip link add boot1 type veth peer name nic1 netns "$PEER_PID"
$PEER ip link set nic1 address 52:54:00:00:00:02
ip addr add 10.78.0.1/24 dev boot1
ip link set boot1 up
$PEER ip addr add 10.78.0.22/24 dev nic1
$PEER ip link set nic1 up

site
{
	echo "tftp = \"$root\""
	echo 'url = "http://10.77.0.1:8080"'
	echo "alias own-script { name = autoexec.ipxe file = 'boot/%m.ipxe' }"
	cat "$tmp/pxekit.conf"
} >"$tmp/conf" && mv "$tmp/conf" "$tmp/pxekit.conf"
jobctl add --mac 52:54:00:00:00:01 --image debian12 --hostname one --network lab >/dev/null
jobctl add --mac 52:54:00:00:00:02 --image debian12 --hostname two --network office >/dev/null
run ipxegen --all -o "$root"
: >"$tmp/out"
is 0 '' ''
head -c 1000000 /dev/urandom >"$root/snponly-shim.efi"
chmod -R a+rX "$root"

start
own() { # LAST-OCTET SERVER [OPTION...]: what the machine with this card gets as its script
	last=$1 address=$2
	shift 2
	# shellcheck disable=SC2086 # a command and its arguments
	$PEER tftp_client "$@" "$address" 69 autoexec.ipxe >"$tmp/script" 2>/dev/null &&
		cmp "$tmp/script" "$root/boot/52-54-00-00-00-0$last.ipxe" &&
		grep -m 1 '^set pxekit-job' "$tmp/script"
}
run own 1 10.77.0.1 -s -b 1468 -w 4
is 0 'set pxekit-job 1' ''
run own 2 10.78.0.1 -s -b 1468
is 0 'set pxekit-job 2' ''
# shellcheck disable=SC2086
run $PEER tftp_client -s -b 1468 -w 4 10.77.0.1 69 snponly-shim.efi
cp "$tmp/out" "$tmp/got" && : >"$tmp/out" && : >"$tmp/err"
is 0 '' ''
run cmp "$tmp/got" "$root/snponly-shim.efi"
is 0 '' ''
# shellcheck disable=SC2086
run $PEER tftp_client -p -s -b 1468 10.77.0.1 69 snponly-shim.efi
is 0 '' '0 blocks, 0 repeats, tsize 1000000, blksize 1468'
event '"action":"probe"'
stop

# S3-12: what these scripts load, they load by HTTP.
run grep -ri 'tftp' "$root/boot" "$root/boot.ipxe"
is 1 '' ''
loads() {
	cat "$root/boot.ipxe" "$root"/boot/*-01.ipxe |
		sed -nE 's/^ *(kernel|initrd|chain|imgfetch) +((--name|--timeout) +[^ ]+ +|--[a-z]+ +)*([^ ]+).*/\4/p' |
		sed -E 's,^\$\{(pxekit-[a-z]+)\}/.*,\1,' | sort -u
}
run loads
is 0 'pxekit-base
pxekit-deploy
pxekit-url' ''
# shellcheck disable=SC2016 # nothing to expand
run sed -nE 's,^set pxekit-(base|deploy|url) (http://10.77.0.1:8080).*,\1 \2,p' \
	"$root/boot.ipxe" "$root/boot/52-54-00-00-00-01.ipxe"
is 0 'base http://10.77.0.1:8080
url http://10.77.0.1:8080
deploy http://10.77.0.1:8080' ''

# S2-23, N-09: the lines of the real server, and what jobctl makes of them.
run jobctl ingest <"$tmp/events"
is 0 'ingested 6, repeated 0, refused 0, malformed 0' ''
quoted() { # JOB: its transfers, as people see them, without what time and load make of them
	jobctl show "$1" | sed -nE 's/^[0-9:.]+ +[0-9.]+ m?s +(TFTP .*[^ ]) *$/\1/p' | tr -s ' ' |
		sed -E 's/[0-9.]+ kB/N kB/;s/[0-9]+ repeated, [0-9]+ timeouts/N repeated, N timeouts/'
}
run quoted one
size=$(wc -c <"$root/boot/52-54-00-00-00-01.ipxe")
is 0 "TFTP autoexec.ipxe tftpd-lite N kB, done; boot/52-54-00-00-00-01.ipxe; tsize $size, blksize 1468, windowsize 4; 1 blocks, N repeated, N timeouts
TFTP snponly-shim.efi tftpd-lite 1.0 MB, done; tsize 1000000, blksize 1468, windowsize 4; 682 blocks, N repeated, N timeouts" ''
run jobctl --json show two
: >"$tmp/err"
two=$(jq -r '.attempts[-1].timeline[] | "\(.source) \(.phase) \(.octets) \(.failed)"' "$tmp/out")
size=$(wc -c <"$root/boot/52-54-00-00-00-02.ipxe")
same 'the other machine has its own line' "tftpd-lite TFTP autoexec.ipxe $size false" "$two"
pairs() {
	jobctl --json events | jq -r 'select(.event == "transfer") | "\(.mac) \(.address) \(.file)"' | sort -u
}
run pairs
is 0 '52:54:00:00:00:01 10.77.0.21 autoexec.ipxe
52:54:00:00:00:01 10.77.0.21 snponly-shim.efi
52:54:00:00:00:02 10.78.0.22 autoexec.ipxe' ''
end
