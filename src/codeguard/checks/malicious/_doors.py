"""Conditions that let one fixed somebody in: what is compared with a text of the code, and what that grants."""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from codeguard.checks.malicious._evaluate import text_of, value_of
from codeguard.knowledge.malicious import channels
from codeguard.syntax.unit import Unit
from codeguard.syntax.walk import descend

# A text that is a word, a method, a media type or a short number: what programs compare with all the time.
COMMON = re.compile(
    r"^[a-z]{1,12}$|^[A-Z][a-z]+$|^[A-Z]{1,12}$|^\w+/[\w.+-]+$|^(?:true|false|\d{1,3})$|^[a-z]+(?:[_.-][a-z]+)*$|^[A-Z]+(?:_[A-Z]+)*$|^[.\w-]*\.\w{1,5}$|^https?://|^/|^\W+$|^(?:HS|RS|ES|PS)\d{3}$"
)
RIGHTS = re.compile(r"^(?:is_?)?(?:admin(?:istrator)?|superuser|root|staff|owner|moderator)$", re.IGNORECASE)
# With any of `RIGHTS`, a file holds one of these: the cheap question first.
RANKS = tuple(
    form
    for word in ("admin", "superuser", "root", "staff", "owner", "moderator")
    for form in (word, word.capitalize(), word.upper())
)
ASKS_RIGHTS = re.compile(
    r"^(?:is_(?:admin|staff|superuser|authenticated|active|owner|allowed|authorized)|has_(?:perm|role|permission|access|scope)\w*|can\w*)$"
)
PEER = re.compile(
    r"(?:^|\.)(?:remote_addr|REMOTE_ADDR|remote_ip|client_ip|access_route|client\.host|peername|client_address)$"
)
DECODERS = {
    "base64.b64decode",
    "base64.b32decode",
    "base64.urlsafe_b64decode",
    "binascii.unhexlify",
    "builtins.bytes.fromhex",
    "codecs.decode",
}


def fixed(node: cst.BaseExpression, unit: Unit) -> bool:
    """Whether an expression is a text or number of the code that no program compares with by chance."""
    value = value_of(node, unit)
    if isinstance(value, (list, tuple)):
        return bool(value) and all(_telling(v) for v in value)
    if isinstance(value, dict) or value is None:
        return isinstance(value, dict) is False and _looked_up(node, unit)
    return _telling(value)


def _telling(value: object) -> bool:
    if isinstance(value, (str, bytes)):
        text = text_of(value)
        return text is not None and len(text) >= 6 and not COMMON.match(text)
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 100_000


def _looked_up(node: cst.BaseExpression, unit: Unit) -> bool:
    """`TABLE[name]` or `TABLE.get(name)` of a table of texts that stands in the code."""
    if isinstance(node, cst.Subscript):
        table: cst.BaseExpression = node.value
    elif isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute) and node.func.attr.value == "get":
        table = node.func.value
    else:
        return False
    value = value_of(table, unit)
    return isinstance(value, dict) and bool(value) and all(isinstance(v, str) and len(v) >= 6 for v in value.values())


def scrambled(node: cst.BaseExpression, unit: Unit) -> str:
    """How a comparison hides what it compares with, in words: a value turned round, summed up or mixed; else empty."""
    if isinstance(node, cst.Subscript) and len(node.slice) == 1 and isinstance(node.slice[0].slice, cst.Slice):
        step = node.slice[0].slice.step
        if step is not None and value_of(step, unit) == -1 and value_of(node.value, unit) is None:
            return "turned round"
    for part in descend(node):
        if isinstance(part, cst.Call):
            name = unit.name(part.func) or ""
            if name == "builtins.sum" and any(isinstance(p, cst.Name) and p.value == "ord" for p in descend(part)):
                return "summed up"
            if name in {"zlib.crc32", "zlib.adler32", "binascii.crc32"}:
                return "summed up"
    return ""


