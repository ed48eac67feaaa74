"""What a value is, as far as its text says: labels that `_reach` carries from where they arise to where they matter."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from codeguard.knowledge.malicious import channels, stores

# Labels of a mention (a path, a name); reading what it names turns them into labels of content.
CONTENT_OF = {
    "path:credential": "credential",
    "path:browser": "browser",
    "path:wallet": "wallet",
    "path:walk": "files",
    "path:self": "self",
    "path:keys": "keys",
}
COLLECTED = (
    "credential",
    "browser",
    "wallet",
    "environment",
    "secret",
    "keys",
    "screen",
    "clipboard",
    "camera",
    "microphone",
    "files",
    "typed",
    "host",
)
# Calls and methods that tell too little of what they are given.
DROPPING = {
    "builtins.len",
    "builtins.bool",
    "builtins.isinstance",
    "builtins.print",
    "os.path.exists",
    "os.path.isfile",
    "os.path.getsize",
    "builtins.hasattr",
    "builtins.any",
    "builtins.all",
}
DROPPING_METHODS = {
    "exists",
    "is_file",
    "is_dir",
    "startswith",
    "endswith",
    "isdigit",
    "hexdigest",
    "digest",
    "status_code",
    "raise_for_status",
}
WATCHED = ("screen", "camera", "microphone", "keys", "clipboard")
HOME = re.compile(r"^(?:~[/\\]?|\$HOME[/\\]?|%USERPROFILE%\\?|/home/?|C:\\Users\\?|/Users/?|[A-Z]:[/\\]{1,2})$")
LONGEST_WORD = 20  # longer ones may be the ids of a browser's wallets
# The places that are one word, without a dot or a slash.
PLACES_OF_A_WORD = frozenset(
    {
        "sam", "cookies", "encryptedpassword", "bravesoftware", "seedphrase", "documents", "desktop", "pictures", "downloads", "music",
        "videos",
    }
)  # fmt: skip
WHOLE_DISK = frozenset({"/", "C:", "C:\\", "C:/"})
KEY_FOLDER = (".ssh`", ".ssh/`", ".ssh\\`")  # where the public halves of keys lie too
PERSONAL_FILES = re.compile(
    r"^(?:~|\$HOME|%USERPROFILE%|/home/[^/]+|/Users/[^/]+|C:\\Users\\[^\\]+)[/\\](?:Documents|Desktop|Pictures|Downloads|Music|Videos)[/\\].*\*"
)
PERSONAL_FOLDER = re.compile(r"(?:^|[/\\])(?:Documents|Desktop|Pictures|Downloads|Music|Videos)[/\\]?$")


@dataclass(frozen=True, slots=True)
class Label:
    """One thing that is known of a value: its kind, and what it is in words for a message."""

    kind: str
    what: str = ""


Labels = frozenset[Label]
NONE: Labels = frozenset()


@lru_cache(maxsize=4096)
def of_text(text: str) -> Labels:
    """What a constant mentions: a secret's place, an address, a variable's name."""
    if not text or len(text) > 4096:
        return NONE
    short = text if len(text) <= 60 else text[:57] + "..."
    found: set[Label] = set()
    if not text.isalnum() or len(text) > LONGEST_WORD or text.lower() in PLACES_OF_A_WORD:
        found |= _places(text, short)
    if text.isupper() or "_" in text:
        if stores.NEVER_SENT.match(text):
            found.add(Label("name:unsent", f"`{short}`"))
        elif len(text) < 48 and stores.SECRET_VARIABLE.search(text) and text.replace("_", "").isalnum():
            found.add(Label("name:secret", f"`{short}`"))
        elif stores.PERSON_VARIABLE.match(text):
            found.add(Label("name:person", f"`{short}`"))
    return frozenset(found) if found else NONE


def _places(text: str, short: str) -> set[Label]:
    """The paths and addresses in a text."""
    found: set[Label] = set()
    if stores.CREDENTIAL_PATH.search(text) and not stores.PUBLIC_HALF.search(text):
        found.add(Label("path:credential", f"`{short}`"))
    if stores.PUBLIC_HALF.search(text):
        found.add(Label("path:public", f"`{short}`"))
    if stores.BROWSER_STORE.search(text):
        found.add(Label("path:browser", f"`{short}`"))
    if stores.WALLET.search(text):
        found.add(Label("path:wallet", f"`{short}`"))
    if HOME.match(text) or PERSONAL_FOLDER.search(text):
        found.add(Label("path:home", f"`{short}`"))
    if "*" in text and PERSONAL_FILES.match(text):
        found.add(Label("path:walk", f"files in `{short}`"))
    if text.startswith("/dev/input"):
        found.add(Label("path:keys", "every key pressed"))
    if "/" in text or "." in text:
        if channels.ADDRESS.search(text) and not channels.LOOPBACK.match(text):
            found.add(Label("address", "a fixed address"))
        if channels.RAW_IP.search(text):
            found.add(Label("ip", "a bare IP address"))
        if channels.CHAT_API.search(text):
            found.add(Label("chat", "a chat or drop service"))
    return found


def read(labels: Labels) -> Labels:
    """The labels of what is read from where these lead."""
    public = any(label.kind == "path:public" for label in labels)
    return frozenset(
        Label(CONTENT_OF.get(label.kind, label.kind), label.what)
        for label in labels
        if not (public and label.kind == "path:credential" and label.what.endswith(KEY_FOLDER))
    )


def walked(labels: Labels, folder: str | None = None) -> Labels:
    """The labels of the entries of a folder, whose path may be known."""
    if folder in WHOLE_DISK:  # too short a text to be followed about
        labels |= {Label("path:home", f"`{folder}`")}
    return labels | {Label("path:walk", f"files below {label.what}") for label in labels if label.kind == "path:home"}


def variable(labels: Labels) -> Labels:
    """The labels of an environment variable, given those of its name."""
    kinds = {"name:unsent": "unsent", "name:secret": "secret", "name:person": "host"}
    return frozenset(Label(kinds[label.kind], f"the variable {label.what}") for label in labels if label.kind in kinds)


def words(labels: Labels | set[Label] | list[Label], limit: int = 3) -> str:
    """The labels' `what` in a sentence."""
    parts = sorted({label.what for label in labels if label.what})
    more = len(parts) - limit
    shown = parts[:limit] + ([f"{more} more"] if more > 0 else [])
    return shown[0] if len(shown) == 1 else ", ".join(shown[:-1]) + " and " + shown[-1] if shown else "data"
