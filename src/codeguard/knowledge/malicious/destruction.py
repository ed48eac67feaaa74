"""What destroys: calls, commands and statements, and the places whose loss is never meant."""

from __future__ import annotations

import re

TREE_CALLS = frozenset({"shutil.rmtree", "os.removedirs", "send2trash.send2trash", "distutils.dir_util.remove_tree"})
FILE_CALLS = frozenset({"os.remove", "os.unlink", "os.rmdir", "os.truncate"})
FILE_METHODS = frozenset({"unlink", "rmdir", "rmtree"})

# Whole systems and whole homes; folders below them are not meant.
WHOLE = re.compile(
    r"^(?:/|/\*|~/?\*?|\$HOME/?\*?|/home/?\*?|/root/?|/etc/?|/usr/?|/var/?|/bin/?|/boot/?|/lib/?|/opt/?|/srv/?|/mnt/?|/Users/?|[A-Za-z]:[\\/]{0,2}\*?|%USERPROFILE%\\?|%SystemRoot%\S*"
    r"|[A-Z]:\\\\?Windows(?:\\\\?System32)?\\?|/\.\.|(?:~|\$HOME|/home/[^/]*|/root|%USERPROFILE%)[/\\](?:Documents|Desktop|Pictures|Downloads|Music|Videos|\.ssh|\.gnupg|\.config|\.aws)[/\\]?\*?)$",
    re.IGNORECASE,
)
PERSONAL = re.compile(
    r"^(?:Documents|Desktop|Pictures|Downloads|Music|Videos|\.ssh|\.gnupg|projects|work|src|code|repos)$", re.IGNORECASE
)
DEVICE = re.compile(
    r"^(?:/dev/(?:sd[a-z]|nvme\d|hd[a-z]|vd[a-z]|xvd[a-z]|mmcblk\d|mem|disk\d)\w*|\\\\\.\\(?:PhysicalDrive\d|[A-Z]:))",
    re.IGNORECASE,
)
COMMAND = re.compile(
    r"\brm\s+(?:-\w+\s+|--[\w-]+\s+)*-(?:\w*[rR]\w*)\s*(?:-\w+\s+|--[\w-]+\s+)*[\"']?(?:/(?=\s|$|\*|[\"';&|])|~(?=/?(?:\s|$|\*|[\"';&|]|Documents|Pictures|Desktop|Downloads|\.ssh))|\$HOME(?=/?(?:\s|$|\*|[\"';&|]))|/(?:etc|usr|home|boot|var|bin|lib|root|opt|srv)/?(?=\s|$|\*|[\"';&|])|--no-preserve-root|\*(?=\s|$)|\.git\b)"
    r"|--no-preserve-root|\bdd\b.*\bof=/dev/(?:sd|nvme|hd|vd|mmc|disk)|\bmkfs(?:\.\w+)?\s+.*?/dev/|\b(?:shred|wipe)\b.*(?:/dev/|~|\$HOME|/home|\*)|>\s*/dev/(?:sd|nvme|hd|vd)\w"
    r"|:\(\)\s*\{\s*:\s*\|\s*:|\bformat\s+[a-z]:|\bdel\s+(?:/\w\s+)+.*(?:[a-z]:\\|%USERPROFILE%|\*)|\brd\s+/s\b.*[a-z]:\\|\brmdir\s+/s\b.*[a-z]:\\|\bdiskpart\b|\bcipher\s+/w|Remove-Item\b.*-Recurse.*(?:[A-Z]:\\|\$env:|~|\$HOME)"
    r"|\bchmod\s+-R\s+0*\s+/|\bfind\s+(?:/|~|\$HOME)\S*\s+.*-delete\b|\bkill\s+-9\s+-1\b|\bgit\s+push\b.*--force.*--all|\bmv\s+(?:/|~)\S*\s+/dev/null",
    re.IGNORECASE | re.DOTALL,
)
RECOVERY = re.compile(
    r"\bvssadmin(?:\.exe)?\s+delete\s+shadows|\bwbadmin\s+delete\b|\bbcdedit\b.*recoveryenabled\s+no|\bwmic\b.*shadowcopy\s+delete|Win32_ShadowCopy\b.*Delete|\btmutil\s+(?:disable|delete)",
    re.IGNORECASE | re.DOTALL,
)
TRACES = re.compile(
    r"\bhistory\s+-c\b|\bwevtutil(?:\.exe)?\s+cl\b|Clear-EventLog|\bunset\s+HISTFILE|HISTFILE=/dev/null|\bjournalctl\b.*--vacuum-(?:time|size)=1\w?\b|\b(?:rm|shred|truncate)\b.*(?:\.\w*_history|/var/log/|wtmp|lastlog)|>\s*(?:~/\.\w*_history|/var/log/(?:auth|wtmp|secure|lastlog|syslog))",
    re.IGNORECASE,
)
STATEMENT = re.compile(
    r"^\s*(?:DROP\s+(?:TABLE|DATABASE|SCHEMA)|TRUNCATE\s+(?:TABLE\s+)?\w|DELETE\s+FROM\s+[\w.\"`{}%]+\s*;?\s*$)",
    re.IGNORECASE,
)
RANSOM = re.compile(
    r"\b(?:BTC|bitcoin|monero|XMR|ransom|wallet)\b.*\b(?:send|pay|decrypt|restore|recover|files?)\b|\b(?:send|pay)\b.*\b(?:BTC|bitcoin|monero|XMR)\b|\byour (?:files|data|documents)\b.*\b(?:encrypted|locked)\b"
    r"|\b(?:decrypt|restore|recover)\b.*\b(?:pay|payment|BTC|bitcoin)\b",
    re.IGNORECASE | re.DOTALL,
)
ENCRYPTERS = frozenset(
    {"encrypt", "encrypt_and_digest", "encryptor", "update_into", "seal", "EncryptFile", "encryptFile"}
)
