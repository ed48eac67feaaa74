"""Read one module's source or stub, as text, into a `Module`.  Nothing is imported or run."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable, Iterator

from apis.lazy import find_import_structure, find_lazy_names
from apis.members import generated_constructor, own_attributes
from apis.model import Alias, Class, Entity, Function, Module, Variable
from apis.spelling import IDENTIFIER, LITERAL, annotation, dotted, last_name, signature_of, texts_in

PROPERTY = {
    "property", "cached_property", "cache_readonly", "lazy_property", "memoized_property", "abstractproperty",
    "reify", "memoized_attribute", "hybrid_property", "invalidate_cached_property", "cache_property",
    "under_cached_property", "memoizedproperty", "lazyproperty",
}  # fmt: skip
# Decorators that leave the parameters as they are, by their last name: those of the standard library, and of the
# libraries read here, each looked up in its source.
TRANSPARENT = {
    "staticmethod", "classmethod", "abstractmethod", "abstractclassmethod", "overload", "final", "override",
    "lru_cache", "cache", "deprecated", "no_type_check", "contextmanager", "asynccontextmanager", "type_check_only",
    "set_module", "array_function_dispatch", "set_array_function_like_doc", "finalize_array_function_like",  # numpy
    "doc", "Appender", "Substitution", "deprecate_nonkeyword_arguments",  # pandas
    "_copy_docstring_and_deprecators", "interpd", "dedent_interpd", "copy",  # matplotlib
    "validate_params", "_fit_context", "_deprecate_positional_args",  # scikit-learn
    "required_args", "keras_export", "setupmethod", "memoized_instancemethod",  # openai, keras, flask, sqlalchemy
}  # fmt: skip
# Class decorators that add nothing which code could ask for by an ordinary name.
PLAIN_CLASS = {
    "final", "total_ordering", "runtime_checkable", "runtime", "deprecated", "disjoint_base", "type_check_only",
    "unique", "set_module", "doc", "interpd", "keras_export", "rewrite_module", "add_start_docstrings",
    "add_end_docstrings", "_self_inspects", "html_safe",
}  # fmt: skip
GENERATED = {
    "dataclass",
    "define",
    "attrs",
    "attr.s",
    "frozen",
    "mutable",
    "dataclass_transform",
    "dataclass_with_extra",
}
NAMESPACES = {"globals", "vars", "locals"}
PLAIN_METACLASS = {"ABCMeta", "type", "EnumMeta", "EnumType", "_ProtocolMeta"}
Wanted = Callable[[ast.expr], bool | None]


def undecided(_: ast.expr) -> bool | None:
    """No condition is decided: what stands in any branch exists."""
    return None


def read(text: str, name: str, *, is_package: bool, stub: bool, wanted: Wanted = undecided) -> Module | None:
    """The module that a text defines; None where this interpreter cannot parse it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return None
    return _Reader(name, is_package=is_package, stub=stub, wanted=wanted).module(tree)


