"""Answer files of a pairwise matrix of options, read as Windows reads them.

windows_answers.py CONF FOLDER: prints what is wrong, and how many files were read.
"""
import base64
import itertools
import os
import random
import struct
import subprocess
import sys
import xml.etree.ElementTree as ET

NS = "{urn:schemas-microsoft-com:unattend}"
WCM = "{http://schemas.microsoft.com/WMIConfig/2002/State}"
HOSTILE = "a\"b<c>&'d]]>%PATH%!x! &amp; ^|\\ \u00df\U0001f600"


def blob(name):
    """What djoin writes for a machine, as far as jobctl looks."""
    body = b"\xff\xfe<>" + f"{name}\0".encode("utf-16-le")
    return base64.b64encode(bytes([1, 0x10, 8, 0, 0xCC, 0xCC, 0xCC, 0xCC])
                            + struct.pack("<II", len(body), 0) + body).decode()


EDITIONS = [  # the name, type and architecture of the manifest, the public key
    ("Windows Server 2019 Standard", "Server", "amd64", "N69G4-B89J2-4G8F4-WWYCC-J464C"),
    ("Windows Server 2022 Datacenter Core", "ServerCore", "amd64",
     "WX4NM-KYWYW-QJJR4-XV3QB-6VM33"),
    ("Windows Server 2025 Standard", "Server", "amd64", "TVRH6-WHNXV-R9WG3-9XRFY-MY832"),
    ("Windows 10 Pro", "Client", "amd64", "W269N-WFGWX-YVC9B-4J6C9-T83GX"),
    ("Windows 11 Pro", "Client", "arm64", "W269N-WFGWX-YVC9B-4J6C9-T83GX"),
]

OPTIONS = {
    "edition": list(range(len(EDITIONS))),
    "hostname": [None, "WEB"],
    "address": [None, "10.0.0.7/24", "2001:db8::7/64"],
    "gateway": [None, True],
    "dns": [0, 1, 3],
    "locale": [None, "de_AT.UTF-8", "en-US"],
    "keyboard": [None, "de", "0409:00020409"],
    "timezone": [None, "Europe/Vienna", "Tokyo Standard Time"],
    "key": [None, "kms", "ABCDE-ABCDE-ABCDE-ABCDE-ABCD5"],
    "user": [None, "ann"],
    "rdp": [None, "yes", "no"],
    "join": [None, "account", "domain\\account", "account@domain", "blob", "both"],
    "ou": [None, "OU=a&b<c>\"d\",DC=corp,DC=example"],
    "bypass": [0, 1, 5],
}

# Where Windows wants what, and in which order.
TABLE = [
    ("specialize", [
        ("Microsoft-Windows-DNS-Client", "Interfaces"),
        ("Microsoft-Windows-Deployment", "RunSynchronous"),
        ("Microsoft-Windows-ServerManager-SvrMgrNc", "DoNotOpenServerManagerAtLogon"),
        ("Microsoft-Windows-Shell-Setup", "ComputerName ProductKey TimeZone"),
        ("Microsoft-Windows-TCPIP", "Interfaces"),
        ("Microsoft-Windows-TerminalServices-LocalSessionManager", "fDenyTSConnections"),
        ("Microsoft-Windows-TerminalServices-RDP-WinStationExtensions", "UserAuthentication"),
        ("Microsoft-Windows-UnattendedJoin", "Identification"),
        ("Networking-MPSSVC-Svc", "FirewallGroups"),
    ]),
    ("oobeSystem", [
        ("Microsoft-Windows-International-Core",
         "InputLocale SystemLocale UILanguage UserLocale"),
        ("Microsoft-Windows-Shell-Setup", "OOBE UserAccounts"),
    ]),
]
CHILDREN = {
    "Interface": "Ipv4Settings Ipv6Settings Identifier DNSServerSearchOrder "
                 "UnicastIpAddresses Routes",
    "Route": "Identifier NextHopAddress Prefix",
    "RunSynchronousCommand": "Order Description Path",
    "Identification": "Provisioning Credentials JoinDomain MachineObjectOU",
    "Credentials": "Domain Password Username",
    "FirewallGroup": "Active Group Profile",
    "OOBE": "HideEULAPage HideLocalAccountScreen HideOEMRegistrationScreen "
            "HideOnlineAccountScreens HideWirelessSetupInOOBE ProtectYourPC "
            "SkipMachineOOBE SkipUserOOBE",
    "UserAccounts": "AdministratorPassword LocalAccounts",
    "AdministratorPassword": "Value PlainText",
    "LocalAccount": "Password Group Name",
    "Password": "Value PlainText",
}
KEYED = {"IpAddress": "keyValue", "FirewallGroup": "keyValue", "LocalAccount": "action",
         "Route": "action", "Interface": "action", "RunSynchronousCommand": "action"}

