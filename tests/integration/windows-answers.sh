#!/bin/sh
# Answer files: every pair of options, with hostile passwords, read by an XML parser
# against a table of what Windows wants where; and what jobctl add refuses.
# Rows: S0-40 S1-13 S1-14 S1-15 S1-16 S1-23 S1-24 X-06
set -u
. "${srcdir:-.}/tests/sh.inc"
. "$srcdir/tests/integration/jobctl.inc"
PXEKIT_TEMPLATES=$srcdir/tools/ipxegen/templates
export PXEKIT_TEMPLATES
site
echo 'url = "http://10.77.0.2:8080"' >>"$tmp/pxekit.conf"
mkdir -p "$tmp/images/win/1"
echo wim >"$tmp/images/win/1/boot.wim"
{
	printf '# pxekit-image: 1\n# name: win\n# version: 1\n# kind: wim\n# arch: x86_64\n'
	echo '# edition: 1 17763 amd64 Server ServerStandard en-US 9 Windows Server 2019 Standard'
	echo '# edition: 2 20348 amd64 ServerCore ServerDatacenter en-US 9 Windows Server 2022 Datacenter Core'
	echo '# edition: 3 26100 amd64 Server ServerStandard en-US 9 Windows Server 2025 Standard'
	echo '# edition: 4 19045 amd64 Client Professional en-US 9 Windows 10 Pro'
	echo '# edition: 5 26100 arm64 Client Professional en-US 9 Windows 11 Pro'
	cd "$tmp/images/win/1" && sha256sum boot.wim
} >"$tmp/images/win/1/MANIFEST"
ln -s 1 "$tmp/images/win/current"

run python3 "$srcdir/tests/integration/windows_answers.py" "$tmp/pxekit.conf" "$tmp/xml"
is 0 enough ''
run sh -c "xmllint --noout '$tmp'/xml/*.xml"
is 0 '' ''

# ---- what Windows would not know ----
refused() { # OPTION VALUE REASON
	run jobctl add --mac 52:54:00:00:01:00 --image win --edition 3 "--$1" "$2"
	is 2 '' "jobctl: --$1 $2: $3"
}
refused timezone Mars/Olympus 'Windows has no such zone; give one like Europe/Vienna, or one of tzutil /l'
refused locale tlh_QO.UTF-8 'Windows has no such locale; give one like de_AT.UTF-8 or de-AT'
refused keyboard piano "no layout of Windows is known for it; give one like de, or Windows' own, like 0407:00000407"
# Linux may.
run jobctl add --mac 52:54:00:00:01:00 --image debian12 --keyboard piano --timezone Mars/Olympus
same 'other systems have their own' 0 "$code"
end
