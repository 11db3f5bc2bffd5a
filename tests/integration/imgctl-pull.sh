#!/bin/sh
# imgctl pull: images of another site, from bootweb and from a server that lies; what was
# interrupted goes on, what is here is not asked for again, and nobody sees half of it.
# imgctl prune: what nobody used goes, but for what is needed.
# Rows: S0-36 X-08
# shellcheck disable=SC2119
set -u
[ "${INSIDE:-}" ] || exec env INSIDE=yes "${srcdir:-.}/scripts/in-netns" "$0"
. "${srcdir:-.}/tests/sh.inc"
. "$srcdir/tests/integration/jobctl.inc"
. "$srcdir/tests/integration/media.inc"
. "$srcdir/tests/integration/bootweb.inc"

srcdir=$(cd "$srcdir" && pwd)
unset PXEKIT_CONF SOURCE_DATE_EPOCH
site_begin
cd "$tmp" || exit 99
there=$site/images
export PXEKIT_CONF="$tmp/here.conf"
printf 'images = "%s"\ndatabase = "%s"\nkey = "%s"\n' "$tmp/here" "$tmp/here.db" "$tmp/here.key" >"$PXEKIT_CONF"
mkdir here
at() { imgctl --images "$there" "$@"; }
rm -r "$there/debian"
media_kernel vmlinuz
head -c 3M /dev/urandom >>vmlinuz
media_initrd initrd
at import vmlinuz initrd --name debian --version 1.0 >/dev/null 2>&1
at import vmlinuz initrd --name debian --version 2.0 >/dev/null 2>&1
at import vmlinuz initrd --name 'c++' --version 1 >/dev/null 2>&1

# ---- the list that others read ----
run sh -c "cd '$there' && sha256sum --quiet --strict -c INDEX && head -n 1 INDEX"
is 0 '# pxekit-index: 1' ''
run grep '^# current' "$there/INDEX"
is 0 '# current: c++ 1
# current: debian 1.0' ''
at current debian@2.0 >/dev/null
run grep -c '^# current: debian 2.0$' "$there/INDEX"
is 0 1 ''
at rm c++@1 --force >/dev/null
run grep -c 'c++' "$there/INDEX"
is 1 0 ''
at import vmlinuz initrd --name 'c++' --version 1 >/dev/null 2>&1
cp "$there/INDEX" kept
rm "$there/INDEX"
run at index
is 0 '' ''
run cmp kept "$there/INDEX"
is 0 '' ''

