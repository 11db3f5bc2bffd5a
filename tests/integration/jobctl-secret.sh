#!/bin/sh
# Secrets of the site: sealed, never shown but by a reveal that is on record, and given once.
# Rows: N-05 S1-14
# shellcheck disable=SC2086,SC2119
set -u
. "${srcdir:-.}/tests/sh.inc"
. "$srcdir/tests/integration/bootweb.inc"
cat >"$tmp/share" <<END
smb { share = "//10.0.0.5/images" account = "pxe" }
END
site_begin "$tmp/share"
mkdir -p "$site/images/win/1"
echo wim >"$site/images/win/1/boot.wim"
{
	printf '# pxekit-image: 1\n# name: win\n# version: 1\n# kind: wim\n# arch: x86_64\n'
	echo '# min-disk: 1073741824'
	echo '# edition: 1 26100 amd64 Server ServerStandard en-US 1000 Windows Server 2025 Standard'
	cd "$site/images/win/1" && sha256sum boot.wim
} >"$site/images/win/1/MANIFEST"
ln -s 1 "$site/images/win/current"
export PXEKIT_CONF="$site/conf" PXEKIT_TEMPLATES="$tmp/templates" LC_ALL=C.UTF-8 SUDO_USER=alice
actor=$SUDO_USER
[ "$(id -u)" = 0 ] || actor=$(id -un)

# ---- wrong use ----
try="Try 'jobctl secret --help' for more information."
for words in '' 'set' 'rm' 'frob smb-password' 'list smb-password' 'rm x --generate' 'set x --generate --file -'; do
	run jobctl secret $words
	err=$(tail -n 1 "$tmp/err")
	run test "$code $err" = "2 $try"
	what="misuse: secret $words" is 0 '' ''
done
for name in Name 'a b' ../x; do
	run jobctl secret rm "$name"
	is 2 '' "jobctl: secret $name: is no name: lower-case letters, digits and hyphens"
done
: >"$tmp/empty"
run jobctl secret set smb-password --file "$tmp/empty"
is 2 '' "jobctl: --file $tmp/empty: is empty"
printf 'a"b\n' >"$tmp/quote"
printf 'ab\\\n' >"$tmp/slash"
for file in quote slash; do
	run jobctl secret set smb-password --file "$tmp/$file"
	is 2 '' 'jobctl: secret smb-password: cmd can pass on no quote, and no backslash at its end'
done
printf '*\n' >"$tmp/star"
printf '/user\n' >"$tmp/switch"
for file in star switch; do
	run jobctl secret set smb-password --file "$tmp/$file"
	is 2 '' 'jobctl: secret smb-password: net use takes no * for one, and nothing that begins with /'
done
run test -e "$site/db/jobs.db"
is 1 '' ''

# ---- set, list, reveal, rm ----
printf 'Hunter%%2 <&^\n' >"$tmp/password"
run jobctl secret set smb-password --file "$tmp/password"
is 0 '' ''
run jobctl secret set other --generate
is 0 '' ''
run sh -c "jobctl --json secret list | jq -c '[.secrets[] | [.name, (.changed | length)]]'"
is 0 '[["other",24],["smb-password",24]]' ''
run sh -c "jobctl secret list | awk 'NR > 1 { print \$1 }'"
is 0 'other
smb-password' ''
run jobctl secret reveal smb-password
is 0 'Hunter%2 <&^' ''
run sh -c "jobctl secret reveal other | grep -cxE '([A-Za-z2-9]{4}-){4}[A-Za-z2-9]{4}'"
is 0 1 ''
run sh -c "echo another | jobctl secret set other && jobctl secret reveal other"
is 0 another ''
run jobctl secret rm other
is 0 '' ''
run jobctl secret reveal other
is 1 '' 'jobctl: other: there is no such secret'
run jobctl secret rm other
is 1 '' 'jobctl: other: there is no such secret'
run sh -c "jobctl --json events | jq -r 'select(.event == \"admin\") | [.action, .actor, .text] | join(\" \")'"
is 0 "secret-set $actor secret smb-password
secret-set $actor secret other
reveal $actor secret smb-password
reveal $actor secret other
secret-set $actor secret other
reveal $actor secret other
secret-rm $actor secret other" ''

