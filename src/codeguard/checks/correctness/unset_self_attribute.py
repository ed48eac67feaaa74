"""A method reads an attribute of `self` that nothing sets: no method, class body or base class.

Reading it raises AttributeError.  Only classes whose bases all stand in the file are looked at, and none with
`__getattr__`, `setattr`, `__dict__` tricks, unknown decorators or a metaclass; an attribute that the file sets on any
object, or names in a string, counts as set.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._classes import Class, Classes, classes, decorator_names
from codeguard.checks.correctness._shape import is_damaged, last_word
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit
from codeguard.syntax.walk import descend

# Every object has these.
OF_OBJECTS = frozenset(dir(object)) | {
    "__dict__",
    "__module__",
    "__name__",
    "__qualname__",
    "__mro__",
    "__bases__",
    "__slots__",
    "__annotations__",
    "__weakref__",
    "__orig_class__",
}
DYNAMIC = {"__getattr__", "__getattribute__", "__setattr__", "__slots__", "__init_subclass__"}
KNOWN_DECORATORS = {"dataclass", "total_ordering", "final", "runtime_checkable", "unique"}
# A base that others are meant to complete may read what they set.
PARTIAL = re.compile(r"(?:Mixin|MixIn|Base|Interface|Protocol|Trait|Plugin)\d*$|^_*(?:Abstract|Base)|[Mm]ixin|Abstract")
TRICKS = re.compile(r"\b(?:setattr|vars|__dict__|exec|locals)\b")


# What these bases define, as their documentation lists it: nothing else can be read of an instance.
KNOWN_BASES = {
    "torch.nn.Module": frozenset(
        [
            "T_destination",
            "add_module",
            "apply",
            "bfloat16",
            "buffers",
            "call_super_init",
            "children",
            "compile",
            "cpu",
            "cuda",
            "double",
            "dump_patches",
            "eval",
            "extra_repr",
            "float",
            "forward",
            "get_buffer",
            "get_extra_state",
            "get_parameter",
            "get_submodule",
            "half",
            "ipu",
            "load_state_dict",
            "modules",
            "mtia",
            "named_buffers",
            "named_children",
            "named_modules",
            "named_parameters",
            "parameters",
            "register_backward_hook",
            "register_buffer",
            "register_forward_hook",
            "register_forward_pre_hook",
            "register_full_backward_hook",
            "register_full_backward_pre_hook",
            "register_load_state_dict_post_hook",
            "register_load_state_dict_pre_hook",
            "register_module",
            "register_parameter",
            "register_state_dict_post_hook",
            "register_state_dict_pre_hook",
            "requires_grad_",
            "set_extra_state",
            "set_submodule",
            "share_memory",
            "state_dict",
            "to",
            "to_empty",
            "train",
            "training",
            "type",
            "xpu",
            "zero_grad",
        ]
    ),
    **{f"builtins.{cls.__name__}": frozenset(dir(cls)) for cls in (Exception, ValueError, RuntimeError, TypeError)},
}
# Members that a module gets under names which the code makes.
MAKES_MEMBERS = re.compile(r"\b(?:add_module|register_module|register_buffer|register_parameter)\((?:f|[^\"'\s)])")


def find(unit: Unit) -> Iterator[Hit]:
    """Report every read of an attribute that nothing sets, the first in each class."""
    every = unit.fact(classes)
    if not every.all:
        return
    stored: set[str] | None = None
    for cls in every.all:
        inherited = _inherited(cls, unit)
        if inherited is None or not _is_closed(cls, every):
            continue
        reads = _reads(cls, unit)
        known = _defined(cls, every) | OF_OBJECTS | inherited
        unset = {name: node for name, node in reads.items() if name not in known}
        if not unset:
            continue
        stored = _stored(unit) if stored is None else stored
        # A class that nothing here makes, and that makes nothing itself, may be there for others to inherit from.
        may_be_mixed_in = (
            not inherited and not any(every.methods(m, "__init__") for m in cls.line()) and not every.is_made(cls)
        )
        for name, node in unset.items():
            if (
                name not in stored
                and not _mentioned(name, unit)
                and not is_damaged(cls.node, unit)
                and not _guarded(node, unit)
            ):
                near = difflib.get_close_matches(name, [n for n in known if not n.startswith("__")], 1, 0.75)
                if not near and may_be_mixed_in:
                    continue
                hint = f" (it has `{near[0]}`)" if near else ""
                yield Hit(node, f"Nothing sets `self.{name}` in `{cls.name}`{hint}: reading it raises AttributeError")


def _inherited(cls: Class, unit: Unit) -> frozenset[str] | None:
    """What the class has from bases outside the file, empty for none; None where one of them is not known."""
    names: frozenset[str] = frozenset()
    for member in cls.line():
        if not member.foreign:
            continue
        if member.node.keywords or len(member.node.bases) != 1:
            return None
        known = KNOWN_BASES.get(unit.name(member.node.bases[0].value) or "")
        if known is None:
            return None
        names |= known
    return None if names and MAKES_MEMBERS.search(unit.text) else names


def _is_closed(cls: Class, every: Classes) -> bool:
    """Whether all that could set an attribute of the class stands in the file, in a form that can be read."""
    if PARTIAL.search(cls.name):
        return False
    for member in (*cls.line(), *every.below(cls)):
        if member.foreign and member is not cls and member not in cls.line():
            return False  # a subclass mixes in what we do not see, and the method may rely on it
        if any(last_word(b.value) == "Protocol" for b in member.node.bases) or not KNOWN_DECORATORS.issuperset(
            decorator_names(member.node)
        ):
            return False
        if any(every.methods(member, name) for name in DYNAMIC):
            return False
        if any(
            "abstract" in mark
            for f in member.node.body.body
            if isinstance(f, cst.FunctionDef)
            for mark in decorator_names(f)
        ) and not any(every.below(member)):
            return False
    return True


def _reads(cls: Class, unit: Unit) -> dict[str, cst.Attribute]:
    """Attributes of the instance that the class's own methods read: the first place of each."""
    found: dict[str, cst.Attribute] = {}
    for function in cls.node.body.body:
        if not isinstance(function, cst.FunctionDef) or {"staticmethod", "classmethod"} & set(
            decorator_names(function)
        ):
            continue
        params = [*function.params.posonly_params, *function.params.params]
        if not params or params[0].name.value != "self" or function.name.value in {"__new__", "__init_subclass__"}:
            continue
        for node in descend(function.body, into=lambda n: not isinstance(n, cst.ClassDef)):
            if isinstance(node, cst.Attribute) and isinstance(node.value, cst.Name) and node.value.value == "self":
                if not isinstance(unit.parent(node), (cst.AssignTarget, cst.AnnAssign, cst.Del)):
                    found.setdefault(node.attr.value, node)
    return found


