EXTRA_DIST += tests/e2e/bootmgr.c
EXTRA_DIST += tests/e2e/deploy.sh
EXTRA_DIST += tests/e2e/firmware.sh
EXTRA_DIST += tests/e2e/register.py tests/e2e/register.sh
EXTRA_DIST += tests/e2e/medium.sh
EXTRA_DIST += tests/e2e/units.sh
EXTRA_DIST += tests/e2e/tftp-clients.sh
EXTRA_DIST += tests/e2e/wimboot.sh

# wimboot is in no package of Debian's, so `make check` cannot have it.
check-wimboot:
	$(MAKE) $(AM_MAKEFLAGS) check TESTS=tests/e2e/wimboot.sh
.PHONY: check-wimboot
