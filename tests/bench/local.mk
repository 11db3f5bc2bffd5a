EXTRA_DIST += tests/bench/bootweb.sh
