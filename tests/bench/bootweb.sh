#!/bin/sh
# bench bootweb: requests and CPU of scripts, reports and files beside nginx (the
# same bytes from a static file) and a small Python service that asks the same
# database and fills in the same text.  All in one run, in turns; prints ratios.
# usage: tests/bench/bootweb.sh [seconds a turn, 3] [turns, 3] [connections, 32]
# shellcheck disable=SC2119
set -u
srcdir=${srcdir:-.} builddir=${builddir:-.}
. "$srcdir/tests/sh.inc"
. "$srcdir/tests/integration/bootweb.inc"
seconds=${1:-3} turns=${2:-3} connections=${3:-32}
for need in wrk nginx python3; do
	command -v $need >/dev/null || skip "$need is not here"
done

site_begin
i=0
while [ $i -lt 20 ]; do
	admin add --mac="52:54:00:00:00:$(printf %02x $i)" --image=debian --hostname=host$i >/dev/null
	i=$((i + 1))
done
head -c 1000000000 /dev/zero >"$site/images/debian/1.0/large"
serve
exec 7<"$site/events"
ours=$url

# ---- nginx ----

mkdir -p "$tmp/www/boot"
curl -sS "$ours/boot/52-54-00-00-00-01.ipxe" >"$tmp/www/boot/52-54-00-00-00-01.ipxe"
ln -s "$site/images" "$tmp/www/images"
cat >"$tmp/nginx.conf" <<EOF
worker_processes 2;
pid $tmp/nginx.pid;
error_log $tmp/nginx.log;
daemon off;
events { worker_connections 1024; }
http {
	access_log $tmp/access.log;
	sendfile on;
	tcp_nopush on;
	server { listen 127.0.0.1:18999; root $tmp/www; }
}
EOF
nginx -c "$tmp/nginx.conf" >/dev/null 2>&1 &
nginx=$!
pids="$pids $nginx"

# ---- Python ----

cat >"$tmp/peer.py" <<'EOF'
import http.server, re, socketserver, sqlite3, string, sys, threading
database, text = sys.argv[1], open(sys.argv[2]).read()
template = string.Template(re.sub(r"\$", "$$$$", text).replace("52:54:00:00:00:01", "$mac"))
local = threading.local()
class Peer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def log_message(self, *a): pass
    def do_GET(self):
        mac = self.path[6:23].replace("-", ":")
        if not hasattr(local, "db"):
            local.db = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
        row = local.db.execute("select j.* from machine_mac k join machine m on m.id = k.machine"
            " join job j on j.machine = m.id where k.mac = ? order by j.id desc limit 1", (mac,)).fetchone()
        body = template.substitute(mac=mac).encode() if row else b""
        self.send_response(200 if row else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    request_queue_size = 128
Server(("127.0.0.1", 18998), Peer).serve_forever()
EOF
python3 "$tmp/peer.py" "$site/db/jobs.db" "$tmp/www/boot/52-54-00-00-00-01.ipxe" &
python=$!
pids="$pids $python"
until_true curl -sf http://127.0.0.1:18999/boot/52-54-00-00-00-01.ipxe
until_true curl -sf http://127.0.0.1:18998/boot/52-54-00-00-00-01.ipxe

# ---- measuring ----

# Microseconds of CPU that these processes have used.
cpu() {
	for pid; do
		cut -d' ' -f14,15 "/proc/$pid/stat"
	done | awk -v hz="$(getconf CLK_TCK)" '{ t += $1 + $2 } END { printf "%.0f", t * 1e6 / hz }'
}

# turn NAME URL PIDS...: a line "NAME requests/s CPU-us/request p99" into results
turn() {
	name=$1 target=$2
	shift 2
	before=$(cpu "$@")
	wrk -t2 -c"$connections" -d"${seconds}s" --latency "$target" >"$tmp/wrk" 2>&1
	after=$(cpu "$@")
	awk -v name="$name" -v cpu=$((after - before)) '
		/99%/ { p99 = $2 }
		/requests in/ { n = $1 }
		/Requests\/sec/ { rate = $2 }
		/Non-2xx/ { bad = $NF }
		END { printf "%s %.0f %.1f %s %d\n", name, rate, n ? cpu / n : 0, p99, bad }' \
		"$tmp/wrk" >>"$tmp/results"
}

# fetch NAME URL PIDS...: "NAME MB/s CPU-ms/GB - 0"
fetch() {
	name=$1 target=$2
	shift 2
	before=$(cpu "$@")
	rate=$(curl -sS -o /dev/null -w '%{speed_download}' "$target")
	after=$(cpu "$@")
	echo "$name $((${rate%.*} / 1000000)) $(((after - before) / 1000)) - 0" >>"$tmp/results"
}

# shellcheck disable=SC2046
workers() {
	echo "$nginx" $(cat "/proc/$nginx/task/$nginx/children")
}

script=/boot/52-54-00-00-00-01.ipxe
large=/images/debian/1.0/large
i=0
while [ $i -lt "$turns" ]; do
	turn script-bootweb "$ours$script" "$web"
	# shellcheck disable=SC2046
	turn script-nginx "http://127.0.0.1:18999$script" $(workers)
	turn script-python "http://127.0.0.1:18998$script" "$python"
	turn entry-bootweb "$ours/boot.ipxe" "$web"
	fetch file-bootweb "$ours$large" "$web"
	# shellcheck disable=SC2046
	fetch file-nginx "http://127.0.0.1:18999$large" $(workers)
	i=$((i + 1))
done

# ---- what came of it ----

# The median of a column of one name.
median() {
	awk -v name="$1" -v col="$2" '$1 == name { print $col }' "$tmp/results" |
		sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

printf '%-16s %12s %14s %10s %6s\n' WHAT 'REQUESTS/S' 'CPU US/REQUEST' P99 BAD
for name in script-bootweb script-nginx script-python entry-bootweb; do
	printf '%-16s %12s %14s %10s %6s\n' $name "$(median $name 2)" "$(median $name 3)" \
		"$(median $name 4)" "$(median $name 5)"
done
printf '\n%-16s %12s %14s\n' WHAT 'MB/S' 'CPU MS/GB'
for name in file-bootweb file-nginx; do
	printf '%-16s %12s %14s\n' $name "$(median $name 2)" "$(median $name 3)"
done
ratio() {
	awk -v a="$2" -v b="$3" -v what="$1" 'BEGIN { printf "%-46s %.2f\n", what, b ? a / b : 0 }'
}
echo
ratio 'scripts per CPU second, bootweb / Python' "$(median script-python 3)" "$(median script-bootweb 3)"
ratio 'scripts per CPU second, nginx static / bootweb' "$(median script-bootweb 3)" "$(median script-nginx 3)"
ratio 'scripts per second, nginx static / bootweb' "$(median script-nginx 2)" "$(median script-bootweb 2)"
ratio 'MB/s of a large file, bootweb / nginx' "$(median file-bootweb 2)" "$(median file-nginx 2)"
ratio 'CPU per GB, bootweb / nginx' "$(median file-bootweb 3)" "$(median file-nginx 3)"

site_end >/dev/null
