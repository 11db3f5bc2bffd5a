"""The client of bootweb-admin-api.sh: FOLDER HOST:PORT NUMBER-OF-THE-LAST-TEST."""
import http.client
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
import urllib.parse

FOLDER, WHERE, COUNT = sys.argv[1], sys.argv[2], int(sys.argv[3])
MAY = {
    "viewer": {"view"},
    "operator": {"view", "queue"},
    "editor": {"view", "edit"},
    "auditor": {"view", "audit"},
    "admin": {"view", "queue", "edit", "audit", "admin"},
}
TOKEN = {role: open(f"{FOLDER}/token-{role}").read().strip() for role in MAY}
seen = set()  # (path of the document, method, status)


def check(good, name, detail=""):
    global COUNT
    COUNT += 1
    print(("ok" if good else "not ok"), COUNT, "-", name)
    if not good:
        print("#", str(detail)[:2000].replace("\n", "\n# "))


def equal(got, want, name):
    check(got == want, name, f"got {got!r}, wanted {want!r}")


class Answer:
    def __init__(self, response, body):
        self.status, self.headers, self.body = response.status, response, body

    def json(self):
        return json.loads(self.body)

    def header(self, name):
        return self.headers.getheader(name, "")


def ask(method, path, role="admin", body=None, headers=None, token=None):
    connection = http.client.HTTPConnection(WHERE, timeout=120)
    sent = dict(headers or {})
    if role or token:
        sent["Authorization"] = "Bearer " + (token or TOKEN[role])
    if isinstance(body, (dict, list)):
        body = json.dumps(body)
        sent.setdefault("Content-Type", "application/json")
    connection.request(method, path, body=body, headers=sent)
    response = connection.getresponse()
    answer = Answer(response, response.read())
    connection.close()
    return answer


# ---- the document ----

document = ask("GET", "/api/v1/openapi.json").json()
operations = [
    (path, method.upper(), operation)
    for path, item in document["paths"].items()
    for method, operation in item.items()
]


def resolve(schema):
    while "$ref" in schema:
        place = document
        for word in schema["$ref"][2:].split("/"):
            place = place[word]
        schema = place
    if "allOf" in schema:
        parts = [resolve(part) for part in schema["allOf"]]
        schema = {"type": "object", "properties": {}, "required": []}
        for part in parts:
            schema["properties"].update(part["properties"])
            schema["required"] += part["required"]
    return schema


def fits(value, schema, where="$"):
    """What is wrong with value by the part of JSON Schema that the document uses."""
    schema = resolve(schema)
    if value is None:
        return [] if schema.get("nullable") else [f"{where} is null"]
    kinds = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool}
    kind = schema.get("type")
    if kind and (not isinstance(value, kinds[kind]) or (kind == "integer" and value is True)):
        return [f"{where} is no {kind}"]
    if "enum" in schema and value not in schema["enum"]:
        return [f"{where} is {value!r}"]
    wrong = [f"{where} has no {name}" for name in schema.get("required", []) if name not in value]
    if kind == "object":
        for name, item in value.items():
            if "properties" not in schema:
                break
            if name in schema["properties"]:
                wrong += fits(item, schema["properties"][name], f"{where}.{name}")
            elif not schema.get("additionalProperties"):
                wrong.append(f"{where}.{name} is not in the document")
    if kind == "array":
        for i, item in enumerate(value):
            wrong += fits(item, schema["items"], f"{where}[{i}]")
    return wrong


def jobctl(*args, data=""):
    done = subprocess.run([*os.environ["JOBCTL"].split(), *args], input=data, text=True,
                          capture_output=True, check=False)
    assert done.returncode == 0, f"jobctl {args}: {done.stderr}"
    return done.stdout


reports = 0


def report(job, attempt, state, step=""):
    """As jobctl ingest gets them from the machines' face."""
    global reports
    reports += 1
    stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime()) + f".{reports:03d}Z"
    jobctl("ingest", data=json.dumps({
        "v": 1, "time": stamp, "id": f"api-{reports}", "source": "bootweb", "event": "report",
        "job": job, "attempt": attempt, "state": state, "step": step}) + "\n")


def pattern_of(path):
    path = urllib.parse.urlsplit(path).path
    for pattern in sorted(document["paths"], key=lambda p: "{" in p):
        want, got = pattern.split("/"), path.split("/")
        if len(want) == len(got) and all(w == g or w.startswith("{") for w, g in zip(want, got)):
            return pattern
    return None


def turns(status, path, name):
    """Asks until the answer is the one; what was looked at just now counts for a moment."""
    for _ in range(1200):
        answer = ask("GET", path, role=None)
        if answer.status == status:
            break
        time.sleep(0.05)
    return described_as(answer, status, "GET", path, name)


def wants(status, method, path, name, **more):
    """Asks, and holds the answer against the document."""
    return described_as(ask(method, path, **more), status, method, path, name)


def described_as(answer, status, method, path, name):
    pattern = pattern_of(path)
    detail = answer.body[:500]
    good = answer.status == status
    if good and pattern:
        seen.add((pattern, method, status))
        responses = document["paths"][pattern][method.lower()]["responses"]
        described = resolve(responses.get(str(status), {}))
        good = bool(described)
        detail = f"{status} is not in the document"
        content = described.get("content", {})
        kind = answer.header("Content-Type").split(";")[0]
        if good and content:
            good = kind in content
            detail = f"{kind} is not in the document"
        if good and kind.endswith(("/json", "+json")):
            wrong = fits(answer.json(), content[kind]["schema"])
            good, detail = not wrong, wrong
    check(good, f"{name}: {method} {path} is {status}", f"{answer.status} {detail}")
    return answer


check(document["openapi"].startswith("3.0"), "the document is OpenAPI 3.0")
check(len(operations) >= 20, "it has operations", len(operations))
check(len({o["operationId"] for _, _, o in operations}) == len(operations), "their ids differ")

# ---- jobs ----

