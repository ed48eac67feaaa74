"""What things are: plain, frozen, picklable data that every other module speaks.

Nothing here imports anything but the standard library, LibCST included: a finding that crosses a process, a cache or
a report is data, never a tree.  Positions have one unit everywhere inside codeguard (see `Span`); engines convert on
the way in, report formats on the way out.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field


class Category(str, enum.Enum):
    """The four kinds of thing that can be wrong with code; the first three letters of a rule id name it."""

    SECURITY = "security"
    MALICIOUS = "malicious"
    CORRECTNESS = "correctness"
    STANDARDS = "standards"

    def __str__(self) -> str:
        return self.value


class Severity(enum.IntEnum):
    """How bad it is if the finding is true."""

    INFO = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def label(self) -> str:
        """The lower-case word that people read and type (`high`)."""
        return self.name.lower()


class Confidence(enum.IntEnum):
    """How likely the finding is to be true."""

    LOW = 0
    MEDIUM = 1
    HIGH = 2

    @property
    def label(self) -> str:
        """The lower-case word that people read and type (`medium`)."""
        return self.name.lower()


class Profile(enum.IntEnum):
    """How much noise a reader accepts; a rule appears in its own profile and in every louder one."""

    DEFAULT = 0
    STRICT = 1
    AUDIT = 2

    @property
    def label(self) -> str:
        """The lower-case word that people read and type (`audit`)."""
        return self.name.lower()


class Level(str, enum.Enum):
    """SARIF's three result levels; `level_of` derives one from severity and confidence."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


def level_of(severity: Severity, confidence: Confidence) -> Level:
    """The SARIF level: an error is severe *and* likely; a severe guess is a warning."""
    if severity >= Severity.HIGH:
        return Level.ERROR if confidence >= Confidence.MEDIUM else Level.WARNING
    if severity == Severity.MEDIUM:
        return Level.WARNING if confidence >= Confidence.MEDIUM else Level.NOTE
    return Level.NOTE


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of text: lines are 1-based, columns 0-based Unicode code points, the end exclusive.

    Lines are counted as CPython counts them: `\\n`, `\\r\\n` and `\\r` end a line, nothing else does.
    """

    start_line: int
    start_col: int
    end_line: int
    end_col: int

    def overlaps(self, other: Span) -> bool:
        """True where the two share at least one character, or start at the same place."""
        start, end = (self.start_line, self.start_col), (self.end_line, self.end_col)
        other_start, other_end = (other.start_line, other.start_col), (other.end_line, other.end_col)
        return start == other_start or (start < other_end and other_start < end)

    def lines_overlap(self, other: Span) -> bool:
        """True where the two share at least one line."""
        return self.start_line <= other.end_line and other.start_line <= self.end_line


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that codeguard can report, whoever finds it.

    `cwe` holds the most specific CWE first (it is the primary one), related ones after it.  `aliases` are rules of
    other engines that report the same defect, as `engine:id` (`bandit:B506`).  `help` is Markdown.  `behaviour` says
    what malicious code that this finds would do, as the end of a sentence.
    """

    id: str
    name: str
    summary: str
    category: Category
    severity: Severity
    confidence: Confidence
    engine: str
    cwe: tuple[int, ...] = ()
    aliases: tuple[str, ...] = ()
    profile: Profile = Profile.DEFAULT
    help: str = ""
    tags: tuple[str, ...] = ()
    off_because: str | None = None
    behaviour: str = ""

    @property
    def enabled_by_default(self) -> bool:
        """False for a foreign rule that its table switches off (then `off_because` says why)."""
        return self.off_because is None


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the text of `span` with `text`."""

    span: Span
    text: str


class Safety(str, enum.Enum):
    """What a fix promises: SAFE keeps the program's meaning but for the flaw; UNSAFE may not; SHOW is only advice."""

    SAFE = "safe"
    UNSAFE = "unsafe"
    SHOW = "show"


@dataclass(frozen=True, slots=True)
class Fix:
    """A remedy: a sentence for people, and edits where it can be applied (`imports`: `module` or `module:name`)."""

    title: str
    edits: tuple[Edit, ...] = ()
    imports: tuple[str, ...] = ()
    safety: Safety = Safety.SHOW


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a trace: where, and what happens there, in a few words."""

    path: str
    span: Span
    message: str
    snippet: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One defect in one place.

    `path` is POSIX, relative to the scan's root.  `snippet` is the source line of the span's start, without its
    indentation.  `seen_by` lists every rule that reported it as `engine:id`, our own first.  `fingerprint` identifies
    the defect across runs: rule, path, normalised snippet and an ordinal, no line numbers.
    """

    rule_id: str
    path: str
    span: Span
    message: str
    category: Category
    severity: Severity
    confidence: Confidence
    engine: str
    cwe: tuple[int, ...] = ()
    seen_by: tuple[str, ...] = ()
    snippet: str = ""
    trace: tuple[Step, ...] = ()
    fix: Fix | None = None
    fingerprint: str = ""

    @property
    def level(self) -> Level:
        """The SARIF level."""
        return level_of(self.severity, self.confidence)


