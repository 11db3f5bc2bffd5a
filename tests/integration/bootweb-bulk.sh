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
mount -t tmpfs -o size=64m none "$tmp/disk" || skip 'no tmpfs here'
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

# ---- import ----
send() { # ROLE FILE TYPE [curl options]
	from=$1 file=$2 type=$3
	shift 3
	api "$from" "/import$query" -X POST -H "Content-Type: $type" --data-binary "@$file" "$@"
}
query=
csv=text/csv
ndjson=application/x-ndjson
count() { jobctl list --json | jq '.jobs | length'; }
remove_all() {
	# shellcheck disable=SC2046
	set -- $(jobctl list --all --json | jq '.jobs[].id')
	[ $# = 0 ] || {
		jobctl cancel "$@" >/dev/null 2>&1
		jobctl rm "$@" >/dev/null
	}
}
for format in csv ndjson; do
	eval "type=\$$format"
	jobctl export --secrets --format $format >"$tmp/first"
	remove_all
	run send operator "$tmp/first" "$type"
	same "$format: what jobctl exported is taken" '200 2' "$(status <"$tmp/out") $(head -n 1 "$tmp/out" | jq .queued)"
	jobctl export --secrets --format $format >"$tmp/second"
	same "$format comes back as it went out" "$(unseal <"$tmp/first" | sha256sum)" "$(unseal <"$tmp/second" | sha256sum)"
done
printf 'mac,image,hostname\n52:54:00:00:01:01,debian12,-\n52:54:00:00:01:02,none,\n52:54:00:00:01:03\n' >"$tmp/bad.csv"
run send operator "$tmp/bad.csv" "$csv"
same 'complaints have line and name' '422 [[2,"hostname"],[3,"image"],[4,""]]' \
	"$(status <"$tmp/out") $(head -n 1 "$tmp/out" | jq -c '[.errors[] | [.line, .field]]')"
printf 'mac,image,colour\n52:54:00:00:01:01,debian12,red\n' >"$tmp/bad.csv"
run send operator "$tmp/bad.csv" "$csv"
same 'a column that is none' '422 "is no option of a job"' "$(status <"$tmp/out") $(head -n 1 "$tmp/out" | jq '.errors[0].why | split("colour: ")[1]')"
printf '{"mac": "52:54:00:00:01:01", "image": "debian12"}\n\n{"mac": "52:54:00:00:01:02", "image": 7' >"$tmp/bad.ndjson"
run send operator "$tmp/bad.ndjson" "$ndjson"
same 'a line that is no JSON' '422 3' "$(status <"$tmp/out") $(head -n 1 "$tmp/out" | jq '.errors[0].line')"
same 'nothing of these was queued' 2 "$(count)"

# ---- large ones ----
MANY=3000
many() { # FROM
	echo mac,image,hostname,comment
	seq "$1" $(($1 + MANY - 1)) | awk '{ printf "52:54:01:00:%02x:%02x,debian12,host%d,this one is number %d of many\n", $1 / 256, $1 % 256, $1, $1 }'
}
many 0 >"$tmp/many.csv"
same 'more than 64 KiB' 1 "$(($(wc -c <"$tmp/many.csv") > 65536))"
query='?dry_run=yes' run send operator "$tmp/many.csv" "$csv"
same 'a dry run says what would be' "200 $MANY true" "$(status <"$tmp/out") $(head -n 1 "$tmp/out" | jq -r '"\(.jobs | length) \(.dry_run)"')"
same 'and queues nothing' 2 "$(count)"
run send operator "$tmp/many.csv" "$csv"
same 'all of them are queued' "200 $MANY $((MANY + 1))" "$(status <"$tmp/out") $(head -n 1 "$tmp/out" | jq -r '"\(.queued) \(.jobs[-1].line)"')"
same 'they are there' $((MANY + 2)) "$(count)"
run send operator "$tmp/many.csv" "$csv"
same 'twice they are in their own way' '422 64 2' \
	"$(status <"$tmp/out") $(head -n 1 "$tmp/out" | jq -r '"\(.errors | length) \(.errors[0].line)"')"
for role in viewer editor auditor; do
	same "$role: not let in" 403 "$(send $role "$tmp/many.csv" "$csv" | status)"
done
same 'nor is who says not who it is' 401 "$(curl -sS -o /dev/null -w '%{http_code}' -X POST --data-binary "@$tmp/many.csv" "$url/api/v1/import")"
truncate -s 33M "$tmp/large"
same 'too large' 413 "$(send operator "$tmp/large" "$ndjson" | status)"
same 'nor may others be as large as an import' 413 "$(api operator /jobs -X POST --data-binary "@$tmp/many.csv" | status)"
tr '\0' '\n' <"$tmp/large" | head -c 32M >"$tmp/blank"
same 'just not too large' 200 "$(send operator "$tmp/blank" "$ndjson" | status)"
peak=$(awk '/^VmHWM/ { print $2 }' /proc/$web/status)
[ "$peak" -lt 160000 ] || echo "# it used $peak KiB"
same 'memory is bounded' 1 "$((peak < 160000))"

