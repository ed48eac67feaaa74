"""What stands inside a function: its calls, the names that it reads, its comparisons; computed once a function."""

from __future__ import annotations

from dataclasses import dataclass, field

import libcst as cst

from codeguard.syntax.unit import Unit
from codeguard.syntax.walk import descend


@dataclass(slots=True)
class Body:
    """The nodes of one function (or of the module's own statements), nested functions included, in source order."""

    calls: list[cst.Call] = field(default_factory=list)
    names: list[cst.Name] = field(default_factory=list)
    attributes: list[cst.Attribute] = field(default_factory=list)
    comparisons: list[cst.Comparison] = field(default_factory=list)
    ifs: list[cst.If | cst.IfExp | cst.While] = field(default_factory=list)
    returns: list[cst.Return] = field(default_factory=list)
    raises: list[cst.Raise] = field(default_factory=list)
    strings: list[cst.SimpleString] = field(default_factory=list)

    def words(self) -> set[str]:
        """Every identifier in it, the attributes' names included."""
        return {n.value for n in self.names}


_KINDS: dict[type[cst.CSTNode], str] = {
    cst.Call: "calls",
    cst.Name: "names",
    cst.Attribute: "attributes",
    cst.Comparison: "comparisons",
    cst.If: "ifs",
    cst.IfExp: "ifs",
    cst.While: "ifs",
    cst.Return: "returns",
    cst.Raise: "raises",
    cst.SimpleString: "strings",
}


def _bodies(_: Unit) -> dict[int, Body]:
    return {}


def body_of(unit: Unit, node: cst.CSTNode) -> Body:
    """What stands in the innermost `def` around `node`, or in the whole module where there is none."""
    return body(unit, function_around(unit, node) or unit.module)


def body(unit: Unit, root: cst.CSTNode) -> Body:
    """What stands below `root`, a function, a class, a block or a module."""
    known = unit.fact(_bodies)
    found = known.get(id(root))
    if found is None:
        found = known[id(root)] = Body()
        if isinstance(root, cst.Module):
            for cls, name in _KINDS.items():
                getattr(found, name).extend(unit.nodes(cls))
        else:
            for node in descend(root):
                name_ = _KINDS.get(node.__class__)
                if name_ is not None:
                    getattr(found, name_).append(node)
    return found


def function_around(unit: Unit, node: cst.CSTNode) -> cst.FunctionDef | None:
    """The innermost `def` whose statements hold `node`; lambdas are looked through."""
    return next((a for a in unit.ancestors(node) if isinstance(a, cst.FunctionDef)), None)


def parameters(function: cst.FunctionDef | cst.Lambda) -> list[cst.Param]:
    """All parameters, `*args` and `**kwargs` included."""
    params = function.params
    found = [*params.posonly_params, *params.params, *params.kwonly_params]
    if isinstance(params.star_arg, cst.Param):
        found.append(params.star_arg)
    if params.star_kwarg is not None:
        found.append(params.star_kwarg)
    return found


def last_word(node: cst.CSTNode | None) -> str:
    """The name that an expression ends in: `x` for `x`, `a.x`, `x()`, `a['x']`, `x.encode()`; empty where none."""
    while True:
        if isinstance(node, cst.Name):
            return node.value
        if isinstance(node, cst.Attribute):
            return node.attr.value
        if isinstance(node, cst.Call):
            if isinstance(node.func, cst.Attribute) and node.func.attr.value in _PASSING:
                node = node.func.value
            elif isinstance(node.func, cst.Name) and node.func.value in {"str", "bytes", "bytearray", "repr"}:
                node = node.args[0].value if node.args else None
            elif isinstance(node.func, cst.Attribute) and node.func.attr.value in {"get", "getvalue", "getlist"}:
                first = node.args[0].value if node.args else None
                return _text(first)
            else:
                node = node.func
        elif isinstance(node, cst.Subscript) and node.slice:
            index = node.slice[0].slice
            text = _text(index.value) if isinstance(index, cst.Index) else ""
            if text:
                return text
            node = node.value
        elif isinstance(node, cst.Await):
            node = node.expression
        else:
            return ""


_PASSING = frozenset({"encode", "decode", "strip", "lower", "upper", "hexdigest", "digest", "hex", "format", "copy"})


def _text(node: cst.CSTNode | None) -> str:
    if isinstance(node, cst.SimpleString):
        value = node.evaluated_value
        return value if isinstance(value, str) else ""
    return ""


def taking_call(unit: Unit, node: cst.CSTNode) -> cst.Call | None:
    """The call that gets the value of `node` as an argument, through `str()`, slices, methods and formatting."""
    child = node
    for above in unit.ancestors(node):
        if isinstance(above, cst.Call):
            if above.func is not child and not (isinstance(above.func, cst.Name) and above.func.value in _CONVERSIONS):
                return above
        elif isinstance(above, cst.BaseCompoundStatement | cst.BaseSmallStatement | cst.Comparison | cst.Lambda):
            return None
        child = above
    return None


_CONVERSIONS = frozenset({"str", "int", "hex", "repr", "bytes", "format", "float"})


def is_test(unit: Unit, node: cst.CSTNode) -> bool:
    """True in a function `test_...`, in a class `Test...` or `...TestCase`: nobody attacks those."""
    for above in unit.ancestors(node):
        if isinstance(above, cst.FunctionDef) and above.name.value.startswith("test"):
            return True
        if isinstance(above, cst.ClassDef) and (
            above.name.value.startswith("Test") or any("Test" in last_word(b.value) for b in above.bases)
        ):
            return True
    return False


def assigned_name(unit: Unit, node: cst.CSTNode) -> str:
    """The name that the value of `node` is given: a variable, attribute, key, keyword or, if returned, the function's.

    Only expressions that pass the value on (formatting, joining, conversion, a comprehension) are looked through.
    """
    for above in unit.ancestors(node):
        if isinstance(above, (cst.Assign, cst.AnnAssign, cst.AugAssign)):
            target = above.targets[0].target if isinstance(above, cst.Assign) else above.target
            return last_word(target)
        if isinstance(above, cst.NamedExpr):
            return above.target.value if isinstance(above.target, cst.Name) else ""
        if isinstance(above, cst.Arg) and above.keyword is not None:
            return above.keyword.value
        if isinstance(above, cst.DictElement):
            return _text(above.key)
        if isinstance(above, (cst.Return, cst.Yield)):
            function = function_around(unit, above)
            return function.name.value if function else ""
        if isinstance(above, cst.BaseStatement):
            return ""
    return ""
