#!/bin/sh
# jobctl import and export: CSV and NDJSON, complaints by line, all or nothing, round trip;
# list with filters and columns.
# Rows: S0-28 S4-12 S4-13 S1-05
. "$srcdir/tests/sh.inc"
. "$srcdir/tests/integration/jobctl.inc"
site
count() { jobctl --json list --all | jq '.jobs | length'; }
lines() { # all that was complained about
	sed "s|$tmp/||g" "$tmp/err"
}

# ---- what is wrong is said by line, and nothing is queued ----
cat >"$tmp/bad.csv" <<'END'
mac,image,hostname,platform
52:54:00:00:00:01,debian12,web1,kvm
52:54,debian12,web2,kvm
52:54:00:00:00:03,debian12,"web3"x,kvm
52:54:00:00:00:04,none,-x,toaster

52:54:00:00:00:05,debian12
52:54:00:00:00:01,rescue,,
52:54:00:00:00:06,debian12,WEB1,
END
run jobctl import "$tmp/bad.csv"
same 'a file with mistakes is refused' "2 0 queued, 6 refused" "$code $(cat "$tmp/out")"
n=$((n + 1))
if lines >"$tmp/lines" && diff - "$tmp/lines" >"$tmp/diff" <<'END'; then
jobctl: bad.csv:3: mac 52:54: is not a MAC (aa:bb:cc:dd:ee:ff, aa-bb-.., aabb.ccdd.eeff or 12 hex digits)
jobctl: bad.csv:3: mac: is missing: which machine is meant?
jobctl: bad.csv:4: has something behind the closing quote of a value
jobctl: bad.csv:5: hostname -x: is not a host name: letters, digits and inner hyphens only
jobctl: bad.csv:5: platform toaster: pxekit.conf has no such platform
jobctl: bad.csv:5: image none: images has no image none (see imgctl list)
jobctl: bad.csv:7: has 2 values, and the header 4 names
jobctl: bad.csv:8: 52:54:00:00:00:01: has job 1 (debian12@1.0.0, queued) already; wait until it is over, or: jobctl cancel 1
jobctl: bad.csv:9: the host name has job 1 already, which is queued: cancel it first, or wait
END
	echo "ok $n - with the line of each"
else
	echo "not ok $n - with the line of each"
	sed 's/^/# /' "$tmp/diff"
fi
same 'and nothing is queued' 0 "$(count)"
run jobctl import --keep-going "$tmp/bad.csv"
same '--keep-going queues the others' "1 1 queued, 6 refused 1" "$code $(cat "$tmp/out") $(count)"
jobctl cancel 1 >"$tmp/out" && jobctl rm 1 >"$tmp/out"
printf 'mac,colour,mac\n' >"$tmp/columns"
run jobctl import "$tmp/columns"
same 'so are columns that no job has' "2 2" "$code $(grep -c ':1: column' "$tmp/err")"
printf 'mac,image,hostname\n52:54:00:00:00:01,debian12,a\000b\n,,"\000"\n' >"$tmp/nul.csv"
run jobctl import "$tmp/nul.csv"
same 'and values with a NUL in them' "2 2:_3:" \
	"$code $(sed -n 's/.*nul.csv:\([0-9]:\) has a NUL in a value$/\1/p' "$tmp/err" | paste -sd_)"
printf '{"mac": 7}\n\n{"mac": "52:54:00:00:00:01", "image": "rescue", "mac": "x"}\n[]\n{"mac": ["52:54:00:00:00:01"], "image": "rescue", "rdp": true, "colour": "red"}\n' >"$tmp/bad.ndjson"
run jobctl import "$tmp/bad.ndjson"
same 'NDJSON has its lines as well' "2 1 3 4 5" \
	"$code $(sed -n 's/.*ndjson:\([0-9]*\): .*/\1/p' "$tmp/err" | sort -un | tr '\n' ' ' | sed 's/ $//')"
same 'and nothing is queued of it' 0 "$(count)"

