"""The client of bootweb-abuse.sh: HOST:PORT PID PATH NUMBER-OF-THE-LAST-TEST."""
import http.client
import random
import socket
import sys
import time

(HOST, PORT), PID, PATH, COUNT = sys.argv[1].split(":"), sys.argv[2], sys.argv[3], int(sys.argv[4])
IDLE = 1000
MOST_KIB = 64 * 1024  # what the server's memory may grow by


def check(good, name, detail=""):
    global COUNT
    COUNT += 1
    print(("ok" if good else "not ok"), COUNT, "-", name)
    if not good:
        print("#", detail)


def connect():
    return socket.create_connection((HOST, int(PORT)), timeout=60)


def memory():
    with open(f"/proc/{PID}/status") as status:
        return {line.split(":")[0]: int(line.split()[1]) for line in status if line.startswith("Vm")}["VmRSS"]


def alive(name):
    try:
        connection = http.client.HTTPConnection(HOST, int(PORT), timeout=120)
        connection.request("GET", "/healthz")
        status = connection.getresponse().status
        connection.close()
    except OSError as error:
        status = error
    check(status == 200, f"{name}: others are served", status)


def send(octets, patience=2):
    """What the server says to these octets in so many seconds; it may close meanwhile."""
    with connect() as s:
        got = b""
        s.settimeout(patience)
        try:
            s.sendall(octets)
            while len(got) < 65536:
                part = s.recv(4096)
                if not part:
                    break
                got += part
        except OSError:
            pass
        return got


alive("at first")
before = memory()

# ---- malformed ----

rng = random.Random(20261130)
head = f"GET {PATH} HTTP/1.1\r\nHost: x\r\n"
bad = [
    b"\0" * 4096,
    bytes(rng.randrange(256) for _ in range(4096)),
    b"GET / HTTP/9.9\r\n\r\n",
    b"GET  /  HTTP/1.1\r\nHost: x\r\n\r\n",
    head.encode() + b"Content-Length: -1\r\n\r\n",
    head.encode() + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
    head.encode() + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    head.encode() + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
    head.encode() + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    head.encode() + b" folded: x\r\n\r\n",
    head.encode() + b"X\0Y: z\r\n\r\n",
    head.encode() + b"Cookie: " + b"a=" * 3000 + b"\r\n\r\n",
    head.encode() + b"Authorization: Bearer " + b"\xff" * 3000 + b"\r\n\r\n",
    head.encode() + b"If-None-Match: " + b'"a",' * 2000 + b"\r\n\r\n",
    head.encode() + b"Range: bytes=" + b"0-0," * 2000 + b"\r\n\r\n",
    b"GET /" + b"a/" * 6000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /?" + b"a=b&" * 3000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n",
    b"POST " + PATH.encode() + b" HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n{[(",
    b"BREW /pot HTTP/1.1\r\nHost: x\r\n\r\n",
]
answers = [send(octets) for octets in bad]
wrong = [a[:60] for a in answers if a and not a.startswith((b"HTTP/1.1 2", b"HTTP/1.1 4", b"HTTP/1.1 5", b"HTTP/1.0 "))]
check(not wrong, "what is malformed gets an answer of HTTP, or none", wrong)
check(not any(b"root:" in a for a in answers), "and no file of the server")
good = [
    head.encode() + b"\r\n",
    f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 30\r\n\r\n".encode() + b'{"mac":"52:54:00:00:00:01"}   ',
    b"GET /healthz HTTP/1.1\r\nHost: x\r\nAccept: */*\r\n\r\n",
]
for _ in range(200):
    octets = bytearray(rng.choice(good))
    for _ in range(rng.randrange(1, 6)):
        what, at = rng.randrange(3), rng.randrange(len(octets))
        if what == 0:
            octets[at] = rng.randrange(256)
        elif what == 1:
            del octets[at : at + rng.randrange(1, 8)]
        else:
            octets[at:at] = bytes(rng.randrange(256) for _ in range(rng.randrange(1, 8)))
        if not octets:
            octets = bytearray(b"x")
    send(bytes(octets), 0.01)
alive("after 200 requests with faults")

# ---- bodies ----

with connect() as s:
    sent = 0
    try:
        s.sendall(f"POST {PATH} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
        while sent < 64 << 20:
            s.sendall(b"10000\r\n" + b"x" * 65536 + b"\r\n")
            sent += 65536
    except OSError:
        pass
check(sent < 64 << 20, "a body without end is cut off", sent)
answer = send(f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999999\r\n\r\n".encode())
check(b" 413 " in answer.split(b"\r\n")[0], "one that is announced is refused", answer[:80])

# ---- idle and slow ----

idle = [connect() for _ in range(IDLE)]
for s in idle[: IDLE // 2]:
    s.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ")
alive(f"beside {IDLE} idle and slow connections")
grown = memory() - before
check(grown < MOST_KIB, f"memory stays within {MOST_KIB} KiB", f"{grown} KiB more")
# They are shut out when their time is over, with or without an answer.
shut, end = 0, time.monotonic() + 300
for s in idle:
    s.settimeout(max(1, end - time.monotonic()))
    try:
        while s.recv(4096):
            pass
        shut += 1
    except socket.timeout:
        pass
    except OSError:
        shut += 1
    s.close()
check(shut == IDLE, "who says nothing is shut out", shut)
alive("at the end")
print(COUNT)
