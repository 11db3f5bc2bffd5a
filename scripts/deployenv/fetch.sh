# shellcheck shell=dash disable=SC2034,SC2154 # steps share variables
# fetch - the image goes from the server into /target, hashed on its way.
#
#   download --> tee --> unpack --> /target
#                 `--> sha256sum
#
# A transfer that was cut goes on where it ended. What was unpacked is kept only
# if the hash of the whole is right; else the file system is made anew.

# Sends the image to standard output, whatever it takes within bounds. A run of
# 60 attempts without a new MiB ends it.
download() {
	local got=0 mark=0 tries=60 status=0
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
		[ $((got - mark)) -lt 1048576 ] || mark=$got tries=60
		tries=$((tries - 1))
		[ $tries -gt 0 ] || break
		sleep 2
	done
	echo "$got $status $(head -n1 "$RUN/curl")" >"$RUN/download"
}

decompress() {
	case $PXEKIT_IMAGE_URL in
	*.zst) zstd -dcq ;;
	*.gz | *.tgz) gzip -dc ;;
	*) cat ;;
	esac
}

# tar ends at the mark of its end; what pads the archive behind it must be read all the same,
# or the decompressor would die of a broken pipe.
untar() {
	tar -x -p -f - -C "${TARGET:-/target}" --numeric-owner --xattrs '--xattrs-include=*' &&
		cat >/dev/null
}

unpack() {
	{ decompress || echo decompress >>"$RUN/unpack"; } | untar || echo tar >>"$RUN/unpack"
}

kill_stream() {
	[ -z "${stream-}" ] || killall -q -9 curl tee zstd gzip tar || :
}

# Octets that passed the hash so far.
passed() {
	sed -n 's/^rchar: //p' "/proc/$hasher/io" 2>/dev/null || :
}

# One report for each new percent, every two seconds at most. A second pass is silent until
# it is further than the first.
watch_progress() {
	local last now tick=0
	last=$(cat "$RUN/percent")
	while [ ! -e "$RUN/streamed" ]; do
		sleep 0.2
		tick=$((tick + 1))
		[ $((tick % 10)) = 0 ] || continue
		now=$(passed)
		now=$((20 + ${now:-0} * 55 / (PXEKIT_IMAGE_SIZE + 1)))
		[ "$now" -gt "$last" ] || continue
		last=$now
		echo $now >"$RUN/percent"
		printf 'fetching the image' >"$RUN/text"
		send_report installing fetch $now "$RUN/text" || :
	done
}

# One pass over the whole image; succeeds only if the hash is right and all is unpacked.
stream_image() {
	rm -f "$RUN/hash-pipe" "$RUN/streamed" "$RUN/unpack" "$RUN/hash" "$RUN/download"
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

# Sets why if the image cannot be accepted. 23 is curl's word for a reader that went away.
judge_stream() {
	local hash got status message
	read -r hash _ <"$RUN/hash"
	read -r got status message <"$RUN/download"
	why=''
	if [ "$status" != 23 ] && [ "$got" -lt "$PXEKIT_IMAGE_SIZE" ]; then
		why="only $got of $PXEKIT_IMAGE_SIZE octets of the image came: $message"
	elif [ "$status" != 23 ] && [ "$hash" != "$PXEKIT_IMAGE_SHA256" ]; then
		why="the image's SHA-256 is $hash, not $PXEKIT_IMAGE_SHA256"
	elif [ -s "$RUN/unpack" ]; then
		why="the image cannot be unpacked, after $got octets"
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
