#!/bin/sh
# The magic packet: on the wire of the machine's network and on no other, through a router,
# with a password; and what is on record.  Another reader, tshark, sees it.
# Rows: X-07
[ "${INSIDE:-}" ] || exec env INSIDE=yes "${srcdir:-.}/scripts/in-netns" "$0"
. "$srcdir/tests/sh.inc"
. "$srcdir/tests/integration/jobctl.inc"
site
command -v tshark >/dev/null || { echo '1..0 # SKIP tshark is not here'; exit 0; }

# boot0 is the lab's cable, boot1 the office's; behind the lab's far end is a router to
# the branch, whose machines are on far0 in a third namespace.
ip link add boot1 type veth peer name nic1 netns "$PEER_PID"
ip addr add 10.78.0.1/24 dev boot1
ip link set boot1 up
$PEER ip link set nic1 up
$PEER ip addr add 10.0.0.2/24 dev nic0
unshare --net sleep infinity &
FAR_PID=$!
until [ "$(readlink /proc/$FAR_PID/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do
	sleep 0.05
done
$PEER ip link add down0 type veth peer name far0 netns $FAR_PID
$PEER ip addr add 10.79.0.1/24 dev down0
$PEER ip link set down0 up
nsenter --target $FAR_PID --net ip link set far0 up
ip route add 10.79.0.0/24 via 10.0.0.2
$PEER sh -c 'for f in ip_forward conf/all/bc_forwarding conf/nic0/bc_forwarding; do
	echo 1 >/proc/sys/net/ipv4/$f || exit 1
done' || { echo '1..0 # SKIP no router can be made here'; exit 0; }
sed -i 's|"10.77.0.0/24"|"10.0.0.0/24" interface = "boot0"|
	s|"10.78.0.0/24"|& interface = "boot1"|' "$PXEKIT_CONF"
printf 'network branch {\n\tsubnet = "10.79.0.0/24"\n}\n' >>"$PXEKIT_CONF"

# listen NAME PID INTERFACE: every magic packet there, a line each, in $tmp/NAME
listen() {
	nsenter --target "$2" --net tshark -l -n -i "$3" -Y wol -T fields -E separator=' ' \
		-e ip.dst -e udp.dstport -e udp.payload >"$tmp/$1" 2>"$tmp/$1.err" &
	listeners="$listeners $!"
}
# packets NAME: to whom, the MAC if it stands there 16 times behind six ff, and what follows
packets() {
	tr -d : <"$tmp/$1" | awk '{
		mac = substr($3, 13, 12)
		whole = "ffffffffffff"
		for (i = 0; i < 16; i++)
			whole = whole mac
		print $1, $2, index($3, whole) == 1 ? mac : "broken", substr($3, 205)
	}' | sed 's/ *$//'
}
listeners=
trap 'kill $listeners $FAR_PID 2>/dev/null; rm -rf "$tmp"' EXIT
listen lab "$PEER_PID" nic0
listen office "$PEER_PID" nic1
listen branch $FAR_PID far0

wait_for() {
	deadline=$(($(date +%s) + 60))
	until "$@"; do
		[ "$(date +%s)" -lt $deadline ] || return 1
		sleep 0.1
	done
}
# A capture is ready when it sees what is sent for this: a packet to nobody's card.
arrives() { # NAME INTERFACE MAC
	jobctl wake --interface "$2" "$3" >/dev/null
	came "$1" "${3##*:}"
}
came() { packets "$1" | grep -q "5254000000$2"; } # NAME LAST-OCTET
seen() { packets "$1" | grep -c "5254000000$2"; }

jobctl add --mac 52:54:00:00:00:01 --mac 52:54:00:00:00:02 --image debian12 --network lab >/dev/null
jobctl add --mac 52:54:00:00:00:03 --image debian12 --network branch >/dev/null
for k in 8 9; do
	jobctl add --mac 52:54:00:00:00:0$k --image debian12 --network office >/dev/null
done
wait_for arrives lab boot0 52:54:00:00:00:09
wait_for arrives office boot1 52:54:00:00:00:09

# ---- all cards of the machine, on its own wire ----
run jobctl wake -n 52:54:00:00:00:01
is 0 '52:54:00:00:00:01: magic packet would go to 10.0.0.255 through boot0' ''
run jobctl wake 52:54:00:00:00:01
is 0 '52:54:00:00:00:01: magic packet sent to 10.0.0.255 through boot0' ''
wait_for came lab 02
run packets lab
same 'each card got one' '10.0.0.255 9 525400000001
10.0.0.255 9 525400000002' "$(grep -v 09$ "$tmp/out")"
run jobctl events --json
same 'that is on record, who sent it and where' "$actor to 10.0.0.255 through boot0" \
	"$(jq -r 'select(.action == "wake" and .mac == "52:54:00:00:00:01") | "\(.actor) \(.new)"' "$tmp/out")"

