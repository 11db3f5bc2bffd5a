#!/bin/sh
# examples/nginx.conf, as it is: a whole job before bootweb, and one in its place, from
# ipxegen's folder and with jobctl ingest reading nginx's log.
# Rows: S2-02 S1-04 S1-08 S2-17 S2-18 N-08
set -u
[ "${INSIDE:-}" ] || exec env INSIDE=yes "${srcdir:-.}/scripts/in-netns" "$0"
. "${srcdir:-.}/tests/sh.inc"
. "$srcdir/tests/integration/jobctl.inc"
. "$srcdir/tests/integration/bootweb.inc"
ip link set lo up
ip addr add 10.77.0.2/24 dev lo

printf 'network lab {\n\tsubnet = "10.77.0.0/24"\n}\n' >"$tmp/lab"
site_begin "$tmp/lab"
PXEKIT_TEMPLATES=$tmp/templates
export PXEKIT_TEMPLATES

openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=pxekit -addext subjectAltName=IP:10.77.0.2 \
	-keyout "$tmp/key.pem" -out "$tmp/chain.pem" 2>"$tmp/openssl" || sed 's/^/# /' "$tmp/openssl"

# The example with this site's paths.
mkdir "$tmp/tree" "$tmp/body"
chmod 777 "$tmp/tree" "$tmp/body" "$site"
{
	[ "$(id -u)" != 0 ] || echo 'user nobody nogroup;'
	printf 'pid %s/nginx.pid;\nerror_log %s/nginx.err;\ndaemon off;\n' "$tmp" "$tmp"
	printf 'events { }\nhttp {\nclient_body_temp_path %s/body;\n' "$tmp"
	sed "s|/var/lib/pxekit/images|$site/images|; s|/var/lib/pxekit/deploy|$site/deploy|
		s|/run/pxekit/bootweb.sock|$site/bootweb.sock|; s|/srv/pxekit|$tmp/tree|
		s|/etc/pxekit/tls|$tmp|
		s|/run/nginx-pxekit.sock|$tmp/taken.sock|
		s|/var/log/nginx/pxekit.log|$tmp/access.log|" "$srcdir/examples/nginx.conf"
	echo '}'
} >"$tmp/nginx.conf"
run sh -c "nginx -t -c '$tmp/nginx.conf' 2>&1 | tail -n 1"
is 0 "nginx: configuration file $tmp/nginx.conf test is successful" ''

for way in 'sendfile on;' 'aio threads;'; do
	run grep -c "^	$way" "$tmp/nginx.conf"
	is 0 2 ''
done

point_to() { # PORT
	sed -i "s|^url = .*|url = \"http://10.77.0.2:$1\"|" "$site/conf"
}
point_to 8080
admin add --mac 52:54:00:00:00:01 --image debian --hostname one >/dev/null
admin add --mac 52:54:00:00:00:02 --image debian --hostname two >/dev/null
serve --listen="$site/bootweb.sock"
nginx -c "$tmp/nginx.conf" >"$tmp/nginx.out" 2>&1 &
pids="$pids $!"
until_true curl -sf -m 20 http://10.77.0.2:8080/boot.ipxe
same 'nginx hands on to bootweb' 0 $?

# What nginx has written so far, into the database.
logged=0
take_log() {
	sed "1,${logged}d" "$tmp/access.log" >"$tmp/log"
	logged=$((logged + $(wc -l <"$tmp/log")))
	admin ingest --from=nginx <"$tmp/log" >"$tmp/took"
}
state_is() { # JOB STATE
	take
	take_log
	[ "$(admin show "$1" --json | jq -r .job.state)" = "$2" ]
}
moves_to() { # JOB STATE
	until_true state_is "$1" "$2"
	same "job $1 is $2" 0 $?
}
# A folder of texts is as new as the last ipxegen.
publish() {
	[ "$base" = http://10.77.0.2:8080 ] || ipxegen --config="$site/conf" --all --output="$tmp/tree"
}
post_report() { # fields...
	for field; do
		set -- "$@" --data-urlencode "$field"
		shift
	done
	curl -sS -m 60 -o /dev/null -w '%{http_code}' "$@" "$job_url/report"
}

# What the installer does, by curl, with what the texts tell it.
play() { # JOB MAC
	publish
	curl -sS -m 60 "$base/boot/$2.ipxe?arch=x86_64&platform=efi&serial=MX4711&product=R%20640" >"$tmp/script"
	job_url=$(sed -n 's/^set pxekit-url //p' "$tmp/script")
	case $job_url in
	"$base/j/"*) same "job $1: its script names this server" 0 0 ;;
	*) same "job $1: its script names this server" "$base/j/..." "$job_url" ;;
	esac
	curl -sS -m 60 -o /dev/null "$job_url/report?state=booting&step=script"
	moves_to "$1" booting
	curl -sS -m 60 "$job_url/deploy.conf" >"$tmp/deploy.conf"
	PXEKIT_IMAGE_URL='' PXEKIT_IMAGE_SHA256=''
	# shellcheck source=/dev/null
	. "$tmp/deploy.conf"
	printf 'vda\t20000000000\tvirtio\tS1\tvirtio disk\tempty\n' >"$tmp/disks"
	same "job $1: the gate names the disk" vda \
		"$(curl -sS -m 60 -H 'Content-Type: text/plain' --data-binary "@$tmp/disks" "$job_url/disks")"
	same "job $1: a report is taken" 200 \
		"$(post_report state=installing step=fetch n=5 of=9 percent=42 'text=1 & 2 of 91 MB')"
	moves_to "$1" installing
	# Half of it, and the rest as one who was cut off gets it.
	head -c 100000 "$site/images/debian/1.0/rootfs.tar.gz" >"$tmp/image"
	same "job $1: a fetch goes on where it was cut" 206 \
		"$(curl -sS -m 120 -C - -o "$tmp/image" -w '%{http_code}' "$PXEKIT_IMAGE_URL")"
	same "job $1: and is whole" "$PXEKIT_IMAGE_SHA256" "$(sha256sum <"$tmp/image" | cut -d' ' -f1)"
	post_report state=configuring step=reboot percent=95 >/dev/null
	moves_to "$1" configuring
	publish
	curl -sS -m 60 "$base/boot/$2.ipxe" >"$tmp/script"
	same "job $1: the next boot is from the disk" 0 "$(grep -c pxekit-url "$tmp/script")"
	curl -sS -m 60 -o /dev/null "$job_url/report?state=done&step=done&percent=100&host=$1&address=10.77.0.2"
	moves_to "$1" 'done'
}

