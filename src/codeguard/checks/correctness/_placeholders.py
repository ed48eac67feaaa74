"""Comments that stand for code: what such comments say in general, and which functions hold nothing else.

Two kinds exist.  An elision points at code that stands, or is said to stand, elsewhere ("rest of the code remains the
same"); a request asks the reader to write it ("your code here", "TODO: implement").  Both are told from ordinary
prose by their whole text, not by a word in it.
"""

from __future__ import annotations

import re

import libcst as cst

from codeguard.model import Span
from codeguard.syntax.unit import Unit

CODE = (
    r"(?:code|implementations?|functions?|methods?|class(?:es)?|logic|script|program|module|body|file|definitions?"
    r"|imports?|fields?|attributes?|routes?|views?|handlers?|endpoints?|tests?|cases?|steps?|setup|config(?:uration)?"
    r"|initiali[sz]ation|properties|statements?|content|lines?|parts?|stuff|things?|branches|models?|commands?)"
)
STATE = (
    r"(?:(?:remains?|stays?|is|are|goes|go|follows?|continues?|comes?|would (?:go|be|come)|will (?:go|be)|left|here|below"
    r"|above|unchanged|omitted|elided|truncated|skipped|same|the same|as is|as before|as above|as in .+|identical|not shown"
    r"|for brevity|for clarity|similar(?:ly)?|exactly|as it was|in place|untouched)(?:[ ,]+|$))"
)
ADJECTIVE = r"(?:existing|previous|original|remaining|other|earlier|current|old|prior|unchanged|same|more|additional|further|similar)"

# The whole comment, its dots, brackets and punctuation taken off at both ends.
ELISION = re.compile(
    rf"(?:the )?(?:rest|remainder)(?: of)?(?: (?:the|your|this|our|my|that))?(?: [\w`'.()-]+){{0,2}} {CODE}[ ,:]*{STATE}*"
    rf"|(?:the )?(?:existing|previous|original|remaining|earlier|prior|unchanged) (?:[\w`-]+ )?(?:code|implementation|logic|body)[ ,:]*{STATE}*"
    rf"|(?:the |all )?{ADJECTIVE} (?:[\w`-]+ )?{CODE}[ ,:]+{STATE}+"
    rf"|(?:[\w`-]+ )?{CODE} (?:is |are |was |were |has been |have been )?(?:omitted|elided|truncated|snipped|left out|not shown|unchanged|remains? (?:the same|unchanged))(?: for (?:brevity|clarity|simplicity|readability)| here)*"
    r"|and so (?:on|forth) for (?:the |all )?(?:rest|remaining|other).*"
    r"|(?:omitted|truncated|snipped|shortened|abbreviated|left out) for (?:brevity|clarity|simplicity|readability)"
    r"|(?:continue|repeat|do the same|same|similarly|likewise)(?: this| it)? (?:with|for) (?:the |all )?(?:rest|remaining|other) .*",
    re.IGNORECASE,
)
# With dots before or after it, less is enough.
DOTTED_ELISION = re.compile(
    rf"(?:the )?(?:rest|remainder)(?: of .*)?|(?:the |all |your )?{ADJECTIVE} (?:[\w`-]+ ){{0,2}}{CODE}(?: .{{0,30}})?"
    rf"|{CODE} (?:goes |continues |from )?(?:here|above|before|below).*|(?:same|as|unchanged|identical)(?: code)?(?: as| to| from)? ?(?:before|above|previous(?:ly)?|original|earlier|is)?.{{0,20}}"
    r"|and so (?:on|forth).*|et cetera|etc|omitted.*|snip(?:ped)?|truncated|unchanged|no changes?.*|continued?|more|others?",
    re.IGNORECASE,
)
REQUEST = re.compile(
    rf"(?:todo:? *)?(?:(?:your|the|actual|real|main|rest of (?:the|your)|more|additional)(?: \w+)? )?{CODE} (?:goes|go|comes|should go|would go|will go|to go) here"
    rf"|(?:todo:? *)?(?:put|place|write|add|insert|enter|implement|fill in|complete) (?:your|the rest of (?:the|your)|the actual|the real|actual|real)(?: [\w-]+){{0,2}} {CODE}(?: here| below)?"
    rf"|(?:todo:? *)?your (?:[\w-]+ )?(?:code|implementation|logic|solution)(?: here| below)?"
    r"|(?:todo:? *)?implementation here",
    re.IGNORECASE,
)
# In a body that does nothing else, such words in a comment say that it is not written yet.
UNWRITTEN = re.compile(
    r"\b(?:TODO|FIXME|WIP|TBD)\b|\bnot (?:yet )?implemented|\b(?:to be|needs? to be|should be|must be|will be) (?:implemented|written|done|filled|completed|added)"
    r"|\bplaceholder\b|\b(?:implement|fill in|complete|write|replace) (?:this|here|me|the|your|with|logic|later|function|method|body|it)\b|^#\s*implement\w*\W*$"
    r"|\byour (?:\w+ )?(?:code|logic|implementation|solution)\b|\b(?:code|logic|implementation) (?:goes |comes )?here\b|\b(?:stub|dummy|mock) implementation\b"
    r"|\b(?:implementation|logic) (?:of|for|to) \b|\b(?:add|insert|put) (?:your|the|actual|real|code|logic|implementation)\b",
    re.IGNORECASE,
)
UNWRITTEN_MESSAGE = re.compile(
    r"\byet\b|\bTODO\b|\bto be implemented|\bimplement (?:this|me)\b|^\W*(?:this )?(?:function |method |feature )?(?:is )?not implemented\W*$",
    re.IGNORECASE,
)
STRIP = " \t#-*=~<>[](){}_:;,!?/|"