# ---- good ones ----
# shellcheck disable=SC2016
hash='$6$salt$QLk5NH9BS6ntjDf2pyVxV8MPGyPDMmSBFJUcKuFLB8bdSHs3bzw9XfKzUBvFRW8xQbHL3.Kq3A5ss/abcdefg.'
printf '\357\273\277mac,image,hostname,comment,dns,password-hash,hold,network\r\n' >"$tmp/good.csv"
printf '"52:54:00:00:00:01 52:54:00:00:00:11",debian12,web1,"it''s ""a"", b","10.0.0.1\n10.0.0.2",%s,,\r\n' "$hash" >>"$tmp/good.csv"
printf '52:54:00:00:00:02,rescue,,,,,yes,lab\r\n' >>"$tmp/good.csv"
run jobctl import -n "$tmp/good.csv"
is 0 'dry run: 2 queued, 0 refused' ''
same 'a dry run queues nothing' 0 "$(count)"
run jobctl import --profile base --not-before 2099-01-01T00:00:00Z "$tmp/good.csv"
is 0 '2 queued, 0 refused' ''
run jobctl --json show web1
same 'all of it is there, with what was said for all' \
	'["its \"a\", b",["10.0.0.1","10.0.0.2"],"de_AT.UTF-8",true,"2099-01-01T00:00:00.000Z",2]' \
	"$(json '[.settings.comment, .settings.dns, .settings.locale, .settings["password-hash"], .job.not_before, (.machine.macs | length)]')"
echo '{"mac": ["52:54:00:00:00:03"], "uuid": "4c4c4544-0042-3510-8052-b4c04f4d4e32", "image": "rescue@2", "rdp": false, "ssh-key": ["ssh-ed25519 AAAAx x"], "hostname": null}' >"$tmp/good.ndjson"
run jobctl --json import "$tmp/good.ndjson"
same '--json says which' '[1,0,1,"52:54:00:00:00:03","rescue@2"]' \
	"$(json '[.queued, .refused, .jobs[0].line, .jobs[0].mac, .jobs[0].image]')"

# ---- round trip: a second site with the same key gets the same file out ----
other() { jobctl --database "$tmp/other.db" "$@"; }
for format in csv ndjson; do
	rm -f "$tmp"/other.db*
	jobctl export --secrets --format $format >"$tmp/first"
	other import "$tmp/first" >"$tmp/out"
	other export --secrets --format $format >"$tmp/second"
	# Sealed anew, a secret reads otherwise.
	same "$format comes back as it went out" "$(sed 's/sealed:[A-Za-z0-9_=+/-]*/S/' "$tmp/first" | sha256sum)" \
		"$(sed 's/sealed:[A-Za-z0-9_=+/-]*/S/' "$tmp/second" | sha256sum)"
	same "$format: all three" 3 "$(other --json list | jq '.jobs | length')"
done
run jobctl export
same 'without --secrets there is none' "0 3 0" "$code $(wc -l <"$tmp/out") $(grep -c 'sealed\|password' "$tmp/out")"
od -An -N32 -tx1 /dev/urandom | tr -d ' \n' >"$tmp/site.key2"
sed "s|site.key|site.key2|" "$tmp/pxekit.conf" >"$tmp/other.conf"
chmod 600 "$tmp/site.key2"
rm -f "$tmp"/other.db*
jobctl export --secrets >"$tmp/first"
run jobctl --config "$tmp/other.conf" --database "$tmp/other.db" import "$tmp/first"
same 'another site does not open it' "2 1" "$code $(grep -c 'password-hash (secret): is not sealed with this site' "$tmp/err")"

# ---- the list: filters and columns ----
ids() { jobctl --json list "$@" | jq -c '[.jobs[].hostname]'; }
same 'by image' '["web1"]' "$(ids --image debian12)"
same 'by image and version' '["",""]' "$(ids --image rescue@2)"
same 'no image begins like it' '[]' "$(ids --image debian)"
same 'by network' '[""]' "$(ids --network lab)"
same 'by text, in any case' '["web1"]' "$(ids --text WEB)"
same 'by a second MAC' '["web1"]' "$(ids --text 00:11)"
same 'together' '[]' "$(ids --text web --image rescue)"
same 'since' '["web1","",""]' "$(ids --since 1h)"
same 'since then nothing' '[]' "$(ids --since 2099-01-01)"
run jobctl list -o id,waits,mac --image rescue
same 'columns are those that were named' "0 ID WAITS MAC" "$code $(head -n 1 "$tmp/out" | xargs)"
run jobctl list -o id,frob
is 2 '' 'jobctl: --columns frob: is no column (see jobctl list --help)'
run jobctl list --text nobody
is 0 '' 'There is no such job.'
run jobctl export --network lab --format csv
same 'export takes the filters' "0 1" "$code $(grep -c 52:54 "$tmp/out")"

end
