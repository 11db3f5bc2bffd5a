#!/bin/sh
# Every machine that was ever installed stays in the registry, with what it was made of.
# Rows: S1-26 S3-17 N-07 X-03 X-05
. "$srcdir/tests/sh.inc"
. "$srcdir/tests/integration/jobctl.inc"
site
mkdir -p "$tmp/tftp" "$tmp/templates"
echo loader >"$tmp/tftp/ipxe.efi"
cat >>"$PXEKIT_CONF" <<-END
	tftp = "$tmp/tftp"
	templates = "$tmp/templates"
END
PXEKIT_TEMPLATES=$srcdir/tools/ipxegen/templates
export PXEKIT_TEMPLATES
sum() { sha256sum "$1" | cut -d' ' -f1; }

installed() { # JOB ATTEMPT
	for state in booting installing configuring 'done'; do report "$1" "$2" "$state"; done >"$tmp/in"
	jobctl ingest <"$tmp/in" >/dev/null
}

package=$(printf %064d 7)
sed -i "/^# min-disk/a # driver: vioscsi 100.1 $package\n# driver: older 1.0" "$tmp/images/debian12/1.0.0/MANIFEST"
jobctl add --mac 52:54:00:00:00:01 --mac 52:54:00:00:00:11 --uuid 11111111-2222-3333-4444-555555555555 \
	--image debian12 --hostname web1 >/dev/null
jobctl add --mac 52:54:00:00:00:02 --image rescue --hostname db1 >/dev/null
# What iPXE says of the machine, as bootweb tells it.
cat >"$tmp/in" <<-'END'
	{"v":1,"time":"2026-11-22T01:02:03.000Z","event":"script","id":"s1","source":"bootweb","mac":"52:54:00:00:00:01","uuid":"11111111-2222-3333-4444-555555555555","serial":"SN-4711-0815","manufacturer":"QEMU","product":"Standard PC","arch":7,"address":"10.77.0.20","network":"lab"}
END
jobctl ingest <"$tmp/in" >/dev/null
run jobctl systems
is 0 '' 'Nothing has been installed yet.'
installed 1 1
installed 2 1
run jobctl systems --json
same 'both are systems' '["web1","db1"]' "$(json '[.systems[].name]')"
same 'with all that it said of itself' '["QEMU","Standard PC","SN-4711-0815",7,"10.77.0.20",2]' \
	"$(json '.systems[0] | [.manufacturer, .product, .serial, .arch, .address, (.macs | length)]')"
same 'and what was installed' '[[1,1,"debian12@1.0.0","web1"]]' \
	"$(json '[.systems[0].installs[] | [.job, .attempt, .image, .hostname]]')"

run jobctl record web1
cp "$tmp/out" "$tmp/record"
same 'one line' 1 "$(wc -l <"$tmp/record")"
manifest=$tmp/images/debian12/1.0.0/MANIFEST
same 'who, and which machine' "[\"$actor\",\"11111111-2222-3333-4444-555555555555\",\"web1\"]" \
	"$(json '[.actor, .machine.uuid, .hostname]')"
same 'image and manifest' "[\"debian12@1.0.0\",\"$(sum "$manifest")\"]" "$(json '[.image, .manifest.sha256]')"
same 'its files' "[[\"rootfs.tar.gz\",\"$(sum "$tmp/images/debian12/1.0.0/rootfs.tar.gz")\"]]" \
	"$(json '[.files[] | [.name, .sha256]]')"
same 'the drivers' "[[\"vioscsi\",\"100.1\",\"$package\"],[\"older\",\"1.0\",null]]" \
	"$(json '[.drivers[] | [.name, .version, .sha256]]')"
same 'the loader' "[\"ipxe-efi64\",\"$(sum "$tmp/tftp/ipxe.efi")\"]" "$(json '[.loader.name, .loader.sha256]')"
same 'the template of its script' "\"$(sum "$PXEKIT_TEMPLATES/install.ipxe")\"" \
	"$(json '.templates[] | select(.name == "install.ipxe") | .sha256')"
same 'none without a hash' 0 "$(json '[.templates[] | select(.sha256 == null)] | length')"
run jobctl systems
same 'the checksum in the list' 1 "$(grep -c "$(sum "$manifest" | cut -c 1-16)" "$tmp/out")"