@dataclass(frozen=True, slots=True)
class Comment:
    """A real comment: its 1-based line and 0-based column, its text from `#` on, and whether it has its line alone."""

    line: int
    column: int
    text: str
    alone: bool


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A finding that a comment in the source silences: which comment, where, and the reason that it gives.

    `added`: whether the comment came after the commit that the scan compares with; None where it compares with none.
    """

    finding: Finding
    syntax: str  # "codeguard", "nosec", "noqa", "nosemgrep"
    comment_line: int
    rule: str  # the rule as the comment names it; "" where it names none
    reason: str
    added: bool | None = None


@dataclass(frozen=True, slots=True)
class Dismissed:
    """A foreign finding that our own evidence refutes; `evidence` is a sentence that a person can check."""

    finding: Finding
    evidence: str
    steps: tuple[Step, ...] = ()


class FileStatus(str, enum.Enum):
    """What became of a discovered file; every file has exactly one."""

    ANALYSED = "analysed"
    PARTIAL = "partly-analysed"
    UNPARSABLE = "unparsable"
    SKIPPED = "skipped"
    TIMED_OUT = "timed-out"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class FileRecord:
    """The account of one discovered file.  `reason` is empty only for ANALYSED."""

    path: str
    status: FileStatus
    reason: str = ""
    lines: int = 0
    size: int = 0


class FailureKind(str, enum.Enum):
    """Why something could not be looked at."""

    UNREADABLE = "unreadable"
    UNDECODABLE = "undecodable"
    UNPARSABLE = "unparsable"
    TOO_LARGE = "too-large"
    NOT_REGULAR = "not-a-regular-file"
    ENGINE_MISSING = "engine-missing"
    ENGINE_FAILED = "engine-failed"
    NOT_SCANNED = "not-scanned-by-engine"
    CHECK_FAILED = "check-failed"
    TIMEOUT = "timeout"
    CRASH = "crash"
    CHANGED = "changed-during-scan"
    LIMIT = "limit"


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that was not looked at, or not by everyone.

    `path` is None for a failure of a whole engine.  `fatal` failures make the scan incomplete (exit status 3); the
    others (a foreign parser too old for the file that ours has read, say) are told and change no status.
    """

    path: str | None
    engine: str
    kind: FailureKind
    detail: str
    fatal: bool = True
    line: int = 0


@dataclass(frozen=True, slots=True)
class Ignored:
    """How many candidate files, and how many folders with all that is in them, were left out for a reason."""

    reason: str
    files: int
    folders: int


@dataclass(frozen=True, slots=True)
class EngineRun:
    """What one engine did in this scan: `files_given` and `files_scanned` count staged files."""

    name: str
    version: str
    seconds: float
    files_given: int
    files_scanned: int
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for a file's risk: what it would do, the worst finding that shows it, and its share in the score."""

    behaviour: str
    rule_id: str
    path: str
    line: int
    points: int


@dataclass(frozen=True, slots=True)
class Risk:
    """The verdict on one file (or package) with malicious findings: what it would do, and how sure that is harm.

    `score` is 1 to 100; `level` is `dangerous` from 70 on, `suspicious` from 30 on, else `noticeable`.  `reasons` come
    with the worst first and add up to the score.
    """

    path: str
    score: int
    level: str
    sentence: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """All that a scan has to say; every report format renders this and nothing else.

    `rules` holds the rule of every finding (suppressed and dismissed ones too) by id.  `root` is the absolute folder
    that all paths are relative to.
    """

    root: str
    findings: tuple[Finding, ...]
    files: tuple[FileRecord, ...]
    rules: Mapping[str, Rule]
    suppressed: tuple[Suppressed, ...] = ()
    dismissed: tuple[Dismissed, ...] = ()
    failures: tuple[Failure, ...] = ()
    engines: tuple[EngineRun, ...] = ()
    ignored: tuple[Ignored, ...] = ()
    seconds: float = 0.0
    version: str = ""
    started: str = ""  # RFC 3339, UTC
    interrupted: bool = False
    risks: tuple[Risk, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)  # path -> decoded text of files with findings, for frames

    @property
    def complete(self) -> bool:
        """True where every discovered file was looked at by everything that should have looked at it.

        A file that does not parse does not make a scan incomplete: it is a finding, and what can be read of it is.
        """
        return not self.interrupted and not any(f.fatal for f in self.failures)

    def totals(self) -> dict[FileStatus, int]:
        """How many files have each status (all six keys, zeros included)."""
        counts = dict.fromkeys(FileStatus, 0)
        for record in self.files:
            counts[record.status] += 1
        return counts
