#!/bin/sh
# install.cmd where it is not the disk or the image that fails: answers, packages, and the
# server. As windows-install.sh.
# Rows: S0-20 S0-40 S1-08 N-05
# shellcheck disable=SC2119
set -u
. "${srcdir:-.}/tests/sh.inc"
. "$srcdir/tests/integration/bootweb.inc"
. "$srcdir/tests/integration/windows.inc"

site_begin
winpe_begin
for i in 1 2 3 4; do
	winpe_queue $i
done
winpe_queue 5 --package kb1.cab
winpe_serve

winpe_job
: >"$stub/empty"
fails 'dism without a Windows'
is 1 'failed apply 6/11 40 dism has put no Windows on W:; step apply, code 0
[==================== 100.0% ]
cleaned 1, reboot' ''

# Its answers were given to somebody else, who had its token.
winpe_job
curl -sSf -o "$tmp/stolen" "$url$path/unattend.xml"
fails 'answers that are gone'
is 1 'refused released unattend.xml was given to this attempt before
failed answers 9/11 82 unattend.xml could not be fetched: status 403, curl ended with 0; step answers, code 1
forbidden: it holds a secret and was given out before; job 2 wants another attempt
cleaned 1, reboot' ''

# A server that is away: nothing is wiped, and nobody waits for ever.
winpe_job
printf '127.0.0.1:9' >"$stub/server"
fails 'a server that is away'
is 1 'cleaned 0, shutdown' ''

# It goes away at the end: without that report the server would install once more.
winpe_job
echo 'state=configuring' >"$stub/away"
fails 'the last report'
is 1 'failed reboot 11/11 90 the server did not take the last report; step reboot, code 1
cleaned 1, reboot' ''

winpe_job
echo -2146498530 >"$stub/dism-Add-Package.rc"
fails 'dism /Add-Package'
is 1 'failed packages 8/11 79 dism could not add kb1.cab; step packages, code -2146498530
cleaned 1, reboot' ''

winpe_stop
site_end
