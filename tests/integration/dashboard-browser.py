"""The dashboard in a real browser; see dashboard-browser.sh."""

import os
import re

import dashboard
import wcag
from dashboard import Events, HOSTILE, SOCKET, jobctl, new_version, offer, ok, report, show
from webdriver import Browser, Front, until

SHOTS = os.environ["SHOTS"]
NEW = "52:54:00:bb:00:01"
OTHER = "52:54:00:bb:00:02"
front = Front(SOCKET, "otto")
browser = Browser()


def state(job):
    return show(job)["job"]["state"]


def sound(what):
    """No script failed, and the policy had nothing to refuse."""
    bad = [c for c in browser.complaints() if "the server responded with a status" not in c]
    ok.same(f"{what}: the console is silent", [], bad)


def go(path):
    browser.go(front.url + path)
    browser.one("html[data-ready]")


def fits(what):
    """Nothing sticks out at the right."""
    ok(f"{what} is no wider than the screen", browser.run(
        "return document.documentElement.scrollWidth <= innerWidth"), browser.run(
        "return [...document.querySelectorAll('main *')].filter(e => "
        "e.getBoundingClientRect().right > innerWidth && !e.closest('.scroll, .tabs, nav'))"
        ".map(e => e.outerHTML.slice(0, 120)).slice(0, 5).join('\\n')"))


def pictures(name, path, prepare=lambda: None):
    """Light, dark and on a phone, for people to look at."""
    for look, scheme, width, height in (("light", "light", 1280, 900),
                                        ("dark", "dark", 1280, 900),
                                        ("phone", "light", 360, 740)):
        browser.size(width, height)
        browser.scheme(scheme)
        browser.run("localStorage.clear()")
        go(path)
        prepare()
        fits(f"{name} ({look})")
        tall = browser.run("return document.documentElement.scrollHeight")
        browser.size(width, max(height, min(tall, 4000)))
        browser.picture(f"{SHOTS}/{name}-{look}.png")
        ok.same(f"{name} ({look}): WCAG 2.2 AA", [],
                wcag.complaints(browser, keys=look == "light"))
    dark = browser.run("return getComputedStyle(document.body).backgroundColor")
    browser.size(1280, 900)
    browser.scheme("light")
    sound(name)
    return dark


def an_empty_queue():
    go("/")
    ok("says what to do", "jobctl add --mac" in browser.text("main"))
    pictures("empty", "/")


def a_new_device_appears_by_itself():
    go("/new")
    ok("no device yet", "No unknown device has asked" in browser.text("main"))
    browser.run("window.stays = true")
    offer(NEW, manufacturer="Acme", product=HOSTILE)
    browser.wait_text("main", NEW)
    ok("without a new page", browser.run("return window.stays"))
    ok("and is counted", "1" in browser.text(".top nav .count"))
    ok("what strangers say is text", not browser.has("main script, main img") and
       "<script>alert(1)" in browser.text("main"))
    ok.same("nothing of it ran", None, browser.alert())
    sound("new devices")
    pictures("devices", "/new")


def a_job_is_created_in_the_dialog():
    go("/new")
    browser.one(f'tr a[href*="{NEW.replace(":", "%3A")}"]').click()
    browser.one("dialog[open] #job-form")
    ok.same("the address is filled in", NEW, browser.one("dialog #f-mac").prop("value"))
    browser.one("dialog #f-hostname").type("bad_name")
    browser.one("dialog #f-image").choose("debian")
    browser.one("dialog #f-addressing").choose("static")
    browser.one("dialog #f-address").type("10.77.0.9/24")
    browser.one("dialog button.main").click()
    browser.one("dialog #h-hostname .why")
    ok("the complaint stands beside the field",
       browser.has("dialog .field.bad #f-hostname[aria-invalid]"))
    ok("and has the focus", browser.run("return document.activeElement.id") == "wrong")
    browser.picture(f"{SHOTS}/dialog-wrong.png")
    ok.same("nothing typed is lost", ["bad_name", "debian", "static", "10.77.0.9/24"],
            [browser.one(f"dialog #f-{f}").prop("value")
             for f in ("hostname", "image", "addressing", "address")])
    browser.one('dialog #wrong a[href="#f-hostname"]').click()
    ok.same("its name leads there", "f-hostname",
            browser.run("return document.activeElement.id"))
    browser.one("dialog #f-hostname").clear()
    browser.one("dialog #f-hostname").type("pc-7")
    browser.one("dialog button.main").click()
    until("the page of the job", lambda: browser.path() == "/jobs/1")
    ok("the job is there", "waits for its machine" in browser.text(".notice"))
    ok.same("as it was said", ("pc-7", "debian@1.0", "10.77.0.9/24"),
            (show(1)["job"]["hostname"], show(1)["job"]["image"],
             show(1)["settings"]["address"]))
    sound("the dialog")


