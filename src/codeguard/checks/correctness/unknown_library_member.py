"""A class of a library, or an instance of it, is asked for a method or attribute that it does not have.

`requests.get(url).json_body` raises AttributeError when the line runs.  The type is told by how the object was made:
the class called, what a function of the library returns, a `with` block.  Only what no version read has is reported;
the library need not be installed.
"""

from __future__ import annotations

from collections.abc import Iterator

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._api_names import Fault, problems, told
from codeguard.knowledge.apis.lookup import Kind
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit


def find(unit: Unit) -> Iterator[Hit]:
    """Report each member of a class or instance that no version read has."""
    for problem in unit.fact(problems):
        if not problem.imported and problem.fault is Fault.INVENTED and problem.owner.kind is not Kind.MODULE:
            yield Hit(problem.node, told(problem, "this raises AttributeError"))


CHECK = Check(
    id="CGC092",
    name="unknown-library-member",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    aliases=("ty:unresolved-attribute",),
    hints=("import",),
    find=find,
    fix="Call the method that the class documents.",
    bad=(
        Bad("import requests\nr = requests.get('https://example.invalid')\nprint(r.json_body)  # finding\n"),
        Bad("import pandas as pd\ndf = pd.DataFrame({'a': [1]})\ndf.add_column('b', 1)  # finding\n"),
        Bad("from pathlib import Path\ntext = Path('a').read()  # finding\n"),
        Bad(
            "import requests\n\n\ndef load(url):\n    return requests.get(url)\n\n\nload('https://example.invalid').json_body  # finding\n"
        ),
        Bad("import threading\n\nlock = threading.Thread(target=print)\nlock.begin()  # finding\n"),
    ),
    good=(
        Good("import requests\nr = requests.get('https://example.invalid')\nprint(r.json(), r.status_code)\n"),
        Good("import pandas as pd\ndf = pd.DataFrame({'a': [1]})\ndf.insert(1, 'b', 1)\n"),
        Good("from pathlib import Path\ntext = Path('a').read_text()\n"),
        Good("from pathlib import Path\n\n\nclass Own(Path):\n    pass\n\n\nOwn('a').read()\n"),
        Good("from types import SimpleNamespace\nx = SimpleNamespace(a=1)\nprint(x.a)\n"),
        Good("import ast\n\n\ndef name(node: ast.expr):\n    return node.id if type(node) is ast.Name else ''\n"),
        Good("import argparse\nargs = argparse.ArgumentParser().parse_args()\nprint(args.verbose)\n"),
    ),
    misses=(
        Miss(
            "import pandas as pd\n\nframe = pd.read_csv('a.csv')\nframe.add_column('b', 1)  # finding\n",
            why="overloads give different classes for different arguments, and are not told apart",
        ),
    ),
)
