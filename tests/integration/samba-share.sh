#!/bin/sh
# samba-share adds the images to a real Samba, for one account that reads, and nobody else.
# Rows: S0-18 S0-19
set -u
. "${srcdir:-.}/tests/sh.inc"
if [ "$(id -u)" != 0 ]; then
	[ -n "${CI:-}" ] || skip 'smbd serves accounts as root only'
fi
[ "${1:-}" = inside ] || exec "$srcdir/scripts/in-netns" "$0" inside
PATH=$PATH:/usr/sbin:/sbin
share=$srcdir/scripts/samba-share
export PXEKIT_CONF="$tmp/pxekit.conf"
chmod 755 "$tmp"
mkdir -p "$tmp/images/ws/1" "$tmp/own" "$tmp/run" "$tmp/tree"
echo wim >"$tmp/images/ws/1/install.wim"
echo mine >"$tmp/own/file"
printf 'database = "%s/jobs.db"\nkey = "%s/site.key"\nimages = "%s/images"\n' "$tmp" "$tmp" "$tmp" >"$PXEKIT_CONF"

# A Samba that somebody else set up, in a folder of its own.
sed -n '/^\[global\]/,/^\[images\]/p' "$srcdir/examples/smb.conf" | sed '$d' >"$tmp/smb.conf"
cat >>"$tmp/smb.conf" <<END
private dir = $tmp/run
lock directory = $tmp/run
state directory = $tmp/run
cache directory = $tmp/run
pid directory = $tmp/run
ncalrpc dir = $tmp/run/ncalrpc
log file = $tmp/log
interfaces = lo
bind interfaces only = yes

[own]
	path = $tmp/own
	guest ok = no
include = $tmp/more.conf
END
printf '[more]\npath = %s\n' "$tmp/own" >"$tmp/more.conf"
cp "$tmp/smb.conf" "$tmp/before"
ours="--smb-conf $tmp/smb.conf --path $tmp/images --user nobody --allow 127.0.0.0/8"

# ---- wrong use, and a dry run ----
run "$share"
is 2 '' "samba-share: wants one of add, remove, show
Try 'samba-share --help'."
run "$share" --smb-conf "$tmp/smb.conf" frob
is 2 '' "samba-share: 'frob' is none of add, remove, show
Try 'samba-share --help'."
run "$share" --allow somewhere.example add
is 2 '' "samba-share: --allow somewhere.example: is not a network in numbers
Try 'samba-share --help'."
run "$share" --share 'a b' add
is 2 '' "samba-share: a share and an account are letters, digits and ._-
Try 'samba-share --help'."
run "$share" --smb-conf "$tmp/none" add
is 3 '' "samba-share: $tmp/none: there is no Samba configuration"
# shellcheck disable=SC2086 # options
{
	run "$share" $ours --share own add
	is 3 '' "samba-share: $tmp/smb.conf: has a share own already, which is not of our making"
	run "$share" $ours --share more add
	is 3 '' "samba-share: $tmp/smb.conf: has a share more already, which is not of our making"
	printf 'a\na\n' | smbpasswd -c "$tmp/smb.conf" -s -a nobody >/dev/null
	run "$share" $ours add
	is 3 '' "samba-share: nobody: is an account of this Samba already; name another one by --user"
	smbpasswd -c "$tmp/smb.conf" -x nobody >/dev/null
	mv "$tmp/smb.conf" "$tmp/kept"
	printf '[global]\nworkgroup W\n[own\n' >"$tmp/smb.conf"
	cp "$tmp/smb.conf" "$tmp/broken"
	run "$share" $ours add
	is 3 '' "samba-share: $tmp/smb.conf: Samba does not take it as it is (see testparm); nothing was changed"
	run cmp "$tmp/smb.conf" "$tmp/broken"
	is 0 '' ''
	mv "$tmp/kept" "$tmp/smb.conf"
	run "$share" $ours show
	is 1 '' ''
	run "$share" $ours -n add
	: >"$tmp/out"
	is 0 '' ''
}
run cmp "$tmp/smb.conf" "$tmp/before"
is 0 '' ''
run ls "$tmp/pxekit-images.conf" "$tmp/jobs.db"
: >"$tmp/err"
is 2 '' ''

