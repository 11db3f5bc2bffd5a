#!/bin/sh
# Rows: N-02 (pxeproxy's part)
# Options, messages, exit status; and what it would have said to real firmware, replayed
# from captures, without a network.
set -u
. "${srcdir:-.}/tests/sh.inc"
. "$srcdir/tests/integration/pxeproxy.inc"
captures=$srcdir/tests/corpus/pcap
mac=52:54:00:77:00:10 # the machine of all captures

run pxeproxy --no-such-option
is 2 '' "pxeproxy: unrecognized option '--no-such-option'
Try 'pxeproxy --help'."

run pxeproxy eth0
is 2 '' "pxeproxy: 'eth0': an argument that means nothing here
Try 'pxeproxy --help'."

run sh -c 'pxeproxy --help | head -n 1'
is 0 'Usage: pxeproxy [OPTION]...' ''

run sh -c 'pxeproxy --version | cut -d" " -f1,2'
is 0 'pxeproxy (pxekit)' ''

run sh -c 'pxeproxy --help >/dev/full'
is 3 '' 'pxeproxy: standard output: No space left on device'

# ---- the configuration ----

mkdir -p "$site/state"
configuration >"$PXEKIT_CONF"
run pxeproxy --check
is 0 '' ''

run pxeproxy --check --config="$site/none.conf"
is 2 '' "$site/none.conf: No such file or directory"

printf 'network lab {\n\tsubnet = everything\n}\n' >"$site/bad.conf"
run pxeproxy --config="$site/bad.conf"
[ $code = 2 ] && grep -q "^$site/bad.conf:2: subnet 'everything'" "$tmp/err" && : >"$tmp/err"
is 2 '' ''

: >"$site/empty.conf"
run pxeproxy --check -c "$site/empty.conf"
is 0 '' 'pxeproxy: network default: has no url: iPXE and HTTP Boot clients get no answer'

run pxeproxy --interface=nosuch0
is 2 '' 'pxeproxy: nosuch0: no such interface: No such device'

# ---- replay ----

run pxeproxy --replay="$captures/not-a-capture"
is 3 '' "pxeproxy: $captures/not-a-capture: not a capture file (pcap)"
run pxeproxy --replay="$site/nothing"
is 3 '' "pxeproxy: $site/nothing: cannot read it: No such file or directory"

# The database is asked as ever.
sed -i 's|10\.0\.0\.0/24"|10.77.0.0/24" server = "10.77.0.2"|' "$PXEKIT_CONF"
said() { # capture pattern
	pxeproxy --replay="$captures/$1.pcap" | grep -E "^($2): "
}
run said ovmf-pxe verdict
[ $code = 0 ] && grep -q 'cannot open the database' "$tmp/err" && : >"$tmp/err"
is 0 'verdict: silent
verdict: silent
verdict: silent
verdict: silent' ''

image_make
jobctl add --mac $mac --image tiny >/dev/null

run said ovmf-pxe 'frame|verdict|file'
is 0 'frame: 1
verdict: offer
file: snponly.efi
frame: 6
verdict: ack
file: snponly.efi
frame: 8
verdict: offer
file: http://10.0.0.1:8080/boot.ipxe
frame: 13
verdict: ack
file: http://10.0.0.1:8080/boot.ipxe' ''

run said ovmf-http 'verdict|file|60'
is 0 'verdict: offer
file: http://10.0.0.1:8080/loader/snponly.efi
60: HTTPClient
verdict: offer
file: http://10.0.0.1:8080/boot.ipxe
60: PXEClient
verdict: ack
file: http://10.0.0.1:8080/boot.ipxe
60: PXEClient' ''

run said bios-ipxe 'verdict|file|43.71'
is 0 'verdict: offer
file: http://10.0.0.1:8080/boot.ipxe
verdict: ack
file: http://10.0.0.1:8080/boot.ipxe
43.71: 32770 0' ''

