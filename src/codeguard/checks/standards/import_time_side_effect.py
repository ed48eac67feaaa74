"""Importing the module does work that belongs behind `if __name__ == "__main__"`.

A module that defines functions and then runs its program at the top level cannot be imported, tested or scanned for
its functions without the program running: it reads input, starts a server, or parses the command line of whoever
imports it.  See the documentation of `__main__`.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit
from codeguard.model import Confidence, Profile, Severity
from codeguard.syntax.unit import Unit

RUNS = (
    "builtins.input",
    "argparse.ArgumentParser().parse_args",
    "flask.Flask().run",
    "uvicorn.run",
    "asyncio.run",
    "tkinter.Tk().mainloop",
    "sys.exit",
)


def find(call: cst.Call, unit: Unit) -> Iterator[Hit]:
    """Report the call where it stands at the top level of a module that also defines functions or classes."""
    defines = bool(unit.nodes(cst.FunctionDef)) or bool(unit.nodes(cst.ClassDef))
    if unit.path.endswith("__main__.py") or not defines:
        return
    for above in unit.ancestors(call):
        if isinstance(above, (cst.FunctionDef, cst.ClassDef, cst.Lambda, cst.If, cst.ExceptHandler)):
            return  # a condition may be the guard itself; a handler of a failed import ends the program on purpose
    name = (unit.name(call.func) or "").removeprefix("builtins.")
    yield Hit(call, f"`{name}` runs whenever this module is imported, not only when it is started")


CHECK = Check(
    id="CGT004",
    name="import-time-side-effect",
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    calls=RUNS,
    find=find,
    profile=Profile.STRICT,
    fix='Move the program into a function and call it under `if __name__ == "__main__":`.',
    bad=(
        Bad("def area(r):\n    return 3.14 * r * r\n\nr = float(input('radius? '))  # finding\nprint(area(r))\n"),
        Bad("import asyncio\n\nasync def main():\n    pass\n\nasyncio.run(main())  # finding\n"),
    ),
    good=(
        Good("def main():\n    print(input())\n\nif __name__ == '__main__':\n    main()\n"),
        Good("name = input('name? ')\nprint(name)\n"),
        Good("import sys\n\ndef main():\n    return 0\n\nif __name__ == '__main__':\n    sys.exit(main())\n"),
    ),
)