# ---- it is added while Samba runs ----
# Apart, as it ends its whole process group when it ends.
setsid smbd -F --no-process-group -s "$tmp/smb.conf" >/dev/null 2>&1 &
smbd=$!
trap 'kill $smbd; wait $smbd; rm -rf "$tmp"' EXIT
until_true() {
	tries=600
	until "$@" >/dev/null 2>&1; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || return 1
		sleep 0.1
	done
}
# shellcheck disable=SC2086
run "$share" $ours add
is 0 "share images: $tmp/images, for nobody" ''
run sh -c "grep -vxF 'include = $tmp/pxekit-images.conf' '$tmp/smb.conf' | cmp - '$tmp/before'"
is 0 '' ''
run sh -c "testparm -s '$tmp/smb.conf' 2>/dev/null | grep '^\['"
is 0 '[global]
[own]
[more]
[images]' ''
# Once more, by way of a symbolic link: nothing is there twice.
cp "$tmp/smb.conf" "$tmp/added"
ln -s smb.conf "$tmp/link"
# shellcheck disable=SC2086
run "$share" $ours --smb-conf "$tmp/link" add
is 0 "share images: $tmp/images, for nobody" ''
run sh -c "cmp '$tmp/smb.conf' '$tmp/added' && test -L '$tmp/link' && grep -c 'pxekit-images' '$tmp/smb.conf'"
is 0 1 ''

{
	echo 'username = nobody'
	printf 'password = '
	jobctl secret reveal smb-password
} >"$tmp/account"
ask() { # COMMANDS [option...]: as the account
	commands=$1
	shift
	smbclient -s "$tmp/smb.conf" -A "$tmp/account" "$@" //127.0.0.1/images -c "$commands"
}
run until_true ask ls
is 0 '' ''
run sh -c "cd '$tmp' && smbclient -s '$tmp/smb.conf' -A '$tmp/account' //127.0.0.1/images -c 'get ws\\1\\install.wim got' >/dev/null 2>&1; cat got"
is 0 wim ''
# said WORDS COMMAND...: it fails, and that is why
said() {
	words=$1
	shift
	"$@" >"$tmp/said" 2>&1
	code=$?
	grep -q "$words" "$tmp/said" || cat "$tmp/said"
	[ $code != 0 ] && echo refused
}
run said NT_STATUS_ACCESS_DENIED ask "put $tmp/pxekit.conf new"
is 0 refused ''
run sh -c "smbclient -s '$tmp/smb.conf' -A '$tmp/account' //127.0.0.1/images -c 'del ws\\1\\install.wim' 2>&1 | grep -o 'NT_STATUS_[A-Z_]*' | sort -u; cat '$tmp/images/ws/1/install.wim'"
is 0 'NT_STATUS_ACCESS_DENIED
wim' ''
run said NT_STATUS_ACCESS_DENIED smbclient -s "$tmp/smb.conf" -N //127.0.0.1/images -c ls
is 0 refused ''
run said NT_STATUS_LOGON_FAILURE smbclient -s "$tmp/smb.conf" -U nobody%wrong //127.0.0.1/images -c ls
is 0 refused ''
run said 'NT_STATUS_CONNECTION_\|negotiation\|NT_STATUS_INVALID' ask ls --option='client min protocol=NT1' --option='client max protocol=NT1'
is 0 refused ''
run ask ls --option='client min protocol=SMB3_11' --option='client signing=required'
: >"$tmp/out"
is 0 '' ''

# ---- nothing of the password is left about ----
sed -n 's/^password = //p' "$tmp/account" >"$tmp/secret"
rm "$tmp/account"
run sh -c "{ cat '$tmp/smb.conf' '$tmp/pxekit-images.conf' '$tmp/log'* '$tmp'/jobs.db*; jobctl --json events; } | grep -acFf '$tmp/secret'"
is 1 0 ''

# ---- and taken out ----
# shellcheck disable=SC2086
{
	run "$share" $ours show
	grep -q "path = $tmp/images" "$tmp/out" && : >"$tmp/out"
	is 0 '' ''
	run "$share" $ours remove
	is 0 '' ''
	run "$share" $ours show
	is 1 '' ''
}
run cmp "$tmp/smb.conf" "$tmp/before"
is 0 '' ''
end