def _defined(cls: Class, every: Classes) -> set[str]:
    """The names that the bodies of the class, its bases and its subclasses in the file bind."""
    return {name for member in (*cls.line(), *every.below(cls)) for name in every.names(member)}


def _stored(unit: Unit) -> set[str]:
    """Attribute names that the file stores anywhere, on whatever object."""
    names: set[str] = set()
    for node in unit.nodes(cst.Attribute):
        parent = unit.parent(node)
        if (
            (
                isinstance(parent, (cst.AssignTarget, cst.AnnAssign, cst.AsName, cst.Del))
                and getattr(parent, "value", None) is not node
            )
            or (isinstance(parent, (cst.For, cst.CompFor, cst.NamedExpr, cst.AugAssign)) and parent.target is node)
            or (isinstance(parent, (cst.Element, cst.StarredElement)) and _is_target(parent, unit))
        ):
            names.add(node.attr.value)
    return names


def _is_target(element: cst.CSTNode, unit: Unit) -> bool:
    child = element
    for above in unit.ancestors(element):
        if isinstance(above, (cst.AssignTarget, cst.AsName)):
            return True
        if isinstance(above, (cst.For, cst.CompFor)):
            return child is above.target
        if not isinstance(above, (cst.Tuple, cst.List, cst.Element, cst.StarredElement)):
            return False
        child = above
    return False


