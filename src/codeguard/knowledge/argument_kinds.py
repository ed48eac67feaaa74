"""Which built-in types an argument of a standard function can be, for functions that refuse the others.

Position (or keyword) -> the kinds that raise TypeError (or ValueError, AttributeError) whatever their value.
Source: the Python documentation of each function.
"""

from __future__ import annotations

from collections.abc import Mapping

_TEXT = frozenset({"str"})
_NO_NUMBER = frozenset({"str", "bytes", "list", "tuple", "dict", "set", "NoneType"})
_NO_INTEGER = _NO_NUMBER | {"float"}
_NO_BYTES = frozenset({"str", "int", "float", "list", "tuple", "dict", "set", "NoneType"})
_NO_TEXT = frozenset({"int", "float", "bool", "list", "tuple", "dict", "set", "NoneType"})
_NO_FILE = frozenset({"str", "bytes", "int", "float", "list", "tuple", "dict", "set", "NoneType"})
_NO_SEQUENCE = frozenset({"int", "float", "bool", "NoneType"})

Rules = Mapping[int | str, frozenset[str]]

ARGUMENTS: Mapping[str, Rules] = {
    "time.sleep": {0: _NO_NUMBER},
    "asyncio.sleep": {0: _NO_NUMBER, "delay": _NO_NUMBER},
    "asyncio.wait_for": {1: _NO_NUMBER - {"NoneType"}, "timeout": _NO_NUMBER - {"NoneType"}},
    "datetime.timedelta": dict.fromkeys((0, 1, 2, "days", "seconds", "microseconds", "milliseconds", "minutes", "hours", "weeks"), _NO_NUMBER),
    **dict.fromkeys(
        ("datetime.datetime", "datetime.date"),
        dict.fromkeys((0, 1, 2, "year", "month", "day"), _NO_INTEGER),
    ),
    "datetime.datetime.fromtimestamp": {0: _NO_NUMBER},
    "datetime.datetime.strptime": {0: _NO_TEXT, 1: _NO_TEXT},
    **{key: {0: _NO_BYTES} for key in tuple(f"hashlib.{name}" for name in ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "blake2b", "blake2s"))},
    **{key: {0: _NO_BYTES} for key in tuple(f"hashlib.{name}().update" for name in ("md5", "sha1", "sha256", "sha384", "sha512", "blake2b"))},
    "hmac.new": {0: _NO_BYTES, 1: _NO_BYTES - {"NoneType"}, "key": _NO_BYTES, "msg": _NO_BYTES - {"NoneType"}},
    **{key: {0: _NO_BYTES} for key in ("base64.b64encode", "base64.urlsafe_b64encode", "zlib.compress", "gzip.compress")},
    "builtins.open": {1: _NO_TEXT, "mode": _NO_TEXT, "encoding": _NO_TEXT - {"NoneType"}, 0: frozenset({"list", "dict", "tuple", "set", "float"})},
    "builtins.chr": {0: _NO_INTEGER},
    "builtins.ord": {0: _NO_TEXT},
    "builtins.round": {0: _NO_NUMBER, 1: frozenset({"str", "float", "list"})},
    "builtins.abs": {0: _NO_NUMBER},
    "builtins.isinstance": {1: frozenset({"str", "list", "set", "dict"})},
    "builtins.issubclass": {1: frozenset({"str", "list", "set", "dict"})},
    "builtins.enumerate": {0: _NO_SEQUENCE, 1: frozenset({"str", "float", "list"})},
    "builtins.zip": {0: _NO_SEQUENCE, 1: _NO_SEQUENCE},
    "builtins.map": {0: frozenset({"str", "list", "int"}), 1: _NO_SEQUENCE},
    **{key: {0: _NO_NUMBER} for key in tuple(f"math.{name}" for name in ("sqrt", "ceil", "floor", "sin", "cos", "tan", "exp", "log", "log2", "log10", "radians", "degrees", "fabs", "isnan"))},
    "math.pow": {0: _NO_NUMBER, 1: _NO_NUMBER},
    "math.factorial": {0: _NO_INTEGER},
    "random.randint": {0: _NO_INTEGER, 1: _NO_INTEGER},
    "random.randrange": {0: _NO_INTEGER, 1: _NO_INTEGER - {"NoneType"}},
    "random.uniform": {0: _NO_NUMBER, 1: _NO_NUMBER},
    "random.choice": {0: _NO_SEQUENCE | {"set"}},
    "random.shuffle": {0: _NO_SEQUENCE | {"str", "tuple", "set"}},
    "random.sample": {0: _NO_SEQUENCE | {"dict"}, 1: _NO_INTEGER},
    "json.loads": {0: frozenset({"dict", "list", "tuple", "set", "int", "float", "NoneType"})},
    "json.load": {0: _NO_FILE},
    "json.dump": {1: _NO_FILE},
    "pickle.load": {0: _NO_FILE},
    "pickle.dump": {1: _NO_FILE},
    "csv.writer": {0: _NO_FILE},
    "os.makedirs": {0: _NO_TEXT, 1: _TEXT, "mode": _TEXT},
    "os.mkdir": {0: _NO_TEXT, 1: _TEXT, "mode": _TEXT},
    "os.chmod": {1: _TEXT, "mode": _TEXT},
    "os.kill": {0: _TEXT, 1: _TEXT},
    "os.path.join": {0: _NO_TEXT, 1: _NO_TEXT, 2: _NO_TEXT},
    "os.listdir": {0: frozenset({"list", "dict", "tuple", "float"})},
    **{key: {0: _NO_TEXT, 1: _NO_TEXT - {"int", "bool"}} for key in ("re.compile", "re.match", "re.search", "re.fullmatch", "re.findall")},
    "re.sub": {0: _NO_TEXT, 2: _NO_TEXT},
    "threading.Thread": {"args": frozenset({"int", "float", "str", "NoneType"}), "target": _TEXT},
    "threading.Timer": {0: _NO_NUMBER},
    "multiprocessing.Process": {"args": frozenset({"int", "float", "str"})},
    **{key: {0: _TEXT | {"float"}, "max_workers": _TEXT | {"float"}} for key in ("concurrent.futures.ThreadPoolExecutor", "concurrent.futures.ProcessPoolExecutor")},
    "asyncio.Semaphore": {0: _TEXT},
    "itertools.islice": {1: _TEXT | {"float"}, 2: _TEXT | {"float"}},
    "itertools.repeat": {1: _TEXT | {"float"}},
    **{key: {0: _NO_INTEGER} for key in ("heapq.nlargest", "heapq.nsmallest")},
    **{key: {0: frozenset({"tuple", "set", "dict", "str", "int"})} for key in ("heapq.heappush", "heapq.heappop", "heapq.heapify")},
    **{key: {"timeout": _TEXT, 0: frozenset({"int", "float", "dict"})} for key in ("subprocess.run", "subprocess.check_output", "subprocess.check_call")},
    "signal.alarm": {0: _TEXT},
    "textwrap.wrap": {1: _TEXT, "width": _TEXT},
    "pathlib.Path": {0: frozenset({"int", "float", "list", "dict", "tuple", "set"})},
    "pathlib.Path().write_text": {0: _NO_TEXT | {"bytes"}},
    "pathlib.Path().write_bytes": {0: _NO_BYTES},
    "secrets.choice": {0: _NO_SEQUENCE | {"set"}},
    "secrets.token_hex": {0: _TEXT | {"float"}},
    "collections.deque": {0: frozenset({"int", "float"}), "maxlen": _TEXT | {"float"}, 1: _TEXT | {"float"}},
    "struct.unpack": {1: _NO_BYTES},
    "socket.socket().send": {0: _NO_BYTES},
    "socket.socket().sendall": {0: _NO_BYTES},
    "functools.reduce": {1: _NO_SEQUENCE},
}  # fmt: skip

