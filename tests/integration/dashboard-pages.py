"""The dashboard without JavaScript; see dashboard-pages.sh."""

import json
import os
import re

from dashboard import (HOSTILE, Client, Events, Form, jobctl, offer, ok, report, show)

vera, otto, anna = Client("vera"), Client("otto"), Client("anna")
NEW = "52:54:00:aa:00:01"


def empty_pages_say_what_to_do_next():
    hints = {"/": "jobctl add --mac", "/new": "boot from the network",
             "/machines": "jobctl allow", "/images": "imgctl verify",
             "/networks": "10.77.0.0/24"}
    for path, hint in hints.items():
        vera.get(path)
        ok(f"{path}: {hint}", vera.status == 200 and hint in vera.text(), vera.page)
        ok(f"{path} refreshes itself", path == "/images" or
           '<noscript><meta http-equiv="refresh" content="10">' in vera.page)
    ok("there are no numbers but zero", set(re.findall(r'class="count">(\d+)<',
                                                       vera.get("/"))) == {"0"})


def each_role_sees_and_may_do_its_rows():
    queue, view = {"otto", "anna"}, {"vera", "otto", "edda", "adam", "anna"}
    pages = {"/": view, "/new": view, "/machines": view, "/images": view,
             "/networks": view, "/jobs/new": queue}
    posts = {"/jobs": 422, "/jobs/99/retry": 409, "/jobs/99/cancel": 409,
             "/jobs/99/nothing": 404, "/machines/99/block": 409}
    for name in sorted(view | {"stranger"}):
        who = Client(name)
        csrf = who.csrf()
        got = {p for p in pages if who.ask("GET", p) == 200}
        ok.same(f"{name} sees", {p for p in pages if name in pages[p]}, got)
        got = {p: who.post(p, {"csrf": csrf}) for p in posts}
        ok.same(f"{name} may do", posts if name in queue else dict.fromkeys(posts, 403),
                got)
        who.get("/")
        ok.same(f"{name} is offered a new job", name in queue, "/jobs/new" in who.page)
    ok.same("nothing changes by GET", 405, anna.ask("GET", "/jobs/1/cancel"))
    ok.same("nor without a token", 403, anna.post("/jobs/1/cancel", {}))
    ok.same("nor by another's", 403, anna.post("/jobs", {"csrf": otto.csrf()}))
    ok("a refusal is a page", "That is not yours to do" in
       (vera.post("/jobs", {"csrf": vera.csrf()}) and vera.text()), vera.page)
    ok("so is what is not there", anna.ask("GET", "/jobs/77") == 404 and
       "There is no such job" in anna.text(), anna.page)


def a_new_device_is_offered():
    offer(NEW, manufacturer="Acme", product=HOSTILE)
    page = otto.get("/new")
    ok("it is listed", NEW in page and "Acme" in page, page)
    ok("a page counts it", 'New devices <span class="count">1</span>' in vera.get("/"))
    ok("a viewer has no buttons", "<form" not in vera.get("/new"), vera.page)
    otto.get("/jobs/new")
    ok("the form offers its address", f'<option value="{NEW}">new: Acme' in otto.page)
    otto.get(f"/jobs/new?mac={NEW}")
    ok.same("and has it already from the list", NEW, otto.form("/jobs")["mac"])


def ignore_block_and_back():
    device = show_machine(NEW)["id"]
    otto.get("/new")
    otto.press(f"/machines/{device}/ignore")
    ok("ignored: it stands apart", "The device is not listed any more" in otto.text() and
       "/jobs/new?mac=" not in otto.page, otto.page)
    ok.same("ignored", "ignored", show_machine(NEW)["disposition"])
    otto.press(f"/machines/{device}/forget")
    otto.press(f"/machines/{device}/block")
    ok.same("blocked", "blocked", show_machine(NEW)["disposition"])
    plan = json.loads(jobctl("explain", "--json", NEW))
    ok.same("so that it gets no answer", "silent", plan["action"] if "action" in plan
            else plan["plan"]["action"])
    otto.press(f"/machines/{device}/forget")
    ok.same("and back", "new", show_machine(NEW)["disposition"])


def show_machine(mac):
    return next(m for m in json.loads(jobctl("machines", "--json"))["machines"]
                if m["mac"] == mac)