# ---- from a bootweb, which serves it all as it is ----
serve
fetched() { sed -n 's/.*"event":"fetch".*"file":"\([^"]*\)","octets":\([0-9]*\).*/\1 \2/p' "$site/events"; }
octets() { fetched | awk '{ n += $2 } END { print n + 0 }'; }
run imgctl pull "$url" -n
is 0 'dry run: c++@1 would come, 3.2 MB
dry run: debian@2.0 would come, 3.2 MB' ''
run ls -A here
is 0 '' ''
run imgctl pull "$url"
is 0 'c++@1
debian@2.0' ''
run sh -c 'diff -r "$1/debian/2.0" here/debian/2.0 && readlink here/debian/current' - "$there"
is 0 2.0 ''
run imgctl verify --all --quiet
is 0 '' ''
run sh -c "imgctl list --json | jq -r '.images[] | .verified.state'"
is 0 'good
good' ''
# Again: the index, and nothing else.
until_true sh -c "grep -c images/debian/2.0/initrd '$site/events'"
sleep_free() { [ "$(fetched | grep -c .)" -ge "$1" ]; }
: >"$site/events"
run imgctl pull "$url/"
is 0 '' ''
until_true sleep_free 1
run fetched
is 0 "images/INDEX $(stat -c %s "$there/INDEX")" ''
# By name; an old version as well; what there is not.
run imgctl pull "$url" debian@1.0 --json
is 0 "{\"images\":[{\"name\":\"debian\",\"version\":\"1.0\",\"current\":false,\"came\":true,\"octets\":$(stat -c %s "$there"/debian/1.0/vmlinuz "$there"/debian/1.0/initrd* | paste -sd+ | bc)}]}" ''
run readlink here/debian/current
is 0 2.0 ''
run imgctl pull "$url" ws2025 debian
is 3 '' "imgctl: ws2025: $url/images has no such image, or none of its versions is current"
run imgctl pull "$url" ../x
is 2 '' "imgctl: '../x' is not NAME or NAME@VERSION"
run imgctl pull "file://$site"
is 2 '' "imgctl: 'file://$site' is no URL of a site, as http://boot.example.org:8080"
run imgctl pull "$url" --limit fast
is 2 '' 'imgctl: --limit fast: is not octets a second, like 12M'
run imgctl pull "$url" --all debian
is 2 '' 'imgctl: --all takes no IMAGE'
# What is current follows, or stays.
at current debian@1.0 >/dev/null
run imgctl pull "$url" --keep-current
is 0 '' ''
run imgctl pull "$url" -n
is 0 'dry run: debian@1.0 would be current, 2.0 is' ''
run imgctl pull "$url"
is 0 'debian@1.0 is current now, @2.0 was before' ''
# A version is another here than there: said, and left alone; the rest comes.
at import vmlinuz initrd --name new --version 1 >/dev/null 2>&1
echo '# note: changed by hand' >>here/debian/1.0/MANIFEST
run imgctl pull "$url" --all
is 3 'new@1' 'imgctl: debian@1.0: is another here than there, and a version never changes'
run imgctl verify --all --quiet
is 0 '' ''

# The limit: libcurl's own pace, so that 3 MB at 1 MB/s take longer than a second.
rm -r here/c++
began=$(date +%s%N)
run imgctl pull "$url" c++ --limit 1M --json
code_was=$code
ended=$(date +%s%N)
same 'a limit slows it down' 0 "$([ $code_was = 0 ] && [ $((ended - began)) -gt 1000000000 ]; echo $?)"

# ---- a server that lies ----
rm -r here
mkdir here
cp -r "$there" "$tmp/lies"
mkdir site2 && mv lies site2/images && rm -rf site2/images/c++ site2/images/new site2/images/debian/2.0
imgctl --images site2/images index
python3 "$srcdir/tests/integration/hostile_images.py" site2 "$tmp/port" >>requests &
pids="$pids $!"
until_true test -s port
port=$(cat port)
kernel=images/debian/1.0/vmlinuz
lie() { # KIND [options]
	kind=$1
	shift
	: >requests
	imgctl pull "http://127.0.0.1:$port/$kind" --timeout 2 "$@" >lie.out 2>lie.err
	lied=$?
	sed "s|http://127.0.0.1:$port/$kind/||; s|^imgctl: ||" lie.err
	echo "$lied $(cat lie.out) $(find here -name MANIFEST | wc -l)"
}
fails() { # KIND WHY
	run lie "$1"
	is 0 "$2
3  0" ''
}
comes() { # KIND
	run lie "$1"
	is 0 '0 debian@1.0 1' ''
	run imgctl verify --all --quiet
	is 0 '' ''
	rm -r here
	mkdir here
}
comes plain
comes moved
comes cut_once
comes no_ranges
fails to_file 'images/INDEX: Protocol "file" not supported or disabled in libcurl'
grep -q 'MANIFEST' requests
same 'nothing is read from this host' 1 $?
fails to_itself 'images/INDEX: Maximum (5) redirects followed'
fails index_endless 'images/INDEX: is longer than 4194304 octets'
fails index_slow 'images/INDEX: Operation too slow. Less than 1000 bytes/sec transferred the last 2 seconds'
fails slow "$kernel: Operation too slow. Less than 1000 bytes/sec transferred the last 2 seconds"
rm -r here/debian
fails silent "$kernel: Operation too slow. Less than 1000 bytes/sec transferred the last 2 seconds"
fails headers "$kernel: its headers have no end"
fails wrong_octets "$kernel: has another SHA-256 than the manifest says"
fails shorter "$kernel: is not as long as the manifest says"
fails longer "$kernel: is longer than the manifest says"
run sh -c "grep -c GET requests"
is 0 3 ''
fails endless "$kernel: is longer than the manifest says"
fails wrong_part "$kernel: is answered by another part than was asked for"
# What a part was left of was not taken for good when the lying ends.
comes plain
# A file that is another each time is begun anew, and found right all the same.
comes changed