# ---- what ipxegen shows, and what it does not ----
printf 'Top<Secret>1\n' >"$tmp/admin"
# shellcheck disable=SC2016 # crypt(5)
echo '$y$j9T$abcdefghijklmnop$hidden' >"$tmp/hash"
run sh -c "jobctl add --mac 52:54:00:00:00:01 --image win --admin-password-file $tmp/admin --transport smb >/dev/null"
is 0 '' ''
run sh -c "jobctl add --mac 52:54:00:00:00:02 --image debian --user ann --password-hash-file $tmp/hash >/dev/null"
is 0 '' ''
run sh -c "jobctl add --mac 52:54:00:00:00:03 --image debian >/dev/null"
is 0 '' ''
mkdir -p "$tmp/mine"
printf "%s='{{%s}}'\n" SHARE smb-share USER smb-user PASS smb-password >"$tmp/mine/deploy.conf"
hides() { # ARGUMENT...: ipxegen prints a mask and no secret
	ipxegen "$@" >"$tmp/shown" || return
	grep -qF '********' "$tmp/shown" || return
	! grep -qF -e 'Top' -e hidden -e Hunter "$tmp/shown"
}
run hides --mac 52:54:00:00:00:01 unattend.xml
is 0 '' ''
run hides --mac 52:54:00:00:00:02 account.conf
is 0 '' ''
top=$(printf 'Top<Secret>1AdministratorPassword' | iconv -t UTF-16LE | base64 -w 0)
run sh -c "ipxegen --reveal --mac 52:54:00:00:00:01 unattend.xml | grep -c '$top'"
is 0 1 ''
run sh -c "ipxegen --reveal --mac 52:54:00:00:00:02 account.conf | grep -c hidden"
is 0 1 ''
run sh -c "ipxegen --reveal --mac 52:54:00:00:00:03 deploy.conf >/dev/null"
is 0 '' ''
run sh -c "jobctl --json events | jq -r 'select(.source == \"ipxegen\") | [.event, .action, .actor, .file, .job] | join(\" \")'"
is 0 "admin reveal $actor unattend.xml 1
admin reveal $actor account.conf 2" ''
run ipxegen --reveal --all -o "$tmp/tree"
is 2 '' "ipxegen: --reveal wants --mac
Try 'ipxegen --help'."

# ---- an image from a share wants one, and its password ----
grep -v '^smb' "$site/conf" >"$tmp/no-share"
run jobctl --config "$tmp/no-share" add -n --mac 52:54:00:00:00:09 --image win --hostname w9 --transport smb
is 2 '' 'jobctl: --transport smb: pxekit.conf names no share in its section smb'
run sh -c "jobctl secret rm smb-password; jobctl add -n --mac 52:54:00:00:00:09 --image win --hostname w9 --transport smb 2>&1 >/dev/null | grep transport; jobctl secret set smb-password --file '$tmp/password'"
is 0 'jobctl: warning: --transport smb: there is no password of the share yet: jobctl secret set smb-password' ''

