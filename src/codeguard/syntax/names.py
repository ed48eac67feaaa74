"""What expressions refer to: dotted names through imports, aliases and instances, and constants through names."""

from __future__ import annotations

import builtins
from collections.abc import Iterable
from itertools import islice

import libcst as cst

from codeguard.syntax.scope import FUNCTIONS, Binding, Scopes, identifier
from codeguard.syntax.values import Constant, binary, literal
from codeguard.syntax.walk import Parents, Tables

BUILTINS = frozenset(dir(builtins))
MAX_DEPTH = 12
MAX_BINDINGS = 64

# Names that snippets use without importing them, and what everybody means by them.
USUAL = {
    "np": "numpy",
    "pd": "pandas",
    "plt": "matplotlib.pyplot",
    "sns": "seaborn",
    "tf": "tensorflow",
    "nn": "torch.nn",
    "request": "flask.request",
    "session": "flask.session",
    "render_template": "flask.render_template",
    "render_template_string": "flask.render_template_string",
    "make_response": "flask.make_response",
    "jsonify": "flask.jsonify",
    "redirect": "flask.redirect",
    "send_file": "flask.send_file",
    "send_from_directory": "flask.send_from_directory",
    "Markup": "markupsafe.Markup",
    "escape": "markupsafe.escape",
    "ET": "xml.etree.ElementTree",
    "etree": "lxml.etree",
    "BeautifulSoup": "bs4.BeautifulSoup",
    "Path": "pathlib.Path",
}


