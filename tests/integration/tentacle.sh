#!/bin/sh
# A site that follows another, with the examples as they are, over a router: its scripts name
# the tentacle and nothing else; an image passes the line once; while the central site is dead,
# machines boot and report, and it hears of each report once.
# Rows: S0-34 S0-35 S2-16 S2-19
# shellcheck disable=SC2119
set -u
[ "${INSIDE:-}" ] || exec env INSIDE=yes "${srcdir:-.}/scripts/in-netns" "$0"
. "${srcdir:-.}/tests/sh.inc"
. "$srcdir/tests/integration/jobctl.inc"
. "$srcdir/tests/integration/bootweb.inc"
command -v nginx >/dev/null || skip 'nginx is not here'
srcdir=$(cd "$srcdir" && pwd)

# boot0 (10.0.0.1) is the centre, $PEER the router, $FAR the tentacle with its machines.
$PEER ip addr add 10.0.0.2/24 dev nic0
unshare --net sleep infinity &
far=$!
until [ "$(readlink /proc/$far/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do
	sleep 0.05
done
FAR="nsenter --target $far --net"
$PEER ip link add in0 type veth peer name far0 netns $far
$PEER ip addr add 10.79.0.1/24 dev in0
$PEER ip link set in0 up
$FAR ip addr add 10.79.0.2/24 dev far0
$FAR ip addr add 10.79.0.11/24 dev far0
$FAR ip link set lo up
$FAR ip link set far0 up
$FAR ip route add default via 10.79.0.1
$PEER sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward'
ip route add 10.79.0.0/24 via 10.0.0.2

cat >"$tmp/networks" <<'EOF'
network lyon { subnet = "10.79.0.0/24" url = "http://10.79.0.2:8080" }
network vienna { subnet = "10.80.0.0/24" url = "https://boot.vienna.example:8443/pxe" }
network here { subnet = "10.0.0.0/24" }
EOF
site_begin "$tmp/networks"
cd "$tmp" || exit 99
pids=$far
PXEKIT_TEMPLATES=$tmp/templates
export PXEKIT_TEMPLATES
chmod 777 "$tmp" "$site"
mac=52-54-00-00-00-01
admin add --mac $mac --image debian --hostname one --network lyon >/dev/null
admin add --mac 52:54:00:00:00:02 --image debian --hostname two --network vienna >/dev/null
admin add --mac 52:54:00:00:00:03 --image debian --hostname three --network here >/dev/null
imgctl --images "$site/images" index

# ---- what each network's machines are told: their own mirror, in all of it ----
strange() { # MAC BASE: the URLs in what this machine gets that are of another place
	{
		ipxegen --config "$site/conf" --mac "$1"
		ipxegen --config "$site/conf" --mac "$1" deploy.conf
	} | grep -oE 'https?://[^ "'\'']*' | sort -u >urls
	grep -c "^$2/images/debian/1.0/" urls
	grep -v "^$2/" urls
}
run strange $mac http://10.79.0.2:8080
is 1 1 ''
run strange 52-54-00-00-00-02 https://boot.vienna.example:8443/pxe
is 1 1 ''
run strange 52-54-00-00-00-03 http://10.0.0.1:8080
is 1 1 ''

# ---- the centre: two faces and the web server for tentacles, as in the example ----
openssl req -x509 -newkey rsa:2048 -nodes -keyout tls.key -out tls.pem -days 2 \
	-subj /CN=boot.example.org -addext subjectAltName=DNS:boot.example.org 2>/dev/null