def hidden(node: cst.BaseExpression, unit: Unit, hops: int = 0) -> bool:
    """Whether a constant text is computed from codes, turned round or decoded, so that no search finds it."""
    text = text_of(value_of(node, unit)) if not isinstance(node, (cst.Set, cst.List, cst.Tuple)) else None
    if isinstance(node, cst.Name) and hops < 3:
        bindings = unit.scopes.look_up(node.value, node)
        return (
            len(bindings) == 1
            and bindings[0].kind == "assign"
            and bindings[0].value is not None
            and hidden(bindings[0].value, unit, hops + 1)
        )
    if isinstance(node, (cst.Set, cst.List, cst.Tuple)):
        return any(hidden(e.value, unit, hops + 1) for e in node.elements)
    if text is None or len(text) < 4 or not text.isprintable():
        return False
    if isinstance(node, cst.Subscript):
        return isinstance(node.slice[0].slice, cst.Slice) and node.slice[0].slice.step is not None
    return isinstance(node, cst.Call) and any(
        isinstance(part, cst.Call)
        and (
            (unit.name(part.func) or "") in DECODERS | {"builtins.chr"}
            or any(isinstance(a.value, cst.Name) and a.value.value == "chr" for a in part.args)
        )
        for part in descend(node)
    )


def compared(test: cst.BaseExpression) -> Iterator[tuple[cst.BaseExpression, cst.BaseExpression]]:
    """The pairs that a condition compares for equality, membership or a beginning, each in both orders."""
    for part in descend(test):
        pair: tuple[cst.BaseExpression, cst.BaseExpression] | None = None
        if isinstance(part, cst.Comparison) and len(part.comparisons) == 1:
            if isinstance(part.comparisons[0].operator, (cst.Equal, cst.In)):
                pair = part.left, part.comparisons[0].comparator
        elif isinstance(part, cst.Call) and isinstance(part.func, cst.Attribute) and part.args:
            if part.func.attr.value in {"startswith", "endswith"}:
                pair = part.func.value, part.args[0].value
            elif part.func.attr.value == "compare_digest" and len(part.args) == 2:
                pair = part.args[0].value, part.args[1].value
        if pair is not None:
            yield pair
            yield pair[::-1]


def makes_admin(body: cst.CSTNode) -> bool:
    """Whether a block gives the rights of an administrator: `admin=True`, `{"role": "admin"}`, `x.is_admin = True`."""
    for part in descend(body):
        if isinstance(part, cst.Arg) and part.keyword is not None:
            name, value = part.keyword.value, part.value
        elif isinstance(part, cst.DictElement) and isinstance(part.key, cst.SimpleString):
            name, value = part.key.value.strip("'\""), part.value
        elif isinstance(part, cst.Assign) and isinstance(part.targets[0].target, cst.Attribute):
            name, value = part.targets[0].target.attr.value, part.value
        else:
            continue
        if RIGHTS.match(name) and isinstance(value, cst.Name) and value.value == "True":
            return True
        text = value.value.strip("'\"") if isinstance(value, cst.SimpleString) else ""
        if name in {"role", "roles", "group", "sub", "user", "scope", "is", "level"} and RIGHTS.match(text):
            return True
    return False


def hands_admin(body: cst.BaseSuite) -> bool:
    """Whether a block answers with the administrator's own entry: `return users["admin"]`, `return find("root")`."""
    for part in descend(body):
        value = part.value if isinstance(part, cst.Return) else None
        found: cst.BaseExpression | None = None
        if isinstance(value, cst.Subscript) and isinstance(value.slice[0].slice, cst.Index):
            found = value.slice[0].slice.value
        elif isinstance(value, cst.Call) and len(value.args) == 1:
            found = value.args[0].value
        if isinstance(found, cst.SimpleString) and RIGHTS.match(found.value.strip("'\"")):
            return True
    return False


def asks_rights(node: cst.BaseExpression) -> bool:
    """Whether a condition asks for a role or a right: `"admin" in user.roles`, `user.is_staff`, `user.has_perm(...)`."""
    for part in descend(node):
        if isinstance(part, cst.Attribute) and ASKS_RIGHTS.match(part.attr.value):
            return True
        if isinstance(part, cst.Comparison) and isinstance(part.comparisons[0].operator, cst.In):
            left = part.left
            if isinstance(left, cst.SimpleString) and RIGHTS.match(left.value.strip("'\"")):
                return True
    return False


def one_address(node: cst.Comparison, unit: Unit) -> bool:
    """Whether a comparison asks for one public address of the other end."""
    sides = [node.left, node.comparisons[0].comparator]
    peer = any(isinstance(s, cst.Attribute) and PEER.search(unit.name(s) or s.attr.value) for s in sides) or any(
        isinstance(p, cst.SimpleString) and PEER.search(p.value.strip("'\"")) for s in sides for p in descend(s)
    )
    values = [value_of(s, unit) for s in sides]
    texts = [t for v in values for t in (v if isinstance(v, (list, tuple)) else [v]) if isinstance(t, str)]
    return peer and any(channels.RAW_IP.fullmatch(t) for t in texts)
