EXTRA_DIST += tests/bench/bootweb.sh
EXTRA_PROGRAMS += tests/bench/tftp_load tests/bench/tftp_limit