class _Reader:
    def __init__(self, name: str, *, is_package: bool, stub: bool, wanted: Wanted) -> None:
        self.module_ = Module(name, is_package, stub=stub)
        self._wanted = wanted
        self._bodies: dict[str, ast.ClassDef] = {}
        self._read_all = 0  # statements that give `__all__` in so many words

    def module(self, tree: ast.Module) -> Module:
        out = self.module_
        self._bodies = {n.name: n for n in ast.walk(tree) if isinstance(n, ast.ClassDef)}
        mentions = sum(isinstance(n, ast.Name) and n.id == "__all__" for n in ast.walk(tree))
        lazy = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name == "__getattr__"]
        own = {id(n) for getter in lazy for n in ast.walk(getter)}  # what it keeps it was asked for
        for node in ast.walk(tree):
            if id(node) not in own:
                self._notice(node)
        for statement in self._flat(tree.body):
            self._bind(statement, out.names)
        out.closed = mentions == self._read_all
        getter = out.names.get("__getattr__")
        if isinstance(getter, Function):
            find_lazy_names(list(self._flat(tree.body)), out)
        find_import_structure(tree, out)
        return out

    # -- statements

    def _flat(self, body: list[ast.stmt]) -> Iterator[ast.stmt]:
        """The statements of a block and of the blocks in it that run with it; undecided branches all count."""
        for statement in body:
            if isinstance(statement, ast.If):
                verdict = self._wanted(statement.test)
                if verdict is not False:
                    yield from self._flat(statement.body)
                if verdict is not True:
                    yield from self._flat(statement.orelse)
            elif (
                isinstance(statement, (ast.Try, ast.With, ast.For, ast.While)) or type(statement).__name__ == "TryStar"
            ):
                yield statement
                for field in ("body", "orelse", "finalbody"):
                    yield from self._flat(getattr(statement, field, []))
                for handler in getattr(statement, "handlers", []):
                    yield from self._flat(handler.body)
            else:
                yield statement

    def _bind(self, node: ast.stmt, names: dict[str, Entity]) -> None:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            _put(names, node.name, self._function(node, owner=False))
        elif isinstance(node, ast.ClassDef):
            _put(names, node.name, self._class(node))
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            self._import(node, names)
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                self._assign(target, node.value, names)
        elif isinstance(node, ast.AnnAssign):
            if isinstance(node.target, ast.Name):
                names[node.target.id] = Variable(annotation(node.annotation))
        elif isinstance(node, ast.AugAssign):
            if isinstance(node.target, ast.Name) and node.target.id == "__all__":
                self._all(node.value, add=True)
        elif isinstance(node, (ast.For, ast.With)):
            targets = [node.target] if isinstance(node, ast.For) else [i.optional_vars for i in node.items]
            for target in targets:
                if target is not None:
                    self._assign(target, None, names)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.NamedExpr):
            self._assign(node.value.target, None, names)
        elif type(node).__name__ == "TypeAlias":
            names[node.name.id] = Variable()  # type: ignore[attr-defined]

    def _assign(self, target: ast.expr, value: ast.expr | None, names: dict[str, Entity]) -> None:
        if isinstance(target, (ast.Tuple, ast.List)):
            for element in target.elts:
                self._assign(element, None, names)
        elif isinstance(target, ast.Starred):
            self._assign(target.value, None, names)
        elif isinstance(target, ast.Name):
            if target.id == "__all__" and names is self.module_.names:
                self._all(value, add=False)
            if target.id in names and isinstance(names[target.id], (Class, Function)):
                _put(names, target.id, Variable())
            elif value is not None and dotted(value) and names is self.module_.names:
                names[target.id] = Alias(f"<local>.{dotted(value)}")
            elif value is not None and names is not self.module_.names and isinstance(value, ast.Name):
                names[target.id] = names.get(value.id, Variable())  # `pop_item = pop` in a class body
            elif isinstance(value, ast.Call) and dotted(value.func) and names is self.module_.names:
                names[target.id] = Variable(dotted(value.func) + "()")
            else:
                names.setdefault(target.id, Variable())

    def _all(self, value: ast.expr | None, *, add: bool) -> None:
        parts = [text for text in texts_in(value) if IDENTIFIER.match(text)] if isinstance(value, LITERAL) else []
        self._read_all += isinstance(value, LITERAL)
        known = self.module_.exported if add else None
        self.module_.exported = [*(known or []), *parts]

    def _import(self, node: ast.Import | ast.ImportFrom, names: dict[str, Entity]) -> None:
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.asname:
                    names[alias.asname] = Alias(alias.name, self._hides(alias.name, alias.asname))
                else:
                    root = alias.name.partition(".")[0]
                    names.setdefault(root, Alias(root, self.module_.stub))
            return
        base = self.absolute(node.module or "", node.level)
        for alias in node.names:
            if alias.name == "*":
                self.module_.stars.append(base)
                continue
            known = alias.asname or alias.name
            target = f"{base}.{alias.name}" if base else alias.name
            if known in names and not isinstance(names[known], Alias):
                continue
            if f"{self.module_.name}.{known}" != target or known not in names:
                names[known] = Alias(target, self._hides(alias.name, alias.asname))

    def _hides(self, name: str, asname: str | None) -> bool:
        """Whether an import is a stub's own affair; `import x as x` is not."""
        return self.module_.stub and asname != name

    def absolute(self, module: str, level: int) -> str:
        """The absolute name of a relative import's module."""
        if not level:
            return module
        parts = self.module_.name.split(".")
        keep = len(parts) - level + (1 if self.module_.is_package else 0)
        return ".".join([*parts[: max(keep, 0)], *([module] if module else [])])

    # -- functions

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, *, owner: bool) -> Function:
        marks = [last_name(d) for d in node.decorator_list]
        whole = [dotted(d) for d in node.decorator_list]
        kind = "m" if owner else "f"
        if any(m in PROPERTY or m.endswith("property") for m in marks):
            return Function("p", None, annotation(node.returns) or _returned(node))
        if "staticmethod" in marks or (owner and node.name == "__new__"):
            kind = "k" if node.name == "__new__" else "s"
        elif (
            "classmethod" in marks
            or "abstractclassmethod" in marks
            or (owner and node.name in {"__init_subclass__", "__class_getitem__"})
        ):
            kind = "k"
        known = all(
            m in TRANSPARENT or w.endswith((".setter", ".getter", ".deleter"))
            for m, w in zip(marks, whole, strict=True)
        )
        drop = 1 if kind in "mk" else 0
        signatures = (signature_of(node.args, drop=drop, unpacked=self._unpacked(node.args)),) if known else None
        manager = "contextmanager" in marks or "asynccontextmanager" in marks
        result = "" if manager or not known else annotation(node.returns) or _returned(node)
        first = [*node.args.posonlyargs, *node.args.args][:1]
        if result and first and owner and first[0].annotation is not None and drop:
            own = annotation(first[0].annotation)  # `def f(self: T) -> T`
            result = "~" if own == result else result
        is_async = isinstance(node, ast.AsyncFunctionDef) and "asynccontextmanager" not in marks
        return Function(kind, signatures, result, is_async=is_async, is_overload="overload" in marks)

    def _unpacked(self, args: ast.arguments) -> list[str] | None:
        """The keywords of `**kwargs: Unpack[SomeTypedDict]`, for a class of this module."""
        note = args.kwarg.annotation if args.kwarg else None
        if not isinstance(note, ast.Subscript) or last_name(note.value) != "Unpack":
            return None
        fields: list[str] = []
        queue = [last_name(note.slice)]
        while queue:
            name = queue.pop()
            if name in {"TypedDict", "Generic", "Protocol"}:
                continue
            if name not in self._bodies or len(fields) > 500:
                return None
            node = self._bodies[name]
            fields += [
                s.target.id for s in node.body if isinstance(s, ast.AnnAssign) and isinstance(s.target, ast.Name)
            ]
            queue += [last_name(base) for base in node.bases]
        return fields

    # -- classes

    def _class(self, node: ast.ClassDef) -> Class:
        out = Class(node.name, [dotted(b.value if isinstance(b, ast.Subscript) else b) or "?" for b in node.bases])
        for decorator in node.decorator_list:
            mark = last_name(decorator)
            if mark in GENERATED or dotted(decorator) in {"attr.s", "attr.attrs"}:
                out.plain_constructor = False
            elif mark not in PLAIN_CLASS:
                out.opaque, out.plain_constructor = True, False
        for keyword in node.keywords:
            if keyword.arg == "metaclass" and last_name(keyword.value) not in PLAIN_METACLASS:
                out.opaque, out.plain_constructor = True, False
            elif keyword.arg is None:
                out.opaque = True
            elif keyword.arg != "metaclass":
                out.plain_constructor = False
        for statement in self._flat(node.body):
            if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
                if any(dotted(d).endswith((".setter", ".deleter", ".getter")) for d in statement.decorator_list):
                    out.members.setdefault(statement.name, Function("p", None, ""))
                    own_attributes(statement, out)
                    continue
                _put(out.members, statement.name, self._function(statement, owner=True))
                own_attributes(statement, out)
            elif isinstance(statement, ast.Assign) and any(
                isinstance(t, ast.Subscript) or last_name(t) == "__getattr__" for t in statement.targets
            ):
                out.opaque = True  # `locals()[name] = ...`
            else:
                self._bind(statement, out.members)
                for inner in ast.walk(statement):
                    if isinstance(inner, ast.Call) and last_name(inner.func) in {"locals", "vars", "exec"}:
                        out.opaque = True
        if out.name != "object" and ("__getattr__" in out.members or "__getattribute__" in out.members):
            out.opaque = True
        generated_constructor(node, out)
        return out

    # -- what cannot be read

    def _notice(self, node: ast.AST) -> None:
        out = self.module_
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, (ast.Store, ast.Del)):
            out.loose.add(node.attr)
        for target in node.targets if isinstance(node, ast.Assign) else ():
            if not isinstance(target, ast.Subscript):
                continue
            if isinstance(target.value, ast.Call) and last_name(target.value.func) in NAMESPACES:
                out.opaque = True  # `globals()[name] = ...`
            if dotted(target.value) == "sys.modules":
                constant = target.slice.value if isinstance(target.slice, ast.Constant) else out.name
                out.opaque = out.opaque or str(constant).partition(".")[0] == out.name.partition(".")[0]
        if not isinstance(node, ast.Call):
            return
        called = last_name(node.func)
        owner = node.func.value if isinstance(node.func, ast.Attribute) else None
        if called in {"update", "setdefault"} and isinstance(owner, ast.Call) and last_name(owner.func) in NAMESPACES:
            out.opaque = True
        if called in {"exec", "attach", "_convert_"}:  # also lazy_loader's, and enum's
            out.opaque = True
        if called == "setattr" and node.args:
            where = node.args[0]
            if isinstance(where, ast.Name):
                constant = node.args[1] if len(node.args) > 1 else None
                if isinstance(constant, ast.Constant) and isinstance(constant.value, str):
                    out.loose.add(constant.value)
                else:
                    out.patched.add(where.id)
            elif isinstance(where, ast.Subscript) and dotted(where.value) == "sys.modules":
                out.opaque = True


