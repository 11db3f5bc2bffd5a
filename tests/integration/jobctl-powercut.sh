#!/bin/sh
# kill -9 in the middle of 1,000 mixed writes: the database is whole, and nothing that was
# acknowledged is missing.
# Rows: X-18 S1-06
. "$srcdir/tests/sh.inc"
. "$srcdir/tests/integration/jobctl.inc"
site
command -v setsid >/dev/null || skip 'no setsid here'

# Each round is 20 writes; a line in acked is written only when jobctl has said so.
cat >"$tmp/writer" <<-'END'
	. "$srcdir/tests/integration/jobctl.inc"
	n=$1
	while :; do
		n=$((n + 1))
		mac=$(printf '52:54:00:01:%02x:%02x' $((n / 256)) $((n % 256)))
		id=$(jobctl add --mac "$mac" --image debian12 --json | jq .job.id) || exit
		[ -n "$id" ] || exit
		echo "$n add $id $mac" >>"$tmp/acked"
		for state in booting installing installing installing installing installing installing \
			installing installing installing installing installing installing installing \
			configuring failed; do
			report "$id" 1 "$state"
		done >"$tmp/lines"
		jobctl ingest --batch 1 <"$tmp/lines" | grep -q 'ingested 16,' || exit
		echo "$n failed $id" >>"$tmp/acked"
		jobctl retry "$id" >"$tmp/null" || exit
		echo "$n retry $id" >>"$tmp/acked"
		jobctl cancel "$id" >"$tmp/null" || exit
		echo "$n cancel $id" >>"$tmp/acked"
		jobctl block "$mac" >"$tmp/null" || exit
		echo "$n block $id" >>"$tmp/acked"
	done
END
export tmp srcdir
: >"$tmp/acked"
rounds() { grep -c block "$tmp/acked"; }

kills=0 whole=0 from=0
while [ "$(rounds)" -lt 50 ]; do
	setsid sh "$tmp/writer" $from &
	writer=$!
	# Anywhere within the next writes.
	goal=$(($(wc -l <"$tmp/acked") + 5 + $(od -An -N1 -tu1 /dev/urandom) % 50))
	until [ "$(wc -l <"$tmp/acked")" -ge $goal ]; do kill -0 $writer 2>/dev/null || break; done
	kill -s KILL -- -$writer 2>/dev/null && kills=$((kills + 1))
	wait $writer 2>/dev/null
	[ "$(sqlite3 "$tmp/jobs.db" 'PRAGMA integrity_check; PRAGMA foreign_key_check')" = ok ] &&
		whole=$((whole + 1))
	from=$((from + 1000))
	[ $kills -lt 200 ] || break
done
echo "# killed $kills times within $((20 * $(rounds))) writes"
same 'whole after each' $kills $whole
same 'many times' 1 $((kills >= 3))

# What was acknowledged, against what is there.
sqlite3 -separator ' ' "$tmp/jobs.db" "SELECT job, json_extract(line, '\$.action') FROM event
	WHERE event = 'admin' AND job IS NOT NULL
	UNION SELECT job, json_extract(line, '\$.state') FROM event WHERE event = 'report'" | sort >"$tmp/there"
awk '$2 != "block" { print $3, $2 }' "$tmp/acked" | sort >"$tmp/wanted"
same 'nothing acknowledged is missing' '' "$(comm -23 "$tmp/wanted" "$tmp/there")"
same 'no machine that was blocked is not' '' "$(awk '$2 == "add" { mac[$3] = $4 } $2 == "block" { print mac[$3] }' "$tmp/acked" |
	sort >"$tmp/blocked" && jobctl machines --blocked --json | jq -r '.machines[].mac' | sort | comm -23 "$tmp/blocked" -)"
run jobctl audit --verify
same 'the audit trail is whole' 0 "$code"
run sqlite3 "$tmp/jobs.db" "SELECT count(*) FROM job j WHERE NOT EXISTS
	(SELECT 1 FROM attempt WHERE job = j.id AND number = j.attempt)"
is 0 0 ''
end
