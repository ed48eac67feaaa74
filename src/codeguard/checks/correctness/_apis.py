"""What the expressions of a file are in terms of libraries: modules, classes, instances, functions; nothing is guessed.

A name counts where all that binds it gives the same thing.  What may be something else (a module of the project with
the library's name, an attribute that the file sets itself, code that is ready for the name's absence) is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from codeguard.checks.correctness._shape import last_word
from codeguard.knowledge.apis.lookup import Kind, Thing, resolve
from codeguard.syntax.names import BUILTINS
from codeguard.syntax.scope import Binding, identifier
from codeguard.syntax.unit import Unit
from codeguard.syntax.values import string_value

MAX_DEPTH = 16
# Bindings whose value is what the name is; all others make it unknown.
VALUES = frozenset({"assign", "walrus", "with"})
# What the absence of a name raises.
ABSENCE = frozenset({"AttributeError", "ImportError", "ModuleNotFoundError", "Exception", "BaseException", "NameError"})
# What a call with the wrong arguments raises, and how a version is asked for.
REFUSAL = frozenset({"TypeError", "Exception", "BaseException"})
VERSIONS = re.compile(r"version|PY2|PY3|\bpy3\b|signature|getfullargspec", re.IGNORECASE)
PRESENCE = re.compile(
    r"version|hasattr|PY2|PY3|\bpy3\b|platform|implementation|pypy|os\.name|TYPE_CHECKING|HAS_|HAVE_|_available",
    re.IGNORECASE,
)


NAMING = frozenset(("import", "with", *VALUES))
TELLING = frozenset((cst.Name, cst.Attribute, cst.Call, cst.Await, cst.NamedExpr))  # expressions that may be things


class Apis:
    """The things of one unit's expressions; answers are remembered."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._memo: dict[int, Thing | None] = {}
        self._stored: set[str] | None = None
        self._names: frozenset[str] | None = None
        self._known: dict[str, bool] = {}

    def of(self, node: cst.CSTNode | None, depth: int = 0) -> Thing | None:
        """What an expression is; None where the text does not tell."""
        if node is None or depth > MAX_DEPTH:
            return None
        if node.__class__ not in TELLING:
            return None
        key = id(node)
        if key not in self._memo:
            self._memo[key] = None  # an expression that depends on itself tells nothing
            self._memo[key] = self._find(node, depth + 1)
        return self._memo[key]

    def known(self, root: str) -> bool:
        """Whether a top-level name means the library of that name in this file."""
        if root not in self._known:
            path = self._unit.path
            own = root in path.removesuffix(".py").split("/")  # the library itself, or a module that hides it
            self._known[root] = not own and not self._unit.project.shadows(root, path)
        return self._known[root]

    # -- expressions

    def _find(self, node: cst.CSTNode, depth: int) -> Thing | None:
        if isinstance(node, cst.Name):
            return self._of_name(node, depth)
        if isinstance(node, cst.Attribute):
            return self._of_attribute(node, depth)
        if isinstance(node, cst.Call):
            return self.result(self.of(node.func, depth)) or self._of_own_call(node, depth)
        if isinstance(node, cst.Await):
            inner = self.of(node.expression, depth)
            return inner.inner if inner is not None and inner.kind is Kind.COROUTINE else None
        if isinstance(node, cst.NamedExpr):
            return self.of(node.value, depth)
        return None

    def _may_be_things(self) -> frozenset[str]:
        """Names with a binding that can say what they are, and the built-in ones: most names have none."""
        if self._names is None:
            found = {
                name
                for scope in self._unit.scopes.all()
                for name, bindings in scope.bindings.items()
                if any(b.kind in NAMING or (b.kind == "param" and b.value is not None) for b in bindings)
            }
            self._names = frozenset(found) | BUILTINS
        return self._names

    def _of_name(self, node: cst.Name, depth: int) -> Thing | None:
        if identifier(node.value) not in self._may_be_things():
            return None
        bindings = self._unit.scopes.look_up(node.value, node)
        if not bindings:
            return None if self._unit.scopes.stars else resolve(f"builtins.{node.value}")
        key = id(bindings)  # one list a name and scope
        if key not in self._memo:
            self._memo[key] = None
            self._memo[key] = self._agreed(bindings, depth)
        return self._memo[key]

    def _agreed(self, bindings: list[Binding], depth: int) -> Thing | None:
        first: Thing | None = None
        for binding in bindings:
            thing = self._of_binding(binding, depth)
            if thing is None or (first is not None and (thing.kind, thing.key) != (first.kind, first.key)):
                return None
            first = first or thing
        return first

    def _of_binding(self, binding: Binding, depth: int) -> Thing | None:
        if binding.kind == "import":
            return None if binding.target.startswith(".") else self.imported(binding.target)
        if binding.kind == "with":
            item = binding.node
            line = self._unit.parent(item)
            is_async = isinstance(line, cst.With) and line.asynchronous is not None
            return self._entered(self.of(binding.value, depth), is_async=is_async)
        if binding.kind in VALUES:
            return self.of(binding.value, depth)
        if binding.kind == "param":
            return self._annotated(binding, depth)
        return None

    def imported(self, target: str) -> Thing | None:
        """What an absolute dotted name is, where its root means the library."""
        return resolve(target) if self.known(target.partition(".")[0]) else None

    def _annotated(self, binding: Binding, depth: int) -> Thing | None:
        annotation = binding.value
        param = binding.node
        if not isinstance(annotation, (cst.Name, cst.Attribute)) or not isinstance(param, cst.Param):
            return None
        if param.star or (param.default is not None and last_word(param.default) == "None"):
            return None
        thing = self.of(annotation, depth)
        if thing is None or thing.kind is not Kind.CLASS or thing.library.is_base(thing.key):
            return None
        return instance_of(thing)

    def _entered(self, manager: Thing | None, *, is_async: bool) -> Thing | None:
        """What `with manager as x` gives."""
        if manager is None or manager.kind is not Kind.INSTANCE:
            return None
        enter = manager.library.member(manager, "__aenter__" if is_async else "__enter__").thing
        given = self.result(enter)
        return given.inner if given is not None and given.kind is Kind.COROUTINE else given

    def _of_attribute(self, node: cst.Attribute, depth: int) -> Thing | None:
        name = node.attr.value
        values = self._unit.names.attribute_values(node)
        if values:
            return self._of_own(node, values, depth)
        owner = self.of(node.value, depth)
        if owner is None or owner.kind not in {Kind.MODULE, Kind.CLASS, Kind.INSTANCE}:
            return None
        found = None if name in self.stored else owner.library.member(owner, name).thing
        if found is not None and found.kind is Kind.INSTANCE and found.library.is_base(found.key):
            return None  # declared as that, and perhaps one of a more special class
        return found

    def _of_own(self, node: cst.Attribute, values: list[cst.BaseExpression | None], depth: int) -> Thing | None:
        """`self.x`, where every assignment to it in the class gives the same thing."""
        owner = self._unit.names.owner(node.value) if isinstance(node.value, cst.Name) else None
        if owner is None or self._unit.scopes.of(owner).bindings.get(node.attr.value):
            return None
        first: Thing | None = None
        for value in values:
            if value is not None and last_word(value) == "None" and isinstance(value, cst.Name):
                continue
            thing = self.of(value, depth)
            if thing is None or (first is not None and (thing.kind, thing.key) != (first.kind, first.key)):
                return None
            first = first or thing
        return first

    def _of_own_call(self, call: cst.Call, depth: int) -> Thing | None:
        """What a call of a function of the file gives, where each of its returns gives the same thing."""
        bindings = self._unit.scopes.look_up(call.func.value, call.func) if isinstance(call.func, cst.Name) else []
        function = bindings[0].node if len(bindings) == 1 else None
        if not isinstance(function, cst.FunctionDef) or function.asynchronous or function.decorators:
            return None
        first: Thing | None = None
        for value in self._unit.fact(_returns).get(id(function), ()):
            thing = self.of(value, depth)
            if thing is None or (first is not None and (thing.kind, thing.key) != (first.kind, first.key)):
                return None
            first = first or thing
        return first

    def result(self, called: Thing | None) -> Thing | None:
        """What a call of a thing gives."""
        if called is None or called.key == "builtins:super":
            return None
        if called.kind is Kind.CLASS:
            if any(key == "enum:Enum" for _, key in called.library.line(called.key)):
                return None  # a member, or with more arguments a new class
            maker = called.library.member(called, "__new__")
            if maker.thing is not None and maker.thing.function is not None and maker.thing.function.result is None:
                if not maker.thing.key.startswith("builtins:"):
                    return None  # `__new__` may give anything
            return instance_of(called)
        if called.kind is Kind.INSTANCE:
            called = called.library.member(called, "__call__").thing
        if called is None or called.kind is not Kind.FUNCTION or called.function is None:
            return None
        if called.function.name.endswith(".__new__"):
            return None  # of whatever class it is given
        given = called.function.result
        if given is None or not called.function.is_async:
            return given
        return Thing(Kind.COROUTINE, given.library, given.key, inner=given)

    # -- what the file is ready for

    @property
    def stored(self) -> set[str]:
        """Attributes that the file sets on anything but `self`, and names that it asks for as texts."""
        if self._stored is None:
            found: set[str] = set()
            unit = self._unit
            for node in unit.nodes(cst.AssignTarget):
                found.update(_attributes(node.target))
            for annotated in unit.nodes(cst.AnnAssign):
                found.update(_attributes(annotated.target))
            for augmented in unit.nodes(cst.AugAssign):
                found.update(_attributes(augmented.target))
            for call in unit.nodes(cst.Call):
                if last_word(call.func) in {"setattr", "hasattr", "getattr", "patch", "object", "delattr"}:
                    found.update(t for a in call.args[:2] if isinstance(t := string_value(a.value), str))
            self._stored = {text.rpartition(".")[2] for text in found}
        return self._stored

    def is_guarded(self, node: cst.CSTNode, *, call: bool = False) -> bool:
        """Whether the code is ready for a name's absence: it catches it, asks for a version, or expects the failure.

        `call`: ready for arguments that are refused.
        """
        unit = self._unit
        errors, words = (REFUSAL, VERSIONS) if call else (ABSENCE, PRESENCE)
        child = node
        for above in unit.ancestors(node):
            if isinstance(above, (cst.Try, cst.TryStar)):
                if child is above.body and any(
                    handler.type is None or {last_word(t) for t in _types(handler.type)} & errors
                    for handler in above.handlers
                ):
                    return True
            elif isinstance(above, cst.ExceptHandler):
                if {last_word(t) for t in _types(above.type)} & errors:
                    return True
            elif isinstance(above, (cst.If, cst.IfExp)):
                if child is not above.test and words.search(unit.source(above.test)):
                    return True
            elif isinstance(above, cst.BooleanOperation):
                if child is above.right and words.search(unit.source(above.left)):
                    return True
            elif (
                isinstance(above, cst.With)
                and any(
                    last_word(i.item) in {"raises", "assertRaises", "suppress", "assertRaisesRegex"}
                    for i in above.items
                )
            ) or (
                isinstance(above, cst.FunctionDef)
                and "skip" in " ".join(last_word(d.decorator) for d in above.decorators)
            ):
                return True
            child = above
        return False


