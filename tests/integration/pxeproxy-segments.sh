#!/bin/sh
# Rows: S0-30 S0-32 S2-20 S2-23 S2-29 S3-11
# Two networks that cannot see each other, each with its own pxeproxy, tftpd-lite and
# bootweb from one template, and one database for both; what all of them saw of a machine
# is one report; a port that is taken is named; an interface that is not served is silent.
#
# Two pairs of virtual cables, each in namespaces of its own, stand for two VLANs: what
# makes a VLAN one is an interface of its own, and not every kernel has 8021q.
set -u
[ "${INSIDE:-}" ] || exec env INSIDE=yes "${srcdir:-.}/scripts/in-netns" "$0"
. "${srcdir:-.}/tests/sh.inc"
. "$srcdir/tests/integration/pxeproxy.inc"
PATH=$builddir/tests/integration:$PATH:/usr/sbin

machine=52:54:00:00:00:01 stranger=52:54:00:00:00:04
site_make
mkdir -p "$site/tftp"
cp -r "$srcdir/tools/ipxegen/templates" "$site/templates"
head -c 100000 /dev/urandom >"$site/tftp/snponly.efi"
chmod -R u+w,a+rX "$site/tftp" "$site/templates" "$site/images"
add $machine >/dev/null

# ---- the segments ----

new_namespace() { # process
	[ "$(readlink "/proc/$1/ns/net")" != "$(readlink /proc/self/ns/net)" ]
}
namespace() { # name
	unshare --net sleep infinity &
	echo $! >"$tmp/$1.pid"
	wait_for new_namespace "$(pid "$1")"
	in_ "$1" ip link set lo up
}
pid() { # name
	cat "$tmp/$1.pid"
}
in_() { # name command...
	target=$(pid "$1")
	shift
	nsenter -t "$target" -n "$@"
}
template() { # segment
	sed "s/@N@/$1/g; s|@SITE@|$site|g; s/@USER@/$(service_user)/" <<'END'
url = "http://10.7.@N@.1:8080"
database = "@SITE@/state/jobs.db"
images = "@SITE@/images"
key = "@SITE@/state/site.key"
tftp = "@SITE@/tftp"
templates = "@SITE@/templates"
user = "@USER@"
network segment@N@ { interface = "lan" subnet = "10.7.@N@.0/24" }
END
}
serve() { # segment command...
	segment=$1 name=$2
	shift
	PXEKIT_CONF="$site/segment$segment.conf" nsenter -t "$(pid "server$segment")" -n "$@" \
		>"$tmp/$name.$segment" 2>"$tmp/$name.$segment.said" &
	echo $! >>"$tmp/pids"
}
begun() { # segment name
	grep -q '"event":"started"' "$tmp/$2.$1"
}
segment() { # number
	namespace "server$1"
	namespace "client$1"
	ip link add lan netns "$(pid "server$1")" type veth \
		peer name nic netns "$(pid "client$1")"
	in_ "server$1" ip addr add "10.7.$1.1/24" dev lan
	in_ "server$1" ip link set lan up
	in_ "client$1" ip link set nic address $machine
	in_ "client$1" ip link set nic up
	in_ "client$1" ip addr add "10.7.$1.50/24" dev nic
	template "$1" >"$site/segment$1.conf"
	serve "$1" pxeproxy
	serve "$1" tftpd-lite
	serve "$1" bootweb --face=boot --listen="10.7.$1.1:8080"
	for daemon in pxeproxy tftpd-lite bootweb; do
		wait_for begun "$1" $daemon
	done
}
segment 1
segment 2

# ---- each client is sent to the server of its own segment ----

asks() { # segment options of dhcpsend...
	number=$1
	shift
	in_ "client$number" dhcpsend --interface nic "$@" >"$tmp/answer" || echo 'no answer'
	fields '54|siaddr|file|from'
}
for net in 1 2; do
	run asks $net --mac $machine --arch 7
	is 0 "54: 10.7.$net.1
file: snponly.efi
from: 10.7.$net.1:67
siaddr: 10.7.$net.1" ''
	run asks $net --mac $machine --arch 7 --user-class iPXE
	is 0 "54: 10.7.$net.1
