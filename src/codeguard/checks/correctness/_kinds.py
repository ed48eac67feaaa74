"""Which built-in type an expression evidently has: from literals, constructors, known results, and names bound to them.

A kind is the name of the type (`list`, `str`, `NoneType`).  Only what the text proves counts: a name has a kind where
every binding of it in the file gives that kind, a parameter where its annotation does.
"""

from __future__ import annotations

import libcst as cst

from codeguard.knowledge.builtin_types import (
    CALL_RESULTS,
    DEFAULTED,
    METHOD_RESULTS,
    TEXT_COLLECTIONS,
    TEXT_LISTS,
    TYPES,
)
from codeguard.syntax.scope import Binding
from codeguard.syntax.unit import Unit
from codeguard.syntax.walk import descend

MAX_DEPTH = 8
NUMBERS = ("bool", "int", "float", "complex")
GENERIC = {
    "typing.List": "list",
    "typing.Dict": "dict",
    "typing.Set": "set",
    "typing.FrozenSet": "frozenset",
    "typing.Tuple": "tuple",
    **{f"builtins.{name}": name for name in TYPES},
}
LITERALS: dict[type[cst.CSTNode], str] = {
    cst.FormattedString: "str",
    cst.Integer: "int",
    cst.Float: "float",
    cst.Imaginary: "complex",
    cst.List: "list",
    cst.ListComp: "list",
    cst.Dict: "dict",
    cst.DictComp: "dict",
    cst.Set: "set",
    cst.SetComp: "set",
    cst.Tuple: "tuple",
    cst.GeneratorExp: "generator",
    cst.Lambda: "function",
    cst.Ellipsis: "ellipsis",
}
SAME_KIND = (cst.Add, cst.Subtract, cst.Multiply)
WHOLE = (cst.FloorDivide, cst.Modulo, cst.LeftShift, cst.RightShift, cst.BitAnd, cst.BitOr, cst.BitXor)