base=http://10.77.0.2:8080
play 1 52-54-00-00-00-01

# ---- by TLS, a file of more than 32 bits ----
secure() { # PATH [option]...
	path=$1
	shift
	curl -sS -m 300 --cacert "$tmp/chain.pem" "$@" "https://10.77.0.2:8443/$path"
}
big=images/debian/1.0/big.iso
truncate -s 5G "$site/$big"
printf 'the end' | dd of="$site/$big" bs=1 seek=5368709113 conv=notrunc 2>/dev/null
run sh -c "curl -sSI -m 300 --cacert '$tmp/chain.pem' https://10.77.0.2:8443/$big | tr -d '\r' | grep -i content-length"
is 0 'Content-Length: 5368709120' ''
run secure $big --range 5368709113-
is 0 'the end' ''
same 'a whole GET says the same' 5368709120 \
	"$(secure $big -o /dev/null --max-filesize 1 -w '%header{content-length}' 2>/dev/null)"
run secure boot.ipxe
same 'the scripts come by it as well' '0 #!ipxe' "$code $(head -n 1 "$tmp/out")"
rm "$site/$big"

point_to 8081
base=http://10.77.0.2:8081
kill -HUP "$web"
play 2 52-54-00-00-00-02

run admin show 2 --json
same 'the log says what the machine said of itself' '["MX4711","R 640","10.77.0.2"]' \
	"$(json '[.machine.serial, .machine.product, .machine.address]')"
run admin events --json
same 'bootweb hears the address from nginx' 1 \
	"$(jq -s '[.[] | select(.source == "bootweb" and .event == "disks") | .address] | unique == ["10.77.0.2"]' <"$tmp/out" | grep -c true)"
same 'nginx tells of the image' 1 \
	"$(jq -s '[.[] | select(.source == "nginx" and .file == "images/debian/1.0/rootfs.tar.gz" and .status == 206)] | length > 0' <"$tmp/out" | grep -c true)"
token=${job_url##*/}
same 'no token is in the database' 0 "$(sqlite3 "$site/db/jobs.db" .dump | grep -c "$token")"

# ---- what is no token of ours, and what is no line of nginx's ----
line() { # TARGET
	printf '10.77.0.9 - - [30/Nov/2026:16:40:01 +0000] "GET %s HTTP/1.1" 200 3 "-" "-"\n' "$1"
}
line /j/7-0123456789abcdef/report?state=done >"$tmp/log"
line "/j/$token/report?state=flying" >>"$tmp/log"
line /index.html >>"$tmp/log"
echo 'what is this' >>"$tmp/log"
chmod u+w "$site/db" "$site"/db/*
run jobctl --config "$site/conf" ingest --from=nginx <"$tmp/log"
is 0 'ingested 1, repeated 0, refused 0, malformed 2' "jobctl: line 2: is not a report that bootweb would take; set aside in $site/db/jobs.db.rejects
jobctl: line 4: is neither combined nor JSON; set aside in $site/db/jobs.db.rejects"
run jobctl --config "$site/conf" events --json
same 'a token of nobody is on record, without itself' '["refused","token","report","10.77.0.9"]' \
	"$(tail -n 1 "$tmp/out" | jq -c '[.event, .rule, .file, .address]')"
run jobctl --config "$site/conf" ingest --from=apache
is 2 '' 'jobctl: --from apache: is neither nginx nor dnsmasq'

# ---- dnsmasq ----
cat >"$tmp/log" <<-END
	dnsmasq-dhcp[70]: 12 vendor class: PXEClient:Arch:00007:UNDI:003000
	dnsmasq-dhcp[70]: 12 PXE(eth0) 10.77.0.30 52:54:00:00:00:30 snponly.efi
	dnsmasq-tftp[70]: sent $site/tftp/snponly.efi to 10.77.0.30
	dnsmasq-tftp[70]: sent $site/tftp/snponly.efi to 10.77.0.30
END
run jobctl --config "$site/conf" ingest --from=dnsmasq --batch 1 <"$tmp/log"
is 0 'ingested 3, repeated 0, refused 0, malformed 0' ''
run jobctl --config "$site/conf" machines --new --json
same 'dnsmasq has seen a machine' '[["52:54:00:00:00:30",7,"10.77.0.30"]]' \
	"$(json '[.machines[] | select(.mac == "52:54:00:00:00:30") | [.mac, .arch, .address]]')"
chmod u+w "$site/db"
site_end