MAC = "52:54:00:00:10:%02x"
wants(200, "GET", "/api/v1/jobs", "an empty queue is an empty list")
order = {"mac": MAC % 1, "image": "debian", "hostname": "one", "ssh-key": ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDFQm8c7Rk1GzXcSeuQ0NwK9pVh5rHcmO1b1Qh4v1b2c a"]}
key = {"Idempotency-Key": "first"}
made = wants(201, "POST", "/api/v1/jobs", "a job", body=order, headers=key)
one = made.json()["id"]
equal(made.header("Location"), f"/api/v1/jobs/{one}", "it says where the job is")
again = wants(201, "POST", "/api/v1/jobs", "the same once more", body=order, headers=key)
equal(again.json()["id"], one, "and it is the same job")
wants(409, "POST", "/api/v1/jobs", "the key of another request", body={"mac": MAC % 9, "image": "debian"}, headers=key)
wants(409, "POST", "/api/v1/jobs", "the machine has a job", body={"mac": MAC % 1, "image": "debian"})
bad = wants(422, "POST", "/api/v1/jobs", "an order full of mistakes", body={"mac": "xyz", "image": "nothing", "hostname": "-"})
fields = {e["field"] for e in bad.json()["errors"]}
check({"mac", "hostname"} <= fields, "the complaints name their fields", bad.body)
bad = wants(422, "POST", "/api/v1/jobs", "an option that is none", body={"mac": MAC % 3, "image": "debian", "colour": "red"})
equal([e["field"] for e in bad.json()["errors"]], ["colour"], "it is named")
wants(422, "POST", "/api/v1/jobs", "no machine", body={"image": "debian"})
wants(400, "POST", "/api/v1/jobs", "no JSON", body="nonsense")
wants(400, "POST", "/api/v1/jobs", "JSON, but a list", body=[])
wants(400, "POST", "/api/v1/jobs", "twice the same name", body='{"mac":"a","mac":"b"}')
for i in range(2, 7):
    wants(201, "POST", "/api/v1/jobs", f"job {i}", body={"mac": MAC % i, "image": "debian", "hostname": f"host{i}"})
ids, cursor = [], ""
for _ in range(4):
    page = wants(200, "GET", f"/api/v1/jobs?limit=2&cursor={cursor}", "a page").json()
    ids += [job["id"] for job in page["jobs"]]
    cursor = page["next"]
    if cursor is None:
        break
equal(ids, sorted(ids, reverse=True), "pages go from the newest to the oldest")
equal((len(ids), ids[-1], cursor), (6, one, None), "and miss none")
wants(400, "GET", "/api/v1/jobs?limit=0", "no page")
wants(400, "GET", "/api/v1/jobs?limit=501", "too large a page")
wants(400, "GET", "/api/v1/jobs?cursor=x", "a cursor of nobody")
wants(400, "GET", "/api/v1/jobs?state=sleeping", "a state that is none")

path = f"/api/v1/jobs/{one}"
job = wants(200, "GET", path, "one job")
equal((job.json()["mac"], job.json()["hostname"], job.json()["state"]), (MAC % 1, "one", "queued"), "it is what was ordered")
equal(len(job.json()["settings"]["ssh-key"]), 1, "with its settings")
etag = job.header("ETag")
wants(404, "GET", "/api/v1/jobs/999", "no such job")
wants(404, "GET", "/api/v1/jobs/one", "no number")
wants(409, "POST", path + "/retry", "a retry too early")
wants(428, "DELETE", path, "removal of what was not looked at")
wants(409, "DELETE", path, "removal of an active job", headers={"If-Match": etag})
cancelled = wants(200, "POST", path + "/cancel", "cancelling")
equal(cancelled.json()["state"], "cancelled", "it is cancelled")
wants(409, "POST", path + "/cancel", "cancelling twice")
wants(412, "DELETE", path, "removal of what has changed", headers={"If-Match": etag})
wants(200, "POST", path + "/retry", "a retry")
wants(200, "GET", path + "/timeline", "a timeline")
wants(404, "GET", "/api/v1/jobs/999/timeline", "the timeline of none")
wants(404, "DELETE", "/api/v1/jobs/999", "removing none", headers={"If-Match": etag})
wants(409, "POST", path + "/release", "release of what is not held")
held = wants(200, "POST", path + "/hold", "holding", headers={"Idempotency-Key": "hold it"})
equal(held.json()["held"], True, "it is held")
wants(409, "POST", path + "/hold", "holding twice")
again = wants(200, "POST", path + "/hold", "the same request again", headers={"Idempotency-Key": "hold it"})
equal(again.body, held.body, "is answered as it was")
wants(409, "POST", path + "/release", "its key for another request", headers={"Idempotency-Key": "hold it"})
equal(wants(200, "POST", path + "/release", "releasing").json()["held"], False, "it is released")
for verb in ("hold", "release", "retry", "cancel"):
    wants(404, "POST", f"/api/v1/jobs/999/{verb}", f"{verb} none")
    wants(400, "POST", f"{path}/{verb}", f"{verb} with too long a key", headers={"Idempotency-Key": "k" * 129})

# ---- changes ----

wants(428, "PATCH", path, "a change of what was not looked at", body={"hostname": "uno"})
wants(412, "PATCH", path, "a change of what has changed", body={"hostname": "uno"}, headers={"If-Match": etag})
seen_as = ask("GET", path).header("ETag")
current = {"If-Match": seen_as}
wants(404, "PATCH", "/api/v1/jobs/999", "a change of none", body={}, headers=current)
wants(400, "PATCH", path, "a change that is no JSON", body="nonsense", headers=current)
bad = wants(422, "PATCH", path, "an option that is none", body={"colour": "red", "address": "300.0.0.1"}, headers=current)
equal({e["field"] for e in bad.json()["errors"]}, {"colour", "address"}, "and a value that is none are named")
equal(ask("GET", path).header("ETag"), seen_as, "nothing of it has come to be")
wants(409, "PATCH", path, "another's host name", body={"hostname": "host2"}, headers=current)
edited = wants(200, "PATCH", path, "a change", headers=current, body={
    "hostname": "uno", "timezone": "Europe/Vienna", "ssh-key": None, "command": ["true", "false"], "not-before": "2035-01-01T00:00:00Z"})
got = edited.json()
equal((got["hostname"], got["not_before"][:10], got["settings"].get("timezone"), got["settings"].get("ssh-key"), got["settings"].get("command")),
      ("uno", "2035-01-01", "Europe/Vienna", None, ["true", "false"]), "it is as was said, and what is null is taken back")
equal(ask("GET", path).header("ETag"), edited.header("ETag"), "its ETag is the job's")
edited = wants(200, "PATCH", path, "the next one", headers={"If-Match": edited.header("ETag")}, body={"command": [], "not-before": None})
equal((edited.json()["settings"].get("command"), edited.json()["not_before"], edited.json()["hostname"]), (None, None, "uno"), "lists are emptied, all else stays")
same = wants(200, "PATCH", path, "nothing at all", headers={"If-Match": edited.header("ETag")}, body={})
equal(same.header("ETag"), edited.header("ETag"), "changes nothing")
told = [json.loads(line) for line in jobctl("audit", "--json").splitlines()][0]["audit"]
edits = [e["event"] for e in told if e["event"]["action"] == "edit"]
equal([e["actor"] for e in edits], ["prog-admin"] * 2, "each is on record")
check("timezone: (none) -> Europe/Vienna" in edits[0]["text"], "with what it was and became", edits)
wants(409, "DELETE", path, "removal of an active job by what it is now", headers={"If-Match": edited.header("ETag")})
report(one, 2, "installing", "write")
etag = ask("GET", path).header("ETag")
wants(409, "PATCH", path, "a change of a job under way", body={"hostname": "dos"}, headers={"If-Match": etag})
wants(409, "POST", path + "/hold", "a hold that is too late")

# ---- no news for too long ----

def quiet(job, minutes):
    """Its last news came so long ago."""
    with sqlite3.connect(f"{FOLDER}/site/db/jobs.db", timeout=60) as database:
        database.execute("UPDATE job SET updated = updated - ? * 60000 WHERE id = ?", (minutes, job))
    database.close()


nothing = {"jobs": [], "expired": 0, "dry_run": False}
equal(wants(200, "POST", "/api/v1/sweep", "a sweep").json(), nothing, "finds nothing")
quiet(one, 60 * 24 * 30)
wants(400, "POST", "/api/v1/sweep?dry_run=perhaps", "neither yes nor no")
swept = wants(200, "POST", "/api/v1/sweep?dry_run=yes", "a dry run").json()
equal([(j["id"], j["state"], j["again"]) for j in swept["jobs"]], [(one, "installing", False)], "says what would be done to which job")
check(swept["dry_run"] and swept["jobs"][0]["why"].startswith("no news for "), "and why", swept)
equal(ask("GET", path).json()["state"], "installing", "and changes nothing")
swept = wants(200, "POST", "/api/v1/sweep", "a sweep", headers={"Idempotency-Key": "sweep"})
equal([(j["id"], j["state"]) for j in swept.json()["jobs"]], [(one, "failed")], "ends it")
equal(ask("GET", path).json()["text"], swept.json()["jobs"][0]["why"], "with the reason")
equal(wants(200, "POST", "/api/v1/sweep", "the same request again", headers={"Idempotency-Key": "sweep"}).body, swept.body, "is answered as it was")
equal(wants(200, "POST", "/api/v1/sweep", "another one").json(), nothing, "finds nothing")
wants(409, "POST", "/api/v1/sweep", "the key of another request", headers={"Idempotency-Key": "first"})
told = [json.loads(line) for line in jobctl("audit", "--json").splitlines()][0]["audit"]
equal([(e["event"]["actor"], e["event"]["job"]) for e in told if e["event"]["action"] == "sweep"], [("prog-admin", one)], "once on record, with who did it")
ask("POST", path + "/retry")
report(one, 3, "installing", "write")

# ---- what is like another, and what was installed ----

wants(400, "POST", "/api/v1/jobs?like=999", "like nobody", body={})
ask("POST", path + "/cancel")
machine = ask("GET", path).json()["machine"]
twin = wants(201, "POST", f"/api/v1/jobs?like={machine}", "the same machine once more", body={"locale": "de_AT.UTF-8"})
two = twin.json()["id"]
equal((twin.json()["mac"], twin.json()["hostname"], twin.json()["settings"].get("timezone"), twin.json()["settings"].get("locale")),
      (MAC % 1, "uno", "Europe/Vienna", "de_AT.UTF-8"), "it is as before, but for what was said")
for state, step in (("booting", "script"), ("installing", "write"), ("configuring", ""), ("done", "")):
    report(two, 1, state, step)
record = wants(200, "GET", f"/api/v1/jobs/{two}/record", "what it installed").json()["installs"]
equal([(i["job"], i["image"], i["record"]["image"]) for i in record], [(two, "debian@1.0", "debian@1.0")], "is on record")
wants(404, "GET", "/api/v1/jobs/999/record", "the record of none")
equal(wants(200, "GET", f"/api/v1/machines/{machine}/installs", "the machine's history").json()["installs"], record, "is that")
wants(404, "GET", "/api/v1/machines/999/installs", "the history of none")
systems = wants(200, "GET", "/api/v1/systems", "systems").json()
equal([(s["id"], s["install"]["job"]) for s in systems["systems"]], [(machine, two)], "there is one")
equal(wants(200, "GET", f"/api/v1/systems?cursor={machine}", "those behind it").json(), {"systems": [], "next": None}, "are none")
wants(400, "GET", "/api/v1/systems?limit=0", "no page of systems")
equal(wants(200, "GET", "/api/v1/drift", "drift").json()["machines"], [], "it has what is current")
wants(400, "GET", "/api/v1/drift?cursor=x", "a cursor of nobody")
folder = f"{FOLDER}/site/images/debian"
shutil.copytree(f"{folder}/1.0", f"{folder}/2.0")
with open(f"{folder}/2.0/MANIFEST") as manifest:
    text = manifest.read()
with open(f"{folder}/2.0/MANIFEST", "w") as manifest:
    manifest.write(text.replace("version: 1.0", "version: 2.0"))
os.remove(f"{folder}/current")
os.symlink("2.0", f"{folder}/current")
drift = wants(200, "GET", "/api/v1/drift", "drift after a new version").json()["machines"]
equal([(d["id"], d["installed"], d["current"]) for d in drift], [(machine, "debian@1.0", "debian@2.0")], "it is out of date")
wants(409, "POST", f"/api/v1/machines/{machine}/unretire", "unretire what is not retired")
check(wants(200, "POST", f"/api/v1/machines/{machine}/retire", "retire").json()["retired"], "it is retired")
wants(409, "POST", f"/api/v1/machines/{machine}/retire", "retire twice")
equal(ask("GET", "/api/v1/drift").json()["machines"], [], "and is no drift any more")
wants(200, "POST", f"/api/v1/machines/{machine}/unretire", "unretire")
os.remove(f"{folder}/current")
os.symlink("1.0", f"{folder}/current")
shutil.rmtree(f"{folder}/2.0")

stats = wants(200, "GET", "/api/v1/stats", "figures").json()["stats"]
equal([(s["image"], s["done"], s["cancelled"], s["step"]) for s in stats][0], ("debian@1.0", 1, 2, None), "count how attempts ended")
check("installing: write" in [s["step"] for s in stats], "and have steps", stats)
equal(wants(200, "GET", "/api/v1/stats?image=win", "of another image").json()["stats"], [], "there are none")
wants(400, "GET", "/api/v1/stats?since=yesterday", "since when")

def listed(query):
    return [job["id"] for job in wants(200, "GET", "/api/v1/jobs?" + query, "some").json()["jobs"]]


equal(listed("text=HOST3"), [ids[-3]], "jobs by text")
equal((len(listed("image=debian")), listed("image=debian@2.0")), (7, []), "by image")
equal((listed("network=lab"), listed("since=2035-01-01"), len(listed("since=2h"))), ([], [], 7), "by network and time")
equal(listed(f"machine={machine}"), [two, one], "by machine")
wants(400, "GET", "/api/v1/jobs?since=whenever", "since when")

# ---- the audit trail ----

entries = wants(200, "GET", "/api/v1/audit?limit=3", "who did what").json()
equal([e["event"]["action"] for e in entries["audit"]], ["unretire", "retire", "add"], "the newest first")
older = wants(200, "GET", f"/api/v1/audit?limit=500&cursor={entries['next']}", "what was before").json()["audit"]
equal([e["number"] for e in older], list(range(entries["audit"][-1]["number"] - 1, 0, -1)), "is all there, down to the first")
equal(wants(200, "GET", "/api/v1/audit?since=2035-01-01", "since then").json()["audit"], [], "nothing has happened")
wants(400, "GET", "/api/v1/audit?cursor=x", "a cursor of nobody")
wants(400, "GET", "/api/v1/audit?since=x", "since when")
verdict = wants(200, "GET", "/api/v1/audit/verify", "verification").json()
equal((verdict["whole"], verdict["number"], verdict["hash"]), (True, entries["audit"][0]["number"], entries["audit"][0]["hash"]), "the chain is whole up to its head")
kept = f"{verdict['number']}:{verdict['hash']}"
equal(ask("GET", f"/api/v1/audit/verify?kept={kept}").json()["whole"], True, "and has the head that was kept")
equal(ask("GET", f"/api/v1/audit/verify?kept=1:{'0' * 64}").json()["whole"], False, "but not another")
wants(400, "GET", "/api/v1/audit/verify?kept=1", "a head that is none")
forger = sqlite3.connect(f"{FOLDER}/site/db/jobs.db", timeout=60)
head = entries["audit"][0]["number"]
guards = forger.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'event'").fetchall()
for name, _ in guards:
    forger.execute(f"DROP TRIGGER {name}")
forger.execute("UPDATE event SET line = replace(line, 'prog-admin', 'prog-other') WHERE seq = (SELECT event FROM audit WHERE number = ?)", (head,))
forger.commit()
verdict = ask("GET", "/api/v1/audit/verify").json()
equal((verdict["whole"], verdict["why"]), (False, f"audit line {head} was changed, or the one before it"), "a forged line is named")
forger.execute("UPDATE event SET line = replace(line, 'prog-other', 'prog-admin') WHERE seq = (SELECT event FROM audit WHERE number = ?)", (head,))
for _, sql in guards:
    forger.execute(sql)
forger.commit()
forger.close()
etag = wants(200, "GET", path, "once more").header("ETag")
wants(204, "DELETE", path, "removal", headers={"If-Match": etag})
wants(404, "GET", path, "it is gone")

# ---- machines ----

machines = wants(200, "GET", "/api/v1/machines", "machines").json()["machines"]
equal(len(machines), 6, "each job made its machine known")
wants(400, "GET", "/api/v1/machines?disposition=odd", "a disposition that is none")
wants(400, "GET", "/api/v1/devices?limit=x", "no number")
first = machines[0]["id"]
for verb, becomes in (("block", "blocked"), ("ignore", "ignored"), ("allow", "known")):
    answer = wants(200, "POST", f"/api/v1/machines/{first}/{verb}", verb, headers={"Idempotency-Key": verb})
    equal(answer.json()["disposition"], becomes, f"{verb} makes it {becomes}")
    wants(409, "POST", f"/api/v1/machines/{first}/{verb}", f"{verb} by the key of another", headers={"Idempotency-Key": "first"})
def planned():
    plan = wants(200, "GET", f"/api/v1/machines/{first}/plan", "its plan").json()
    told = json.loads(jobctl("explain", "--json", machines[0]["mac"]))["plan"]
    return plan["action"] if plan == told else (plan, told)


wants(404, "GET", "/api/v1/machines/999/plan", "the plan of none")
equal(planned(), "install", "with a job it is installed, as jobctl explain says")
equal(wants(200, "POST", f"/api/v1/machines/{first}/next-menu", "the menu, once").json()["next"], "menu", "it is what it boots next")
equal(planned(), "menu", "which is its plan")
equal(wants(200, "POST", f"/api/v1/machines/{first}/next-local", "or its own disk").json()["next"], "local", "instead")
equal(wants(200, "POST", f"/api/v1/machines/{first}/next-clear", "or as it should").json()["next"], "", "again")
wants(409, "POST", f"/api/v1/machines/{first}/next-clear", "which it does already")
ask("POST", f"/api/v1/machines/{first}/block")
for verb in ("next-menu", "next-local"):
    wants(409, "POST", f"/api/v1/machines/{first}/{verb}", f"{verb} of a blocked machine")
ask("POST", f"/api/v1/machines/{first}/allow")
for verb in ("block", "ignore", "allow", "retire", "unretire", "next-menu", "next-local", "next-clear"):
    wants(404, "POST", f"/api/v1/machines/999/{verb}", f"{verb} nobody")
    wants(400, "POST", f"/api/v1/machines/{first}/{verb}", f"{verb} without a key", headers={"Idempotency-Key": ""})
wants(200, "GET", f"/api/v1/machines/{first}", "one machine")
wants(404, "GET", "/api/v1/machines/999", "no such machine")
equal([m["macs"] for m in ask("GET", f"/api/v1/machines?text={MAC % 5}").json()["machines"]], [[MAC % 5]], "a machine by its MAC")

# What is on the wire is looked at in jobctl-wake.sh.
wake = f"/api/v1/machines/{first}/wake"
wants(404, "POST", "/api/v1/machines/999/wake", "waking nobody")
bad = wants(409, "POST", wake, "which way").json()
check("nothing says through which interface" in bad["detail"], "nobody knows", bad)
wants(400, "POST", wake + "?dry_run=perhaps", "neither yes nor no")
wants(400, "POST", wake, "no JSON", body="nonsense")
for field, value in (("network", "other"), ("interface", "none0"), ("secureon", "hunter2"), ("colour", "red"), ("network", 7)):
    bad = wants(422, "POST", wake, f"{field} {value}", body={field: value})
    equal([e["field"] for e in bad.json()["errors"]], [field], "it is named")
dry = wants(200, "POST", wake + "?dry_run=yes", "a dry run", body={"network": "here"}).json()
equal((dry["machine"], dry["mac"], dry["way"], dry["packets"]), (first, machines[0]["mac"], "to 255.255.255.255 through lo", 0), "says which way")
bad = wants(503, "POST", wake, "an interface that is not there", body={"network": "nowhere"}).json()
check("none0: No such device" in bad["detail"] and "jobctl wake" in bad["detail"], "it says why, and what may help", bad)
told = [json.loads(line) for line in jobctl("audit", "--json").splitlines()][0]["audit"]
equal([e for e in told if e["event"]["action"] == "wake"], [], "what was not sent is not on record")

# ---- what the site has ----

images = wants(200, "GET", "/api/v1/images", "images").json()["images"]
equal([(i["name"], i["version"], i["current"]) for i in images], [("debian", "1.0", True)], "the image")
wants(200, "GET", "/api/v1/images/debian", "one image")
services = wants(200, "GET", "/api/v1/sites", "services").json()["services"]
equal(services, json.loads(jobctl("sites", "--json"))["services"], "are those that jobctl knows")
check("ingest" in [s["service"] for s in services], "one of them has taken the reports", services)
wants(404, "GET", "/api/v1/images/other", "no such image")
debian = f"{FOLDER}/site/images/debian"
shutil.copytree(f"{debian}/1.0", f"{debian}/2.0")
os.mkdir(f"{debian}/broken")
with open(f"{debian}/1.0/MANIFEST") as manifest, open(f"{debian}/2.0/MANIFEST", "w") as out:
    out.write(manifest.read().replace("version: 1.0", "version: 2.0"))
make = "/api/v1/images/debian/2.0/current"
os.chmod(debian, 0o555)
wants(503, "POST", make, "a folder that bootweb may not write")
os.chmod(debian, 0o777)
equal(wants(200, "POST", make + "?dry_run=yes", "a dry run").json(),
      {"name": "debian", "current": "2.0", "before": "1.0", "dry_run": True}, "says what would be")
equal(os.readlink(f"{debian}/current"), "1.0", "and leaves it")
wants(400, "POST", make + "?dry_run=perhaps", "a dry run, or not")
key = {"Idempotency-Key": "current"}
made = wants(200, "POST", make, "another version", headers=key)
equal((made.json()["before"], os.readlink(f"{debian}/current")), ("1.0", "2.0"), "is current now")
equal(wants(200, "POST", make, "the same request again", headers=key).body, made.body, "is answered as it was")
wants(409, "POST", make.replace("2.0", "1.0"), "the key of another request", headers=key)
wants(404, "POST", make.replace("2.0", "3.0"), "a version that is not there")
wants(400, "POST", make.replace("2.0", "..%2F1.0"), "a name that climbs")
wants(409, "POST", make.replace("2.0", "broken"), "a version without a manifest")
wants(200, "POST", make.replace("2.0", "1.0"), "and back", role="editor")
equal([e["event"]["text"] for e in json.loads(jobctl("audit", "--json"))["audit"] if e["event"]["action"] == "image-current"],
      ["debian@2.0, before 1.0", "debian@1.0, before 2.0"], "both are on record, and what failed is not")
shutil.rmtree(f"{debian}/2.0")
os.rmdir(f"{debian}/broken")
for path in ("me", "openapi.json", "networks", "profiles", "site", "devices"):
    wants(200, "GET", f"/api/v1/{path}", path)
metrics = wants(200, "GET", "/metrics", "metrics").body.decode()
steps = sorted({line.split('"')[1] for line in metrics.splitlines() if line.startswith("pxekit_step_duration_seconds_count")})
equal(steps, ["booting: script", "configuring", "installing: write"], "have each step of what is done")
check('pxekit_step_duration_seconds_bucket{step="installing: write",le="+Inf"} 1' in metrics, "as a histogram", metrics)
mac = "52:54:00:00:11:01"
many = ask("POST", "/api/v1/jobs", body={"mac": mac, "image": "debian"}).json()["id"]
for i in range(40):
    report(many, 1, "installing", f"step{i}")
report(many, 1, "configuring")
report(many, 1, "done")
metrics = ask("GET", "/metrics").body.decode()
counts = {line.split('"')[1]: int(line.split()[-1]) for line in metrics.splitlines() if line.startswith("pxekit_step_duration_seconds_count")}
equal((len(counts), counts["other"], counts["configuring"]), (32, 12, 2), "however many names machines think of, there are 32")
equal(ask("GET", "/metrics").body.decode(), metrics, "nothing is counted twice")
wants(200, "GET", "/healthz", "health", role=None)
wants(200, "GET", "/readyz", "readiness", role=None)

# ---- events ----

events = wants(200, "GET", "/api/v1/events?limit=3", "events").json()
equal(len(events["events"]), 3, "three of them")
more = wants(200, "GET", f"/api/v1/events?limit=500&cursor={events['next']}", "the rest").json()
equal(more["next"], None, "and no more")
check(more["events"][0]["seq"] > events["events"][-1]["seq"], "they go on behind it")
actors = {e["event"].get("actor") for e in more["events"] if e["event"].get("action") in ("add", "cancel", "retry", "rm", "block")}
equal(actors, {"prog-admin"}, "who did it is on record")
wants(400, "GET", "/api/v1/events?cursor=-1", "a cursor of nobody")


def stream(last=None, role="admin"):
    connection = http.client.HTTPConnection(WHERE, timeout=120)
    headers = {"Authorization": "Bearer " + TOKEN[role]}
    if last is not None:
        headers["Last-Event-ID"] = str(last)
    connection.request("GET", "/api/v1/events/stream", headers=headers)
    return connection, connection.getresponse()


def next_event(response):
    event = {}
    while True:
        line = response.readline().decode().rstrip("\n")
        if line == "" and "data" in event:
            return event
        name, _, value = line.partition(": ")
        if name:
            event[name] = value


newest = more["events"][-1]["seq"]
connection, response = stream()
equal((response.status, response.getheader("Content-Type")), (200, "text/event-stream"), "a stream")
seen.add(("/api/v1/events/stream", "GET", 200))
ask("POST", f"/api/v1/machines/{first}/ignore")
event = next_event(response)
equal((event["event"], json.loads(event["data"])["event"]["action"]), ("admin", "ignore"), "what happens is told")
equal(int(event["id"]), newest + 1, "with its number")
connection.close()
ask("POST", f"/api/v1/machines/{first}/block")
ask("POST", f"/api/v1/machines/{first}/allow")
connection, response = stream(last=newest + 1)
equal([json.loads(next_event(response)["data"])["event"]["action"] for _ in range(2)], ["block", "allow"], "a stream goes on behind Last-Event-ID")
connection.close()
connection, response = stream(last=0)
equal(int(next_event(response)["id"]), 1, "or from the beginning")
connection.close()

# Sixteen for each, and no more; the others are served all the while.
many = [stream(role="viewer") for _ in range(17)]
equal(sorted(response.status for _, response in many), [200] * 16 + [503], "streams are bounded")
equal(ask("GET", "/api/v1/me").status, 200, "others are served beside them")
for connection, _ in many:
    connection.close()

# ---- many at once ----

many = [{"mac": MAC % (64 + i), "image": "debian", "hostname": f"many{i}"} for i in range(3)]
known = {job["id"] for job in wants(200, "GET", "/api/v1/jobs?limit=500", "the jobs before").json()["jobs"]}
bad = wants(422, "POST", "/api/v1/import", "two of three with mistakes", body={"jobs": [many[0], {"image": "debian"}, {**many[2], "hostname": "-"}]})
equal({e["field"] for e in bad.json()["errors"]}, {"jobs[1].mac", "jobs[2].hostname"}, "they are named")
bad = wants(422, "POST", "/api/v1/import", "the same machine twice", body={"jobs": [many[0], {**many[0], "hostname": "other"}]})
check(all(e["field"].startswith("jobs[1]") for e in bad.json()["errors"]) and "job" in bad.json()["errors"][0]["why"], "the second is in the way", bad.body)
for body in ("nonsense", [], {}, {"jobs": {}}, {"jobs": [], "more": 1}):
    wants(400, "POST", "/api/v1/import", f"{body}", body=body)
wants(422, "POST", "/api/v1/import", "no order", body={"jobs": [7]})
wants(400, "POST", "/api/v1/import?dry_run=perhaps", "neither yes nor no", body={"jobs": many})
equal(len(wants(200, "POST", "/api/v1/import?dry_run=yes", "a dry run", body={"jobs": many}).json()["jobs"]), 3, "says what would be")
equal({job["id"] for job in ask("GET", "/api/v1/jobs?limit=500").json()["jobs"]}, known, "and up to here nothing was queued")
key = {"Idempotency-Key": "many"}
made = wants(200, "POST", "/api/v1/import", "three jobs", body={"jobs": many}, headers=key)
equal(([job["hostname"] for job in made.json()["jobs"]], made.json()["queued"], made.json()["warnings"]), (["many0", "many1", "many2"], 3, []), "in their order")
again = wants(200, "POST", "/api/v1/import", "the same once more", body={"jobs": many}, headers=key)
equal(again.body, made.body, "is answered as it was")
wants(409, "POST", "/api/v1/import", "its key for others", body={"jobs": many[:1]}, headers=key)
equal({job["id"] for job in ask("GET", "/api/v1/jobs?limit=500").json()["jobs"]} - known, {job["id"] for job in made.json()["jobs"]}, "three are there")

# ---- as a file ----

for format, kind in (("ndjson", "application/x-ndjson"), ("csv", "text/csv")):
    file = wants(200, "GET", f"/api/v1/export?format={format}", "the queue")
    equal(file.body.decode().replace("\r\n", "\n"), jobctl("export", "--format", format), "what jobctl export prints")
    equal(file.header("Content-Disposition"), f'attachment; filename="jobs.{format}"', "for a browser to keep")
equal(ask("GET", "/api/v1/export?state=failed&text=uno&image=debian&since=2h").body.decode(),
      jobctl("export", "--state", "failed", "--text", "uno", "--image", "debian", "--since", "2h"), "the same filters")
for query in ("format=xml", "secrets=perhaps", "state=sleeping", "since=whenever"):
    wants(400, "GET", f"/api/v1/export?{query}", "a query that is none")

# ---- what is old, and a copy of all ----

for query in ("", "?keep=0", "?keep=soon", "?keep=90d&dry_run=perhaps"):
    wants(400, "POST", f"/api/v1/vacuum{query}", "how old events may be")
equal(wants(200, "POST", "/api/v1/vacuum?keep=90d", "a vacuum").json(), {"removed": 0, "dry_run": False}, "finds nothing")
with sqlite3.connect(f"{FOLDER}/site/db/jobs.db", timeout=60) as database:
    database.execute("INSERT INTO event (received, time, event, source, verdict, line) VALUES (1, 1, 'silent', 'pxeproxy', 'applied', '{}')")
database.close()
count = wants(200, "POST", "/api/v1/vacuum?keep=90d&dry_run=yes", "a dry run").json()
equal((count["removed"], count["dry_run"]), (1, True), "counts what is old")
equal(jobctl("vacuum", "-n", "--keep", "90d"), "1 old events would be removed\n", "as jobctl does")
key = {"Idempotency-Key": "old"}
gone = wants(200, "POST", "/api/v1/vacuum?keep=90d", "a vacuum", headers=key)
equal(gone.json(), {"removed": 1, "dry_run": False}, "removes it")
equal(wants(200, "POST", "/api/v1/vacuum?keep=90d", "the same request again", headers=key).body, gone.body, "is answered as it was")
equal(ask("POST", "/api/v1/vacuum?keep=90d").json()["removed"], 0, "and it is gone")
wants(409, "POST", "/api/v1/vacuum?keep=90d", "the key of another request", headers={"Idempotency-Key": "first"})
copy = wants(200, "GET", "/api/v1/backup", "a copy")
check(copy.header("Content-Disposition").startswith('attachment; filename="pxekit-20'), "has a name with its time", copy.header("Content-Disposition"))
with open(f"{FOLDER}/copy.db", "wb") as out:
    out.write(copy.body)
os.chmod(f"{FOLDER}/copy.db", 0o644)
database = sqlite3.connect(f"file:{FOLDER}/copy.db?mode=ro", uri=True)
equal([row[0] for row in database.execute("PRAGMA integrity_check")], ["ok"], "it is whole")
equal(database.execute("SELECT count(*) FROM job").fetchone()[0], len(ask("GET", "/api/v1/jobs?limit=500").json()["jobs"]), "and has all jobs")
database.close()
equal(ask("GET", "/api/v1/backup", headers={"Sec-Fetch-Site": "cross-site"}).status, 403, "not because another site asks")
equal([name for name in os.listdir(f"{FOLDER}/site/db") if "copy" in name], [], "nothing of it stays beside the database")
told = json.loads(jobctl("audit", "--json"))["audit"]
check({("prog-admin", "vacuum"), ("prog-admin", "backup")} <= {(e["event"]["actor"], e["event"]["action"]) for e in told}, "both are on record", told)

# ---- every role at every route ----

some = {"{id}": "999", "{name}": "other", "{version}": "1"}
for path, method, operation in operations:
    filled = path
    for name, value in some.items():
        filled = filled.replace(name, value)
    is_open = operation.get("security") == []
    answer = ask(method, filled, role=None)
    if not is_open:
        wants(401, method, filled, "nobody", role=None)
    need = operation.get("x-right")
    if path.endswith("/stream"):
        continue
    for role, rights in MAY.items():
        answer = ask(method, filled, role=role, body="" if method == "POST" else None)
        refused = answer.status == 403
        check(refused == (need is not None and need not in rights) and answer.status != 401,
              f"{role}: {method} {path} is {'refused' if need and need not in rights else 'allowed'}",
              f"{answer.status} {answer.body[:300]}")
        if refused:
            seen.add((path, method, 403))
# The document itself must not be too generous.
right = {(p, m): o.get("x-right") for p, m, o in operations}
equal({right[(p, m)] for p, m, _ in operations if m != "GET" and not p.endswith(("/vacuum", "/current"))}, {"queue"}, "what changes jobs and machines wants the right to")
equal({p for (p, m), r in right.items() if r == "edit"}, {"/api/v1/images/{name}/{version}/current"}, "what changes images, that to")
equal({p for (p, m), r in right.items() if r == "admin"}, {"/api/v1/vacuum", "/api/v1/backup"}, "these are for an admin alone")
equal({p for (p, m), r in right.items() if r is None}, {"/api/v1/me", "/api/v1/openapi.json", "/healthz", "/readyz"}, "only these want none")

# Without any role at all, by the front server's word.
def by_front(path, user, *more):
    return subprocess.run(["curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}", "--unix-socket", f"{FOLDER}/site/run/front",
                           "-H", f"X-Remote-User: {user}", *more, "http://site" + path], capture_output=True, text=True).stdout


for path, method, operation in operations:
    if method == "GET" and operation.get("x-right"):
        filled = path.replace("{id}", "1").replace("{name}", "debian")
        equal(by_front(filled, "stranger"), "403", f"nobody's role: {path} is refused")
        seen.add((path, method, 403))

# ---- 304 for all that has an ETag ----

for path, method, operation in operations:
    if method == "GET" and "304" in operation["responses"]:
        filled = path.replace("{id}", str(first if "machines" in path else ids[0])).replace("{name}", "debian")
        etag = ask("GET", filled).header("ETag")
        wants(304, "GET", filled, "what is known", headers={"If-None-Match": etag})

# ---- signing in ----


def form(path, fields, headers=None):
    sent = {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})}
    return ask("POST", path, role=None, body=urllib.parse.urlencode(fields), headers=sent)