class Kinds:
    """The kinds of a unit's expressions; answers are remembered."""

    def __init__(self, unit: Unit, assumed: dict[int, str | None] | None = None) -> None:
        self._unit = unit
        self._memo: dict[int, str | None] = assumed or {}
        self._may_assume = assumed is None

    def of(self, node: cst.CSTNode | None, depth: int = 0) -> str | None:
        """The kind of an expression, or None where the text does not prove one."""
        if node is None or depth > MAX_DEPTH:
            return None
        known = LITERALS.get(type(node))
        if known is not None:
            return known
        key = id(node)
        if key not in self._memo:
            self._memo[key] = None  # an expression that depends on itself proves nothing
            self._memo[key] = self._find(node, depth + 1)
        return self._memo[key]

    def _find(self, node: cst.CSTNode, depth: int) -> str | None:
        if isinstance(node, (cst.SimpleString, cst.ConcatenatedString)):
            return _text_kind(node)
        if isinstance(node, cst.Name):
            if node.value in {"True", "False"}:
                return "bool"
            return "NoneType" if node.value == "None" else self._of_name(node, depth)
        if isinstance(node, cst.Call):
            return self._of_call(node, depth)
        if isinstance(node, cst.BinaryOperation):
            return self._of_operation(node, depth)
        if isinstance(node, cst.UnaryOperation):
            inner = self.of(node.expression, depth)
            return "bool" if isinstance(node.operator, cst.Not) else inner if inner in NUMBERS[1:] else None
        if isinstance(node, cst.Comparison):
            plain = all(isinstance(t.operator, (cst.Is, cst.IsNot, cst.In, cst.NotIn)) for t in node.comparisons)
            return "bool" if plain else None
        if isinstance(node, cst.IfExp):
            return self._agreed([self.of(node.body, depth), self.of(node.orelse, depth)])
        if isinstance(node, cst.NamedExpr):
            return self.of(node.value, depth)
        if isinstance(node, cst.Subscript):
            return self._of_subscript(node, depth)
        if isinstance(node, cst.Attribute):
            return self._of_attribute(node, depth)
        return None

    @staticmethod
    def _agreed(kinds: list[str | None]) -> str | None:
        return kinds[0] if kinds and all(kind == kinds[0] for kind in kinds) else None

    def _of_name(self, node: cst.Name, depth: int) -> str | None:
        bindings = self._unit.scopes.look_up(node.value, node)
        key = id(bindings)  # one list a name and scope
        if bindings and key not in self._memo:
            self._memo[key] = None
            self._memo[key] = self._of_bindings(node.value, bindings, depth)
        kind = self._memo[key] if bindings else None
        return None if kind == "NoneType" else kind  # what is None here is there to be replaced

    def _of_bindings(self, name: str, bindings: list[Binding], depth: int) -> str | None:
        """What all bindings give; `text = text.strip()` gives what `text` was, where the others agree on that."""
        found = [(b, self._of_binding(b, depth)) for b in bindings if b.kind != "delete"]
        kind = next((k for _, k in found if k is not None), None)
        unknown = [b for b, k in found if k is None]
        if kind is None or not unknown or len(bindings) > 12 or not self._may_assume:
            return self._agreed([k for _, k in found])
        if not all(b.value is not None and _mentions(name, b.value) for b in unknown):
            return None
        assumed = Kinds(self._unit, {id(bindings): kind})
        same = all(assumed._of_binding(b, depth) == kind for b in unknown)
        return kind if same and all(k in {kind, None} for _, k in found) else None

    def _of_binding(self, binding: Binding, depth: int) -> str | None:
        value, node = binding.value, binding.node
        if binding.kind in {"assign", "walrus"}:
            return self.of(value, depth)
        if binding.kind == "augment" and isinstance(node, cst.AugAssign):
            return self._of_augmented(binding, node, depth)
        if binding.kind in {"param", "annotation"}:
            if binding.kind == "annotation" and isinstance(node, cst.AnnAssign):
                value = node.annotation.annotation
            return self._of_annotation(value)
        if binding.kind == "loop" and isinstance(getattr(node, "target", None), cst.Name):
            return self._of_element(value, depth)
        if binding.kind == "unpack" and value is not None:
            return "str" if self._gives_texts(value, depth) else None
        return None

    def _of_augmented(self, binding: Binding, node: cst.AugAssign, depth: int) -> str | None:
        """What `x += y` leaves in `x`, where it is no more than what `x` is bound to elsewhere."""
        kind = self.of(binding.value, depth)
        if isinstance(node.operator, (cst.AddAssign, cst.SubtractAssign, cst.MultiplyAssign)):
            return kind if kind in {"int", "str", "list", "float"} else None
        return None

    def _of_annotation(self, annotation: cst.BaseExpression | None) -> str | None:
        if isinstance(annotation, cst.Subscript):
            annotation = annotation.value
        if not isinstance(annotation, (cst.Name, cst.Attribute)):
            return None
        kind = GENERIC.get(self._unit.name(annotation) or "")
        # An annotated float may be an int, and bytes a memoryview (PEP 484, "The numeric tower").
        return None if kind in {"float", "complex", "bytes", "int"} else kind

    def _of_element(self, iterable: cst.BaseExpression | None, depth: int) -> str | None:
        """The kind of what a loop over `iterable` gives."""
        if isinstance(iterable, (cst.List, cst.Tuple, cst.Set)):
            return self._agreed(
                [self.of(e.value, depth) if isinstance(e, cst.Element) else None for e in iterable.elements]
            )
        kind = self.of(iterable, depth)
        if kind == "str":
            return "str"
        if kind in {"range", "bytes"}:
            return "int"
        return "str" if iterable is not None and self._gives_texts(iterable, depth) else None

    def gives_texts(self, node: cst.BaseExpression) -> bool:
        """Whether the items of a collection are evidently texts: `text.split()`, `sys.argv[1:]`, a row of a CSV file."""
        return self._gives_texts(node, 0)

    def _gives_texts(self, node: cst.BaseExpression, depth: int) -> bool:
        if depth > MAX_DEPTH:
            return False
        if isinstance(node, cst.Subscript):
            sliced = len(node.slice) == 1 and isinstance(node.slice[0].slice, cst.Slice)
            return sliced and self._gives_texts(node.value, depth + 1)
        if isinstance(node, cst.Call):
            return self._call_gives_texts(node, depth)
        if isinstance(node, cst.Attribute):
            return self._unit.name(node) in TEXT_COLLECTIONS
        if not isinstance(node, cst.Name):
            return False
        bindings = self._unit.scopes.look_up(node.value, node)
        if len(bindings) != 1 or bindings[0].value is None:
            return bool(bindings) and bindings[0].kind == "import" and bindings[0].target in TEXT_COLLECTIONS
        only, value = bindings[0], bindings[0].value
        if only.kind == "assign" and isinstance(value, (cst.Call, cst.Subscript, cst.Attribute)):
            return self._gives_texts(value, depth + 1)
        return (
            only.kind == "loop" and isinstance(getattr(only.node, "target", None), cst.Name) and self._is_reader(value)
        )

    def _call_gives_texts(self, call: cst.Call, depth: int) -> bool:
        name = self._unit.name(call.func)
        if name in TEXT_LISTS:
            return True
        if not isinstance(call.func, cst.Attribute):
            return False
        word = call.func.attr.value
        if word == "readlines":
            return self._unit.name(call.func.value) == "builtins.open()" and self._opens_text(call.func.value)
        texts = word in {"split", "rsplit", "splitlines", "partition", "rpartition"}
        return texts and self.of(call.func.value, depth + 1) == "str"

    def _is_reader(self, node: cst.BaseExpression) -> bool:
        """Whether a loop over `node` gives rows of a CSV file, whose fields are texts unless it is told otherwise."""
        if isinstance(node, cst.Name):
            bindings = self._unit.scopes.look_up(node.value, node)
            if len(bindings) != 1 or bindings[0].value is None:
                return False
            node = bindings[0].value
        if not isinstance(node, cst.Call) or self._unit.name(node.func) not in {"csv.reader", "csv.DictReader"}:
            return False
        return not any(arg.star or (arg.keyword and arg.keyword.value == "quoting") for arg in node.args)

    def _opens_text(self, node: cst.BaseExpression) -> bool:
        """Whether a name is bound once, by an `open` in a text mode."""
        if isinstance(node, cst.Name):
            bindings = self._unit.scopes.look_up(node.value, node)
            if len(bindings) != 1:
                return False
            value = bindings[0].value
            if value is None:
                return False
            node = value
        if not isinstance(node, cst.Call) or self._unit.has_unpacking(node):
            return False
        mode = self._unit.arg(node, 1, "mode")
        known = self._unit.constant(mode)
        return mode is None or (known is not None and isinstance(known.value, str) and "b" not in known.value)

    def _of_call(self, node: cst.Call, depth: int) -> str | None:
        if isinstance(node.func, cst.Attribute):
            owner = self.of(node.func.value, depth)
            if owner is not None:
                return METHOD_RESULTS.get((owner, node.func.attr.value))
        name = self._unit.name(node.func) or ""
        if name in DEFAULTED:
            fallback = self._unit.arg(node, 1, "default")
            known = fallback is None or self.of(fallback, depth) == "str"
            return "str" if known and not self._unit.has_unpacking(node) else None
        if name in {"builtins.open().read", "builtins.open().readline"} and isinstance(node.func, cst.Attribute):
            return "str" if self._opens_text(node.func.value) else None
        return CALL_RESULTS.get(name)

    def _of_operation(self, node: cst.BinaryOperation, depth: int) -> str | None:
        left = self.of(node.left, depth)
        if left is None:
            return None
        if isinstance(node.operator, cst.Modulo) and left in {"str", "bytes"}:
            return left
        right = self.of(node.right, depth)
        if isinstance(node.operator, cst.Add) and left == right and left in {"str", "bytes", "list", "tuple"}:
            return left
        if (
            isinstance(node.operator, cst.Multiply)
            and "int" in {left, right}
            and {left, right} & {"str", "list", "tuple"}
        ):
            return left if right == "int" else right
        if left in NUMBERS and right in NUMBERS:
            whole = left in {"bool", "int"} and right in {"bool", "int"}
            if isinstance(node.operator, (*SAME_KIND, *WHOLE)):
                return "int" if whole else "float" if "complex" not in {left, right} else "complex"
            return "float" if isinstance(node.operator, cst.Divide) and "complex" not in {left, right} else None
        return None

    def _of_subscript(self, node: cst.Subscript, depth: int) -> str | None:
        kind = self.of(node.value, depth)
        sliced = len(node.slice) == 1 and isinstance(node.slice[0].slice, cst.Slice)
        if sliced:
            return kind if kind in {"str", "bytes", "list", "tuple"} else None
        if kind == "str":
            return "str"
        return "str" if self._gives_texts(node.value, depth) else None

    def _of_attribute(self, node: cst.Attribute, depth: int) -> str | None:
        if isinstance(node.value, cst.Name) and (kind := self._of_option(node, node.value)):
            return kind
        values = self._unit.names.attribute_values(node)
        owner = self._unit.names.owner(node.value) if values and isinstance(node.value, cst.Name) else None
        if owner is not None and any(
            b.kind != "assign" for b in self._unit.scopes.of(owner).bindings.get(node.attr.value, ())
        ):
            return None  # a property of that name decides what is read
        if owner is not None and any(self._unit.name(base.value) != "builtins.object" for base in owner.bases):
            return None  # the base class may set it, too
        kind = self._agreed([self.of(value, depth) for value in values])
        return None if kind == "NoneType" else kind

    def declared(self, node: cst.CSTNode | None) -> str | None:
        """As `of`, believing annotations and defaults of numbers: wrong only where a caller breaks its own promise."""
        known = self.of(node)
        if known is not None:
            return known
        if isinstance(node, cst.Name):
            bindings = self._unit.scopes.look_up(node.value, node)
            param = bindings[0].node if len(bindings) == 1 and bindings[0].kind == "param" else None
            if not isinstance(param, cst.Param) or param.star:
                return None
            if param.annotation is not None:
                return self._promised(param.annotation.annotation)
            kind = self.of(param.default) if param.default is not None else None
            return kind if kind in {"int", "float"} else None
        if isinstance(node, cst.Attribute) and isinstance(node.value, cst.Name):
            owner = self._unit.names.owner(node.value)
            field = self._unit.scopes.of(owner).bindings.get(node.attr.value, []) if owner is not None else []
            written = field[0].node if len(field) == 1 and not self._unit.names.attribute_values(node) else None
            return self._promised(written.annotation.annotation) if isinstance(written, cst.AnnAssign) else None
        if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Add):
            return "str" if self.declared(node.left) == self.of(node.right) == "str" else None
        return None

    def _promised(self, annotation: cst.BaseExpression) -> str | None:
        name = self._unit.name(annotation) if isinstance(annotation, cst.Name) else None
        return name.removeprefix("builtins.") if name in {"builtins.int", "builtins.float", "builtins.str"} else None

    def _of_option(self, node: cst.Attribute, owner: cst.Name) -> str | None:
        """The kind `str` for an option of argparse's that no `type`, `action`, `nargs` or default makes anything else."""
        if not (self._unit.name(owner) or "").endswith(".parse_args()"):
            return None
        bindings = self._unit.scopes.look_up(owner.value, owner)
        return "str" if len(bindings) == 1 and node.attr.value in self._unit.fact(_text_options) else None