def progress_moves():
    go("/")
    browser.run("window.stays = true")
    for percent, step in ((12, "disk"), (37, "fetch"), (61, "write")):
        report(1, "installing", percent, step, f"{step} goes on", step_n=3, step_of=7)
        browser.wait_text("#job-1", f"{percent} %")
        ok.same(f"the bar is at {percent}", percent,
                browser.one("#job-1 progress").prop("value"))
        ok(f"the step is {step}", f"{step} (3 of 7): {step} goes on" in
           browser.text("#job-1"))
    ok("all on one page", browser.run("return window.stays"))
    until("the stream is open", lambda: browser.has("html[data-stream=open]"))
    ok("by the stream of events", "Live" in browser.text("#stream"))
    browser.run("refresh()")
    until("what is known is not sent again", lambda: browser.has("html[data-answer='304']"))
    browser.run("document.querySelector('#job-1 a').focus()")
    report(1, "installing", 70, "write", "further")
    browser.wait_text("#job-1", "70 %")
    ok.same("the focus stays", "pc-7", browser.run("return document.activeElement.innerText"))
    sound("live")
    pictures("queue", "/")
    pictures("job", "/jobs/1")


def retry_after_failure():
    go("/jobs/1")
    report(1, "failed", 70, "write", "no space left on /dev/vda")
    browser.wait_text("main h1", "failed")
    ok("the reason is there", "no space left on /dev/vda" in browser.text("main"))
    browser.picture(f"{SHOTS}/job-failed.png")
    browser.one('form[action="/jobs/1/retry"] button').click()
    browser.wait_text(".notice", "queued again")
    ok.same("queued, attempt 2", ("queued", 2),
            (state(1), show(1)["job"]["attempt"]))
    report(1, "installing", 5, "disk", "", attempt=2)
    browser.wait_text(".hero", "5 %")
    browser.one('form[action="/jobs/1/cancel"] button').click()
    until("the question", lambda: browser.alert())
    browser.accept()
    until("cancelled", lambda: state(1) == "cancelled")
    browser.wait_text("main h1", "cancelled")
    sound("retry")


def edit_hold_and_release():
    go("/jobs/1")
    browser.one('a[href="/jobs/1/edit"]').click()
    browser.one("dialog[open] #job-form")
    ok.same("the dialog has what the job has", ("pc-7", "debian@1.0", "10.77.0.9/24"),
            tuple(browser.one(f"dialog #f-{f}").prop("value")
                  for f in ("hostname", "image", "address")))
    ok.same("and its name", "Edit job 1", browser.one("dialog").prop("ariaLabel"))
    browser.one("dialog #f-hostname").clear()
    browser.one("dialog #f-hostname").type("pc-8")
    browser.one("dialog #f-addressing").choose("dhcp")
    browser.picture(f"{SHOTS}/dialog-edit.png")
    browser.one("dialog button.main").click()
    browser.wait_text(".notice", "was changed")
    ok.same("it is changed", ("pc-8", None), (show(1)["job"]["hostname"],
                                              show(1)["settings"].get("address")))
    browser.one('form[action="/jobs/1/retry"] button').click()
    browser.wait_text(".notice", "queued again")
    browser.one('form[action="/jobs/1/hold"] button').click()
    browser.wait_text("main h1", "held")
    ok("held", show(1)["job"]["held"])
    browser.one('form[action="/jobs/1/release"] button').click()
    browser.wait_text(".notice", "released")
    ok("and released", not show(1)["job"]["held"])
    jobctl("cancel", "1")
    browser.wait_text("main h1", "cancelled")
    sound("edit")


def block_and_unblock():
    offer(OTHER, product="Laptop")
    go("/new")
    browser.wait_text("main", OTHER)
    browser.one('tr form[action$="/block"] button').click()
    browser.wait_text(".notice", "blocked")
    machines = jobctl("machines", "--json")
    ok("blocked", re.search(rf'"mac":"{OTHER}".*?"disposition":"blocked"|'
                            rf'"disposition":"blocked"[^}}]*"mac":"{OTHER}"', machines),
       machines)
    browser.one("summary").click()
    browser.one('form[action$="/forget"] button').click()
    browser.wait_text("main tbody", OTHER)
    ok("and back", browser.has('tr form[action$="/block"]'))


def each_role_sees_its_buttons():
    sees = {"vera": (False, False), "otto": (True, True), "edda": (False, False),
            "adam": (False, False), "anna": (True, True)}
    for user, wanted in sees.items():
        front.user = user
        go("/")
        new = browser.has('a[href="/jobs/new"]')
        go("/new")
        ok.same(f"{user}: a new job, a device's buttons", wanted,
                (new, browser.has("main td form")))
        go("/jobs/1")
        ok.same(f"{user}: retry", wanted[0], browser.has('form[action="/jobs/1/retry"]'))
        go("/jobs/new")
        ok.same(f"{user}: the form", wanted[0], browser.has("#job-form"))
    front.user = "stranger"
    go("/")
    ok("a stranger is told what is missing", "stranger may: nothing" in browser.text())
    front.user = "otto"
    browser.complaints()


