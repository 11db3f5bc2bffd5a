#!/bin/sh
# Rows: N-02 (pxeproxy's part) S2-10 S2-27 S3-20
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

mkdir -p "$site/state" "$site/tftp"
configuration >"$PXEKIT_CONF"
echo "tftp = \"$site/tftp\"" >>"$PXEKIT_CONF"
for file in undionly.kpxe ipxe32.efi snponly.efi arm32.efi arm64.efi; do
	: >"$site/tftp/$file"
done
run pxeproxy --check
is 0 '' ''
run with_tcp pxeproxy
is 3 '' 'pxeproxy: the socket handed over: cannot open it: Protocol wrong type for socket'

run pxeproxy --check --config="$site/none.conf"
is 2 '' "$site/none.conf: No such file or directory"

printf 'network lab {\n\tsubnet = everything\n}\n' >"$site/bad.conf"
run pxeproxy --config="$site/bad.conf"
[ $code = 2 ] && grep -q "^$site/bad.conf:2: subnet 'everything'" "$tmp/err" && : >"$tmp/err"
is 2 '' ''

printf 'tftp = "%s"\n' "$site/tftp" >"$site/empty.conf"
run pxeproxy --check -c "$site/empty.conf"
is 1 '' 'pxeproxy: network default: has no url: iPXE and HTTP Boot clients get no answer'

# Loaders and routes that lead to no file; one by URL is not ours to look for.
cat >"$site/gaps.conf" <<END
url = "http://[fd00:77::1]:8080"
tftp = "$site/tftp"
network lab { subnet = "10.0.0.0/24" route = bootmgfw }
loader x64 { arch = { 7 } file = "snponly.efi" second = "none.efi" }
loader bios { arch = { 0 } file = "none.kpxe" }
loader far { arch = { 11 } file = "http://[fd00:77::1]/arm64.efi" }
platform sealed { route = ipxe-shim }
machine risc { arch = { 27 } route = shim-grub }
END
run pxeproxy --check -c "$site/gaps.conf"
is 1 '' "pxeproxy: loader x64: second 'none.efi' is not below $site/tftp
pxeproxy: loader bios: file 'none.kpxe' is not below $site/tftp
pxeproxy: network lab: route bootmgfw: none of its loaders is below $site/tftp
pxeproxy: platform sealed: route ipxe-shim: none of its loaders is below $site/tftp
pxeproxy: machine risc: route shim-grub has no loader for arch 27
pxeproxy: machine risc: route shim-grub: none of its loaders is below $site/tftp"
rmdir_and_check() {
	mv "$site/tftp" "$site/away"
	pxeproxy --check
	code=$?
	mv "$site/away" "$site/tftp"
	return $code
}
run rmdir_and_check
is 1 '' "pxeproxy: $site/tftp: No such file or directory"

# ---- the configuration as it holds, to be kept ----

cat >>"$site/gaps.conf" <<'END'
machine old { mac = { "52:54:00", "aa:bb:cc:dd:ee:ff" } product = "a\\ b*" style = menu }
profile office { dns = { "10.0.0.1", "10.0.0.2" } arguments = "quiet"
	password-hash = "$6$salt$0123456789012345678901234567890123456789012345678901234567890123456789012345678901234." }
END
pxeproxy -c "$site/gaps.conf" --print-config >"$site/printed.conf"
run grep -cE '^(url = "http://\[fd00:77::1\]:8080"|network lab|	unknown = "silent"|loader sb-grub-efi64 .|	dns = . "10.0.0.1", "10.0.0.2" .|	product = "a.. b\*"|	# password-hash is set and not shown)' "$site/printed.conf"
is 0 7 ''
run grep -c '^loader ipxe-efi64\|^loader ipxe-bios\|\$6\$salt' "$site/printed.conf"
is 1 0 ''
again() {
	pxeproxy -c "$site/printed.conf" --print-config
}
grep -v '# password-hash' "$site/printed.conf" >"$site/expected.conf"
run again
is 0 "$(cat "$site/expected.conf")" ''
run pxeproxy --print-config -c "$site/bad.conf"
[ $code = 2 ] && : >"$tmp/err"
is 2 '' ''

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

# Firmware that was never run here, by the shape that it is described in: two Raspberry
# Pis, U-Boot by its own name and as it asks for an EFI program, VMware, Hyper-V.
for m in b8:27:eb:10:77:03 dc:a6:32:10:77:04 02:75:62:10:77:05 02:75:62:10:77:06 \
	00:0c:29:10:77:07 00:15:5d:10:77:08; do
	jobctl add --mac $m --image tiny >/dev/null
