#!/bin/sh
# The API of bootweb's admin face against its own OpenAPI document: every path, method
# and status of it, every role at every route, and the stream of events.
# Rows: S0-39 S1-05 S1-09 S1-11 S1-25 S1-26 N-07 S2-28 S4-09 S4-10 S4-14
# shellcheck disable=SC2119
set -u
. "${srcdir:-.}/tests/sh.inc"
. "$srcdir/tests/integration/bootweb.inc"
. "$srcdir/tests/integration/bootweb-admin.inc"

command -v python3 >/dev/null || skip 'python3 is not here'

cat >"$tmp/more" <<'EOF'
network here { interface = "lo" }
network nowhere { interface = "none0" }
EOF
admin_begin "$tmp/more"
printf 'a password of anna\n' >"$tmp/password"
chmod 644 "$tmp/password"
run writer user add ben --role=operator --file="$tmp/password"
is 0 '' ''
for role in viewer operator editor auditor admin; do
	writer token add "prog-$role" --role=$role >"$tmp/token-$role"
done
chmod 777 "$site/images" # which bootweb looks at when it starts
admin_serve
JOBCTL="$nobody $tmp/jobctl --config $site/conf" python3 "$srcdir/tests/integration/bootweb_admin_api.py" "$tmp" "${url#http://}" "$n" >"$tmp/tap"
grep -v "^[0-9]" "$tmp/tap"
n=$(tail -n 1 "$tmp/tap" | grep "^[0-9]" || grep -cE "^(not )?ok" "$tmp/tap")
if command -v promtool >/dev/null; then
	as vera /metrics >"$tmp/metrics"
	sed -i '$d' "$tmp/metrics"
	run sh -c "promtool check metrics <'$tmp/metrics'"
	is 0 '' ''
fi
kill -TERM "$web"
run wait "$web"
is 0 '' ''
site_end