page = ask("GET", "/sign-in", role=None)
check(page.status == 200 and b"<form" in page.body, "there is a page to sign in")
equal(form("/sign-in", {"user": "ben", "password": "wrong"}).status, 401, "a wrong password")
equal(form("/sign-in", {"user": "nobody", "password": "wrong"}).status, 401, "a user who is none")
equal(form("/sign-in", {"user": "ben", "password": "a password of anna"}, {"Sec-Fetch-Site": "cross-site"}).status, 403, "another site's form")
good = form("/sign-in", {"user": "ben", "password": "a password of anna"})
cookie = good.header("Set-Cookie")
equal((good.status, good.header("Location")), (303, "/"), "signed in")
check("HttpOnly" in cookie and "SameSite=Strict" in cookie and "Path=/" in cookie, "the cookie is kept from scripts and other sites", cookie)
session = {"Cookie": cookie.split(";")[0]}
me = ask("GET", "/api/v1/me", role=None, headers=session).json()
equal((me["user"], me["rights"]), ("ben", ["view", "queue"]), "the session is ben's")
block = f"/api/v1/machines/{first}/block"
equal(ask("POST", block, role=None, headers=session).status, 403, "a session without the CSRF token changes nothing")
equal(ask("POST", block, role=None, headers={**session, "X-CSRF-Token": "0" * 64}).status, 403, "nor with a wrong one")
mine = {**session, "X-CSRF-Token": me["csrf"]}
equal(ask("POST", block, role=None, headers={**mine, "Sec-Fetch-Site": "cross-site"}).status, 403, "nor from another site")
equal(ask("POST", block, role=None, headers=mine).status, 200, "with it, it does")
other = form("/sign-in", {"user": "ben", "password": "a password of anna"}).header("Set-Cookie").split(";")[0]
equal(ask("POST", block, role=None, headers={"Cookie": other, "X-CSRF-Token": me["csrf"]}).status, 403, "the token of one session is not another's")
equal(form("/sign-out", {"csrf": me["csrf"]}, session).status, 303, "signed out")
equal(ask("GET", "/api/v1/me", role=None, headers=session).status, 401, "the session is over")
equal(ask("GET", "/api/v1/me", role=None, headers={"Cookie": other}).status, 200, "the other one is not")

