#!/usr/bin/env python3
"""msdisc.py DISC - makes a genisoimage -udf disc look like Microsoft's: all files are in the
UDF part, only README.TXT in the ISO 9660 part. Works in place."""
import struct
import sys

SECTOR = 2048


def keep_only_readme(disc, extent, length):
    disc.seek(extent * SECTOR)
    old, new, at = disc.read(length), b"", 0
    while at < length:
        size = old[at]
        if size == 0:  # the rest of a sector
            at = (at // SECTOR + 1) * SECTOR
            continue
        name = old[at + 33 : at + 33 + old[at + 32]]
        if name in (b"\0", b"\1") or b"README" in name.replace(b"\0", b""):
            new += old[at : at + size]
        at += size
    disc.seek(extent * SECTOR)
    disc.write(new.ljust(length, b"\0"))


with open(sys.argv[1], "r+b") as disc:
    for sector in range(16, 64):
        disc.seek(sector * SECTOR)
        volume = disc.read(SECTOR)
        if volume[1:6] != b"CD001" or volume[0] == 255:
            break
        if volume[0] in (1, 2):
            keep_only_readme(
                disc,
                struct.unpack("<I", volume[158:162])[0],
                struct.unpack("<I", volume[166:170])[0],
            )
