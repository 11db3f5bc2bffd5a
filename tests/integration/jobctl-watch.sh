#!/bin/sh
# jobctl watch: a line for each change where there is no terminal, bars where there is one.
# Rows: S0-27 S1-09
. "$srcdir/tests/sh.inc"
. "$srcdir/tests/integration/jobctl.inc"
site
run jobctl add --mac 52:54:00:00:00:01 --image debian12 --hostname web1

tell() {
	report "$@" | jobctl ingest >"$tmp/ingest"
}

# until_says FILE PATTERN
until_says() {
	until grep -q "$2" "$1"; do sleep 0.05; done
}

jobctl watch web1 >"$tmp/watched" 2>&1 &
watcher=$!
jobctl watch --until-idle --json >"$tmp/idle" 2>&1 &
idle=$!
until_says "$tmp/watched" queued
until_says "$tmp/idle" queued
tell 1 1 installing 42 fetch 'half of it'
until_says "$tmp/watched" fetch
tell 1 1 'done' 100 '' 'host web1'
wait "$watcher"
same 'watch ends with its job, 0 if it is done' \
	'0 job 1 web1 queued 0 %|job 1 web1 installing 42 % fetch: half of it|job 1 web1 done 100 % fetch: host web1|' \
	"$? $(sed 's/^..:..:.. //' "$tmp/watched" | tr '\n' '|')"
wait "$idle"
same 'and --until-idle with the last one' '0 ["queued","done"]' \
	"$? $(jq -sc '[.[0].job.state, .[-1].job.state]' <"$tmp/idle")"
run jobctl watch --until-idle
is 0 '' ''

run jobctl retry 1
jobctl watch 1 >"$tmp/watched" 2>&1 &
watcher=$!
until_says "$tmp/watched" queued
tell 1 2 failed 0 disks 'no disk is empty'
wait "$watcher"
same 'it ends with 1 if the job failed' 1 "$?"
run jobctl retry 1
jobctl watch >"$tmp/watched" 2>&1 &
watcher=$!
until_says "$tmp/watched" queued
kill "$watcher"
wait "$watcher"
same 'watching all of them ends when it is told to' 0 "$?"

# ---- on a terminal, which util-linux's script(1) makes ----
tell 1 3 installing 50 fetch "$(printf 'evil \033]0;title\007 text')"
for columns in 80 40; do
	: >"$tmp/screen"
	TERM=xterm script -qfc "stty cols $columns rows 24; exec jobctl watch 1" /dev/null </dev/null >"$tmp/screen" 2>&1 &
	watcher=$!
	until_says "$tmp/screen" '50 %'
	jobctl cancel 1 >"$tmp/out"
	wait "$watcher"
	same "on a terminal of $columns columns it ends as well" 1 "$(grep -c cancelled "$tmp/screen")"
	same 'the bar is half full' $((columns / 4)) \
		"$(grep -a '50 %' "$tmp/screen" | head -n 1 | grep -o '█' | wc -l)"
	same 'no line is wider' yes \
		"$(sed "s/$(printf '\033')\[[0-9;?]*[a-zA-Z]//g" "$tmp/screen" | tr -d '\r' |
			wc -L | awk -v w="$columns" '{ print $1 < w ? "yes" : $1 }')"
	same 'what a machine says does not act on the terminal' 0 "$(grep -c "$(printf '\033]')" "$tmp/screen")"
	same 'the cursor comes back' 1 "$(tail -n 1 "$tmp/screen" | grep -c "$(printf '\033')\[?25h")"
	jobctl retry 1 >"$tmp/out"
	tell 1 4 installing 50 fetch
done
end
