"""An import uses the name that a package is installed by, which is not the name of its module.

`pip install pyyaml` brings the module `yaml`: `import pyyaml` fails with ModuleNotFoundError, and a package that did
have that module would be somebody else's.  Import the module's name.
"""

from __future__ import annotations

from collections.abc import Iterator

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._imports import imports, is_guarded
from codeguard.knowledge import packages
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit


def find(unit: Unit) -> Iterator[Hit]:
    """Report imports by the name of a distribution."""
    for one in unit.fact(imports):
        module = packages.imported_as(one.root)
        if module is None or unit.project.is_local(one.root) or one.root in unit.project.installed:
            continue
        if not is_guarded(one.node, unit):
            yield Hit(
                one.node,
                f"`{one.root}` is what the package is installed by; its module is `{module}`, and this import fails",
                fix=f"Import `{module}`.",
            )


CHECK = Check(
    id="CGC085",
    name="distribution-name-imported",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    find=find,
    fix="Import the module by its own name.",
    bad=(
        Bad("import pyyaml  # finding\n\npyyaml.safe_load(t)\n"),
        Bad("from beautifulsoup4 import BeautifulSoup  # finding\n"),
        Bad("import scikit_learn as sk  # finding\n"),
        Bad("import Pillow  # finding\n"),
    ),
    good=(
        Good("import yaml, bs4, sklearn, PIL, cv2, dotenv, jwt, Crypto, docx, attr, attrs\n"),
        Good("try:\n    import pytorch\nexcept ImportError:\n    import torch as pytorch\n"),
        Good("from .pyyaml import load\n"),
    ),
    misses=(Miss("import azure_storage_queue  # finding\n", why="only the most used of such names are in the table"),),
)
