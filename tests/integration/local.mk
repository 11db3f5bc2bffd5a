dist_check_SCRIPTS += tests/integration/netns.sh
check_PROGRAMS += tests/integration/dhcpsend
