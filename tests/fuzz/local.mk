# A fuzzer replays tests/corpus/NAME in make check; --enable-fuzzing makes it search.
# tests/fuzz/fuzz_NAME.c is one line here and a folder tests/corpus/NAME.
fuzzers =
fuzzers += tests/fuzz/fuzz_dhcp
fuzzers += tests/fuzz/fuzz_answer
tests_fuzz_fuzz_answer_SOURCES = tests/fuzz/fuzz_answer.c tools/pxeproxy/answer.c
fuzzers += tests/fuzz/fuzz_conf
fuzzers += tests/fuzz/fuzz_csv
fuzzers += tests/fuzz/fuzz_disks
fuzzers += tests/fuzz/fuzz_event
fuzzers += tests/fuzz/fuzz_foreign
fuzzers += tests/fuzz/fuzz_orders
fuzzers += tests/fuzz/fuzz_image
fuzzers += tests/fuzz/fuzz_image_index
fuzzers += tests/fuzz/fuzz_template
fuzzers += tests/fuzz/fuzz_tftp
fuzzers += tests/fuzz/fuzz_tftpd_names
tests_fuzz_fuzz_tftpd_names_SOURCES = tests/fuzz/fuzz_tftpd_names.c \
	tools/tftpd-lite/names.c tools/tftpd-lite/netascii.c
fuzzers += tests/fuzz/fuzz_tftpd_session
tests_fuzz_fuzz_tftpd_session_SOURCES = tests/fuzz/fuzz_tftpd_session.c \
	tools/tftpd-lite/session.c tools/tftpd-lite/window.c
fuzzers += tests/fuzz/fuzz_tftpd_server
tests_fuzz_fuzz_tftpd_server_SOURCES = tests/fuzz/fuzz_tftpd_server.c $(tftpd_lite_core)
fuzzers += tests/fuzz/fuzz_url
fuzzers += tests/fuzz/fuzz_pcap
tests_fuzz_fuzz_pcap_SOURCES = tests/fuzz/fuzz_pcap.c tools/pxeproxy/pcap.c
fuzzers += tests/fuzz/fuzz_script
tests_fuzz_fuzz_script_SOURCES = tests/fuzz/fuzz_script.c tools/pxeprobe/script.c
if HAVE_MEDIA
fuzzers += tests/fuzz/fuzz_window
fuzzers += tests/fuzz/fuzz_wimxml
fuzzers += tests/fuzz/fuzz_pe
tests_fuzz_fuzz_pe_LDADD = $(LDADD) $(MEDIA_LIBS)
fuzzers += tests/fuzz/fuzz_launch
tests_fuzz_fuzz_launch_SOURCES = tests/fuzz/fuzz_launch.c tools/wimprep/launch.c
fuzzers += tests/fuzz/fuzz_inf
tests_fuzz_fuzz_inf_LDADD = $(LDADD) $(MEDIA_LIBS)
endif
if FUZZING
noinst_PROGRAMS += $(fuzzers)
# The whole of libFuzzer is linked, with its main(): into nothing that has one.
$(fuzzers): AM_LDFLAGS += -fsanitize=fuzzer
else
check_PROGRAMS += $(fuzzers)
# Linked only where main() is missing: into the fuzzers.
lib_libpxekit_a_SOURCES += tests/fuzz/fuzz_main.c
endif
dist_check_SCRIPTS += tests/fuzz/replay.sh
