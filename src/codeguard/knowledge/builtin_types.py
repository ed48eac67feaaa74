"""What the built-in types have and give: attributes by type, result types of calls, and exceptions.

Source: the Python documentation, "Built-in Types" and "Built-in Functions", for 3.10 to 3.14; the attributes are those
of the running interpreter with the few that other supported versions add.
"""

from __future__ import annotations

from collections.abc import Mapping

TYPES: Mapping[str, type] = {
    cls.__name__: cls
    for cls in (str, bytes, bytearray, int, float, complex, bool, list, tuple, dict, set, frozenset, range)
}

# Attributes that supported versions newer than 3.10 have.
NEWER: Mapping[str, frozenset[str]] = {
    "int": frozenset({"is_integer"}),
    "bool": frozenset({"is_integer"}),
    "float": frozenset({"from_number"}),
    "complex": frozenset({"from_number"}),
    "bytes": frozenset({"__bytes__", "__buffer__"}),
    "bytearray": frozenset({"resize", "__buffer__"}),
}

ATTRIBUTES: Mapping[str, frozenset[str]] = {
    name: frozenset(dir(cls)) | NEWER.get(name, frozenset()) for name, cls in TYPES.items()
} | {"NoneType": frozenset(dir(None))}

# Names from other languages and older versions of Python, and what Python has for them.
REPLACEMENTS: Mapping[str, str] = {
    "push": "append",
    "push_back": "append",
    "add_item": "append",
    "unshift": "insert(0, ...)",
    "shift": "pop(0)",
    "length": "len(...)",
    "size": "len(...)",
    "count_items": "len(...)",
    "contains": "in",
    "includes": "in",
    "has": "in",
    "has_key": "in",
    "containsKey": "in",
    "indexOf": "index",
    "index_of": "index",
    "substring": "a slice",
    "substr": "a slice",
    "slice": "a slice",
    "trim": "strip",
    "ltrim": "lstrip",
    "rtrim": "rstrip",
    "toLowerCase": "lower",
    "toUpperCase": "upper",
    "lowercase": "lower",
    "uppercase": "upper",
    "to_lower": "lower",
    "to_upper": "upper",
    "concat": "+",
    "iteritems": "items",
    "iterkeys": "keys",
    "itervalues": "values",
    "isempty": "not",
    "is_empty": "not",
    "isEmpty": "not",
    "filter": "a comprehension",
    "map": "a comprehension",
    "forEach": "a for loop",
    "toString": "str(...)",
    "to_string": "str(...)",
    "to_list": "list(...)",
    "tolist": "list(...)",
    "put": "update, or an assignment",
    "append_all": "extend",
    "addAll": "extend",
    "merge": "update",
    "flatten": "itertools.chain",
    "charAt": "an index",
    "join_with": "join",
    "interpolate": "format",
    "tokenize": "split",
}

# What a call of a builtin gives, whatever its arguments.
CALL_RESULTS: Mapping[str, str] = {
    **{f"builtins.{name}": name for name in TYPES},
    **dict.fromkeys(("builtins.sorted", "builtins.dir"), "list"),
    **dict.fromkeys(("builtins.len", "builtins.ord", "builtins.hash", "builtins.id"), "int"),
    **dict.fromkeys(
        ("builtins.repr", "builtins.chr", "builtins.hex", "builtins.oct", "builtins.bin", "builtins.ascii"), "str"
    ),
    **dict.fromkeys(("builtins.input", "builtins.format"), "str"),
    **dict.fromkeys(
        ("builtins.isinstance", "builtins.issubclass", "builtins.callable", "builtins.hasattr", "builtins.any"), "bool"
    ),
    **dict.fromkeys(("builtins.print", "builtins.setattr", "builtins.delattr"), "NoneType"),
    "builtins.all": "bool",
    "builtins.divmod": "tuple",
    "builtins.globals": "dict",
    "builtins.vars": "dict",
    "time.time": "float",
    "time.perf_counter": "float",
    "time.monotonic": "float",
    "json.dumps": "str",
    "os.getcwd": "str",
    "os.path.join": "str",
    "os.listdir": "list",
    "random.random": "float",
    "random.randint": "int",
    "random.uniform": "float",
    **dict.fromkeys(
        (
            "os.getenv",
            "os.environ.get",
            "getpass.getpass",
            "time.strftime",
            "time.ctime",
            "platform.system",
            "platform.node",
            "socket.gethostname",
            "secrets.token_hex",
            "secrets.token_urlsafe",
            "textwrap.dedent",
            "html.escape",
            "html.unescape",
            "shlex.quote",
            "urllib.parse.quote",
            "urllib.parse.unquote",
            "os.path.basename",
            "os.path.dirname",
            "os.path.abspath",
            "traceback.format_exc",
            "subprocess.getoutput",
            "string.capwords",
            "sys.stdin.readline",
            "sys.stdin.read",
            "datetime.datetime.now().isoformat",
            "datetime.datetime.now().strftime",
            "datetime.date.today().isoformat",
            "datetime.date.today().strftime",
            *(f"hashlib.{name}().hexdigest" for name in ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "new")),
            *(f"pathlib.Path().{name}" for name in ("read_text", "as_posix", "as_uri", "name", "stem", "suffix")),
        ),
        "str",
    ),
    **dict.fromkeys(("secrets.token_bytes", "os.urandom", "pathlib.Path().read_bytes", "base64.b64encode"), "bytes"),
    **dict.fromkeys(("os.getpid", "time.time_ns", "random.randrange"), "int"),
    **dict.fromkeys(("datetime.datetime.now().timestamp", "time.process_time"), "float"),
}
# Where a default or an option decides what is given: for any other shape of the call nothing is known.
DEFAULTED = frozenset({"os.getenv", "os.environ.get", "os.environ.pop"})

