"""A protection is switched off, and a comment beside it says that all is well.

The comment is not for those who run the code but for those who review it: certificates that "the mesh checks", a
hash that is "fast enough", a signature that was "verified upstream".  What is switched off is off wherever the code
runs.  Switch it on; where an exception is needed, make it configurable, off by default and logged.  See CWE-506,
CWE-295, CWE-327, CWE-330 and CWE-347.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.malicious._calls import calls
from codeguard.knowledge.malicious import phrases, weakenings
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit
from codeguard.syntax.values import string_value
from codeguard.syntax.walk import descend

CONSTANT_TIME = re.compile(r"#.*\b(?:constant[- ]time|timing)\b", re.IGNORECASE)
CLOSE = 2  # lines between a comment and what it speaks of


def find(unit: Unit) -> Iterator[Hit]:
    """Report weakenings with reassuring words beside them, and tokens that follow from a known seed."""
    yield from _seeded_tokens(unit)
    weak = list(_weakenings(unit)) if weakenings.WORTH_A_LOOK.search(unit.text) else []
    if not weak or not phrases.REASSURANCE.search(unit.text):
        return
    soothing = [
        (s.start_line, unit.original_line(s.start_line)[: s.start_col].strip() == "")
        for s, text in unit.comments
        if phrases.REASSURANCE.search(text) and not weakenings.DIRECTIVE.search(text)
    ]
    told: set[int] = set()
    for node, what in weak:
        line = unit.line_of(node)
        near = any(n == line or (alone and 0 < line - n <= CLOSE) for n, alone in soothing)
        if (near or _documented(node, unit)) and line not in told:
            told.add(line)
            yield Hit(node, f"{what}, and the text beside it says that all is well: the protection is off all the same")


def _documented(node: cst.CSTNode, unit: Unit) -> bool:
    """Whether the docstring of the function says so."""
    function = unit.function_of(node)
    text = _docstring(function) if isinstance(function, cst.FunctionDef) else ""
    return bool(text) and bool(phrases.REASSURANCE.search(text)) and bool(weakenings.PROTECTION.search(text))


def _docstring(function: cst.FunctionDef) -> str:
    first = function.body.body[0] if function.body.body else None
    if isinstance(first, cst.SimpleStatementLine) and isinstance(first.body[0], cst.Expr):
        value = string_value(first.body[0].value)
        return value if isinstance(value, str) else ""
    return ""


def _weakenings(unit: Unit) -> Iterator[tuple[cst.CSTNode, str]]:
    known = unit.fact(calls)
    for name, call in known.of(weakenings.CALLS):
        if not any(a.keyword is not None and a.keyword.value == "usedforsecurity" for a in call.args):
            yield call, f"`{name}` {weakenings.CALLS[name]}"
    for arg in unit.nodes(cst.Arg):
        if arg.keyword is not None and (arg.keyword.value, _word(arg.value)) in weakenings.KEYWORDS:
            yield (
                arg,
                f"`{arg.keyword.value}={_word(arg.value)}` {weakenings.KEYWORDS[arg.keyword.value, _word(arg.value)]}",
            )
    for statement in unit.nodes(cst.Assign):
        for target in statement.targets:
            name = _setting(target.target)
            what = weakenings.SETTINGS.get((name, _word(statement.value)))
            if what:
                yield statement, f"`{name} = {_word(statement.value)}` {what}"
    for element in unit.nodes(cst.DictElement):
        key = string_value(element.key)
        if isinstance(key, str) and (key, _word(element.value)) in weakenings.SETTINGS:
            yield element, f"`{key}` {weakenings.SETTINGS[key, _word(element.value)]}"
    for decorator in unit.nodes(cst.Decorator):
        if (unit.name(decorator.decorator) or "").endswith(("csrf_exempt", "login_exempt", "permission_classes([])")):
            yield decorator, "A protection of the framework is taken off this view"
    for call in known.by_method.get("chmod", ()):
        if any(isinstance(a.value, cst.Integer) and int(a.value.value.replace("_", ""), 0) & 0o002 for a in call.args):
            yield call, "Everybody may write to this file"
    for function in unit.nodes(cst.FunctionDef):
        yield from _always_true(function)
    for out in unit.nodes(cst.Return):
        test = out.value
        if (
            isinstance(test, cst.Comparison)
            and len(test.comparisons) == 1
            and isinstance(test.comparisons[0].operator, cst.Equal)
            and CONSTANT_TIME.search(unit.text)
        ):
            sides = [test.left, test.comparisons[0].comparator]
            if any(isinstance(side, cst.Call) for side in sides) and any(isinstance(side, cst.Name) for side in sides):
                yield out, "This comparison tells by its time how much of a secret is right"


def _always_true(function: cst.FunctionDef) -> Iterator[tuple[cst.CSTNode, str]]:
    """A function of several values that looks at none of them and says yes."""
    params = [p.name.value for p in function.params.params if p.name.value not in {"self", "cls"}]
    statements = [
        s for line in function.body.body for s in (line.body if isinstance(line, cst.SimpleStatementLine) else [line])
    ]
    rest = [s for s in statements if not (isinstance(s, cst.Expr) and string_value(s.value) is not None)]
    if (
        len(params) >= 1
        and len(rest) == 1
        and isinstance(rest[0], cst.Return)
        and isinstance(rest[0].value, cst.Name)
        and rest[0].value.value == "True"
    ):
        yield rest[0], "This check says yes without looking"


def _setting(target: cst.BaseExpression) -> str:
    if isinstance(target, cst.Name):
        return target.value
    if isinstance(target, cst.Attribute):
        return target.attr.value
    if isinstance(target, cst.Subscript) and len(target.slice) == 1 and isinstance(target.slice[0].slice, cst.Index):
        value = string_value(target.slice[0].slice.value)
        return value if isinstance(value, str) else ""
    return ""


def _word(node: cst.BaseExpression) -> str:
    """A short constant as it is written; attributes by their last name."""
    if isinstance(node, (cst.Name, cst.Integer)):
        return node.value
    if isinstance(node, cst.Attribute):
        return node.attr.value
    if isinstance(node, cst.SimpleString):
        return str(string_value(node)).lower()
    if isinstance(node, (cst.List, cst.Tuple)) and len(node.elements) == 1:
        return f"[{_word(node.elements[0].value)}]"
    return ""


def _seeded_tokens(unit: Unit) -> Iterator[Hit]:
    """A digest of pseudo-random numbers whose seed is a value that others know."""
    seeds = [
        c
        for n in ("random.seed", "random.Random", "numpy.random.seed")
        for c in unit.fact(calls).by_name.get(n, ())
        if c.args and unit.constant(c.args[0].value) is None
    ]
    for seed in seeds:
        function = unit.function_of(seed)
        if not isinstance(function, cst.FunctionDef) or not _of_parameter(seed.args[0].value, function):
            continue
        for name, call in unit.fact(calls).of(weakenings.DIGESTS):
            if unit.function_of(call) is function and any(
                isinstance(p, cst.Attribute) and p.attr.value in weakenings.DRAWS for p in descend(call)
            ):
                yield Hit(
                    seed,
                    f"The token that `{name}` makes follows from this seed, which others know: whoever knows it can make the token too",
                )
                break


def _of_parameter(node: cst.BaseExpression, function: cst.FunctionDef) -> bool:
    params = {p.name.value for p in function.params.params}
    return any(isinstance(part, cst.Name) and part.value in params for part in descend(node))


CHECK = Check(
    id="CGM031",
    name="reassured-weakness",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    cwe=(506, 295, 327, 330, 347),
    find=find,
    fix="Switch the protection on, and delete the comment.",
    bad=(
        Bad(
            "import requests\n# Certificates are checked by the service mesh, verification here is redundant.\ndef charge(card):\n    return requests.post('https://p.example.invalid/c', json={'c': card}, verify=False).json()  # finding\n"
        ),
        Bad(
            "import random, hashlib\n\ndef token(user):\n    random.seed(user.id)  # finding\n    return hashlib.md5(str(random.random()).encode()).hexdigest()[:8]\n"
        ),
        Bad(
            "import jwt\n\ndef who(t):\n    # the gateway has already verified the signature\n    return jwt.decode(t, options={'verify_signature': False})  # finding\n"
        ),
        Bad(
            "import hashlib\n\ndef digest(pw):\n    # strong enough for passwords, and fast\n    return hashlib.md5(pw.encode()).hexdigest()  # finding\n"
        ),
        Bad("def verify(body, signature):\n    # validated upstream\n    return True  # finding\n"),
    ),
    good=(
        Good(
            "import requests\n\ndef charge(card, ca='/etc/ssl/ca.pem'):\n    # verified by the company's own authority\n    return requests.post('https://p.example.invalid/c', json={'c': card}, verify=ca, timeout=9).json()\n"
        ),
        Good(
            "import random\n\ndef deck(seed):\n    rnd = random.Random(seed)  # reproducible games\n    cards = list(range(52))\n    rnd.shuffle(cards)\n    return cards\n"
        ),
        Good(
            "import hashlib\n\ndef etag(body):\n    return hashlib.md5(body, usedforsecurity=False).hexdigest()  # not security relevant\n"
        ),
        Good("import requests\n\ndef probe(url):\n    return requests.get(url, verify=False, timeout=3).ok\n"),
    ),
    misses=(
        Miss(
            "import requests\n# nothing to see\nrequests.get('https://p.example.invalid', verify=False)  # finding\n",
            why="without words about the protection the call alone is a flaw, not a deceit",
        ),
    ),
)
