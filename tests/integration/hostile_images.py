"""hostile_images.py FOLDER PORTFILE: serves FOLDER with ranges, and lies as asked.

The first segment of a path is what is done to the files of that site: /plain/images/...
is served well, the others are the keys of LIES. Each request and the octets of its body
are a line of standard output: METHOD PATH RANGE IF-RANGE STATUS OCTETS.
"""
import http.server
import os
import re
import sys
import time


def is_payload(path):
    return not path.endswith(("INDEX", "MANIFEST"))


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    sent = 0
    status = 0

    def do_GET(self):
        self.sent = self.status = 0
        try:
            self.answer()
        except OSError:
            self.close_connection = True
        print("GET", self.path, self.headers.get("Range", "-"),
              self.headers.get("If-Range", "-"), self.status, self.sent, flush=True)

    def answer(self):
        _, kind, path = self.path.split("/", 2)
        path = os.path.join(os.getcwd(), path)
        if kind != "plain" and (is_payload(path) or kind in EVERYWHERE):
            return LIES[kind](self, path)
        self.give(path)

    def begin(self, status, **headers):
        self.status = status
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()

    def put(self, octets):
        self.wfile.write(octets)
        self.sent += len(octets)

    def give(self, path, ranges=True, cut=None, etag=None):
        if not os.path.isfile(path):
            return self.begin(404, Content_Length=0)
        with open(path, "rb") as f:
            body = f.read()
        etag = etag or '"%x-%x"' % (os.stat(path).st_mtime_ns, len(body))
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        first = int(asked.group(1)) if asked and ranges else 0
        if self.headers.get("If-Range", etag) != etag:
            first = 0
        if first and first >= len(body):
            return self.begin(416, Content_Length=0)
        if first:
            self.begin(206, Content_Length=len(body) - first, ETag=etag,
                       Content_Range="bytes %d-%d/%d" % (first, len(body) - 1, len(body)))
        else:
            self.begin(200, Content_Length=len(body), ETag=etag)
        part = body[first:]
        self.put(part if cut is None else part[:cut])
        if cut is not None:
            self.close_connection = True

    def log_message(self, *args):
        pass


# ---- what is done ----

def cut(h, path):
    """Some octets, and the connection ends."""
    h.give(path, cut=100000)


def cut_once(h, path):
    h.give(path, cut=300000 if "Range" not in h.headers else None)


def no_ranges(h, path):
    h.give(path, ranges=False, cut=1000000 if path not in seen else None)
    seen.add(path)


def changed(h, path):
    """The file is another each time, by its ETag."""
    h.give(path, cut=1000000 if "Range" not in h.headers else None,
           etag='"%d"' % time.time_ns())


def wrong_part(h, path):
    size = os.stat(path).st_size
    if "Range" not in h.headers:
        return h.give(path, cut=1000000)
    h.begin(206, Content_Length=10, Content_Range="bytes 5-14/%d" % size)
    h.put(b"0123456789")


def wrong_octets(h, path):
    size = os.stat(path).st_size
    h.begin(200, Content_Length=size)
    h.put(b"x" * size)


def endless(h, path):
    h.begin(200)
    h.close_connection = True
    while True:
        h.put(b"x" * 65536)


def longer(h, path):
    size = os.stat(path).st_size
    h.begin(200, Transfer_Encoding="chunked")
    for _ in range(100):
        h.put(b"%x\r\n" % size + b"x" * size + b"\r\n")


def shorter(h, path):
    h.begin(200, Content_Length=5)
    h.put(b"short")


def no_length(h, path):
    h.begin(200)
    h.close_connection = True
    h.put(open(path, "rb").read())


def slow(h, path):
    h.begin(200, Content_Length=os.stat(path).st_size)
    while True:
        h.put(b"x")
        time.sleep(0.2)


def silent(h, path):
    time.sleep(3600)


def to_file(h, path):
    h.begin(302, Location="file://" + path, Content_Length=0)


def to_itself(h, path):
    h.begin(302, Location=h.path, Content_Length=0)


def moved(h, path):
    h.begin(302, Location="/plain/" + h.path.split("/", 2)[2], Content_Length=0)


def headers(h, path):
    h.begin(200, **{"X-%d" % i: "x" * 900 for i in range(2000)})


LIES = {f.__name__: f for f in (cut, cut_once, no_ranges, changed, wrong_part, wrong_octets,
                                endless, longer, shorter, no_length, slow, silent, to_file,
                                to_itself, moved, headers)}
LIES["index_endless"] = endless
LIES["index_slow"] = slow
EVERYWHERE = {"index_endless", "index_slow", "to_file", "to_itself", "moved"}
seen = set()


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *args):
        pass


os.chdir(sys.argv[1])
server = Server(("127.0.0.1", 0), Handler)
with open(sys.argv[2] + ".new", "w") as f:
    f.write("%d\n" % server.server_port)
os.rename(sys.argv[2] + ".new", sys.argv[2])
server.serve_forever()