LINUX = {"mac": NEW, "image": "debian", "hostname": "pc-1", "addressing": "static",
         "address": "10.77.0.7/24", "gateway": "10.77.0.1", "dns": "10.77.0.2\n10.77.0.3",
         "user": "ada", "password-hash": "$6$salt$" + "x" * 86,
         "ssh-key": "ssh-ed25519 AAAA one\nssh-ed25519 BBBB two", "locale": "de_AT.UTF-8",
         "timezone": "Europe/Vienna", "keyboard": "de", "disk": "serial=S1",
         "arguments": "quiet a=\"b\"", "comment": "for <b>Ada</b> & co",
         "network": "lab", "platform": "kvm", "profile": "base", "serial": "SN-1",
         "uuid": "4c4c4544-0042-3510-8052-b4c04f4e5931"}


def nothing_typed_is_lost_on_error():
    otto.get("/jobs/new")
    wrong = {**otto.form("/jobs"), **LINUX, "hostname": "no_host", "address": "10.0.0.300/24",
             "mac": "52:54"}
    ok.same("refused", 422, otto.post("/jobs", wrong))
    kept = otto.form("/jobs")
    lost = {k: (v, kept.get(k)) for k, v in wrong.items()
            if kept.get(k, "").replace("\r", "") != v}
    ok.same("all that was typed is still there", {}, lost)
    for field in ("hostname", "address", "mac"):
        ok(f"{field} has its complaint beside it", re.search(
            rf'id="f-{field}"[^>]*aria-invalid="true".*?id="h-{field}"><span class="why">[^<]',
            otto.page, re.S), otto.page)
    ok("and the page says so first", 'role="alert"' in otto.page)
    ok.same("static wants an address", 422,
            otto.post("/jobs", {**wrong, **LINUX, "address": ""}))
    ok("and says so", re.search('id="h-address"><span class="why">', otto.page), otto.page)
    ok.same("nothing was added", [], json.loads(jobctl("list", "--json"))["jobs"])


def every_field_is_stored():
    otto.get("/jobs/new")
    ok.same("added", 303, otto.post("/jobs", {**otto.form("/jobs"), **LINUX}))
    ok.same("and shown", "/jobs/1?said=added", otto.where)
    job = show(1)
    columns = {"image": "debian@1.0", "hostname": "pc-1", "network": "lab",
               "platform": "kvm", "profile": "base", "mac": NEW}
    ok.same("the job", columns, {k: job["job"][k] for k in columns})
    ok.same("the machine", (LINUX["serial"], LINUX["uuid"]),
            (job["machine"]["serial"], job["machine"]["uuid"]))
    wanted = {k: v.split("\n") if k in ("dns", "ssh-key") else v for k, v in LINUX.items()
              if k not in columns and k not in ("addressing", "serial", "uuid")}
    wanted["password-hash"] = True
    got = {k: job["settings"].get(k) for k in wanted}
    ok.same("the settings", wanted, got)
    ok.same("again is refused beside the field", 409, otto.post("/jobs", {
        **LINUX, "hostname": "pc-2", "csrf": otto.csrf()}))
    ok("with the job that is in the way", "has job 1" in otto.text(), otto.page)
    otto.get("/new")
    ok("it is no new device any more", NEW not in otto.page, otto.page)


WINDOWS = {"mac": "52:54:00:aa:00:02", "image": "win", "edition": "Windows Server Standard",
           "hostname": "SRV1", "join": "corp.example", "join-ou": "OU=S,DC=corp,DC=example",
           "join-user": "joiner", "join-password": "Jo1n-secret", "rdp": "yes",
           "recovery": "no", "admin-password": "Adm1n-secret!", "user": "bob",
           "user-password": "B0b-secret!", "agent": "http://10.77.0.1/agent.msi",
           "agent-sha256": "ab" * 32, "agent-arguments": "/quiet",
           "command": "echo one\necho two", "role": "Web-Server", "transport": "http"}


