#!/bin/sh
# jobctl: every verb's face, its exit statuses and the shape of its JSON.
# Rows: S0-27 S0-30 S0-37 S1-06 S4-06
. "$srcdir/tests/sh.inc"
. "$srcdir/tests/integration/jobctl.inc"
site

story() {
	jq -c . <<-END
		{"v":1,"time":"$1:01.000Z","id":"s1","event":"offer","source":"pxeproxy","mac":"52:54:00:00:00:01","arch":7,"network":"lab","action":"install","rule":"job","job":1,"attempt":1,"file":"ipxe.efi"}
		{"v":1,"time":"$1:02.000Z","id":"s2","event":"ack","source":"pxeproxy","mac":"52:54:00:00:00:01","address":"10.77.0.20","job":1,"attempt":1,"file":"ipxe.efi"}
		{"v":1,"time":"$1:04.000Z","id":"s3","event":"transfer","source":"tftpd-lite","address":"10.77.0.20","file":"ipxe.efi","octets":1000000,"ms":1500,"status":0}
		{"v":1,"time":"$1:06.000Z","id":"s4","event":"script","source":"bootweb","mac":"52:54:00:00:00:01","address":"10.77.0.20","uuid":"4c4c4544-0042-3510-8052-b4c04f4d4e32","product":"Box \u001b[31m","job":1,"attempt":1,"action":"install","rule":"job","ms":1,"status":200}
		{"v":1,"time":"$1:09.000Z","id":"s5","event":"fetch","source":"bootweb","address":"10.77.0.20","file":"deploy/vmlinuz","octets":8000000,"ms":2000,"status":200}
		{"v":1,"time":"$1:20.000Z","id":"s6","event":"report","source":"bootweb","address":"10.77.0.20","job":1,"attempt":1,"state":"installing","step":"network","step_n":1,"step_of":9,"percent":2}
		{"v":1,"time":"$1:22.000Z","id":"s7","event":"disks","source":"bootweb","address":"10.77.0.20","job":1,"attempt":1,"action":"wipe","text":"sda may be wiped"}
		{"v":1,"time":"$1:23.000Z","id":"s8","event":"report","source":"bootweb","address":"10.77.0.20","job":1,"attempt":1,"state":"installing","step":"fetch","step_n":5,"step_of":9,"percent":30}
		{"v":1,"time":"$1:30.000Z","id":"s9","event":"report","source":"bootweb","address":"10.77.0.20","job":1,"attempt":1,"state":"installing","step":"fetch","step_n":5,"step_of":9,"percent":60}
		{"v":1,"time":"$1:40.000Z","id":"s10","event":"report","source":"bootweb","address":"10.77.0.20","job":1,"attempt":1,"state":"configuring","step":"reboot","step_n":9,"step_of":9,"percent":90}
		{"v":1,"time":"$1:55.000Z","id":"s11","event":"report","source":"bootweb","address":"10.77.0.20","job":1,"attempt":1,"state":"done","percent":100,"text":"host web1"}
	END
}

run jobctl add --mac 52:54:00:00:00:01 --image debian12 --hostname web1
# As if all that had happened before now.
sqlite3 "$tmp/jobs.db" 'UPDATE job SET created = created - 300000; UPDATE attempt SET started = started - 300000'
story "$(date -u -d '2 minutes ago' +%Y-%m-%dT%H:%M)" | jobctl ingest >"$tmp/out"

# ---- show: the timeline from the first DISCOVER to done ----
run jobctl show web1 --json
same 'every phase is in the timeline, with how long it took' \
	'[["DISCOVER (firmware)",1000],["boot server (firmware)",500],["TFTP ipxe.efi",1500],["boot script",1],["HTTP deploy/vmlinuz",2000],["installing: network",3000],["safety gate",1000],["installing: fetch",17000],["configuring: reboot",15000],["done",0]]' \
	"$(json '[.attempts[0].timeline[] | [.phase, .ms]]')"
same 'and with who said it' '["bootweb","pxeproxy","tftpd-lite"]' "$(json '[.attempts[0].timeline[].source] | unique')"
same 'the total is from the first to the last' '["done",54000]' "$(json '.attempts[0] | [.state, .total_ms]')"
run jobctl show 1
same 'show prints it as well' '0 1 1' \
	"$code $(grep -c '^..:..:23.000 17.0 s installing: fetch' "$tmp/out") $(grep -c '^total: 54.0 s$' "$tmp/out")"
