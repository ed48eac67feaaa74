"""Which rules belong to which set of coding standards: prefixes of rule ids.

`pep8`: PEP 8 as pycodestyle and pep8-naming read it.  `google`: that, and what the Google Python Style Guide asks for
docstrings (3.8), annotations (3.19), global state (2.5), lambdas, imports and logging.  `strict`: all that there is.
`responsible`: what automation owes to the people that it decides about (CWE-359, CWE-778; GDPR, articles 5 and 22).
"""

from __future__ import annotations

from collections.abc import Iterable

_RESPONSIBLE = ("CGT001", "CGT002", "CGT005", "CGT006")
_PEP8 = ("ruff:E", "ruff:W", "ruff:N8", "ruff:N999", "ruff:F401", "ruff:F541", "ruff:F841", "ruff:B009", "ruff:B010")
_GOOGLE = (*_PEP8, "ruff:D", "ruff:ANN", "ruff:PLW06", "ruff:G00", "ruff:LOG", "ruff:C901", "ruff:PLR09", "ruff:ERA")
SETS: dict[str, tuple[str, ...]] = {
    "pep8": _PEP8,
    "google": _GOOGLE,
    "strict": ("",),
    "responsible": _RESPONSIBLE,
}
OFF = "off"
ABOUT_COMMENTS = frozenset({"CGT090", "CGT091", "CGT092", "CGT093"})  # suppressions are governed, whatever the style
NAMES = (OFF, *SETS)


def belongs(rule_id: str, sets: Iterable[str]) -> bool:
    """Whether a rule of the category standards is in one of the sets; `off` holds none."""
    return any(rule_id.startswith(SETS.get(name, ())) for name in sets)
