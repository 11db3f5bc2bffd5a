#!/bin/sh
# wimprep diff finds what wimlib-imagex changed, and nothing else.
# Rows: S0-44
set -u
. "${srcdir:-.}/tests/sh.inc"
. "${srcdir:-.}/tests/integration/wimprep.inc"

media "$tmp/a.wim"
cp "$tmp/a.wim" "$tmp/b.wim"
run wimprep diff "$tmp/a.wim" "$tmp/b.wim"
is 0 '' ''

printf 'echo changed\r\n' >"$tmp/startnet.cmd"
mkdir "$tmp/new" && echo new >"$tmp/new/file"
wimlib-imagex update "$tmp/b.wim" 2 >/dev/null 2>&1 <<END
add "$tmp/startnet.cmd" /Windows/System32/startnet.cmd
add "$tmp/new" /New
delete /setup.exe
END
run wimprep diff "$tmp/a.wim" "$tmp/b.wim"
is 1 '2 + /New/
2 + /New/file
2 - /setup.exe
2 ~ /Windows/System32/startnet.cmd' ''
run wimprep diff --index=1 "$tmp/a.wim" "$tmp/b.wim"
is 0 '' ''
run wimprep diff --index=3 "$tmp/a.wim" "$tmp/b.wim"
is 3 '' 'wimprep: neither has an image 3'

wimprep diff --json "$tmp/a.wim" "$tmp/b.wim" >"$tmp/json"
run jq -r '.alike, (.changes[] | "\(.change) \(.image) \(.folder) \(.path) \(.sha1_b)")' "$tmp/json"
is 0 "false
added 2 true /New null
added 2 false /New/file $(sha1sum <"$tmp/new/file" | cut -c1-40)
removed 2 false /setup.exe null
changed 2 false /Windows/System32/startnet.cmd $(sha1sum <"$tmp/startnet.cmd" | cut -c1-40)" ''
wimprep diff --json "$tmp/a.wim" "$tmp/a.wim" >"$tmp/json"
run jq -c . "$tmp/json"
is 0 '{"changes":[],"alike":true}' ''

# The same names in other letters are the same files.
tree "$tmp/lower" windows system32
wimlib-imagex capture "$tmp/lower" "$tmp/lower.wim" --compress=none >/dev/null 2>&1
wimlib-imagex capture "$tmp/pe" "$tmp/upper.wim" --compress=LZX >/dev/null 2>&1
run wimprep diff "$tmp/lower.wim" "$tmp/upper.wim"
is 0 '' ''
wimlib-imagex append "$tmp/lower" "$tmp/lower.wim" second >/dev/null 2>&1
wimprep diff "$tmp/lower.wim" "$tmp/upper.wim" >"$tmp/lines"
run grep -c '^2 - /' "$tmp/lines"
is 0 "$(find "$tmp/lower" | wc -l)" ''

# What is no WIM.
seq 1 200 >"$tmp/text"
run wimprep diff "$tmp/a.wim" "$tmp/text"
is 3 '' "wimprep: $tmp/text: cannot be read: it is not a WIM file"
run wimprep diff "$tmp/a.wim" "$tmp/none.wim"
is 3 '' "wimprep: $tmp/none.wim: cannot be read: No such file or directory"
head -c 3000 "$tmp/a.wim" >"$tmp/cut.wim"
run wimprep diff "$tmp/a.wim" "$tmp/cut.wim"
is 3 '' "wimprep: $tmp/cut.wim: cannot be read: it is cut off"
run wimprep diff "$tmp/a.wim"
is 2 '' "wimprep: diff wants two files
Try 'wimprep diff --help' for more information."
run wimprep nonsense
is 2 '' "wimprep: nonsense: no such verb
Try 'wimprep --help' for more information."

end
