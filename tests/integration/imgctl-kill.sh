#!/bin/sh
# imgctl import that is killed, runs out of space, is stopped, races itself: nothing half-done
# is ever seen, and the next import works. Its memory, whatever the size.
# Rows: S2-11 S2-13
set -u
. "${srcdir:-.}/tests/sh.inc"
. "$srcdir/tests/integration/media.inc"

cd "$tmp" || exit 99
unset PXEKIT_CONF SOURCE_DATE_EPOCH
img() { imgctl --images "$tmp/images" "$@"; }
mkdir images disc
head -c 60M /dev/urandom >disc/data
genisoimage -quiet -R -V D -o disc.iso disc 2>/dev/null || exit 99
rm disc/data

# What is visible is whole: each version's manifest agrees with its files.
whole() {
	for version in "$tmp"/images/*/[0-9a-z]*; do
		[ ! -e "$version" ] ||
			(cd "$version" && sha256sum --quiet --strict -c MANIFEST) || return
	done
	[ ! -L "$tmp/images/d/current" ] || [ -e "$tmp/images/d/current/MANIFEST" ]
}
drafts() {
	find images -name '.import-*' | wc -l
}

# ---- kill -9 at random moments, from the first file on ----
halves=0
for try in 1 2 3 4 5 6 7 8 9 10 11 12; do
	imgctl --images images import disc.iso --name d --version "$try" >/dev/null 2>&1 &
	pid=$!
	until [ -n "$(find images -name image.iso -path '*/.import-*')" ] ||
		! kill -0 $pid; do
		:
	done
	sleep "0.$(printf '%03d' $((try * 9)))"
	kill -KILL $pid
	wait $pid
	[ "$(drafts)" = 0 ] || halves=$((halves + 1))
	run whole
	is 0 '' ''
done 2>/dev/null
run test "$halves" -gt 0
what='some were killed half-way'
is 0 '' ''
run img import disc.iso --name d --version after
is 0 'd@after' ''
run drafts
is 0 0 ''
run whole
is 0 '' ''

# A second one while the first is at it leaves its folder alone.
(img import disc.iso --name twice --version 1 >first 2>&1; echo $? >>first) &
img import disc.iso --name twice --version 1 >second 2>&1
echo $? >>second
wait
run sh -c 'cat first second | grep -c "^0$"; cat first second | grep -c "^twice@1$"'
is 0 '1
1' ''
run whole
is 0 '' ''
run drafts
is 0 0 ''

# ---- asked to stop: it tidies up ----
truncate -s 3G endless
imgctl --images images import endless --name stop --kind iso >messages 2>&1 &
pid=$!
tries=0
until [ "$(find images -path '*/stop/.import-*/image.iso' | wc -l)" = 1 ] || [ $tries = 6000 ]; do
	sleep 0.01
	tries=$((tries + 1))
done
kill -TERM $pid
wait $pid
code=$?
: >out && cp messages err && what='stopped by SIGTERM'
is 3 '' 'imgctl: interrupted'
run ls images/stop
: >"$tmp/err"
is 2 '' ''

# ---- no room ----
# In a mount namespace of its own; an ordinary user needs one of users as well.
unshared() {
	if [ "$(id -u)" = 0 ]; then
		unshare -m "$@"
	else
		unshare -rm "$@"
	fi
}
if unshared true 2>/dev/null; then
	run unshared sh -c 'mount -t tmpfs -o size=30m tmpfs images &&
		imgctl --images images import disc.iso --name small --version 1; echo $?; ls -A images'
	grep -q 'there is too little space: [0-9]* octets are needed, [0-9]* are free$' "$tmp/err" && : >"$tmp/err"
	what='a disc of 60 MB into 30 MB'
	is 0 3 ''
	# It fills up while we copy.
	run unshared sh -c 'mount -t tmpfs -o size=90m tmpfs images && head -c 40M /dev/zero >images/other &&
		imgctl --images images import disc.iso --name small --version 1; echo $?; ls -A images'
	: >"$tmp/err"
	what='a disc of 60 MB into 50 MB that are left'
	is 0 '3
other' ''
elif [ -n "${CI:-}" ]; then
	run unshared true
	is 0 '' ''
fi

# ---- memory: 3 GB with holes, far more than it may have ----
run python3 - "$tmp" <<'END'
import os, sys
os.chdir(sys.argv[1])
args = ["imgctl", "--images", "images", "import", "endless", "--name", "holes", "--version", "1", "--kind", "iso"]
pid = os.posix_spawnp("imgctl", args, os.environ,
    file_actions=[(os.POSIX_SPAWN_OPEN, 2, "/dev/null", os.O_WRONLY, 0)])
_, status, usage = os.wait4(pid, 0)
assert usage.ru_maxrss < 65536, usage.ru_maxrss
sys.exit(os.waitstatus_to_exitcode(status))
END
is 0 'holes@1' ''
# And it takes no more room than it did.
run sh -c 'test "$(du -k images/holes/1/image.iso | cut -f 1)" -lt 1024 && stat -c %s images/holes/1/image.iso'
is 0 3221225472 ''

end