# Methods of built-in types: (type, method) -> as above.
METHOD_ARGUMENTS: Mapping[tuple[str, str], Rules] = {
    **{("str", name): {0: _NO_TEXT - {"tuple"} | {"bytes"}} for name in ("startswith", "endswith")},
    **{("str", name): {0: _NO_TEXT - {"NoneType"}} for name in ("split", "rsplit", "strip", "lstrip", "rstrip")},
    ("str", "replace"): {0: _NO_TEXT, 1: _NO_TEXT},
    **{("str", name): {0: _NO_TEXT} for name in ("count", "find", "index", "encode", "removeprefix", "removesuffix")},
    **{("str", name): {0: _NO_INTEGER} for name in ("zfill", "ljust", "rjust", "center")},
    ("list", "insert"): {0: _NO_INTEGER},
    ("list", "extend"): {0: _NO_SEQUENCE},
    ("list", "pop"): {0: _NO_INTEGER},
    ("set", "update"): {0: _NO_SEQUENCE},
    ("set", "add"): {0: frozenset({"list", "dict", "set"})},
    ("dict", "update"): {0: _NO_SEQUENCE},
    **{("bytes", name): {0: frozenset({"str"})} for name in ("split", "replace", "startswith", "endswith", "strip", "find")},
    ("bytes", "decode"): {0: _NO_TEXT},
}  # fmt: skip