echo '10.0.0.1 boot.example.org' >hosts
cat /etc/hosts >>hosts
mount --bind hosts /etc/hosts || skip 'no name can be given to a host here'
mkdir -p body cache log
chmod 777 body cache log
main() { # NAME
	[ "$(id -u)" != 0 ] || echo 'user nobody nogroup;'
	printf 'pid %s/%s.pid;\nerror_log %s/%s.err;\ndaemon off;\n' "$tmp" "$1" "$tmp" "$1"
	printf 'events { }\nhttp {\nclient_body_temp_path %s/body;\nproxy_temp_path %s/body;\n' "$tmp" "$tmp"
}
{
	main centre
	printf 'access_log %s/log/centre.log;\n' "$tmp"
	sed "s|/etc/ssl/boot.example.org.pem|$tmp/tls.pem|; s|/etc/ssl/private/boot.example.org.key|$tmp/tls.key|
		s|/srv/follow/|$tmp/led/|; s|/run/pxekit/bootweb|$site/bootweb|
		s|/var/lib/pxekit/images|$site/images|; s|/var/lib/pxekit/deploy|$site/deploy|" \
		"$srcdir/examples/nginx-centre.conf"
	echo '}'
} >centre.conf
up() {
	$nobody "$tmp/bootweb" --config="$site/conf" --listen="$site/bootweb.sock" >>"$site/events" 2>>messages &
	boot=$!
	nginx -c "$tmp/centre.conf" >>messages 2>&1 &
	front=$!
	pids="$pids $boot $front"
	until_true is_up
}
is_up() {
	[ -S "$site/bootweb.sock" ] && chmod 666 "$site/bootweb.sock" &&
		curl -sSf -o /dev/null --cacert tls.pem https://boot.example.org/images/INDEX
}
down() {
	pkill -9 -P "$front"
	kill -9 "$boot" "$front"
	wait "$boot" "$front" 2>/dev/null
	rm -f "$site/bootweb.sock"
}
up
run is_up
is 0 '' ''

