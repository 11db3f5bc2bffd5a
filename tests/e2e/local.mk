EXTRA_DIST += tests/e2e/deploy.sh
