"""Reads the answers that bootweb gave as their readers do, and says what differs.

answers_judge.py KIND FILE WANTED: KIND is autoinstall, cloud-init, preseed or
kickstart; WANTED is JSON: hostname, user, hash, keys, locale, timezone, keyboard,
packages, commands, url, mac.
"""
import json
import re
import shlex
import sys

kind, path, wanted = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
text = open(path, encoding="utf-8").read()
wrong = 0


def same(what, want, have):
    global wrong
    if want != have:
        print("%s: wanted %r, got %r" % (what, want, have))
        wrong += 1


def judge_autoinstall():
    import yaml
    same("head", "#cloud-config", text.splitlines()[0])
    a = yaml.safe_load(text)["autoinstall"]
    same("version", 1, a["version"])
    known = {"version", "early-commands", "late-commands", "error-commands", "locale",
             "keyboard", "timezone", "network", "storage", "ssh", "identity", "packages",
             "user-data"}
    same("sections", set(), set(a) - known)
    same("identity", {"hostname": wanted["hostname"].split(".")[0],
                      "username": wanted["user"], "password": wanted["hash"]},
         a["identity"])
    same("keys", wanted["keys"], a["ssh"]["authorized-keys"])
    same("locale", wanted["locale"], a["locale"])
    same("timezone", wanted["timezone"], a["timezone"])
    same("keyboard", {"layout": wanted["keyboard"]}, a["keyboard"])
    same("packages", wanted["packages"], a["packages"])
    same("card", {"macaddress": wanted["mac"]}, a["network"]["ethernets"]["boot"]["match"])
    same("address", [wanted["address"]], a["network"]["ethernets"]["boot"]["addresses"])
    same("router", [{"to": "0.0.0.0/0", "via": wanted["gateway"]}],
         a["network"]["ethernets"]["boot"]["routes"])
    same("name servers", wanted["dns"],
         a["network"]["ethernets"]["boot"]["nameservers"]["addresses"])
    same("disk", "/dev/pxekit-names-it", a["storage"]["layout"]["match"]["path"])
    same("first", wanted["url"] + "/installer.sh", a["early-commands"][0][-1])
    for name in ("early-commands", "late-commands", "error-commands"):
        for command in a[name]:
            same(name, [str] * len(command), [type(word) for word in command])
    same("fqdn", wanted["hostname"], a["user-data"]["fqdn"])


def judge_cloud_init():
    import yaml
    c = yaml.safe_load(text)
    root, user = c["users"]
    same("hostname", wanted["hostname"].split(".")[0], c["hostname"])
    same("fqdn", wanted["hostname"], c["fqdn"])
    same("root's keys", wanted["keys"], root["ssh_authorized_keys"])
    same("keys", wanted["keys"], user["ssh_authorized_keys"])
    same("user", wanted["user"], user["name"])
    same("hash", wanted["hash"], user["passwd"])
    same("locale", wanted["locale"], c["locale"])
    same("timezone", wanted["timezone"], c["timezone"])
    same("packages", wanted["packages"], c["packages"])
    same("commands", [["sh", "-c", x] for x in wanted["commands"]], c["runcmd"][2:-1])
    same("url", ["pxekit_url", wanted["url"]], c["runcmd"][1])


def questions():
    """As debconf-set-selections reads them."""
    lines = (line for line in text.split("\n") if not line.startswith("#"))
    joined = re.sub(r"\\\n", " ", "\n".join(lines))
    for line in joined.split("\n"):
        match = re.match(r"\s*(\S+)\s+(\S+)\s+(\S+)(?:\s(.*))?$", line)
        if match:
            yield match.group(2), (match.group(3), match.group(4) or "")
        elif line.strip():
            same("line", "OWNER QUESTION TYPE VALUE", line)


def judge_preseed():
    q = dict(questions())
    same("locale", ("string", wanted["locale"]), q["debian-installer/locale"])
    same("keyboard", ("select", wanted["keyboard"]), q["keyboard-configuration/xkb-keymap"])
    same("timezone", ("string", wanted["timezone"]), q["time/zone"])
    same("user", ("string", wanted["user"]), q["passwd/username"])
    same("hash", ("password", wanted["hash"]), q["passwd/user-password-crypted"])
    same("disk", ("string", "/dev/pxekit-names-it"), q["partman-auto/disk"])
    same("packages", wanted["packages"],
         [p for p in q["pkgsel/include"][1].split() if p not in ("openssh-server", "sudo")])


def judge_kickstart():
    """As pykickstart splits it; a command may be said once but for these."""
    said, section, inside = {}, None, {}
    for line in text.split("\n"):
        if section is not None:
            if line.startswith("%end"):
                section = None
            else:
                inside[section].append(line)
            continue
        words = shlex.split(line, comments=True)
        if not words:
            continue
        if words[0].startswith("%") and words[0] != "%include":
            section = words[0]
            inside[section] = []
            continue
        said.setdefault(words[0], []).append(words[1:])
    same("sections end", None, section)
    same("commands", {"lang", "keyboard", "timezone", "network", "rootpw", "user", "sshkey",
                      "firstboot", "zerombr", "%include", "autopart", "reboot"}, set(said))
    same("sections", ["%packages", "%pre", "%post", "%onerror"], list(inside))
    same("lang", [[wanted["locale"]]], said["lang"])
    same("keyboard", [["--xlayouts=" + wanted["keyboard"]]], said["keyboard"])
    same("timezone", [["--utc", wanted["timezone"]]], said["timezone"])
    same("user", [["--name=" + wanted["user"], "--groups=wheel", "--iscrypted",
                   "--password=" + wanted["hash"]]], said["user"])
    same("keys", [w for k in wanted["keys"] for w in (["--username=root", k],
                                                      ["--username=" + wanted["user"], k])],
         said["sshkey"])
    same("network", [["--device=" + wanted["mac"], "--onboot=yes", "--bootproto=static",
                      "--ip=" + wanted["address"].split("/")[0], "--netmask=255.255.255.0",
                      "--gateway=" + wanted["gateway"],
                      "--nameserver=" + ",".join(wanted["dns"]),
                      "--hostname=" + wanted["hostname"]]], said["network"])
    same("packages", ["@core"] + wanted["packages"], inside["%packages"])
    same("disk", [["/tmp/pxekit-disk.ks"]], said["%include"])


{"autoinstall": judge_autoinstall, "cloud-init": judge_cloud_init,
 "preseed": judge_preseed, "kickstart": judge_kickstart}[kind]()
sys.exit(wrong > 0)
