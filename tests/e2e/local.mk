EXTRA_DIST += tests/e2e/deploy.sh
EXTRA_DIST += tests/e2e/firmware.sh
EXTRA_DIST += tests/e2e/units.sh
EXTRA_DIST += tests/e2e/tftp-clients.sh
