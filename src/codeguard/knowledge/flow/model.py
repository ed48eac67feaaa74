"""The form of the rows of `knowledge/flow`: what a library's names mean to the data flow, and how they are found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

KINDS: Mapping[str, str] = {
    "sql": "an SQL statement",
    "nosql": "a NoSQL query",
    "shell": "a shell command",
    "argv": "the arguments of a command",
    "path": "a file path",
    "upload": "the name of an uploaded file",
    "code": "code that is run",
    "template": "the source of a template",
    "html": "an HTML page",
    "deser": "a deserialiser",
    "ssrf": "the address of a request",
    "redirect": "the target of a redirect",
    "ldap": "an LDAP filter",
    "xpath": "an XPath expression",
    "xml": "XML that is built from text",
    "xxe": "an XML parser that resolves entities",
    "log": "a log line",
    "header": "a response header",
    "regex": "a regular expression",
    "size": "the size of what is allocated or repeated",
    "reflect": "the name of what is imported or looked up",
    "mass": "the names of attributes that are set",
    "trust": "the session",
    "csv": "a spreadsheet cell",
    "expose": "a response",
    "format": "a format string",
    "prompt": "instructions to a language model",
    "mail": "the header of a mail",
    "clear": "a place where secrets are readable",
}
"""Every kind of sink, with the words that messages use."""

MARKS = frozenset({"quote'", 'quote"', "quoted-start", "quoted-end", "quoted-inner", "rooted", "one-slash"})
"""What is known of a text besides the kinds that it is safe for: it holds no such quote; it starts, ends with one, and
has none between; it starts with a slash, and not with two."""

ALL_KINDS = frozenset(KINDS) | MARKS
NUMBER_SAFE = ALL_KINDS - {"size", "clear", "expose"}
"""What a number, a date or a UUID is safe for."""


@dataclass(frozen=True, slots=True)
class Source:
    """Untrusted data: its kind (`request`, `env`, ...), words for people, and the trust of `values.Label`."""

    kind: str
    text: str
    trust: int = 0
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Sink:
    """An argument that untrusted data must not reach.

    `args`: the positions and keywords that it may be given by; `receiver` instead: the object whose method is called.
    `when`: a named condition of `flow.conditions` that the call must meet (`shell`, ...).  `part`: which part of a
    value decides (`start`: the first pieces of a URL; `program`: the first item of a list; `page`: of a tuple; `options`:
    what can begin with `-` in a list of arguments; `head`: the headers of a mail; `cells`: what a cell begins with;
    `member`: all of it, also where it is a parameter: the member of an archive).
    """

    kind: str
    cwe: tuple[int, ...]
    args: tuple[int | str, ...] = (0,)
    receiver: bool = False
    when: str = ""
    part: str = ""
    min_trust: int = 9  # a label of a higher number (further from an attacker) is not reported
    incidental: bool = False  # so common a name that functions are not visited for its sake


@dataclass(frozen=True, slots=True)
class Call:
    """What a library function does.

    `returns`: the class of its result.  `source`: its result is untrusted.  `cleans`: the kinds of sink that its
    result is safe for.  `passes`: the arguments whose taints its result has (None: all, and the receiver's).
    `keeps`: its result is the same value for guards (`strip`, `resolve`): what is learned of it holds for its
    argument.  `reveals`: it undoes an encoding, so that what was done before to make the data safe is void.  `fills`:
    the receiver takes up the taints of these arguments (`append`, `update`).
    """

    returns: str | None = None
    source: Source | None = None
    cleans: frozenset[str] = frozenset()
    passes: tuple[int | str, ...] | None = None
    keeps: bool = False
    reveals: bool = False
    fills: tuple[int | str, ...] = ()
    sinks: tuple[Sink, ...] = ()


@dataclass(slots=True)
class Library:
    """All rows, by name.

    `calls`: by dotted name (`html.escape`, `flask.Flask().run`), by `?.method` for a method of an unknown object.
    `attributes`: sources that are attributes (`flask.request.args`), by dotted name, and what a parameter
    of an annotated class is (`<param>fastapi.Request`).  `fields`: what reading an attribute of an untrusted object
    does (`hostname`).
    """

    calls: dict[str, Call] = field(default_factory=dict)
    attributes: dict[str, Source] = field(default_factory=dict)
    fields: dict[str, Call] = field(default_factory=dict)

    def call(self, *names: str) -> Call | None:
        """The first row that one of the names has."""
        for name in names:
            found = self.calls.get(name)
            if found is not None:
                return found
        return None
