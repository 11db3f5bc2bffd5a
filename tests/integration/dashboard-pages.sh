#!/bin/sh
# The dashboard as one sees it without JavaScript: pages, forms, roles, escaping, contrast.
# Rows: S0-26 S0-28 S0-29 S0-31 S1-09 S1-10 S1-11 S1-25 S4-09 X-05
# shellcheck disable=SC2119
set -u
. "${srcdir:-.}/tests/sh.inc"
. "$srcdir/tests/integration/bootweb.inc"
. "$srcdir/tests/integration/bootweb-admin.inc"
. "$srcdir/tests/integration/dashboard.inc"

dashboard_begin
dashboard dashboard-pages.py
# shellcheck disable=SC2086
kill $pids
wait
