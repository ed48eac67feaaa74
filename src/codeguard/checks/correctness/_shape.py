"""Small questions about the shape of code that many checks ask."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from codeguard.syntax.unit import Unit
from codeguard.syntax.walk import descend

FUNCTIONS = (cst.FunctionDef, cst.Lambda)
LOOPS = (cst.For, cst.While)
_EMPTY = cst.Module([])
# Expressions nested deeper than this are taken to differ from all others: to spell them out would cost too much.
MAX_DEPTH = 40


def last_word(node: cst.CSTNode | None) -> str:
    """The last name of what an expression refers to or calls: `c` for `a.b.c`, `a.c(x)` and `c[int]`; else empty."""
    while isinstance(node, (cst.Call, cst.Subscript)):
        node = node.func if isinstance(node, cst.Call) else node.value
    if isinstance(node, cst.Attribute):
        return node.attr.value
    return node.value if isinstance(node, cst.Name) else ""


def text(node: cst.CSTNode, depth: int = 0) -> str:
    """The code of a small expression in one spelling: equal texts are equal expressions, whatever their spacing."""
    if isinstance(node, (cst.Name, cst.Integer, cst.Float, cst.SimpleString)):
        return node.value
    if depth > MAX_DEPTH:
        return f"<{id(node)}>"
    if isinstance(node, cst.Attribute):
        return f"{text(node.value, depth + 1)}.{node.attr.value}"
    if isinstance(node, cst.Subscript):
        return f"{text(node.value, depth + 1)}[{', '.join(text(e.slice, depth + 1) for e in node.slice)}]"
    if isinstance(node, cst.Index):
        return text(node.value, depth + 1)
    if isinstance(node, cst.Call):
        return f"{text(node.func, depth + 1)}({', '.join(_argument(a, depth + 1) for a in node.args)})"
    parts = _operands(node, depth + 1)
    if parts:
        return f"({parts})" if node.lpar else parts  # type: ignore[attr-defined]
    return _EMPTY.code_for_node(node)


def _operands(node: cst.CSTNode, depth: int) -> str:
    """The code of an operation; empty for a node that is none."""
    if isinstance(node, (cst.BinaryOperation, cst.BooleanOperation)):
        return f"{text(node.left, depth)} {_sign(node.operator)} {text(node.right, depth)}"
    if isinstance(node, cst.UnaryOperation):
        return f"{_sign(node.operator)} {text(node.expression, depth)}".replace("- ", "-")
    if isinstance(node, cst.Comparison):
        rest = (f" {_sign(t.operator)} {text(t.comparator, depth)}" for t in node.comparisons)
        return text(node.left, depth) + "".join(rest)
    return ""


def _sign(operator: cst.CSTNode) -> str:
    return " ".join(_EMPTY.code_for_node(operator).split())


def _argument(arg: cst.Arg, depth: int) -> str:
    value = text(arg.value, depth)
    return f"{arg.keyword.value}={value}" if arg.keyword else f"{arg.star}{value}"


def is_dotted(node: cst.CSTNode) -> bool:
    """Whether an expression is a name, or attributes of one: reading it again gives the same object."""
    while isinstance(node, cst.Attribute):
        node = node.value
    return isinstance(node, cst.Name)


def own_nodes(function: cst.FunctionDef | cst.Lambda) -> Iterator[cst.CSTNode]:
    """The nodes of a function's body, without those of functions and classes defined in it."""
    return descend(function.body, into=lambda node: not isinstance(node, (*FUNCTIONS, cst.ClassDef)))


def _generators(unit: Unit) -> frozenset[int]:
    return frozenset(id(unit.function_of(node)) for node in unit.nodes(cst.Yield))


def _givers(unit: Unit) -> frozenset[int]:
    return frozenset(id(unit.function_of(node)) for node in unit.nodes(cst.Return) if not is_none(node.value))


def is_generator(function: cst.FunctionDef, unit: Unit) -> bool:
    """Whether the function's own body yields."""
    return id(function) in unit.fact(_generators)