wrong = 0


def say(job, text):
    global wrong
    wrong += 1
    print(f"{job}: {text}")


def pairwise(options, seed=1):
    """Rows in which each pair of values of two options comes together once at least."""
    rng = random.Random(seed)
    names = list(options)
    open_pairs = {((a, i), (b, j)) for a, b in itertools.combinations(names, 2)
                  for i in range(len(options[a])) for j in range(len(options[b]))}
    while open_pairs:
        best, most = None, -1
        first = rng.choice(sorted(open_pairs))
        for _ in range(30):
            row = {n: rng.randrange(len(options[n])) for n in names}
            row.update(dict(first))
            covered = sum(((a, row[a]), (b, row[b])) in open_pairs
                          for a, b in itertools.combinations(names, 2))
            if covered > most:
                best, most = row, covered
        open_pairs -= {((a, best[a]), (b, best[b])) for a, b in itertools.combinations(names, 2)}
        yield {n: options[n][best[n]] for n in names}


def settle(row):
    """What jobctl refuses does not go together: a job without it."""
    if not row["address"]:
        row["gateway"] = None
    if row["gateway"]:
        row["gateway"] = "2001:db8::1" if ":" in row["address"] else "10.0.0.1"
    if row["join"] in (None, "blob"):
        row["ou"] = None
    if row["join"] in ("blob", "both"):
        row["hostname"] = "WEB"
    if "Windows 11" not in EDITIONS[row["edition"]][0]:
        row["bypass"] = 0
    row["dns"] = ["10.0.0.53", "2001:db8::53", "10.0.1.53"][:row["dns"]]
    row["bypass"] = ["tpm", "cpu", "ram", "storage", "secureboot"][:row["bypass"]]
    return row


def arguments(row, mac, folder):
    args = ["--mac", mac, "--image", "win", "--edition", EDITIONS[row["edition"]][0],
            "--admin-password-file", f"{folder}/password"]
    for name in ("hostname", "address", "gateway", "locale", "keyboard", "timezone"):
        if row[name]:
            args += [f"--{name}", row[name]]
    for name in ("dns", "bypass"):
        for item in row[name]:
            args += [f"--{name}", item]
    if row["key"]:
        args += ["--product-key", row["key"]]
    if row["user"]:
        args += ["--user", row["user"], "--user-password-file", f"{folder}/password"]
    if row["rdp"]:
        args += ["--rdp=no" if row["rdp"] == "no" else "--rdp"]
    if row["ou"]:
        args += ["--join-ou", row["ou"]]
    if row["join"] and row["join"] != "blob":
        user = {"domain\\account": "CORP\\joiner",
                "account@domain": "joiner@child.corp.example"}.get(row["join"], "joiner")
        args += ["--join", "corp.example", "--join-user", user,
                 "--join-password-file", f"{folder}/password"]
    if row["join"] in ("blob", "both"):
        args += ["--join-blob-file", f"{folder}/blob"]
    return args


def tag(element):
    return element.tag.removeprefix(NS)


def in_order(job, where, got, allowed):
    places = [allowed.index(g) if g in allowed else -1 for g in got]
    if -1 in places or places != sorted(set(places)):
        say(job, f"{where} has {got}")


def structure(job, root, arch):
    """Passes, components, elements and their order; nothing empty."""
    in_order(job, "unattend", [s.get("pass") for s in root], [p for p, _ in TABLE])
    for settings, (name, components) in zip(root, TABLE):
        table = dict(components)
        in_order(job, name, [c.get("name") for c in settings], list(table))
        for component in settings:
            who = component.get("name")
            want = {"name": who, "processorArchitecture": arch, "language": "neutral",
                    "publicKeyToken": "31bf3856ad364e35", "versionScope": "nonSxS"}
            if component.attrib != want:
                say(job, f"{who} is {component.attrib}")
            in_order(job, who, [tag(e) for e in component], table.get(who, "").split())
    for element in root.iter():
        if not len(element) and not (element.text or "").strip():
            say(job, f"{tag(element)} is empty")
        if tag(element) in CHILDREN and len(element):
            in_order(job, tag(element), [tag(e) for e in element], CHILDREN[tag(element)].split())
        if tag(element) in KEYED and not element.get(WCM + KEYED[tag(element)]):
            say(job, f"{tag(element)} has no wcm:{KEYED[tag(element)]}")


