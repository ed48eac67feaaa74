"""The compact form of code that the flow solver reads: small picklable tuples, no tree.

Every node carries `at`, the ordinal of the tree's node in the order of lowering: lowering the same text again gives
the same ordinals, so that places are worked out only for what is reported (see `lower.places`).  Expressions and
statements keep Python's structure: the solver interprets them, branch by branch, with no control-flow graph.
`ref` is what an expression refers to as far as its own file tells: a dotted name (`os.path.join`, `builtins.eval`,
`.db.run`), `<local>.name` for a function or class of the same module, or None.
"""

from __future__ import annotations

from typing import Any, NamedTuple, Union


class Name(NamedTuple):
    at: int
    id: str
    ref: str | None


class Const(NamedTuple):
    at: int
    value: Any


class Attr(NamedTuple):
    at: int
    base: Expr
    attr: str
    ref: str | None


class Sub(NamedTuple):
    at: int
    base: Expr
    index: Expr  # type: ignore[assignment]  # a field hides tuple.index, which nobody asks


class Slice(NamedTuple):
    at: int
    lower: Expr | None
    upper: Expr | None


class Arg(NamedTuple):
    """`star` is "", "*" or "**"; `name` the keyword of a keyword argument."""

    star: str
    name: str | None
    value: Expr


class Call(NamedTuple):
    at: int
    func: Expr
    args: tuple[Arg, ...]
    ref: str | None


class Bin(NamedTuple):
    at: int
    op: str
    left: Expr
    right: Expr


class Bool(NamedTuple):
    """`op` is "and" or "or"."""

    at: int
    op: str
    left: Expr
    right: Expr


class Unary(NamedTuple):
    at: int
    op: str
    value: Expr


class Compare(NamedTuple):
    at: int
    left: Expr
    rest: tuple[tuple[str, Expr], ...]


class IfExp(NamedTuple):
    at: int
    test: Expr
    then: Expr
    other: Expr


class Join(NamedTuple):
    """An f-string: constant pieces and holes; `formatted` holes have a format spec or conversion (`repr`, `.2f`)."""

    at: int
    parts: tuple[tuple[Expr, str], ...]


class Seq(NamedTuple):
    """`kind` is list, tuple or set."""

    at: int
    kind: str
    items: tuple[Expr, ...]


class Star(NamedTuple):
    at: int
    value: Expr


class Dict(NamedTuple):
    """A key of None is `**value`."""

    at: int
    items: tuple[tuple[Expr | None, Expr], ...]


class Generator(NamedTuple):
    target: Expr
    iter: Expr
    ifs: tuple[Expr, ...]


class Comp(NamedTuple):
    """`kind` is list, set, dict or generator; `key` only for a dict."""

    at: int
    kind: str
    key: Expr | None
    value: Expr
    generators: tuple[Generator, ...]


class Lambda(NamedTuple):
    at: int
    function: int


class Await(NamedTuple):
    at: int
    value: Expr


class Yield(NamedTuple):
    at: int
    value: Expr | None
    delegates: bool


class Walrus(NamedTuple):
    at: int
    name: str
    value: Expr


Expr = Union[  # noqa: UP007 - the names come later
    Name, Const, Attr, Sub, Slice, Call, Bin, Bool, Unary, Compare, IfExp, Join, Seq, Star, Dict, Comp, Lambda, Await,
    Yield, Walrus,
]  # fmt: skip


class Assign(NamedTuple):
    at: int
    targets: tuple[Expr, ...]
    value: Expr


class Aug(NamedTuple):
    at: int
    target: Expr
    op: str
    value: Expr


class ExprStmt(NamedTuple):
    at: int
    value: Expr


class Return(NamedTuple):
    at: int
    value: Expr | None


class Raise(NamedTuple):
    at: int
    value: Expr | None


class Leave(NamedTuple):
    """`kind` is break or continue."""

    at: int
    kind: str


