"""Evaluation of constant expressions: what hidden text says, worked out from the text and never by running it.

A small interpreter of expressions over plain values (str, bytes, int, lists of these) that knows the usual ways to
hide text: base64 and its relatives, hex, rot13, zlib, bz2 and lzma (with a size limit), xor, `chr`/`ord`/`join`,
reversal, slices, comprehensions over constants.  `marshal` and `pickle` are not known to it on purpose.
"""

from __future__ import annotations

import base64
import binascii
import bz2
import codecs
import lzma
import zlib
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import unquote

import libcst as cst

from codeguard.checks.malicious._calls import resolved
from codeguard.syntax.unit import Unit
from codeguard.syntax.values import Constant, binary, literal, number_value, string_value

MAX_SIZE = 1 << 20
MAX_STEPS = 60_000
MAX_DEPTH = 40
LEAVES = (cst.Name, cst.SimpleString, cst.Integer, cst.Float)  # what `literal` reads without looking further down
TEXT_CODECS = {"rot13", "rot_13", "rot-13"}
BYTE_CODECS = {"hex", "hex_codec", "base64", "base64_codec"}


class _UnknownError(Exception):
    """The text alone does not decide the value."""


def value_of(node: cst.BaseExpression, unit: Unit) -> Any:
    """The str, bytes, int, bool, list or tuple that the expression is worth; None where the text does not tell."""
    try:
        return _Evaluation(unit).value(node, {}, 0)
    except (
        _UnknownError,
        ValueError,
        TypeError,
        ArithmeticError,
        LookupError,
        EOFError,
        OSError,
        zlib.error,
        lzma.LZMAError,
    ):
        return None
    except (RecursionError, MemoryError):
        return None


def text_of(value: Any) -> str | None:
    """A str or bytes value as text; None for anything else and for bytes that are no text."""
    if isinstance(value, str):
        return value
    if isinstance(value, (bytes, bytearray)):
        try:
            return bytes(value).decode()
        except UnicodeDecodeError:
            return None
    return None


def _inflate(data: bytes, wbits: int) -> bytes:
    stream = zlib.decompressobj(wbits)
    return stream.decompress(data, MAX_SIZE)


def _bytes(value: Any) -> bytes:
    if isinstance(value, str):
        return value.encode("latin-1")
    return bytes(value)


def _codec(value: Any, name: Any, direction: str) -> Any:
    if name in TEXT_CODECS:
        return codecs.encode(value if isinstance(value, str) else _bytes(value).decode(), "rot13")
    if name in BYTE_CODECS and direction == "decode":
        return binascii.unhexlify(_bytes(value)) if "hex" in name else base64.b64decode(_bytes(value))
    if direction == "decode" and name in {"utf-8", "utf8", "ascii", "latin-1", "latin1", "utf-16", "unicode_escape"}:
        return _bytes(value).decode(name)
    raise _UnknownError


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "base64.b64decode": lambda s, *_: base64.b64decode(s),
    "base64.standard_b64decode": base64.standard_b64decode,
    "base64.urlsafe_b64decode": base64.urlsafe_b64decode,
    "base64.decodebytes": lambda s: base64.decodebytes(_bytes(s)),
    "base64.b32decode": lambda s, *_: base64.b32decode(s),
    "base64.b16decode": lambda s, *_: base64.b16decode(s, casefold=True),
    "base64.b85decode": base64.b85decode,
    "base64.a85decode": lambda s, *_: base64.a85decode(s),
    "binascii.unhexlify": binascii.unhexlify,
    "binascii.a2b_hex": binascii.unhexlify,
    "binascii.a2b_base64": binascii.a2b_base64,
    "builtins.bytes.fromhex": bytes.fromhex,
    "builtins.bytearray.fromhex": bytes.fromhex,
    "zlib.decompress": lambda s, wbits=zlib.MAX_WBITS, *_: _inflate(_bytes(s), wbits),
    "bz2.decompress": lambda s: bz2.BZ2Decompressor().decompress(_bytes(s), MAX_SIZE),
    "lzma.decompress": lambda s, *_: lzma.LZMADecompressor().decompress(_bytes(s), MAX_SIZE),
    "gzip.decompress": lambda s: _inflate(_bytes(s), 16 + zlib.MAX_WBITS),
    "codecs.decode": lambda s, name="utf-8", *_: _codec(s, name, "decode"),
    "codecs.encode": lambda s, name="utf-8", *_: _codec(s, name, "encode"),
    "builtins.chr": chr,
    "builtins.ord": ord,
    "builtins.hex": hex,
    "builtins.int": lambda s=0, base=None: int(s) if base is None else int(s, base),
    "builtins.str": lambda s="", *codec: (
        s if isinstance(s, str) else (_bytes(s).decode(*codec[:1]) if codec else str(s))
    ),
    "builtins.bytes": lambda s=b"", *codec: (
        s.encode(*codec[:1]) if isinstance(s, str) else (bytes(s) if not isinstance(s, int) else b"")
    ),
    "builtins.bytearray": lambda s=b"", *codec: s.encode(*codec[:1]) if isinstance(s, str) else bytes(s),
    "builtins.list": lambda s=(): list(s),
    "builtins.tuple": lambda s=(): tuple(s),
    "builtins.reversed": lambda s: list(s)[::-1],
    "builtins.len": len,
    "builtins.sorted": sorted,
    "builtins.zip": lambda *s: list(zip(*s, strict=False)),
    "builtins.enumerate": lambda s, start=0: list(enumerate(s, start)),
    "urllib.parse.unquote": lambda s, *_: unquote(s),
    "builtins.str.maketrans": str.maketrans,
    "builtins.str().maketrans": str.maketrans,
}
METHODS = {
    "decode", "encode", "join", "replace", "split", "strip", "lstrip", "rstrip", "lower", "upper", "swapcase", "title",
    "hex", "format", "rsplit", "splitlines", "zfill", "removeprefix", "removesuffix", "partition", "rpartition", "translate",
}  # fmt: skip


