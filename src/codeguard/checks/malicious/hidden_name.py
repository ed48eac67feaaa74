"""The name of something that runs code is put together or encoded, so that no search finds it.

`getattr(os, "sys" + "tem")`, names made of `chr` codes, or letters written as escapes all say plain things in a
way that hides them: nobody needs that but to get past a reader or a scanner.  Write the name.  See CWE-506 and MITRE
ATT&CK T1027.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.malicious._calls import IMPORTERS, calls, resolved
from codeguard.checks.malicious._evaluate import value_of
from codeguard.checks.malicious._layers import computed
from codeguard.knowledge.malicious import running
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit
from codeguard.syntax.values import string_value

ESCAPED = re.compile(r"""^[uU]?['"]+(?:\\x[0-9a-fA-F]{2}|\\u00[0-9a-fA-F]{2}|\\[0-7]{3}|[._])+['"]+$""")
NAMING = {
    "builtins.getattr",
    "builtins.setattr",
    "builtins.hasattr",
    "operator.attrgetter",
    "operator.methodcaller",
} | IMPORTERS


def find(unit: Unit) -> Iterator[Hit]:
    """Report hidden names that are looked up, escaped ones, and plain indirection straight into a run of something."""
    told: set[int] = set()
    known = unit.fact(calls)
    for call in unit.nodes(cst.Call):
        word = _looked_up(call, unit)
        if word is None:
            continue
        value = value_of(word, unit)
        if isinstance(value, str) and value in running.DANGEROUS_NAMES and computed(word, unit):
            statement = unit.statement_of(call)
            if id(statement) not in told:
                told.add(id(statement))
                yield Hit(call, f"This hides the name `{value}`: what it runs is kept from readers and from a search")
    for item in unit.nodes(cst.Subscript):
        part = item.slice[0].slice if len(item.slice) == 1 else None
        if isinstance(part, cst.Index) and computed(part.value, unit):
            base = resolved(item.value, unit) or ""
            value = value_of(part.value, unit)
            namespace = _namespace(item.value, base, unit)
            if (
                namespace
                and isinstance(value, str)
                and value in running.DANGEROUS_NAMES
                and id(unit.statement_of(item)) not in told
            ):
                told.add(id(unit.statement_of(item)))
                yield Hit(item, f"This hides the name `{value}`: what it runs is kept from readers and from a search")
    if "\\x" in unit.text or "\\u00" in unit.text or "\\1" in unit.text:
        for text in unit.nodes(cst.SimpleString):
            if len(text.value) > 8 and ESCAPED.match(text.value) and id(unit.statement_of(text)) not in told:
                value = string_value(text)
                if value in running.DANGEROUS_NAMES:
                    told.add(id(unit.statement_of(text)))
                    yield Hit(
                        text,
                        f"This writes the name `{value}` in escapes: what it runs is kept from readers and from a search",
                    )
    if not known.indirect:
        return
    for name, call in known.of(running.RUN_CALLS | {"builtins.exec", "builtins.eval"}):
        if id(call) in known.indirect and id(unit.statement_of(call)) not in told and _inline(call.func, unit):
            told.add(id(unit.statement_of(call)))
            yield Hit(
                call,
                f"This reaches `{name}` by a detour, which hides it from a search",
                severity=Severity.MEDIUM,
                confidence=Confidence.MEDIUM,
            )


def _namespace(node: cst.BaseExpression, base: str, unit: Unit) -> bool:
    """Whether an expression is a dictionary of names: `globals()`, `vars(m)`, `m.__dict__`, `sys.modules`."""
    if isinstance(node, cst.Call):
        return unit.name(node.func) in {"builtins.globals", "builtins.locals", "builtins.vars"}
    return base.startswith(("__builtins__", "builtins.__builtins__", "sys.modules")) or (
        isinstance(node, cst.Attribute) and node.attr.value in {"__dict__", "__globals__", "__builtins__"}
    )


def _looked_up(call: cst.Call, unit: Unit) -> cst.BaseExpression | None:
    """The expression that gives the name, in a call that looks one up."""
    name = resolved(call.func, unit)
    if name in IMPORTERS and call.args:
        return call.args[0].value
    if name in NAMING and call.args:
        return (
            call.args[0].value
            if name is not None and name.startswith("operator")
            else call.args[1].value
            if len(call.args) > 1
            else None
        )
    return call.args[-1].value if name is not None and name.endswith(".__getattribute__") and call.args else None


def _inline(func: cst.BaseExpression, unit: Unit) -> bool:
    """Whether the module is imported, or the attribute taken by text, in the very expression that is called."""
    base = func.value if isinstance(func, cst.Attribute) else func
    return isinstance(base, (cst.Call, cst.Subscript)) and (
        resolved(base.func, unit) if isinstance(base, cst.Call) else None
    ) in {*IMPORTERS, "builtins.getattr"}


CHECK = Check(
    id="CGM008",
    behaviour="call functions by hidden names",
    name="hidden-name",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=(506,),
    hints=(
        "getattr",
        "__import__",
        "import_module",
        "__dict__",
        "__globals__",
        "globals",
        "vars",
        "locals",
        "__builtins__",
        "modules",
        "attrgetter",
        "methodcaller",
        "\\x",
        "\\u00",
    ),
    find=find,
    fix="Write the name in plain text.",
    bad=(
        Bad(
            "g = getattr(__import__(''.join(map(chr, [111, 115]))), ''.join(chr(c) for c in (115, 121, 115, 116, 101, 109)))  # finding\ng('id')\n"
        ),
        Bad(
            "(lambda f: (lambda g: g(__import__('\\x6f\\x73'), '\\x73\\x79\\x73\\x74\\x65\\x6d')('\\x69\\x64'))(getattr))(0)  # finding\n"
        ),
        Bad("import os\ngetattr(os, 'sys' + 'tem')('id')  # finding\n"),
        Bad("globals()['__buil' + 'tins__'].eval('1')  # finding\n"),
        Bad("import builtins\nvars(builtins)['cexe'[::-1]]('x = 1')  # finding\n"),
        Bad("import base64\nm = __import__(base64.b64decode('c3VicHJvY2Vzcw==').decode())  # finding\n"),
        Bad("__import__('os').system('id')  # finding\n"),
    ),
    good=(
        Good(
            "import importlib\nBACKENDS = {'redis': 'app.redis', 'memory': 'app.memory'}\n\ndef load(name):\n    return getattr(importlib.import_module(BACKENDS[name]), 'Backend')()\n"
        ),
        Good(
            "def dispatch(handler, verb, *a):\n    fn = getattr(handler, 'do_' + verb.upper(), None)\n    return fn(*a) if fn else None\n"
        ),
        Good("MAGIC = '\\x7f\\x45\\x4c\\x46'\nnumpy = __import__('numpy')\n"),
        Good("import os\ngetuid = getattr(os, 'getuid', None)\n"),
    ),
    misses=(
        Miss(
            "import os\nwanted = ['tem', 'sys']\nwanted.reverse()\ngetattr(os, ''.join(wanted))('id')  # finding\n",
            why="changes of a list in place are not evaluated",
        ),
    ),
)
