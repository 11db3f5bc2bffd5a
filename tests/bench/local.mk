EXTRA_DIST += tests/bench/bootweb.sh
EXTRA_PROGRAMS += tests/bench/tftp_limit
# A test loads a server with it, too.
check_PROGRAMS += tests/bench/tftp_load
EXTRA_DIST += tests/bench/tftp
EXTRA_DIST += tests/bench/pxeproxy.sh
EXTRA_PROGRAMS += tests/bench/pxeproxy_load