# ---- how long a session lasts ----

MINUTE = 60000


def used(minutes=None):
    """When the one session that there is was used, minutes ago, after it was made so."""
    with sqlite3.connect(f"{FOLDER}/site/db/jobs.db", timeout=60) as connection:
        if minutes is not None:
            connection.execute("UPDATE session SET used = ?", (int(time.time() * 1000) - minutes * MINUTE,))
        value = connection.execute("SELECT used FROM session").fetchone()[0]
    connection.close()
    return round((time.time() * 1000 - value) / MINUTE)


def mine_is(path="/api/v1/me", **headers):
    return ask("GET", path, role=None, headers={"Cookie": other, **headers}).status


used(29)
equal((mine_is(**{"X-Live": "1"}), used()), (200, 29), "a page that renews itself is no use of a session")
equal((mine_is(**{"X-Live": "2"}), used()), (200, 0), "one with somebody before it is")
used(29)
equal((mine_is(), used()), (200, 0), "and so is any other request")
used(31)
equal((mine_is(), mine_is("/")), (401, 303), "a session that nobody used for half an hour is over")
used(0)
equal(mine_is(), 200, "just that was why")
with sqlite3.connect(f"{FOLDER}/site/db/jobs.db", timeout=60) as connection:
    left = connection.execute("SELECT (expires - ?) / 3600000.0 FROM session", (int(time.time() * 1000),)).fetchone()[0]
    connection.execute("UPDATE session SET expires = ?", (int(time.time() * 1000),))
