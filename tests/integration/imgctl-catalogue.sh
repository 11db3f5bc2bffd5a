#!/bin/sh
# imgctl's catalogue: versions, current and back, what a job keeps, verify, rm, menu.
# Rows: S2-13 S2-22 S2-26 S2-30 S3-05 S3-17
# shellcheck disable=SC2016,SC2119
set -u
. "${srcdir:-.}/tests/sh.inc"
. "$srcdir/tests/integration/bootweb.inc"

cat >"$tmp/networks" <<'E2'
network here { subnet = "127.0.0.0/8" unknown = "silent" }
E2
site_begin "$tmp/networks"
LC_ALL=C.UTF-8 TZ=UTC PXEKIT_CONF=$site/conf
export LC_ALL TZ PXEKIT_CONF
images=$site/images

# version NAME VERSION [LINE...]: a version whose manifest has these lines besides.
version() {
	dir=$images/$1/$2
	mkdir -p "$dir/more folders"
	echo "rootfs of $1 $2" >"$dir/rootfs.tar.gz"
	echo "notes of $2" >"$dir/more folders/nötes.txt"
	{
		printf '# pxekit-image: 1\n# name: %s\n# version: %s\n' "$1" "$2"
		printf '# kind: rootfs\n# arch: x86_64\n# min-disk: 1073741824\n'
		shift 2
		[ $# = 0 ] || printf '%s\n' "$@"
		cd "$dir" && for file in rootfs.tar.gz 'more folders/nötes.txt'; do
			printf '# size: %s %s\n' "$(stat -c %s "$file")" "$file"
			sha256sum "$file"
		done
	} >"$dir/MANIFEST"
}

# seen EXPRESSION: standard output of the last command, through sed.
seen() {
	sed "$1" <"$tmp/out"
}

version debian 1.9.0
version debian 1.10.0 '# comment: newest | *tested*'

# ---- list ----

run imgctl list
n=$((n + 1))
want='NAME VERSION CURRENT KIND ARCH SIZE EDITIONS VERIFIED
debian 1.0 yes rootfs x86_64 - - never
debian 1.9.0 - rootfs x86_64 38 octets - never
debian 1.10.0 - rootfs x86_64 40 octets - never'
if [ "$(seen 's/  */ /g; s/ $//')" = "$want" ] && [ "$code" = 0 ]; then
	echo "ok $n - the list is in the order of versions"
else
	echo "not ok $n - the list is in the order of versions"
	sed 's/^/# /' "$tmp/out" "$tmp/err"
fi
imgctl list --json >"$tmp/list"
run jq -c '[.images[] | [.version, .current, .size, .verified.state]]' "$tmp/list"
is 0 '[["1.0",true,null,"never"],["1.9.0",false,38,"never"],["1.10.0",false,40,"never"]]' ''
run sh -c 'imgctl list nothing'
is 3 '' "imgctl: $images/nothing: No such file or directory"
run sh -c 'imgctl --images "$1" list --json' - "$tmp/none"
is 0 '{"images":[]}' ''

# ---- current, and a job that keeps its own ----

admin add --mac=52:54:00:00:00:01 --image=debian --hostname=first >/dev/null
serve
image_of() { # MAC
	curl -sS "$url/boot/$1.ipxe" | sed -n 's/^set pxekit-image //p'
}
run image_of 52:54:00:00:00:01
is 0 'debian@1.0' ''
run post "$(token_of 52:54:00:00:00:01)/report?state=booting" ''
is 0 'ok
200' ''
saw report '"state":"booting"'
grep '"event":"report"' "$site/events" | admin ingest 2>/dev/null

# ---- a machine that is installed, for drift ----

admin add --mac=52:54:00:00:00:03 --image=debian --hostname=third >/dev/null
token=$(token_of 52:54:00:00:00:03)
for state in booting installing configuring done; do
	post "$token/report?state=$state" '' >/dev/null
	saw report "\"state\":\"$state\"" '"job":2'
	grep '"event":"report"' "$site/events" | admin ingest 2>/dev/null
done
run imgctl drift
is 0 '' ''
run imgctl -n current debian@1.10.0
is 2 '' "imgctl: invalid option -- 'n'
Try 'imgctl --help' for more information."
run imgctl current -n debian@1.10.0
is 0 'dry run: debian@1.10.0 is current now, @1.0 was before' ''
run imgctl current debian
is 0 'debian@1.0 is current' ''
run imgctl current debian@1.10.0
is 0 'debian@1.10.0 is current now, @1.0 was before' ''
imgctl drift --json >"$tmp/drift"
code=$? what='imgctl drift --json'
: >"$tmp/out" && : >"$tmp/err"
is 1 '' ''
run jq -c '.machines | map([.hostname, .job, .installed, .current])' "$tmp/drift"
is 0 '[["third",2,"debian@1.0","debian@1.10.0"]]' ''
run sh -c 'imgctl drift | awk "{ print \$1, \$2, \$3, \$4 }"'
is 0 'MAC HOST INSTALLED CURRENT
52:54:00:00:00:03 third debian@1.0 debian@1.10.0' ''
run image_of 52:54:00:00:00:01
is 0 'debian@1.0' ''
admin add --mac=52:54:00:00:00:02 --image=debian --hostname=second >/dev/null
run image_of 52:54:00:00:00:02
is 0 'debian@1.10.0' ''
run ipxegen --mac=52:54:00:00:00:01
n=$((n + 1))
if grep -q 'pxekit-image debian@1.0$' "$tmp/out"; then
	echo "ok $n - ipxegen says the same"
else
	echo "not ok $n - ipxegen says the same"
fi
run imgctl current debian --back
is 0 'debian@1.0 is current now, @1.10.0 was before' ''
run imgctl current debian --back
is 3 '' 'imgctl: debian: no other version was current before'
imgctl current debian@1.9.0 >/dev/null && imgctl current debian@1.10.0 >/dev/null
run imgctl current --back -n debian
is 0 'dry run: debian@1.9.0 is current now, @1.10.0 was before' ''
run imgctl current --back debian
is 0 'debian@1.9.0 is current now, @1.10.0 was before' ''
run imgctl --json current --back debian
is 0 '{"name":"debian","current":"1.0","before":"1.9.0","dry_run":false}' ''
run image_of 52:54:00:00:00:02
is 0 'debian@1.10.0' ''
run imgctl current debian@7
is 3 '' "imgctl: $images/debian/7/MANIFEST: No such file or directory"
run imgctl current debian@../1.0
is 2 '' "imgctl: 'debian@../1.0' is not NAME or NAME@VERSION"

# A link is replaced at once: whoever looks meanwhile always finds a version.
(i=0 && while [ $i -lt 60 ]; do
	imgctl current debian@1.9.0 && imgctl current debian@1.10.0
	i=$((i + 1))
done) >"$tmp/a" 2>&1 &
one=$!
(i=0 && while [ $i -lt 60 ]; do
	imgctl current debian@1.10.0 && imgctl current debian@1.0
	i=$((i + 1))
done) >"$tmp/b" 2>&1 &
two=$!
misses=0
while kill -0 $one 2>/dev/null; do
	[ -e "$images/debian/current/MANIFEST" ] || misses=$((misses + 1))
done
wait $one $two
run echo "$misses"
is 0 0 ''
run grep -hv 'is current' "$tmp/a" "$tmp/b"
is 1 '' ''
run find "$images/debian" -name '.current*' -o -name '.history.*'
is 0 '' ''
imgctl current debian@1.0 >/dev/null

# ---- verify ----

run imgctl verify debian@1.9.0
is 0 'debian@1.9.0: good, 38 octets' ''
run sh -c "cd '$images/debian/1.9.0' && sha256sum -c --quiet MANIFEST"
is 0 '' ''
run imgctl verify --all --quiet
is 0 '' ''
imgctl list --json >"$tmp/list"
run jq -c '[.images[].verified | [.state, .faults, .time_ms > 1700000000000]] | unique' "$tmp/list"
is 0 '[["good",0,true]]' ''
bad=$images/debian/1.9.0
printf R | dd of="$bad/rootfs.tar.gz" conv=notrunc status=none
run imgctl verify debian@1.9.0
is 1 '' "imgctl: debian@1.9.0: rootfs.tar.gz was changed: its SHA-256 is not the manifest's"
mv "$bad/more folders/nötes.txt" "$bad/more folders/other"
ln -s /etc/passwd "$bad/link"
run sh -c 'imgctl verify debian@1.9.0 2>&1 | sort'
is 0 "imgctl: debian@1.9.0: link is not in the manifest
imgctl: debian@1.9.0: more folders/nötes.txt is missing
imgctl: debian@1.9.0: more folders/other is not in the manifest
imgctl: debian@1.9.0: rootfs.tar.gz was changed: its SHA-256 is not the manifest's" ''
run sh -c 'imgctl verify --all --json 2>/dev/null >"$1"; echo $?; jq -c "[.images[] |
	[.version, .good, (.faults | length)]]" "$1"' - "$tmp/verified"