# ---- nobody who cannot write the record sees anything ----
cp "$(command -v ipxegen)" "$tmp/ipxegen"
chmod a-w "$site/db" "$site"/db/*
chmod o-rwx "$site/db/site.key"
[ "$(id -u)" != 0 ] || chgrp 65534 "$site"/db/*
cannot_reveal() {
	$nobody "$tmp/ipxegen" --reveal --mac 52:54:00:00:00:01 unattend.xml >"$tmp/shown" 2>/dev/null
	echo "$? $(wc -c <"$tmp/shown")"
	$nobody "$tmp/ipxegen" --mac 52:54:00:00:00:01 unattend.xml | grep -cF '<Value>********</Value>'
}
run cannot_reveal
is 0 '3 0
1' ''
chmod u+w "$site/db" "$site"/db/*

# ---- a folder to be served as it is ----
run ipxegen --all -o "$tmp/tree"
is 0 '' ''
run sh -c "find '$tmp/tree/j' -name windows.ipxe | wc -l; find '$tmp/tree/j' -name unattend.xml -o -name agent.cmd"
is 0 1 ''

# ---- any text with a password in it is given once, whatever its template ----
serve
take() {
	admin ingest <"$site/events" >/dev/null
}
two=$(token_of 52-54-00-00-00-02)
run sh -c "curl -sS '$url$two/deploy.conf' '$url$two/deploy.conf' | grep -e hidden -e HAS_PASSWORD"
is 0 "PXEKIT_HAS_PASSWORD='yes'
PXEKIT_HAS_PASSWORD='yes'" ''
run status "$two/account.conf"
is 0 503 ''
take
# shellcheck disable=SC2016 # crypt(5)
hash='$y$j9T$abcdefghijklmnop$hidden'
run sh -c "curl -sS '$url$two/account.conf' | sed 1d; curl -sS '$url$two/account.conf'"
is 0 "PXEKIT_PASSWORD_HASH='$hash'
forbidden: it holds a secret and was given out before; job 2 wants another attempt" ''
# So is the hash, wherever an admin's template puts it.
echo "H='{{password-hash}}'" >"$tmp/templates/deploy.conf"
run status "$two/deploy.conf"
is 0 503 ''
take
run sh -c "curl -sS '$url$two/deploy.conf'"
is 0 "H='$hash'" ''
run status "$two/deploy.conf"
is 0 403 ''
three=$(token_of 52-54-00-00-00-03)
cp "$tmp/mine/deploy.conf" "$tmp/templates/deploy.conf"
run status "$three/deploy.conf"
is 0 503 ''
take
run get "$three/deploy.conf"
is 0 "SHARE='\\\\10.0.0.5\\images'
USER='pxe'
PASS='Hunter%2 <&^'
200" ''
run status "$three/deploy.conf"
is 0 403 ''

# ---- and nothing that is kept has one in it ----
for state in installing configuring 'done'; do
	curl -sS -o /dev/null -d state=$state -d percent=99 "$url$two/report"
done
take
printf '%s\n' 'Hunter%2' 'Top<Secret' 'Top&#60;' "$top" 'mnop$hidden' >"$tmp/secrets"
in_processes() { # FILE of /proc/PID: how many of those that run here have a secret in it
	cat /proc/[0-9]*/"$1" 2>/dev/null | tr '\0' '\n' | grep -acFf "$tmp/secrets"
}
run in_processes cmdline
is 1 0 ''
run in_processes environ
is 1 0 ''
run grep '^Max core' "/proc/$web/limits"
is 0 'Max core file size        0                    0                    bytes     ' ''
find "$site/db" -type f -exec chmod u+w {} + && chmod u+w "$site/db"
jobctl backup "$tmp/backup" >/dev/null || echo 'no backup'
for words in 'export --secrets --state done' 'export --secrets --format csv' 'record 2' systems \
	'systems --json' audit 'audit --json' stats 'events --json' 'machines --json' 'log 2' 'explain 52:54:00:00:00:01'; do
	jobctl $words
done >"$tmp/told" 2>&1
run grep -q '"name":"account.conf"' "$tmp/told"
is 0 '' ''
run grep -acFf "$tmp/secrets" "$tmp/backup" "$tmp/told" "$site/events" "$site/messages"
is 1 "$tmp/backup:0
$tmp/told:0
$site/events:0
$site/messages:0" ''
run grep -rlaF -e 'Hunter%2' -e 'Top<Sec' -e 'Top&#60;' -e 'mnop$hidden' "$site" "$tmp/tree"
is 1 '' ''
run sh -c "{ jobctl --json events; jobctl --json show 1; jobctl show 2; jobctl log 1; jobctl --json list; } | grep -cF -e Hunter -e 'Top<' -e hidden"
is 1 0 ''
site_end
