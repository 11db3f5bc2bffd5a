"""The dashboard without JavaScript; see dashboard-pages.sh."""

import json
import os
import re
import sqlite3

from dashboard import (HOSTILE, SITE, Client, Events, Form, jobctl, make_current,
                       new_version, offer, ok, report, show)

vera, otto, anna, adam = Client("vera"), Client("otto"), Client("anna"), Client("adam")
NEW = "52:54:00:aa:00:01"


def empty_pages_say_what_to_do_next():
    hints = {"/": "jobctl add --mac", "/new": "boot from the network",
             "/machines": "jobctl allow", "/images": "imgctl verify",
             "/networks": "10.77.0.0/24", "/stats": "jobctl stats",
             "/machines?show=drift": "jobctl machines --drift"}
    for path, hint in hints.items():
        vera.get(path)
        ok(f"{path}: {hint}", vera.status == 200 and hint in vera.text(), vera.page)
        ok(f"{path} refreshes itself", path in ("/images", "/stats") or
           '<noscript><meta http-equiv="refresh" content="10">' in vera.page)
    ok("there are no numbers but zero", set(re.findall(r'class="count">(\d+)<',
                                                       vera.get("/"))) == {"0"})
    ok("nobody has changed anything", "Nobody has changed anything" in
       (adam.get("/audit") and adam.text()), adam.page)


def each_role_sees_and_may_do_its_rows():
    queue, view = {"otto", "anna"}, {"vera", "otto", "edda", "adam", "anna"}
    pages = {"/": view, "/new": view, "/machines": view, "/images": view,
             "/networks": view, "/stats": view, "/audit": {"adam", "anna"},
             "/jobs/new": queue}
    posts = {"/jobs": 422, "/jobs/99/retry": 409, "/jobs/99/cancel": 409,
             "/jobs/99/hold": 409, "/jobs/99/release": 409, "/jobs/99/edit": 404,
             "/jobs/99/nothing": 404, "/machines/99/block": 409,
             "/jobs/99/wake": 409, "/machines/99/wake": 409,
             "/machines/99/retire": 409, "/machines/99/unretire": 409,
             "/machines/99/again": 409}
    edits = {"/images/debian/99/current": 404}
    for name in sorted(view | {"stranger"}):
        who = Client(name)
        csrf = who.csrf()
        got = {p for p in pages if who.ask("GET", p) == 200}
        ok.same(f"{name} sees", {p for p in pages if name in pages[p]}, got)
        got = {p: who.post(p, {"csrf": csrf}) for p in posts}
        ok.same(f"{name} may do", posts if name in queue else dict.fromkeys(posts, 403),
                got)
        got = {p: who.post(p, {"csrf": csrf}) for p in edits}
        ok.same(f"{name} may edit", edits if name in {"edda", "anna"} else dict.fromkeys(edits, 403),
                got)
        who.get("/")
        ok.same(f"{name} is offered a new job", name in queue, "/jobs/new" in who.page)
        ok.same(f"{name} is offered the audit", name in pages["/audit"],
                'href="/audit"' in who.page)
        ok.same(f"{name} may open the form of a job", 404 if name in queue else 403,
                who.ask("GET", "/jobs/99/edit"))
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


# Options of jobctl add that are no field of the form, and why.
ELSEWHERE = {
    "like": "the page of a machine installs it again",
    "next": "the page of a machine says what it boots once",
    "wake": "only jobctl and the API switch machines on",
    "dry-run": "the form is checked before anything is queued",
    "config": "of the program", "database": "of the program", "json": "of the program",
    "help": "of the program", "version": "of the program",
}


def every_option_of_jobctl_add_has_its_field():
    otto.get("/jobs/new")
    fields = set(re.findall(r' name="([\w-]+)"', otto.page))
    options = set(re.findall(r"^ +(?:-\w, )?--([a-z0-9-]+)", jobctl("add", "--help"), re.M))
    ok("there are many", len(options) > 40, options)
    options = {re.sub("-file$", "", option) for option in options}
    ok.same("each has one or a reason", [], sorted(options - fields - set(ELSEWHERE)))
    ok.same("and nothing else stands there", {"addressing", "csrf", "viewport"},
            fields - options)
    ok.same("no reason is stale", [], sorted(set(ELSEWHERE) - options))


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


