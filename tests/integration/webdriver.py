"""A browser for tests: headless Chromium by chromedriver (W3C WebDriver), and a front
server that says who looks, as nginx would after a sign-in."""

import base64
import http.client
import http.server
import json
import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time
import urllib.parse

PATIENCE_S = 120  # machines are slow; whoever waits so long has failed
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


def until(what, ask):
    """The first true answer of ask(); what is for the message."""
    end = time.monotonic() + PATIENCE_S
    while True:
        answer = ask()
        if answer:
            return answer
        if time.monotonic() > end:
            raise AssertionError(f"waited in vain: {what}")
        time.sleep(0.1)


class Front(http.server.ThreadingHTTPServer):
    """Passes requests on to a Unix socket, with the name of self.user."""

    daemon_threads = True

    def __init__(self, path, user):
        self.path, self.user, self.groups = path, user, ""
        super().__init__(("127.0.0.1", 0), Pass)
        threading.Thread(target=self.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server_address[1]}"


class Pass(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.0"  # one request a connection, streams end with it

    def log_message(self, *_):
        pass

    def handle_one_request(self):
        try:
            super().handle_one_request()
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def pass_on(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        upstream = http.client.HTTPConnection("site")
        upstream.sock = socket.socket(socket.AF_UNIX)
        upstream.sock.connect(self.server.path)
        headers = {k: v for k, v in self.headers.items()
                   if k.lower() not in ("connection", "x-remote-user")}
        headers["X-Remote-User"] = self.server.user
        headers["Connection"] = "close"
        upstream.request(self.command, self.path, body or None, headers)
        answer = upstream.getresponse()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("connection", "transfer-encoding", "date"):
                self.send_header(name, value)
        self.end_headers()
        while chunk := answer.read1(65536):
            self.wfile.write(chunk)
            self.wfile.flush()
        upstream.close()

    do_GET = do_POST = do_HEAD = do_DELETE = do_PATCH = pass_on


class Element:
    def __init__(self, browser, handle):
        self.browser, self.path = browser, f"/element/{handle}"

    def click(self):
        self.browser.call("POST", self.path + "/click", {})

    def type(self, text):
        self.browser.call("POST", self.path + "/value", {"text": text})

    def clear(self):
        self.browser.call("POST", self.path + "/clear", {})

    def text(self):
        return self.browser.call("GET", self.path + "/text")

    def prop(self, name):
        return self.browser.call("GET", f"{self.path}/property/{name}")

    def choose(self, value):
        """An option of a select, by its value."""
        self.browser.run("arguments[0].value = arguments[1];"
                         "arguments[0].dispatchEvent(new Event('change', {bubbles: true}))",
                         self, value)


class Failed(Exception):
    pass


class Browser:
    def __init__(self, width=1280, height=900, flags=()):
        self.folder = tempfile.mkdtemp()
        self.driver = subprocess.Popen(
            ["chromedriver", "--port=0", f"--log-path={self.folder}/log"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env={**os.environ, "HOME": self.folder, "TZ": "UTC"})
        for line in self.driver.stdout:
            if "successfully on port " in line:
                self.port = int(line.split("on port ")[1].strip(" .\n"))
                break
        else:
            raise AssertionError("chromedriver does not start")
        threading.Thread(target=self.driver.stdout.read, daemon=True).start()
        options = {"args": ["--headless=new", "--no-sandbox", "--disable-gpu",
                            "--disable-dev-shm-usage", "--force-device-scale-factor=1",
                            "--no-proxy-server", "--lang=en",
                            f"--user-data-dir={self.folder}/profile",
                            f"--window-size={width},{height}", *flags]}
        self.session = ""
        self.session = "/session/" + self.call("POST", "/session", {
            "capabilities": {"alwaysMatch": {
                "goog:chromeOptions": options,
                "goog:loggingPrefs": {"browser": "ALL"},
                "unhandledPromptBehavior": "ignore"}}})["sessionId"]
        self.size(width, height)

    def call(self, method, path, body=None):
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2 * PATIENCE_S)
        link.request(method, self.session + path,
                     None if body is None else json.dumps(body),
                     {"Content-Type": "application/json"})
        answer = json.loads(link.getresponse().read())["value"]
        link.close()
        if isinstance(answer, dict) and "error" in answer:
            raise Failed(f"{answer['error']}: {answer['message'].splitlines()[0]}")
        return answer

    def end(self):
        try:
            self.call("DELETE", "")
        except (Failed, OSError):
            pass
        self.driver.terminate()
        self.driver.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def go(self, url):
        self.call("POST", "/url", {"url": url})

    def url(self):
        return self.call("GET", "/url")

    def path(self):
        return urllib.parse.urlsplit(self.url()).path

    def size(self, width, height):
        self.call("POST", "/goog/cdp/execute", {
            "cmd": "Emulation.setDeviceMetricsOverride",
            "params": {"width": width, "height": height, "deviceScaleFactor": 1,
                       "mobile": False}})

    def scheme(self, light_or_dark):
        self.call("POST", "/goog/cdp/execute", {
            "cmd": "Emulation.setEmulatedMedia",
            "params": {"features": [{"name": "prefers-color-scheme",
                                     "value": light_or_dark}]}})

    def run(self, script, *args):
        args = [{ELEMENT: a.path.rsplit("/", 1)[1]} if isinstance(a, Element) else a
                for a in args]
        return self.call("POST", "/execute/sync", {"script": script, "args": args})

    def all(self, css):
        return [Element(self, e[ELEMENT]) for e in self.call(
            "POST", "/elements", {"using": "css selector", "value": css})]

    def has(self, css):
        return bool(self.all(css))

    def one(self, css):
        """Waits for it."""
        return until(f"an element {css} in {self.url()}", lambda: self.all(css))[0]

    def text(self, css="body"):
        """What stands there; elements may be replaced while one looks."""
        return self.run("return document.querySelector(arguments[0])?.innerText || ''", css)

    def wait_text(self, css, part):
        return until(f"'{part}' in {css} of {self.url()}, which says '{self.text(css)}'",
                     lambda: part in self.text(css))

    def press(self, key):
        actions = [{"type": kind, "value": key} for kind in ("keyDown", "keyUp")]
        self.call("POST", "/actions", {"actions": [
            {"type": "key", "id": "keyboard", "actions": actions}]})

    def accept(self):
        until("a question", lambda: self.alert() is not None)
        self.call("POST", "/alert/accept", {})

    def alert(self):
        try:
            return self.call("GET", "/alert/text")
        except Failed:
            return None

    def complaints(self):
        """What the console says since the last time: errors of scripts, of the policy."""
        return [line["message"] for line in self.call("POST", "/se/log", {"type": "browser"})
                if line["level"] in ("SEVERE", "WARNING")]

    def picture(self, file):
        """Of the whole page."""
        shot = self.call("POST", "/goog/cdp/execute", {
            "cmd": "Page.captureScreenshot",
            "params": {"format": "png", "captureBeyondViewport": True}})
        with open(file, "wb") as out:
            out.write(base64.b64decode(shot["data"]))
