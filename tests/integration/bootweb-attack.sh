#!/bin/sh
# What somebody tries who has no right to: forged fields, other spellings of an address,
# forms of other sites, sessions and tokens that are over, texts that would be markup.
# Rows: S4-10 S4-14 S2-28
# shellcheck disable=SC2119
set -u
. "${srcdir:-.}/tests/sh.inc"
. "$srcdir/tests/integration/jobctl.inc"
. "$srcdir/tests/integration/bootweb.inc"
. "$srcdir/tests/integration/bootweb-admin.inc"

command -v python3 >/dev/null || skip 'python3 is not here'
admin_begin
printf 'a password of ben\n' >"$tmp/password"
chmod 644 "$tmp/password"
writer user add ben --role=operator --file="$tmp/password"
writer token add prog --role=viewer >"$tmp/token"
token=$(cat "$tmp/token")
writer add --mac=52:54:00:00:00:01 --image=debian --hostname=one >/dev/null
admin_serve

front() { # PATH [curl options]: the status alone, by way of the front server's socket
	path=$1
	shift
	curl -sS --path-as-is -m 120 -o "$tmp/body" -w '%{http_code}\n' --unix-socket "$site/run/front" "$@" "http://site$path"
}
tcp() { # the same by TCP
	path=$1
	shift
	curl -sS --path-as-is -m 120 -o "$tmp/body" -w '%{http_code}\n' "$@" "$url$path"
}

# ---- who somebody says he is ----

for field in 'X-Remote-User: anna' 'x-remote-user: anna' 'X-REMOTE-USER:anna' 'X_Remote_User: anna' 'Remote-User: anna' \
	'X-Forwarded-User: anna' 'Authorization: Basic YW5uYTo=' 'Authorization: Bearer anna'; do
	run tcp /api/v1/me -H "$field" -H 'X-Remote-Groups: pxe operators' -H 'X-Real-IP: 127.0.0.1' -H 'X-Forwarded-For: 127.0.0.1'
	is 0 401 ''
done
run front /api/v1/me -H 'X_Remote_User: anna'
is 0 401 ''
for second in 'X-Remote-User: anna' 'x-remote-user: anna' 'X-Remote-User:'; do
	run front /audit -H 'X-Remote-User: vera' -H "$second"
	case $second in *:) is 0 403 '' ;; *) is 0 400 '' ;; esac
done
run front /api/v1/me -H 'X-Remote-User: vera' -H 'X-Remote-Groups: users' -H 'x-remote-groups: pxe operators'
is 0 400 ''

# ---- other spellings of what is not his ----

for path in /audit /%61udit /%2561udit /audit/ //audit /./audit /x/../audit /audit%2f /audit%2F..%2Faudit '/audit;a' /AUDIT \
	/audit%20 /audit%00 '/audit?csrf=1' /api/v1/audit /api/v1/%61udit /api//v1/audit /API/v1/audit; do
	for who in vera stranger; do
		code=$(front "$path" -H "X-Remote-User: $who")
		case $code in
		400 | 403 | 404) same "$who does not get $path" "$code" "$code" ;;
		*) same "$who does not get $path" refused "$code" ;;
		esac
	done
done
run front /jobs/1/cancel -H 'X-Remote-User: otto'
is 0 405 ''
run front /jobs/1 -H 'X-Remote-User: otto' -H 'X-HTTP-Method-Override: DELETE'
is 0 200 ''
for method in TRACE PUT OPTIONS CONNECT DELETE; do
	run front /jobs/1 -H 'X-Remote-User: otto' -X $method
	is 0 405 ''
done
run as vera /api/v1/jobs/1
state=$(sed 's/200$//' "$tmp/out" | json 'd["state"]')
same 'nothing of that did anything' queued "$state"

# ---- signing in ----

sign_in() { # [curl options]: status, where to, the cookie
	curl -sS -m 120 -o "$tmp/body" -w '%{http_code} %header{location} %header{set-cookie}\n' \
		--data-urlencode user=ben --data-urlencode 'password=a password of ben' "$@" | sed 's/=[0-9a-f]\{64\}/=SECRET/'
}
good='303 / pxekit-session=SECRET; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict'
for origin in "$url" http://127.0.0.1 https://127.0.0.1:8443; do
	run sign_in "$url/sign-in" -H "Origin: $origin"
	is 0 "$good" ''
done
for origin in https://evil.example null http://127.0.0.1.evil.example http://127.0.0.10 127.0.0.1 'http://evil.example/127.0.0.1'; do
	run sign_in "$url/sign-in" -H "Origin: $origin"
	is 0 '403  ' ''
done
run sign_in "$url/sign-in" -H 'Sec-Fetch-Site: same-site' -H "Origin: $url"
is 0 '403  ' ''
for query in '?next=https://evil.example' '?url=//evil.example' '?said=x&back=https://evil.example'; do
	run sign_in "$url/sign-in$query" -H 'Host: evil.example' -H 'X-Forwarded-Host: evil.example'
	is 0 "$good" ''
