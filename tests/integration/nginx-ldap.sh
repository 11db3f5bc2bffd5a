#!/bin/sh
# examples/nginx-ldap.conf and examples/ldap-auth, as they are: people of a directory that
# slapd has, whose groups are roles, at the dashboard behind a real nginx.
# Rows: S4-10 S4-11
# shellcheck disable=SC2119
set -u
[ "${INSIDE:-}" ] || exec env INSIDE=yes "${srcdir:-.}/scripts/in-netns" "$0"
. "${srcdir:-.}/tests/sh.inc"
. "$srcdir/tests/integration/jobctl.inc"
. "$srcdir/tests/integration/bootweb.inc"
. "$srcdir/tests/integration/bootweb-admin.inc"
. "$srcdir/tests/integration/ldap.inc"
ldap_needs slapd
ip link set lo up
ip addr add 10.77.0.2/24 dev lo

# ---- a directory ----

mkdir "$tmp/ldap"
cat >"$tmp/slapd.conf" <<END
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile $tmp/slapd.pid
database mdb
suffix "dc=corp,dc=example"
rootdn "cn=root,dc=corp,dc=example"
rootpw roots-secret
directory $tmp/ldap
access to attrs=userPassword by anonymous auth by * none
access to * by dn.base="cn=looker,dc=corp,dc=example" read by * none
END
person() { # UID DN-BEGINNING PASSWORD
	printf 'dn: %s,ou=people,dc=corp,dc=example\nobjectClass: inetOrgPerson\n' "$2"
	printf 'uid: %s\nsn: %s\n%suserPassword: %s\n\n' "$1" "$1" "$4" "$3"
}
odd='cn=Paul \28Ops\29\2C *Test*'
{
	printf 'dn: dc=corp,dc=example\nobjectClass: dcObject\nobjectClass: organization\no: corp\ndc: corp\n\n'
	for ou in people groups; do
		printf 'dn: ou=%s,dc=corp,dc=example\nobjectClass: organizationalUnit\nou: %s\n\n' $ou $ou
	done
	printf 'dn: cn=looker,dc=corp,dc=example\nobjectClass: inetOrgPerson\ncn: looker\nsn: l\nuserPassword: lookers-secret\n\n'
	person Otto uid=otto 'ottos: secret' 'cn: Otto
'
	person vera uid=vera veras-secret 'cn: Vera
'
	person carl uid=carl carls-secret 'cn: Carl
'
	person paul "$odd" pauls-secret 'cn: Paul (Ops), *Test*
'
	group() { # NAME MEMBER...
		printf 'dn: cn=%s,ou=groups,dc=corp,dc=example\nobjectClass: groupOfNames\ncn: %s\n' "$1" "$1"
		shift
		for member; do
			printf 'member: %s,ou=people,dc=corp,dc=example\n' "$member"
		done
		echo
	}
	group 'PXE Operators' uid=otto "$odd"
	group 'Revision' uid=otto
	group 'Lookers' uid=vera
} >"$tmp/ldif"
run slapadd -f "$tmp/slapd.conf" -l "$tmp/ldif"
same 'the directory is filled' 0 "$code"
slapd -f "$tmp/slapd.conf" -h ldap://127.0.0.1:3890 -d 256 >"$tmp/slapd.out" 2>&1 &
slapd=$!
looker() {
	ldapsearch -x -H ldap://127.0.0.1:3890 -D cn=looker,dc=corp,dc=example -w lookers-secret \
		-b dc=corp,dc=example "$@"
}
until_true looker -s base
same 'and answers' 0 $?

# ---- a site, and a front server for it ----

cat >"$tmp/people" <<END
role operator { groups = { "PXE Operators" } }
role auditor { groups = { "Revision" } }
role viewer { groups = { "Lookers" } }
role admin { users = { "root", "nobody" } }
END
printf lookers-secret >"$tmp/looker"
chmod 644 "$tmp/looker"
cat >"$tmp/ldap-auth.conf" <<END
LDAP_URI=ldap://127.0.0.1:3890
LDAP_USERS=ou=people,dc=corp,dc=example
LDAP_GROUPS=ou=groups,dc=corp,dc=example
LDAP_BIND=cn=looker,dc=corp,dc=example
LDAP_BIND_FILE=$tmp/looker
END
ldap_site "$tmp/people"
pids="$pids $slapd"

