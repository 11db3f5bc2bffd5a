# tests/unit/test_NAME.c is built and run by its one line here.
if HAVE_CMOCKA
LDADD += $(CMOCKA_LIBS)
unit_tests =
unit_tests += tests/unit/test_mac
unit_tests += tests/unit/test_confine
unit_tests += tests/unit/test_dhcp
unit_tests += tests/unit/test_disk
unit_tests += tests/unit/test_event
unit_tests += tests/unit/test_image
unit_tests += tests/unit/test_job
unit_tests += tests/unit/test_order
unit_tests += tests/unit/test_plan
unit_tests += tests/unit/test_platform
unit_tests += tests/unit/test_seal
unit_tests += tests/unit/test_setting
unit_tests += tests/unit/test_windows
unit_tests += tests/unit/test_winanswer
unit_tests += tests/unit/test_timeline
unit_tests += tests/unit/test_token
unit_tests += tests/unit/test_pkt
unit_tests += tests/unit/test_udp4
unit_tests += tests/unit/test_wake
unit_tests += tests/unit/test_answer
tests_unit_test_answer_SOURCES = tests/unit/test_answer.c tools/pxeproxy/answer.c
unit_tests += tests/unit/test_turn
tests_unit_test_turn_SOURCES = tests/unit/test_turn.c tools/pxeproxy/turn.c
unit_tests += tests/unit/test_tftp
unit_tests += tests/unit/test_tftpd_files
tests_unit_test_tftpd_files_SOURCES = tests/unit/test_tftpd_files.c tools/tftpd-lite/files.c
unit_tests += tests/unit/test_tftpd_names
tests_unit_test_tftpd_names_SOURCES = tests/unit/test_tftpd_names.c \
	tools/tftpd-lite/names.c tools/tftpd-lite/netascii.c
unit_tests += tests/unit/test_tftpd_lookup
tests_unit_test_tftpd_lookup_SOURCES = tests/unit/test_tftpd_lookup.c \
	tools/tftpd-lite/asker.c tools/tftpd-lite/files.c tools/tftpd-lite/fold.c \
	tools/tftpd-lite/lookup.c tools/tftpd-lite/names.c tools/tftpd-lite/peer.c
unit_tests += tests/unit/test_tftpd_session
tests_unit_test_tftpd_session_SOURCES = tests/unit/test_tftpd_session.c tools/tftpd-lite/pace.c \
	tools/tftpd-lite/session.c tools/tftpd-lite/window.c
unit_tests += tests/unit/test_tftpd_transfers
tests_unit_test_tftpd_transfers_SOURCES = tests/unit/test_tftpd_transfers.c \
	tools/tftpd-lite/transfers.c tools/tftpd-lite/peer.c
unit_tests += tests/unit/test_range
unit_tests += tests/unit/test_report
unit_tests += tests/unit/test_memo
tests_unit_test_memo_SOURCES = tests/unit/test_memo.c tools/bootweb/memo.c
unit_tests += tests/unit/test_credential
tests_unit_test_credential_SOURCES = tests/unit/test_credential.c tools/bootweb/proof.c
unit_tests += tests/unit/test_foreign
unit_tests += tests/unit/test_url
unit_tests += tests/unit/test_store
unit_tests += tests/unit/test_accounts
unit_tests += tests/unit/test_indexes
unit_tests += tests/unit/test_catalogue
unit_tests += tests/unit/test_shelf
unit_tests += tests/unit/test_kept
unit_tests += tests/unit/test_conf
unit_tests += tests/unit/test_emit
unit_tests += tests/unit/test_file
unit_tests += tests/unit/test_keyfile
unit_tests += tests/unit/test_service
unit_tests += tests/unit/test_escape
unit_tests += tests/unit/test_template
unit_tests += tests/unit/test_view
unit_tests += tests/unit/test_serve
unit_tests += tests/unit/test_figures
tests_unit_test_figures_SOURCES = tests/unit/test_figures.c tools/pxeprobe/figures.c
unit_tests += tests/unit/test_judge
tests_unit_test_judge_SOURCES = tests/unit/test_judge.c tools/pxeprobe/judge.c \
	tools/pxeprobe/checks_file.c tools/pxeprobe/checks_net.c tools/pxeprobe/facts.c
unit_tests += tests/unit/test_script
tests_unit_test_script_SOURCES = tests/unit/test_script.c tools/pxeprobe/script.c
driver_site = tests/unit/driver_site.c tests/unit/driver_site.h
if HAVE_MEDIA
unit_tests += tests/unit/test_pe
tests_unit_test_pe_LDADD = $(LDADD) $(MEDIA_LIBS)
unit_tests += tests/unit/test_pe_import
tests_unit_test_pe_import_LDADD = $(LDADD) $(MEDIA_LIBS)
unit_tests += tests/unit/test_inf
unit_tests += tests/unit/test_driver
tests_unit_test_driver_SOURCES = tests/unit/test_driver.c $(driver_site)
tests_unit_test_driver_LDADD = $(LDADD) $(MEDIA_LIBS)
unit_tests += tests/unit/test_driver_files
tests_unit_test_driver_files_SOURCES = tests/unit/test_driver_files.c $(driver_site)
tests_unit_test_driver_files_LDADD = $(LDADD) $(MEDIA_LIBS)
unit_tests += tests/unit/test_driver_match
tests_unit_test_driver_match_SOURCES = tests/unit/test_driver_match.c $(driver_site)
tests_unit_test_driver_match_LDADD = $(LDADD) $(MEDIA_LIBS)
unit_tests += tests/unit/test_driver_target
tests_unit_test_driver_target_SOURCES = tests/unit/test_driver_target.c $(driver_site)
tests_unit_test_driver_target_LDADD = $(LDADD) $(MEDIA_LIBS)
unit_tests += tests/unit/test_window
unit_tests += tests/unit/test_wimxml
unit_tests += tests/unit/test_media_checks
tests_unit_test_media_checks_LDADD = $(LDADD) $(MEDIA_LIBS)
unit_tests += tests/unit/test_driver_inf
tests_unit_test_driver_inf_LDADD = $(LDADD) $(MEDIA_LIBS)
endif
if HAVE_MEDIA
unit_tests += tests/unit/test_wimprep
tests_unit_test_wimprep_SOURCES = tests/unit/test_wimprep.c tools/wimprep/inspect.c \
	tools/wimprep/manifest.c tools/wimprep/version.c
tests_unit_test_wimprep_LDADD = $(LDADD) $(MEDIA_LIBS)
endif
check_PROGRAMS += $(unit_tests)
TESTS += $(unit_tests)
endif
