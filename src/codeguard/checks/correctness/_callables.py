"""What a call of the file's own functions, methods and classes may pass: resolution and signatures."""

from __future__ import annotations

from dataclasses import dataclass

import libcst as cst

from codeguard.checks.correctness._classes import Class, Classes, classes, decorator_names
from codeguard.checks.correctness._shape import body_of, last_word
from codeguard.syntax.unit import Unit

# Decorators that leave a function's parameters as they are; with any other nothing is known.
TRANSPARENT = frozenset(
    {
        "staticmethod",
        "classmethod",
        "abstractmethod",
        "lru_cache",
        "cache",
        "contextmanager",
        "asynccontextmanager",
        "override",
        "final",
        "no_type_check",
    }
)


@dataclass(frozen=True, slots=True)
class Signature:
    """What may be passed: names by position, those without default, keyword-only names, and catch-alls."""

    positional: tuple[str, ...]
    position_only: int
    required: frozenset[str]
    keyword_only: tuple[str, ...]
    star: bool
    star_star: bool

    @property
    def keywords(self) -> tuple[str, ...]:
        """The names that can be passed by keyword."""
        return (*self.positional[self.position_only :], *self.keyword_only)


@dataclass(frozen=True, slots=True)
class Target:
    """What a call calls: its name for messages, its signature, and the function behind it (None for a generated one)."""

    name: str
    signature: Signature
    function: cst.FunctionDef | None


def signature(function: cst.FunctionDef, *, bound: int = 0) -> Signature:
    """The signature of a function, its first `bound` parameters already given."""
    params = function.params
    every = [*params.posonly_params, *params.params]
    positional = [p.name.value for p in every]
    required = {p.name.value for p in every[bound:] if p.default is None}
    required |= {p.name.value for p in params.kwonly_params if p.default is None}
    return Signature(
        tuple(positional[bound:]),
        max(len(params.posonly_params) - bound, 0),
        frozenset(required),
        tuple(p.name.value for p in params.kwonly_params),
        star=isinstance(params.star_arg, cst.Param) or len(positional) < bound,
        star_star=params.star_kwarg is not None,
    )


