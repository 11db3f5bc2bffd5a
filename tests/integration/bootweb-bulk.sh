#!/bin/sh
# Many jobs at once by way of the API: what is exported is what jobctl imports, who may have
# secrets, and what becomes of it on a full disk.
# Rows: S1-09 S1-11 S4-19 X-12 X-18
. "$srcdir/tests/sh.inc"
. "$srcdir/tests/integration/jobctl.inc"
if [ -z "${INSIDE:-}" ]; then
	unshare --user --map-root-user --mount true 2>/dev/null || skip 'no mounts of our own here'
	INSIDE=1 exec unshare --user --map-root-user --mount "$0"
fi
site
mkdir "$tmp/disk"
mount -t tmpfs -o size=24m none "$tmp/disk" || skip 'no tmpfs here'
web=
trap '[ -z "$web" ] || kill $web 2>/dev/null; umount -l "$tmp/disk"; rm -rf "$tmp"' EXIT
sed -i "s|$tmp/jobs.db|$tmp/disk/jobs.db|" "$PXEKIT_CONF"
cat >>"$PXEKIT_CONF" <<END
admin {
	user = ""
	www = "$(cd "$srcdir" && pwd)/tools/bootweb/www"
}
END
for role in viewer operator editor auditor admin; do
	jobctl token add "$role" --role=$role >"$tmp/token-$role"
done

start() {
	: >"$tmp/events"
	bootweb --face=admin --config="$PXEKIT_CONF" --listen=127.0.0.1:0 >"$tmp/events" 2>"$tmp/messages" &
	web=$!
	until grep -q '"started"' "$tmp/events"; do kill -0 $web || break; done
	url=http://$(sed -n 's/.*"started".* on \([0-9.:]*\).*/\1/p' "$tmp/events")
}
# api ROLE PATH [curl options]: the body, then the status in a line of its own
api() {
	role=$1 path=$2
	shift 2
	curl -sS -m 300 -w '\n%{http_code}\n' -H "Authorization: Bearer $(cat "$tmp/token-$role")" "$@" "$url/api/v1$path"
}
status() { tail -n 1; }
detail() { head -n 1 | jq -r .detail; }
fill() { dd if=/dev/zero of="$tmp/disk/ballast" bs=1k 2>/dev/null; }
start

# ---- export ----
# shellcheck disable=SC2016
hash='$6$salt$QLk5NH9BS6ntjDf2pyVxV8MPGyPDMmSBFJUcKuFLB8bdSHs3bzw9XfKzUBvFRW8xQbHL3.Kq3A5ss/abcdefg.'
printf 'mac,image,hostname,comment,dns,password-hash,hold,network\r\n' >"$tmp/good.csv"
printf '"52:54:00:00:00:01 52:54:00:00:00:11",debian12,web1,"it''s ""a"", b","10.0.0.1\n10.0.0.2",%s,,\r\n' "$hash" >>"$tmp/good.csv"
printf '52:54:00:00:00:02,rescue,,,,,yes,lab\r\n' >>"$tmp/good.csv"
jobctl import "$tmp/good.csv" >/dev/null
other() { jobctl --database "$tmp/other.db" "$@"; }
unseal() { sed 's/sealed:[A-Za-z0-9_=+/-]*/S/'; }
for format in csv ndjson; do
	api viewer "/export?format=$format" -o "$tmp/first" >/dev/null
	jobctl export --format $format >"$tmp/second"
	run cmp "$tmp/first" "$tmp/second"
	is 0 '' ''
	rm -f "$tmp"/other.db*
	api admin "/export?secrets=yes&format=$format" -o "$tmp/first" >/dev/null
	same "$format: the secrets are there, sealed" 1 "$(grep -c 'sealed:' "$tmp/first")"
	run other import "$tmp/first"
	is 0 '2 queued, 0 refused' ''
	other export --secrets --format $format >"$tmp/second"
	same "$format comes back as it went out" "$(unseal <"$tmp/first" | sha256sum)" "$(unseal <"$tmp/second" | sha256sum)"
done
for role in viewer operator editor auditor; do
	same "$role: no secrets" 403 "$(api $role '/export?secrets=yes' | status)"
	same "$role: all else" "$(jobctl export | sha256sum)" "$(api $role /export -o - | sed '$d' | sed '$d' | sha256sum)"
done
run jobctl audit --json
same 'both that gave secrets are on record' '["admin bootweb","admin bootweb"]' \
	"$(json '[.audit[].event | select(.action == "export") | "\(.actor) \(.source)"]')"
run other audit --json
same 'by jobctl as well' '["jobctl"]' "$(json '[.audit[].event | select(.action == "export") | .source]')"

# ---- a full disk ----
fill
run api viewer /export
same 'no room for the file' 507 "$(status <"$tmp/out")"
same 'says so' "a file beside the server's database: No space left on device" "$(detail <"$tmp/out")"
same 'others are served' 200 "$(api viewer /jobs | status)"
rm "$tmp/disk/ballast"
same 'and so is this, when there is room' 200 "$(api viewer /export | status)"

kill -TERM "$web"
run wait "$web"
is 0 '' ''
web=
end