TABLE_METHODS = {"items", "keys", "values", "get"}


class _Evaluation:
    """One evaluation; it ends with `_UnknownError` where it would take too many steps."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._steps = 0

    def value(self, node: cst.CSTNode, scope: dict[str, Any], depth: int) -> Any:
        self._steps += 1
        if self._steps > MAX_STEPS or depth > MAX_DEPTH:
            raise _UnknownError
        known = literal(node) if isinstance(node, LEAVES) else None
        if known is not None:
            return known.value
        method = getattr(self, f"_{type(node).__name__.lower()}", None)
        if method is None:
            raise _UnknownError
        result = method(node, scope, depth + 1)
        if isinstance(result, (str, bytes, bytearray, list, tuple)) and len(result) > MAX_SIZE:
            raise _UnknownError
        return result

    def _name(self, node: cst.Name, scope: dict[str, Any], depth: int) -> Any:
        if node.value in scope:
            return scope[node.value]
        bindings = self._unit.scopes.look_up(node.value, node)
        if len(bindings) == 1 and bindings[0].kind in {"assign", "walrus"} and bindings[0].value is not None:
            return self.value(bindings[0].value, {}, depth)
        raise _UnknownError

    def _namedexpr(self, node: cst.NamedExpr, scope: dict[str, Any], depth: int) -> Any:
        return self.value(node.value, scope, depth)

    def _list(self, node: cst.List | cst.Tuple, scope: dict[str, Any], depth: int) -> Any:
        out: list[Any] = []
        for element in node.elements:
            value = self.value(element.value, scope, depth)
            if isinstance(element, cst.StarredElement):
                out.extend(value)
            else:
                out.append(value)
        return out

    _tuple = _set = _list

    def _attribute(self, node: cst.Attribute, _scope: dict[str, Any], depth: int) -> Any:
        """`self.x` or `Class.x`, bound once in the whole class to a constant."""
        if not isinstance(node.value, cst.Name):
            raise _UnknownError
        values = self._unit.names.attribute_values(node)
        owner = self._unit.names.owner(node.value)
        if owner is None:
            bound = self._unit.scopes.look_up(node.value.value, node.value)
            only = bound[0].node if len(bound) == 1 else None
            owner = only if isinstance(only, cst.ClassDef) else None
        if owner is not None:
            values = [*values, *(b.value for b in self._unit.scopes.of(owner).bindings.get(node.attr.value, []))]
        if len(values) != 1 or values[0] is None:
            raise _UnknownError
        return self.value(values[0], {}, depth)

    def _dict(self, node: cst.Dict, scope: dict[str, Any], depth: int) -> Any:
        out = {}
        for element in node.elements:
            if not isinstance(element, cst.DictElement):
                raise _UnknownError
            out[self.value(element.key, scope, depth)] = self.value(element.value, scope, depth)
        return out

    def _binaryoperation(self, node: cst.BinaryOperation, scope: dict[str, Any], depth: int) -> Any:
        left, right = self.value(node.left, scope, depth), self.value(node.right, scope, depth)
        if isinstance(node.operator, cst.Modulo) and isinstance(left, str):
            return left % (tuple(right) if isinstance(right, (list, tuple)) else right)
        if isinstance(node.operator, cst.Add) and isinstance(left, list) and isinstance(right, (list, tuple)):
            return left + list(right)
        if isinstance(node.operator, cst.Add) and isinstance(left, (bytes, bytearray)):
            return bytes(left) + _bytes(right)
        constant = binary(node.operator, Constant(left), Constant(right))
        if constant is None:
            raise _UnknownError
        return constant.value

    def _unaryoperation(self, node: cst.UnaryOperation, scope: dict[str, Any], depth: int) -> Any:
        value = self.value(node.expression, scope, depth)
        if isinstance(node.operator, cst.Minus):
            return -value
        if isinstance(node.operator, cst.BitInvert):
            return ~value
        raise _UnknownError

    def _subscript(self, node: cst.Subscript, scope: dict[str, Any], depth: int) -> Any:
        base = self.value(node.value, scope, depth)
        if len(node.slice) != 1:
            raise _UnknownError
        part = node.slice[0].slice
        if isinstance(part, cst.Index):
            return base[self.value(part.value, scope, depth)]
        if not isinstance(part, cst.Slice):
            raise _UnknownError
        bounds = [None if b is None else self.value(b, scope, depth) for b in (part.lower, part.upper, part.step)]
        return base[slice(*bounds)]

    def _formattedstring(self, node: cst.FormattedString, scope: dict[str, Any], depth: int) -> Any:
        out = []
        for part in node.parts:
            if isinstance(part, cst.FormattedStringText):
                out.append(part.value)
            elif (
                isinstance(part, cst.FormattedStringExpression) and part.format_spec is None and part.conversion is None
            ):
                out.append(str(self.value(part.expression, scope, depth)))
            else:
                raise _UnknownError
        return "".join(out)

    def _concatenatedstring(self, node: cst.ConcatenatedString, scope: dict[str, Any], depth: int) -> Any:
        return self.value(node.left, scope, depth) + self.value(node.right, scope, depth)

    def _simplestring(self, node: cst.SimpleString, *_: Any) -> Any:
        return string_value(node)

    def _integer(self, node: cst.Integer, *_: Any) -> Any:
        return number_value(node)

    def _generatorexp(
        self, node: cst.GeneratorExp | cst.ListComp | cst.SetComp, scope: dict[str, Any], depth: int
    ) -> Any:
        out: list[Any] = []
        self._loop(node.for_in, node.elt, dict(scope), out, depth)
        return out

    _listcomp = _generatorexp

    def _loop(
        self, loop: cst.CompFor, element: cst.BaseExpression, scope: dict[str, Any], out: list[Any], depth: int
    ) -> None:
        for item in self._items(self.value(loop.iter, scope, depth)):
            self._bind(loop.target, item, scope)
            if any(not self.value(condition.test, scope, depth) for condition in loop.ifs):
                continue
            if loop.inner_for_in is not None:
                self._loop(loop.inner_for_in, element, scope, out, depth + 1)
            else:
                out.append(self.value(element, scope, depth))

    def _items(self, value: Any) -> Iterable[Any]:
        if not isinstance(value, (str, bytes, bytearray, list, tuple, range)):
            raise _UnknownError
        return value

    def _bind(self, target: cst.BaseExpression, item: Any, scope: dict[str, Any]) -> None:
        if isinstance(target, cst.Name):
            scope[target.value] = item
        elif isinstance(target, (cst.Tuple, cst.List)) and len(target.elements) == len(item):
            for element, part in zip(target.elements, item, strict=True):
                self._bind(element.value, part, scope)
        else:
            raise _UnknownError

    def _call(self, node: cst.Call, scope: dict[str, Any], depth: int) -> Any:
        name = resolved(node.func, self._unit)
        if name == "builtins.map":
            return self._map(node, scope, depth)
        if name == "builtins.range":
            numbers = [self.value(a.value, scope, depth) for a in node.args]
            span = range(*numbers)
            if len(span) > MAX_STEPS:
                raise _UnknownError
            return span
        if name in FUNCTIONS:
            return FUNCTIONS[name](*self._args(node, scope, depth))
        if isinstance(node.func, cst.Attribute) and node.func.attr.value in METHODS | TABLE_METHODS:
            return self._method(node, node.func, scope, depth)
        if isinstance(node.func, cst.Lambda):
            return self._lambda_call(node.func, self._args(node, scope, depth), scope, depth)
        function = self._local(node.func)
        if function is not None:
            return self._local_call(function, self._args(node, scope, depth), depth)
        raise _UnknownError

    def _args(self, node: cst.Call, scope: dict[str, Any], depth: int) -> list[Any]:
        return [self.value(a.value, scope, depth) for a in node.args]

    def _method(self, node: cst.Call, func: cst.Attribute, scope: dict[str, Any], depth: int) -> Any:
        base = self.value(func.value, scope, depth)
        args = self._args(node, scope, depth)
        if isinstance(base, bytearray):
            base = bytes(base)
        if not isinstance(base, (str, bytes, dict)):
            raise _UnknownError
        method = func.attr.value
        if method in TABLE_METHODS or isinstance(base, dict):
            if not isinstance(base, dict) or method not in TABLE_METHODS:
                raise _UnknownError
            found = getattr(base, method)(*args)
            return found if method == "get" else list(found)
        if method == "join":
            return base.join(args[0])
        if method in {"decode", "encode"} and args and args[0] in TEXT_CODECS | BYTE_CODECS:
            return _codec(base, args[0], method)
        if method == "format" and (
            not isinstance(base, str) or len(base) > 4096 or not all(isinstance(a, str) for a in args)
        ):
            raise _UnknownError
        return getattr(base, method)(*args)

    def _map(self, node: cst.Call, scope: dict[str, Any], depth: int) -> Any:
        if len(node.args) != 2:
            raise _UnknownError
        func, items = node.args[0].value, self._items(self.value(node.args[1].value, scope, depth))
        if isinstance(func, cst.Lambda):
            return [self._lambda_call(func, [item], scope, depth) for item in items]
        name = resolved(func, self._unit)
        if name in FUNCTIONS:
            return [FUNCTIONS[name](item) for item in items]
        local = self._local(func)
        if local is None:
            raise _UnknownError
        return [self._local_call(local, [item], depth) for item in items]

    def _lambda_call(self, node: cst.Lambda, args: list[Any], scope: dict[str, Any], depth: int) -> Any:
        names = [p.name.value for p in node.params.params]
        if len(names) != len(args):
            raise _UnknownError
        return self.value(node.body, {**scope, **dict(zip(names, args, strict=True))}, depth)

    def _local(self, func: cst.BaseExpression) -> cst.FunctionDef | None:
        if not isinstance(func, cst.Name):
            return None
        bindings = self._unit.scopes.look_up(func.value, func)
        node = bindings[0].node if len(bindings) == 1 and bindings[0].kind == "function" else None
        return node if isinstance(node, cst.FunctionDef) else None

    def _local_call(self, function: cst.FunctionDef, args: list[Any], depth: int) -> Any:
        """A function of the file whose body is assignments and one return: the decoders that samples carry."""
        names = [p.name.value for p in function.params.params]
        scope = dict(zip(names, args, strict=False))
        if len(names) != len(args):
            raise _UnknownError
        for statement in function.body.body:
            for small in statement.body if isinstance(statement, cst.SimpleStatementLine) else ():
                if isinstance(small, cst.Return) and small.value is not None:
                    return self.value(small.value, scope, depth + 1)
                if isinstance(small, cst.Assign) and len(small.targets) == 1:
                    self._bind(small.targets[0].target, self.value(small.value, scope, depth + 1), scope)
                elif not isinstance(small, (cst.Expr, cst.Pass, cst.Import, cst.ImportFrom)):
                    raise _UnknownError
            if not isinstance(statement, cst.SimpleStatementLine):
                raise _UnknownError
        raise _UnknownError
