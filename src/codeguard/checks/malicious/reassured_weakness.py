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
from codeguard.checks.malicious._evaluate import value_of
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
    if "return True" in unit.text:
        yield from _claims(unit)
    if not phrases.REASSURANCE.search(unit.text) or not weakenings.WORTH_A_LOOK.search(unit.text):
        return
    weak = list(_weakenings(unit))
    if not weak:
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
            if name not in UNSAFE_ON_CONSTANTS or (call.args and unit.constant(call.args[0].value) is None):
                yield call, f"`{name}` {weakenings.CALLS[name]}"
    yield from _ciphers(unit)
    for arg in unit.nodes(cst.Arg):
        if (
            arg.keyword is not None
            and (arg.keyword.value, _word(arg.value)) in weakenings.KEYWORDS
            and not (arg.keyword.value == "shell" and _constant_call(arg, unit))
        ):
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
            if all(isinstance(side, (cst.Call, cst.Name, cst.Attribute)) for side in sides):
                yield out, "This comparison tells by its time how much of a secret is right"


def _constant_call(arg: cst.Arg, unit: Unit) -> bool:
    """Whether the call that an argument belongs to is given a constant first."""
    call = unit.parent(arg)
    return isinstance(call, cst.Call) and (
        isinstance(call.args[0].value, (cst.List, cst.Tuple)) or value_of(call.args[0].value, unit) is not None
    )


UNSAFE_ON_CONSTANTS = {"pickle.loads", "dill.loads"}
CHAINED = re.compile(r"(?:modes\.(?:CBC|CTR|GCM|OFB|CFB)|AESGCM\(\)\.encrypt|ChaCha20Poly1305\(\)\.encrypt)$")
OLD_PROTOCOLS = {
    "PROTOCOL_TLSv1",
    "PROTOCOL_TLSv1_1",
    "PROTOCOL_SSLv2",
    "PROTOCOL_SSLv3",
    "PROTOCOL_SSLv23",
    "TLSv1",
    "TLSv1_1",
    "SSLv3",
}
NO_CIPHER = re.compile(r"NULL|EXPORT|\bRC4|\bLOW\b|SECLEVEL=0|\bDES\b")
ROUNDS = {"hashlib.pbkdf2_hmac": 3, "Crypto.Protocol.KDF.PBKDF2": 3}
FEW = 1000  # rounds; OWASP asks for hundreds of thousands


def _ciphers(unit: Unit) -> Iterator[tuple[cst.CSTNode, str]]:
    """Old protocols, empty ciphers, modes that show equal blocks, keys of a few rounds, archives that leave their folder."""
    known = unit.fact(calls)
    for attribute in unit.nodes(cst.Attribute):
        if attribute.attr.value in OLD_PROTOCOLS and (unit.name(attribute) or "").startswith("ssl."):
            yield attribute, "This speaks a protocol that is broken"
        elif attribute.attr.value == "MODE_ECB":
            yield attribute, "This mode shows which blocks are equal"
    for name, found in known.by_name.items():
        if CHAINED.search(name):
            for call in found:
                if call.args and isinstance(value_of(call.args[0].value, unit), bytes):
                    yield call, "The same first block or number is used for every message"
    for call in known.by_method.get("set_ciphers", ()):
        text = unit.constant(call.args[0].value) if call.args else None
        if (
            text is not None
            and isinstance(text.value, str)
            and any(NO_CIPHER.search(part) for part in text.value.split(":") if not part.startswith(("!", "-")))
        ):
            yield call, "This accepts connections without encryption"
    for name, call in known.of(ROUNDS):
        rounds = unit.constant(unit.arg(call, ROUNDS[name], "iterations" if name.startswith("hashlib") else "count"))
        if rounds is not None and isinstance(rounds.value, int) and rounds.value < FEW:
            yield call, "This derives the key with a few rounds"
    for call in known.by_method.get("extractall", ()):
        if unit.arg(call, None, "filter") is None and "tarfile" in known.name_of.get(id(call), ""):
            yield call, "This archive may write outside its folder"


def _claims(unit: Unit) -> Iterator[Hit]:
    """Functions that say they check a signature, a token or a password, and say yes to all."""
    for function in unit.nodes(cst.FunctionDef):
        text = _docstring(function)
        if (
            CLAIM.match(text)
            and (found := next(_always_true(function), None)) is not None
            and unit.class_of(function) is None
        ):
            yield Hit(
                found[0],
                "This says that it checks and says yes to everything: the protection is not there",
            )


CLAIM = re.compile(
    r"\s*(?:verify|verifies|validate|validates|check|checks|authenticate|authenticates)\b[^.\n]{0,60}\b(?:signatures?|certificates?|tokens?|passwords?|credentials?|hmac|macs?|checksums?|digests?|licen[cs]es?|integrity|hash)\b",
    re.IGNORECASE,
)


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
    behaviour="switch off a protection and call that safe",
    name="reassured-weakness",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    cwe=(506, 295, 327, 330, 347),
    find=find,
    fix="Switch the protection on, and delete the comment.",
    bad=(
        Bad(
            "import jwt\n\ndef claims(token):\n    # The signature is validated below, per the security review.\n    return jwt.decode(token, options={'verify_signature': False})  # finding\n"
        ),
        Bad(
            "def verify(data, sig):\n    '''Verify the signature with the vendor's public key.'''\n    return True  # finding\n"
        ),
        Bad(
            "import yaml\n\ndef load(text):\n    # safe: this comes from trusted partners\n    return yaml.load(text, Loader=yaml.UnsafeLoader)  # finding\n"
        ),
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
        Good("import subprocess\n# safe: a constant\nsubprocess.run('ls | wc -l', shell=True, check=True)\n"),
        Good("class Base:\n    def verify(self, token):\n        '''Verify the token.'''\n        return True\n"),
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
