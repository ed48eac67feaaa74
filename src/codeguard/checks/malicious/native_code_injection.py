"""Machine code is put into memory and run, or into another process.

Bytes that are copied to executable memory, or written into a process and started there, are a program that no tool
for Python sees.  Python code that calls native code loads a library.  See CWE-506, CWE-94 and MITRE ATT&CK T1055,
T1620.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.malicious._calls import calls
from codeguard.checks.malicious._evaluate import value_of
from codeguard.checks.malicious._shell import commands
from codeguard.checks.malicious._writes import writes
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit
from codeguard.syntax.walk import descend

ALLOCATES = {
    "VirtualAlloc",
    "VirtualAllocEx",
    "VirtualProtect",
    "VirtualProtectEx",
    "NtAllocateVirtualMemory",
    "HeapCreate",
    "mprotect",
    "NtMapViewOfSection",
    "CreateFileMappingA",
    "MapViewOfFile",
    "pythonapi",
    "posix_memalign",
    "valloc",
}
COPIES = {
    "RtlMoveMemory",
    "RtlCopyMemory",
    "memmove",
    "memcpy",
    "WriteProcessMemory",
    "NtWriteVirtualMemory",
    "write",
    "from_buffer",
    "from_buffer_copy",
    "addressof",
    "create_string_buffer",
}
STARTS = {
    "CreateThread",
    "CreateRemoteThread",
    "CreateRemoteThreadEx",
    "NtCreateThreadEx",
    "RtlCreateUserThread",
    "QueueUserAPC",
    "EnumChildWindows",
    "EnumSystemLocalesA",
    "EnumWindows",
    "CreateFiber",
    "SetThreadContext",
    "CallWindowProcA",
    "CertEnumSystemStore",
    "ResumeThread",
}
FOREIGN = {
    "WriteProcessMemory",
    "NtWriteVirtualMemory",
    "CreateRemoteThread",
    "CreateRemoteThreadEx",
    "NtCreateThreadEx",
    "RtlCreateUserThread",
    "QueueUserAPC",
    "VirtualAllocEx",
    "process_vm_writev",
    "NtMapViewOfSection",
}
PROCESS_MEMORY = re.compile(r"^/proc/(?!self/).*/?mem$")
DEBUGGER_CALL = re.compile(
    r"\b(?:gdb|lldb)\b.*(?:-p|--pid|attach)\b.*\b(?:call|print|expr(?:ession)?)\b.*\b(?:system|dlopen|PyRun_SimpleString|execve)\b",
    re.DOTALL,
)
CALLBACKS = ("ctypes.CFUNCTYPE", "ctypes.WINFUNCTYPE", "ctypes.PYFUNCTYPE")


def find(unit: Unit) -> Iterator[Hit]:
    """Report memory made executable and run, writes into other processes, and programs that exist in memory only."""
    if (
        "ctypes" not in unit.text
        and "cffi" not in unit.text
        and "win32" not in unit.text
        and "memfd" not in unit.text
        and "/mem" not in unit.text
        and "gdb" not in unit.text
    ):
        return
    yield from _memory_of_others(unit)
    known = unit.fact(calls)
    tails: dict[str, list[cst.Call]] = {}
    for name, calls_of in known.by_name.items():
        tails.setdefault(name.rpartition(".")[2], []).extend(calls_of)
    for method, calls_of in known.by_method.items():
        tails.setdefault(method, []).extend(calls_of)
    used = tails.keys() | {a.attr.value for a in unit.nodes(cst.Attribute)}
    native = "ctypes" in unit.text or "cffi" in unit.text or "win32" in unit.text
    foreign = [c for m, found in tails.items() if m in FOREIGN for c in found]
    if native and len(used & FOREIGN) >= 2 and foreign:
        yield Hit(foreign[0], "This writes code into another process and starts it there")
        return
    callbacks = any("FUNCTYPE" in name for name in known.by_name)
    executable = [c for m, found in tails.items() if m in ALLOCATES for c in found] + [
        c for c in known.by_name.get("mmap.mmap", ()) if _executable(c)
    ]
    if native and executable and (used & STARTS or callbacks):
        yield Hit(
            executable[0],
            "This makes memory executable, copies bytes into it and runs them: a program that nobody can review",
        )
        return
    if native and callbacks and _bytes_called(unit):
        yield Hit(
            known.by_name[_bytes_called(unit)][0],
            "This calls the bytes of a buffer as a function: a program that nobody can review",
        )
    for call in known.by_method.get("ptrace", ()):
        numbers = {unit.constant(a.value).value for a in call.args[:1] if unit.constant(a.value) is not None}  # type: ignore[union-attr]
        if numbers & {4, 5, 13, 15, 16}:  # POKETEXT, POKEDATA, SETREGS, SETFPREGS, ATTACH of ptrace(2)
            yield Hit(call, "This attaches to another process and changes its memory or registers")
            return
    for call in (*known.by_name.get("os.memfd_create", ()), *known.by_method.get("memfd_create", ())):
        if any(
            name.startswith(("os.exec", "subprocess.", "os.spawn", "os.posix_spawn", "os.system"))
            for name in known.by_name
        ):
            yield Hit(call, "This runs a program that exists in memory only, so that no file of it can be examined")
            return


def _memory_of_others(unit: Unit) -> Iterator[Hit]:
    """Writes to the memory of a process, a debugger told to call, memory of foreign functions made executable."""
    for write in unit.fact(writes):
        if PROCESS_MEMORY.search("".join(write.path)) and (write.mode[:1] in {"w", "a"} or "+" in write.mode):
            yield Hit(
                write.call,
                "This writes into the memory of another process: what runs there is nothing that can be reviewed",
            )
    for command in unit.fact(commands):
        if DEBUGGER_CALL.search(command.text):
            yield Hit(
                command.call,
                "This has a debugger call a function in another process: what runs there is nothing that can be reviewed",
            )
    known = unit.fact(calls)
    for call in known.by_method.get("mmap", ()):
        protection = value_of(call.args[2].value, unit) if len(call.args) >= 3 else None
        writable = isinstance(protection, int) and protection & 4 and protection & 2
        if (
            writable
            and {"memmove", "memcpy"} & known.by_method.keys()
            and ("cast" in known.by_method or "CFUNCTYPE" in unit.text)
        ):
            yield Hit(
                call,
                "This makes memory executable, copies bytes into it and runs them: a program that nobody can review",
            )


def _executable(call: cst.Call) -> bool:
    """Whether a mapping asks for `PROT_EXEC` (4 on every platform)."""
    return any(
        (isinstance(part, cst.Attribute) and part.attr.value == "PROT_EXEC")
        or (isinstance(part, cst.Name) and part.value == "PROT_EXEC")
        or (
            isinstance(part, cst.Integer)
            and arg.keyword is not None
            and arg.keyword.value == "prot"
            and int(part.value, 0) & 4
        )
        for arg in call.args
        for part in descend(arg.value)
    )


def _bytes_called(unit: Unit) -> str:
    """The name of the call that makes a function of a buffer's address; empty where there is none."""
    known = unit.fact(calls)
    for name, found in known.by_name.items():
        if name.startswith(CALLBACKS) and name.endswith("()"):
            for call in found:
                for arg in call.args[:1]:
                    inner = arg.value
                    if isinstance(inner, cst.Call) and (unit.name(inner.func) or "").endswith(("addressof", "cast")):
                        return name
    return ""


