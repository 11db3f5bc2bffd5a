#!/bin/sh
# jobctl add, list, show: what is checked, what is said, and the exit statuses.
# Rows: S0-03 S0-27 S1-06 S1-09
. "$srcdir/tests/sh.inc"
. "$srcdir/tests/integration/jobctl.inc"
site

run jobctl list
is 3 '' "jobctl: $tmp/jobs.db: there is no database yet (jobctl add or jobctl ingest makes it)"

# A dry run leaves nothing, and no database either.
run jobctl add -n --mac 52:54:00:00:00:01 --image debian12
is 0 'dry run: 52:54:00:00:00:01 debian12@1.0.0 would be queued' ''
echo '{"mac":"52:54:00:00:00:01","image":"debian12"}' >"$tmp/jobs"
run jobctl import -n "$tmp/jobs"
is 0 'dry run: 1 queued, 0 refused' ''
run jobctl cancel -n 1
is 1 '' 'jobctl: 1: there is no such job (see jobctl list --all)'
run jobctl next -n 52:54:00:00:00:01 local
is 0 '52:54:00:00:00:01: would boot from its own disk, once' ''
run sh -c "ls '$tmp' ':memory:'"
is 2 "$tmp:
err
images
jobs
out
pxekit.conf" "ls: cannot access ':memory:': No such file or directory"

# ---- wrong use: nothing is done, exit 2 ----
try="Try 'jobctl add --help' for more information."
run jobctl
is 2 '' "jobctl: no verb is given: what shall be done?
Try 'jobctl --help' for more information."
run jobctl frob
is 2 '' "jobctl: frob: no such verb
Try 'jobctl --help' for more information."
run jobctl add --frob
is 2 '' "jobctl: unrecognized option '--frob'
$try"
run jobctl add --mac 52:54:00:00:00:01
is 2 '' "jobctl: add: wants --mac and --image
$try"
run jobctl add --mac 52:54:00:00:00:01 --image debian12 more
is 2 '' "jobctl: add: too many arguments
$try"
run jobctl add --mac 52:54 --image debian12
is 2 '' "jobctl: --mac 52:54: is not a MAC (aa:bb:cc:dd:ee:ff, aa-bb-.., aabb.ccdd.eeff or 12 hex digits)"
run jobctl add --mac ff:ff:ff:ff:ff:ff --image debian12
is 2 '' "jobctl: --mac ff:ff:ff:ff:ff:ff: is a group or broadcast address, which no network card has"
run jobctl add --mac 52:54:00:00:00:01 --uuid 00000000-0000-0000-0000-000000000000 --image debian12
is 2 '' "jobctl: --uuid 00000000-0000-0000-0000-000000000000: is not one machine's UUID"
for wrong in '--image nonesuch' '--image debian12@9' '--image ../x' '--platform xen' '--profile none' \
	'--network moon' '--hostname -x' '--address 10.0.0.7' '--password-hash-file /nonesuch'; do
	# shellcheck disable=SC2086
	run jobctl add --mac 52:54:00:00:00:01 --image debian12 $wrong
	same "add refuses $wrong" "2 0" "$code $(wc -c <"$tmp/out")"
done
echo plain >"$tmp/secret"
run jobctl add --mac 52:54:00:00:00:01 --image debian12 --password-hash-file "$tmp/secret"
is 2 '' "jobctl: --password-hash (secret): is not a crypt(5) hash (make one with: mkpasswd -m yescrypt)"
run jobctl list
is 0 '' "There is no job yet; jobctl add makes one."
run jobctl list --json
is 0 '{"jobs":[]}' ''

# ---- one command makes a job, and the list shows it ----
run jobctl add -n --mac 5254.0000.0001 --image debian12
is 0 'dry run: 52:54:00:00:00:01 debian12@1.0.0 would be queued' ''
run jobctl add --mac 52-54-00-00-00-01 --image debian12 --hostname web1
is 0 'job 1: 52:54:00:00:00:01 debian12@1.0.0 queued' ''
run jobctl list --json
same 'the list shows it' '[[1,"queued","debian12@1.0.0","web1","52:54:00:00:00:01"]]' \
	"$(json '[.jobs[] | [.id, .state, .image, .hostname, .mac]]')"