# ---- a password, which is read from a file ----
echo 00-11-22-33-44-55 >"$tmp/password"
run jobctl wake --secureon-file "$tmp/password" 52:54:00:00:00:08
is 0 '52:54:00:00:00:08: magic packet sent to 10.78.0.255 through boot1' ''
wait_for came office 08
same 'with its password' '10.78.0.255 9 525400000008 001122334455' "$(packets office | grep 00008)"
same 'nothing of it came to the lab' 0 "$(seen lab 08)"
same 'nor of the lab to the office' 0 "$(seen office '0[12]')"
echo hunter2 >"$tmp/password"
run jobctl wake --secureon-file "$tmp/password" 52:54:00:00:00:08
is 2 '' "jobctl: --secureon-file $tmp/password: has neither six pairs of hex digits nor four numbers with dots"

# ---- through a router ----
branch() {
	jobctl wake 52:54:00:00:00:03 >"$tmp/said"
	came branch 03
}
wait_for branch
same 'the router passed it on' '10.79.0.255 9 525400000003' "$(packets branch | sort -u)"
run cat "$tmp/said"
is 0 '52:54:00:00:00:03: magic packet sent to 10.79.0.255' ''

# ---- a job that switches its machine on ----
run jobctl add --mac 52:54:00:00:00:05 --image debian12 --network office --wake
wait_for came office 05
same 'add --wake' 1 "$(seen office 05)"

# ---- by bootweb, as a token of an operator ----
api() { # PATH [BODY]
	curl -sS -m 120 -H "Authorization: Bearer $(cat "$tmp/token")" -X POST --data-binary "${2:-}" "$url/api/v1$1"
}
printf 'admin { user = "" www = "%s" }\n' "$(cd "$srcdir" && pwd)/tools/bootweb/www" >>"$PXEKIT_CONF"
jobctl token add waker --role=operator >"$tmp/token"
bootweb --face=admin --config="$PXEKIT_CONF" --listen=127.0.0.1:0 >"$tmp/events" 2>"$tmp/messages" &
listeners="$listeners $!"
wait_for grep -q '"started"' "$tmp/events"
url=http://$(sed -n 's/.*"started".* on \([0-9.:]*\).*/\1/p' "$tmp/events")
jobctl add --mac 52:54:00:00:00:11 --mac 52:54:00:00:00:12 --image debian12 --network office >/dev/null
id=$(jobctl machines --json | jq '.machines[] | select(.mac == "52:54:00:00:00:11").id')
run api "/machines/$id/wake?dry_run=yes"
same 'a dry run says which way' '"to 10.78.0.255 through boot1" 0' "$(json '.way, .packets' | paste -sd' ')"
run api "/machines/$id/wake" '{"secureon": "00-11-22-33-44-55"}'
same 'two cards, two packets' '"to 10.78.0.255 through boot1" 2' "$(json '.way, .packets' | paste -sd' ')"
wait_for came office 12
same 'they are on the wire, once' '10.78.0.255 9 525400000011 001122334455
10.78.0.255 9 525400000012 001122334455' "$(packets office | grep '0001[12] ')"
same 'nothing of it came to the lab' 0 "$(seen lab '1[12]')"
run jobctl audit --json
same 'that is on record, once, and who sent it' '"waker" "bootweb" "127.0.0.1"' \
	"$(json '.audit[].event | select(.action == "wake" and .mac == "52:54:00:00:00:11") | .actor, .source, .address' | paste -sd' ')"

# ---- by the button of its job's page ----
job=$(jobctl list --json | jq '.jobs[] | select(.mac == "52:54:00:00:00:11").id')
twice() { [ "$(seen office 11)" = 2 ]; }
page() { # METHOD PATH
	curl -sS -m 120 -H "Authorization: Bearer $(cat "$tmp/token")" -X "$1" -w '%{http_code} %{redirect_url}' "$url$2"
}
run page GET "/jobs/$job"
same 'a queued job has the button' 1 "$(grep -c "action=\"/jobs/$job/wake\"" "$tmp/out")"
run page POST "/jobs/$job/wake"
is 0 "303 $url/jobs/$job?said=wake" ''
wait_for twice
same 'it sends the same' 2 "$(seen office 11)"
run page POST "/machines/$id/wake"
is 0 "303 $url/machines/$id?said=wake" ''
jobctl add --mac 52:54:00:00:00:13 --image debian12 >/dev/null
id=$(jobctl machines --json | jq '.machines[] | select(.mac == "52:54:00:00:00:13").id')
run page POST "/machines/$id/wake"
same 'it says why it cannot' '2 409' "$(grep -c 'cannot be woken from here' "$tmp/out") $(tail -n 1 "$tmp/out" | cut -c1-3)"

# ---- what cannot be ----
run jobctl wake --interface none0 52:54:00:00:00:01
is 2 '' 'jobctl: --interface none0: No such device'
run jobctl wake --network nowhere 52:54:00:00:00:99
is 1 '' 'jobctl: 52:54:00:00:00:99: no machine is known by it (see jobctl machines)'
jobctl allow 52:54:00:00:00:06 >/dev/null
run jobctl wake 52:54:00:00:00:06
is 2 '' 'jobctl: 52:54:00:00:00:06: nothing says through which interface: --interface NAME, or interface or subnet in its network of pxekit.conf'
run jobctl wake --json --network lab 52:54:00:00:00:06
same 'JSON' '"52:54:00:00:00:06"' "$(json '.machines[0].mac')"
end