def _text_options(unit: Unit) -> frozenset[str]:
    """The options of the file's parsers that are texts wherever they are given; ask through `unit.fact`."""
    texts: set[str] = set()
    others: set[str] = set()
    for call in unit.nodes(cst.Call):
        if not isinstance(call.func, cst.Attribute) or call.func.attr.value not in {"add_argument", "set_defaults"}:
            continue
        given = {arg.keyword.value: arg.value for arg in call.args if arg.keyword is not None}
        if call.func.attr.value == "set_defaults" or any(arg.star for arg in call.args):
            others |= set(given) or {"*"}
            continue
        flags = [known.value for arg in call.args if arg.keyword is None and (known := unit.constant(arg.value))]
        long = [f for f in flags if isinstance(f, str) and (f.startswith("--") or not f.startswith("-"))]
        if not long:
            continue
        name = long[0].lstrip("-").replace("-", "_")
        if "dest" in given and (known := unit.constant(given["dest"])) is not None:
            name = str(known.value)
        default = unit.constant(given["default"]) if "default" in given else None
        plain = not {"type", "action", "nargs", "const"} & given.keys()
        plain = plain and ("default" not in given or (default is not None and isinstance(default.value, str)))
        (texts if plain else others).add(name)
    return frozenset() if "*" in others else frozenset(texts - others)


def _mentions(name: str, node: cst.CSTNode) -> bool:
    return any(isinstance(part, cst.Name) and part.value == name for part in descend(node))


def _text_kind(node: cst.CSTNode) -> str:
    while isinstance(node, cst.ConcatenatedString):
        node = node.left
    return "bytes" if isinstance(node, cst.SimpleString) and "b" in node.prefix.lower() else "str"


def kinds(unit: Unit) -> Kinds:
    """The kinds of a unit; ask through `unit.fact(kinds)`."""
    return Kinds(unit)
