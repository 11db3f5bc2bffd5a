#!/bin/sh
# shellcheck disable=SC2119 # serve may have arguments
# Each kind of machine has a menu of its own, from its first request on: by what it says of
# itself, by its MAC and by its UUID; and an entry that is taken if nobody chooses.
# Rows: S2-04
set -u
[ "${INSIDE:-}" ] || exec env INSIDE=yes "${srcdir:-.}/scripts/in-netns" "$0"
. "${srcdir:-.}/tests/sh.inc"
. "$srcdir/tests/integration/jobctl.inc"
. "$srcdir/tests/integration/bootweb.inc"

cat >"$tmp/lab" <<'END'
network lab { subnet = "127.0.0.0/8" unknown = menu policy = all }
machine racks { manufacturer = "Dell*" product = "PowerEdge R6*" }
machine desks { product = "OptiPlex*" }
machine vms { mac = { "52:54:00" } }
machine one { uuid = { "4c4c4544-0042" } arch = { 7 } }
menu firmware { title = "Update the firmware" url = "http://boot.example/fw.ipxe" machines = { racks, one } }
menu wipe { title = "Wipe a desk" url = "http://boot.example/wipe.ipxe" machines = { desks } }
menu snapshot { url = "http://boot.example/snap.ipxe" machines = { vms } default = yes }
menu netboot { title = "netboot.xyz" url = "http://boot.netboot.xyz/menu.ipxe" default = yes }
END
site_begin "$tmp/lab"
admin ingest </dev/null >/dev/null
serve

menu() { # MAC QUERY: the entries, and which is taken
	get "/boot/$1.ipxe?$2" -o "$tmp/menu" >"$tmp/status"
	sed -n 's/^set pxekit-key //p' "$tmp/menu" | sort -u | tr '\n' ' '
	sed -n 's/^set pxekit-default \(entry.*\)/: \1/p' "$tmp/menu" | tr -d '\n'
}
offered() { # WHAT MAC QUERY WANTED
	same "$1" "$4" "$(menu "$2" "$3")"
}
offered 'a server in a rack' 02-00-00-00-00-01 'manufacturer=Dell%20Inc.&product=PowerEdge%20R650' \
	'firmware netboot : entry-netboot'
offered 'a desk' 02-00-00-00-00-02 'manufacturer=Dell%20Inc.&product=OptiPlex%207090' \
	'netboot wipe : entry-netboot'
offered 'a virtual machine, by its MAC' 52-54-00-00-00-03 'manufacturer=QEMU' \
	'netboot snapshot : entry-snapshot'
offered 'one machine, by its UUID' 02-00-00-00-00-04 \
	'uuid=4c4c4544-0042-3510-8052-b4c04f4e4d32&arch=x86_64&platform=efi' \
	'firmware netboot : entry-netboot'
offered 'one with another UUID' 02-00-00-00-00-05 'uuid=4c4c4544-0043-3510-8052-b4c04f4e4d32' \
	'netboot : entry-netboot'

# What is known of a machine counts if it does not say it again.
take
offered 'a server that is known' 02-00-00-00-00-01 '' 'firmware netboot : entry-netboot'
offered 'a server that has become a desk' 02-00-00-00-00-01 'product=OptiPlex%207090' \
	'netboot wipe : entry-netboot'
site_end
