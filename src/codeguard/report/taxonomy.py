"""Where a weakness stands: its name and tag, and its category in OWASP's Top 10 of 2021.

The OWASP lists are the CWEs that each category of https://owasp.org/Top10/2021/ maps; the few that it does not list
and that are children of one that it lists stand in `_BY_PARENT`.
"""

from __future__ import annotations

from codeguard.report.cwe_names import CWE_NAMES

_OWASP_2021: dict[str, str] = {
    "a01": "22 23 35 59 200 201 219 264 275 276 284 285 352 359 377 402 425 441 497 538 540 548 552 566 601 639 651 668"
    " 706 862 863 913 922 1275",
    "a02": "261 296 310 319 321 322 323 324 325 326 327 328 329 330 331 335 336 337 338 340 347 523 720 757 759 760 780"
    " 818 916",
    "a03": "20 74 75 77 78 79 80 83 87 88 89 90 91 93 94 95 96 97 98 99 100 113 116 138 184 470 471 564 610 643 644 652"
    " 917",
    "a04": "73 183 209 213 235 256 257 266 269 280 311 312 313 316 419 430 434 444 451 472 501 522 525 539 579 598 602"
    " 642 646 650 653 656 657 799 807 840 841 927 1021 1173",
    "a05": "2 11 13 15 16 260 315 520 526 537 541 547 611 614 756 776 942 1004 1032 1174",
    "a06": "937 1035 1104",
    "a07": "255 259 287 288 290 294 295 297 300 302 304 306 307 346 384 521 613 620 640 798 940 1216",
    "a08": "345 353 426 494 502 565 784 829 830 915",
    "a09": "117 223 532 778",
    "a10": "918",
}
_BY_PARENT: dict[int, int] = {
    36: 22,  # absolute path traversal
    150: 74,
    210: 209,
    378: 377,
    379: 377,
    427: 426,
    732: 668,
    943: 74,
    1204: 330,
    1236: 74,
    1240: 327,
    1241: 330,
    1336: 94,
    1385: 346,
    1390: 287,
    1391: 287,
    1392: 798,
    1393: 798,
    1394: 321,
    1427: 74,
}
_OWASP_OF = {int(cwe): category for category, listed in _OWASP_2021.items() for cwe in listed.split()}


def cwe_name(cwe: int) -> str:
    """A short name of the weakness; `CWE-1234` for one that the table does not know."""
    return CWE_NAMES.get(cwe, f"CWE-{cwe}")


def cwe_tag(cwe: int) -> str:
    """The tag that GitHub and other SARIF consumers read a CWE from: `external/cwe/cwe-079`."""
    return f"external/cwe/cwe-{cwe:03d}"


def cwe_url(cwe: int) -> str:
    """MITRE's page for the weakness."""
    return f"https://cwe.mitre.org/data/definitions/{cwe}.html"


def owasp_2021(cwe: int) -> str:
    """The OWASP Top 10 category of 2021 (`a03`) that holds the weakness; empty where none does."""
    return _OWASP_OF.get(cwe) or _OWASP_OF.get(_BY_PARENT.get(cwe, cwe), "")