def _returns(unit: Unit) -> dict[int, list[cst.BaseExpression | None]]:
    """The values that each function returns; generators are left out."""
    found: dict[int, list[cst.BaseExpression | None]] = {}
    for node in unit.nodes(cst.Return):
        found.setdefault(id(unit.function_of(node)), []).append(node.value)
    for given in unit.nodes(cst.Yield):
        found.pop(id(unit.function_of(given)), None)
    return found


def instance_of(cls: Thing) -> Thing:
    """An instance of a class."""
    return Thing(Kind.INSTANCE, cls.library, cls.key)


def _attributes(target: cst.BaseExpression) -> Iterator[str]:
    if isinstance(target, cst.Attribute):
        if not (isinstance(target.value, cst.Name) and target.value.value in {"self", "cls"}):
            yield target.attr.value
    elif isinstance(target, (cst.Tuple, cst.List)):
        for element in target.elements:
            yield from _attributes(element.value)


def _types(node: cst.CSTNode | None) -> list[cst.CSTNode | None]:
    if node is None:
        return []
    return [e.value for e in node.elements] if isinstance(node, cst.Tuple) else [node]


def apis(unit: Unit) -> Apis:
    """The things of a unit's expressions; ask through `unit.fact(apis)`."""
    return Apis(unit)
