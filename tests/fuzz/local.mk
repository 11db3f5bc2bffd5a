# A fuzzer replays tests/corpus/NAME in make check; --enable-fuzzing makes it search.
# tests/fuzz/fuzz_NAME.c is one line here and a folder tests/corpus/NAME.
fuzzers =
if FUZZING
noinst_PROGRAMS += $(fuzzers)
FUZZ_LDFLAGS = -fsanitize=fuzzer
else
check_PROGRAMS += $(fuzzers)
noinst_LIBRARIES += tests/fuzz/libfuzzmain.a
tests_fuzz_libfuzzmain_a_SOURCES = tests/fuzz/fuzz_main.c
FUZZ_LDADD = tests/fuzz/libfuzzmain.a
endif
dist_check_SCRIPTS += tests/fuzz/replay.sh