is 0 '1
[["1.0",true,0],["1.9.0",false,4],["1.10.0",true,0]]' ''
imgctl list --json >"$tmp/list"
run jq -c '[.images[] | [.version, .verified.state, .verified.faults]]' "$tmp/list"
is 0 '[["1.0","good",0],["1.9.0","bad",4],["1.10.0","good",0]]' ''
echo more >>"$images/debian/1.10.0/rootfs.tar.gz"
run imgctl verify debian@1.10.0
is 1 '' 'imgctl: debian@1.10.0: rootfs.tar.gz is not as long as the manifest says'
version debian 1.10.0 '# comment: newest | *tested*'
echo '# comment: another' >>"$images/debian/1.10.0/MANIFEST"
imgctl list --json >"$tmp/list"
run jq -r '.images[2].verified.state' "$tmp/list"
is 0 outdated ''

# ---- hostile manifests ----

mkdir -p "$images/hostile/1" && ln -s 1 "$images/hostile/current"
sum=$(printf x | sha256sum | cut -c1-64)
for name in ../../debian/1.0/rootfs.tar.gz /etc/passwd a/../../b 'a\b'; do
	printf '# pxekit-image: 1\n# name: hostile\n# version: 1\n%s  %s\n' "$sum" "$name" \
		>"$images/hostile/1/MANIFEST"
	run imgctl verify hostile
	is 3 '' "imgctl: $images/hostile/1/MANIFEST:4: is neither a comment nor SHA-256, two blanks and a file's name"