run said arm64 'request|file'
is 0 "request: DISCOVER from $mac arch 11
file: arm64.efi
request: REQUEST from $mac arch 11
file: arm64.efi
request: DISCOVER from $mac arch 19
file: http://10.0.0.1:8080/loader/arm64.efi" ''

run sh -c "pxeproxy --replay=- <'$captures/big-endian-raw.pcap' | sed -n 2,4p"
is 0 "request: DISCOVER from $mac arch 7
verdict: offer
rule: job (it has a job to do)" ''

run said vlan verdict
is 0 'verdict: offer' ''

# ---- the replies as a capture ----

run pxeproxy --write-pcap="$site/out.pcap"
is 2 '' "pxeproxy: --write-pcap goes with --replay only
Try 'pxeproxy --help'."
run pxeproxy --replay="$captures/ovmf-pxe.pcap" --write-pcap="$site/none/out.pcap"
is 3 '' "pxeproxy: $site/none/out.pcap: cannot write it: No such file or directory"
decoded() {
	tshark -r "$site/out.pcap" -T fields -E separator=' ' -e ip.src -e udp.srcport \
		-e ip.dst -e udp.dstport -e dhcp.option.dhcp -e dhcp.file 2>/dev/null
}
pxeproxy --replay="$captures/ovmf-pxe.pcap" --write-pcap="$site/out.pcap" >/dev/null
run decoded
is 0 '10.77.0.2 67 255.255.255.255 68 2 snponly.efi
10.77.0.2 4011 10.77.0.145 4011 5 snponly.efi
10.77.0.2 67 255.255.255.255 68 2 http://10.0.0.1:8080/boot.ipxe
10.77.0.2 4011 10.77.0.145 68 5 http://10.0.0.1:8080/boot.ipxe' ''

# ---- every capture there is: each reply is well formed for another decoder ----

experts() {
	tshark -r "$1" -Y _ws.expert -T fields -e frame.number -e _ws.expert.message 2>/dev/null
}
# PXEKIT_CAPTURES may name a folder with more of them.
for capture in "$captures"/*.pcap "${PXEKIT_CAPTURES:-/nowhere}"/*.pcap; do
	[ -e "$capture" ] || continue
	pxeproxy --replay="$capture" --write-pcap="$site/out.pcap" >"$site/said"
	run experts "$site/out.pcap"
	is 0 '' ''
done

# ---- firmware that does not take the first answer gets another ----

cp "$PXEKIT_CONF" "$site/before.conf"
echo "machine picky { mac = { \"$mac\" } style = auto }" >>"$PXEKIT_CONF"
run said asks-again 'frame|style'
is 0 'frame: 1
style: direct
frame: 2
style: binl
frame: 3
style: menu
frame: 5
style: menu' ''
cat >>"$PXEKIT_CONF" <<'END'
platform sealed { route = shim-grub }
END
sed -i 's/^network lab {/& route = ipxe-shim/' "$PXEKIT_CONF"
run said vlan 'route|style|machine|second|file'
is 0 'route: ipxe-shim
style: direct
machine: picky
second: x64-sb/ipxe.efi
file: x64-sb/ipxe-shim.efi' ''
cp "$site/before.conf" "$PXEKIT_CONF"

# ---- a DHCP server that no proxy can bear ----

run said server-option-60 'verdict|54'
is 0 'verdict: fault
54: 10.77.0.1' ''

# jobctl explain, asked about the same machine, names the same rule.
run sh -c "jobctl --json explain $mac | jq -r .plan.rule"
is 0 job ''

jobctl cancel $mac >/dev/null
run said ovmf-pxe 'rule|43.9'
is 0 'rule: idle (it is known and has nothing to do)
43.9: 0
rule: idle (it is known and has nothing to do)
43.9: 0
rule: idle (it is known and has nothing to do)
rule: idle (it is known and has nothing to do)' ''

end
