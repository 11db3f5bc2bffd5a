#!/bin/sh
# Every example is what its program takes, and every key is in the example and the page.
# Rows: S3-21 S0-19 S0-01 S2-20
set -u
. "${srcdir:-.}/tests/sh.inc"
check=$builddir/tests/integration/conf_check
page=$srcdir/man/pxekit.conf.5
example=$srcdir/examples/pxekit.conf

run "$check" "$example"
is 0 '' ''

# The same with every option taken out of its comment.
sed 's/^#\([^ ]\)/\1/' "$example" >"$tmp/all.conf"
run "$check" "$tmp/all.conf"
is 0 '' ''

# Both know every key that the tools know.
keys=$(sed -n 's/^\t{ "\([a-z-]*\)", is_[a-z_]* },$/\1/p' "$srcdir/lib/sys/conf_value.c")
settings=$(sed -n 's/^\t{ "\([a-z0-9-]*\)", \(NULL\|"[A-Z0-9]*"\),.*$/\1/p' "$srcdir/lib/core/setting.c")
for key in $keys $settings; do
	run grep -Eq "^#[[:space:]]*$key(-file)? = " "$example"
	is 0 '' ''
	run grep -Eq "^\.It Ic ([a-z-]+ , )?$key(-file)?( |\$)" "$page"
	is 0 '' ''
done
run test "$(echo "$keys" | wc -l) $(echo "$settings" | wc -l)" '=' "$(echo "$keys" | sort -u | wc -l) $(echo "$settings" | sort -u | wc -l)"
is 0 '' ''
[ -n "$keys" ] && [ -n "$settings" ]
run test $? = 0
is 0 '' ''

for dnsmasq in "$srcdir"/examples/dnsmasq-*.conf; do
	run dnsmasq --test -C "$dnsmasq"
	is 0 '' 'dnsmasq: syntax check OK.'
done

# Nobody finds what no page names.
for file in "$srcdir"/examples/* "$srcdir"/examples/hooks.d/*; do
	name=${file##*/}
	[ "$name" != local.mk ] || continue
	run grep -Fqw -- "$name" "$srcdir/man/pxekit.7"
	is 0 '' ''
done

# Samba's own reader takes it, without a word of complaint, and sees no SMB1 and no guest.
run sh -c "testparm -s '$srcdir/examples/smb.conf' 2>&1 >'$tmp/smb' | grep -iE 'unknown|ignor|error|warn|invalid'"
is 1 '' ''
run grep -ciE '(server min protocol = SMB2|server signing = (required|mandatory)|read only = no|guest ok = yes)' "$tmp/smb"
is 0 2 ''

# nft asks the kernel, so it wants a network that it may change.
may_change='unshare --net'
$may_change true 2>/dev/null || may_change='unshare --user --map-root-user --net'
# shellcheck disable=SC2086 # a command and its options
PATH=$PATH:/usr/sbin run $may_change nft -c -f "$srcdir/examples/firewall.nft"
is 0 '' ''

# inetd.conf(5): six fields, then the arguments, the first of them the program's name.
run awk '!/^#/ && (NF < 8 || $2 != "dgram" || $3 != "udp" || $4 != "wait" ||
	$6 !~ "/" $7 "$") { print FILENAME ":" FNR ": " $0 }' "$srcdir/examples/inetd.conf"
is 0 '' ''

# with-events puts the two outputs where they belong and leaves descriptor 0 alone.
mkfifo "$tmp/events"
cat "$tmp/events" >"$tmp/taken" &
echo 'a packet' | PXEKIT_EVENTS="$tmp/events" PXEKIT_LOG="$tmp/log" \
	run "$srcdir/examples/with-events" sh -c 'cat; echo message >&2'
wait
run cat "$tmp/taken" "$tmp/log"
is 0 'a packet
message' ''

# The dashboard and the alerts ask only for what the metrics have.
sed -n 's/.*"\(pxekit_[a-z_]*\)".*/\1/p' "$srcdir/tools/bootweb/api_metrics.c" | sort -u >"$tmp/has"
asked() {
	grep -oE 'pxekit_[a-z_]+' "$srcdir/examples/alerts.yml" "$srcdir/examples/grafana-dashboard.json" -h |
		sed -E 's/_(bucket|count|sum)$//' | sort -u | comm -23 - "$tmp/has"
}
run asked
is 0 '' ''
run python3 -c 'import json, sys; print(len(json.load(open(sys.argv[1]))["panels"]))' \
	"$srcdir/examples/grafana-dashboard.json"
is 0 9 ''
if command -v promtool >/dev/null; then
	run promtool check rules "$srcdir/examples/alerts.yml"
	: >"$tmp/out"
	is 0 '' ''
fi

end