# Where the manifest says no sizes, the server must.
sed -i '/^# size/d' site2/images/debian/1.0/MANIFEST
imgctl --images site2/images index
comes plain
fails no_length "$kernel: neither the manifest nor the server says how long it is"
rm -r here && mkdir here

# ---- manifests and lists that lie ----
evil() { # how to change the manifest, by sed; what is said
	cp good.manifest site2/images/debian/1.0/MANIFEST
	sed -i "$1" site2/images/debian/1.0/MANIFEST
	sum=$(sha256sum <site2/images/debian/1.0/MANIFEST | cut -c 1-64)
	printf '# pxekit-index: 1\n# current: debian 1.0\n%s  debian/1.0/MANIFEST\n' "$sum" >site2/images/INDEX
	run lie plain
	is 0 "$2
3  0" ''
	run find here ! -path here ! -path here/debian
	is 0 '' ''
}
cp "$there/debian/1.0/MANIFEST" good.manifest
not_a_sum='is neither a comment nor SHA-256, two blanks and a file'"'"'s name'
lines=$(wc -l <good.manifest)
m=images/debian/1.0/MANIFEST
evil "\$s|  .*|  ../../../evil|" "$m:$lines: $not_a_sum"
evil "\$s|  .*|  /etc/evil|" "$m:$lines: $not_a_sum"
evil "\$s|  .*|  a/../../evil|" "$m:$lines: $not_a_sum"
evil 's|^# size: [0-9]* vm.*|# size: 4611686018427387905 vmlinuz|' 'debian@1.0: is longer than can be'
evil 's|  vmlinuz|  .etag|; s|^# size: \([0-9]*\) vmlinuz|# size: \1 .etag|' 'debian@1.0: no file may be called .etag'
evil 's|  vmlinuz|  MANIFEST|; s|^# size: \([0-9]*\) vmlinuz|# size: \1 MANIFEST|' 'debian@1.0: no file may be called MANIFEST'
evil 's|^# name: debian|# name: other|' 'debian@1.0: is answered by the manifest of other@1.0'
cp good.manifest site2/images/debian/1.0/MANIFEST
sed -i 's|^# size: [0-9]* vm.*|# size: 4000000000000000000 vmlinuz|' site2/images/debian/1.0/MANIFEST
imgctl --images site2/images index
lie plain >said
sed -i 's/: there is too little.*/: no room/' said
run cat said
is 0 "$tmp/here: no room
3  0" ''
bad_index() { # TEXT WHY
	printf '%b' "$1" >site2/images/INDEX
	run lie plain
	is 0 "images/INDEX:$2
3  0" ''
}
zeros=0000000000000000000000000000000000000000000000000000000000000000
bad_index '<html>' '1: is no INDEX'
bad_index "# pxekit-index: 1\n$zeros  ../1.0/MANIFEST\n" '2: is neither a comment nor SHA-256, two blanks and NAME/VERSION/MANIFEST'
bad_index "# pxekit-index: 1\n# current: debian 3\n$zeros  debian/1.0/MANIFEST\n" '4: says that a version is current which it does not name'
bad_index "# pxekit-index: 1\n$zeros  debian/1.0/MANIFEST\n$zeros  debian/1.0/MANIFEST\n" '4: names a version a second time'
bad_index "# pxekit-index: 1\n# current: a 1\n# current: a 2\n$zeros  a/1/MANIFEST\n$zeros  a/2/MANIFEST\n" '6: says that two versions of an image are current'
printf '# pxekit-index: 1\n# current: debian 1.0\n%s  debian/1.0/MANIFEST\n' $zeros >site2/images/INDEX
run lie plain
is 0 'images/debian/1.0/MANIFEST: is not what INDEX says; it may have just changed
3  0' ''
rm site2/images/INDEX
run lie plain
is 0 "images/INDEX: the server says 404; it has no image yet, or wants 'imgctl index'
3  0" ''
run find here ! -path here ! -path here/debian
is 0 '' ''

