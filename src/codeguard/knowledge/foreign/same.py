"""Which rules of the other engines report the same defect, so that it becomes one finding.

Our own checks and rule packs name theirs themselves (`aliases`).
"""

from __future__ import annotations

from collections.abc import Mapping

# Ruff re-implements these rules of Bandit's under the same number.
SHARED = (
    *("101", "102", "103", "103-executable", "104", "105", "106", "107", "108", "110", "112", "113", "201", "202"),
    *("301", "302", "303", "304", "305", "306", "307", "308", "310", "311", "312", "313", "314", "315", "316", "317"),
    *("318", "319", "321", "323", "324", "401", "402", "403", "404", "405", "406", "407", "408", "409", "411", "412"),
    *("413", "415", "501", "502", "503", "504", "505", "506", "507", "508", "509", "601", "602", "602-literal", "603"),
    *("604", "605", "605-literal", "606", "607", "608", "609", "610", "611", "612", "701", "702", "704"),
)

SAME: tuple[tuple[str, str], ...] = (
    *((f"bandit:B{number}", f"ruff:S{number}") for number in SHARED),
    # Ruff does not see whether the members are chosen or the text is executed.
    ("bandit:B202-members", "ruff:S202"),
    ("bandit:B608-unexecuted", "ruff:S608"),
    ("bandit:B703", "bandit:B308"),
    ("bandit:B703", "ruff:S308"),
    ("bandit:B613", "ruff:PLE2502"),
    ("ruff:F509", "ruff:PLE1300"),
    ("ruff:B005", "ruff:PLE1310"),
    ("ruff:B909", "ruff:PLE4703"),
    ("ruff:BLE001", "ruff:E722"),
    ("ty:unresolved-reference", "ruff:F821"),
    ("ty:unresolved-reference", "ruff:F823"),
    ("ty:unresolved-reference.fragment", "ruff:F821-fragment"),
    ("ty:index-out-of-bounds", "ruff:PLE0643"),
    ("ty:invalid-exception-caught", "ruff:B030"),
    ("ty:invalid-raise", "ruff:B016"),
    ("ty:invalid-raise", "ruff:F901"),
    ("ty:invalid-implicit-return", "ruff:RET503"),
)


def _aliases() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for one, other in SAME:
        found[one] = (*found.get(one, ()), other)
        found[other] = (*found.get(other, ()), one)
    return found


ALIASES: Mapping[str, tuple[str, ...]] = _aliases()
"""Rule -> the rules that report the same defect; if a rule has another as its alias, so has that one."""