same 'nothing from outside reaches the terminal as it is' 0 "$(grep -c "$(printf '\033')" "$tmp/out")"

# ---- log ----
run jobctl log 1 --json
same 'log has every transition with its time, source and address' \
	'[["add","'"$actor"'","queued"],["","10.77.0.20","installing"],["wipe","10.77.0.20",""],["","10.77.0.20","installing"],["","10.77.0.20","installing"],["","10.77.0.20","configuring"],["","10.77.0.20","done"]]' \
	"$(json '[.log[] | [.action, .address + .actor, .state]]')"
run jobctl log web1
same 'and a line for each' 8 "$(wc -l <"$tmp/out")"
run jobctl log 9
is 1 '' 'jobctl: 9: there never was such a job (see jobctl list --all)'

# ---- cancel, retry, rm ----
run jobctl cancel web1
is 1 '' 'jobctl: job 1 is done already'
run jobctl retry -n 1
is 0 'job 1: would be queued again' ''
run jobctl retry 52:54:00:00:00:01
is 0 'job 1: queued again' ''
run jobctl show 1 --json
same 'retry is another attempt, the history stays' '["queued",2,[["done",10],["queued",0]]]' \
	"$(json '[.job.state, .job.attempt, [.attempts[] | [.state, (.timeline | length)]]]')"
run jobctl rm 1
is 1 '' 'jobctl: job 1 is queued: cancel it first'
run jobctl cancel 1 99 nobody
is 1 '' 'jobctl: 99: there is no such job (see jobctl list --all)
jobctl: nobody: no job is called so (see jobctl list --all)'
run jobctl cancel --json web1
same 'cancel --json lists the jobs' '{"jobs":[["cancelled",1]]}' "$(json '{jobs: [.jobs[] | [.state, .id]]}')"
run jobctl add --mac 52:54:00:00:00:01 --image rescue --hostname web1
is 0 'job 2: 52:54:00:00:00:01 rescue@2 queued' ''
run jobctl rm web1
is 2 '' 'jobctl: web1: means 2 jobs; say which by its number:
  1  52:54:00:00:00:01  web1  debian12@1.0.0  cancelled
  2  52:54:00:00:00:01  web1  rescue@2  queued'
run jobctl rm 1
is 0 'job 1: removed' ''
run jobctl show 1
is 1 '' 'jobctl: 1: there is no such job (see jobctl list --all)'
run jobctl log 1
same 'the log outlives the job' 0 "$code"
run jobctl cancel 2
run jobctl add --mac 52:54:00:00:00:02 --image rescue --hostname web1
run jobctl show web1
is 2 '' 'jobctl: web1: means 2 jobs; say which by its number:
  2  52:54:00:00:00:01  web1  rescue@2  cancelled
  3  52:54:00:00:00:02  web1  rescue@2  queued'
run jobctl list --state cancelled --json
same 'list --state' '[2]' "$(json '[.jobs[].id]')"
run jobctl list --state broken
is 2 '' "jobctl: --state broken: is no state
Try 'jobctl list --help' for more information."

# ---- machines ----
echo '{"v":1,"time":"2000-01-02T01:02:03Z","event":"silent","id":"n1","source":"pxeproxy","mac":"52:54:00:00:00:99","network":"lab","rule":"unknown"}' |
	jobctl ingest >"$tmp/out"
run jobctl machines --new
same 'machines --new' '52:54:00:00:00:99' "$(sed -n '2s/ .*//p' "$tmp/out")"
run jobctl explain 52:54:00:00:00:99
same 'an unknown machine gets the silence of its network' \
	'rule     unknown: nobody has decided about it, and the network'"'"'s policy says so' "$(tail -n 1 "$tmp/out")"