def returns_value(function: cst.FunctionDef, unit: Unit) -> bool:
    """Whether any `return` of the function's own body gives a value other than None."""
    return id(function) in unit.fact(_givers)


def is_none(node: cst.CSTNode | None) -> bool:
    """Whether an optional expression is absent, or the name `None`."""
    return node is None or (isinstance(node, cst.Name) and node.value == "None")


def small_statements(body: Sequence[cst.CSTNode]) -> Iterator[cst.CSTNode]:
    """The statements of a block, those that share a line one by one."""
    for statement in body:
        if isinstance(statement, cst.SimpleStatementLine):
            yield from statement.body
        else:
            yield statement


def body_of(function: cst.FunctionDef) -> list[cst.CSTNode]:
    """The statements of a function, docstring left out; those that share a line one by one."""
    body = list(small_statements(function.body.body))
    if body and isinstance(body[0], cst.Expr) and isinstance(body[0].value, (cst.SimpleString, cst.ConcatenatedString)):
        return body[1:]
    return body


def comments_of(body: cst.BaseSuite) -> Iterator[str]:
    """The comments directly in a block, those at the ends of its lines included, without the cost of positions."""
    lines: list[cst.EmptyLine] = []
    ends: list[cst.TrailingWhitespace] = []
    if isinstance(body, cst.IndentedBlock):
        ends.append(body.header)
        for statement in body.body:
            if isinstance(statement, cst.SimpleStatementLine):
                lines += statement.leading_lines
                ends.append(statement.trailing_whitespace)
        lines += body.footer
    elif isinstance(body, cst.SimpleStatementSuite):
        ends.append(body.trailing_whitespace)
    for line in lines:
        if line.comment is not None:
            yield line.comment.value
    for end in ends:
        if end.comment is not None:
            yield end.comment.value


def within(node: cst.CSTNode, unit: Unit, *types: type[cst.CSTNode], until: tuple[type[cst.CSTNode], ...] = ()) -> bool:
    """Whether `node` stands inside of a node of one of `types`, with no node of `until` in between."""
    for above in unit.ancestors(node):
        if isinstance(above, types):
            return True
        if until and isinstance(above, until):
            return False
    return False


def child_below(node: cst.CSTNode, top: cst.CSTNode, unit: Unit) -> cst.CSTNode | None:
    """The child of `top` that holds `node` (or is it); None where `top` does not hold it."""
    child = node
    for above in unit.ancestors(node):
        if above is top:
            return child
        child = above
    return None


def names_in(root: cst.CSTNode) -> Iterator[cst.Name]:
    """The names below `root` that stand for variables: attribute names and keywords of calls are left out."""
    skip: set[int] = set()
    for node in descend(root):
        if isinstance(node, cst.Attribute):
            skip.add(id(node.attr))
        elif isinstance(node, cst.Arg) and node.keyword is not None:
            skip.add(id(node.keyword))
        elif isinstance(node, cst.Name) and id(node) not in skip:
            yield node


def _uses(unit: Unit) -> dict[int, dict[str, list[cst.Name]]]:
    return {}


def uses_of(name: str, root: cst.CSTNode, unit: Unit) -> list[cst.Name]:
    """The places below `root` where a variable of that name stands, targets of assignments included.

    One walk for all names of a root: ask for the bodies of functions and loops, not for single expressions.
    """
    known = unit.fact(_uses)
    if id(root) not in known:
        found: dict[str, list[cst.Name]] = {}
        for node in names_in(root):
            found.setdefault(node.value, []).append(node)
        known[id(root)] = found
    return known[id(root)].get(name, [])


def is_damaged(node: cst.CSTNode, unit: Unit) -> bool:
    """Whether recovery of a broken file had to change code inside of `node`: what is missing there proves nothing."""
    if unit.problem is None:
        return False
    span = unit.span(node)
    if span.start_line <= unit.problem.line <= span.end_line:
        return True
    return any(start <= span.end_line and span.start_line <= end for start, end in unit.blanked)
