"""Ruff's rules as codeguard runs them: those with a row, and why the rest of their families has none.

Read from Ruff 0.17.6.  A family is every code that starts with the same letters (`ASYNC`, `B`).  Each rule of a family
of which we run one has a row or stands in `LEFT_OUT`, so that a new version of Ruff cannot add one unseen: a test asks
the installed Ruff.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from codeguard.knowledge.foreign import ruff_correctness, ruff_security, ruff_standards
from codeguard.knowledge.foreign.rows import by_id, read
from codeguard.model import Category, Rule

LEFT_OUT: Mapping[str, str] = {
    "white space is the formatter's business": (
        "D203 D204 D211 E111 E112 E113 E114 E115 E116 E117 E201 E202 E203 E204 E211 E221 E222 E223 E224 E225 E226 "
        "E227 E228 E231 E241 E242 E251 E252 E261 E262 E265 E266 E271 E272 E273 E274 E275 E301 E302 E303 E304 E305 "
        "E306 E502 PLR2044 RUF054 W391 W505"
    ),
    "one of several good styles": (
        "ASYNC401 C408 D105 D107 D212 D213 D400 D401 D404 D406 D407 D408 D409 D413 D420 D421 DJ008 DJ012 FAST001 "
        "FAST002 PLC0105 PLC0415 PLC2701 PLR0402 PLR2004 PLR6104 PLR6201 PLR6301 RUF005 RUF007 RUF010 RUF021 "
        "RUF022 RUF023 RUF031 RUF036 RUF039 RUF052 RUF061 RUF065 RUF067 RUF070 SIM108 SIM112 SIM116 SIM905 T201 "
        "T203 TRY002 TRY003 TRY004 TRY201 TRY300 TRY301 TRY400 TRY401 RET501 RET502 RET504 RET505 RET506 RET507 "
        "RET508 UP009 UP012 UP015 UP022 UP030 UP048 UP052 YTT202"
    ),
    "a shorter or faster way to say the same": (
        "ASYNC115 ASYNC116 B043 B903 C400 C401 C402 C403 C404 C405 C406 C409 C410 C411 C413 C414 C415 C416 C417 "
        "C418 C419 C420 PIE800 PIE804 PIE807 PIE808 PIE810 PLC0206 PLC0207 PLC0208 PLC0414 PLC1802 PLC1901 PLC2801 "
        "PLC3002 PLR1711 PLR1712 PLR1714 PLR1716 PLR1722 PLR1730 PLR1733 PLR1736 PLR5501 PLW0108 PLW3301 RUF015 "
        "RUF019 RUF020 RUF037 RUF038 RUF041 RUF046 RUF047 RUF050 RUF051 RUF055 RUF056 RUF057 RUF058 RUF063 RUF072 "
        "UP011 UP033 UP043 UP051"
    ),
    "advice that holds only from some version of Python on": (
        "UP013 UP014 UP017 UP036 UP040 UP042 UP044 UP046 UP047 UP049"
    ),
    "a measure of size beside those that have a row": "PLR0904 PLR0914 PLR0916 PLR0917 PLR1702 PLW0717",
    "wrong as often as right": "A003 A005 A006 ANN401 DJ001 DJ003 DJ013 PLC0131 PLR0202 PLR0203",
    "names in other scripts are legitimate; our own check finds look-alikes": "PLC2401 PLC2403",
    "about Ruff's own comments and settings, which codeguard does not heed": (
        "RUF100 RUF101 RUF102 RUF103 RUF104 RUF105 RUF106 RUF200 RUF201 RUF202"
    ),
    "a few kB of hostile code make it write gigabytes: what it says grows with the square of the size": (
        "PLW0127 SIM208"
    ),
    "a failure to read the file, not a finding": "E902",
}

# Parts of a rule that deserve another judgement, by a pattern in Ruff's message.  For those of F821 and SIM115 the
# engine takes a look at the code (`engines.ruff_context`).
VARIANTS: Mapping[str, tuple[str, str]] = {
    "F401": (r"redundant alias", "F401-init"),
    "PLR0124": (r" [=!]= ", "PLR0124-nan"),
    "S103": (r"0o\d*[0145]`", "S103-executable"),
    "S602": (r"seems safe", "S602-literal"),
    "S605": (r"seems safe", "S605-literal"),
}

TABLES = (
    (Category.SECURITY, ruff_security.SECURITY),
    (Category.MALICIOUS, ruff_security.MALICIOUS),
    (Category.CORRECTNESS, ruff_correctness.CORRECTNESS),
    (Category.STANDARDS, ruff_standards.STANDARDS),
)


@cache
def rules() -> Mapping[str, Rule]:
    """Every rule of Ruff's that codeguard runs, by codeguard's id."""
    return by_id((*ruff_security.shared(), *read("ruff", TABLES)))
