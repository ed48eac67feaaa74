"""What the ways to get code (files, standard input, later notebooks and diffs) hand to the rest of codeguard."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

from codeguard.model import Failure, FileRecord, Ignored

ENGINE = "source"  # whose failures these are
DEFAULT_MAX_BYTES = 16 * 1024 * 1024
DEFAULT_MAX_FILES = 200_000
MAX_ARCHIVE = 256 * 1024 * 1024  # bytes of a wheel, an sdist or another archive
ARCHIVE_SUFFIXES = (".whl", ".egg", ".zip", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar")


def is_archive(path: str) -> bool:
    """Whether the name is that of a wheel, an sdist or another archive that is read as one."""
    return path.lower().endswith(ARCHIVE_SUFFIXES)


class Newline(str, enum.Enum):
    """How the lines of the original end; MIXED for more than one way, NONE for a text without line ends."""

    NONE = "none"
    LF = "lf"
    CRLF = "crlf"
    CR = "cr"
    MIXED = "mixed"


class NoteKind(str, enum.Enum):
    """Something about a file's bytes that its decoded text no longer shows."""

    BOM = "utf-8-bom"
    EXTRA_BOM = "extra-bom"
    CODEC_CONFLICT = "codec-conflicts-with-bom"
    CODEC_UNUSUAL = "unusual-codec"
    CODEC_REFUSED = "refused-codec"
    CODEC_UNKNOWN = "unknown-codec"
    CODEC_LIMIT = "codec-limit"
    WIDE = "utf-16-or-32"
    INVALID_BYTES = "invalid-bytes"
    SURROGATE = "lone-surrogate"
    NUL = "nul"
    BARE_CR = "bare-cr"
    CR_HIDES_CODE = "cr-hides-code"


@dataclass(frozen=True, slots=True)
class DecodeNote:
    """One odd thing found while decoding, at a position in the decoded text (1-based line, 0-based column).

    `codec` is the codec that the note is about.  `alters` is true where the codec makes other text of the bytes than
    a reader of plain UTF-8 sees, so that what is reviewed is not what runs.
    """

    kind: NoteKind
    detail: str
    line: int = 1
    col: int = 0
    codec: str = ""
    alters: bool = False


@dataclass(frozen=True, slots=True)
class Decoded:
    """Source text and what decoding it took; see `Source` for the fields that both have."""

    text: str
    encoding: str
    newline: Newline
    notes: tuple[DecodeNote, ...] = ()
    rejected: str = ""
    lossy: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    r"""One piece of Python source, decoded once; picklable.

    `path` is POSIX, relative to the scan's root, bytes that are no UTF-8 as surrogate escapes.  `text` holds no
    `\r`, NUL, lone surrogate or leading BOM; its line numbers equal CPython's.  Where the codec is one of those that
    turn bytes into other text (see `NoteKind.CODEC_UNUSUAL`), lines and columns are of the decoded text, as in
    CPython's own tracebacks.  `sha256` (hex) and `size` (bytes) are of the raw bytes, `lines` is counted as CPython
    counts.  `rejected` says in one sentence why CPython cannot read these bytes as source text, empty if it can.
    `lossy` is true where `text` is a best guess: some bytes could not be decoded, so the file is analysed in part.
    """

    path: str
    text: str = field(repr=False)
    encoding: str
    newline: Newline
    sha256: str
    size: int
    lines: int
    notes: tuple[DecodeNote, ...] = ()
    rejected: str = ""
    lossy: bool = False

    @property
    def compiles_as_is(self) -> bool:
        """True where CPython could read the bytes as source text; whether that text parses is another question."""
        return not self.rejected

    @property
    def is_stub(self) -> bool:
        """True for a type stub (`.pyi`)."""
        return self.path.lower().endswith(".pyi")


@dataclass(frozen=True, slots=True)
class Found:
    """A regular file to read: `path` as reports show it, `file` absolute with links resolved.

    `device` and `inode` identify it: another file that takes its place before it is read is noticed.
    """

    path: str
    file: str
    size: int
    device: int
    inode: int


@dataclass(frozen=True, slots=True)
class ReadResult:
    """What became of one file: a source, or the record of why there is none; `failure` with either."""

    source: Source | None
    record: FileRecord | None = None
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class Options:
    """What discovery leaves out: `exclude` holds gitignore patterns relative to the root; sizes are in bytes."""

    exclude: tuple[str, ...] = ()
    respect_gitignore: bool = True
    default_excludes: bool = True
    max_bytes: int = DEFAULT_MAX_BYTES
    max_files: int = DEFAULT_MAX_FILES


@dataclass(frozen=True, slots=True)
class Discovery:
    """What there is to scan under `root` (absolute).

    `files` are to be read; `records` account for those that will not be, each with a failure that tells it unless it
    is a link to a file that is scanned itself.  No path is in both; both are sorted by path.
    """

    root: str
    files: tuple[Found, ...]
    records: tuple[FileRecord, ...]
    failures: tuple[Failure, ...]
    ignored: tuple[Ignored, ...]
