#!/bin/sh
# Hostile values in an iPXE script arrive as text in iPXE, in one boot of QEMU.
# Rows: S0-38 S0-10
set -u
. "${srcdir:-.}/tests/sh.inc"

probe=$builddir/tests/integration/render_probe
"$probe" values "${SEED:-1}" 200 >"$tmp/values"
cat >"$tmp/t.ipxe" <<'END'
#!ipxe
{{#case}}
set v {{v}}
set n {{n}}
echo @${n}=${v:hex}@
{{/case}}
echo @end@
sleep 1
reboot
END
run "$probe" render "$tmp/t.ipxe" "$tmp/values" "$tmp/refused"
mv "$tmp/out" "$tmp/script.ipxe"
: >"$tmp/out"
is 0 '' ''

qemu-system-x86_64 -M q35,graphics=off -accel tcg -m 256 -nodefaults -display none \
	-serial "file:$tmp/serial" -no-reboot -kernel /boot/ipxe.lkrn \
	-initrd "$tmp/script.ipxe" </dev/null 2>"$tmp/qemu.err" &
qemu=$!
trap 'kill $qemu 2>/dev/null; wait $qemu; rm -rf "$tmp"' EXIT
begin=$(date +%s)
while kill -0 $qemu 2>/dev/null && [ $(($(date +%s) - begin)) -lt 300 ]; do
	sleep 1
done
# The console breaks lines at its edge.
python3 - "$tmp/serial" >"$tmp/got" <<'END'
import re, sys
text = re.sub(rb"\s|\x1b\[[0-9;?]*[a-zA-Z]", b"", open(sys.argv[1], "rb").read())
for n, (number, value) in enumerate(re.findall(rb"@(\d+)=([0-9a-f:]*)@", text)):
    assert int(number) == n, (number, n)
    print(value.replace(b":", b"").decode())
END
run python3 "$srcdir/tests/integration/render_judge.py" ipxe "$tmp/values" "$tmp/refused" "$tmp/got"
is 0 '' ''
run grep -c INJECTED "$tmp/serial"
is 1 0 ''
run grep -c '@end@' "$tmp/serial"
is 0 1 ''

end