# What is recorded stays, whatever becomes of the files or the job.
echo changed >"$tmp/templates/install.ipxe"
jobctl retry 1 >/dev/null
installed 1 2
jobctl rm 1 >/dev/null
run jobctl record 1
same 'two attempts, two records' 2 "$(wc -l <"$tmp/out")"
same 'the first as it was' "$(cat "$tmp/record")" "$(head -n 1 "$tmp/out")"
same 'the second with the changed template' "\"$(sum "$tmp/templates/install.ipxe")\"" \
	"$(tail -n 1 "$tmp/out" | jq -c '.templates[] | select(.name == "install.ipxe") | .sha256')"
run jobctl systems web1
same 'its history for people' 2 "$(grep -c 'debian12@1.0.0' "$tmp/out")"
same 'and all addresses' 1 "$(grep -c '52:54:00:00:00:11' "$tmp/out")"
run jobctl record 99
is 1 '' 'jobctl: 99: has not installed anything'

# Drift: what a new job would not bring.
run jobctl machines --drift
is 0 '' ''
image debian12 2.0.0
run jobctl machines --drift --json
same 'one has drifted' '1 ["web1","debian12@1.0.0","debian12@2.0.0"]' \
	"$code $(json '.machines[] | [.name, .installed, .current]')"
run imgctl drift --json
same 'imgctl says the same' '["web1","debian12@1.0.0","debian12@2.0.0"]' \
	"$(json '.machines[] | [.hostname, .installed, .current]')"

# Retired: no job, no drift, but still there.
run jobctl retire web1
is 0 '52:54:00:00:00:01: retired' ''
run jobctl retire web1
is 1 '' 'jobctl: 52:54:00:00:00:01: is retired already'
run jobctl machines --drift
is 0 '' ''
run jobctl add --mac 52:54:00:00:00:01 --image debian12
same 'it gets no job' '1 1' "$code $(grep -c 'is retired; jobctl unretire takes it back' "$tmp/err")"
same 'the list says so' 1 "$(jobctl systems | grep -c 'web1.*retired')"
run jobctl unretire web1
is 0 '52:54:00:00:00:01: in use again' ''
run jobctl add --mac 52:54:00:00:00:01 --image debian12
same 'then it does' 0 "$code"
run jobctl retire web1
same 'but not with a job' '1 1' "$code $(grep -c 'has job 3, which is queued: cancel it first' "$tmp/err")"
run jobctl audit --json
same 'all that is on record' '["retire","unretire"]' "$(json '[.audit[].event.action | select(test("retire"))]')"

# Who made an unknown card, by the IEEE's list.
printf '52-54-00   (hex)\t\tRealtek (UpTech? also reported)\r\n28-6F-B9   (hex)\t\tNokia\r\n' >"$tmp/oui.txt"
PXEKIT_OUI=$tmp/oui.txt
export PXEKIT_OUI
cat >"$tmp/in" <<-'END'
	{"v":1,"time":"2026-11-22T01:02:03.000Z","event":"silent","id":"u1","source":"pxeproxy","mac":"28:6f:b9:00:00:01","arch":7,"network":"lab","rule":"unknown"}
	{"v":1,"time":"2026-11-22T01:02:04.000Z","event":"silent","id":"u2","source":"pxeproxy","mac":"02:00:00:00:00:01","arch":0,"network":"lab","rule":"unknown"}
	{"v":1,"time":"2026-11-22T01:03:03.000Z","event":"silent","id":"u3","source":"pxeproxy","mac":"28:6f:b9:00:00:01","arch":7,"network":"lab","rule":"unknown"}
END
jobctl ingest <"$tmp/in" >/dev/null
run jobctl machines --new --json
same 'vendor, network, attempts, first and last' \
	'[["28:6f:b9:00:00:01","Nokia","lab",2,"2026-11-22T01:02:03.000Z","2026-11-22T01:03:03.000Z"],["02:00:00:00:00:01","locally administered","lab",1,"2026-11-22T01:02:04.000Z","2026-11-22T01:02:04.000Z"]]' \
	"$(json '[.machines[] | [.mac, .vendor, .network, .seen, .first_seen, .last_seen]]')"
run jobctl machines --new
same 'for people' 1 "$(grep -c '28:6f:b9:00:00:01 *Nokia .*lab' "$tmp/out")"
PXEKIT_OUI=$tmp/none
run jobctl machines --new --json
same 'without the list nobody is known' '""' "$(json '.machines[0].vendor')"
end
