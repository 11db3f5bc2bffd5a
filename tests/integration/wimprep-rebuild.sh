#!/bin/sh
# wimprep-rebuild: a line for each change, a version that passes, and no more than N of them.
# Rows: S0-14 N-04
set -u
. "${srcdir:-.}/tests/sh.inc"
. "${srcdir:-.}/tests/integration/wimprep.inc"
site
cd "$tmp" || exit 99
rebuild=$srcdir/scripts/wimprep-rebuild
virtio virtio
media boot.wim
program curl.exe
for name in ws other; do
	mkdir -p site/images/$name/1 && cp boot.wim site/images/$name/1/ && ln -s 1 site/images/$name/current
	printf '# pxekit-image: 1\n# name: %s\n# version: 1\n# kind: wim\n# arch: x86_64\n# min-disk: 1048576\n# size: %s boot.wim\n%s  boot.wim\n' \
		$name "$(stat -c %s boot.wim)" "$(sha256sum <boot.wim | cut -c1-64)" >site/images/$name/1/MANIFEST
done
cat >list <<END
# a comment
ws --drivers=$tmp/virtio --curl=$tmp/curl.exe

other --curl=$tmp/curl.exe
END
versions() {
	find site/images/ws -maxdepth 1 -name '[0-9]*' -printf '%f\n' | sort -V | tr '\n' ' '
	readlink site/images/ws/current
}

run "$rebuild" --file=list ws
is 0 'ws@1+d1: prepared and current; drivers: vioscsi, viostor, netkvm' ''
run versions
is 0 '1 1+d1 1+d1' ''
run "$rebuild" --file=list ws
is 0 '' ''
run "$rebuild" --file=list -v
is 0 'ws@1+d1: unchanged
other@1+d1: prepared and current; drivers: none; 1 warnings of wimprep verify' ''

# Drivers, templates: each change is a version; three stay, and the original.
for i in 2 3 4; do
	echo $i >>virtio/vioscsi/2k25/amd64/vioscsi.sys
	run "$rebuild" --file=list --keep=3 ws
	is 0 "ws@1+d$i: prepared and current; drivers: vioscsi, viostor, netkvm" ''
done
run versions
is 0 '1 1+d2 1+d3 1+d4 1+d4' ''
echo 'rem more' >>"$PXEKIT_TEMPLATES/wimprep/startnet.cmd"
run "$rebuild" --file=list --keep=1 ws
is 0 'ws@1+d5: prepared and current; drivers: vioscsi, viostor, netkvm' ''
run versions
is 0 '1 1+d5 1+d5' ''

# What does not pass is not made current, this time and the next.
cp "$PXEKIT_TEMPLATES/wimprep/startnet.cmd" good.cmd
echo 'echo only' >"$PXEKIT_TEMPLATES/wimprep/startnet.cmd"
for options in '' -v; do
	run "$rebuild" --file=list $options ws
	is 1 'ws@1+d6: does not pass and is not current: startnet  startnet.cmd does not call wpeinit: there is no network' ''
done
run readlink site/images/ws/current
is 0 1+d5 ''
cp good.cmd "$PXEKIT_TEMPLATES/wimprep/startnet.cmd"

# A build that fails, and one that is busy, are lines with their exit status.
rm virtio/NetKVM/2k25/amd64/netkvm.sys
"$rebuild" --file=list ws >out 2>err
code=$?
sed 's/: not prepared: .*netkvm.sys.*/: not prepared: ... netkvm.sys ... /' out >out2 && mv out2 out
what='a driver that is not whole'
is 3 'ws: not prepared: ... netkvm.sys ... ' ''
exec 8<site/images/other/.wimprep/lock
flock 8
run "$rebuild" --file=list --wait=0 other
is 75 'other: not prepared: other@1+d1: somebody else is building it; try again, or wait with --wait=SECONDS' ''
exec 8<&-

# New media: a version of its own base.
mkdir site/images/other/2 && sed 's/^# version: 1/# version: 2/' site/images/other/1/MANIFEST >site/images/other/2/MANIFEST
cp boot.wim site/images/other/2/ && ln -sfn 2 site/images/other/current
run "$rebuild" --file=list other
is 0 'other@2+d1: prepared and current; drivers: none; 1 warnings of wimprep verify' ''
run "$rebuild" --file=nothing
is 3 '' 'wimprep-rebuild: nothing: cannot be read'
run "$rebuild" --keep=none
is 2 '' "wimprep-rebuild: --keep: 'none' is not a number from 1
Try 'wimprep-rebuild --help'."

# The examples are what the script and cron read.
run "$rebuild" --file="$srcdir/examples/wimprep-rebuild.conf" nothing
is 0 '' ''
run awk '!/^#/ && !/^[A-Z]+=/ && NF && $0 !~ /^[0-9]+ [0-9]+ \* \* \* root \/usr\/share\/pxekit\/wimprep-rebuild$/' "$srcdir/examples/wimprep-rebuild.cron"
is 0 '' ''

run grep -c '^dist_pkgdata_SCRIPTS += scripts/wimprep-rebuild$' "$srcdir/scripts/local.mk"
what='that is where make install puts it'
is 0 1 ''

end
