"""What the tests of the dashboard share: TAP, the site that a shell test has made, its
events, and a client that knows no JavaScript."""

import html
import html.parser
import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import traceback
import urllib.parse

sys.dont_write_bytecode = True

SITE = os.environ.get("SITE", "")
SOCKET = f"{SITE}/run/front"
HOSTILE = '<script>alert(1)</script>"\'><img src=x onerror=alert(2)>&amp;\u202e'


class Tap:
    def __init__(self):
        self.count = 0

    def __call__(self, what, good, got=""):
        self.count += 1
        print(f"{'ok' if good else 'not ok'} {self.count} - {what}")
        if not good and got != "":
            for line in str(got).splitlines()[:40]:
                print(f"# {line}")
        sys.stdout.flush()

    def same(self, what, wanted, got):
        self(what, wanted == got, f"wanted {wanted!r}\ngot    {got!r}")

    def run(self, stories):
        """Each in turn; one that breaks fails and the next one begins."""
        for story in stories:
            try:
                story()
            except Exception:
                self(story.__name__.replace("_", " "), False, traceback.format_exc())
        print(f"1..{self.count}")


ok = Tap()


def jobctl(*args, data=None):
    done = subprocess.run([*os.environ["JOBCTL"].split(), *args], input=data, text=True,
                          capture_output=True, check=False)
    assert done.returncode == 0, f"jobctl {args}: {done.stderr}"
    return done.stdout


def show(job):
    return json.loads(jobctl("show", "--json", str(job)))


class Events:
    number = 0

    @classmethod
    def take(cls, *events):
        """As jobctl ingest gets them from pxeproxy, tftpd-lite and bootweb."""
        lines = ""
        for event in events:
            cls.number += 1
            now = time.time()
            stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now))
            lines += json.dumps({"v": 1, "time": f"{stamp}.{int(now * 1000) % 1000:03d}Z",
                                 "id": f"dash-{os.getpid()}-{cls.number}",
                                 "source": "bootweb", **event}) + "\n"
        jobctl("ingest", data=lines)


def offer(mac, **more):
    Events.take({"event": "offer", "source": "pxeproxy", "mac": mac, "network": "lab",
                 "address": "10.77.0.51", "arch": 7, "action": "silent",
                 "rule": "unknown", **more})


def report(job, state, percent=-1, step="", text="", attempt=1, **more):
    Events.take({"event": "report", "job": job, "attempt": attempt, "state": state,
                 "address": "10.77.0.20", **({"percent": percent} if percent >= 0 else {}),
                 "step": step, "text": text, **more})


def new_version(name, old, new):
    """Another version of an image, the same but for its number, becomes current."""
    folder = f"{SITE}/images/{name}"
    shutil.copytree(f"{folder}/{old}", f"{folder}/{new}")
    with open(f"{folder}/{new}/MANIFEST", "r+", encoding="utf-8") as manifest:
        text = manifest.read().replace(f"version: {old}", f"version: {new}")
        manifest.seek(0)
        manifest.write(text)
    make_current(name, new)


def make_current(name, version):
    os.remove(f"{SITE}/images/{name}/current")
    os.symlink(version, f"{SITE}/images/{name}/current")


class Form(html.parser.HTMLParser):
    """The fields of a page's form of some action, and whether its tags fit together."""

    VOID = {"meta", "link", "input", "br", "img"}

    def __init__(self, page, action=None):
        super().__init__()
        self.fields, self.stack, self.faults, self.tags = {}, [], [], []
        self.action, self.inside, self.select, self.area = action, action is None, None, None
        self.feed(page)
        self.close()
        self.faults += self.stack

    def handle_starttag(self, tag, attrs):
        a = dict(attrs)
        self.tags.append((tag, a))
        if tag not in self.VOID:
            self.stack.append(tag)
        if tag == "form" and self.action is not None:
            self.inside = a.get("action") == self.action
        if not self.inside or not (a.get("name") or tag == "option"):
            return
        if tag == "select":
            self.select = a["name"]
            self.fields[self.select] = ""
        elif tag == "option" and self.select and "selected" in a:
            self.fields[self.select] = a["value"]
        elif tag == "textarea":
            self.area = a["name"]
            self.fields[self.area] = ""
        elif tag == "input" and (a.get("type") != "checkbox" or "checked" in a):
            self.fields[a["name"]] = a.get("value", "")

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if not self.stack or self.stack.pop() != tag:
            self.faults.append(tag)
        self.select = None if tag == "select" else self.select
        self.area = None if tag == "textarea" else self.area

    def handle_data(self, data):
        if self.area:
            self.fields[self.area] += data if self.fields[self.area] else data.lstrip("\n")


class Client:
    """A browser without JavaScript, signed in at the front server as somebody."""

    def __init__(self, user):
        self.user, self.page, self.status, self.where = user, "", 0, ""
        self.headers = {}

    def ask(self, method, path, body=None, headers=None):
        link = http.client.HTTPConnection("site", timeout=120)
        link.sock = socket.socket(socket.AF_UNIX)
        link.sock.connect(SOCKET)
        link.request(method, path, body, {"X-Remote-User": self.user, **(headers or {})})
        answer = link.getresponse()
        self.status, self.where = answer.status, answer.getheader("Location") or ""
        self.headers = dict(answer.getheaders())
        self.page = answer.read().decode()
        link.close()
        return self.status

    def get(self, path):
        self.ask("GET", path)
        return self.page

    def post(self, path, fields):
        return self.ask("POST", path, urllib.parse.urlencode(fields),
                        {"Content-Type": "application/x-www-form-urlencoded"})

    def form(self, action):
        return Form(self.page, action).fields

    def csrf(self):
        return json.loads(self.get("/api/v1/me"))["csrf"]

    def press(self, path):
        """A button of its own form, and the page behind it."""
        fields = self.form(path)
        assert fields, f"no form for {path} on the page"
        self.post(path, fields)
        assert self.status == 303, f"{path}: {self.status} {self.page}"
        return self.get(self.where)

    def text(self):
        """What stands between the tags."""
        out, depth = [], 0
        for c in self.page:
            depth += (c == "<") - (c == ">")
            if not depth and c != ">":
                out.append(c)
        return " ".join(html.unescape("".join(out)).split())
