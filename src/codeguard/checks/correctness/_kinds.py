"""Which built-in type an expression evidently has: from literals, constructors, known results, and names bound to them.

A kind is the name of the type (`list`, `str`, `NoneType`).  Only what the text proves counts: a name has a kind where
every binding of it in the file gives that kind, a parameter where its annotation does.
"""

from __future__ import annotations

import libcst as cst

from codeguard.knowledge.builtin_types import CALL_RESULTS, METHOD_RESULTS, TYPES
from codeguard.syntax.scope import Binding
from codeguard.syntax.unit import Unit

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

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._memo: dict[int, str | None] = {}

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
            self._memo[key] = self._agreed([self._of_binding(b, depth) for b in bindings if b.kind != "delete"])
        kind = self._memo[key] if bindings else None
        return None if kind == "NoneType" else kind  # what is None here is there to be replaced

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
        if binding.kind == "unpack" and isinstance(value, cst.Call):
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
        return "str" if isinstance(iterable, cst.Call) and self._gives_texts(iterable, depth) else None

    def _gives_texts(self, call: cst.Call, depth: int) -> bool:
        """Whether a call gives a list or tuple of texts, as `text.split()` does."""
        if not isinstance(call.func, cst.Attribute) or self.of(call, depth) not in {"list", "tuple"}:
            return False
        return self.of(call.func.value, depth) == "str" and call.func.attr.value in {
            "split",
            "rsplit",
            "splitlines",
            "partition",
            "rpartition",
        }

    def _of_call(self, node: cst.Call, depth: int) -> str | None:
        if isinstance(node.func, cst.Attribute):
            owner = self.of(node.func.value, depth)
            if owner is not None:
                return METHOD_RESULTS.get((owner, node.func.attr.value))
        return CALL_RESULTS.get(self._unit.name(node.func) or "")

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
        return "str" if isinstance(node.value, cst.Call) and self._gives_texts(node.value, depth) else None

    def _of_attribute(self, node: cst.Attribute, depth: int) -> str | None:
        values = self._unit.names.attribute_values(node)
        owner = self._unit.names.owner(node.value) if values and isinstance(node.value, cst.Name) else None
        if owner is not None and any(
            b.kind != "assign" for b in self._unit.scopes.of(owner).bindings.get(node.attr.value, ())
        ):
            return None  # a property of that name decides what is read
        kind = self._agreed([self.of(value, depth) for value in values])
        return None if kind == "NoneType" else kind


def _text_kind(node: cst.CSTNode) -> str:
    while isinstance(node, cst.ConcatenatedString):
        node = node.left
    return "bytes" if isinstance(node, cst.SimpleString) and "b" in node.prefix.lower() else "str"


def kinds(unit: Unit) -> Kinds:
    """The kinds of a unit; ask through `unit.fact(kinds)`."""
    return Kinds(unit)