def _returned(node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    """What every `return` of a function gives: "~" for its first parameter `self`, or the class that it calls."""
    found: set[str] = set()
    stack: list[ast.AST] = list(node.body)
    while stack:
        inner = stack.pop()
        if isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            continue
        if isinstance(inner, (ast.Yield, ast.YieldFrom)):
            return ""
        if isinstance(inner, ast.Return):
            if isinstance(inner.value, ast.Name) and inner.value.id == "self":
                found.add("~")
            elif isinstance(inner.value, ast.Call) and dotted(inner.value.func):
                found.add(dotted(inner.value.func) + "()")
            else:
                return ""
        stack.extend(ast.iter_child_nodes(inner))
    return found.pop() if len(found) == 1 else ""


def _put(names: dict[str, Entity], name: str, entity: Entity) -> None:
    """Bind a name; of two definitions both may hold, so what is said of it is what both allow."""
    known = names.get(name)
    if known is None or (isinstance(known, (Alias, Variable)) and not isinstance(entity, Variable)):
        names[name] = entity
    elif isinstance(known, Function) and isinstance(entity, Function):
        if known.is_overload and not entity.is_overload:
            return  # the implementation behind the overloads
        both = (
            None if known.signatures is None or entity.signatures is None else (*known.signatures, *entity.signatures)
        )
        same = known.kind == entity.kind and known.is_async == entity.is_async
        names[name] = Function(
            entity.kind,
            both if same else None,
            entity.result if entity.result == known.result and same else "",
            is_async=entity.is_async,
            is_overload=entity.is_overload,
        )
    elif isinstance(known, Class) and isinstance(entity, Class):
        known.bases = [*known.bases, *(b for b in entity.bases if b not in known.bases)]
        known.opaque = known.opaque or entity.opaque
        for member, value in entity.members.items():
            _put(known.members, member, value)
        known.plain_constructor = False
    elif isinstance(known, Class):
        known.plain_constructor = False
        known.opaque = True
    elif isinstance(known, Function):
        names[name] = Variable()