run jobctl add --mac 525400000001 --image rescue
is 1 '' "jobctl: 52:54:00:00:00:01: has job 1 (debian12@1.0.0, queued) already; wait until it is over, or: jobctl cancel 1"
run jobctl add --mac 52:54:00:00:00:02 --image rescue --hostname WEB1
is 1 '' "jobctl: the host name has job 1 already, which is queued: cancel it first, or wait"

# ---- everything that can be said, and secrets that are not ----
# shellcheck disable=SC2016
hash='$6$salt$QLk5NH9BS6ntjDf2pyVxV8MPGyPDMmSBFJUcKuFLB8bdSHs3bzw9XfKzUBvFRW8xQbHL3.Kq3A5ss/abcdefg.'
echo "$hash" >"$tmp/secret"
run jobctl --json add --mac 52:54:00:00:00:02 --mac 52:54:00:00:00:12 --image rescue@2 \
	--uuid 4C4C4544-0042-3510-8052-B4C04F4D4E32 --serial S123 --platform kvm --profile base \
	--network office --hostname db1 --address 10.78.0.9/24 --gateway 10.78.0.1 --dns 10.78.0.2 \
	--dns 10.78.0.3 --user admin --password-hash-file "$tmp/secret" --locale C.UTF-8 \
	--comment "it's \"quoted\" & <more>"
same 'add --json is the job' '[0,2,"rescue@2","office","kvm","base",false]' \
	"$(json "[$code, (.job | .id, .image, .network, .platform, .profile), .dry_run]")"
same 'with its settings, the profile behind them, and no secret' \
	'["C.UTF-8","Europe/Vienna",true,["10.78.0.2","10.78.0.3"],2,"it'"'"'s \"quoted\" & <more>"]' \
	"$(json '.settings | [.locale, .timezone, .["password-hash"], .dns, (.["ssh-key"] | length), .comment]')"
run jobctl show 52:54:00:00:00:12
same 'a second MAC names the same machine' 0 "$code"
same 'show says what is set' 1 "$(grep -c '^  password-hash  (secret)$' "$tmp/out")"
same 'and not the secret' 0 "$(grep -c salt "$tmp/out")"
run jobctl show db1 --json
same 'show --json has all MACs and one attempt' \
	'[["52:54:00:00:00:02","52:54:00:00:00:12"],[["queued",1]],"4c4c4544-0042-3510-8052-b4c04f4d4e32"]' \
	"$(json '[.machine.macs, [.attempts[] | [.state, .attempt]], .machine.uuid]')"
same 'and no secret either' 0 "$(grep -c salt "$tmp/out")"
same 'the database has it sealed, not in the open' 'sealed 0' \
	"$(cat "$tmp"/jobs.db* | grep -qa sealed: && printf 'sealed ')$(cat "$tmp"/jobs.db* | grep -ca salt)"
run jobctl add --mac 52:54:00:00:00:03 --mac 52:54:00:00:00:12 --image rescue
is 1 '' "jobctl: 52:54:00:00:00:12: is another machine's address"
run jobctl list --json
same 'and that added nothing' '[1,2]' "$(json '[.jobs[].id]')"

run jobctl block 52:54:00:00:00:77
run jobctl add --mac 52:54:00:00:00:77 --image rescue
is 1 '' 'jobctl: 52:54:00:00:00:77: is blocked; jobctl allow makes it known again'
run jobctl machines --blocked --json
same 'and it stays blocked' '["52:54:00:00:00:77"]' "$(json '[.machines[].mac]')"

run jobctl show nobody
is 1 '' "jobctl: nobody: no job is called so (see jobctl list --all)"
run jobctl show 99
is 1 '' "jobctl: 99: there is no such job (see jobctl list --all)"
run jobctl show 52:54:00:00:00:99
is 1 '' "jobctl: 52:54:00:00:00:99: no machine is known by it"