# Names whose items are texts, whatever the program does (sys, os).
TEXT_COLLECTIONS: Mapping[str, str] = {"sys.argv": "list", "sys.orig_argv": "list", "os.environ": "mapping"}
TEXT_LISTS = frozenset({"os.listdir", "glob.glob", "glob.iglob", "sys.stdin.readlines", "re.split", "shlex.split"})

_STR_TO_STR = (
    "capitalize casefold center expandtabs format format_map join ljust lower lstrip removeprefix removesuffix replace "
    "rjust rstrip strip swapcase title translate upper zfill"
).split()
_STR_TO_BOOL = (
    "endswith isalnum isalpha isascii isdecimal isdigit isidentifier islower isnumeric isprintable isspace istitle "
    "isupper startswith"
).split()

# What a method of a built-in type gives.
METHOD_RESULTS: Mapping[tuple[str, str], str] = {
    **{("str", name): "str" for name in _STR_TO_STR},
    **{(kind, name): "bool" for kind in ("str", "bytes") for name in _STR_TO_BOOL if name in ATTRIBUTES[kind]},
    **{("str", name): "list" for name in ("split", "rsplit", "splitlines")},
    **{("str", name): "tuple" for name in ("partition", "rpartition")},
    **{(kind, name): "int" for kind in ("str", "bytes") for name in ("count", "find", "index", "rfind", "rindex")},
    ("str", "encode"): "bytes",
    ("bytes", "decode"): "str",
    ("bytes", "hex"): "str",
    **{("bytes", name): "bytes" for name in ("strip", "lstrip", "rstrip", "replace", "upper", "lower", "join")},
    **{("list", name): "NoneType" for name in ("append", "clear", "extend", "insert", "remove", "reverse", "sort")},
    **{(kind, name): "int" for kind in ("list", "tuple") for name in ("count", "index")},
    ("list", "copy"): "list",
    **{("dict", name): "NoneType" for name in ("clear", "update")},
    ("dict", "copy"): "dict",
    **{
        ("set", name): "NoneType"
        for name in (
            "add",
            "clear",
            "discard",
            "remove",
            "update",
            "difference_update",
            "intersection_update",
            "symmetric_difference_update",
        )
    },
    **{
        (kind, name): kind
        for kind in ("set", "frozenset")
        for name in ("copy", "difference", "intersection", "symmetric_difference", "union")
    },
    **{(kind, name): "bool" for kind in ("set", "frozenset") for name in ("isdisjoint", "issubset", "issuperset")},
    ("float", "is_integer"): "bool",
    ("int", "bit_length"): "int",
}

# String methods that take nothing or text and answer with a bool; nobody means the method itself in a condition.
PREDICATES = frozenset(_STR_TO_BOOL)
PURE_TEXT_METHODS = frozenset(_STR_TO_STR) - {"format", "format_map", "join"} | {"split", "encode", "splitlines"}