run jobctl ignore 52:54:00:00:00:99 5254.0000.0077
is 0 '52:54:00:00:00:99: ignored
52:54:00:00:00:77: ignored' ''
run jobctl machines --new --json
is 0 '{"machines":[]}' ''
run jobctl block -n 52:54:00:00:00:99
is 0 '52:54:00:00:00:99: would be blocked' ''
run jobctl block 52:54:00:00:00:02 --json
same 'block --json' '["52:54:00:00:00:02","blocked"]' "$(json '.machines[] | [.mac, .disposition]')"
run jobctl explain 52:54:00:00:00:02 --json
same 'a blocked machine gets no answer, job or not' '["silent","blocked",3]' \
	"$(json '[.plan.action, .plan.rule, .job.id]')"
run jobctl allow 52:54:00:00:00:02
run jobctl explain 52:54:00:00:00:02 --network office
is 0 'machine  52:54:00:00:00:02, known, web1
network  office, policy jobs, unknown machines: local
job      3, rescue@2, queued, attempt 1
plan     install: is installed by job 3
rule     job: it has a job to do' ''
run jobctl explain 52:54:00:00:00:66 --network office --json
same 'explain knows what it would do with a machine never seen' '["local","unknown",null,null,"office"]' \
	"$(json '[.plan.action, .plan.rule, .machine, .job, .network.name]')"
run jobctl explain 4C4C4544-0042-3510-8052-B4C04F4D4E32 --json
same 'explain by UUID; the loader is that of its architecture' '["52:54:00:00:00:01","menu","ipxe.efi"]' \
	"$(json '[.machine.mac, .plan.action, .loader]')"
run jobctl explain nobody
is 1 '' 'jobctl: nobody: no machine is called so (see jobctl machines)'
run jobctl explain 52:54:00:00:00:02 --network moon
is 2 '' 'jobctl: --network moon: pxekit.conf has no such network'

# ---- events ----
run jobctl events --json
same 'events --json has each line, its number and its verdict' '["s1","applied",true]' \
	"$(jq -c 'select(.id == "s1") | [.id, .verdict, .seq > 0]' <"$tmp/out")"
jobctl events --json | grep -v '"admin"' >"$tmp/again"
run jobctl ingest <"$tmp/again"
is 0 'ingested 0, repeated 12, refused 0, malformed 0' ''
run jobctl events --json --since 1h --machine 52:54:00:00:00:99
same 'by machine and by time' '["ignore"]' "$(jq -sc '[.[].action]' <"$tmp/out")"
run jobctl events --job 3 --json
same 'by job: what names it, and what its machine did meanwhile' '["add","block","allow"]' \
	"$(jq -sc '[.[].action]' <"$tmp/out")"
run jobctl events --since yesterday
is 2 '' 'jobctl: --since yesterday: is neither a time nor like 90s, 15m, 2h, 7d'
jobctl events --follow --json >"$tmp/followed" &
follower=$!
until grep -q '"block"' "$tmp/followed"; do sleep 0.05; done
run jobctl cancel 3
until grep -q '"cancel".*"job":3\|"job":3.*"cancel"' "$tmp/followed"; do sleep 0.05; done
kill "$follower"
wait "$follower"
same 'events --follow goes on with those that come, and ends in order' 0 "$?"

# ---- everything again, from another process that may not write ----
before=$(jobctl list --all --json)
mkdir "$tmp/state"
cp "$tmp"/jobs.db* "$tmp/state"
chmod -R a-w "$tmp/state"
run jobctl --database "$tmp/state/jobs.db" list --all --json
is 0 "$before" ''
chmod u+w "$tmp/state"

# ---- the rest of every face ----
for verb in add list show log cancel retry rm watch machines ignore block allow explain events ingest; do
	run jobctl "$verb" --help
	same "$verb --help is for 80 columns" '0 ' "$code $(awk 'length($0) > 79' "$tmp/out")"
done
run jobctl --version
same '--version' "0 jobctl (pxekit)" "$code $(cut -d' ' -f1,2 "$tmp/out")"
run jobctl show
is 2 '' "jobctl: show: wants JOB
Try 'jobctl show --help' for more information."
run sh -c 'jobctl list >/dev/full'
is 3 '' 'jobctl: standard output: No space left on device'
echo 'broken {' >"$tmp/broken.conf"
run jobctl --config "$tmp/broken.conf" list
same 'a broken configuration is misuse' 2 "$code"
end
