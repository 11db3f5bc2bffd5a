#!/bin/sh
# bootweb is killed while nobody takes its events: a machine that has told that its system is
# on the disk is not installed once more, for the report stands in the pipe.
# Rows: S0-25 S0-27 N-06
# shellcheck disable=SC2119
set -u
. "${srcdir:-.}/tests/sh.inc"
. "$srcdir/tests/integration/bootweb.inc"

site_begin
for i in 1 2 3; do
	admin add --mac 52:54:00:00:00:0$i --image debian >/dev/null
done
serve
one=$(token_of 52-54-00-00-00-01)
two=$(token_of 52-54-00-00-00-02)
three=$(token_of 52-54-00-00-00-03)
disk=$(printf 'sda\t10737418240\tvirtio\t-\t-\tempty')
stop

# again EVENTS: bootweb at the same place, its events go there.
again() {
	$nobody "$tmp/bootweb" --config="$site/conf" --listen="${url#http://}" >>"$1" \
		2>"$site/messages" 7<&- &
	web=$!
	pids="$pids $web"
	until_true curl -sSf "$url/healthz"
}
killed() {
	kill -KILL "$web"
	wait "$web" 2>/dev/null
}
told() { # N: what that machine is told
	curl -sS "$url/boot/52-54-00-00-00-0$1.ipxe" | sed -n 's/^set pxekit-why //p; s/^set pxekit-url .*/install/p'
}

# ---- a pipe that nobody reads ----
mkfifo "$tmp/fifo"
chmod 666 "$tmp/fifo"
exec 7<>"$tmp/fifo"
again "$tmp/fifo"
run post "$one/report" 'state=installing&step=image'
is 0 'ok
200' ''
run post "$one/report" 'state=configuring&step=reboot'
is 0 'ok
200' ''
killed
again "$tmp/fifo"
run told 1
is 0 'its system is on the disk and configures itself' ''
run told 2
is 0 install ''
run post "$one/disks" "$disk"
sed -n 1p "$tmp/out" >"$tmp/line"
mv "$tmp/line" "$tmp/out"
is 0 'job 1 is configuring: its disk is written already' ''

# ---- no room in the pipe: what is in memory alone is not accepted, but said later ----
text=$(head -c 900 /dev/zero | tr '\0' '"' | sed 's/"/%22/g')
for i in $(seq 40); do
	curl -sS -o /dev/null --data "state=installing&text=$i$text" "$url$two/report"
done
run post "$two/report" 'state=configuring&step=reboot'
is 0 'not now; ask again
503' ''
run told 2
is 0 'its system is on the disk and configures itself' ''

# ---- the database hears of all that stands in the pipe, once ----
kill -TERM "$web"
exec 8<"$tmp/fifo" 7<&-
run admin ingest <&8
exec 8<&-
: >"$tmp/out"
is 0 '' ''
run sh -c "jobctl --config '$site/conf' --json list | jq -c '[.jobs[] | [.id, .state]] | sort'"
is 0 '[[1,"configuring"],[2,"installing"],[3,"queued"]]' ''

# ---- a file instead of a pipe ----
: >"$tmp/file"
chmod 644 "$tmp/file"
again "$tmp/file"
run post "$three/report" 'state=configuring'
is 0 'ok
200' ''
killed
again "$tmp/file"
run told 3
is 0 'its system is on the disk and configures itself' ''
killed

# ---- one that may only be written ----
if [ -n "$nobody" ]; then
	chmod 222 "$tmp/file"
	again "$tmp/file"
	run sed 's/.*standard output/standard output/' "$site/messages"
	is 0 'standard output: the events that wait there cannot be read; a machine whose report is among them may be installed once more: Permission denied' ''
fi
site_end