done
run tcp '/sign-in?user=ben&password=a%20password%20of%20ben' -X POST
is 0 400 ''
run tcp '/sign-in?user=ben&password=a%20password%20of%20ben' -d x=y
is 0 400 ''
run tcp '/sign-in?user=ben&password=a%20password%20of%20ben'
is 0 200 ''
run grep -c 'a password' "$tmp/body"
is 1 0 ''
run tcp / -H 'Host: evil.example' -H 'X-Forwarded-Host: evil.example'
is 0 303 ''
run front / -H 'X-Remote-User: vera' -H 'Host: evil.example'
is 0 200 ''
run grep -c evil "$tmp/body"
is 1 0 ''
run front /register.ipxe -H 'Host: evil.example/x"${y}'
is 0 400 ''
secure() { sign_in --unix-socket "$site/run/front" -H 'X-Forwarded-Proto: https' http://site/sign-in; }
run secure
is 0 "$(echo "$good" | sed 's/pxekit/__Host-pxekit/'); Secure" ''
session() { # a session of ben's: its secret
	curl -sS -m 120 -o "$tmp/body" -w '%header{set-cookie}\n' -d user=ben --data-urlencode 'password=a password of ben' "$url/sign-in" |
		sed 's/^[^=]*=\([0-9a-f]*\);.*/\1/'
}
one=$(session)
run front /api/v1/me -H "Cookie: pxekit-session=$one"
is 0 200 ''
run front /api/v1/me -H "Cookie: pxekit-session=$one" -H 'X-Forwarded-Proto: https'
is 0 401 ''
run front /api/v1/me -H "Cookie: __Host-pxekit-session=$one" -H 'X-Forwarded-Proto: https'
is 0 200 ''
for sent in '' 'csrf=' "csrf=$one" "csrf=$(printf '0%.0s' $(seq 64))"; do
	run tcp /sign-out -H "Cookie: pxekit-session=$one" -d "$sent"
	is 0 403 ''
done
run tcp /api/v1/me -H "Cookie: pxekit-session=$one"
is 0 200 ''
for bad in "/api/v1/me?token=$token" "/api/v1/me?access_token=$token" "/api/v1/me?pxekit-session=$one"; do
	run tcp "$bad"
	is 0 401 ''
done

# ---- what is over is over, also where it listens already ----

listen() { # FILE [curl options]
	file=$1
	shift
	curl -sSN -m 300 "$@" "$url/api/v1/events/stream" >"$file" 2>/dev/null &
	listener=$!
	pids="$pids $listener"
	until_true grep -q retry "$file"
}
listen "$tmp/by-token" -H "Authorization: Bearer $token"
by_token=$listener
listen "$tmp/by-session" -H "Cookie: pxekit-session=$one"
by_session=$listener
writer hold 1 >/dev/null
until_true grep -q hold "$tmp/by-token"
until_true grep -q hold "$tmp/by-session"
writer token rm 1
until_true grep -q token-rm "$tmp/by-session"
same 'who may listen hears on' 0 $?
wait "$by_token"
run grep -c token-rm "$tmp/by-token"
is 1 0 ''
writer user passwd ben --file="$tmp/password"
wait "$by_session"
run grep -c account-change "$tmp/by-session"
is 1 0 ''
run tcp /api/v1/me -H "Cookie: pxekit-session=$one"
is 0 401 ''

# ---- who guesses ----

guess() { # ADDRESS USER
	front /sign-in -H "X-Real-IP: $1" -d "user=$2" -d password=wrong
}
run guess 192.0.2.1 ben
is 0 401 ''
sed 's/value="ben"/value=""/' "$tmp/body" >"$tmp/known"
run guess 192.0.2.1 nobody-at-all
is 0 401 ''
sed 's/value="nobody-at-all"/value=""/' "$tmp/body" >"$tmp/unknown"
run cmp "$tmp/known" "$tmp/unknown"
is 0 '' ''
for last in 1 2 3 4 5; do
	run guess 2001:db8:1:2:3::$last "user$last"
	is 0 401 ''
done
run guess 2001:db8:1:2:ffff::6 user6
is 0 429 ''
run guess 2001:db8:1:3::7 user7
is 0 401 ''
run guess ::ffff:192.0.2.9 user8
is 0 401 ''

# ---- texts that would be markup ----

hostile='"><img src=x onerror=alert(1)>&<script>alert(1)</script>'
csrf=$(as "$hostile" /api/v1/me -H 'X-Remote-Groups: pxe operators' | sed 's/200$//' | json 'd["csrf"]')
run as "$hostile" /api/v1/jobs/1/cancel -o "$tmp/body" -X POST -H 'X-Remote-Groups: pxe operators' -H "X-CSRF-Token: $csrf"
is 0 200 ''
run guess 192.0.2.77 "$(printf '%s' "$hostile" | sed 's/&/%26/')"
run grep -c '<img\|<script>' "$tmp/body"
is 1 0 ''
take
for path in / /jobs/1 /audit /machines /networks /stats; do
	run front "$path" -H 'X-Remote-User: anna'
	is 0 200 ''
	run grep -c '<img\|<script>alert' "$tmp/body"
	is 1 0 ''
done
run front / -H "X-Remote-User: $hostile" -H 'X-Remote-Groups: pxe operators'
is 0 200 ''
run grep -c '<img\|<script>alert' "$tmp/body"
is 1 0 ''
run front / -H "X-Remote-User: $hostile"
is 0 403 ''
run grep -c '<img\|<script>alert' "$tmp/body"
is 1 0 ''
run curl -sS -m 120 -o "$tmp/body" -w '%{content_type} %header{x-content-type-options}\n' --unix-socket "$site/run/front" \
	-H 'X-Remote-User: anna' 'http://site/api/v1/audit'
is 0 'application/json nosniff' ''
same 'the audit trail has who it was, as he wrote it' "$hostile" "$(json 'd["audit"][0]["event"]["actor"]' <"$tmp/body")"
line() { curl -sSN -m 300 --unix-socket "$site/run/front" -H 'X-Remote-User: anna' 'http://site/api/v1/events/stream?after=1' 2>/dev/null | grep -m 1 'onerror'; }
run line
same 'the stream has it in one line of its own' 1 "$(grep -c '^data: {.*onerror.*}$' "$tmp/out")"
kill -TERM "$web"
run wait "$web"
is 0 '' ''
site_end