def a_job_is_changed_before_it_begins():
    otto.get("/jobs/1")
    ok("there is a way to it", '<a class="button" href="/jobs/1/edit"' in otto.page)
    ok("which a viewer has not", "/jobs/1/edit" not in vera.get("/jobs/1"))
    otto.get("/jobs/1/edit")
    had = otto.form("/jobs/1/edit")
    wanted = {k: v for k, v in LINUX.items() if k not in ("mac", "serial", "uuid")}
    wanted.update({"password-hash": "", "image": "debian@1.0"})
    ok.same("the form has what the job has, and no secret", wanted,
            {k: had.get(k, "") for k in wanted})
    ok.same("nor what is the machine's", [], [k for k in ("mac", "serial", "uuid", "hold")
                                             if k in had])
    ok("a secret that is there says so", re.search(
        r'name="password-hash"[^>]*placeholder="\(unchanged\)"', otto.page), otto.page)
    wrong = {**had, "hostname": "no_host", "comment": "typed"}
    ok.same("what is wrong is refused", 422, otto.post("/jobs/1/edit", wrong))
    ok("beside the field, and nothing is lost", re.search(
        'id="f-hostname"[^>]*aria-invalid="true"', otto.page) and
       otto.form("/jobs/1/edit")["comment"] == "typed", otto.page)
    ok.same("nothing is changed by it", "pc-1", show(1)["job"]["hostname"])
    changed = {**had, "hostname": "pc-9", "comment": "", "addressing": "dhcp",
               "ssh-key": had["ssh-key"].replace("\n", "\r\n") + "\r\nssh-ed25519 CCCC three"}
    ok.same("changed", (303, "/jobs/1?said=changed"),
            (otto.post("/jobs/1/edit", changed), otto.where))
    job = show(1)
    ok.same("as it was typed", ("pc-9", None, None, None, 3),
            (job["job"]["hostname"], *(job["settings"].get(k) for k in (
                "comment", "address", "dns")), len(job["settings"]["ssh-key"])))
    ok.same("and nothing else", (True, "Europe/Vienna", "base", "ada"),
            (job["settings"].get("password-hash"), job["settings"]["timezone"],
             job["job"]["profile"], job["settings"]["user"]))
    last = json.loads(jobctl("audit", "--json"))["audit"][-1]["event"]
    ok("the record has what was and became", last["action"] == "edit" and
       last["actor"] == "otto" and "hostname: pc-1 -> pc-9" in last["text"] and
       "timezone" not in last["text"], last)
    ok.same("what somebody else has changed meanwhile is not overwritten", 412,
            otto.post("/jobs/1/edit", {**changed, "hostname": "pc-8"}))
    ok("at once", "has changed meanwhile" in otto.text() and
       otto.form("/jobs/1/edit")["hostname"] == "pc-8", otto.page)
    ok.same("but once more", 303, otto.post("/jobs/1/edit", {
        **otto.form("/jobs/1/edit"), "hostname": "pc-1"}))
    ok.same("it is", "pc-1", show(1)["job"]["hostname"])


def hold_and_release():
    otto.get("/jobs/1")
    otto.press("/jobs/1/hold")
    ok("held", "The job is held" in otto.text() and show(1)["job"]["held"], otto.page)
    ok("the queue says so", re.search('<tr id="job-1".*?class="state held".*?</tr>',
                                      vera.get("/"), re.S), vera.page)
    otto.get("/jobs/1")
    ok("it can be released, not held", not otto.form("/jobs/1/hold"), otto.page)
    otto.press("/jobs/1/release")
    ok("released", not show(1)["job"]["held"] and otto.form("/jobs/1/hold"), otto.page)


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