# ---- who is who ----

run ask /
is 0 401 ''
run curl -sS -m 120 --cacert "$tmp/cert" -o "$tmp/body" -w '%header{www-authenticate}\n' https://10.77.0.2/
is 0 'Basic realm="pxekit", charset="UTF-8"' ''
run me otto 'ottos: secret'
is 0 "200
('Otto', ['view', 'queue', 'audit'])" ''
run me OTTO 'ottos: secret'
is 0 "200
('Otto', ['view', 'queue', 'audit'])" ''
run me vera veras-secret
is 0 "200
('vera', ['view'])" ''
run me paul pauls-secret
is 0 "200
('paul', ['view', 'queue'])" ''
run me carl carls-secret
is 0 "200
('carl', [])" ''
for wrong in 'otto:wrong' 'otto:' ':ottos: secret' 'nobody:x' '*:veras-secret' '*)(uid=vera:veras-secret' \
	'looker:lookers-secret' 'vera,ou=people:veras-secret'; do
	run ask /api/v1/me -u "$wrong"
	is 0 401 ''
done
run ask /api/v1/me -H 'Authorization: Basic %%%'
is 0 401 ''

# ---- what a client says of itself ----

run me vera veras-secret -H 'X-Remote-User: Otto' -H 'X-Remote-Groups: PXE Operators'
is 0 "200
('vera', ['view'])" ''
run me carl carls-secret -H 'X-Remote-Groups: PXE Operators'
is 0 "200
('carl', [])" ''
run ask /static/app.css -H 'X-Remote-User: Otto'
is 0 200 ''
run ask /api/v1/me -H 'X-Remote-User: Otto'
is 0 401 ''
run ask /api/v1/me -H "Authorization: Bearer $(cat "$tmp/token")"
is 0 200 ''
run json 'd["user"]' <"$tmp/body"
is 0 prog ''
run ask /api/v1/me -H 'Authorization: Bearer nonsense' -H 'X-Remote-User: Otto'
is 0 401 ''

# ---- what they may ----

run ask / -u 'otto:ottos: secret'
is 0 200 ''
run grep -c 'href="/jobs/new"' "$tmp/body"
is 0 1 ''
run ask / -u vera:veras-secret
is 0 200 ''
run grep -c 'href="/jobs/new"' "$tmp/body"
is 1 0 ''
run ask / -u carl:carls-secret
is 0 403 ''
run ask /audit -u vera:veras-secret
is 0 403 ''
csrf=$(ask /api/v1/me -u 'otto:ottos: secret' >/dev/null && json 'd["csrf"]' <"$tmp/body")
curl -sSN -m 300 --cacert "$tmp/cert" -u vera:veras-secret https://10.77.0.2/api/v1/events/stream >"$tmp/stream" 2>/dev/null &
stream=$!
until_true test -e "$tmp/stream"
add() {
	ask /api/v1/jobs -u "$1" -H "X-CSRF-Token: $csrf" -H 'Content-Type: application/json' \
		-d '{"mac":"52:54:00:00:00:01","image":"debian","hostname":"one"}'
}
run add vera:veras-secret
is 0 403 ''
run add 'otto:ottos: secret'
is 0 201 ''
writer audit --json >"$tmp/audit"
run json '[d["audit"][-1]["event"][k] for k in ("actor", "action", "address")]' <"$tmp/audit"
is 0 "['Otto', 'add', '10.77.0.2']" ''
has_streamed() {
	grep -q '^event: admin' "$tmp/stream" || ask "/api/v1/jobs/1/$1" -u 'otto:ottos: secret' -X POST -H "X-CSRF-Token: $csrf" &&
		grep -q '^event: admin' "$tmp/stream"
}
until_true has_streamed hold
same 'events come through nginx as they happen' 0 $?
kill "$stream"