class Names:
    """Resolution of one file's expressions; answers are remembered by node."""

    def __init__(self, scopes: Scopes, tables: Tables, parents: Parents) -> None:
        self._scopes = scopes
        self._tables = tables
        self._parents = parents
        self._memo: dict[int, str | None] = {}
        self._attributes: dict[int, dict[str, list[cst.BaseExpression | None]]] = {}

    # -- dotted names

    def name(self, node: cst.CSTNode, depth: int = 0) -> str | None:
        """See `Unit.name`."""
        key = id(node)
        if key in self._memo:
            return self._memo[key]
        if depth > MAX_DEPTH:
            return None
        self._memo[key] = None  # a binding that refers to itself ends here
        result = self._memo[key] = self._resolve(node, depth)
        return result

    def _resolve(self, node: cst.CSTNode, depth: int) -> str | None:
        suffix: list[str] = []
        while True:  # down a chain such as a.b().c, without recursion
            if isinstance(node, cst.Attribute):
                own = self._self_attribute(node, depth)
                if own is not None:
                    base: str | None = own
                    break
                suffix.append("." + identifier(node.attr.value))
                node = node.value
            elif isinstance(node, cst.Call):
                suffix.append("()")
                node = node.func
            elif isinstance(node, cst.Await):
                node = node.expression
            elif isinstance(node, cst.NamedExpr):
                node = node.value
            elif isinstance(node, cst.Subscript):
                suffix.append("[]")
                node = node.value
            else:
                base = self._base(node, depth)
                break
            if len(suffix) > 64:
                return None
        return None if base is None else base + "".join(reversed(suffix))

    def _base(self, node: cst.CSTNode, depth: int) -> str | None:
        if isinstance(node, cst.Name):
            bindings = self._scopes.look_up(node.value, node)
            if not bindings:
                name = identifier(node.value)
                return f"builtins.{name}" if name in BUILTINS else USUAL.get(name, name)
            return self._agreed(bindings, depth)
        if isinstance(node, (cst.SimpleString, cst.FormattedString, cst.ConcatenatedString)):
            return "builtins.bytes()" if _is_bytes(node) else "builtins.str()"
        if isinstance(node, (cst.List, cst.ListComp)):
            return "builtins.list()"
        if isinstance(node, (cst.Dict, cst.DictComp)):
            return "builtins.dict()"
        return None

    def _agreed(self, bindings: Iterable[Binding], depth: int) -> str | None:
        """The one name that all bindings give; imports win over fall-backs such as `yaml = None`.

        None for what is bound very often: who asks for each use of such a name would look at all bindings each time.
        """
        every = tuple(islice(bindings, MAX_BINDINGS + 1))
        for binding in every:
            if binding.kind == "import":
                return binding.target
        if len(every) > MAX_BINDINGS:
            return None
        agreed: str | None = None
        for binding in every:
            if binding.kind in {"delete", "annotation"}:
                continue
            name: str | None = None
            if binding.kind in {"assign", "walrus", "with"} and binding.value is not None:
                if isinstance(binding.value, cst.Name) and binding.value.value == "None":
                    continue
                name = self.name(binding.value, depth + 1)
            elif binding.kind == "param":
                name = self._annotated(binding.value, depth)
            elif binding.kind in {"function", "class"}:
                name = f"<local>.{binding.name}"
            if name is None or (agreed is not None and name != agreed):
                return None
            agreed = name
        return agreed

    def _annotated(self, annotation: cst.BaseExpression | None, depth: int) -> str | None:
        """`x: Session` makes `x` an instance, `sqlalchemy.orm.Session()`; Optional and `| None` are looked through."""
        if annotation is None:
            return None
        if isinstance(annotation, cst.BinaryOperation) and isinstance(annotation.operator, cst.BitOr):
            annotation = annotation.left
        if isinstance(annotation, cst.Subscript):
            outer = self.name(annotation.value, depth + 1)
            if outer not in {"typing.Optional", "typing.Annotated"} or not annotation.slice:
                return None if outer is None else f"{outer}()"
            index = annotation.slice[0].slice
            if not isinstance(index, cst.Index):
                return None
            annotation = index.value
        if not isinstance(annotation, (cst.Name, cst.Attribute)):
            return None
        name = self.name(annotation, depth + 1)
        return None if name is None else f"{name}()"

    # -- attributes of self

    def _self_attribute(self, node: cst.Attribute, depth: int) -> str | None:
        """What `self.x` is, where every assignment to it in the class agrees."""
        if not isinstance(node.value, cst.Name):
            return None
        owner = self._owner(node.value)
        if owner is None:
            return None
        values = self._class_attributes(owner).get(node.attr.value)
        if not values:
            return None
        names = [
            self.name(v, depth + 1)
            for v in values
            if v is not None and not ((known := literal(v)) is not None and known.value is None)
        ]
        if None in values or not names or any(n != names[0] for n in names):
            return None
        return names[0]

    def attribute_values(self, node: cst.Attribute) -> list[cst.BaseExpression | None]:
        """Every value that the class assigns to the attribute that `self.x` reads; None for one not told by the text.

        Empty where `node` does not read an attribute of a method's first parameter, or no method assigns it.
        """
        owner = self._owner(node.value) if isinstance(node.value, cst.Name) else None
        return [] if owner is None else self._class_attributes(owner).get(node.attr.value, [])

    def attributes(self, cls: cst.ClassDef) -> list[str]:
        """The attributes that the methods of a class assign on their first parameter."""
        return list(self._class_attributes(cls))

    def owner(self, node: cst.Name) -> cst.ClassDef | None:
        """The class, where `node` is the first parameter of one of its methods (`self`, whatever its name)."""
        return self._owner(node)

    def _owner(self, node: cst.Name) -> cst.ClassDef | None:
        """The class, where `node` is the first parameter of one of its methods."""
        scope = self._scopes.at(node)
        while scope.parent is not None and not (isinstance(scope.node, FUNCTIONS) and scope.parent.is_class):
            if node.value in scope.bindings:
                return None
            scope = scope.parent
        if scope.parent is None or not isinstance(scope.node, cst.FunctionDef):
            return None
        params = [*scope.node.params.posonly_params, *scope.node.params.params]
        if not params or params[0].name.value != node.value:
            return None
        owner = scope.parent.node
        return owner if isinstance(owner, cst.ClassDef) else None

    def _class_attributes(self, owner: cst.ClassDef) -> dict[str, list[cst.BaseExpression | None]]:
        if not self._attributes:
            for cls in (cst.Assign, cst.AnnAssign, cst.AugAssign):
                for statement in self._tables.get(cls, ()):
                    targets = [t.target for t in statement.targets] if cls is cst.Assign else [statement.target]
                    for target in targets:
                        self._note_attribute(target, None if cls is cst.AugAssign else statement.value)
            self._attributes.setdefault(0, {})
        return self._attributes.get(id(owner), {})

    def _note_attribute(self, target: cst.BaseExpression, value: cst.BaseExpression | None) -> None:
        if isinstance(target, (cst.Tuple, cst.List)):
            for element in target.elements:
                self._note_attribute(element.value, None)
        elif isinstance(target, cst.Attribute) and isinstance(target.value, cst.Name):
            owner = self._owner(target.value)
            if owner is not None:
                self._attributes.setdefault(id(owner), {}).setdefault(target.attr.value, []).append(value)

    # -- constants

    def constant(self, node: cst.CSTNode, depth: int = 0) -> Constant | None:
        """See `Unit.constant`."""
        known = literal(node)
        if known is not None or depth > MAX_DEPTH:
            return known
        if isinstance(node, cst.Name):
            bindings = self._scopes.look_up(node.value, node)
            if len(bindings) == 1 and bindings[0].kind in {"assign", "walrus"} and bindings[0].value is not None:
                return self.constant(bindings[0].value, depth + 1)
            return None
        if isinstance(node, cst.BinaryOperation):
            left = self.constant(node.left, depth + 1)
            return left and binary(node.operator, left, self.constant(node.right, depth + 1))
        return None


def _is_bytes(node: cst.BaseExpression) -> bool:
    while isinstance(node, cst.ConcatenatedString):
        node = node.left
    return isinstance(node, cst.SimpleString) and "b" in node.prefix.lower()
