"""Characters that make text look other than it is: controls, blanks without width, and letters that look like others.

Sources: the Unicode Standard (UAX #9 for directional formatting, UTS #39 for confusables, UTS #51 for emoji
sequences), and "Trojan Source" (CVE-2021-42574, CVE-2021-42694).
"""

from __future__ import annotations

import re

OPENS = {
    "\u202a": "\u202c",
    "\u202b": "\u202c",
    "\u202d": "\u202c",
    "\u202e": "\u202c",
    "\u2066": "\u2069",
    "\u2067": "\u2069",
    "\u2068": "\u2069",
}
CLOSES = frozenset("\u202c\u2069")
OVERRIDES = frozenset("\u202d\u202e")
BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")

WITHOUT_WIDTH = "\u200b\u200c\u200d\u2060\u2061\u2062\u2063\u2064\ufeff\u180e\u034f"
FILLERS = "\u115f\u1160\u3164\uffa0\u17b4\u17b5"
TAGS = re.compile("[\U000e0000-\U000e007f]+")
FLAG_SEQUENCE = re.compile("\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f")
SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]{3,}")
INVISIBLE = re.compile(f"[{WITHOUT_WIDTH}{FILLERS}]")
INVISIBLE_RUN = re.compile(f"[{WITHOUT_WIDTH}{FILLERS}]{{4,}}")
# Joiners have work to do between emoji and in scripts whose letters join.
JOINING = re.compile(
    "[\u0600-\u08ff\u0900-\u0dff\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u1800-\u18af\u2190-\u2bff\u2600-\u27bf\ufe0f\ufb50-\ufdff\ufe70-\ufeff\U0001f000-\U0001faff\u0590-\u05ff]"
)
PRIVATE_RUN = re.compile("[\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]{8,}")
LINE_BREAKS = re.compile("[\u2028\u2029\x85]")
TERMINAL = re.compile("\x1b\\[|\x08")
ANY_ODD = re.compile(
    f"[\u202a-\u202e\u2066-\u2069{WITHOUT_WIDTH}{FILLERS}\U000e0000-\U000e007f\ufe00-\ufe0f\U000e0100-\U000e01ef\ue000-\uf8ff\u2028\u2029\x85\x1b\x08]"
)

# Letters that look like a Latin letter (a selection of UTS #39's confusables that fonts for code draw alike).
LOOKS_LIKE = dict(
    zip(
        "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u04bb\u0501\u051b\u051d\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0425\u0405\u0406\u0408\u04ae\u0475\u0433\u043f\u04cf\u0454"
        "\u03bf\u03bd\u03b1\u03c1\u03b9\u03ba\u03c5\u03c7\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03f2\u03f3"
        "\u0578\u057d\u0570\u0581\u0585\u0561\u0584\u0563\u0566\u13a1\u13a2\u13aa\u13ab\u13ac\u13b3\u13b7\u13bb\u13de\u13df\u13e2\u13a0\u0131\u0251\u0261\u029f\u1d0f\u1d04\u2c9f\u2ca3\u10ff",
        "aeopcyxijshdqwABEKMHOPCTXSIJYvrnleovapikuxABEZHIKMNOPTYXcjnuhgowfqqRTGEEWMHLCPDiagLocopo",
        strict=False,
    )
)
CYRILLIC = re.compile("[\u0400-\u052f]")
GREEK = re.compile("[\u0370-\u03ff]")
OTHER_LOOKALIKE_SCRIPT = re.compile("[\u0530-\u058f\u13a0-\u13fd\u2c80-\u2cff]")
LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
