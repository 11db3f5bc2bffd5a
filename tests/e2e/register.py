"""register.py PASSWORD JOBCTL DIR -- MACHINE...: types on the keyboard of a machine and reads
its screen, which is on the serial line, for register.sh; prints TAP."""

import json
import os
import select
import socket
import subprocess
import sys
import time

import pyte

PATIENCE_S = 300  # machines are slow; who waits so long has failed
# What QEMU calls the keys of an American keyboard, and what stands above each.
NAMES = {
    " ": "spc", "-": "minus", "=": "equal", "[": "bracket_left", "]": "bracket_right",
    "\\": "backslash", ";": "semicolon", "'": "apostrophe", "`": "grave_accent",
    ",": "comma", ".": "dot", "/": "slash",
}
UPPER = dict(zip("!@#$%^&*()_+{}|:\"~<>?", "1234567890-=[]\\;'`,./"))


def key_of(letter):
    if letter in UPPER:
        return "shift-" + key_of(UPPER[letter])
    if letter.isupper():
        return "shift-" + letter.lower()
    return NAMES.get(letter, letter)


class Console:
    """A machine, its 80 by 25 screen, and its keyboard."""

    def __init__(self, argv, folder):
        self.log = open(f"{folder}/console.log", "wb")
        self.path, self.monitor = f"{folder}/monitor", None
        self.machine = subprocess.Popen(
            [*argv, f"--monitor={self.path}"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            bufsize=0,
        )
        self.screen = pyte.Screen(80, 25)
        self.stream = pyte.ByteStream(self.screen)

    def text(self):
        return "\n".join(line.rstrip() for line in self.screen.display)

    def read(self, seconds):
        """True if the machine wrote something within that time."""
        if not select.select([self.machine.stdout], [], [], seconds)[0]:
            return False
        octets = os.read(self.machine.stdout.fileno(), 65536)
        if not octets:
            raise AssertionError("the machine ended")
        self.log.write(octets)
        self.log.flush()
        self.stream.feed(octets)
        return True

    def until(self, what, holds):
        end = time.monotonic() + PATIENCE_S
        while not holds(self.text()):
            if time.monotonic() > end:
                raise AssertionError(f"waited in vain for: {what}")
            self.read(1)

    def sees(self, *words):
        self.until(" and ".join(words), lambda text: all(w in text for w in words))

    def press(self, key):
        """One key, and what the machine then shows: each of them moves at least the cursor."""
        if not self.monitor:
            self.monitor = socket.socket(socket.AF_UNIX)
            self.monitor.connect(self.path)
        self.monitor.sendall(f"sendkey {key} 20\n".encode())
        end = time.monotonic() + PATIENCE_S
        while not self.read(1):
            if time.monotonic() > end:
                raise AssertionError(f"nothing came of the key {key!r}")

    def type(self, text):
        for letter in text:
            self.press(key_of(letter))

    def sign_in(self, user, password, before=""):
        """The name that was typed before stands there still."""
        self.sees("Username:", "Password:")
        for _ in before:
            self.press("backspace")
        self.type(user)
        self.press("tab")
        self.type(password)
        self.press("ret")


class Story:
    def __init__(self, console, jobctl, password):
        self.console, self.jobctl, self.password = console, jobctl, password
        self.count = 0

    def holds(self, what):
        self.count += 1
        print(f"ok {self.count} - {what}", flush=True)

    def jobs(self):
        text = subprocess.check_output([self.jobctl, "list", "--json"])
        return [(j["hostname"], j["image"], j["state"]) for j in json.loads(text)["jobs"]]

    def tell(self):
        c = self.console
        c.sees("Boot from the local disk", "Add this machine")
        c.press("down")
        c.press("ret")
        c.sign_in("otto", "not this one")
        c.sees("Host name:")
        self.holds("the menu leads to a form that asks who one is")
        c.type("web-13")
        c.press("ret")
        c.sees("What shall 52:54:00:65:d5:13 be?", "disc@1", "another@1", "third@1")
        c.press("ret")
        c.sees("Wrong user or password.")
        assert not self.jobs()
        self.holds("a wrong password is called one")
        c.press("spc")
        c.sign_in("vera", self.password, before="otto")
        c.sees("Host name:")
        c.type("web-13")
        c.press("ret")
        c.sees("What shall", "disc@1")
        c.press("ret")
        c.sees("This wants the right to queue.")
        assert not self.jobs()
        self.holds("who may not queue is told so, and any password that can be typed arrives")
        c.press("spc")
        c.sign_in("otto", self.password, before="vera")
        c.sees("Host name:")
        c.type("not_a_name")
        c.press("ret")
        c.sees("What shall", "disc@1")
        c.press("ret")
        c.sees("not_a_name", "Press any key")
        assert not self.jobs()
        self.holds("a host name that is none is called one")
        c.press("spc")
        c.sees("Host name:")
        c.type("web-13")
        c.press("ret")
        c.sees("What shall", "disc@1")
        c.press("down")
        c.press("ret")
        c.sees("job 1: disc@1")
        self.holds("the job is there")
        c.sees("the disc boots")
        self.holds("and the machine boots what was chosen")
        c.until("its end", lambda _: self.jobs() == [("web-13", "disc@1", "done")])
        self.holds("by its job")


def main(password, jobctl, folder, *argv):
    console = Console(argv[1:], folder)
    story = Story(console, jobctl, password)
    try:
        story.tell()
        return 0
    except AssertionError as why:
        print(f"not ok {story.count + 1} - {why}")
        print("\n".join("# " + line for line in console.text().splitlines()))
        return 1
    finally:
        print(f"1..{story.count}")
        console.machine.terminate()
        console.machine.wait()


sys.exit(main(*sys.argv[1:]))
