#!/bin/sh
# bench wimprep: build beside wimlib-imagex update --rebuild with the same files, in turns,
# the run that finds nothing to do, and the most memory.  Prints ratios and judges them.
# usage: tests/bench/wimprep.sh [MiB of the tree, 500] [files, 20000] [turns, 3]
set -u
srcdir=$(cd "${srcdir:-.}" && pwd) builddir=$(cd "${builddir:-.}" && pwd)
. "$srcdir/tests/sh.inc"
. "$srcdir/tests/integration/wimprep.inc"
mib=${1:-500} files=${2:-20000} turns=${3:-3}
site
cd "$tmp" || exit 99

# A tree of many files, half of them random, half of them text that packs well.
tree pe
python3 - pe/Windows/WinSxS "$mib" "$files" <<'END'
import os, random, sys
folder, octets, files = sys.argv[1], int(sys.argv[2]) << 20, int(sys.argv[3])
r = random.Random(7)
each = octets // files
for i in range(files):
    d = "%s/amd64_component_%04d" % (folder, i // 20)
    os.makedirs(d, exist_ok=True)
    with open("%s/f%05d.dll" % (d, i), "wb") as f:
        size = r.randrange(each // 4, each * 7 // 4)
        half = r.randbytes(size // 2)
        f.write(half + (b"%08d registry key and value " % i * (size // 60 + 1))[:size - len(half)])
END
wimlib-imagex capture pe base.wim PE --boot --compress=XPRESS >/dev/null 2>&1 || exit 99
describe base.wim 1 26100
rm -rf pe
virtio virtio
for d in vioscsi viostor NetKVM; do
	head -c 800000 /dev/urandom >"virtio/$d/2k25/amd64/$(echo $d | tr "[:upper:]" "[:lower:]").sys"
done
program curl.exe
size=$(($(stat -c %s base.wim) >> 20))

# measure NAME COMMAND...: "NAME seconds KiB" into results
measure() {
	name=$1
	shift
	python3 - "$name" "$@" >>results <<'END'
import os, resource, subprocess, sys, time
start = time.monotonic()
code = subprocess.run(sys.argv[2:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
print(sys.argv[1], "%.4f" % (time.monotonic() - start), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, code)
END
}
other() { # the same files into a copy that is there already
	wimlib-imagex update other.wim 1 --rebuild <commands
}
# What wimprep puts in, for the other.
wimprep build --curl=curl.exe -d virtio -o ours.wim base.wim >/dev/null || exit 99
wimlib-imagex extract ours.wim 1 /pxekit --dest-dir=files >/dev/null 2>&1
for f in startnet.cmd winpeshl.ini curl.exe; do
	wimlib-imagex extract ours.wim 1 /Windows/System32/$f --dest-dir=files >/dev/null 2>&1
	echo "add files/$f /Windows/System32/$f"
done >commands
echo 'add files/pxekit /pxekit' >>commands
cat >other.sh <<'END'
WIMLIB_IMAGEX_IGNORE_CASE=1 wimlib-imagex update other.wim 1 --rebuild <commands
END

# The same as an image of the catalogue, of which each turn makes a version; its manifest
# wants a SHA-256 of the result.
echo 'sha256sum other.wim' | cat other.sh - >summed.sh
imgctl import base.wim --name=pe --version=1 >/dev/null 2>&1 || exit 99

i=0
while [ "$i" -lt "$turns" ]; do
	cp base.wim other.wim
	rm -rf ours.wim .ours.wim.wimprep site/images/pe/1+d1 site/images/pe/.wimprep
	sync
	measure other sh other.sh
	cp base.wim other.wim
	measure summed sh summed.sh
	measure build wimprep build --curl=curl.exe -d virtio -o ours.wim base.wim
	measure again wimprep build --curl=curl.exe -d virtio -o ours.wim base.wim
	measure image wimprep build --image=pe --curl=curl.exe -d virtio
	rm .ours.wim.wimprep/record
	measure forgot wimprep build --curl=curl.exe -d virtio -o ours.wim base.wim
	i=$((i + 1))
done

column() { # name column
	awk -v name="$1" -v col="$2" '$1 == name { print $col }' results | sort -n |
		awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}
run awk '$4 != 0' results
is 0 '' ''
echo "# $mib MiB in $files files, a WIM of $size MiB; medians of $turns turns"
for name in other build summed image again forgot; do
	printf '# %-8s %8.3f s %6d KiB\n' $name "$(column $name 2)" "$(column $name 3)"
done
judge() { # what figure at most
	run awk -v a="$2" -v b="$3" 'BEGIN { exit !(a <= b) }'
	what="$1: $2, at most $3"
	is 0 '' ''
}
ratio() {
	awk -v a="$1" -v b="$2" 'BEGIN { printf "%.4f", a / b }'
}
judge 'build / wimlib-imagex update --rebuild' "$(ratio "$(column build 2)" "$(column other 2)")" 1.3
judge 'build --image / the same, and sha256sum' "$(ratio "$(column image 2)" "$(column summed 2)")" 1.3
judge 'nothing to do / build' "$(ratio "$(column again 2)" "$(column build 2)")" 0.05
judge 'seconds with nothing to do' "$(column again 2)" 0.5
judge 'KiB of memory' "$(column build 3)" 65536
end
