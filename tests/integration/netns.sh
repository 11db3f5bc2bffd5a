#!/bin/sh
# shellcheck disable=SC2016 # $PEER belongs to the inner shell
# Rows: none; the ground that the network tests stand on.
# A test may bind DHCP's own port, as any user, in a network of its own.
set -u
. "${srcdir:-.}/tests/sh.inc"
in_netns=$srcdir/scripts/in-netns
addresses='ip -4 -o addr show dev boot0 | tr -s " " | cut -d" " -f4'

run "$in_netns" sh -c "$addresses"
is 0 10.0.0.1/24 ''

run "$in_netns" sh -c '$PEER ip -4 -o addr show dev nic0'
is 0 '' ''

run "$in_netns" sh -c 'ip netns add left && ip netns list'
is 0 left ''
run test -e /run/netns/left
is 1 '' ''

run "$in_netns" sh -c 'exit 7'
is 7 '' ''

run "$in_netns"
is 2 '' 'usage: in-netns command [argument ...]'

end
