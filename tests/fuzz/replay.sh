#!/bin/sh
# Replays every input that ever broke a decoder, or that a fuzzer found worth keeping.
set -u
. "${srcdir:-.}/tests/sh.inc"

for octets in "$srcdir"/tests/corpus/*/*; do
	[ -e "$octets" ] || continue
	name=${octets#"$srcdir"/tests/corpus/}
	run "$builddir/tests/fuzz/fuzz_${name%%/*}" "$octets"
	is 0 '' ''
done

end
