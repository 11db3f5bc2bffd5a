# shellcheck shell=dash disable=SC2034,SC2154 # steps share variables
# lib - what all steps use: messages, kernel arguments, the server, failure.
#
# Needs RUN (a folder for notes, on a ram disk) and DEPLOY (this folder).
# Notes in RUN: step (the one that runs), reason (why it failed), stopped (the
# server's word), log (all messages), body (the last answer).

STOPPED=9 # exit status of run when the server said stop

say() { printf 'pxekit: %s\n' "$*"; }

# The value of NAME= on the kernel command line, or the default.
kernel_arg() { # name [default]
	local word
	# shellcheck disable=SC2013 # words, not lines
	for word in $(cat "${CMDLINE:-/proc/cmdline}"); do
		case $word in
		"$1="*)
			printf '%s\n' "${word#*=}"
			return
			;;
		esac
	done
	printf '%s\n' "${2-}"
}

# Ends the steps; init reports.
fail() { # why
	say "$1"
	printf '%s\n' "$1" >"$RUN/reason"
	exit 1
}

# Tries a command a number of times, with a pause of two seconds between.
retry() { # times command...
	local left=$1
	shift
	until "$@"; do
		left=$((left - 1))
		[ $left -gt 0 ] || return 1
		sleep 2
	done
}

# For what comes within moments: tries for five seconds.
soon() { # command...
	local left=25
	until "$@"; do
		left=$((left - 1))
		[ $left -gt 0 ] || return 1
		sleep 0.2
	done
}

# One request; sets code (000: no answer). The answer's text is in RUN/body.
request() { # curl options and url...
	code=$(curl -sS --connect-timeout 10 --max-time 30 -o "$RUN/body" -w '%{http_code}' \
		"$@") || code=000
}

# The first line of the answer, printable and of bounded length.
answer() {
	head -n1 "$RUN/body" 2>/dev/null | tr -cd ' -~' | cut -c1-300
}

# The server does not want this machine to go on: nothing more is touched.
stop() { # what it said
	printf '%s\n' "$1" >"$RUN/stopped"
	exit $STOPPED
}

# Sends a report once. Returns 0 when it is settled: accepted, or refused as
# broken, which a repetition would not mend.
send_report() { # state step percent text-file
	request --data-urlencode "state=$1" --data-urlencode "step=$2" \
		--data-urlencode "n=$(step_number "$2")" --data-urlencode "of=9" \
		--data-urlencode "percent=$3" --data-urlencode "text@$4" \
		"$(kernel_arg pxekit.url)/report"
	case $code in
	200) return 0 ;;
	400)
		say "the server refused a report: $(answer)"
		return 0
		;;
	403 | 409) stop "$(answer)" ;;
	esac
	return 1
}

# A report that the server must have: tries again while it is away.
report() { # state step percent text [times]
	printf '%s' "$4" >"$RUN/text"
	retry "${5:-15}" send_report "$1" "$2" "$3" "$RUN/text"
}

STEPS='network disks partition format fetch configure loader finish reboot'

step_number() { # name
	local i=0 name
	for name in $STEPS; do
		i=$((i + 1))
		[ "$name" != "$1" ] || break
	done
	echo $i
}

# The end of the log as a report may carry it: printable, bounded.
log_tail() {
	tr -cd '\n -~' <"$RUN/log" | tail -c 1500 | tail -n 25
}

# Step, reason, exit status and the end of the log. The server's stop needs no answer.
report_failure() { # exit status
	local step
	step=$(cat "$RUN/step" 2>/dev/null || echo network)
	{
		cat "$RUN/reason" 2>/dev/null || say "the step ended unexpectedly"
		echo "step $step, exit status $1"
		log_tail
	} >"$RUN/failure"
	say "failed in step $step"
	(retry 30 send_report failed "$step" "$(cat "$RUN/percent" 2>/dev/null || echo 0)" \
		"$RUN/failure") || say "the failure could not be reported"
}