done
run sh -c 'imgctl list 2>&1 >/dev/null'
is 3 "imgctl: $images/hostile/1/MANIFEST:4: is neither a comment nor SHA-256, two blanks and a file's name" ''
printf '# pxekit-image: 1\n# name: hostile\n# version: 1\n# comment: \033[31m\n%s  fifo\n' "$sum" \
	>"$images/hostile/1/MANIFEST"
mkfifo "$images/hostile/1/fifo"
run imgctl verify hostile
is 1 '' 'imgctl: hostile@1: fifo is not a file'
run sh -c 'imgctl menu hostile | grep -c "$(printf "\033")"'
is 1 0 ''
run imgctl rm --force hostile@1
is 0 'hostile@1: removed' ''
run test -e "$images/hostile"
is 1 '' ''

# ---- menu ----

run imgctl menu
is 0 'debian@1.0
    Linux, written to the disk; BIOS, UEFI; x86_64
    jobctl add --mac MAC --image debian' ''
run imgctl menu --all --markdown debian
is 0 '| Image | What it is | Firmware | Architecture | Size | Contents |
|---|---|---|---|---|---|
| debian@1.0 | Linux, written to the disk | BIOS, UEFI | x86\_64 | - |  |
| debian@1.9.0 | Linux, written to the disk | BIOS, UEFI | x86\_64 | 38 octets |  |
| debian@1.10.0 | Linux, written to the disk | BIOS, UEFI | x86\_64 | 40 octets | another |' ''

# ---- show ----

imgctl show debian --json >"$tmp/shown"
run jq -c '[.version, .current, .kind, .jobs, .verified.state, .files[0].name]' "$tmp/shown"
is 0 '["1.0",true,"rootfs",[1],"good","rootfs.tar.gz"]' ''
run sh -c 'imgctl show debian@1.0 | head -n 1'
is 0 'debian@1.0 (current)' ''

# ---- rm ----

chmod u+w "$site/db" "$site"/db/*
run imgctl rm debian
is 2 '' "imgctl: rm: 'debian' is not NAME@VERSION"
run imgctl rm debian@1.10.0
is 1 '' 'imgctl: debian@1.10.0: job 3 needs it (second, queued)'
run imgctl rm --force debian@1.0
is 1 '' 'imgctl: debian@1.0: job 1 needs it (first, booting)'
jobctl cancel 1 3 >/dev/null
run imgctl rm debian@1.0
is 1 '' 'imgctl: debian@1.0: is the current version; imgctl current debian@OTHER makes another one current, --force removes it all the same'
run imgctl rm -n debian@1.10.0
is 0 'dry run: debian@1.10.0 would be removed' ''
run imgctl rm debian@8
is 3 '' 'imgctl: debian@8: there is no such version'

# Whoever reads a version keeps it; who was interrupted is finished by the next.
flock -s "$images/debian/1.10.0" imgctl rm debian@1.10.0 >"$tmp/out" 2>"$tmp/err"
code=$? what='rm while somebody verifies'
is 75 '' 'imgctl: debian@1.10.0: is being verified'
mkdir -p "$images/debian/.removed-0.1-1/deep/er"
run imgctl rm debian@1.10.0
is 0 'debian@1.10.0: removed' ''
run ls -A "$images/debian"
is 0 '.1.0.verified
.1.9.0.verified
.history
1.0
1.9.0
current' ''
run jobctl retry 3
is 1 '' "jobctl: job 3: $images/debian/1.10.0/MANIFEST: No such file or directory"
run imgctl current --back debian
is 0 'debian@1.9.0 is current now, @1.0 was before' ''
run imgctl rm --force debian@1.9.0
is 0 'debian@1.9.0: removed' ''
run imgctl current debian
is 3 '' "imgctl: $images/debian has no current version (see imgctl current)"
run imgctl rm debian@1.0
is 0 'debian@1.0: removed' ''
run ls -A "$images"
is 0 '' ''

# Killed at any moment, a version is whole or gone.
i=0 halves=0
while [ $i -lt 12 ]; do
	version big "$i"
	(cd "$images/big/$i" && seq -f 'file %g' 1 200 | xargs -d '\n' touch)
	imgctl rm "big@$i" >/dev/null 2>&1 &
	remover=$!
	[ $((i % 3)) = 0 ] || head -c $((i * 30000)) /dev/urandom >/dev/null
	kill -9 $remover 2>/dev/null
	wait $remover 2>/dev/null
	[ ! -e "$images/big/$i" ] || [ "$(find "$images/big/$i" | wc -l)" = 205 ] ||
		halves=$((halves + 1))
	i=$((i + 1))
done
run echo "$halves"
is 0 0 ''
version big last
imgctl rm big@last >/dev/null
run find "$images" -name '.removed*'
is 0 '' ''

stop
site_end
