#!/bin/sh
# A person at iPXE's prompt signs in, types a host name, chooses an image: the machine has a
# job.  The requests are those that the script makes; no other makes one.
# tests/e2e/register.sh types at a real one.
# Rows: X-13
# shellcheck disable=SC2119
set -u
. "${srcdir:-.}/tests/sh.inc"
. "$srcdir/tests/integration/bootweb.inc"
. "$srcdir/tests/integration/bootweb-admin.inc"
admin_begin
printf 'correct horse\n' >"$tmp/password"
chmod 644 "$tmp/password"
# The face makes the database, as its user.
serve --face=admin
for who in otto:operator vera:viewer; do
	writer user add "${who%:*}" --role="${who#*:}" --file="$tmp/password"
done
ask() { # USER:PASSWORD QUERY [curl options]
	who=$1 query=$2
	shift 2
	curl -sS -m 60 -w '%{http_code}\n' -u "$who" "$@" "$url/register?$query"
}
hex() { printf %s "$1" | od -An -v -tx1 | tr -d ' \n'; }
jobs() { writer list --json | json '" ".join(j["mac"] + " " + j["image"] + " " + j["hostname"] for j in d["jobs"])'; }

# ---- the script: one entry for each image, and where it leads to ----
run curl -sS -m 60 "$url/register.ipxe"
cp "$tmp/out" "$tmp/script"
run grep -e '^isset' -e '^login' -e '^read hostname' -e '^item d' -e '^choose image' "$tmp/script"
is 0 'isset ${pxekit-base} || set pxekit-base http://10.0.0.1:8080
login || goto boot
read hostname || goto boot
item debian debian@1.0
choose image || goto name' ''
run sed -n 's/^chain --autofree \(.*\) || goto failed/\1/p' "$tmp/script"
# shellcheck disable=SC2016 # iPXE's
is 0 "http://"'${username:hexraw}:${password:hexraw}'"@${url#http://}/register?"'hex=yes&mac=${netX/mac:hexhyp}&image=${image}&hostname=${hostname:uristring}' ''
run curl -sS -m 60 -H 'Host: a.test${x}' -w '%{http_code}\n' "$url/register.ipxe"
is 0 'bad request: no Host
400' ''

# ---- a job ----
run ask "$(hex otto):$(hex 'correct horse')" 'hex=yes&mac=52-54-00-00-00-01&image=debian&hostname=web1'
is 0 '#!ipxe
echo job 1: debian@1.0
set pxekit-then boot
sleep 3 ||
200' ''
run jobs
is 0 '52:54:00:00:00:01 debian@1.0 web1' ''
who() { writer audit --json | json '[(e["event"]["actor"], e["event"]["action"], e["event"]["source"], e["event"]["address"]) for e in d["audit"] if e["event"]["action"] == "add"]'; }
run who
is 0 "[('otto', 'add', 'bootweb', '127.0.0.1')]" ''

# ---- what is refused is said there, and nothing is done ----
run ask 'otto:correct horse' 'mac=52-54-00-00-00-01&image=debian&hostname='
is 0 '#!ipxe
echo 52:54:00:00:00:01: has job 1 (debian@1.0, queued) already; wait until it is over, or: jobctl cancel 1
set pxekit-then name
prompt Press any key to try again ||
200' ''
run sh -c "curl -sS -m 60 -u 'otto:correct horse' '$url/register?mac=52-54-00-00-00-02&image=debian&hostname=a%0Aexit%24%7Bx%7D' | grep -c -e '^exit' -e '[$]' -e '^echo -'"
is 1 0 ''
run ask 'otto:correct horse' 'mac=52-54-00-00-00-02'
is 0 '#!ipxe
echo image: is missing: what shall be installed?
set pxekit-then name
prompt Press any key to try again ||
200' ''
run ask 'vera:correct horse' 'mac=52-54-00-00-00-02&image=debian'
is 0 '#!ipxe
echo This wants the right to queue.
set pxekit-then sign-in
prompt Press any key to try again ||
200' ''
for who in 'otto:wrong' 'nobody:correct horse'; do
	run ask "$who" 'mac=52-54-00-00-00-02&image=debian'
	is 0 '#!ipxe
echo Wrong user or password.
set pxekit-then sign-in
prompt Press any key to try again ||
200' ''
done
run ask "$(hex otto):correct horse" 'hex=yes&mac=52-54-00-00-00-02&image=debian'
is 0 'sign in first
401' ''
run curl -sS -m 60 -o /dev/null -w '%header{www-authenticate}' "$url/register?mac=52-54-00-00-00-02&image=debian"
is 0 'Basic realm="pxekit"' ''
run ask 'otto:correct horse' 'mac=52-54-00-00-00-02&image=debian' -H 'Sec-Fetch-Site: cross-site'
is 0 'another site sent you here
403' ''
run curl -sS -m 60 -u 'otto:correct horse' -X POST -o /dev/null -w '%{http_code}\n' "$url/register?mac=52-54-00-00-00-02&image=debian"
is 0 405 ''
run jobs
is 0 '52:54:00:00:00:01 debian@1.0 web1' ''

# ---- guessing is bounded as at the sign-in ----
for try in 1 2 3 4 5 6 7; do
	ask "otto:guess$try" 'mac=52-54-00-00-00-02&image=debian' >/dev/null
done
run sh -c "curl -sS -m 60 -u 'otto:correct horse' '$url/register?mac=52-54-00-00-00-02&image=debian' | sed -n 's/ for .*//; s/^echo //p'"
is 0 'Too many failures: wait' ''
site_end