connection.close()
check(11.5 < left <= 12, "it would have lasted for twelve hours", left)
equal(mine_is(), 401, "use makes it last no longer than that")
again = form("/sign-in", {"user": "ben", "password": "a password of anna"}).header("Set-Cookie").split(";")[0]
later = form("/sign-in", {"user": "ben", "password": "a password of anna"}, {"Cookie": again}).header("Set-Cookie").split(";")[0]
check(again != later, "who signs in gets a session of his own each time")
equal([ask("GET", "/api/v1/me", role=None, headers={"Cookie": one}).status for one in (again, later)], [401, 200], "and his browser's last one ends")
fixed = "pxekit-session=" + "1" * 64
chosen = form("/sign-in", {"user": "ben", "password": "a password of anna"}, {"Cookie": fixed}).header("Set-Cookie").split(";")[0]
equal((chosen != fixed, ask("GET", "/api/v1/me", role=None, headers={"Cookie": fixed}).status), (True, 401), "no session is one that somebody has chosen")

# ---- tokens ----


def by(token):
    answer = ask("GET", "/api/v1/me", token=token)
    return answer.json()["rights"] if answer.status == 200 else answer.status


def change(statement, *values):
    with sqlite3.connect(f"{FOLDER}/site/db/jobs.db", timeout=60) as connection:
        connection.execute(statement, values)
    connection.close()


