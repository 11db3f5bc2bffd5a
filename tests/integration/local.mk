dist_check_SCRIPTS += tests/integration/netns.sh
