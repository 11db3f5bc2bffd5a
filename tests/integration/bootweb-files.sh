#!/bin/sh
# bootweb's files: parts and resumption, more than 4 GiB, validators, and no way out.
# Rows: S2-17 S3-04
# shellcheck disable=SC2119
set -u
. "${srcdir:-.}/tests/sh.inc"
. "$srcdir/tests/integration/bootweb.inc"

site_begin
admin ingest </dev/null >/dev/null 2>&1
serve
file=$site/images/debian/1.0/rootfs.tar.gz
image=/images/debian/1.0/rootfs.tar.gz
sum=$(sha256sum <"$file")

header() {
	tr -d '\r' <"$tmp/headers" | sed -n "s/^$1: //Ip"
}

# ---- whole files ----

run get $image -o "$tmp/got" -D "$tmp/headers"
is 0 200 ''
run sh -c "sha256sum <'$tmp/got'"
is 0 "$sum" ''
run header content-length
is 0 300000 ''
run header accept-ranges
is 0 bytes ''
etag=$(header etag)
date=$(header last-modified)
run saw fetch '"file":"images/debian/1.0/rootfs.tar.gz"' '"octets":300000' '"status":200' \
	'"address":"127.0.0.1"'
is 0 '' ''
run sh -c "curl -sS '$url/images/debian/current/rootfs.tar.gz' | sha256sum"
is 0 "$sum" ''
run get /deploy/vmlinuz
is 0 'kernel
200' ''
run get /loader/snponly.efi
is 0 'loader
200' ''
: >"$site/tftp/empty"
run get /loader/empty
is 0 200 ''
run get $image -I -o "$tmp/headers"
is 0 200 ''
run header content-length
is 0 300000 ''

# ---- parts ----

part() {
	get $image -o "$tmp/got" -D "$tmp/headers" "$@" && header content-range && wc -c <"$tmp/got"
}

run part -r 0-0
is 0 '206
bytes 0-0/300000
1' ''
run part -r 1000-1999
is 0 '206
bytes 1000-1999/300000
1000' ''
run cmp -n 1000 "$tmp/got" "$file" 0 1000
is 0 '' ''
run part -r -10
is 0 '206
bytes 299990-299999/300000
10' ''
run part -r 299990-400000
is 0 '206
bytes 299990-299999/300000
10' ''
run status $image -r 300000-
is 0 416 ''
run part -r 300000- -f
[ "$code" = 22 ] && : >"$tmp/err"
is 22 416 ''
run header content-range
is 0 'bytes */300000' ''
run status $image -H 'Range: bytes=0-1,5-6'
is 0 200 ''
run status $image -H 'Range: lines=1-2'
is 0 200 ''
run status /loader/empty -r 0-
is 0 416 ''
run part -r 5-9 -H "If-Range: $etag"
is 0 '206
bytes 5-9/300000
5' ''
run part -r 5-9 -H "If-Range: $date"
is 0 '206
bytes 5-9/300000
5' ''
run status $image -r 5-9 -H 'If-Range: "another"'
is 0 200 ''
run saw fetch '"octets":300000' '"status":200'
is 0 '' ''

# ---- validators ----

run get $image -H "If-None-Match: $etag"
is 0 304 ''
run get $image -H "If-None-Match: \"x\", W/$etag"
is 0 304 ''
run status $image -H 'If-None-Match: "x"'
is 0 200 ''
run get $image -H "If-Modified-Since: $date"
is 0 304 ''
run status $image -H "If-None-Match: \"x\"" -H "If-Modified-Since: $date"
is 0 200 ''
cp "$file" "$tmp/copy"
printf x >>"$file"
run status $image -H "If-None-Match: $etag"
is 0 200 ''
run status $image -r 5-9 -H "If-Range: $etag"
is 0 200 ''
mv "$tmp/copy" "$file"

# ---- a cut transfer goes on where it ended ----

head -c 123456 "$file" >"$tmp/resumed"
run curl -sS -C - -o "$tmp/resumed" "$url$image"
is 0 '' ''
run sh -c "sha256sum <'$tmp/resumed'"
is 0 "$sum" ''
truncate -s 100000000 "$site/images/debian/1.0/large"
curl -sS --limit-rate 100k -m 1 -o "$tmp/cut" "$url/images/debian/1.0/large" 2>/dev/null
run saw fetch '"file":"images/debian/1.0/large"' '"text":"cut: of 100000000 octets"'
is 0 '' ''
run sh -c "curl -sS -C - -o '$tmp/cut' '$url/images/debian/1.0/large' && cmp '$tmp/cut' '$site/images/debian/1.0/large'"
is 0 '' ''

# ---- more than 4 GiB ----

huge=$site/images/debian/1.0/huge
truncate -s 5G "$huge"
printf 'over the edge' | dd of="$huge" bs=1 seek=4294967290 conv=notrunc 2>/dev/null
printf 'the end' >>"$huge"
run get /images/debian/1.0/huge -I -o "$tmp/headers"
is 0 200 ''
run header content-length
is 0 5368709127 ''
run get /images/debian/1.0/huge -r 4294967290-4294967302
is 0 'over the edge206' ''
run get /images/debian/1.0/huge -r -7
is 0 'the end206' ''
run get /images/debian/1.0/huge -o /dev/null -w '%{size_download}'
is 0 5368709127 ''
run saw fetch '"octets":5368709127'
is 0 '' ''

# ---- no way out, and nothing but files ----

echo secret >"$tmp/secret"
chmod 644 "$tmp/secret"
ln -s "$tmp/secret" "$site/images/absolute"
ln -s ../../secret "$site/images/relative"
ln -s debian "$site/images/inside"
ln -s / "$site/images/root"
echo hidden >"$site/images/.hidden"
mkfifo "$site/images/fifo"
for path in /images/absolute /images/relative /images/root/etc/passwd /images/fifo \
	/images/debian /images/.hidden /images/nothing /images/debian/1.0/rootfs.tar.gz/x \
	/deploy/nothing /nothing /; do
	run status $path
	is 0 404 ''
done
run get /images/nothing
is 0 'not found
404' ''
run saw fetch '"file":"images/nothing"' '"status":404'
is 0 '' ''
for path in /images/../../../../etc/passwd /images/%2e%2e/%2e%2e/secret /images/..%2f..%2fsecret \
	/images/debian%2f1.0 /images//etc/passwd /images/debian/ /images/a%00b /images/%zz \
	'/images/..\..\secret' /images/%5c..%5c; do
	run status "$path"
	is 0 400 ''
done
run status /images/inside/1.0/rootfs.tar.gz
is 0 200 ''
run status "/images/$(head -c 5000 /dev/zero | tr '\0' a)"
is 0 404 ''
if [ "$(id -u)" = 0 ]; then
	chmod 600 "$file"
	run get $image
	is 0 'not found
404' ''
	chmod 644 "$file"
fi
run status $image -X DELETE
is 0 405 ''
run status $image -X BREW
is 0 405 ''

# Nobody learns where the files lie.
run sh -c "curl -sS '$url/images/nothing' '$url/j/1/2' '$url/boot/x' | grep -c '$tmp'"
is 1 0 ''
run cat "$site/messages"
is 0 '' ''
run stop
is 0 '' ''

site_end