def the_time_left_is_that_of_others():
    add = ("add", "--image", "debian", "--mac")
    jobctl(*add, "52:54:00:aa:00:0a", "--hostname", "old-1")
    for state, step in (("booting", "script"), ("installing", "fetch"),
                        ("configuring", ""), ("done", "")):
        report(4, state, step=step)
    jobctl(*add, "52:54:00:aa:00:0b", "--hostname", "new-1")
    report(5, "installing", 20, "fetch")
    row = re.search(r'<tr id="job-5".*?</tr>', vera.get("/"), re.S).group(0)
    ok("the queue says it", ">1 min</span>" in row and "last installations" in row, row)
    vera.get("/jobs/5")
    ok("and the page of the job", "about 1 min left" in vera.text(), vera.page)
    ok("under way it can neither be held nor changed", not otto.form("/jobs/5/hold") and
       otto.ask("GET", "/jobs/5/edit") == 409 and "is installing" in otto.text(), otto.page)


def figures():
    page = vera.get("/stats")
    card = re.search(r'aria-label="debian@1.0 ".*?</section>', page, re.S)
    ok("the image has its card", card, page)
    for part in ("100 %", "1 done", "0 failed", "installing: fetch", "configuring"):
        ok(f"with {part}", part in re.sub(r"\s+", " ", card.group(0)), card.group(0))
    ok("that of the platform has the failure", re.search(
        r'aria-label="debian@1.0 kvm".*?1 failed', page, re.S), page)
    vera.get("/stats?last=day")
    ok("of the last day", 'href="/stats?last=day" aria-current' in vera.page and
       "debian@1.0" in vera.page, vera.page)


def what_a_machine_has_and_would_get():
    machine = show(4)["machine"]["id"]
    sums = re.findall(r"(\w{64})  rootfs", open(f"{SITE}/images/debian/1.0/MANIFEST",
                                                encoding="utf-8").read())
    page = vera.get(f"/machines/{machine}")
    ok("its record has names and hashes", "Names and hashes" in page and sums[0] in page,
       page)
    ok("so has the page of its job", sums[0] in vera.get("/jobs/4") and
       "Install record" in vera.page, vera.page)
    ok("it is not out of date", "Current is" not in page, page)
    new_version("debian", "1.0", "2.0")
    ok("it is after a new version", "Current is debian@2.0" in (
        vera.get(f"/machines/{machine}") and vera.text()), vera.page)
    ok("a viewer cannot change that", "/again" not in vera.page, vera.page)
    ok("it is listed so", f'id="machine-{machine}"' in vera.get("/machines?show=drift"),
       vera.page)
    otto.get(f"/machines/{machine}")
    otto.press(f"/machines/{machine}/again")
    ok.same("installed once more, from what is current", ("old-1", "debian@2.0", "queued"),
            tuple(show(6)["job"][k] for k in ("hostname", "image", "state")))
    ok("and not twice", otto.post(f"/machines/{machine}/again", {"csrf": otto.csrf()}) ==
       409 and "has job 6" in otto.text(), otto.page)
    make_current("debian", "1.0")
    ok("an active job keeps it in use", not (otto.get(f"/machines/{machine}") and
       otto.form(f"/machines/{machine}/retire")), otto.page)
    jobctl("cancel", "6")
    otto.get(f"/machines/{machine}")
    otto.press(f"/machines/{machine}/retire")
    ok("retired", "The machine is retired" in otto.text() and
       'class="state retired"' in otto.page, otto.page)
    ok("it gets no job", otto.post(f"/machines/{machine}/again", {"csrf": otto.csrf()}) ==
       409 and "retired" in otto.text(), otto.page)
    otto.get(f"/machines/{machine}")
    otto.press(f"/machines/{machine}/unretire")
    ok("and back", "in use again" in otto.text() and
       otto.form(f"/machines/{machine}/retire"), otto.page)


def what_a_machine_boots_once():
    machine = show(4)["machine"]["id"]
    otto.get(f"/machines/{machine}")
    otto.press(f"/machines/{machine}/next-menu")
    ok("the page says it", "it boots into the menu" in otto.text(), otto.page)
    ok.same("so does the plan", "menu", json.loads(jobctl(
        "explain", "--json", "52:54:00:aa:00:0a"))["plan"]["action"])
    otto.press(f"/machines/{machine}/next-clear")
    ok("and it is taken back", "it boots into the menu" not in otto.text() and
       otto.form(f"/machines/{machine}/next-menu"), otto.page)


