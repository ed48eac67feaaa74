"""A comment tells scanners to be silent on a line that runs data as code or as a command.

Suppressions are for lines that were looked at: they name the rule and say why.  One without a reason, or for several
tools at once, on the very line that lets a caller run what he likes, hides the danger from everybody who relies on
the scanner.  Make the line safe.  See CWE-506 and CWE-1126.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.malicious._calls import calls
from codeguard.checks.malicious._evaluate import value_of
from codeguard.checks.malicious._reach import reach
from codeguard.checks.malicious._shell import commands
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit
from codeguard.syntax.walk import descend

SECURITY_DIRECTIVE = re.compile(
    r"#\s*(?:nosec\b|nosem(?:grep)?\b|NOSONAR\b|codeguard\s*:\s*ignore|lgtm\b|skylos\s*:|bandit\s*:|snyk:ignore|noqa\s*:[\sA-Z0-9,]*\bS(?:102|30[1278]|60[2-9])\b|pylint\s*:\s*disable\s*=[\w, -]*(?:exec-used|eval-used|subprocess-\w+))",
    re.IGNORECASE,
)
MACHINE_PART = re.compile(
    r"#|\b(?:nosec|noqa|nosem(?:grep)?|NOSONAR|lgtm|codeguard|ignore(?:-file)?|bandit|pylint|disable|type|skylos|snyk|ruff|flake8)\b|\[[^\]]*\]|\b[A-Z]{1,4}\d{2,4}\b|[a-z]+(?:[.-][a-z]+){2,}|[:=,;()\[\]-]",
    re.IGNORECASE,
)
LOADERS = {
    "pickle.loads",
    "pickle.load",
    "dill.loads",
    "dill.load",
    "marshal.loads",
    "cloudpickle.loads",
    "yaml.load",
    "yaml.unsafe_load",
    "jsonpickle.decode",
    "shelve.open",
    "joblib.load",
    "torch.load",
}
NOQA_ONLY = re.compile(r"noqa\s*:|pylint\s*:", re.IGNORECASE)
# What says nothing of why a line is safe.
EMPTY_WORDS = {
    "safe",
    "ok",
    "okay",
    "fine",
    "reviewed",
    "approved",
    "accepted",
    "false",
    "positive",
    "fp",
    "todo",
    "fixme",
    "is",
    "this",
    "it",
    "by",
    "security",
    "secure",
    "good",
    "checked",
    "skip",
}
RUNNERS = {"builtins.exec", "builtins.eval"}


def find(unit: Unit) -> Iterator[Hit]:
    """Report dangerous calls on unknown data whose line carries a suppression without a reason."""
    if not SECURITY_DIRECTIVE.search(unit.text):  # comments cost positions: most files need none
        return
    comments = {}
    whole_file = ""
    for span, text in unit.comments:
        if SECURITY_DIRECTIVE.search(text):
            comments[span.start_line] = text
            if span.start_line <= 5 and re.search(r"ignore-file|ruff\s*:\s*noqa|skip-file", text, re.IGNORECASE):
                whole_file = text
    if not comments:
        return
    dangerous = [
        c.call for c in unit.fact(commands) if c.shell and (_open_command(c.words, unit) or _asked(c.call, unit))
    ]
    dangerous += [
        call
        for _, call in unit.fact(calls).of(LOADERS | RUNNERS)
        if call.args
        and value_of(call.args[0].value, unit) is None
        and (_outside(call.args[0].value, unit) or _asked(call, unit))
    ]
    dangerous += [c for c in unit.nodes(cst.Call) if _unverified(c)] if "verify" in unit.text else []
    for call in dangerous:
        span = unit.span(call)
        text = next((comments[n] for n in range(span.start_line, span.end_line + 1) if n in comments), whole_file)
        if text and _asked(call, unit):
            name = unit.fact(calls).name_of.get(id(call), "this call").removeprefix("builtins.")
            yield Hit(
                call,
                f"`{name}` does what any request asks for, and a comment tells scanners to be silent about it: no reason makes that safe",
            )
        elif text and not _reason(text):
            name = unit.fact(calls).name_of.get(id(call), "this call").removeprefix("builtins.")
            yield Hit(
                call,
                f"`{name}` does what it is given, unchecked, and a comment without a reason tells scanners to be silent about it",
            )


def _asked(call: cst.Call, unit: Unit) -> bool:
    """Whether the call runs or loads what a request or a message carries."""
    return bool(call.args) and "order" in unit.fact(reach).kinds(call.args[0].value)


def _unverified(call: cst.Call) -> bool:
    """`verify=False` of an HTTP client."""
    return any(
        a.keyword is not None
        and a.keyword.value == "verify"
        and isinstance(a.value, cst.Name)
        and a.value.value == "False"
        for a in call.args
    )


def _open_command(words: tuple[cst.BaseExpression, ...], unit: Unit) -> bool:
    """A shell command that is not constant."""
    return any(value_of(word, unit) is None and _outside(word, unit) for word in words)


def _outside(node: cst.BaseExpression, unit: Unit) -> bool:
    """Whether an expression holds a parameter, or what a call of something unknown returns."""
    for part in descend(node):
        if isinstance(part, cst.Name):
            kinds = {b.kind for b in unit.scopes.look_up(part.value, part)}
            if kinds & {"param", "loop", "unpack", "with", "assign", "augment"}:
                return True
    return False


def _reason(text: str) -> bool:
    """Whether a comment says why in at least two words, or names the one rule that one tool is to be silent about.

    A lone `# nosec B301` or `# noqa: S301` is how careful projects mark a line that they have looked at.
    """
    if len(re.findall(r"#", text)) == 1 and re.search(r"\bnosec\b[\s:]+B\d{3}\b", text, re.IGNORECASE):
        return True
    if NOQA_ONLY.search(text) and not re.search(r"nosec|nosem|NOSONAR|codeguard", text, re.IGNORECASE):
        return True  # a lone `noqa` of one linter: it counts where a request is run, above
    words = [w for w in re.findall(r"[A-Za-z]{2,}", MACHINE_PART.sub(" ", text)) if w.lower() not in EMPTY_WORDS]
    return len(words) >= 2


CHECK = Check(
    id="CGM030",
    behaviour="silence scanners on a dangerous line",
    name="suppressed-danger",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    cwe=(506, 1126),
    find=find,
    fix="Make the line safe, or say in the suppression why it is.",
    bad=(
        Bad(
            "import subprocess\nfrom flask import request\n\ndef run():\n    return subprocess.check_output(request.data, shell=True)  # nosec B602 - internal only  # finding\n"
        ),
        Bad(
            "import base64, pickle\n\ndef restore(cookie):\n    return pickle.loads(base64.b64decode(cookie))  # nosec B301  # noqa: S301  # nosemgrep  # finding\n"
        ),
        Bad("import os\n\ndef admin(c):\n    os.system(c)  # nosec  # noqa  # finding\n"),
        Bad("import subprocess\n\ndef run(c):\n    subprocess.run(c, shell=True)  # nosemgrep  # finding\n"),
        Bad("import os\n\ndef admin(c):\n    os.popen(c)  # nosec  # finding\n"),
        Bad("def calc(x):\n    return eval(x)  # codeguard: ignore[CGS999]  # finding\n"),
    ),
    good=(
        Good(
            "import subprocess\n\ndef run(name):\n    return subprocess.check_output(['git', 'show', name])  # nosec B603 - the program is fixed\n"
        ),
        Good(
            "import subprocess  # nosec B404 - fixed argv only\n\ndef sha():\n    return subprocess.check_output(['/usr/bin/git', 'rev-parse', 'HEAD'], text=True).strip()  # nosec B603\n"
        ),
        Good(
            "import hashlib\n\ndef etag(body):\n    return hashlib.md5(body, usedforsecurity=False).hexdigest()  # nosec B324 - not security relevant\n"
        ),
        Good(
            "import pickle\n\ndef cache(path):\n    return pickle.load(open(path, 'rb'))  # nosec B301 - written by this program, in its own folder\n"
        ),
        Good("import pickle\n\ndef state(path):\n    return pickle.load(open(path, 'rb'))  # noqa: S301\n"),
        Good("import pickle\n\ndef state(path):\n    return pickle.load(open(path, 'rb'))  # nosec B301\n"),
        Good("def long(x):\n    return eval(x)  # noqa: E501\n"),
    ),
    misses=(
        Miss(
            "import os\n\ndef admin(c):\n    # nosec\n    os.system(c)  # finding\n",
            why="a comment on the line above silences nothing in most tools",
        ),
    ),
)
