#!/bin/sh
# Every verb of jobctl at its door: it is let in with the one right that it wants, and not
# with all others together. A new verb has to be given a row here.
# Rows: S4-10
# shellcheck disable=SC2119
set -u
. "${srcdir:-.}/tests/sh.inc"
. "$srcdir/tests/integration/jobctl.inc"
. "$srcdir/tests/integration/bootweb.inc"
. "$srcdir/tests/integration/bootweb-admin.inc"

[ "$(id -u)" = 0 ] || skip 'it wants to be two users'
unset SUDO_USER
admin_begin
writer list >/dev/null 2>&1
printf 'correct horse\n' >"$tmp/password"
chmod 644 "$tmp/password"

# VERB RIGHT ARGUMENTS; each fails, or does nothing that the next one would mind.
cat >"$tmp/verbs" <<END
add queue --mac=52:54:00:00:00:01 --image=debian --dry-run
list view
show view 99
log view 99
cancel queue 99
retry queue 99
hold queue 99
release queue 99
edit queue 99 --hostname=x
import queue --dry-run /dev/null
export view
rm queue 99
next queue 99 local
sweep - --dry-run
sites view
stats view
watch view 99
machines view
systems view
record view 99
retire queue 99
unretire queue 99
ignore queue 99
block queue 99
allow queue 99
wake queue 99
explain view 99
events view
audit audit
hooks - --once
backup admin $tmp/site/db/copy
restore admin /dev/null
vacuum admin --keep=1d --dry-run
secret admin list
user admin list
token admin list
ingest -
END
jobctl --help | sed -n '/^Verbs:/,/^$/s/^  \([a-z]*\) .*/\1/p' >"$tmp/known"
sort "$tmp/known" >"$tmp/sorted"
run sh -c "cut -d ' ' -f 1 '$tmp/verbs' | sort | diff - '$tmp/sorted'"
is 0 '' ''

with() { # RIGHTS: a pxekit.conf that gives these to the one who asks
	sed '/^role/d' "$site/conf"
	echo "role some { users = { \"nobody\" } rights = { $1 } }"
	echo 'role other { users = { "root" } rights = { view } }'
}
but() {
	printf '%s\n' view queue edit audit admin | grep -vx "$1" | sed 's/.*/"&"/' | paste -s -d , -
}
for right in view queue audit admin; do
	with "\"$right\"" >"$tmp/only-$right"
	with "$(but $right)" >"$tmp/but-$right"
done
with '"edit"' >"$tmp/only-edit"
chmod 644 "$tmp"/only-* "$tmp"/but-*
door() { # CONF VERB ARGUMENTS: what the door says, or nothing
	conf=$1
	shift
	# shellcheck disable=SC2086
	timeout 120 $nobody "$tmp/jobctl" --config "$tmp/$conf" "$@" </dev/null 2>&1 >/dev/null | grep 'wants the right to'
}
while read -r verb right arguments; do
	if [ "$right" = - ]; then
		# shellcheck disable=SC2086
		same "$verb is for programs" '' "$(door only-edit "$verb" $arguments)"
		continue
	fi
	# shellcheck disable=SC2086
	same "$verb is let in with $right" '' "$(door "only-$right" "$verb" $arguments)"
	# shellcheck disable=SC2086
	same "$verb is not without it" "jobctl: $verb: wants the right to $right; nobody may, by the roles of pxekit.conf: $(but "$right" | tr -d '"' | sed 's/,/, /g')" \
		"$(door "but-$right" "$verb" $arguments)"
done <"$tmp/verbs"

# ---- root, and who is that by sudo ----

as_root() { # SUDO_USER
	env ${1:+SUDO_USER="$1"} jobctl --config "$tmp/only-view" cancel 99
}
run as_root ''
is 1 '' 'jobctl: 99: there is no such job (see jobctl list --all)'
run as_root root
is 1 '' 'jobctl: 99: there is no such job (see jobctl list --all)'
run as_root nobody
is 3 '' 'jobctl: cancel: wants the right to queue; nobody may, by the roles of pxekit.conf: view'
run as_root nobody-at-all
is 3 '' 'jobctl: cancel: wants the right to queue; nobody-at-all may, by the roles of pxekit.conf: nothing'
# Who is not root may say that he came by sudo, and stays who he is.
# shellcheck disable=SC2086
run env SUDO_USER=root $nobody "$tmp/jobctl" --config "$tmp/only-view" cancel 99
is 3 '' 'jobctl: cancel: wants the right to queue; nobody may, by the roles of pxekit.conf: view'
run env SUDO_USER=nobody jobctl --config "$tmp/only-queue" add --mac=52:54:00:00:00:01 --image=debian
is 0 'job 1: 52:54:00:00:00:01 debian@1.0 queued' ''
run sh -c "jobctl --config '$site/conf' audit --json | grep -o '\"actor\":\"[a-z]*\"'"
is 0 '"actor":"nobody"' ''
site_end
