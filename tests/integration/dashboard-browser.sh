#!/bin/sh
# The dashboard in headless Chromium: a new device, a job by the dialog, live progress,
# retry, block, roles, keys, themes; what it looks like stays in dashboard-pictures beside
# this test's log.
# Each page is measured by WCAG 2.2 AA as it is drawn (wcag.py).
# Rows: S0-26 S0-28 S0-29 S0-31 S1-09 S1-10 S1-11 S1-25 S4-09 X-05
# shellcheck disable=SC2119
set -u
. "${srcdir:-.}/tests/sh.inc"
. "$srcdir/tests/integration/bootweb.inc"
. "$srcdir/tests/integration/bootweb-admin.inc"
. "$srcdir/tests/integration/dashboard.inc"

for tool in chromedriver chromium; do
	command -v "$tool" >/dev/null || skip "no $tool"
done
SHOTS=$(cd "$builddir" && pwd)/tests/integration/dashboard-pictures
export SHOTS
rm -rf "$SHOTS"
mkdir -p "$SHOTS"
dashboard_begin
dashboard dashboard-browser.py
# shellcheck disable=SC2086
kill $pids
wait
