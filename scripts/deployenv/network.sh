# shellcheck shell=dash disable=SC2034,SC2154 # steps share variables
# network - the address of this machine, and deploy.conf, the orders.
#
# Sets nic and the PXEKIT_ variables. A static address comes by pxekit.address=CIDR
# pxekit.gateway= pxekit.dns= on the kernel command line, else DHCP is asked.

nic_address() { # interface
	ip -4 -o addr show dev "$1" | sed -n 's/.* inet \([^ ]*\) .*/\1/p' | head -n1
}

static_address() { # interface cidr
	ip addr add "$2" dev "$1"
	[ -z "$(kernel_arg pxekit.gateway)" ] ||
		ip route add default via "$(kernel_arg pxekit.gateway)"
	write_resolv_conf "$(kernel_arg pxekit.dns | tr , ' ')" >/etc/resolv.conf
}

write_resolv_conf() { # servers
	local server
	for server in $1; do
		echo "nameserver $server"
	done
}

ask_dhcp() { # interface
	udhcpc -i "$1" -n -q -t 10 -T 1 -s "$DEPLOY/udhcpc" -x "hostname:pxekit" >/dev/null
}

carrier() { # interface
	[ "$(cat "/sys/class/net/$1/carrier")" = 1 ]
}

bring_up() { # interface
	ip link set lo up
	ip link set "$1" up
	soon carrier "$1" || say "$1: no cable?"
	if [ -n "$(kernel_arg pxekit.address)" ]; then
		static_address "$1" "$(kernel_arg pxekit.address)"
	else
		retry 4 ask_dhcp "$1" || fail "$1: no DHCP server gave an address"
	fi
}

fetch_orders() { # url
	request "$1"
	case $code in
	200) return 0 ;;
	403 | 404 | 409) fail "$1: the server says $code $(answer)" ;;
	esac
	return 1
}

# Each value must be what the steps take it for.
check_orders() {
	: "${PXEKIT_ADDRESS=}" "${PXEKIT_GATEWAY=}" "${PXEKIT_DNS=}" "${PXEKIT_USER=}"
	: "${PXEKIT_HAS_PASSWORD=}" "${PXEKIT_SSH_KEYS=}" "${PXEKIT_LOCALE=}"
	: "${PXEKIT_TIMEZONE=}" "${PXEKIT_KEYBOARD=}" "${PXEKIT_CONSOLE=}" "${PXEKIT_MAC=}"
	: "${PXEKIT_MIN_DISK:=0}" "${PXEKIT_IMAGE_SHA256=}"
	case ${PXEKIT_IMAGE_URL-} in
	http://* | https://*) ;;
	*) fail "deploy.conf: '${PXEKIT_IMAGE_URL-}' is no image address" ;;
	esac
	all_of '0-9a-f' "$PXEKIT_IMAGE_SHA256" || fail 'deploy.conf: the image has no SHA-256'
	[ ${#PXEKIT_IMAGE_SHA256} = 64 ] || fail 'deploy.conf: the SHA-256 has not 64 digits'
	all_of '0-9' "${PXEKIT_IMAGE_SIZE-}" || fail 'deploy.conf: the image has no size'
	all_of '0-9' "$PXEKIT_MIN_DISK" || fail 'deploy.conf: the smallest disk is no number'
	: "${PXEKIT_HOSTNAME:=$(own_name)}"
	all_of 'A-Za-z0-9.-' "$PXEKIT_HOSTNAME" || fail 'deploy.conf: no host name'
	check_settings
}

# For a job that names none: machine-525400107701.
own_name() {
	printf 'machine-%s\n' "${PXEKIT_MAC:-${nic:-1}}" | tr A-F a-f | tr -cd 'a-z0-9-'
}

# These go into files of other languages: each has the characters it may have.
check_settings() {
	empty_or 'A-Fa-f0-9:' "$PXEKIT_MAC" 'hardware address'
	empty_or 'A-Fa-f0-9.:/' "$PXEKIT_ADDRESS" address
	empty_or 'A-Fa-f0-9.:' "$PXEKIT_GATEWAY" gateway
	empty_or 'A-Fa-f0-9.: ' "$PXEKIT_DNS" 'list of name servers'
	empty_or 'A-Za-z0-9._-' "$PXEKIT_USER" 'name of a user'
	empty_or 'A-Za-z0-9_.@-' "$PXEKIT_LOCALE" locale
	empty_or 'A-Za-z0-9_/+-' "$PXEKIT_TIMEZONE" 'time zone'
	empty_or 'A-Za-z0-9_,-' "$PXEKIT_KEYBOARD" keyboard
	empty_or 'A-Za-z0-9_.,:=@/+ -' "$PXEKIT_CONSOLE" 'console argument'
}

empty_or() { # characters value what
	[ -z "$2" ] || all_of "$1" "$2" || fail "deploy.conf: '$2' is no $3"
}

# Is TEXT made of one or more of these characters, and of nothing else?
all_of() { # characters text
	case $2 in
	'' | *[!$1]*) return 1 ;;
	esac
}

step_network() {
	url=$(kernel_arg pxekit.url)
	[ -n "$url" ] || fail 'no pxekit.url= on the kernel command line'
	soon boot_interface >/dev/null ||
		fail "no network interface for BOOTIF='$(kernel_arg BOOTIF)'"
	nic=$(boot_interface)
	bring_up "$nic"
	say "$nic has $(nic_address "$nic")"
	retry 60 fetch_orders "$url/deploy.conf" || fail "$url/deploy.conf: no answer"
	cp "$RUN/body" "$RUN/deploy.conf"
	# shellcheck source=/dev/null # assignments, made by our server
	. "$RUN/deploy.conf"
	check_orders
}
