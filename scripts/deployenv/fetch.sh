# shellcheck shell=dash disable=SC2034,SC2154 # steps share variables
# fetch - the image goes from the server into /target, hashed on its way.
#
#   download --> tee --> unpack --> /target
#                 `--> sha256sum
#
# A transfer that was cut goes on where it ended. What was unpacked is kept only
# if the hash of the whole is right; else the file system is made anew.

# Sends the image to standard output, whatever it takes within bounds. A run of
# 20 attempts without a new MiB ends it.
download() {
	local got=0 mark=0 tries=20 status
	while [ $got -lt "$PXEKIT_IMAGE_SIZE" ]; do
		status=0
		curl -sSf -C $got --connect-timeout 10 --speed-limit 1 --speed-time 30 \
			-w '%{stderr}\n%{http_code} %{size_download}\n' \
			"$PXEKIT_IMAGE_URL" 2>"$RUN/curl" || status=$?
		got=$((got + $(sed -n '$s/.* //p' "$RUN/curl")))
		case $status:$(sed -n '$s/ .*//p' "$RUN/curl") in
		0:* | 23:* | 33:* | 22:40[0-9] | 22:410) break ;; # no use trying again
		esac
		say "the transfer was cut after $got octets: $(head -n1 "$RUN/curl")" >&2
		[ $((got - mark)) -lt 1048576 ] || mark=$got tries=20
		tries=$((tries - 1))
		[ $tries -gt 0 ] || break
		sleep 2
	done
	head -n1 "$RUN/curl" >"$RUN/download"
	echo $got >"$RUN/got"
}

decompress() {
	case $PXEKIT_IMAGE_URL in
	*.zst) zstd -dcq ;;
	*.gz | *.tgz) gzip -dc ;;
	*) cat ;;
	esac
}

unpack() {
	{ decompress || echo 'decompression failed' >>"$RUN/unpack"; } |
		tar -x -p -f - -C "${TARGET:-/target}" --numeric-owner \
			--xattrs '--xattrs-include=*' || echo 'tar failed' >>"$RUN/unpack"
}

kill_stream() {
	[ -z "${stream-}" ] || killall -q -9 curl tee zstd gzip tar || :
}

# Octets that passed the hash so far.
passed() {
	sed -n 's/^rchar: //p' "/proc/$hasher/io" 2>/dev/null || :
}

# One report for each new percent, every two seconds at most.
watch_progress() {
	local last=20 now tick=0
	while [ ! -e "$RUN/streamed" ]; do
		sleep 0.2
		tick=$((tick + 1))
		[ $((tick % 10)) = 0 ] || continue
		now=$(passed)
		now=$((20 + ${now:-0} * 55 / (PXEKIT_IMAGE_SIZE + 1)))
		[ $now -gt $last ] || continue
		last=$now
		echo $now >"$RUN/percent"
		printf 'fetching the image' >"$RUN/text"
		send_report installing fetch $now "$RUN/text" || :
	done
}

# One pass over the whole image; succeeds only if the hash is right and all is unpacked.
stream_image() {
	rm -f "$RUN/hash-pipe" "$RUN/streamed" "$RUN/unpack" "$RUN/hash"
	mkfifo "$RUN/hash-pipe"
	sha256sum <"$RUN/hash-pipe" >"$RUN/hash" &
	hasher=$!
	{
		download | tee "$RUN/hash-pipe" | unpack
		: >"$RUN/streamed"
	} &
	stream=$!
	watch_progress
	wait $stream $hasher
	stream=''
	judge_stream
}

# Sets why if the image cannot be accepted.
judge_stream() {
	local hash got
	read -r hash _ <"$RUN/hash"
	got=$(cat "$RUN/got" 2>/dev/null || echo 0)
	why=''
	if [ -s "$RUN/unpack" ] && [ "$hash" = "$PXEKIT_IMAGE_SHA256" ]; then
		why="the image is whole but cannot be unpacked: $(head -n1 "$RUN/unpack")"
	elif [ "$got" -lt "$PXEKIT_IMAGE_SIZE" ] && [ ! -s "$RUN/unpack" ]; then
		why="only $got of $PXEKIT_IMAGE_SIZE octets came: $(cat "$RUN/download")"
	elif [ -s "$RUN/unpack" ] && [ "$got" -lt "$PXEKIT_IMAGE_SIZE" ]; then
		why="$(head -n1 "$RUN/unpack") after $got octets: damaged image or full disk"
	elif [ "$hash" != "$PXEKIT_IMAGE_SHA256" ]; then
		why="the image's SHA-256 is $hash, not $PXEKIT_IMAGE_SHA256"
	fi
	[ -z "$why" ]
}

# Nothing of a doubtful image may stay to be booted.
discard_root() {
	umount /target
	dd if=/dev/zero of="/dev/$root_part" bs=1M count=4 conv=fsync 2>/dev/null
}

step_fetch() {
	stream_image && return
	say "$why; once more from the start"
	discard_root
	make_root
	mount_target
	stream_image && return
	discard_root
	fail "$why"
}
