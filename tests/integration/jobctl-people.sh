#!/bin/sh
# Accounts and tokens of the dashboard, and the roles that bound jobctl itself.
# Rows: S4-10
# shellcheck disable=SC2119
set -u
. "${srcdir:-.}/tests/sh.inc"
. "$srcdir/tests/integration/bootweb.inc"
. "$srcdir/tests/integration/bootweb-admin.inc"

[ "$(id -u)" = 0 ] || skip 'it wants to be two users'
admin_begin
printf 'correct horse\n' >"$tmp/password"
printf 'short\n' >"$tmp/short"
chmod 644 "$tmp/password" "$tmp/short"

# ---- accounts ----

run jobctl --config "$site/conf" user add ben --role=operator --file="$tmp/password"
is 0 '' ''
chown 65534:65534 "$site"/db/*
run writer user add ben --role=viewer --file="$tmp/password"
is 1 '' 'jobctl: ben: there is such an account already'
run writer user add eve --role=king --file="$tmp/password"
is 2 '' "jobctl: --role 'king': there is no such role"
run writer user add eve --role=viewer --file="$tmp/short"
is 2 '' 'jobctl: user eve: a password has 10 octets or more'
run writer user passwd eve --file="$tmp/password"
is 1 '' 'jobctl: eve: there is no such account'
run sh -c "$nobody '$tmp/jobctl' --config '$site/conf' user list --json | sed 's/\"changed\":\"[^\"]*\"/\"changed\":0/'"
is 0 '{"users":[{"name":"ben","role":"operator","changed":0}]}' ''
run grep -c 'correct horse' "$site/db/jobs.db"
is 1 0 ''
run writer user rm ben
is 0 '' ''
run writer user rm ben
is 1 '' 'jobctl: ben: there is no such account'

# ---- tokens ----

writer token add prog --role=viewer --days=1 >"$tmp/token"
run grep -cE '^pxekit_1_[0-9a-f]{64}$' "$tmp/token"
is 0 1 ''
run sh -c "$nobody '$tmp/jobctl' --config '$site/conf' token list --json | grep -o '\"id\":1,\"name\":\"prog\",\"role\":\"viewer\"'"
is 0 '"id":1,"name":"prog","role":"viewer"' ''
run writer token rm 1
is 0 '' ''
run writer token rm 1
is 1 '' 'jobctl: there is no token 1'
run sh -c "$nobody '$tmp/jobctl' --config '$site/conf' events --json | grep -o '\"action\":\"[a-z-]*\"' | sort | uniq -c | tr -s ' '"
is 0 ' 1 "action":"account-add"
 1 "action":"account-rm"
 1 "action":"token-add"
 1 "action":"token-rm"' ''

# ---- roles ----

sed 's/"anna", "nobody"/"anna"/; s/users = { "vera" }/users = { "vera", "nobody" }/' "$site/conf" >"$tmp/viewer"
chmod 644 "$tmp/viewer"
as_viewer() {
	$nobody "$tmp/jobctl" --config "$tmp/viewer" "$@"
}
run as_viewer list --json
is 0 '{"jobs":[]}' ''
run as_viewer add --mac=52:54:00:00:00:01 --image=debian
is 3 '' 'jobctl: add: wants the right to queue; nobody may, by the roles of pxekit.conf: view'
run as_viewer token list
is 3 '' 'jobctl: token: wants the right to admin; nobody may, by the roles of pxekit.conf: view'
run as_viewer record 1
is 1 '' 'jobctl: 1: has not installed anything'
run as_viewer unretire 52:54:00:00:00:01
is 3 '' 'jobctl: unretire: wants the right to queue; nobody may, by the roles of pxekit.conf: view'
run as_viewer export
is 0 '' ''
run as_viewer export --secrets
is 3 '' 'jobctl: export --secrets: wants the right to admin; nobody may, by the roles of pxekit.conf: view'
run sh -c "jobctl --config '$tmp/viewer' add --mac=52:54:00:00:00:01 --image=debian"
is 0 'job 1: 52:54:00:00:00:01 debian@1.0 queued' ''
chown 65534:65534 "$site"/db/*
sed 's/groups = { "pxe operators" }/groups = { "nogroup" }/' "$tmp/viewer" >"$tmp/group"
chmod 644 "$tmp/group"
# shellcheck disable=SC2086
run $nobody "$tmp/jobctl" --config "$tmp/group" cancel 1
is 0 'job 1: cancelled' ''
sed '/^role/d' "$tmp/viewer" >"$tmp/none"
chmod 644 "$tmp/none"
# shellcheck disable=SC2086
run $nobody "$tmp/jobctl" --config "$tmp/none" rm 1
is 0 'job 1: removed' ''

site_end