# Four may come slowly; a fifth is asked to come again, and the others are served.
senders=
for i in 1 2 3 4; do
	mkfifo "$tmp/slow$i"
	api operator /import -X POST -H "Content-Type: $ndjson" -H 'Transfer-Encoding: chunked' -T "$tmp/slow$i" >"$tmp/slow$i.out" &
	senders="$senders $!"
done
exec 5>"$tmp/slow1" 6>"$tmp/slow2" 7>"$tmp/slow3" 8>"$tmp/slow4"
echo >&5; echo >&6; echo >&7; echo >&8
tries=200
until [ "$(send operator "$tmp/many.csv" "$csv" | status)" = 503 ] || [ $tries = 0 ]; do tries=$((tries - 1)); done
same 'a fifth waits' 1 "$((tries > 0))"
same 'others are served' '200 200' "$(api viewer /jobs | status) $(api operator /import -X POST -d '{"jobs": []}' -H 'Content-Type: application/json' | status)"
exec 5>&- 6>&- 7>&- 8>&-
# shellcheck disable=SC2086
wait $senders
same 'the four are answered' '200 200 200 200' "$(for i in 1 2 3 4; do status <"$tmp/slow$i.out"; done | xargs)"

# ---- killed in the midst ----
jobs() { sqlite3 "$tmp/disk/jobs.db" 'SELECT count(*) FROM job'; }
before=$(jobs)
many 8192 >"$tmp/more.csv"
send operator "$tmp/more.csv" "$csv" >"$tmp/cut" 2>&1 &
sender=$!
while sqlite3 "$tmp/disk/jobs.db" 'BEGIN IMMEDIATE; ROLLBACK' 2>/dev/null && kill -0 $sender 2>/dev/null; do :; done
kill -KILL "$web"
wait "$web" $sender 2>/dev/null
now=$(jobs)
same 'all or none' 1 "$((now == before || now == before + MANY))"
run sqlite3 "$tmp/disk/jobs.db" 'PRAGMA integrity_check'
is 0 ok ''
start
[ "$now" = "$before" ] || sed 's/52:54:01/52:54:02/; s/host/again/' "$tmp/more.csv" >"$tmp/other.csv"
[ "$now" != "$before" ] || cp "$tmp/more.csv" "$tmp/other.csv"

# ---- a full disk ----
fill
before=$(jobs)
run send operator "$tmp/other.csv" "$csv"
same 'no room for so many' "507 the database's disk is full: nothing was changed" "$(status <"$tmp/out") $(detail <"$tmp/out")"
same 'none of them is there' "$before" "$(jobs)"
same 'and who reads is served' 200 "$(api viewer /jobs | status)"
rm "$tmp/disk/ballast"
same 'with room they are taken' 200 "$(send operator "$tmp/other.csv" "$csv" | status)"
same 'all of them' "$((before + MANY))" "$(jobs)"
fill
run api viewer /export
same 'no room for the file' 507 "$(status <"$tmp/out")"
same 'says so' "a file beside the server's database: No space left on device" "$(detail <"$tmp/out")"
same 'others are served' 200 "$(api viewer /jobs | status)"
run api admin /backup
same 'no room for a copy' 507 "$(status <"$tmp/out")"
run ls "$tmp/disk"
same 'nothing of it stays' 0 "$(grep -c copy "$tmp/out")"
rm "$tmp/disk/ballast"
same 'and so is this, when there is room' 200 "$(api viewer /export | status)"

# ---- a copy, which becomes the database again ----
touch -d '2 hours ago' "$tmp/disk/jobs.db.copy-left"
same 'a copy' 200 "$(api admin /backup -o "$tmp/copy.db" | status)"
same 'what was left by who was killed is gone' 0 "$(find "$tmp/disk" -name '*copy*' | wc -l)"
for role in viewer operator editor auditor; do
	same "$role: no copy" 403 "$(api $role /backup | status)"
done
jobctl export --secrets >"$tmp/first"
run jobctl --database "$tmp/again.db" restore "$tmp/copy.db"
same 'jobctl restore takes it' 0 "$code"
jobctl --database "$tmp/again.db" export --secrets >"$tmp/second"
same 'with all jobs and their secrets' "$(sha256sum <"$tmp/first")" "$(sha256sum <"$tmp/second")"

kill -TERM "$web"
run wait "$web"
is 0 '' ''
web=
end