file: http://10.7.$net.1:8080/boot.ipxe
from: 10.7.$net.1:67
siaddr: 10.7.$net.1" ''
	run in_ client$net curl -sS -o "$tmp/loader" "tftp://10.7.$net.1/snponly.efi"
	is 0 '' ''
	run cmp "$tmp/loader" "$site/tftp/snponly.efi"
	is 0 '' ''
done
script() { # segment
	in_ "client$1" curl -sS "http://10.7.$1.1:8080/boot/$(echo $machine | tr : -).ipxe" |
		grep -c '^#!ipxe'
}
run script 2
is 0 1 ''

# ---- one database: what changes, changes for both ----

jobctl cancel $machine >/dev/null
for net in 1 2; do
	in_ client$net dhcpsend --interface nic --mac $machine --arch 7 >"$tmp/answer"
	run fields 'file|43.9'
	is 0 '43.9: 0' ''
done
in_ client2 dhcpsend --interface nic --mac $stranger --arch 7 --wait 200 >/dev/null
heard() {
	grep -q $stranger "$tmp/pxeproxy.2"
}
wait_for heard

# ---- one report of what all of them saw of a machine, by its MAC ----

# The lines begin with their time: sorted, they are as one pipe would have had them.
sort "$tmp"/pxeproxy.? "$tmp"/bootweb.? "$tmp"/tftpd-lite.? >"$tmp/lines"
jobctl ingest <"$tmp/lines" >/dev/null
unknown() {
	jobctl --json machines --new | jq -r '.machines[] | "\(.mac) \(.network) \(.seen)"'
}
run unknown
is 0 "$stranger segment2 1" ''
report() {
	jobctl --json events --machine $machine >"$tmp/report"
	jq -r 'select(.event == "offer" or .event == "transfer" or .event == "script") |
		[.source, .address // .network, .file // .action] | join(" ")' "$tmp/report" |
		sort -u
}
run report
is 0 'bootweb 10.7.2.50 install.ipxe
pxeproxy 10.7.1.50 http://10.7.1.1:8080/boot.ipxe
pxeproxy 10.7.1.50 local
pxeproxy 10.7.1.50 snponly.efi
pxeproxy 10.7.2.50 http://10.7.2.1:8080/boot.ipxe
pxeproxy 10.7.2.50 local
pxeproxy 10.7.2.50 snponly.efi
tftpd-lite 10.7.1.50 snponly.efi
tftpd-lite 10.7.2.50 snponly.efi' ''

# ---- a port that is taken ----

taken() { # command...
	PXEKIT_CONF=$site/segment1.conf nsenter -t "$(pid server1)" -n "$@" >/dev/null
}
run taken pxeproxy
is 3 '' 'pxeproxy: UDP port 4011: cannot open it: Address already in use'
run taken tftpd-lite
[ $code = 3 ] && grep -q '69.*Address already in use' "$tmp/err" && : >"$tmp/err"
is 3 '' ''
run taken bootweb --face=boot --listen=10.7.1.1:8080
[ $code = 3 ] && grep -q '8080.*Address already in use' "$tmp/err" && : >"$tmp/err"
is 3 '' ''

# ---- only the interface that is named ----

xargs kill <"$tmp/pids"
wait_for sh -c "! kill -0 $(head -n 1 "$tmp/pids") 2>/dev/null"
add $machine >/dev/null
sed -i '/^network/d' "$site/segment1.conf"
echo 'network all { }' >>"$site/segment1.conf"
ip link add other netns "$(pid server1)" type veth peer name nic2 netns "$(pid client1)"
in_ server1 ip addr add 10.8.1.1/24 dev other
in_ server1 ip link set other up
in_ client1 ip link set nic2 up
serve 1 pxeproxy --interface=lan
wait_for begun 1 pxeproxy
on_other() {
	in_ client1 dhcpsend --interface nic2 --mac $machine --arch 7 --wait 300 >"$tmp/answer" ||
		echo 'no answer'
}
run on_other
is 0 'no answer' ''
run asks 1 --mac $machine --arch 7
is 0 '54: 10.7.1.1
file: snponly.efi
from: 10.7.1.1:67
siaddr: 10.7.1.1' ''
run grep -c '"event":"offer"' "$tmp/pxeproxy.1"
is 0 1 ''
end
