#!/bin/sh
# A real cloud-init takes the answers of a job from a real bootweb, by the URL that the
# script gives on the kernel line: host name, account, keys, commands, and the report of
# the end. Its system is this one under an overlay that is thrown away.
# Rows: S1-22 S0-42
# shellcheck disable=SC2119
set -u
srcdir=$(cd "${srcdir:-.}" && pwd)
[ "${1-}" = inside ] || exec "$srcdir/scripts/in-netns" unshare --uts "$0" inside
. "$srcdir/tests/sh.inc"
. "$srcdir/tests/integration/bootweb.inc"
command -v cloud-init >/dev/null || { echo '1..0 # SKIP cloud-init is not installed'; exit 0; }
disk=$(mktemp -d)
trap 'rm -rf "$tmp" "$disk"' EXIT
# shellcheck disable=SC2015 # either fails
mount -t tmpfs tmpfs "$disk" && mkdir "$disk/upper" "$disk/work" "$disk/root" &&
	mount -t overlay -o "lowerdir=/,upperdir=$disk/upper,workdir=$disk/work" overlay \
		"$disk/root" 2>/dev/null && touch "$disk/root/etc/passwd" 2>/dev/null ||
	{ echo '1..0 # SKIP this user cannot have an overlay over the system'; exit 0; }
root=$disk/root
mount --bind /proc "$root/proc" && mount --bind /dev "$root/dev" && mount -t tmpfs tmpfs "$root/run" &&
	mount -t tmpfs tmpfs "$root/tmp"
rm -rf "$root/var/lib/cloud" "$root/etc/cloud/cloud.cfg.d"
mkdir "$root/etc/cloud/cloud.cfg.d"
# No other sources of this machine's own, and no network to set up.
printf 'datasource_list: [NoCloud, None]\nnetwork: {config: disabled}\n' >"$root/etc/cloud/cloud.cfg.d/99-test.cfg"

site_begin
mkdir -p "$site/images/cloud/1"
echo kernel >"$site/images/cloud/1/vmlinuz"
{
	printf '# pxekit-image: 1\n# name: cloud\n# version: 1\n# kind: linux\n'
	printf '# answers: cloud-init\n# arch: x86_64\n# min-disk: 1073741824\n'
	cd "$site/images/cloud/1" && sha256sum vmlinuz
} >"$tmp/manifest"
mv "$tmp/manifest" "$site/images/cloud/1/MANIFEST"
ln -s 1 "$site/images/cloud/current"
# shellcheck disable=SC2016 # crypt's own
echo '$6$saltsaltsalt$abcdefghijklmnopqrstuvwxyz0123456789./ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefghijklmn' >"$tmp/hash"
job() { # MAC COMMAND
	admin add --mac "$1" --image cloud --hostname web7.corp.example --user bob \
		--password-hash-file "$tmp/hash" --ssh-key 'ssh-ed25519 AAAAC3Nz it'\''s "me" #1' \
		--timezone Europe/Vienna --command "$2" >/dev/null
}
job 52:54:00:00:00:07 'echo "it'\''s $((6 * 7))" >/root/answer'
serve --listen=10.0.0.1:8080
keep_taking &
taker=$!
pids="$pids $taker"

cloud() { # MAC: a first boot of this system with what the script says to its kernel
	rm -rf "$root/var/lib/cloud" "$root/run/cloud-init"
	seed=$(curl -sS "$url/boot/$1.ipxe" | sed -n 's|^set pxekit-answers ||p')
	seed=$(echo "$seed" | sed "s|\${pxekit-url}|http://10.0.0.1:8080$(token_of "$1")|")
	for stage in 'init --local' init 'modules --mode=config' 'modules --mode=final'; do
		# shellcheck disable=SC2086 # words
		env -i PATH="$PATH:/usr/sbin:/sbin" DEBUG_PROC_CMDLINE="quiet $seed console=ttyS0" \
			chroot "$root" cloud-init $stage >>"$tmp/cloud" 2>&1
	done
}
becomes() { # JOB STATE
	TRIES=600 until_true sh -c "[ \"\$(jobctl --config '$site/conf' --json show $1 | jq -r .job.state)\" = $2 ]" || {
		cat "$tmp/cloud"
		jobctl --config "$site/conf" --json show "$1" | jq -c .job
	}
}

cloud 52-54-00-00-00-07
run becomes 1 done
is 0 '' ''
run hostname
is 0 web7 ''
run cat "$root/etc/hostname"
is 0 web7 ''
run sh -c "grep -o '^bob:[^:]*' '$root/etc/shadow'"
is 0 "bob:$(cat "$tmp/hash")" ''
run grep -h '^ssh-ed25519' "$root/home/bob/.ssh/authorized_keys" "$root/root/.ssh/authorized_keys"
is 0 'ssh-ed25519 AAAAC3Nz it'\''s "me" #1
ssh-ed25519 AAAAC3Nz it'\''s "me" #1' ''
run cat "$root/root/answer"
is 0 "it's 42" ''
run readlink "$root/etc/localtime"
is 0 /usr/share/zoneinfo/Europe/Vienna ''
run sed -n 's/.*"event":"fetch".*"file":"\([^"]*\)".*/\1/p' "$site/events"
is 0 'meta-data
user-data
vendor-data' ''
: >"$tmp/enough"
wait "$taker"
stop
site_end