def windows_fields_too_and_no_secret_is_shown():
    otto.get("/jobs/new")
    ok.same("added", 1, otto.post("/jobs", {**otto.form("/jobs"), **WINDOWS}) in (201, 303)
            or otto.page)
    settings = show(2)["settings"]
    wanted = {k: v for k, v in WINDOWS.items() if k not in ("mac", "image", "hostname")}
    wanted.update({k: True for k in wanted if k.endswith("password")})
    wanted.update(command=["echo one", "echo two"], role=["Web-Server"])
    flags = {k: {True: "yes", False: "no"}.get(settings.get(k), settings.get(k))
             for k in ("rdp", "recovery")}
    ok.same("stored", wanted, {**{k: settings.get(k) for k in wanted}, **flags})
    page = anna.get("/jobs/2")
    files = re.findall(r'href="(/jobs/2/files/[^"]+)"', page)
    ok("its files are listed", "/jobs/2/files/unattend.xml" in files, files)
    for file in files:
        page += vera.get(file + "?raw=1") + vera.get(file)
    ok("the answer file is among them", "corp.example" in vera.get(
        "/jobs/2/files/unattend.xml?raw=1"), vera.page)
    ok("masked", "********" in vera.page)
    ok.same("no secret is in any of them", [], re.findall(
        "Jo1n-secret|Adm1n-secret|B0b-secret", page))
    ok.same("no token either", [], re.findall(r"/j/(?!\*{8})[^/\s<]{8,}", page))
    made = {**WINDOWS, "mac": "52:54:00:aa:00:03", "hostname": "SRV2", "csrf": otto.csrf()}
    del made["admin-password"]
    ok.same("a password that is made", 201, otto.post("/jobs", made))
    ok("is shown once", re.search(r'id="made">\w{4}-\w{4}-', otto.page), otto.page)


def progress_follows_the_reports():
    report(1, "installing", 37, "fetch", HOSTILE, step_n=3, step_of=7)
    row = re.search(r'<tr id="job-1".*?</tr>', vera.get("/"), re.S).group(0)
    for part in ("pc-1", NEW, "debian@1.0", "lab", 'value="37"', "fetch (3 of 7)"):
        ok(f"the row has {part}", part in row, row)
    ok("hostile text is text", "&#60;script&#62;alert(1)" in row and
       "<script>" not in row, row)
    Events.take({"event": "transfer", "source": "tftpd-lite", "mac": NEW, "job": 1,
                 "file": "ipxe.efi", "octets": 1034240, "ms": 1400, "status": 0})
    report(1, "installing", 50, "write", "half", step_n=4, step_of=7)
    page = vera.get("/jobs/1")
    ok("the timeline is drawn", len(re.findall(r'<rect x="[\d.]+%" y="\d" width="[\d.]+%"',
                                               page)) >= 4, page)
    ok("nothing is guessed from nothing", "about" not in vera.text(), page)
    for phase in ("installing: fetch", "installing: write", "ipxe.efi"):
        ok(f"phase {phase}", phase in page, page)
    widths = [(float(x), float(w)) for x, w in re.findall(
        r'<rect x="([\d.]+)%" y="\d" width="([\d.]+)%"', page)]
    ok("inside the picture", all(0 <= x and x + w <= 100.001 for x, w in widths), widths)


def retry_and_cancel():
    ok("under way it can be cancelled, not retried", otto.get("/jobs/1") and
       otto.form("/jobs/1/cancel") and not otto.form("/jobs/1/retry"), otto.page)
    report(1, "failed", 50, "write", "no space left")
    ok("failed: the queue says why", "no space left" in vera.get("/?show=failed"))
    ok("a viewer cannot retry", "/retry" not in vera.page, vera.page)
    otto.get("/?show=failed")
    otto.press("/jobs/1/retry")
    ok("queued again", "The job is queued again" in otto.text() and
       show(1)["job"]["state"] == "queued", otto.page)
    ok("both attempts are there", len(re.findall(r'href="/jobs/1\?attempt=\d"',
                                                 otto.page)) == 2, otto.page)
    ok("the old one is drawn", "installing: write" in vera.get("/jobs/1?attempt=1"))
    otto.get("/jobs/1")
    otto.press("/jobs/1/cancel")
    ok.same("cancelled", "cancelled", show(1)["job"]["state"])
    otto.post("/jobs/1/cancel", {"csrf": otto.csrf()})
    ok("twice is refused in words", otto.status == 409 and "cancelled" in otto.text(),
       otto.page)
    ok.same("by the name of who did it", 2, len(re.findall(
        r"otto.* (?:retry|cancel) ", jobctl("events", "--job", "1"))))


