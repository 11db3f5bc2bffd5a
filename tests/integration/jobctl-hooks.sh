#!/bin/sh
# Executables of hooks.d hear of every change, and can stop a job before its disk is opened.
# Rows: S1-28 N-12
. "$srcdir/tests/sh.inc"
. "$srcdir/tests/integration/jobctl.inc"
site
mkdir "$tmp/hooks.d"
cat >>"$PXEKIT_CONF" <<-END
	attempts-max = 9
	hooks {
		directory = "$tmp/hooks.d"
		timeout = 2s
	}
END
hook() { # NAME, the script on standard input
	{ printf '#!/bin/sh\n' && cat; } >"$tmp/hooks.d/$1"
	chmod +x "$tmp/hooks.d/$1"
}
tell() { # JOB ATTEMPT STATE
	report "$@" >"$tmp/in"
	jobctl ingest <"$tmp/in" >/dev/null
}
rule() { # MAC
	jobctl explain "$1" --network lab --json | jq -r '.plan | "\(.action) \(.rule)"'
}

jobctl add --mac 52:54:00:00:00:01 --image debian12 --hostname web1 >/dev/null
hook 10-first <<-END
	cat >>"$tmp/first"
	echo "first \$1" >>"$tmp/order"
END
hook 20-second <<-END
	echo "second \$1" >>"$tmp/order"
END
echo 'echo never >"$tmp/never"' >"$tmp/hooks.d/30-not-executable"
run jobctl hooks --once
is 0 '' ''
same 'what was before the first start is no news' '' "$(cat "$tmp/order" 2>/dev/null)"

tell 1 1 booting
report 1 1 installing 10 fetch >"$tmp/in"
report 1 1 installing 20 fetch >>"$tmp/in"
jobctl ingest <"$tmp/in" >/dev/null
jobctl cancel 1 >/dev/null
run jobctl hooks --once
is 0 '' ''
same 'each change, in order, and no progress' \
	'first booting,second booting,first installing,second installing,first cancel,second cancel' \
	"$(paste -sd, "$tmp/order")"
same 'with the event, the job and the machine' '["installing","web1","52:54:00:00:00:01","debian12@1.0.0"]' \
	"$(sed -n 2p "$tmp/first" | jq -c '[.event.state, .job.hostname, .machine.mac, .job.image]')"
run jobctl hooks --once
same 'nothing twice' 6 "$(wc -l <"$tmp/order")"

# One that hangs, with children, is ended; the others go on, and so does ingest.
rm "$tmp/order"
hook 15-hangs <<-END
	sleep 1000 & sleep 1001
END
jobctl retry 1 >/dev/null
run jobctl hooks --once
same 'it is named' 1 "$(grep -c '15-hangs: did not end within 2 s' "$tmp/err")"
same 'the others heard' 'first retry,second retry' "$(paste -sd, "$tmp/order")"
same 'its children are gone' '' "$(pgrep -f '^sleep 100[01]$' | xargs)"
rm "$tmp/hooks.d/15-hangs"
hook 15-fails <<-END
	echo 'no route to the ticket system' >&2
	exit 3
END
jobctl cancel 1 >/dev/null
run jobctl hooks --once
same 'what it says is passed on' 1 "$(grep -c '15-fails: exit status 3: no route to the ticket system' "$tmp/err")"
rm "$tmp/hooks.d/15-fails"

# ---- pre-install ----
same 'without pre-install nobody is asked' 'install job' \
	"$(jobctl retry 1 >/dev/null && rule 52:54:00:00:00:01)"
sed -i 's/timeout = 2s/timeout = 2s\n\tpre-install = yes/' "$PXEKIT_CONF"
same 'with it nothing is installed that nobody agreed to' 'local pre-install' "$(rule 52:54:00:00:00:01)"
run jobctl hooks --once
same 'no such hook is no agreement' "1 local pre-install" \
	"$(grep -c 'has no executable pre-install' "$tmp/err") $(rule 52:54:00:00:00:01)"
hook pre-install-inventory <<-END
	jq -e '.hook == "pre-install" and .job.hostname == "web1"' >/dev/null || {
		echo 'not in the inventory'
		exit 1
	}
END
run jobctl hooks --once
same 'it agrees' 'install job' "$(rule 52:54:00:00:00:01)"
jobctl add --mac 52:54:00:00:00:02 --image debian12 --hostname db1 >/dev/null
run jobctl hooks --once
same 'it does not' 'local held' "$(rule 52:54:00:00:00:02)"
run jobctl show 2 --json
same 'and the job says why' '"pre-install-inventory: exit status 1: not in the inventory"' "$(json .job.text)"
run jobctl audit --last 1 --json
same 'on record' '["veto","hooks"]' "$(json '.audit[0].event | [.action, .actor]')"

# Agreement is to one attempt, as it was asked about.
jobctl cancel 1 >/dev/null
jobctl retry 1 >/dev/null
same 'another attempt is asked about again' 'local pre-install' "$(rule 52:54:00:00:00:01)"
run jobctl hooks --once
same 'and agreed to' 'install job' "$(rule 52:54:00:00:00:01)"
sqlite3 "$tmp/jobs.db" "UPDATE job SET image = 'rescue@2' WHERE id = 1"
same 'another image as well' 'local pre-install' "$(rule 52:54:00:00:00:01)"
hook pre-install-slow <<-END
	sleep 1000
END
run jobctl hooks --once
same 'a hook without an answer is none' 'local held' "$(rule 52:54:00:00:00:01)"
rm "$tmp/hooks.d/pre-install-slow"

