EXTRA_DIST += tests/bench/bootweb.sh
EXTRA_PROGRAMS += tests/bench/tftp_limit
# A test loads a server with it, too.
check_PROGRAMS += tests/bench/tftp_load
EXTRA_DIST += tests/bench/tftp
EXTRA_DIST += tests/bench/pxeproxy.sh
# A test loads pxeproxy with them, too.
check_PROGRAMS += tests/bench/pxeproxy_load tests/bench/pxeproxy_soak
tests_bench_pxeproxy_soak_SOURCES = tests/bench/pxeproxy_soak.c tools/pxeproxy/answer.c \
	tools/pxeproxy/database.c tools/pxeproxy/facts.c tools/pxeproxy/iface.c \
	tools/pxeproxy/turn.c
EXTRA_DIST += tests/bench/drivers.sh
EXTRA_DIST += tests/bench/imgctl.sh
EXTRA_DIST += tests/bench/jobctl.sh
EXTRA_DIST += tests/bench/wimprep.sh
EXTRA_DIST += tests/bench/registry.sh
EXTRA_PROGRAMS += tests/bench/plan_load