# ---- the directory changes ----

ldapmodify -x -H ldap://127.0.0.1:3890 -D cn=root,dc=corp,dc=example -w roots-secret >/dev/null <<'END'
dn: cn=PXE Operators,ou=groups,dc=corp,dc=example
changetype: modify
delete: member
member: uid=otto,ou=people,dc=corp,dc=example
END
run me otto 'ottos: secret'
is 0 "200
('Otto', ['view', 'audit'])" ''
run add 'otto:ottos: secret'
is 0 403 ''

# ---- what nginx keeps ----

searches() {
	grep -c ' SRCH base="ou=' "$tmp/slapd.out"
}
keep() {
	sed -i /LDAP_KEEP/d "$tmp/ldap-auth.conf"
	echo "LDAP_KEEP=$1" >>"$tmp/ldap-auth.conf"
}
searched() { # searches there were since $before
	echo $(($(searches) - before))
}
keep 1000
before=$(searches)
run me vera veras-secret
is 0 "200
('vera', ['view'])" ''
same 'two searches for the first request' 2 "$(searched)"
for path in / /api/v1/me /machines /; do
	run ask $path -u vera:veras-secret
	is 0 200 ''
done
same 'and none for the next ones' 2 "$(searched)"
run ask /api/v1/me -H "Authorization: Bearer $(cat "$tmp/token")"
is 0 200 ''
same 'nor for a token' 2 "$(searched)"
run me otto 'ottos: secret'
is 0 "200
('Otto', ['view', 'audit'])" ''
same 'another user is asked about' 4 "$(searched)"
for wrong in vera:wrong vera: vera:veras-secret2 otto:veras-secret VERA:wrong; do
	run ask /api/v1/me -u "$wrong" -H 'X-Remote-User: vera'
	is 0 401 ''
done
before=$(searches)
for once in 1 2; do
	run ask /api/v1/me -u vera:wrong
	is 0 401 ''
	same 'who is refused is asked about each time' $once "$(searched)"
done
run ask /api/v1/me -H "Authorization: Basic $(printf vera:veras-secret | base64)" -H "Authorization: Basic $(printf otto:wrong | base64)"
is 0 400 ''
run ask /api/v1/me
is 0 401 ''
run ask /pxekit-who -u vera:veras-secret
is 0 404 ''
change() { # LDIF on standard input
	ldapmodify -x -H ldap://127.0.0.1:3890 -D cn=root,dc=corp,dc=example -w roots-secret >/dev/null
}
change <<'END'
dn: uid=vera,ou=people,dc=corp,dc=example
changetype: modify
replace: userPassword
userPassword: other-secret
END
run me vera other-secret
is 0 "200
('vera', ['view'])" ''
before=$(searches)
run ask / -u vera:veras-secret
is 0 200 ''
same 'the old password is good for as long as it is kept' 0 "$(searched)"
keep 1
run me carl carls-secret
is 0 "200
('carl', [])" ''
change <<'END'
dn: cn=Lookers,ou=groups,dc=corp,dc=example
changetype: modify
add: member
member: uid=carl,ou=people,dc=corp,dc=example
END
is_now() {
	me carl carls-secret | grep -qxF "('carl', ['view'])"
}
until_true is_now
same 'and then the directory is asked again' 0 $?
run sh -c "grep -rlaF 'Remote-User: vera' '$tmp/front/kept' | wc -l"
is 0 2 ''
for secret in veras-secret other-secret "$(printf vera:veras-secret | base64)"; do
	run grep -rlaF "$secret" "$tmp/front/kept"
	is 1 '' ''
done
kill "$slapd"
wait "$slapd"
run ask / -u paul:pauls-secret
is 0 500 ''
same 'the reason is said' 1 "$(ldap_said 'no answer about paul')"
run me vera other-secret
is 0 "200
('vera', ['view'])" ''
same 'no password is in a log' 0 "$(cat "$tmp/nginx.err" "$tmp/ldap.err" "$site/messages" "$site/events" | grep -c secret)"
site_end
