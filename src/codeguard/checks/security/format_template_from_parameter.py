"""`str.format` on a template that the caller chooses, with objects whose attributes it can reach.

`{user.__init__.__globals__}` in the template reads any attribute of the arguments, and through them every global of
their modules.  Use `string.Template`, give plain texts and numbers instead of objects, or wrap the objects in ones that
answer only the fields meant.  See CWE-134 and CWE-200.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.security._bodies import body, function_around, parameters
from codeguard.checks.security._words import words
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

TEMPLATE = frozenset({"template", "tmpl", "tpl", "format", "fmt", "pattern", "layout"})
PLAIN = frozenset({"str", "int", "float", "bytes", "len", "round", "bool", "repr"})


def find(call: cst.Call, unit: Unit) -> Iterator[Hit]:
    """Report `parameter.format(thing=object)` where the object is more than a text and no wrapper of the file's own."""
    func = call.func
    if not (isinstance(func, cst.Attribute) and func.attr.value in {"format", "format_map"} and call.args):
        return
    if not isinstance(func.value, cst.Name):
        return
    function = function_around(unit, call)
    if function is None or not _is_free_parameter(unit, function, func.value):
        return
    template = func.value.value
    exposed = next((a.value for a in call.args if _is_object(unit, function, a)), None)
    if exposed is not None and TEMPLATE & set(words(template)):
        yield Hit(
            call, f"whoever chooses `{template}` reads any attribute of what is formatted, `__globals__` included"
        )


def _is_free_parameter(unit: Unit, function: cst.FunctionDef, name: cst.Name) -> bool:
    """True for a parameter that is never bound again nor tested against anything."""
    owned = {p.name.value for p in parameters(function) if isinstance(p.name, cst.Name) and p.default is None}
    if name.value not in owned:
        return False  # a default makes it an option of the program's own
    if len(unit.scopes.look_up(name.value, name)) != 1:
        return False
    for comparison in body(unit, function).comparisons:
        if isinstance(comparison.left, cst.Name) and comparison.left.value == name.value:
            return False
        if any(isinstance(t.comparator, cst.Name) and t.comparator.value == name.value for t in comparison.comparisons):
            return False
    return True


def _is_object(unit: Unit, function: cst.FunctionDef, arg: cst.Arg) -> bool:
    """True for an argument that may have attributes to read: a bare name that is no text, no number, no wrapper."""
    value = arg.value
    if isinstance(value, cst.Name) and value.value in {"self", "cls"}:
        return True
    if isinstance(value, cst.Name):
        if value.value in {p.name.value for p in parameters(function) if isinstance(p.name, cst.Name)}:
            return False
        bindings = unit.scopes.look_up(value.value, value)
        return (
            bool(bindings)
            and all(
                b.kind == "loop"
                or (b.kind == "assign" and isinstance(b.value, (cst.Subscript, cst.Call, cst.Attribute)))
                for b in bindings
            )
            and not any(_wraps(unit, b.value) for b in bindings)
        )
    return isinstance(value, cst.Subscript) and arg.keyword is not None


def _wraps(unit: Unit, value: cst.BaseExpression | None) -> bool:
    """True for a call of a class of this file that decides which attributes can be read, or of a plain builtin."""
    if not isinstance(value, cst.Call):
        return False
    name = unit.name(value.func) or ""
    if name.removeprefix("builtins.") in PLAIN:
        return True
    return any(
        cls.name.value == name.removeprefix("<local>.")
        and any(
            isinstance(f, cst.FunctionDef) and f.name.value in {"__getattr__", "__getattribute__"}
            for f in cls.body.body
        )
        for cls in unit.nodes(cst.ClassDef)
    )


CHECK = Check(
    id="CGS008",
    name="format-template-from-parameter",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    cwe=(134, 200),
    hints=(".format",),
    nodes=(cst.Call,),
    find=find,
    fix="Use `string.Template` with plain values.",
    bad=(
        Bad("""\
USERS = {}

def card(name, template):
    user = USERS[name]
    return template.format(user=user)  # finding
"""),
        Bad("""\
def render(self, fmt):
    return [fmt.format(item=item) for item in self.items()]  # finding
"""),
    ),
    good=(
        Good("""\
from string import Template

USERS = {}

def card(name, template):
    user = USERS[name]
    return Template(template).substitute(name=user.name)
"""),
        Good("""\
USERS = {}

class Public:
    def __init__(self, user):
        self._user = user

    def __getattr__(self, name):
        if name != "name":
            raise AttributeError(name)
        return self._user.name

def card(name, template):
    user = Public(USERS[name])
    return template.format(user=user)
"""),
        Good("def total(template, items):\n    count = len(items)\n    return template.format(count=count)\n"),
        Good("def greet(name):\n    return 'Hello {}'.format(name)\n"),
    ),
    misses=(
        Miss(
            "def show(template, user):\n    return template.format(user=user)  # finding\n",
            why="a parameter may be a plain text",
        ),
    ),
)
