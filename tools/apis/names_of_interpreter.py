"""Print, as JSON, the names that the running interpreter's own standard library binds: {module: {name: [members]}}.

Run by `build_apis.py` with each interpreter it is given, so it keeps to what Python 3.6 understands.  `members` is
None for what is not a class.  Only the standard library of that interpreter is imported.
"""

# Python 3.6 runs it.
# ruff: noqa: ANN001, ANN201, ANN202, PTH118, PTH120, UP028

import _collections_abc
import importlib
import json
import os
import pkgutil
import sys
import warnings

SKIPPED = {"antigravity", "this", "test", "idlelib", "lib2to3", "turtledemo", "__main__", "ensurepip", "venv", "site"}


def modules():
    """The dotted names of the standard library's modules, as files and built-in modules show them."""
    names = set(sys.builtin_module_names)
    folder = os.path.dirname(os.__file__)
    paths = [folder, os.path.join(folder, "lib-dynload")]
    for info in pkgutil.iter_modules(paths):
        names.add(info.name)
        if info.ispkg and info.name not in SKIPPED:
            names.update(_below(os.path.join(folder, info.name), info.name))
    return sorted(
        n for n in names if n.split(".")[0] not in SKIPPED and not n.endswith("__main__") and "test" not in n.split(".")
    )


def _below(folder, name):
    for info in pkgutil.iter_modules([folder]):
        if info.name not in {"tests", "test", "idle_test", "encodings", "__main__"} and name != "encodings":
            yield name + "." + info.name
            if info.ispkg:
                for inner in _below(os.path.join(folder, info.name), name + "." + info.name):
                    yield inner


def main():
    """Print the names."""
    warnings.simplefilter("ignore")
    out = {}
    for name in modules():
        if "site-packages" in name or name.startswith(("_pytest", "pip", "setuptools", "pkg_resources")):
            continue
        try:
            module = importlib.import_module(name)
        except BaseException:  # noqa: BLE001, S112 - not built here: nothing is said of it
            continue
        out[name] = {
            key: sorted(vars(value)) if isinstance(value, type) else None for key, value in sorted(vars(module).items())
        }
        if hasattr(module, "__getattr__"):  # `collections` of 3.7 to 3.9 hands on the abstract classes
            out[name].update({key: None for key in _collections_abc.__all__ if hasattr(module, key)})
    sys.stdout.write(json.dumps(out))


main()