# ---- it goes on where it stopped ----
cp good.manifest site2/images/debian/1.0/MANIFEST
imgctl --images site2/images index
rm -r here && mkdir here
run lie cut # 100000 octets of it, and five times
is 0 "$kernel: transfer closed with $(($(stat -c %s site2/$kernel) - 500000)) bytes remaining to read
3  0" ''
run stat -c %s here/debian/.pull-*/vmlinuz
is 0 500000 ''
# From another server: what is here is of no known file, and right all the same.
run lie plain
is 0 '0 debian@1.0 1' ''
payload() { awk '$2 ~ /vmlinuz/ { print $3, $4 == "-", $5, $6 }' requests; }
run payload
is 0 "bytes=500000- 0 206 $(($(stat -c %s site2/$kernel) - 500000))" ''
rm -r here && mkdir here

# ---- killed at any moment ----
whole() {
	for version in here/*/[0-9a-z]*; do
		[ ! -e "$version" ] || (cd "$version" && sha256sum --quiet --strict -c MANIFEST) || return
	done
	[ ! -L here/debian/current ] || [ -e here/debian/current/MANIFEST ]
}
rm -r here && mkdir here
: >requests
halves=0
for _ in 1 2 3 4 5 6; do
	imgctl pull "http://127.0.0.1:$port/plain" --limit 1500k >/dev/null 2>&1 &
	puller=$!
	had=$(stat -c %s here/debian/.pull-*/vmlinuz 2>/dev/null || echo 0)
	more() {
		now=$(stat -c %s here/debian/.pull-*/vmlinuz 2>/dev/null || echo 0)
		[ "$now" -gt "$had" ] || [ -e here/debian/1.0 ]
	}
	until_true more
	kill -9 $puller
	wait $puller
	[ -e here/debian/1.0 ] || halves=$((halves + 1))
	run whole
	is 0 '' ''
done 2>/dev/null
same 'some were killed half-way' 0 "$([ $halves -gt 0 ]; echo $?)"
run imgctl pull "http://127.0.0.1:$port/plain"
is 0 "$([ -e here/debian/1.0 ] || echo debian@1.0)" ''
run imgctl verify --all --quiet
is 0 '' ''
run sh -c "find here -name '.pull*' -o -name .etag"
is 0 '' ''
# Each part was asked for behind the last one, and of the same file.
run sh -c "grep -c ' bytes=[1-9][0-9]*- \"[0-9a-f-]*\" 206 ' requests | sed 's/[1-9][0-9]*/some/'"
is 0 some ''

# Two at once: one works, the other comes later.
rm -r here && mkdir here
imgctl pull "http://127.0.0.1:$port/plain" --limit 500k >/dev/null 2>&1 &
puller=$!
until_true sh -c 'test -s here/debian/.pull-*/vmlinuz'
run imgctl pull "http://127.0.0.1:$port/plain"
is 75 '' 'imgctl: debian@1.0: another process is at it'
# Asked to stop, it keeps what it has.
kill -TERM $puller
wait $puller
same 'stopped by a signal' 3 $?
run sh -c 'test -s here/debian/.pull-*/vmlinuz'
is 0 '' ''

# ---- a disk that fills up ----
unshared() {
	if [ "$(id -u)" = 0 ]; then
		unshare -m "$@"
	else
		unshare -rm "$@"
	fi
}
rm -r here && mkdir here
run unshared sh -c 'mount -t tmpfs -o size=9m tmpfs here && (cd here && head -c 4500k /dev/zero >other)
	imgctl pull "$1" 2>&1; echo $?; ls -A here' - "http://127.0.0.1:$port/plain"
