#!/bin/sh
# A random walk of reports, cancel and retry against the table of legal moves.
# Rows: S0-27 S1-06 S1-07 S4-06
. "$srcdir/tests/sh.inc"
. "$srcdir/tests/integration/jobctl.inc"
site

# The table of DESIGN, once more and by hand: what each state lets a report do.
legal() { # FROM TO
	case $1:$2 in
	queued:booting | queued:installing | queued:configuring | queued:done | queued:failed) ;;
	booting:installing | booting:configuring | booting:done | booting:failed) ;;
	installing:configuring | installing:done | installing:failed) ;;
	configuring:done | configuring:failed) ;;
	*) return 1 ;;
	esac
}

run jobctl add --mac 52:54:00:00:00:01 --image debian12
seed=$(od -An -N2 -tu2 /dev/urandom | tr -d ' ')
echo "# seed $seed"
state=queued
attempt=1
wrong=0
lines=0
awk -v seed="$seed" 'BEGIN {
	srand(seed)
	split("booting installing configuring done failed cancel retry retry old booting installing", does)
	for (i = 0; i < 100; i++)
		print does[int(rand() * 11) + 1]
}' >"$tmp/walk"
while read -r action; do
	from=$state
	wanted=0
	case $action in
	cancel)
		case $state in
		done | failed | cancelled) wanted=1 ;;
		*) state=cancelled ;;
		esac
		run jobctl cancel 1
		;;
	retry)
		case $state in
		done | failed | cancelled) state=queued attempt=$((attempt + 1)) ;;
		*) wanted=1 ;;
		esac
		run jobctl retry 1
		;;
	old)
		lines=$((lines + 1))
		report 1 $((attempt - 1)) 'done' 100 >"$tmp/in"
		run jobctl ingest <"$tmp/in"
		;;
	*)
		lines=$((lines + 1))
		report 1 "$attempt" "$action" >"$tmp/in"
		if legal "$state" "$action"; then state=$action; fi
		run jobctl ingest <"$tmp/in"
		;;
	esac
	got="$code $(jobctl show 1 --json | jq -r '.job | "\(.state) \(.attempt)"')"
	if [ "$got" != "$wanted $state $attempt" ]; then
		echo "# $action from $from: wanted $wanted $state $attempt, got $got"
		wrong=$((wrong + 1))
		break
	fi
done <"$tmp/walk"
same 'every move went as the table says' 0 "$wrong"
same 'each attempt has its row' "$attempt" "$(jobctl show 1 --json | jq '.attempts | length')"
same 'none of its reports is missing' "$lines" "$(jobctl events --json | grep -c '"report"')"
run sqlite3 "$tmp/jobs.db" "UPDATE job SET state = 'broken'"
same 'a state that is none does not get into the database' 1 "$(grep -c 'CHECK constraint' "$tmp/err")"
end