CHECK = Check(
    id="CGM025",
    behaviour="put machine code into memory and run it",
    name="native-code-injection",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    cwe=(506, 94),
    find=find,
    fix="Remove the code; call native code through a library that is built from source.",
    bad=(
        Bad(
            "def patch(pid):\n    with open(f'/proc/{pid}/mem', 'wb', 0) as memory:\n        memory.write(b'\\x90\\xc3')  # finding\n"
        ),
        Bad(
            "import ctypes\nk = ctypes.WinDLL('kernel32')\nh = getattr(k, 'OpenProcess')(2035711, False, 7)\na = getattr(k, 'VirtualAllocEx')(h, 0, 9, 12288, 64)  # finding\ngetattr(k, 'WriteProcessMemory')(h, a, b'x', 1, None)\ngetattr(k, 'CreateRemoteThread')(h, None, 0, a, None, 0, None)\n"
        ),
        Bad(
            "import ctypes\nbuf = bytes.fromhex('90c3')\nk = ctypes.windll.kernel32\np = k.VirtualAlloc(0, len(buf), 0x3000, 0x40)  # finding\nk.RtlMoveMemory(p, buf, len(buf))\nk.CreateThread(0, 0, p, 0, 0, 0)\n"
        ),
        Bad(
            "import ctypes, mmap\nm = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)  # finding\nm.write(b'\\x90\\xc3')\nf = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_void_p.from_buffer(m)))\nf()\n"
        ),
        Bad(
            "import ctypes\nk = ctypes.windll.kernel32\nh = k.OpenProcess(0x1F0FFF, False, pid)\na = k.VirtualAllocEx(h, 0, 64, 0x3000, 0x40)\nk.WriteProcessMemory(h, a, code, 64, 0)\nk.CreateRemoteThread(h, None, 0, a, None, 0, None)\n".replace(
                "k.WriteProcessMemory(h, a, code, 64, 0)\n", "k.WriteProcessMemory(h, a, code, 64, 0)\n"
            ).replace(
                "a = k.VirtualAllocEx(h, 0, 64, 0x3000, 0x40)\n",
                "a = k.VirtualAllocEx(h, 0, 64, 0x3000, 0x40)  # finding\n",
            )
        ),
        Bad(
            "import os\nfd = os.memfd_create('x')  # finding\nos.write(fd, blob)\nos.execv(f'/proc/self/fd/{fd}', ['x'])\n"
        ),
    ),
    good=(
        Good("def usage(pid):\n    return open(f'/proc/{pid}/mem', 'rb').read(1)\n"),
        Good(
            "import ctypes, ctypes.util\nlibc = ctypes.CDLL(ctypes.util.find_library('c'), use_errno=True)\n\ndef pid():\n    return libc.getpid()\n"
        ),
        Good("import ctypes\nif hasattr(ctypes, 'windll'):\n    ctypes.windll.kernel32.SetConsoleOutputCP(65001)\n"),
        Good("import mmap\n\ndef view(f):\n    return mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_READ)\n"),
        Good(
            "import ctypes\nCALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int)\n\n@CALLBACK\ndef done(n):\n    return n\n"
        ),
    ),
    misses=(
        Miss(
            "from native import run\n\nrun(bytes.fromhex('90c3'))  # finding\n",
            why="what a function of another file does with bytes is not known",
        ),
    ),
)