done
echo 'loader uboot { arch = { 22 } file = "uboot/efi.img" }' >>"$PXEKIT_CONF"
run said other-firmware 'request|verdict|siaddr|file|60|43.6|43.9.*|43.10.*'
is 0 'request: DISCOVER from b8:27:eb:10:77:03 arch 0
verdict: offer
siaddr: 10.77.0.2
file: bootcode.bin
60: PXEClient
43.6: 3
43.9: 0
43.9 text: Raspberry Pi Boot   
43.10: 0
43.10 text: PXE
request: DISCOVER from dc:a6:32:10:77:04 arch 0
verdict: offer
siaddr: 10.77.0.2
file: bootcode.bin
60: PXEClient
43.6: 3
43.9: 0
43.9 text: Raspberry Pi Boot   
43.10: 0
43.10 text: PXE
request: DISCOVER from 02:75:62:10:77:05 arch 22
verdict: offer
siaddr: 10.77.0.2
file: uboot/efi.img
60: PXEClient
43.6: 8
request: DISCOVER from 02:75:62:10:77:06 arch 11
verdict: offer
siaddr: 10.77.0.2
file: arm64.efi
60: PXEClient
43.6: 8
request: DISCOVER from 00:0c:29:10:77:07 arch 7
verdict: offer
siaddr: 10.77.0.2
file: snponly.efi
60: PXEClient
43.6: 8
request: DISCOVER from 00:15:5d:10:77:08 arch 7
verdict: offer
siaddr: 10.77.0.2
file: snponly.efi
60: PXEClient
43.6: 8' ''
for m in b8:27:eb:10:77:03 dc:a6:32:10:77:04 02:75:62:10:77:05 00:0c:29:10:77:07; do
	jobctl cancel $m >/dev/null
done
# The menu of the others would be one that these boot by; silence is all they know.
run said other-firmware 'verdict|rule|43.9'
is 0 'verdict: silent
rule: idle (it is to boot locally, and its firmware knows no word for that)
verdict: silent
rule: idle (it is to boot locally, and its firmware knows no word for that)
verdict: silent
rule: idle (it is to boot locally, and its firmware knows no word for that)
verdict: offer
rule: job (it has a job to do)
verdict: offer
rule: idle (it is known and has nothing to do)
43.9: 0
verdict: offer
rule: job (it has a job to do)' ''

# DHCP is of IPv4, what it names need not be.
sed 's|url = .*|url = "http://[fd00:77::2]:8080"|' "$PXEKIT_CONF" >"$site/v6.conf"
echo 'loader far { arch = { 9, 7 } file = "http://[fd00:77::2]/snponly.efi" }' >"$site/far"
sed '/^loader x64/d' "$site/v6.conf" | cat - "$site/far" >"$site/far.conf"
far() { # configuration
	PXEKIT_CONF=$1 pxeproxy --replay="$captures/ovmf-http.pcap" | grep '^file: '
}
run far "$site/v6.conf"
is 0 'file: http://[fd00:77::2]:8080/loader/snponly.efi
file: http://[fd00:77::2]:8080/boot.ipxe
file: http://[fd00:77::2]:8080/boot.ipxe' ''
run far "$site/far.conf"
is 0 'file: http://[fd00:77::2]/snponly.efi
file: http://[fd00:77::2]:8080/boot.ipxe
file: http://[fd00:77::2]:8080/boot.ipxe' ''

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
# Each packet that the decoder was ever tried with, too, as if it had come to either port.
as_capture() { # folder
	python3 - "$1" <<'END'
import pathlib, struct, sys
out = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101)
for port in 67, 4011:
	for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):
		udp = path.read_bytes()[:1400]
		udp = struct.pack(">HHHH", 68, port, 8 + len(udp), 0) + udp
		ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0,
				 bytes(4), b"\xff" * 4)
		out += struct.pack("<IIII", 1795320000, 0, len(ip + udp), len(ip + udp)) + ip + udp
sys.stdout.buffer.write(out)
END
}
mkdir "$site/more"
as_capture "$srcdir/tests/corpus/dhcp" >"$site/more/corpus.pcap"
run test "$(pxeproxy --replay="$site/more/corpus.pcap" | grep -c '^verdict: \(offer\|ack\)')" -ge 10
is 0 '' ''
# PXEKIT_CAPTURES may name a folder with more of them.
for capture in "$captures"/*.pcap "$site"/more/*.pcap "${PXEKIT_CAPTURES:-/nowhere}"/*.pcap; do
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