# ---- the tentacle, as in the examples ----
mkdir -p far/lib/images far/tree
follow() { # the texts
	ipxegen --config "$site/conf" --all --output=led &&
		cp -rT led far/tree &&
		ipxegen --config "$site/conf" --network=lyon boot.ipxe >far/tree/boot.ipxe
	chmod -R a+rX far
}
# The reports, as ssh would carry them; what is sent once more is known.
deliver() {
	admin ingest --from=nginx <log/pxekit.log
}
run follow
is 0 '' ''
{
	main tentacle
	sed "s|/var/log/nginx/pxekit.log|$tmp/log/pxekit.log|; s|/var/cache/nginx/pxekit|$tmp/cache|
		s|/srv/pxekit/tree|$tmp/far/tree|; s|/var/lib/pxekit|$tmp/far/lib|
		s|/run/nginx-pxekit.sock|$tmp/taken.sock|; s|/etc/ssl/certs/ca-certificates.crt|$tmp/tls.pem|" \
		"$srcdir/examples/nginx-tentacle.conf"
	echo '}'
} >tentacle.conf
$FAR nginx -c "$tmp/tentacle.conf" >>messages 2>&1 &
tentacle=$!
pids="$pids $tentacle"
machine() { # PATH [curl options]
	where=$1
	shift
	case $where in /*) where=http://10.79.0.2:8080$where ;; esac
	$FAR curl -sS -m 120 --interface 10.79.0.11 "$@" "$where"
}
until_true machine /boot.ipxe -f

# ---- the cache: no image is here yet ----
came() { $PEER ip -s -j link show nic0 | jq '.[0].stats64.rx.bytes'; }
image=/images/debian/1.0/rootfs.tar.gz
sum=$(sha256sum <"$site$image")
before=$(came)
same 'an image that is not here comes through' "$sum" "$(machine $image | sha256sum)"
first=$(($(came) - before))
same 'over the line' 0 "$([ $first -ge 300000 ]; echo $?)"
before=$(came)
same 'another machine gets the same' "$sum" "$(machine $image | sha256sum)"
machine $image -r 100000-199999 -o part
same 'and a part of it' "$(tail -c +100001 "$site$image" | head -c 100000 | sha256sum)" "$(sha256sum <part)"
second=$(($(came) - before))
same "without the line ($first octets before, $second now)" 0 "$([ $second -lt 10000 ]; echo $?)"

# ---- or it is brought before, and the cache is no more needed ----
run $FAR imgctl --images far/lib/images pull https://boot.example.org --cacert tls.pem
is 0 'debian@1.0' ''
chmod -R a+rX far
rm -rf cache/*

# ---- a machine boots there, and reports ----
script() { machine /boot/$mac.ipxe >script && sed -n 's/^set pxekit-url //p' script; }
job_url=$(script)
same 'its script names the tentacle' 0 "$(case $job_url in http://10.79.0.2:8080/j/*) echo 0 ;; *) echo "$job_url" ;; esac)"
report() { # fields...
	for field; do
		set -- "$@" --data-urlencode "$field"
		shift
	done
	machine "$job_url/report" -o /dev/null -w '%{http_code}' "$@"
}
state() { jobctl --config "$site/conf" show 1 --json | jq -r '.job | "\(.state) \(.step) \(.percent)"'; }
reports() { jobctl --config "$site/conf" events --json | jq -rs '[.[] | select(.event == "report" and .job == 1) | .state] | join(" ")'; }
same 'it reports' 200 "$(report state=booting step=script)"
run deliver
sed -i 's/ingested [0-9]*/ingested some/' "$tmp/out"
is 0 'ingested some, repeated 0, refused 0, malformed 0' ''
run state
is 0 'booting script 0' ''
run deliver
sed -i 's/repeated [0-9]*/repeated some/' "$tmp/out"
is 0 'ingested 0, repeated some, refused 0, malformed 0' ''
run reports
is 0 booting ''
printf 'vda\t20000000000\tvirtio\tS1\tvirtio disk\tempty\n' >disks
same 'the centre names the disk' vda "$(machine "$job_url/disks" -H 'Content-Type: text/plain' --data-binary @disks)"

# ---- the centre is killed ----
down
before_kill=$(cat script)
script >/dev/null
same 'the machine still gets its own script' "$before_kill" "$(cat script)"
same 'and what that leads to' 0 "$(machine "$job_url/deploy.conf" -f | grep -q "^PXEKIT_IMAGE_URL='\{0,1\}http://10.79.0.2:8080/images/debian/1.0/"; echo $?)"
same 'and the image' "$sum" "$(machine $image | sha256sum)"
same 'no disk is named while nobody may decide' 502 "$(machine "$job_url/disks" --data-binary @disks -o /dev/null -w '%{http_code}')"
same 'its reports are taken' '200 200' "$(report state=installing step=write percent=40 'text=1 & 2') $(report state=installing step=write percent=80)"
same 'nothing of that is known yet' 'booting script 0' "$(state)"

# ---- and is there again ----
up
deliver >/dev/null
run state
is 0 'installing write 80' ''
deliver >/dev/null
run reports
is 0 'booting installing installing' ''
report state=configuring step=reboot percent=95 >/dev/null
deliver >/dev/null
follow
same 'a machine that begins again meanwhile is named no disk' 409 \
	"$(machine "$job_url/disks" --data-binary @disks -o /dev/null -w '%{http_code}')"
same 'then it boots from its disk' 0 "$(machine /boot/$mac.ipxe | grep -c pxekit-url)"

# ---- the log is taken away, and deleted once it was delivered ----
rotate() {
	(
		cd log && { [ ! -e pxekit.sent ] || admin ingest --from=nginx <pxekit.sent >/dev/null; } &&
			rm -f pxekit.sent && mv pxekit.log pxekit.sent && kill -USR1 $tentacle
	)
	until_true test -e log/pxekit.log
}
report state=done percent=100 >/dev/null
rotate
same 'it is not sent yet' configuring "$(state | cut -d' ' -f1)"
rotate
same 'and now it is' 'done' "$(state | cut -d' ' -f1)"
run reports
is 0 'booting installing installing configuring done' ''
chmod u+w "$site/db"
site_end