class Callables:
    """Resolution of the calls of one unit; answers are remembered."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._classes: Classes = unit.fact(classes)
        self._memo: dict[int, Target | None] = {}

    def target(self, call: cst.Call) -> Target | None:
        """What a call calls, where the file alone decides it."""
        key = id(call)
        if key not in self._memo:
            self._memo[key] = self._find(call.func)
        return self._memo[key]

    def _find(self, func: cst.BaseExpression) -> Target | None:
        if isinstance(func, cst.Name):
            bindings = self._unit.scopes.look_up(func.value, func)
            if len(bindings) != 1:
                return None
            node = bindings[0].node
            if bindings[0].kind == "function" and isinstance(node, cst.FunctionDef):
                return self._function(node, func.value, bound=0)
            if bindings[0].kind == "class" and isinstance(node, cst.ClassDef):
                return self._constructor(self._classes.of(node))
            return None
        return self._attribute(func) if isinstance(func, cst.Attribute) else None

    def _function(self, node: cst.FunctionDef, name: str, *, bound: int) -> Target | None:
        if not TRANSPARENT.issuperset(decorator_names(node)):
            return None
        params = [*node.params.posonly_params, *node.params.params]
        if bound == 0 and params and params[0].name.value == "self" and not self._unit.scopes.at(node).is_class:
            return None  # a method that was cut out of its class: the plain name is another function's
        return Target(name, signature(node, bound=bound), node)

    # -- methods

    def _attribute(self, func: cst.Attribute) -> Target | None:
        owner, instance = self.receiver(func.value)
        if owner is None:
            return None
        name = func.attr.value
        method = self._classes.method(owner, name)
        if name == "__new__" or self._unit.names.attribute_values(func):
            return None
        if any(self._classes.methods(child, name) for child in self._classes.below(owner)):
            return None
        if method is None or _is_hook(method):
            return None
        marks = decorator_names(method)
        if "property" in marks or not TRANSPARENT.issuperset(marks):
            return None
        of_class = "classmethod" in marks or name in {"__init_subclass__", "__class_getitem__"}
        bound = 0 if "staticmethod" in marks else 1 if of_class or instance else 0
        return self._function(method, f"{owner.name}.{name}", bound=bound)

    def receiver(self, node: cst.BaseExpression) -> tuple[Class | None, bool]:
        """The class that an expression is an instance of (then True) or is itself, where the file tells."""
        if isinstance(node, cst.Name):
            owner = self._unit.names.owner(node)
            if owner is not None:
                function = self._unit.function_of(node)
                while isinstance(function, cst.Lambda) or (
                    function is not None and self._unit.class_of(function) is not owner
                ):
                    function = self._unit.function_of(function)
                marks = decorator_names(function) if isinstance(function, cst.FunctionDef) else []
                if "staticmethod" in marks or (
                    isinstance(function, cst.FunctionDef) and not _is_method(function, owner)
                ):
                    return None, False
                is_class = "classmethod" in marks or (
                    isinstance(function, cst.FunctionDef)
                    and function.name.value in {"__new__", "__init_subclass__", "__class_getitem__"}
                )
                return self._classes.of(owner), not is_class
            local = self._classes.local(node)
            if local is not None:
                return local, False
        if isinstance(node, cst.Call) and last_word(node.func) == "super" and isinstance(node.func, cst.Name):
            return self._super(node)
        name = self._unit.name(node) or ""
        if name.startswith("<local>.") and name.endswith("()"):
            return self._classes.named(name[len("<local>.") : -2]), True
        return None, False

    def _super(self, node: cst.Call) -> tuple[Class | None, bool]:
        """The one base class in the file, for `super()` without arguments in an ordinary method."""
        owner = self._unit.class_of(node)
        function = self._unit.function_of(node)
        if (
            owner is None
            or node.args
            or not isinstance(function, cst.FunctionDef)
            or function.decorators
            or len(owner.bases) != 1
        ):
            return None, False
        cls = self._classes.of(owner)
        if function.name.value == "__new__" or len(cls.bases) != 1 or any(self._classes.below(cls)):
            return None, False
        return cls.bases[0], True

    # -- classes

    def _constructor(self, cls: Class) -> Target | None:
        line = cls.line()
        for member in line:
            if self._classes.methods(member, "__new__") or member.node.keywords:
                return None
            if self._classes.methods(member, "__init__"):
                init = self._classes.method(member, "__init__")
                plain = init is not None and all(_is_dataclass(m) or not m.node.decorators for m in line)
                return self._function(init, cls.name, bound=1) if plain and init is not None else None
            if _is_dataclass(member):
                return self._generated(cls)
            if member.node.decorators or member.foreign:
                return None
        return Target(cls.name, Signature((), 0, frozenset(), (), star=False, star_star=False), None)

    def _generated(self, cls: Class) -> Target | None:
        """The `__init__` that `dataclass` writes, from the annotated fields of the class and its bases."""
        if not cls.complete or len(cls.bases) > 1:
            return None
        fields: dict[str, bool] = {}  # name -> has a default
        keyword_only: set[str] = set()
        for member in reversed(cls.line()):
            decorators = [d.decorator for d in member.node.decorators]
            if len(decorators) > 1 or (decorators and not _is_dataclass(member)):
                return None
            if not decorators:
                continue
            options = (
                {a.keyword.value: last_word(a.value) for a in decorators[0].args if a.keyword}
                if isinstance(decorators[0], cst.Call)
                else {}
            )
            if options.get("init", "True") != "True":
                return None
            only = options.get("kw_only", "False") != "False"
            for statement in member.node.body.body:
                for part in statement.body if isinstance(statement, cst.SimpleStatementLine) else ():
                    if not isinstance(part, cst.AnnAssign) or not isinstance(part.target, cst.Name):
                        continue
                    kind = last_word(part.annotation.annotation)
                    name = part.target.value
                    if kind == "KW_ONLY":
                        only = True
                        continue
                    if kind == "ClassVar" or isinstance(part.annotation.annotation, cst.SimpleString):
                        if kind == "ClassVar":
                            continue
                    settings = _field_settings(part.value)
                    if settings.get("init", "True") != "True":
                        fields.pop(name, None)
                        continue
                    has_default = part.value is not None and (
                        not settings or bool({"default", "default_factory"} & set(settings))
                    )
                    fields[name] = has_default
                    keyword_only.discard(name)
                    if only or settings.get("kw_only", "False") != "False":
                        keyword_only.add(name)
        positional = tuple(name for name in fields if name not in keyword_only)
        required = frozenset(name for name, default in fields.items() if not default)
        return Target(
            cls.name, Signature(positional, 0, required, tuple(sorted(keyword_only)), star=False, star_star=False), None
        )


def _field_settings(value: cst.BaseExpression | None) -> dict[str, str]:
    """The keywords of `field(...)`; `{"": ""}` for a `field()` without any, empty for another value."""
    if isinstance(value, cst.Call) and last_word(value.func) in {"field", "Field"}:
        return {a.keyword.value: last_word(a.value) for a in value.args if a.keyword} or {"": ""}
    return {}


def _is_dataclass(cls: Class) -> bool:
    return "dataclass" in decorator_names(cls.node)


def _is_hook(function: cst.FunctionDef) -> bool:
    """Whether a method does nothing itself: subclasses elsewhere may well take other arguments."""
    body = body_of(function)
    return all(
        isinstance(part, (cst.Raise, cst.Pass)) or (isinstance(part, cst.Expr) and isinstance(part.value, cst.Ellipsis))
        for part in body
    )


def _is_method(function: cst.FunctionDef, owner: cst.ClassDef) -> bool:
    return any(function is member for member in owner.body.body) or not isinstance(owner.body, cst.IndentedBlock)


def callables(unit: Unit) -> Callables:
    """The resolution of a unit's calls; ask through `unit.fact(callables)`."""
    return Callables(unit)


def missing(call: cst.Call, wanted: Signature) -> list[str]:
    """The parameters without default that a call does not give, in order; empty where `*args` or `**kwargs` may."""
    if any(arg.star for arg in call.args):
        return []
    given = sum(arg.keyword is None for arg in call.args)
    by_name = {arg.keyword.value for arg in call.args if arg.keyword is not None}
    left = [*wanted.positional[given:], *wanted.keyword_only]
    return [name for name in left if name in wanted.required and name not in by_name]


def surplus(call: cst.Call, wanted: Signature) -> int:
    """How many positional arguments a call gives more than can be taken."""
    given = sum(arg.keyword is None and not arg.star for arg in call.args)
    return 0 if wanted.star else max(given - len(wanted.positional), 0)


def unknown(call: cst.Call, wanted: Signature) -> list[cst.Arg]:
    """The keyword arguments that nothing takes."""
    if wanted.star_star:
        return []
    return [arg for arg in call.args if arg.keyword is not None and arg.keyword.value not in wanted.keywords]