class If(NamedTuple):
    at: int
    test: Expr
    then: tuple[Stmt, ...]
    other: tuple[Stmt, ...]


class While(NamedTuple):
    at: int
    test: Expr
    body: tuple[Stmt, ...]
    other: tuple[Stmt, ...]


class For(NamedTuple):
    at: int
    target: Expr
    iter: Expr
    body: tuple[Stmt, ...]
    other: tuple[Stmt, ...]


class Handler(NamedTuple):
    """`types` are the dotted names caught; empty catches everything."""

    types: tuple[str, ...]
    name: str | None
    body: tuple[Stmt, ...]


class Try(NamedTuple):
    at: int
    body: tuple[Stmt, ...]
    handlers: tuple[Handler, ...]
    other: tuple[Stmt, ...]
    final: tuple[Stmt, ...]


class With(NamedTuple):
    at: int
    items: tuple[tuple[Expr, Expr | None], ...]
    body: tuple[Stmt, ...]


class Case(NamedTuple):
    """`values` are the constants that the pattern accepts, None where it accepts other things too."""

    values: tuple[Any, ...] | None
    binds: tuple[str, ...]
    guard: Expr | None
    body: tuple[Stmt, ...]


class Match(NamedTuple):
    at: int
    subject: Expr
    cases: tuple[Case, ...]


class Del(NamedTuple):
    at: int
    targets: tuple[Expr, ...]


class Assert(NamedTuple):
    at: int
    test: Expr


class Define(NamedTuple):
    """A nested function or class statement: binds `name` to function number `function` or class number `cls`."""

    at: int
    name: str
    function: int | None
    cls: int | None


class Import(NamedTuple):
    """Binds local names to dotted targets."""

    at: int
    names: tuple[tuple[str, str], ...]
    star: str = ""


class Global(NamedTuple):
    at: int
    names: tuple[str, ...]


Stmt = Union[  # noqa: UP007 - the names come later
    Assign, Aug, ExprStmt, Return, Raise, Leave, If, While, For, Try, With, Match, Del, Assert, Define, Import, Global,
]  # fmt: skip


class Param(NamedTuple):
    """`kind` is "", "*" or "**"; `annotation` the dotted name of a plain annotation."""

    at: int
    name: str
    kind: str
    annotation: str | None
    default: Expr | None
    keyword_only: bool = False


class Decorator(NamedTuple):
    ref: str | None
    expr: Expr


class Function(NamedTuple):
    """One function, lambda (name `<lambda>`), class body or module body (name `<module>`).

    `qualname` is dotted within the module; `owner` the number of the class it is a method of; `parent` the number of
    the function around it, whose locals it sees.  `mentions` holds every name that it refers to and `.attr` for every
    attribute, nested functions not included: enough to tell whether it can matter.  `texts` is true where a text in it
    looks like SQL, HTML or a message to a language model.
    """

    at: int
    name: str
    qualname: str
    params: tuple[Param, ...]
    decorators: tuple[Decorator, ...]
    body: tuple[Stmt, ...]
    owner: int | None
    parent: int | None
    is_async: bool
    is_generator: bool
    locals: frozenset[str]
    mentions: frozenset[str]
    texts: bool = False


class Class(NamedTuple):
    """`bases` are dotted names (None where unknown); `methods` maps a name to a function number."""

    at: int
    name: str
    qualname: str
    bases: tuple[str | None, ...]
    methods: dict[str, int]
    body: int
    decorators: tuple[Decorator, ...]


class ModuleIR(NamedTuple):
    """One file.  `functions[0]` is the module body; class bodies are functions too (`Class.body`).

    `exports` maps each module-level name to what it refers to: ("function", n), ("class", n), ("import", dotted) or
    ("value", None).  `fragment`: the file does not parse as it is, so that what stands before and around it is not
    known.
    """

    path: str
    functions: tuple[Function, ...]
    classes: tuple[Class, ...]
    exports: dict[str, tuple[str, Any]]
    stars: tuple[str, ...]
    fragment: bool = False
