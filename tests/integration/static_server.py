"""static_server.py FOLDER PORTFILE: serves FOLDER on loopback as any web server would.

Prints each request target; whatever begins with /hang is never answered.
"""
import http.server
import os
import sys
import time


class Handler(http.server.SimpleHTTPRequestHandler):
    def do_GET(self):
        print(self.path, flush=True)
        if self.path.startswith("/hang"):
            time.sleep(3600)
        super().do_GET()

    def log_message(self, *args):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True


os.chdir(sys.argv[1])
server = Server(("127.0.0.1", 0), Handler)
with open(sys.argv[2] + ".new", "w") as f:
    f.write("%d\n" % server.server_port)
os.rename(sys.argv[2] + ".new", sys.argv[2])
server.serve_forever()