sed -i 's/: there is too little space.*/: no room/' "$tmp/out"
is 0 "imgctl: $tmp/here: no room
3
other" ''
# Others take the room meanwhile: what has come is given back.
cat >fill.sh <<'END'
mount -t tmpfs -o size=9m tmpfs here
imgctl pull "$1" --limit 1M 2>pull.err &
until [ -s here/debian/.pull-*/vmlinuz ]; do :; done
head -c 9M /dev/zero >here/other 2>/dev/null
wait $!
echo $?
rm here/other
find here ! -path here ! -path here/debian
END
run unshared sh fill.sh "http://127.0.0.1:$port/plain"
is 0 3 ''
run sed -n '$s|.*/vmlinuz: ||p' pull.err
is 0 'No space left on device' ''

# ---- HTTPS ----
openssl req -x509 -newkey rsa:2048 -nodes -keyout tls.key -out tls.pem -days 2 \
	-subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 2>/dev/null
cat >nginx.conf <<END
$([ "$(id -u)" != 0 ] || echo 'user nobody nogroup;')
pid $tmp/nginx.pid;
error_log $tmp/nginx.err;
daemon off;
events { }
http {
	access_log off;
	client_body_temp_path $tmp/body;
	server {
		listen 127.0.0.1:8443 ssl;
		ssl_certificate $tmp/tls.pem;
		ssl_certificate_key $tmp/tls.key;
		location /images/ { alias $there/; }
		location /away/ { return 302 http://127.0.0.1:$port/plain/images/INDEX; }
	}
}
END
nginx -c "$tmp/nginx.conf" >nginx.out 2>&1 &
pids="$pids $!"
until_true curl -skf -o /dev/null https://127.0.0.1:8443/images/INDEX
run imgctl pull https://127.0.0.1:8443
is 3 '' 'imgctl: https://127.0.0.1:8443/images/INDEX: SSL certificate problem: self-signed certificate'
run imgctl pull https://127.0.0.1:8443 --cacert tls.pem
is 0 'c++@1
debian@1.0
new@1' ''
# From HTTPS nothing leads back to HTTP.
run imgctl pull https://127.0.0.1:8443/away --cacert tls.pem
is 3 '' 'imgctl: https://127.0.0.1:8443/away/images/INDEX: Protocol "http" not supported or disabled in libcurl'
run imgctl pull https://127.0.0.1:8443 --cacert none.pem
sed -i 's/pem: .*/pem: .../; s/INDEX: .*/INDEX: .../' "$tmp/err"
is 3 '' 'imgctl: https://127.0.0.1:8443/images/INDEX: ...'

# ---- prune ----
for version in 3 4 5 6; do
	imgctl import vmlinuz initrd --name debian --version $version >/dev/null 2>&1
	touch -d "2026-01-0$version" here/debian/$version/*
done
touch -a -d 2026-02-02 here/debian/3/vmlinuz # a machine read it
jobctl add --mac 52:54:00:00:00:01 --image debian@4 >/dev/null
run imgctl prune
is 2 '' 'imgctl: prune: wants --keep: how many versions shall stay?'
run imgctl prune --keep 0
is 2 '' 'imgctl: --keep 0: is not a number from 1 to 1000'
run imgctl prune --keep 3 -n
is 0 'dry run: debian@6 would be removed
dry run: debian@5 would be removed' ''
run imgctl prune --keep 2 debian@5
is 0 'debian@3: removed
debian@6: removed' ''
run imgctl verify --all --quiet
is 0 '' ''
run imgctl prune --keep 1
is 0 'debian@5: removed' ''
run ls here/debian here/c++
is 0 'here/c++:
1
current

here/debian:
1.0
4
current' ''
rm -r here.db*
site_end
