#!/bin/sh
# Both faces of bootweb among hostile clients: malformed requests, a thousand idle and
# slow connections, bodies without end; and the admin face by TLS.
# Rows: S1-03 S4-06
# shellcheck disable=SC2119
set -u
. "${srcdir:-.}/tests/sh.inc"
. "$srcdir/tests/integration/bootweb.inc"
. "$srcdir/tests/integration/bootweb-admin.inc"

command -v python3 >/dev/null || skip 'python3 is not here'
# shellcheck disable=SC3045 # dash and bash know it
ulimit -n "$(ulimit -Hn)"

admin_begin
abuse() { # face
	python3 "$srcdir/tests/integration/bootweb_abuse.py" "${url#http://}" "$web" "$1" "$n" >"$tmp/tap"
	grep -v '^[0-9]' "$tmp/tap"
	n=$(tail -n 1 "$tmp/tap" | grep '^[0-9]' || grep -cE '^(not )?ok' "$tmp/tap")
	kill -TERM "$web"
	run wait "$web"
	is 0 '' ''
	run grep -iE 'sanitizer|assert|abort' "$site/messages"
	is 1 '' ''
}

admin_serve
abuse /api/v1/jobs
serve
abuse /boot/52-54-00-00-00-01.ipxe

# ---- TLS ----

command -v openssl >/dev/null || {
	site_end
	exit
}
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=site -keyout "$site/run/key.pem" \
	-addext subjectAltName=IP:127.0.0.1 -out "$site/run/cert.pem" 2>"$tmp/openssl"
chmod 644 "$site/run/key.pem" "$site/run/cert.pem"
sed "s|^admin {|&\n\tcertificate = \"$site/run/cert.pem\"\n\tcertificate-key = \"$site/run/key.pem\"|" \
	"$site/conf" >"$tmp/tls"
cat "$tmp/tls" >"$site/conf"
printf 'a password of ben\n' >"$tmp/password"
chmod 644 "$tmp/password"
run writer user add ben --role=viewer --file="$tmp/password"
is 0 '' ''
admin_serve
url=https://${url#http://}
secure() {
	path=$1
	shift
	curl -sS -m 120 --cacert "$site/run/cert.pem" "$@" "$url$path"
}
run secure /healthz
is 0 'ok' ''
run secure /healthz -o "$tmp/body" -D "$tmp/headers"
is 0 '' ''
run grep -ci '^strict-transport-security: max-age=31536000' "$tmp/headers"
is 0 1 ''
run secure /sign-in -D "$tmp/headers" -o "$tmp/body" --data-urlencode user=ben \
	--data-urlencode 'password=a password of ben' -w '%{http_code}'
is 0 303 ''
run grep -ciE '^set-cookie: .*; HttpOnly; SameSite=Strict; Secure' "$tmp/headers"
is 0 1 ''
run curl -s -m 20 -o "$tmp/body" "http://${url#https://}/healthz"
[ "$code" = 0 ] || code=1
is 1 '' ''
stop
run $nobody "$tmp/bootweb" --face=admin --check --config="$site/conf"
is 0 '' ''

site_end