def row_of(token):
    with sqlite3.connect(f"{FOLDER}/site/db/jobs.db") as connection:
        return connection.execute("SELECT secret FROM access_token WHERE id = ?", (token.split("_")[1],)).fetchone()[0]


for made_up in "nonsense", "pxekit_1_" + "0" * 63, "pxekit_999_" + "0" * 64, TOKEN["admin"] + "0", TOKEN["admin"].upper(), "":
    equal(by(made_up or " "), 401, f"a made-up token: {made_up[:12]}")
check(row_of(TOKEN["admin"]).startswith("$argon2id$") and TOKEN["admin"].split("_")[2] not in row_of(TOKEN["admin"]), "a token is kept as argon2id makes of it")
first_token, second = (jobctl("token", "add", name, "--role=viewer").strip() for name in ("first", "second"))
equal(by(first_token), ["view"], "a token is good as soon as it is made")
numbers = [token.split("_")[1] for token in (first_token, second)]
equal(by(f"pxekit_{numbers[1]}_{first_token.split('_')[2]}"), 401, "its secret is not another's")
change("UPDATE access_token SET role = 'operator' WHERE id = ?", numbers[0])
equal(by(first_token), ["view", "queue"], "another role counts at once")
old = row_of(first_token)
change("UPDATE access_token SET secret = ? WHERE id = ?", row_of(second), numbers[0])
equal(by(first_token), 401, "what was proven before is not, once the database has another secret")
change("UPDATE access_token SET secret = ?, expires = 0 WHERE id = ?", old, numbers[0])
equal(by(first_token), ["view", "queue"], "and is again")
change("UPDATE access_token SET expires = ? WHERE id = ?", int(time.time() * 1000) - 1, numbers[0])
equal(by(first_token), 401, "nor when it is over")
change("UPDATE access_token SET expires = 0 WHERE id = ?", numbers[0])
equal(by(first_token), ["view", "queue"], "nor before")

