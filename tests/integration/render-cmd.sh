#!/bin/sh
# Hostile values in a cmd script arrive as text in wine's cmd, or are refused.
# One prefix in the test's own folder serves all values.
# Rows: S0-38
set -u
. "${srcdir:-.}/tests/sh.inc"

probe=$builddir/tests/integration/render_probe
WINEPREFIX=$tmp/prefix
WINEDEBUG=-all
WINEDLLOVERRIDES='mscoree,mshtml='
HOME=$tmp
export WINEPREFIX WINEDEBUG WINEDLLOVERRIDES HOME
unset DISPLAY
trap 'wineserver -k 2>/dev/null; wineserver -w 2>/dev/null; rm -rf "$tmp"' EXIT

"$probe" values "${SEED:-1}" 200 >"$tmp/values"
cat >"$tmp/t.cmd" <<'END'
@echo off
{{#case}}
set "PXV="
set "PXV={{v}}"
set PXV
{{/case}}
echo end
END
run "$probe" render "$tmp/t.cmd" "$tmp/values" "$tmp/refused"
mv "$tmp/out" "$tmp/t2.cmd"
: >"$tmp/out"
is 0 '' ''

(cd "$tmp" && wine cmd /c t2.cmd </dev/null >"$tmp/got.txt" 2>"$tmp/wine.err")
python3 - "$tmp/got.txt" >"$tmp/got" <<'END'
import sys
for line in open(sys.argv[1], "rb").read().split(b"\r\n"):
    if line.startswith(b"PXV="):
        print(line[4:].hex())
    elif line not in (b"", b"end"):
        print(line.hex())
END
run python3 "$srcdir/tests/integration/render_judge.py" cmd "$tmp/values" "$tmp/refused" "$tmp/got"
is 0 '' ''
run tail -n 1 "$tmp/got.txt"
is 0 "$(printf 'end\r')" ''

end
