#!/bin/sh
# wimprep build --image: new versions of an image, one builder at a time, killed at any moment.
# Rows: S0-14 S0-38 S1-24
set -u
. "${srcdir:-.}/tests/sh.inc"
. "${srcdir:-.}/tests/integration/wimprep.inc"
site
cd "$tmp" || exit 99

# image NAME VERSION: of what stands in "$tmp/media"
image() {
	mkdir -p "site/images/$1/$2" && cp -r media/. "site/images/$1/$2"
	(
		cd "site/images/$1/$2" || exit 99
		printf '# pxekit-image: 1\n# name: %s\n# version: %s\n# kind: wim\n# arch: x86_64\n' "$1" "$2"
		printf '# min-disk: 1048576\n# of-somebody: else\n'
		find . -type f ! -name MANIFEST | sed 's|^\./||' | sort | while read -r f; do
			printf '# size: %s %s\n' "$(stat -c %s "$f")" "$f"
			sha256sum "$f"
		done
	) >"$tmp/manifest"
	mv "$tmp/manifest" "site/images/$1/$2/MANIFEST"
	ln -sfn "$2" "site/images/$1/current"
}

virtio virtio
mkdir -p media/sources
media media/sources/boot.wim
program pe/Windows/System32/curl.exe
wimlib-imagex capture pe media/sources/install.wim --compress=none >/dev/null 2>&1
describe media/sources/install.wim 1 26100 9 Server
printf 'bootmgr' >media/bootmgr
image ws 1.0
ws=site/images/ws
sum=$(sha256sum <$ws/1.0/sources/boot.wim)

run wimprep build --image=ws -d virtio
is 0 'ws@1.0+d1: prepared: image 2, build 26100, amd64, 2k25; drivers: vioscsi, viostor, netkvm' ''
run sh -c "cd $ws/1.0+d1 && sha256sum --quiet -c MANIFEST"
is 0 '' ''
run stat -c %i $ws/1.0+d1/sources/install.wim $ws/1.0+d1/bootmgr
is 0 "$(stat -c %i $ws/1.0/sources/install.wim $ws/1.0/bootmgr)" ''
# Each package has one sum, of what the marker says about its files.
wimlib-imagex extract $ws/1.0+d1/sources/boot.wim 2 /pxekit/wimprep.txt --to-stdout >marker.txt 2>/dev/null
sum_of() { grep "^[0-9a-f]*  pxekit/drivers/$1/" marker.txt | sha256sum | cut -d' ' -f1; }
run grep -c '^[0-9a-f]*  pxekit/drivers/vioscsi/' marker.txt
is 0 3 ''
run grep -E '^# (version|prepared-from|driver|of-somebody|size: [0-9]+ sources/boot)' $ws/1.0+d1/MANIFEST
is 0 "# version: 1.0+d1
# prepared-from: 1.0
# driver: vioscsi 100.101.104.28500 $(sum_of vioscsi)
# driver: viostor 100.101.104.28500 $(sum_of viostor)
# driver: netkvm 100.101.104.28500 $(sum_of netkvm)
# of-somebody: else
# size: $(stat -c %s $ws/1.0+d1/sources/boot.wim) sources/boot.wim" ''
run sha256sum $ws/1.0/sources/boot.wim
is 0 "${sum%-}$ws/1.0/sources/boot.wim" ''
run readlink $ws/current
is 0 1.0 ''
# The catalogue's own tool agrees.
run imgctl verify ws@1.0+d1
: >"$tmp/out"
is 0 '' ''

run wimprep build --image=ws -d virtio
is 0 'ws@1.0+d1: unchanged' ''
run wimprep build --image=ws@1.0+d1 -d virtio --current
is 0 'ws@1.0+d1: unchanged
ws@1.0+d1: is current now' ''
run readlink $ws/current
is 0 1.0+d1 ''
# From the prepared one it goes back to its base, and an unknown last run is no change.
rm $ws/.wimprep/record-1.0
run wimprep build --image=ws -d virtio --current
is 0 'ws@1.0+d1: unchanged' ''
echo more >>virtio/vioscsi/2k25/amd64/vioscsi.sys
run wimprep build --image=ws -d virtio --current
is 0 'ws@1.0+d2: prepared: image 2, build 26100, amd64, 2k25; drivers: vioscsi, viostor, netkvm
ws@1.0+d2: is current now' ''
run sh -c "cd $ws/1.0+d2 && sha256sum --quiet -c MANIFEST"
is 0 '' ''
run ls $ws
is 0 '1.0
1.0+d1
1.0+d2
current' ''
run wimprep build --image=nothing
is 3 '' "wimprep: $tmp/site/images has no image nothing (see imgctl list)"
mkdir -p site/images/lin/1
printf '# pxekit-image: 1\n# name: lin\n# version: 1\n# kind: efi\n# arch: x86_64\n%s  boot.efi\n' "${sum%% *}" >site/images/lin/1/MANIFEST
run wimprep build --image=lin@1
is 3 '' 'wimprep: lin@1: has no boot.wim, it is no Windows media'
rm -r $ws/1.0
run wimprep build --image=ws -d virtio
is 3 '' "wimprep: $tmp/$ws/1.0/MANIFEST: No such file or directory: is what ws was made of, and it is built anew from that"