def machines_are_found():
    offer("52:54:00:aa:00:09", product=HOSTILE, serial="SN-9")
    ok("by a part of the MAC", "pc-1" in vera.get("/machines?q=AA:00:01"))
    ok("by serial", "pc-1" in vera.get("/machines?q=sn-1"), vera.page)
    ok("or not", "No machine fits “nix&lt;”".replace("&lt;", "&#60;") in
       vera.get("/machines?q=nix%3C"), vera.page)
    machine = show(1)["machine"]["id"]
    page = vera.get(f"/machines/{machine}")
    ok("one has its jobs and names", all(t in page for t in (
        NEW, LINUX["uuid"], "SN-1", "/jobs/1")), page)


def images_and_networks():
    page = vera.get("/images")
    ok("versions and kinds", all(t in page for t in ("debian", "1.0", "rootfs", "current",
                                                     "Windows Server Standard")), page)
    ok("not verified yet", "never" in vera.text(), page)
    page = vera.get("/networks")
    ok("the network and its policy", all(t in page for t in ("10.77.0.0/24", "known",
                                                             "silent")), page)


def every_page_is_whole():
    machine = show(1)["machine"]["id"]
    for path in ("/", "/?show=all", "/new", "/machines", f"/machines/{machine}", "/images",
                 "/networks", "/jobs/new", "/jobs/1", "/jobs/2", "/nothing",
                 "/jobs/2/files/unattend.xml"):
        anna.get(path)
        form = Form(anna.page)
        ok.same(f"{path}: its tags fit together", [], form.faults)
        code = [t for t in form.tags if t[0] in ("style", "img") or "style" in t[1] or
                (t[0] == "script" and t[1].get("src") != "/static/app.js") or
                any(a.startswith("on") for a in t[1])]
        ok.same(f"{path}: nothing for the policy to refuse", [], code)
        labels = {t[1]["for"] for t in form.tags if t[0] == "label" and "for" in t[1]}
        bare = [t[1] for t in form.tags if t[0] in ("input", "select", "textarea") and
                t[1].get("type") != "hidden" and t[1].get("id") not in labels]
        ok.same(f"{path}: each field has its label", [], bare)
        ids = [t[1]["id"] for t in form.tags if t[1].get("id")]
        ok.same(f"{path}: ids are single", sorted(set(ids)), sorted(ids))
        ok(f"{path}: kept by nobody", anna.headers.get("Cache-Control") == "no-store")


def luminance(colour):
    parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    parts = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def colours_have_contrast():
    """WCAG 2: 4.5 for text, 3 for what one must tell apart."""
    css = open(os.environ["srcdir"] + "/tools/bootweb/www/app.css", encoding="utf-8").read()
    colours = dict((name, pair) for name, *pair in re.findall(
        r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\);", css))
    text = [(ink, paper) for ink in ("ink", "muted", "accent", "good", "warn", "bad")
            for paper in ("bg", "surface", "raised")]
    text += [("on-accent", "accent"), ("ink", "track")]
    shapes = [(edge, paper) for edge in ("edge", "accent", "good", "bad", "step")
              for paper in ("surface", "bg")] + [(fill, "track") for fill in
                                                 ("accent", "good", "step", "bad")]
    for want, pairs in ((4.5, text), (3.0, shapes)):
        for ink, paper in pairs:
            for theme, name in enumerate(("light", "dark")):
                a, b = sorted((luminance(colours[ink][theme]),
                               luminance(colours[paper][theme])))
                ratio = (b + 0.05) / (a + 0.05)
                ok(f"{name}: {ink} on {paper}: {ratio:.1f}", ratio >= want)
    ok.same("no colour is said anywhere else", [], re.findall(
        r"#[0-9a-fA-F]{3,8}\b", re.sub(r"--[\w-]+: light-dark\([^)]*\);", "", css)))


ok.run([empty_pages_say_what_to_do_next, each_role_sees_and_may_do_its_rows,
        a_new_device_is_offered, ignore_block_and_back, nothing_typed_is_lost_on_error,
        every_field_is_stored, windows_fields_too_and_no_secret_is_shown,
        progress_follows_the_reports, retry_and_cancel, machines_are_found,
        images_and_networks, every_page_is_whole, colours_have_contrast])