def hidden(password, element):
    return base64.b64encode((password + element).encode("utf-16-le")).decode()


def texts(root):
    """PASS/COMPONENT/ELEMENT/... to the texts that are there."""
    out = {}

    def walk(element, path):
        for child in element:
            at = f"{path}/{tag(child)}"
            if len(child):
                walk(child, at)
            else:
                out.setdefault(at, []).append(child.text)
    for settings in root:
        for component in settings:
            short = component.get("name").removeprefix("Microsoft-Windows-")
            walk(component, f"{settings.get('pass')}/{short}")
    return out


def network(row, mac):
    mac = mac.upper().replace(":", "-")
    want = {}
    if row["dns"]:
        at = "specialize/DNS-Client/Interfaces/Interface"
        want[f"{at}/Identifier"] = [mac]
        want[f"{at}/DNSServerSearchOrder/IpAddress"] = row["dns"]
    if row["address"]:
        at = "specialize/TCPIP/Interfaces/Interface"
        family = "6" if ":" in row["address"] else "4"
        want[f"{at}/Ipv{family}Settings/DhcpEnabled"] = ["false"]
        want[f"{at}/Identifier"] = [mac]
        want[f"{at}/UnicastIpAddresses/IpAddress"] = [row["address"]]
        if row["gateway"]:
            want[f"{at}/Routes/Route/Identifier"] = ["1"]
            want[f"{at}/Routes/Route/NextHopAddress"] = [row["gateway"]]
            want[f"{at}/Routes/Route/Prefix"] = ["::/0" if family == "6" else "0.0.0.0/0"]
    return want


def domain(row):
    at = "specialize/UnattendedJoin/Identification"
    if row["join"] in ("blob", "both"):
        return {f"{at}/Provisioning/AccountData": [blob(row["hostname"])]}
    if not row["join"]:
        return {}
    domains = {"domain\\account": "CORP", "account@domain": "child.corp.example"}
    want = {f"{at}/Credentials/Domain": [domains.get(row["join"], "corp.example")],
            f"{at}/Credentials/Password": [HOSTILE],
            f"{at}/Credentials/Username": ["joiner"],
            f"{at}/JoinDomain": ["corp.example"]}
    if row["ou"]:
        want[f"{at}/MachineObjectOU"] = [row["ou"]]
    return want


def people(row):
    at = "oobeSystem/International-Core"
    locale = {"de_AT.UTF-8": "de-AT"}.get(row["locale"], row["locale"]) or "en-US"
    lcid = "0c07" if row["locale"] == "de_AT.UTF-8" else "0409" if row["locale"] else "0407"
    keyboard = f"{lcid}:00000407" if row["keyboard"] == "de" else row["keyboard"]
    want = {f"{at}/InputLocale": [keyboard or locale], f"{at}/SystemLocale": [locale],
            f"{at}/UILanguage": ["en-US"], f"{at}/UserLocale": [locale]}
    zone = {"Europe/Vienna": "W. Europe Standard Time"}.get(row["timezone"], row["timezone"])
    if zone:
        want["specialize/Shell-Setup/TimeZone"] = [zone]
    return want


def accounts(row, client):
    at = "oobeSystem/Shell-Setup"
    want = {f"{at}/OOBE/{e}": ["true"] for e in (
        "HideEULAPage", "HideOEMRegistrationScreen", "HideOnlineAccountScreens",
        "HideWirelessSetupInOOBE")}
    want[f"{at}/OOBE/ProtectYourPC"] = ["3"]
    if not client:
        want[f"{at}/OOBE/HideLocalAccountScreen"] = ["true"]
    elif not row["user"]:
        want[f"{at}/OOBE/SkipMachineOOBE"] = want[f"{at}/OOBE/SkipUserOOBE"] = ["true"]
    at += "/UserAccounts"
    want[f"{at}/AdministratorPassword/Value"] = [hidden(HOSTILE, "AdministratorPassword")]
    want[f"{at}/AdministratorPassword/PlainText"] = ["false"]
    if row["user"]:
        at += "/LocalAccounts/LocalAccount"
        want.update({f"{at}/Password/Value": [hidden(HOSTILE, "Password")],
                     f"{at}/Password/PlainText": ["false"],
                     f"{at}/Group": ["Administrators"], f"{at}/Name": ["ann"]})
    return want


