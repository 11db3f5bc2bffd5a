#!/bin/sh
# Reports "done" to the deployment server from the first boot of the installed
# system, with whatever HTTP client is here, then removes itself. Tries for ten
# minutes; if the server stays away, the next boot tries again. Before that it runs the
# commands of the job, if an installer left some here; if one fails, "failed" is reported.
root=${PXEKIT_ROOT:-}
url=$(cat "$root/etc/pxekit/report.url") || exit 0

commands=$root/usr/local/lib/pxekit/commands
end='state=done&step=done&n=9&of=9&percent=100&text=first%20boot'

address() {
	ip -4 -o addr show scope global 2>/dev/null | sed -n 's/.* inet \([0-9.]*\).*/\1/p' |
		head -n1
}

# The status line of the answer alone: "HTTP/1.1 200 OK".
by_bash() { # url
	# shellcheck disable=SC2016 # for bash
	bash -c 'rest=${1#http://} host=${rest%%/*}; port=${host##*:}
		[ "$port" != "$host" ] || port=80
		exec 3<>"/dev/tcp/${host%:*}/$port" || exit 1
		printf "GET /%s HTTP/1.0\r\nHost: %s\r\n\r\n" "${rest#*/}" "$host" >&3
		read -r -t 20 line <&3 && echo "$line"' bash "$1" 2>/dev/null
}

# Prints the number of the answer, or nothing.
get() { # url
	if command -v curl >/dev/null; then
		curl -s -o /dev/null -m 20 -w '%{http_code}' "$1"
	elif command -v wget >/dev/null; then
		wget -S -T 20 -t 1 -q -O /dev/null "$1" 2>&1 | sed -n 's|^ *HTTP/[0-9.]* \([0-9]*\).*|\1|p' |
			tail -n1
	elif command -v bash >/dev/null; then
		by_bash "$1" | sed -n 's|^HTTP/[0-9.]* \([0-9]*\).*|\1|p'
	else
		# Its own time limit, -T, crashes in Debian 12.
		busybox timeout 20 busybox wget -S -O /dev/null "$1" 2>&1 |
			sed -n 's|^.*HTTP/[0-9.]* \([0-9]*\).*|\1|p' | tail -n1
	fi
}

finish() {
	rm -f "$root/etc/pxekit/report.url" \
		"$root/etc/systemd/system/pxekit-report.service" \
		"$root/etc/systemd/system/multi-user.target.wants/pxekit-report.service" \
		"$root/usr/local/lib/pxekit/report" "$commands".*
	rmdir "$root/usr/local/lib/pxekit" "$root/etc/pxekit" 2>/dev/null
	sync # whoever hears "done" may cut the power
	exit 0
}

# They run once, whatever becomes of them; what they say goes to the journal.
if [ -e "$commands" ]; then
	mv "$commands" "$commands.failed"
	if sh -e "$commands.failed"; then
		rm "$commands.failed"
	fi
fi
if [ -e "$commands.failed" ]; then
	end='state=failed&step=commands&text=a%20command%20of%20the%20first%20boot%20failed%3A%20journalctl%20-u%20pxekit-report'
fi

i=0
while [ $i -lt 300 ]; do
	where=$(address)
	if [ -n "$where" ]; then
		case $(get "$url/report?$end&host=$(uname -n)&address=$where") in
		200) finish ;;
		400 | 403 | 409)
			echo 'the server does not want this report'
			finish
			;;
		esac
		sleep 1
	fi
	i=$((i + 1))
	sleep 1
done
echo 'the server does not answer; the next boot tries again' >&2
exit 1