# ---- what Windows wants: switches, and secrets that lie in files of the profile ----
echo joining-secret >"$tmp/joiner"
printf '\377\376' >"$tmp/blob"
printf 'ARAIAMzMzMwEAAAAAAAAAAECAwQ=\r\n' | sed 's/./&\x00/g' >>"$tmp/blob"
cat >>"$PXEKIT_CONF" <<END
profile server {
	join = "corp.example"
	join-user = "CORP\\\\joiner"
	join-password-file = "$tmp/joiner"
	rdp = yes
	recovery = yes
	role = { "Web-Server" }
}
END
run jobctl --json add --mac 52:54:00:00:00:21 --image rescue --profile server --recovery=no \
	--join-blob-file "$tmp/blob" --comment windows
same 'switches are true or false, the profile fills gaps, secrets are only there' \
	'["corp.example","CORP\\joiner",true,true,true,false,["Web-Server"]]' \
	"$(json '.settings | [.join, .["join-user", "join-password", "join-blob"], .rdp, .recovery, .role]')"
same 'in the database both are sealed' '2 0' \
	"$(cat "$tmp"/jobs.db* | grep -ao 'join-[a-z]*sealed:' | sort -u | wc -l) $(cat "$tmp"/jobs.db* | grep -ca 'joining-secret\|ARAIAMzM')"
run jobctl add --mac 52:54:00:00:00:22 --image rescue --join-blob-file "$tmp/joiner"
is 2 '' 'jobctl: --join-blob (secret): is not what djoin /provision /savefile writes'
rm "$tmp/joiner"
run jobctl add --mac 52:54:00:00:00:22 --image rescue --profile server
is 2 '' "jobctl: --join-password-file $tmp/joiner: No such file or directory"

# ---- an image of Windows: its editions, and a password that is shown once ----
mkdir -p "$tmp/images/ws2025/1"
echo wim >"$tmp/images/ws2025/1/boot.wim"
{
	printf '# pxekit-image: 1\n# name: ws2025\n# version: 1\n# kind: wim\n'
	printf '# arch: x86_64\n# min-disk: 1073741824\n'
	echo '# edition: 1 26100 amd64 Server ServerStandard en-US 1000 Windows Server 2025 Standard'
	echo '# edition: 2 26100 amd64 Server ServerStandard en-US 1000 Windows Server 2025 Standard (Desktop Experience)'
	(cd "$tmp/images/ws2025/1" && sha256sum boot.wim)
} >"$tmp/images/ws2025/1/MANIFEST"
ln -s 1 "$tmp/images/ws2025/current"
windows() {
	run jobctl add --mac 52:54:00:00:00:31 --image ws2025 "$@"
}
windows
is 2 '' 'jobctl: --image ws2025: has several editions, so one must be named by --edition: 1 "Windows Server 2025 Standard", 2 "Windows Server 2025 Standard (Desktop Experience)"'
windows --edition 3
same 'an unknown edition is refused' 2 "$code"
windows --edition 2 --hostname a-name-too-long-for-it
is 2 '' 'jobctl: --hostname a-name-too-long-for-it: Windows takes one name of at most 15 characters that are not all digits'
windows -n --edition 2
is 0 'dry run: 52:54:00:00:00:31 ws2025@1 would be queued' ''
windows --edition 'standard (desktop experience)' --rdp --product-key kms
password=$(sed -n "s/^Administrator's password, shown only now: //p" "$tmp/out")
same 'a password is made up' 24 ${#password}
job=$(sed -n 's/^job \([0-9]*\):.*/\1/p' "$tmp/out")
run jobctl show "$job" --json
same 'the edition has its full name, the password is only there' \
	'["Windows Server 2025 Standard (Desktop Experience)",true,true]' \
	"$(json '.settings | [.edition, .["admin-password"], .rdp]')"
same 'and is shown nowhere again' 0 "$(cat "$tmp/out" "$tmp"/jobs.db* | grep -caF -- "$password")"

# The bound on attempts holds for an admin as well, who is told so.
for _ in 2 3; do
	jobctl cancel 2 >/dev/null
	run jobctl retry 2
	is 0 'job 2: queued again' ''
done
jobctl cancel 2 >/dev/null
run jobctl retry 2
is 0 'job 2: queued again' "jobctl: job 2: is attempt 4, and attempts-max is 3: its machine boots from its own disk until pxekit.conf allows more"
end
