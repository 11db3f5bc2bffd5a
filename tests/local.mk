# Shell tests and cmocka programs speak TAP; a test is one line in its folder's local.mk.
AM_TESTS_ENVIRONMENT = srcdir='$(abs_srcdir)' builddir='$(abs_builddir)'; export srcdir builddir; \
	CMOCKA_MESSAGE_OUTPUT=TAP; export CMOCKA_MESSAGE_OUTPUT;
LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
SH_LOG_DRIVER = $(LOG_DRIVER)
TEST_EXTENSIONS = .sh
EXTRA_DIST += tests/sh.inc tests/test.h tests/corpus
TESTS += $(dist_check_SCRIPTS)