csrf = json.loads(subprocess.run(["curl", "-sS", "--unix-socket", f"{FOLDER}/site/run/front", "-H", "X-Remote-User: otto",
                                  "http://site/api/v1/me"], capture_output=True, text=True).stdout)["csrf"]
equal(by_front(block, "otto", "-X", "POST"), "403", "a front server's user needs the CSRF token as well")
equal(by_front(block, "otto", "-X", "POST", "-H", f"X-CSRF-Token: {csrf}"), "200", "and with it may")
equal(by_front(block, "anna", "-X", "POST", "-H", f"X-CSRF-Token: {csrf}"), "403", "but nobody else")

codes = [form("/sign-in", {"user": f"guess{i}", "password": "x"}).status for i in range(12)]
check(codes[0] == 401 and codes[-1] == 429, "who fails too often has to wait", codes)
equal(form("/sign-in", {"user": "ben", "password": "a password of anna"}).status, 429, "from that address everybody has")
equal(by(second), 429, "a token that was not proven is not even hashed now")
equal(by(second[:-1] + ("0" if second[-1] != "0" else "1")), 429, "nor is a wrong one")
equal(by(first_token), ["view", "queue"], "one that was proven goes on")
jobctl("token", "rm", numbers[0])
equal(by(first_token), 401, "until it is removed")

# ---- ill ----

images = f"{FOLDER}/site/images/debian/1.0"
with open(f"{images}/MANIFEST") as manifest:
    text = manifest.read()
with open(f"{images}/MANIFEST", "w") as manifest:
    manifest.write("nonsense\n")
ill = turns(503, "/healthz", "an image that cannot be read")
check(b"image" in ill.body, "health says what is ill", ill.body)
turns(200, "/readyz", "but requests are answered")
with open(f"{images}/MANIFEST", "w") as manifest:
    manifest.write(text)
templates = f"{FOLDER}/templates/boot.ipxe"
text = open(templates).read()
with open(templates, "w") as out:
    out.write("{{nonsense}")
turns(503, "/healthz", "a template that cannot be rendered")
with open(templates, "w") as out:
    out.write(text)
turns(200, "/healthz", "well again")
database = f"{FOLDER}/site/db/jobs.db"
os.rename(database, database + ".away")
turns(503, "/readyz", "no database")
os.rename(database + ".away", database)
turns(200, "/readyz", "the database again")

# ---- nothing of the document is left out ----

described = {(p, m, int(s)) for p, m, o in operations for s in o["responses"] if s != "default"}
equal(sorted(described - seen), [], "every path, method and status of the document was exercised")
print(COUNT)