def keys_and_themes():
    go("/")
    browser.press("n")
    browser.one("dialog[open] #job-form")
    browser.press("\ue00c")
    until("Escape closes it", lambda: not browser.has("dialog[open]"))
    ok("n opens the dialog, Escape closes it", True)
    before = browser.run("return getComputedStyle(document.body).backgroundColor")
    browser.press("t")
    after = browser.run("return getComputedStyle(document.body).backgroundColor")
    ok("t turns the lights off", before != after, (before, after))
    go("/machines")
    ok.same("and they stay off", after,
            browser.run("return getComputedStyle(document.body).backgroundColor"))
    browser.press("/")
    ok.same("/ goes to the search", "q", browser.run("return document.activeElement.id"))
    go("/")
    browser.one("#theme").click()
    ok.same("the button turns them on", before,
            browser.run("return getComputedStyle(document.body).backgroundColor"))
    browser.press("\ue004")
    reached = set()
    for _ in range(40):
        browser.press("\ue004")
        reached.add(browser.run("return document.activeElement.getAttribute('href') || "
                                "document.activeElement.id"))
    ok("Tab reaches all there is", {"/new", "/jobs/new", "/?show=failed"} <= reached,
       reached)
    ok("and shows where it is", browser.run(
        "document.querySelector('.top nav a').focus();"
        "return getComputedStyle(document.activeElement).outlineStyle") != "none")
    sound("keys")


def the_other_pages():
    jobctl("add", "--mac", "52:54:00:bb:00:05", "--image", "win", "--hostname", "SRV5",
           "--network", "lab", "--rdp")
    for name, path in (("machines", "/machines"), ("images", "/images"),
                       ("networks", "/networks"), ("form", "/jobs/new"),
                       ("machine", "/machines/1"), ("missing", "/nothing"),
                       ("no-drift", "/machines?show=drift"), ("no-figures", "/stats?last=x"),
                       ("file", "/jobs/2/files/unattend.xml")):
        pictures(name, path)
    ended("52:54:00:bb:00:06", 3, "web1")
    ended("52:54:00:bb:00:07", 4, "web2")
    jobctl("add", "--mac", "52:54:00:bb:00:08", "--image", "debian", "--hostname", "web3")
    report(5, "installing", 30, "fetch")
    new_version("debian", "1.0", "2.0")
    Events.take({"event": "started", "source": "pxeproxy", "site": "graz", "host": "arm-1",
                 "service": "pxeproxy", "version": "0.9", "text": "on eth0"})
    machine = show(3)["machine"]["id"]
    front.user = "anna"
    go(f"/machines/{machine}")
    browser.one("#installs summary").click()
    ok("the record unfolds", "rootfs.tar.gz" in browser.text("#installs"))
    browser.picture(f"{SHOTS}/record.png")
    for name, path in (("figures", "/stats"), ("audit", "/audit"), ("drift", "/machines?show=drift"),
                       ("machine-drift", f"/machines/{machine}"), ("job-done", "/jobs/3"),
                       ("time-left", "/"), ("edit", "/jobs/1/edit"), ("services", "/networks")):
        pictures(name, path)
    browser.size(360, 740)
    go("/audit")
    ok("the page that one is on is to be seen in the navigation", browser.run(
        "const r = document.querySelector('.top nav [aria-current]').getBoundingClientRect();"
        "return r.left >= 0 && r.right <= innerWidth"))
    browser.size(1280, 900)
    front.user = "otto"


def ended(mac, job, name):
    """One that was installed, in a second for each step."""
    jobctl("add", "--mac", mac, "--image", "debian", "--hostname", name)
    for second, (state, step) in enumerate((("booting", "script"), ("installing", "disk"),
                                            ("installing", "fetch"), ("installing", "write"),
                                            ("configuring", "reboot"), ("done", ""))):
        report(job, state, 15 * (second + 1), step)


def the_colours_are_those_of_the_page():
    """light-dark() and the variables mean something to this browser."""
    for scheme, wanted in (("light", "rgb(244, 246, 249)"), ("dark", "rgb(16, 20, 27)")):
        browser.scheme(scheme)
        browser.run("localStorage.clear()")
        go("/")
        ok.same(scheme, wanted,
                browser.run("return getComputedStyle(document.body).backgroundColor"))
    browser.scheme("light")


try:
    dashboard.ok.run([an_empty_queue, a_new_device_appears_by_itself,
                      a_job_is_created_in_the_dialog, progress_moves, retry_after_failure,
                      edit_hold_and_release, block_and_unblock, each_role_sees_its_buttons, keys_and_themes,
                      the_other_pages, the_colours_are_those_of_the_page])
finally:
    browser.end()