def commands(row, client):
    names = {"tpm": "TPM", "cpu": "CPU", "ram": "RAM", "storage": "Storage",
             "secureboot": "SecureBoot"}
    paths = [rf"reg.exe add HKLM\SYSTEM\Setup\LabConfig /v Bypass{names[b]}Check "
             "/t REG_DWORD /d 1 /f" for b in row["bypass"]]
    orders = [str(i + 1) for i in range(len(paths))]
    if client and not row["user"]:
        paths.append("powershell.exe -NoProfile -NonInteractive -Command \"Get-LocalUser | "
                     "Where-Object SID -like 'S-1-5-*-500' | Enable-LocalUser\"")
        orders.append("20")
    at = "specialize/Deployment/RunSynchronous/RunSynchronousCommand"
    return {f"{at}/Path": paths, f"{at}/Order": orders} if paths else {}


def expected(row, mac):
    _, kind, _, kms = EDITIONS[row["edition"]]
    client = kind == "Client"
    name = row["hostname"] or "PX-" + mac.upper().replace(":", "")
    want = {"specialize/Shell-Setup/ComputerName": [name]}
    if row["key"]:
        want["specialize/Shell-Setup/ProductKey"] = [kms if row["key"] == "kms" else row["key"]]
    if kind == "Server":
        want["specialize/ServerManager-SvrMgrNc/DoNotOpenServerManagerAtLogon"] = ["true"]
    if row["rdp"] == "yes":
        terminal = "specialize/TerminalServices-"
        group = "specialize/Networking-MPSSVC-Svc/FirewallGroups/FirewallGroup"
        want.update({f"{terminal}LocalSessionManager/fDenyTSConnections": ["false"],
                     f"{terminal}RDP-WinStationExtensions/UserAuthentication": ["1"],
                     f"{group}/Active": ["true"], f"{group}/Profile": ["all"],
                     f"{group}/Group": ["@FirewallAPI.dll,-28752"]})
    for part in (network(row, mac), domain(row), people(row), accounts(row, client),
                 commands(row, client)):
        want.update(part)
    return want


def run(job, *command):
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode or done.stderr:
        say(job, f"{command}: {done.returncode} {done.stderr.decode()}")
    return done.stdout


def judge(number, row, conf, folder):
    mac = f"52:54:00:00:00:{number:02x}"
    path = f"{folder}/{number}.xml"
    if row["hostname"]:
        row["hostname"] += str(number)  # one job has it at a time
        with open(f"{folder}/blob", "w", encoding="utf-8") as out:
            out.write(blob(row["hostname"]))
    run(number, "jobctl", "--config", conf, "add", *arguments(row, mac, folder))
    text = run(number, "ipxegen", "--config", conf, "--reveal", "--mac", mac, "unattend.xml")
    with open(path, "wb") as out:
        out.write(text)
    try:
        root = ET.fromstring(text)
    except ET.ParseError as error:
        say(number, f"{error}: {row}")
        return
    structure(number, root, EDITIONS[row["edition"]][2])
    got, want = texts(root), expected(row, mac)
    for at in sorted(set(got) | set(want)):
        if at.endswith("/Description"):
            continue
        if got.get(at) != want.get(at):
            say(number, f"{at} is {got.get(at)} and not {want.get(at)}: {row}")


conf, folder = sys.argv[1:3]
os.makedirs(folder, exist_ok=True)
with open(f"{folder}/password", "w", encoding="utf-8") as out:
    out.write(HOSTILE + "\n")
os.umask(0o077)
os.chmod(f"{folder}/password", 0o600)
rows = [settle(row) for row in pairwise(OPTIONS)]
for number, row in enumerate(rows):
    judge(number, row, conf, folder)
print("enough" if len(rows) > 30 else f"only {len(rows)}")
sys.exit(wrong != 0)