def _has_tricks(unit: Unit) -> bool:
    """Whether the file changes attributes in ways that do not name them."""
    return TRICKS.search(unit.text) is not None


def _mentioned(name: str, unit: Unit) -> bool:
    """Whether the file names the attribute in a text or as a keyword, by which it may be set."""
    if unit.fact(_has_tricks):
        return True
    return bool(re.search(rf"['\"]\s*{re.escape(name)}\s*['\"]|\b{re.escape(name)}=", unit.text))


def _guarded(node: cst.CSTNode, unit: Unit) -> bool:
    """Whether the code catches the AttributeError."""
    for above in unit.ancestors(node):
        if isinstance(above, cst.Try) and any(
            h.type is None or last_word(h.type) in {"AttributeError", "Exception"} or isinstance(h.type, cst.Tuple)
            for h in above.handlers
        ):
            return True
    return False


CHECK = Check(
    id="CGC029",
    name="unset-self-attribute",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    aliases=("ty:missing-attribute.self",),
    hints=("self.",),
    find=find,
    fix="Set the attribute in `__init__`, or read the one that is set.",
    bad=(
        Bad(
            "class Counter:\n    def __init__(self):\n        self.count = 0\n\n    def show(self):\n        print(self.counts)  # finding\n"
        ),
        Bad(
            "class Formatter:\n    def run(self, x):\n        return self.trans_three(x)  # finding\n\n    def trans_two(self, x):\n        return x\n\n\nFormatter().run(1)\n"
        ),
        Bad(
            "from torch import nn\n\nclass Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.rnn = nn.GRU(2, 2)\n\n    def forward(self, x):\n        return self.gru(x)  # finding\n"
        ),
        Bad(
            "class Base:\n    size = 1\n\n\nclass Child(Base):\n    def f(self):\n        return self.size + self.width  # finding\n\n\nChild().f()\n"
        ),
    ),
    good=(
        Good(
            "class Counter:\n    def __init__(self):\n        self.count = 0\n\n    def show(self):\n        print(self.count, self.__class__.__name__)\n"
        ),
        Good(
            "from torch import nn\n\nclass Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.register_buffer('mask', None)\n        self.rnn = nn.GRU(2, 2)\n\n    def forward(self, x):\n        return self.rnn(x) if self.training else self.mask\n"
        ),
        Good("class Child(Unknown):\n    def f(self):\n        return self.width\n"),
        Good(
            "class A:\n    def __getattr__(self, name):\n        return 1\n\n    def f(self):\n        return self.width\n"
        ),
        Good("class A:\n    def f(self):\n        return self.width\n\n\na = A()\na.width = 2\n"),
        Good("class Shows:\n    def show(self):\n        return self.name\n"),
        Good("class NamedMixin:\n    def show(self):\n        return self.name\n"),
        Good(
            "class A:\n    def f(self):\n        for self.x in range(3):\n            print(self.x)\n        with open('a') as self.file:\n            (self.a, self.b) = 1, 2\n        return self.a, self.b, self.file\n"
        ),
        Good(
            "class A:\n    def f(self):\n        try:\n            return self._cache\n        except AttributeError:\n            return None\n"
        ),
        Good("class A:\n    width: int\n\n    def f(self):\n        return self.width\n"),
    ),
    misses=(
        Miss(
            "class A(dict):\n    def f(self):\n        return self.wdith  # finding\n",
            why="bases outside the file may set anything",
        ),
    ),
)