# The follower itself: it hears, ends at a signal, and goes on where it was.
rm -f "$tmp/order"
jobctl cancel 1 >/dev/null
jobctl hooks 2>/dev/null &
follower=$!
until grep -q 'second cancel' "$tmp/order" 2>/dev/null; do kill -0 $follower || break; done
same 'it follows' 1 "$(grep -c 'second cancel' "$tmp/order")"
kill $follower
wait $follower
same 'and ends in order' 0 $?

# ---- the examples, with what they want in place of it where that is not here ----
mkdir "$tmp/bin"
for name in sendmail salt-key virsh ipmitool etherwake; do
	cat >"$tmp/bin/$name" <<-END
		#!/bin/sh
		echo "$name \$*" >>"$tmp/called"
		case "$name \$*" in
		virsh*--name) echo guest ;;
		virsh*domiflist*) echo "vnet0 bridge br0 virtio 52:54:00:00:00:01" ;;
		sendmail*) cat >"$tmp/mail" ;;
		esac
	END
	chmod +x "$tmp/bin/$name"
done
PATH=$tmp/bin:$PATH SENDMAIL=$tmp/bin/sendmail WAKE_INTERFACES='office=eth2 lab=eth1' BMC_LIST=$tmp/bmc
export PATH SENDMAIL WAKE_INTERFACES BMC_LIST
echo '52:54:00:00:00:01 10.0.0.9 admin /etc/bmc' >"$BMC_LIST"
# by NAME ARGUMENT: an example, told of a job
by() {
	what="examples/hooks.d/$1 $2"
	: >"$tmp/called"
	echo '{"hook":"event","site":"here","event":{"job":1,"attempt":1,"text":"disk"},"job":{"id":1,"hostname":"web1","image":"debian12@1","network":"lab"},"machine":{"mac":"52:54:00:00:00:01","product":"PC"}}' \
		>"$tmp/told"
	"$srcdir/examples/hooks.d/$1" "$2" <"$tmp/told" >"$tmp/out" 2>"$tmp/err"
	code=$?
	cat "$tmp/called" >>"$tmp/out"
}
by mail failed
is 0 'sendmail -t -oi' ''
same 'the mail says which and why' '2' "$(grep -cE '^Subject: \[here\] job 1 web1: failed$|^says     disk$' "$tmp/mail")"
by mail installing
is 0 '' ''
by salt-key booting
is 0 'salt-key --yes --delete=web1' ''
by salt-key 'done'
is 0 'salt-key --yes --accept=web1' ''
by power-virsh retry
same 'the right domain is started' 1 "$(grep -c 'quiet start guest$' "$tmp/out")"
by power-ipmi add
same 'the right server' 2 "$(grep -c 'lanplus -H 10.0.0.9 -U admin -f /etc/bmc chassis' "$tmp/out")"
by wake-on-lan add
is 0 'etherwake -i eth1 52:54:00:00:00:01' ''
WAKE_INTERFACES='office=eth2'
by wake-on-lan add
is 1 '' "network 'lab' is not in WAKE_INTERFACES"
echo web1 >"$tmp/in-use"
IN_USE=$tmp/in-use
export IN_USE
by pre-install-window pre-install
is 1 'web1 is in use' ''

# Real ones: curl, to a server that writes down what it is sent.
cat >"$tmp/server.py" <<-'END'
	import http.server, json, sys
	class Handler(http.server.BaseHTTPRequestHandler):
	    def take(self):
	        body = self.rfile.read(int(self.headers["Content-Length"]))
	        with open(sys.argv[1] + "/posted", "a") as f:
	            f.write(json.dumps([self.command, self.path, json.loads(body)]) + "\n")
	        self.send_response(204)
	        self.end_headers()
	    do_POST = do_PATCH = take
	    def log_message(self, *args):
	        pass
	server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
	with open(sys.argv[1] + "/port", "w") as f:
	    f.write("%d\n" % server.server_port)
	server.serve_forever()
END
python3 "$tmp/server.py" "$tmp" &
server=$!
until [ -s "$tmp/port" ]; do kill -0 $server || break; done
WEBHOOK_URL=http://127.0.0.1:$(cat "$tmp/port")/hook REDFISH_LIST=$tmp/redfish
export WEBHOOK_URL REDFISH_LIST
by webhook installing
is 0 '' ''
same 'the event as it was told' "$(jq -cS . "$tmp/told")" "$(tail -n 1 "$tmp/posted" | jq -cS '.[2]')"
: >"$tmp/netrc"
echo "52:54:00:00:00:01 http://127.0.0.1:$(cat "$tmp/port")/redfish/v1/Systems/1 $tmp/netrc" >"$REDFISH_LIST"
by power-redfish retry
is 0 '' ''
same 'once by the network, then a restart' \
	'["PATCH","/redfish/v1/Systems/1","Pxe"],["POST","/redfish/v1/Systems/1/Actions/ComputerSystem.Reset","ForceRestart"]' \
	"$(tail -n 2 "$tmp/posted" | jq -c '[.[0], .[1], .[2].Boot.BootSourceOverrideTarget // .[2].ResetType]' | paste -sd,)"
kill $server

printf 'hooks { timeout = 2d }\n' >"$tmp/bad.conf"
run jobctl --config "$tmp/bad.conf" hooks
is 2 '' "$tmp/bad.conf:1: timeout '2d' is not a while from 1s to 1h"
end
