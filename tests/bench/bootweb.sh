#!/bin/sh
# bench bootweb: requests and CPU of scripts and files beside nginx (the same bytes from a
# static file) and beside FastAPI, uvicorn and PostgreSQL, which ask for the same row and
# fill in the same text.  All in one run, in turns; prints ratios and p99.
# Wants scripts/install-packages scripts/packages-bench.
#
#	script-*	one machine again and again: bootweb remembers it for a second
#	machines-*	each request is of another machine with a job of its own, in turn, so
#			that nothing is remembered: a first boot.  An ingest has the database
#			open meanwhile, as on every site
#	file-*		1 GB: bootweb; nginx by sendfile; nginx as examples/nginx.conf has it
#			(sendfile in threads); by threads past the page cache (directio)
#
# Goals (rows S2-17, S2-18): scripts per CPU second at least 20 times FastAPI and
# PostgreSQL's and within 2.5 of nginx's; files at least 0.9 of nginx's MB/s by sendfile,
# at 1.2 of its CPU per GB; p99 and MB/s on record.
# Rows: S2-17 S2-18
# usage: tests/bench/bootweb.sh [seconds a turn, 3] [turns, 3] [connections, 32]
#	[machines, 1000]
# shellcheck disable=SC2119
set -u
srcdir=$(cd "${srcdir:-.}" && pwd) builddir=$(cd "${builddir:-.}" && pwd)
. "$srcdir/tests/sh.inc"
. "$srcdir/tests/integration/bootweb.inc"
seconds=${1:-3} turns=${2:-3} connections=${3:-32} machines=${4:-1000}
pgbin=$(find /usr/lib/postgresql/*/bin -maxdepth 0 2>/dev/null | tail -n 1)
PATH=$PATH:$pgbin
for need in wrk nginx uvicorn postgres; do
	command -v $need >/dev/null || skip "$need is not here"
done

site_begin
awk -v n="$machines" 'BEGIN {
	print "mac,image,hostname"
	for (i = 0; i < n; i++)
		printf "52:54:00:00:%02x:%02x,debian,host%d\n", i / 256, i % 256, i
}' >"$tmp/jobs.csv"
admin import "$tmp/jobs.csv" >/dev/null
head -c 1000000000 /dev/zero >"$site/images/debian/1.0/large"
# A writer that has nothing to write.
chmod u+w "$site/db" "$site"/db/*
mkfifo "$tmp/lines.fifo"
jobctl --config "$site/conf" ingest <>"$tmp/lines.fifo" >/dev/null &
pids=$!
serve
exec 7<"$site/events"
ours=$url

# ---- nginx ----

mkdir -p "$tmp/www/boot"
curl -sS "$ours/boot/52-54-00-00-00-01.ipxe" >"$tmp/www/boot/52-54-00-00-00-01.ipxe"
i=0
while [ $i -lt "$machines" ]; do
	ln "$tmp/www/boot/52-54-00-00-00-01.ipxe" \
		"$(printf '%s/www/boot/m-52-54-00-00-%02x-%02x.ipxe' "$tmp" $((i / 256)) $((i % 256)))"
	i=$((i + 1))
done
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
	server { listen 127.0.0.1:18997; root $tmp/www; tcp_nopush on; aio threads; }
	server { listen 127.0.0.1:18996; root $tmp/www; sendfile off; aio threads; directio 4m; }
}
EOF
nginx -c "$tmp/nginx.conf" >/dev/null 2>&1 &
nginx=$!
pids="$pids $nginx"

# ---- FastAPI and PostgreSQL ----

# PostgreSQL does not run as root.
mkdir "$tmp/pg"
[ "$(id -u)" != 0 ] || chown 65534 "$tmp/pg"
# shellcheck disable=SC2086
$nobody "$pgbin/initdb" -D "$tmp/pg/data" -U pxekit -A trust >/dev/null || exit 99
# shellcheck disable=SC2086
$nobody "$pgbin/postgres" -D "$tmp/pg/data" -k "$tmp/pg" -c listen_addresses= >"$tmp/pg.log" 2>&1 &
postgres=$!
pids="$pids $postgres"
ask_pg() { psql -q -h "$tmp/pg" -U pxekit -d postgres "$@"; }
until_true ask_pg -c 'SELECT 1'
ask_pg <<'EOF'
CREATE TABLE machine (id bigint PRIMARY KEY, name text, disposition text NOT NULL);
CREATE TABLE machine_mac (mac text PRIMARY KEY, machine bigint NOT NULL REFERENCES machine);
CREATE TABLE job (id bigint PRIMARY KEY, machine bigint NOT NULL REFERENCES machine,
	image text NOT NULL, hostname text, state text NOT NULL, attempt int NOT NULL, nonce text NOT NULL);
CREATE INDEX ON job (machine, id);
EOF
sqlite3 -csv "$site/db/jobs.db" 'SELECT id, name, disposition FROM machine' |
	ask_pg -c 'COPY machine FROM STDIN CSV'
sqlite3 -csv "$site/db/jobs.db" 'SELECT mac, machine FROM machine_mac' |
	ask_pg -c 'COPY machine_mac FROM STDIN CSV'
sqlite3 -csv "$site/db/jobs.db" 'SELECT j.id, j.machine, j.image, j.hostname, j.state, j.attempt, a.nonce
	FROM job j JOIN attempt a ON a.job = j.id AND a.number = j.attempt' |
	ask_pg -c 'COPY job FROM STDIN CSV'
cat >"$tmp/peer.py" <<'EOF'
import os, re, string
import asyncpg
from fastapi import FastAPI, HTTPException
from fastapi.responses import PlainTextResponse
text = open(os.environ["PEER_TEXT"]).read()
template = string.Template(re.sub(r"\$", "$$$$", text).replace("52:54:00:00:00:01", "$mac"))
app = FastAPI()
@app.on_event("startup")
async def start():
    app.state.pool = await asyncpg.create_pool(host=os.environ["PEER_DB"], user="pxekit", database="postgres")
@app.get("/boot/{name}", response_class=PlainTextResponse)
async def script(name: str):
    mac = name[:17].replace("-", ":")
    row = await app.state.pool.fetchrow("SELECT j.*, m.disposition FROM machine_mac k"
        " JOIN machine m ON m.id = k.machine JOIN job j ON j.machine = m.id"
        " WHERE k.mac = $1 ORDER BY j.id DESC LIMIT 1", mac)
    if not row:
        raise HTTPException(404)
    return template.substitute(mac=mac)
EOF
(cd "$tmp" && PEER_DB=$tmp/pg PEER_TEXT=$tmp/www/boot/52-54-00-00-00-01.ipxe \
	exec uvicorn --host 127.0.0.1 --port 18998 --log-level warning --no-access-log peer:app) &
python=$!
pids="$pids $python"
# The service, PostgreSQL and its processes.
stack() {
	# shellcheck disable=SC2046
	echo "$python" "$postgres" $(cat "/proc/$postgres/task/$postgres/children")
}
until_true curl -sf http://127.0.0.1:18999/boot/52-54-00-00-00-01.ipxe
until_true curl -sf http://127.0.0.1:18998/boot/52-54-00-00-00-01.ipxe

# ---- measuring ----

# Microseconds of CPU that these processes have used.
cpu() {
	for pid; do
		cut -d' ' -f14,15 "/proc/$pid/stat"
	done | awk -v hz="$(getconf CLK_TCK)" '{ t += $1 + $2 } END { printf "%.0f", t * 1e6 / hz }'
}

# One machine after the other; each of the two threads begins elsewhere.
cat >"$tmp/machines.lua" <<'EOF'
local threads = 0
local count = tonumber(os.getenv("MACHINES"))
local path = "/boot/" .. os.getenv("BEFORE") .. "52-54-00-00-%02x-%02x.ipxe"
function setup(thread)
	thread:set("first", math.floor(threads * count / 2))
	threads = threads + 1
end
function init() at = first end
function request()
	at = (at + 1) % count
	return wrk.format("GET", string.format(path, math.floor(at / 256), at % 256))
end
EOF

# turn NAME URL PIDS...: a line "NAME requests/s CPU-us/request p99" into results; a NAME
# that begins with machines asks for each of them in turn.
turn() {
	name=$1 target=$2 each='' before_mac=''
	shift 2
	case $name in
	machines-*) each="-s $tmp/machines.lua" ;;
	esac
	[ "$name" != machines-nginx ] || before_mac=m-
	before=$(cpu "$@")
	# shellcheck disable=SC2086
	MACHINES=$machines BEFORE=$before_mac wrk -t2 -c"$connections" -d"${seconds}s" \
		--latency $each "$target" >"$tmp/wrk" 2>&1
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
	# shellcheck disable=SC2046
	turn script-fastapi "http://127.0.0.1:18998$script" $(stack)
	turn machines-bootweb "$ours" "$web"
	# shellcheck disable=SC2046
	turn machines-nginx http://127.0.0.1:18999 $(workers)
	# shellcheck disable=SC2046
	turn machines-fastapi http://127.0.0.1:18998 $(stack)
	turn entry-bootweb "$ours/boot.ipxe" "$web"
	fetch file-bootweb "$ours$large" "$web"
	# shellcheck disable=SC2046
	fetch file-nginx "http://127.0.0.1:18999$large" $(workers)
	# shellcheck disable=SC2046
	fetch file-nginx-aio "http://127.0.0.1:18997$large" $(workers)
	# shellcheck disable=SC2046
	fetch file-nginx-direct "http://127.0.0.1:18996$large" $(workers)
	i=$((i + 1))
done

# ---- what came of it ----

# The median of a column of one name.
median() {
	awk -v name="$1" -v col="$2" '$1 == name { print $col }' "$tmp/results" |
		sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

printf '%-16s %12s %14s %10s %6s\n' WHAT 'REQUESTS/S' 'CPU US/REQUEST' P99 BAD
for name in machines-bootweb machines-nginx machines-fastapi script-bootweb script-nginx \
	script-fastapi entry-bootweb; do
	printf '%-16s %12s %14s %10s %6s\n' $name "$(median $name 2)" "$(median $name 3)" \
		"$(median $name 4)" "$(median $name 5)"
done
printf '\n%-17s %12s %14s\n' WHAT 'MB/S' 'CPU MS/GB'
for name in file-bootweb file-nginx file-nginx-aio file-nginx-direct; do
	printf '%-17s %12s %14s\n' $name "$(median $name 2)" "$(median $name 3)"
done
ratio() {
	awk -v a="$2" -v b="$3" -v what="$1" 'BEGIN { printf "%-66s %.2f\n", what, b ? a / b : 0 }'
}
echo
ratio 'scripts per CPU second, each of another machine, bootweb / FastAPI' "$(median machines-fastapi 3)" "$(median machines-bootweb 3)"
ratio 'scripts per CPU second, each of another machine, nginx / bootweb' "$(median machines-bootweb 3)" "$(median machines-nginx 3)"
ratio 'scripts per CPU second, bootweb / FastAPI and PostgreSQL' "$(median script-fastapi 3)" "$(median script-bootweb 3)"
ratio 'scripts per CPU second, nginx static / bootweb' "$(median script-bootweb 3)" "$(median script-nginx 3)"
ratio 'scripts per second, nginx static / bootweb' "$(median script-nginx 2)" "$(median script-bootweb 2)"
ratio 'MB/s of a large file, bootweb / nginx' "$(median file-bootweb 2)" "$(median file-nginx 2)"
ratio 'CPU per GB, bootweb / nginx' "$(median file-bootweb 3)" "$(median file-nginx 3)"

site_end >/dev/null