def elision(comment: str) -> str:
    """What an elision or a request for code says, its marks taken off; empty for any other comment."""
    bare = comment.strip(STRIP)
    core = bare.strip(STRIP + ".…")
    dotted = bare.startswith(("..", "…")) or bare.endswith(("..", "…"))
    if ELISION.fullmatch(core) or REQUEST.fullmatch(core) or (dotted and DOTTED_ELISION.fullmatch(core)):
        return core
    return ""


def elisions(unit: Unit) -> dict[int, tuple[Span, str]]:
    """By line: the comments that stand for code, with what they say; ask through `unit.fact(elisions)`.

    The text is searched first: most files have no such line, and real comments need positions, which cost.
    """
    lines = unit.original.split("\n")
    candidates: dict[int, str] = {}
    for number, line in enumerate(lines, 1):
        bare = line.lstrip()
        if bare[:1] == "#" and len(bare) < 100 and (says := elision(bare)) and _stands_alone(lines, number):
            candidates[number] = says
    if not candidates:
        return {}
    real = {span.start_line: span for span, _ in unit.comments}
    return {number: (real[number], says) for number, says in candidates.items() if number in real}


def _stands_alone(lines: list[str], number: int) -> bool:
    """Whether the comment on a line is no part of a longer one, and a request in it is still open."""
    line = lines[number - 1]
    above = lines[number - 2].strip() if number > 1 else ""
    below = next((text for text in lines[number:] if text.strip()), "")
    if number < len(lines) and lines[number].lstrip().startswith("#"):
        return False
    bare = line.strip(STRIP)
    closed = bare.startswith(("..", "…")) and bare.endswith(("..", "…"))
    if above.startswith("#") and not (closed or above.startswith("#:") or above.endswith((".", "!", "?", ":", ")"))):
        return False
    if not REQUEST.fullmatch(line.strip(STRIP + ".…")):
        return True
    if below.strip() == "pass" and _opens_branch(lines, number):
        return True
    # Where code follows in the same block, somebody has written it and left the comment; `pass` is another check's.
    return len(below) - len(below.lstrip()) < len(line) - len(line.lstrip()) or not below


def _opens_branch(lines: list[str], number: int) -> bool:
    """Whether the block that a comment stands in is that of a loop or a branch: a function's is another check's."""
    depth = len(lines[number - 1]) - len(lines[number - 1].lstrip())
    for line in reversed(lines[: number - 1]):
        bare = line.strip()
        if bare and not bare.startswith("#"):
            opened = len(line) - len(line.lstrip()) < depth
            return opened and bare.startswith(
                ("for ", "while ", "if ", "elif ", "else:", "with ", "except", "async for ")
            )
    return False


def is_elided(node: cst.CSTNode, unit: Unit) -> bool:
    """Whether a comment inside of `node` says that code was left out: that is the defect, and has a check of its own."""
    found = unit.fact(elisions)
    if not found:
        return False
    span = unit.span(node)
    return any(span.start_line <= line <= span.end_line for line in found)