def services_tell_that_they_run():
    alive = {"source": "pxeproxy", "site": "graz", "service": "pxeproxy", "version": "0.9"}
    Events.take({"event": "started", "host": "arm-1", "text": "on <eth0>", **alive},
                {"event": "alive", "host": "arm-2", "time": "2026-01-01T00:00:00.000Z", **alive},
                {"event": "started", "host": "arm-3", **alive},
                {"event": "stopped", "host": "arm-3", **alive})
    page = vera.get("/networks")
    rows = re.findall(r'<tr>(?:(?!</tr>).)*?arm-\d.*?</tr>', page, re.S)
    ok.same("up, down and stopped", [("arm-1", "up"), ("arm-2", "down"), ("arm-3", "stopped")],
            [(re.search(r"arm-\d", r).group(0), re.search(r'class="state (\w+)"', r).group(1))
             for r in rows])
    ok("with where and which version", "on &#60;eth0&#62;" in page and "0.9" in page, page)


def the_audit_is_read_and_verified():
    page = adam.get("/audit")
    ok("it is whole", re.search(r'class="state good">whole</span> \d+ lines', page), page)
    ok("with what was and became", "hostname: pc-1 -&#62; pc-9" in page, page)
    ok("and from where", "otto</b><small>bootweb" in page, page)
    forger = sqlite3.connect(f"{SITE}/db/jobs.db", timeout=60)
    guards = forger.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
                            " AND tbl_name = 'event'").fetchall()
    for name, _ in guards:
        forger.execute(f"DROP TRIGGER {name}")
    change = ("UPDATE event SET line = replace(line, ?, ?) WHERE seq ="
              " (SELECT event FROM audit WHERE number = 3)")
    forger.execute(change, ("otto", "vera"))
    forger.commit()
    ok("a forged line is named", "audit line 3 was changed" in (
        adam.get("/audit") and adam.text()) and 'role="alert"' in adam.page, adam.page)
    forger.execute(change, ("vera", "otto"))
    for _, sql in guards:
        forger.execute(sql)
    forger.commit()
    forger.close()
    ok("and only that one", "none changed or removed" in (adam.get("/audit") and
                                                          adam.text()), adam.page)


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
                 "/machines?show=drift", "/networks", "/stats", "/audit", "/jobs/new",
                 "/jobs/1/edit", "/jobs/4", f"/machines/{show(4)['machine']['id']}", "/jobs/1", "/jobs/2", "/nothing",
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
        if anna.status != 200:
            ok(f"{path}: kept by nobody", anna.headers.get("Cache-Control") == "no-store")
            continue
        ok.same(f"{path}: asked for again each time", "private, no-cache",
                anna.headers.get("Cache-Control"))


def what_one_has_is_not_sent_again():
    for path in ("/?show=cancelled", "/machines?q=nix", "/images", "/networks", "/jobs/new",
                 "/stats"):
        vera.get(path)
        who = vera if vera.status == 200 else otto
        who.get(path)
        known = {"If-None-Match": who.headers["ETag"]}
        ok.same(f"{path}: 304 and nothing", (304, "", known["If-None-Match"]),
                (who.ask("GET", path, headers=known), who.page, who.headers["ETag"]))
        ok.same(f"{path}: another's is sent", 200, anna.ask("GET", path, headers=known))
    otto.get("/networks")
    known = {"If-None-Match": otto.headers["ETag"]}
    offer("52:54:00:aa:00:77")
    ok.same("what has changed is sent", 200, otto.ask("GET", "/networks", headers=known))


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
        every_option_of_jobctl_add_has_its_field, every_field_is_stored,
        a_job_is_changed_before_it_begins, hold_and_release,
        windows_fields_too_and_no_secret_is_shown,
        progress_follows_the_reports, retry_and_cancel, the_time_left_is_that_of_others,
        figures, what_a_machine_has_and_would_get,
        what_a_machine_boots_once, services_tell_that_they_run, the_audit_is_read_and_verified,
        machines_are_found,
        images_and_networks, every_page_is_whole, what_one_has_is_not_sent_again, colours_have_contrast])
