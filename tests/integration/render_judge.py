"""Compares what a reader of a language got with what a template was given.

render_judge.py LANGUAGE VALUES REFUSED GOT: files of hex lines.  Each value must
either arrive octet for octet or be one that the language cannot express; such
values, and no others, are refused.
"""
import sys

language, values, refused, got = sys.argv[1], *(open(f).read() for f in sys.argv[2:5])


def is_utf8(octets):
    try:
        octets.decode()
    except UnicodeDecodeError:
        return False
    return True


def has_control(octets, but=""):
    return any((ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0) and c not in but
               for c in octets.decode())


def is_xml(octets):
    return all(ord(c) >= 0x20 and ord(c) not in (0xFFFE, 0xFFFF) or c in "\t\n\r"
               for c in octets.decode())


CAN_HOLD = {
    "sh": lambda v: True,
    "yaml": is_utf8,
    "json": is_utf8,
    "xml": lambda v: is_utf8(v) and is_xml(v),
    "grub": lambda v: is_utf8(v) and not has_control(v),
    "pxelinux": lambda v: is_utf8(v) and not has_control(v),
    "ipxe": lambda v: b"${" not in v and not v.endswith(b"$"),
    "cmd": lambda v: all(0x20 <= c < 0x7F or c == 9 for c in v),
}

said = [line.split("\t")[0] for line in refused.splitlines()]
wanted = []
wrong = 0
for line in values.splitlines():
    value = bytes.fromhex(line)
    if CAN_HOLD[language](value) == (line in said):
        print("%r: %s" % (value, "refused" if line in said else "not refused"))
        wrong += 1
    if line not in said:
        wanted.append(line)
arrived = got.split()
for want, have in zip(wanted, arrived):
    if want != have:
        print("%r arrived as %r" % (bytes.fromhex(want), bytes.fromhex(have)))
        wrong += 1
if len(arrived) != len(wanted):
    print("%d values went, %d came" % (len(wanted), len(arrived)))
    wrong += 1
if len(wanted) < 50:
    print("only %d values are no test" % len(wanted))
    wrong += 1
sys.exit(wrong != 0)
