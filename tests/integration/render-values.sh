#!/bin/sh
# Hostile values in templates arrive as text at a real reader of each language,
# or are refused: sh, YAML, XML, JSON, GRUB, PXELINUX.  SEED=N tries other values.
# Rows: S0-38 S0-40 S2-14
set -u
. "${srcdir:-.}/tests/sh.inc"

probe=$builddir/tests/integration/render_probe
judge() {
	run python3 "$srcdir/tests/integration/render_judge.py" "$1" "$tmp/values" \
		"$tmp/refused.$1" "$tmp/got.$1"
	what="$1: every value arrives or is refused (seed ${SEED:-1})"
	is 0 '' ''
}
render() { # LANGUAGE TEMPLATE
	run "$probe" render "$2" "$tmp/values" "$tmp/refused.$1"
	cp "$tmp/out" "$tmp/text.$1"
	what="$1: renders"
	: >"$tmp/out"
	is 0 '' ''
}
lines() { # of NUL-terminated texts to lines of hex
	od -An -v -tx1 "$1" | tr -d ' \n' | sed 's/../& /g' | tr ' ' '\n' |
		awk '$0 == "00" { print line; line = ""; next } { line = line $0 }'
}

"$probe" values "${SEED:-1}" 300 >"$tmp/values"

cat >"$tmp/t.sh" <<'END'
# it's a comment
{{#case}}
printf '%s\0' '{{v}}' # don't
{{/case}}
END
render sh "$tmp/t.sh"
for shell in dash bash; do
	(cd "$tmp" && "$shell" ./text.sh >"$tmp/out.sh" 2>"$tmp/err.sh")
	lines "$tmp/out.sh" >"$tmp/got.sh"
	judge sh
done

# deploy.conf is read by ". file", with values over several lines.
printf "{{#case}}\nV='{{v}}'\nprintf '%%s\\\\\\\\0' \"\$V\"\n{{/case}}\n" | sed 's/\\\\0/\\0/' >"$tmp/t.conf"
render conf "$tmp/t.conf"
cp "$tmp/refused.conf" "$tmp/refused.sh"
(cd "$tmp" && dash -c '. ./text.conf' >"$tmp/out.sh")
lines "$tmp/out.sh" >"$tmp/got.sh"
judge sh

cat >"$tmp/t.yaml" <<'END'
#cloud-config
script: |
  it's "quoted
values:
{{#case}}
  - "{{v}}" # it's
{{/case}}
flow: [{{#case}}"{{v}}", {{/case}}]
map:
{{#case}}
  "{{v}} {{n}}": "{{v}}"
{{/case}}
END
render yaml "$tmp/t.yaml"
python3 - "$tmp/text.yaml" >"$tmp/got.yaml" <<'END'
import sys, yaml
tree = yaml.safe_load(open(sys.argv[1], encoding="utf-8", newline=""))
assert list(tree) == ["script", "values", "flow", "map"]
assert tree["flow"] == tree["values"] == list(tree["map"].values())
assert ["%s %d" % (v, n) for n, v in enumerate(tree["values"])] == list(tree["map"])
for value in tree["values"]:
    print(value.encode().hex())
END
judge yaml

cat >"$tmp/t.xml" <<'END'
<?xml version="1.0" encoding="utf-8"?>
<!-- it's a "comment" > -->
<root>
{{#case}}
<v a="{{v}}" b='{{v}}'>{{v}}</v>
{{/case}}
</root>
END
render xml "$tmp/t.xml"
run xmllint --noout --huge "$tmp/text.xml"
is 0 '' ''
python3 - "$tmp/text.xml" >"$tmp/got.xml" <<'END'
import sys, xml.etree.ElementTree as tree
root = tree.parse(sys.argv[1]).getroot()
for v in root:
    assert v.tag == "v" and len(v) == 0 and sorted(v.attrib) == ["a", "b"]
    assert v.attrib["a"] == v.attrib["b"] == v.text
    print(v.text.encode().hex())
END
judge xml
# The same by libxml2, which Windows setup's parser resembles more: all texts in one.
xmllint --huge --xpath 'string(/root)' "$tmp/text.xml" | od -An -tx1 -v >"$tmp/a"
python3 - "$tmp/got.xml" <<'END' | od -An -tx1 -v >"$tmp/b"
import sys
values = [bytes.fromhex(line) for line in open(sys.argv[1]).read().split()]
sys.stdout.buffer.write(b"\n" + b"".join(v + b"\n" for v in values) + b"\n")
END
run cmp "$tmp/a" "$tmp/b"
is 0 '' ''

cat >"$tmp/t.json" <<'END'
[{{#case}}"{{v}}", {{/case}} "end"]
END
render json "$tmp/t.json"
python3 - "$tmp/text.json" >"$tmp/got.json" <<'END'
import json, sys
for value in json.load(open(sys.argv[1], encoding="utf-8"))[:-1]:
    print(value.encode().hex())
END
judge json

# grub-script-check reads the grammar; sh reads the same quotes.
cat >"$tmp/t.grub" <<'END'
# it's GRUB
{{#case}}
menuentry '{{v}}' --id '{{n}}' {
	echo '{{v}}'
}
{{/case}}
END
render grub "$tmp/t.grub"
run grub-script-check "$tmp/text.grub"
is 0 '' ''
{
	cat <<'END'
menuentry() { printf '%s\0' "$1"; }
END
	grep "^menuentry" "$tmp/text.grub" | sed 's/ {$//'
} >"$tmp/grub.sh"
sh "$tmp/grub.sh" >"$tmp/out.grub"
lines "$tmp/out.grub" >"$tmp/got.grub"
judge grub

cat >"$tmp/t.pxelinux" <<'END'
{{#case}}
MENU LABEL {{v}}
{{/case}}
END
render pxelinux "$tmp/t.pxelinux"
sed 's/^MENU LABEL //' "$tmp/text.pxelinux" | tr '\n' '\0' >"$tmp/out.pxelinux"
lines "$tmp/out.pxelinux" >"$tmp/got.pxelinux"
judge pxelinux

end