# ---- one at a time ----

head -c 8000000 /dev/urandom >pe/Windows/big
wimlib-imagex capture pe big.wim --compress=none --boot >/dev/null 2>&1
describe big.wim 1 26100
mkdir -p .o.wim.wimprep && : >.o.wim.wimprep/lock
exec 8<.o.wim.wimprep/lock
flock 8
run wimprep build -d virtio -o o.wim big.wim
is 75 '' 'wimprep: o.wim: somebody else is building it; try again, or wait with --wait=SECONDS'
run wimprep build -d virtio -o o.wim --wait=1 big.wim
is 75 '' 'wimprep: o.wim: somebody else is building it; try again, or wait with --wait=SECONDS'
exec 8<&-
pids=
for i in 1 2 3 4 5; do
	wimprep build -d virtio -o o.wim --wait=300 big.wim >said.$i 2>&1 &
	pids="$pids $!"
done
bad=0
for pid in $pids; do
	wait "$pid" || bad=$((bad + 1))
done
run test $bad = 0
is 0 '' ''
cat said.? | sed 's/:.*prepared.*/: prepared/' | sort | uniq -c | sed 's/^ *//' >said
run cat said
is 0 '1 o.wim: prepared
4 o.wim: unchanged' ''

# ---- killed at random moments ----

cp -r o.wim good.wim
echo other >>virtio/NetKVM/2k25/amd64/netkvm.sys
wimprep build -d virtio -o want.wim big.wim >/dev/null 2>&1
# killed FOLDER: the builder in the background, some time after it began to work there;
# counts in halves how often it left something half-done.
halves=0
killed() {
	pid=$!
	until [ -e "$1/stage" ] || ! kill -0 $pid 2>/dev/null; do
		:
	done
	perl -e 'select undef, undef, undef, rand $ARGV[0]' "$2"
	kill -9 $pid 2>/dev/null
	wait $pid 2>/dev/null
	[ ! -e "$1/stage" ] || halves=$((halves + 1))
}
torn=0
i=0
while [ $i -lt 25 ]; do
	rm -rf .k.wim.wimprep/stage
	cp good.wim k.wim
	wimprep build -d virtio -o k.wim big.wim >/dev/null 2>&1 &
	killed .k.wim.wimprep 0.08
	cmp -s k.wim good.wim || cmp -s k.wim want.wim || torn=$((torn + 1))
	i=$((i + 1))
done
run test $torn = 0 -a $halves -gt 0
what="$halves of 25 were killed half-way, and $torn files are torn"
is 0 '' ''
run wimprep build -d virtio -o k.wim big.wim
code2=$code
run cmp k.wim want.wim
is $code2 '' ''
run ls -A .k.wim.wimprep
is 0 'lock
record' ''

# The same of an image: a version is whole or is not there.
mv big.wim media/sources/boot.wim
image kill 1
torn=0 halves=0
i=0
while [ $i -lt 10 ]; do
	rm -rf site/images/kill/.wimprep/stage
	echo $i >>virtio/NetKVM/2k25/amd64/netkvm.sys
	wimprep build -d virtio --image=kill --current >/dev/null 2>&1 &
	killed site/images/kill/.wimprep 0.15
	for version in site/images/kill/[0-9]* site/images/kill/current; do
		(cd "$version" && sha256sum --status -c MANIFEST) || torn=$((torn + 1))
	done
	i=$((i + 1))
done
run test $torn = 0 -a $halves -gt 0
what="$halves of 10 were killed half-way, and $torn versions are torn"
is 0 '' ''
wimprep build -d virtio --image=kill --current >/dev/null 2>&1
run wimprep build -d virtio --image=kill --current
run readlink site/images/kill/current
is 0 "$(find site/images/kill -maxdepth 1 -name '[0-9]*' -printf '%f\n' | sort -V | tail -n 1)" ''
run ls -A site/images/kill/.wimprep
is 0 'lock
record-1' ''

# ---- too little space ----

mkdir small
# The variables are the inner shell's.
# shellcheck disable=SC2016
cramped='mount -t tmpfs -o size=4m none small && wimprep build -d virtio -o small/o.wim good.wim; c=$?; ls -A small/ >left; exit $c'
if unshare -rm true 2>/dev/null; then
	run unshare -rm sh -c "$cramped"
	sed 's/[0-9][0-9]* MiB/N MiB/; s/and [0-9]* are/and N are/; /no curl/d' err >err2 && mv err2 err
	is 3 '' 'wimprep: small/o.wim: N MiB are needed for it and N are free; make room, or write it elsewhere'
	run cat left
	is 0 .o.wim.wimprep ''
elif [ -n "${CI-}" ]; then
	run unshare -rm true
	is 0 '' ''
fi

end
