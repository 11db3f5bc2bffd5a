#!/bin/sh
# The door of bootweb's admin face: where it listens, what it answers to whom, the
# front server's word, security headers, static files.
# Rows: S2-28 S4-10 S4-14
# shellcheck disable=SC2119
set -u
. "${srcdir:-.}/tests/sh.inc"
. "$srcdir/tests/integration/bootweb.inc"
. "$srcdir/tests/integration/bootweb-admin.inc"

admin_begin

# ---- where it listens ----

run bootweb --face=admin --listen=0.0.0.0:0 --config="$site/conf"
is 2 '' "bootweb: $(sed -n 's/^bootweb: \(0.0.0.0:[0-9]*\): .*/\1/p' "$tmp/err"): others on the network could read passwords; set certificate in section admin of pxekit.conf, listen on 127.0.0.1 or a Unix socket, or say --plain-http"
run test ! -e "$site/db/jobs.db"
is 0 '' ''

admin_serve
run grep -c 'face admin on 127[0-9.:]* unix' "$site/events"
is 0 1 ''
run test -s "$site/db/jobs.db" -a -s "$site/db/site.key"
is 0 '' ''
run stat -c %a "$site/run/front"
is 0 660 ''

# ---- who is let in ----

run get /api/v1/me
is 0 '{"type":"about:blank","title":"Unauthorized","status":401,"detail":"sign in first, or send a token"}401' ''
run get /api/v1/me -H 'X-Remote-User: anna'
is 0 '{"type":"about:blank","title":"Unauthorized","status":401,"detail":"sign in first, or send a token"}401' ''
me() {
	as "$@" | sed 's/200$//' | json '(d["user"], d["rights"], len(d["csrf"]))'
}
run me vera /api/v1/me
is 0 "('vera', ['view'], 64)" ''
run me otto /api/v1/me
is 0 "('otto', ['view', 'queue'], 64)" ''
run me stranger /api/v1/me -H 'X-Remote-Groups: users, pxe operators'
is 0 "('stranger', ['view', 'queue'], 64)" ''
run me vera /api/v1/me -H 'X-Remote-Groups: pxe operators'
is 0 "('vera', ['view', 'queue'], 64)" ''
run me anna /api/v1/me
is 0 "('anna', ['view', 'queue', 'edit', 'audit', 'admin'], 64)" ''
run me stranger /api/v1/me -H 'X-Remote-Groups: users'
is 0 "('stranger', [], 64)" ''
run me stranger /api/v1/me -H "X-Remote-Groups: $(seq -s, 511),pxe operators,"
is 0 "('stranger', ['view', 'queue'], 64)" ''
run as stranger /api/v1/me -o "$tmp/body" -H "X-Remote-Groups: $(seq -s, 512),pxe operators"
is 0 431 ''
run as stranger / -o "$tmp/body" -H "X-Remote-Groups: $(seq -s, 10000 11700),x"
is 0 431 ''
run as 'a,b' /api/v1/me -o "$tmp/body"
is 0 401 ''

# ---- what no route answers ----

run get /api/v1/nothing
is 0 '{"type":"about:blank","title":"Not Found","status":404,"detail":"Not Found"}404' ''
nothing() { get /nothing | grep -cE '^<h1>There is no such page</h1>$|^404$'; }
run nothing
is 0 2 ''
run curl -sS -X DELETE -o "$tmp/body" -w '%{http_code} %header{allow}' "$url/api/v1/me"
is 0 '405 GET, HEAD' ''
run get /api/v1/%00 -o "$tmp/body"
is 0 400 ''

# ---- what browsers are told ----

run curl -sS -o "$tmp/body" -w '%{http_code} %{content_type}' "$url/static/icon.svg"
is 0 '200 image/svg+xml' ''
run status /static/nothing
is 0 404 ''
run status /static/../../conf
is 0 400 ''
for path in /static/icon.svg /nothing /api/v1/me; do
	curl -sS -D "$tmp/headers" -o "$tmp/body" "$url$path"
	run grep -ciE "^(content-security-policy: default-src 'none'|x-content-type-options: nosniff|x-frame-options: deny|referrer-policy: same-origin)" "$tmp/headers"
	is 0 4 ''
done
curl -sS -D "$tmp/headers" -o "$tmp/body" "$url/static/icon.svg"
etag=$(sed -n 's/^etag: //Ip' "$tmp/headers" | tr -d '\r')
run status /static/icon.svg -H "If-None-Match: $etag"
is 0 304 ''

kill -TERM "$web"
run wait "$web"
is 0 '' ''
site_end
