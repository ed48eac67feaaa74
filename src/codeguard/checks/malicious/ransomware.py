"""A person's files are encrypted and the originals taken away, as extortion does.

The signs together: a walk over a home or whole disk (or a note that asks for money), encryption of what each file
holds, and the original overwritten, renamed or deleted.  A program that encrypts writes to a place of its own, with a
key that its user keeps.  See CWE-506 and MITRE ATT&CK T1486.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.malicious._calls import calls
from codeguard.checks.malicious._destroy import removals
from codeguard.checks.malicious._reach import WALK_METHODS, WALKERS, reach
from codeguard.checks.malicious._shell import commands
from codeguard.checks.malicious._writes import writes
from codeguard.knowledge.malicious import destruction
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit
from codeguard.syntax.values import string_value
from codeguard.syntax.walk import descend

CRYPT_PROGRAM = re.compile(
    r"\bopenssl\s+(?:enc|aes|smime|cms|pkeyutl)\b|\bgpg2?\b.*(?:\s-c\b|--symmetric|--encrypt|\s-e\b)|\b7za?\s+a\b.*\s-p|\bzip\b.*\s-(?:e|P)\b|\brar\s+a\b.*-hp?|\bage\s+-[rp]|\bcryptsetup\s+luksFormat|\bcipher\s+/e|\bmanage-bde\s+-on",
    re.IGNORECASE,
)


def find(unit: Unit) -> Iterator[Hit]:
    """Report the encryption in a loop over files that replaces them."""
    known = unit.fact(calls)
    walks = any(name in WALKERS for name in known.by_name) or any(method in WALK_METHODS for method in known.by_method)
    if not walks:
        return
    crypts: list[cst.CSTNode] = [
        c for method in sorted(destruction.ENCRYPTERS) for c in known.by_method.get(method, ())
    ]
    crypts += _xors(unit)
    crypts += [c.call for c in unit.fact(commands) if CRYPT_PROGRAM.search(c.text)]
    crypts += [c for method in ("encrypt_file", "encryptFile") for c in known.by_method.get(method, ())]
    if not crypts:
        return
    replaced = _replaces(unit)
    if not replaced:
        return
    note = any(
        isinstance(t := string_value(n), str) and destruction.RANSOM.search(t) for n in unit.nodes(cst.SimpleString)
    )
    whole = _whole(unit)
    backups = any(destruction.RECOVERY.search(r.what) for r in unit.fact(removals))
    generated = any(
        name.endswith(("Fernet.generate_key", "get_random_bytes", "os.urandom", "secrets.token_bytes"))
        for name in known.by_name
    )
    if note or whole or backups:
        why = "asks for money" if note else "walks over whole homes or disks" if whole else "removes the backups"
        key = ", with a key made on the spot" if generated else ""
        yield Hit(
            crypts[0],
            f"This encrypts files in a loop and takes the originals away{key}, and {why}: it takes a person's files hostage",
        )


def _replaces(unit: Unit) -> bool:
    """Whether the file deletes, renames or overwrites what it has read."""
    flow = unit.fact(reach)
    if unit.fact(removals) or any(
        name in {"os.rename", "os.replace", "shutil.move"} for name in unit.fact(calls).by_name
    ):
        return True
    reads = set()
    for call in unit.fact(calls).by_name.get("builtins.open", ()):
        if call.args and not any(
            isinstance(a.value, cst.SimpleString) and set(a.value.value) & set("wax") for a in call.args[1:]
        ):
            reads |= {key for key in flow.roots(call.args[0].value) if key[0] != "text"}
    for method in ("read_bytes", "read_text"):
        for call in unit.fact(calls).by_method.get(method, ()):
            if isinstance(call.func, cst.Attribute):
                reads |= {key for key in flow.roots(call.func.value) if key[0] != "text"}
    return any(
        isinstance(w.target, cst.Name) and reads & flow.roots(w.target)
        for w in unit.fact(writes)
        if not w.mode.startswith("rb") or "+" in w.mode
    )


def _whole(unit: Unit) -> bool:
    """Whether what is encrypted or written comes out of a walk over a whole home or system."""
    return any(
        label.kind == "path:walk" for w in unit.fact(writes) for label in (*w.path_labels, *w.content_labels)
    ) or any(r.fatal for r in unit.fact(removals))


def _xors(unit: Unit) -> Iterator[cst.CSTNode]:
    """`bytes(b ^ k for b in data)`: encryption by hand."""
    for comp in (*unit.nodes(cst.GeneratorExp), *unit.nodes(cst.ListComp)):
        if any(
            isinstance(part, cst.BinaryOperation) and isinstance(part.operator, cst.BitXor)
            for part in descend(comp.elt)
        ):
            yield comp
    for change in unit.nodes(cst.AugAssign):
        if isinstance(change.operator, cst.BitXorAssign) and isinstance(change.target, cst.Subscript):
            yield change


CHECK = Check(
    id="CGM014",
    behaviour="encrypt a person's files and take the originals away",
    name="ransomware",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    cwe=(506,),
    find=find,
    fix="Remove the code; write encrypted copies to a place of their own and keep the originals.",
    bad=(
        Bad(
            "import os\n\ndef lock(path):\n    data = bytearray(open(path, 'rb').read())\n    for n in range(len(data)):\n        data[n] ^= 90  # finding\n    open(path, 'wb').write(data)\n\nfor root, _, names in os.walk(os.path.expanduser('~')):\n    for name in names:\n        lock(os.path.join(root, name))\nopen('NOTE', 'w').write('Pay in bitcoin to restore your files')\n"
        ),
        Bad(
            "import os\nfrom cryptography.fernet import Fernet\nf = Fernet(Fernet.generate_key())\nfor root, _, files in os.walk(os.path.expanduser('~')):\n    for n in files:\n        p = os.path.join(root, n)\n        d = f.encrypt(open(p, 'rb').read())  # finding\n        open(p + '.locked', 'wb').write(d); os.remove(p)\n"
        ),
        Bad(
            "import pathlib\nfrom cryptography.fernet import Fernet\n\ndef run(folder, key):\n    f = Fernet(key)\n    for p in pathlib.Path(folder).rglob('*'):\n        p.write_bytes(f.encrypt(p.read_bytes()))  # finding\n    pathlib.Path('README.txt').write_text('Your files are encrypted. Send 0.1 BTC to get them back')\n"
        ),
        Bad(
            "import glob, os\n\ndef go(k):\n    for p in glob.glob('/home/**', recursive=True):\n        data = open(p, 'rb').read()\n        out = bytes(b ^ k for b in data)  # finding\n        open(p, 'wb').write(out)\n        os.rename(p, p + '.x')\n    open('NOTE', 'w').write('pay in bitcoin to decrypt')\n"
        ),
    ),
    good=(
        Good(
            "import pathlib\nfrom cryptography.fernet import Fernet\n\ndef backup(src, dst, key):\n    f = Fernet(key)\n    for p in pathlib.Path(src).rglob('*'):\n        if p.is_file():\n            (pathlib.Path(dst) / p.name).write_bytes(f.encrypt(p.read_bytes()))\n"
        ),
        Good(
            "import os, zipfile\n\ndef archive(folder, out):\n    with zipfile.ZipFile(out, 'w') as z:\n        for root, _, files in os.walk(folder):\n            for n in files:\n                z.write(os.path.join(root, n))\n"
        ),
        Good(
            "import os\nfrom cryptography.fernet import Fernet\n\ndef seal(path, key):\n    data = Fernet(key).encrypt(open(path, 'rb').read())\n    open(path + '.enc', 'wb').write(data)\n    os.remove(path)\n"
        ),
    ),
    misses=(
        Miss(
            "import pathlib\nfrom cryptography.fernet import Fernet\n\ndef run(folder, key):\n    for p in pathlib.Path(folder).rglob('*'):\n        p.write_bytes(Fernet(key).encrypt(p.read_bytes()))  # finding\n",
            why="a folder and a key that the caller gives are a vault's as well",
        ),
    ),
)
