#!/bin/sh
# bench bootweb: requests and CPU of scripts, reports and files beside nginx (the
# same bytes from a static file) and beside FastAPI, uvicorn and PostgreSQL, which
# ask for the same row and fill in the same text.  All in one run, in turns; prints
# ratios.  Wants scripts/install-packages scripts/packages-bench.
# usage: tests/bench/bootweb.sh [seconds a turn, 3] [turns, 3] [connections, 32]
# shellcheck disable=SC2119
set -u
srcdir=$(cd "${srcdir:-.}" && pwd) builddir=$(cd "${builddir:-.}" && pwd)
. "$srcdir/tests/sh.inc"
. "$srcdir/tests/integration/bootweb.inc"
seconds=${1:-3} turns=${2:-3} connections=${3:-32}
pgbin=$(find /usr/lib/postgresql/*/bin -maxdepth 0 2>/dev/null | tail -n 1)
PATH=$PATH:$pgbin
for need in wrk nginx uvicorn postgres; do
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
	# shellcheck disable=SC2046
	turn script-fastapi "http://127.0.0.1:18998$script" $(stack)
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
for name in script-bootweb script-nginx script-fastapi entry-bootweb; do
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
ratio 'scripts per CPU second, bootweb / FastAPI and PostgreSQL' "$(median script-fastapi 3)" "$(median script-bootweb 3)"
ratio 'scripts per CPU second, nginx static / bootweb' "$(median script-bootweb 3)" "$(median script-nginx 3)"
ratio 'scripts per second, nginx static / bootweb' "$(median script-nginx 2)" "$(median script-bootweb 2)"
ratio 'MB/s of a large file, bootweb / nginx' "$(median file-bootweb 2)" "$(median file-nginx 2)"
ratio 'CPU per GB, bootweb / nginx' "$(median file-bootweb 3)" "$(median file-nginx 3)"

site_end >/dev/null
