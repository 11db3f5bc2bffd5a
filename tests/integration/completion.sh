#!/bin/sh
# Each long option in each tool's --help, and each verb of jobctl, is completed; so are
# the things that they want.
# Rows: S0-05
set -u
. "${srcdir:-.}/tests/sh.inc"

# What bash offers for the last of these words, sorted.
cat >"$tmp/offers" <<'END'
. "$1"
shift
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
complete -p "$1" >/dev/null || exit 9
_pxekit "$1"
[ ${#COMPREPLY[@]} = 0 ] || printf '%s\n' "${COMPREPLY[@]}" | sort -u
END
offers() {
	bash "$tmp/offers" "$srcdir/completion/pxekit" "$@"
}

# The options as they stand in the help, found in another way than the completion does.
options() {
	"$@" --help | grep -oE -- '^ +(-[A-Za-z], )?--[a-z][a-z-]*' | grep -oE -- '--.*' | sort -u
}

for tool in bootweb imgctl ipxegen jobctl pxeprobe pxeproxy tftpd-lite; do
	run offers "$tool" --
	is 0 "$(options "$tool")" ''
	run test "$(options "$tool" | wc -l)" -ge 5
	is 0 '' ''
done

verbs_of() { # tool
	"$1" --help | sed -n '/^Verbs:/,/^$/p' | awk 'NF > 1 { print $1 }'
}
for tool in imgctl ipxegen jobctl wimprep; do
	run offers $tool ''
	is 0 "$(verbs_of $tool | sort)" ''
	for verb in $(verbs_of $tool); do
		run offers $tool "$verb" --
		is 0 "$(options $tool "$verb")" ''
	done
done
verbs=$(verbs_of jobctl)
run offers jobctl re
is 0 "$(echo "$verbs" | grep '^re' | sort)" ''

# An option of jobctl itself does not hide the verb.
run offers jobctl --json list --st
is 0 '--state' ''
run offers jobctl list --state inst
is 0 'installing' ''
run offers jobctl list --state = inst
is 0 'installing' ''

# Images by name, and their versions.
if [ -x "$builddir/imgctl" ]; then
	mkdir -p "$tmp/images/debian12/1.0.0"
	printf '# pxekit-image: 1\n# name: debian12\n# version: 1.0.0\n%064d  x\n' 0 \
		>"$tmp/images/debian12/1.0.0/MANIFEST"
	printf 'images = "%s"\n' "$tmp/images" >"$tmp/images.conf"
	for words in 'imgctl verify d' 'jobctl add --image d'; do
		# shellcheck disable=SC2086 # words
		PXEKIT_CONF=$tmp/images.conf run offers $words
		is 0 'debian12
debian12@1.0.0' ''
	done
	PXEKIT_CONF=$tmp/images.conf run offers imgctl rm d
	is 0 'debian12@1.0.0' ''
fi

# Files and folders.
mkdir "$tmp/here" && : >"$tmp/here/one.conf" && mkdir "$tmp/here/folder"
run offers pxeproxy --config = "$tmp/here/"
is 0 "$tmp/here/folder
$tmp/here/one.conf" ''
run offers tftpd-lite --root "$tmp/here/"
is 0 "$tmp/here/folder" ''
run offers pxeproxy --interface l
is 0 'lo' ''

# Jobs and machines are those of the site.
export PXEKIT_CONF="$tmp/pxekit.conf"
mkdir -p "$tmp/images/d/1" && ln -s 1 "$tmp/images/d/current"
printf 'database = "%s"\nimages = "%s"\nkey = "%s"\n' \
	"$tmp/jobs.db" "$tmp/images" "$tmp/site.key" >"$PXEKIT_CONF"
cat >"$tmp/images/d/1/MANIFEST" <<'END'
# pxekit-image: 1
# name: d
# version: 1
# kind: rootfs
# arch: x86_64
# min-disk: 1048576
# size: 0 rootfs.tar.gz
e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  rootfs.tar.gz
END
jobctl add --mac 52:54:00:12:34:57 --image d --hostname desk7 >/dev/null || exit 99
run offers jobctl show ''
is 0 '1
desk7' ''
run offers jobctl explain ''
is 0 '52-54-00-12-34-57' ''

end
