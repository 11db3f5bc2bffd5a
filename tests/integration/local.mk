dist_check_SCRIPTS += tests/integration/netns.sh
check_PROGRAMS += tests/integration/dhcpsend
check_PROGRAMS += tests/integration/conf_check
dist_check_SCRIPTS += tests/integration/examples.sh
EXTRA_DIST += tests/integration/jobctl.inc
dist_check_SCRIPTS += tests/integration/jobctl-add.sh
