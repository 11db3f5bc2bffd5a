"""dhcp_liar.py INTERFACE FORM FILE: answers each DISCOVER as no ProxyDHCP should.

FORM is broken (an option that reaches past the packet's end), no-54 or port (from 4011,
not from 67).  Prints a line once it listens.
"""
import socket
import struct
import sys

interface, form, name = sys.argv[1:]
here = socket.inet_aton("10.0.0.3")


def options():
    yield b"\x35\x01\x02"
    if form != "no-54":
        yield b"\x36\x04" + here
    yield b"\x3c\x09PXEClient"
    yield b"\x2b\x04\x06\x01\x08\xff"
    yield b"\x43\xf0short" if form == "broken" else b"\xff"


def offer(request):
    head = struct.pack(">BBBB", 2, 1, 6, 0) + request[4:8] + b"\0\0\x80\0" + bytes(8) + here
    packet = head + bytes(4) + request[28:44] + bytes(64) + name.encode().ljust(128, b"\0")
    packet += b"\x63\x82\x53\x63" + b"".join(options())
    return packet if form == "broken" else packet.ljust(300, b"\0")


def listen(port):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, interface.encode())
    s.bind(("", port))
    return s


heard = listen(67)
says = listen(4011) if form == "port" else heard
print("listens", flush=True)
while True:
    request, _ = heard.recvfrom(2048)
    if len(request) >= 240 and request[0] == 1:
        says.sendto(offer(request), ("255.255.255.255", 68))
