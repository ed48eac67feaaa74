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
    r"|\bchmod\s+-R\s+0*\s+/|\bfind\s+(?:/(?=\s)|~/?(?=\s)|\$HOME/?(?=\s)|/(?:home|root|etc|usr|var|srv|opt|mnt|boot|Users)/?(?=\s))[^;|]*(?:-delete\b|-exec(?:dir)?\s+(?:\S*/)?(?:rm|shred|wipe|unlink|truncate)\b|\|\s*xargs\b[^|;]*\b(?:rm|shred|wipe|unlink|truncate)\b)|\bfind\s+(?:/|~|\$HOME)\S*\s+.*-delete\b|\bkill\s+-9\s+-1\b|\bgit\s+push\b.*--force.*--all|\bgit\s+push\b(?=.*(?:--force|-f\b|\+))(?=.*--mirror)|\bwipefs\b.*\s/dev/|\bblkdiscard\b.*\s/dev/|\bsgdisk\b.*--zap|\bhdparm\b.*--security-erase|\bzfs\s+destroy\s+-r|\bvgremove\s+-f|\bkubectl\s+delete\s+(?:ns|namespaces?|all)\b.*--all|\bdocker\s+(?:volume\s+)?rm\b.*\$\(docker\s+(?:volume\s+ls|ps\s+-a)|\baws\s+s3\s+rb\b.*--force|\bmv\s+(?:/|~)\S*\s+/dev/null",
    re.IGNORECASE | re.DOTALL,
)
RECOVERY = re.compile(
    r"\bvssadmin(?:\.exe)?\s+delete\s+shadows|\bwbadmin\s+delete\b|\bbcdedit\b.*recoveryenabled\s+no|\bwmic\b.*shadowcopy\s+delete|Win32_ShadowCopy\b.*Delete|\btmutil\s+(?:disable|delete)",
    re.IGNORECASE | re.DOTALL,
)
TRACES = re.compile(
    r"\bsed\s+(?:-\w+\s+)*-\w*i\S*\s+.*?/?d\b.*(?:/var/log/|_history)|\bgrep\s+-\w*v\w*\s.*(?:/var/log/|_history)\S*\s*>|\bauditctl\s+-(?:D|e\s*0)\b|\b(?:systemctl|service)\s+(?:(?:stop|disable|mask)\s+(?:--now\s+)?\S*(?:auditd|rsyslog|syslog|journald)|(?:auditd|rsyslog|syslog-ng)\s+stop)\b"
    r"|\b(?:pkill|killall)\b.*(?:auditd|rsyslogd|syslogd)\b|DisableRealtimeMonitoring\s+\$?true|Add-MpPreference\b.*-Exclusion|\bln\s+-\w*s\w*\s+/dev/null\s+\S*(?:_history|/var/log/)|\bset\s+\+o\s+history|\bfsutil\s+usn\s+deletejournal|\bexport\s+HISTSIZE=0|\blog\s+erase\s+--all|"
    r"\bhistory\s+-c\b|\bwevtutil(?:\.exe)?\s+cl\b|Clear-EventLog|\bunset\s+HISTFILE|HISTFILE=/dev/null|\bjournalctl\b.*--vacuum-(?:time|size)=1\w?\b|\b(?:rm|shred|truncate)\b.*(?:\.\w*_history|/var/log/|wtmp|lastlog)|>\s*(?:~/\.\w*_history|/var/log/(?:auth|wtmp|secure|lastlog|syslog))",
    re.IGNORECASE,
)
STATEMENT = re.compile(
    r"^\s*(?:DROP\s+(?:TABLE|DATABASE|SCHEMA)|TRUNCATE\s+(?:TABLE\s+)?\w|DELETE\s+FROM\s+[\w.\"`{}%]+\s*;?\s*$)",
    re.IGNORECASE,
)
# Methods that list every database, bucket, table or name space there is, and those that take one away.
ENUMERATORS = frozenset(
    {
        "list_database_names",
        "database_names",
        "list_buckets",
        "list_namespace",
        "get_table_names",
        "list_tables",
        "list_databases",
        "list_collection_names",
        "list_indices",
        "describe_instances",
        "list_volumes",
        "list_blobs",
        "list_containers",
    }
)
EVERY_TABLE = re.compile(
    r"\b(?:information_schema\.tables|pg_tables|sqlite_master|pg_database|sys\.(?:tables|databases)|all_tables)\b|^\s*SHOW\s+(?:TABLES|DATABASES)\b",
    re.IGNORECASE,
)
TAKES_AWAY = frozenset(
    {
        "drop_database",
        "drop_collection",
        "delete_bucket",
        "delete_namespace",
        "delete_table",
        "terminate_instances",
        "delete_instance",
        "delete_volume",
        "delete_db_instance",
        "drop_all",
        "delete_container",
        "delete_index",
    }
)
RANSOM = re.compile(
    r"\b(?:BTC|bitcoin|monero|XMR|ransom|wallet)\b.*\b(?:send|pay|decrypt|restore|recover|files?)\b|\b(?:send|pay)\b.*\b(?:BTC|bitcoin|monero|XMR)\b|\byour (?:files|data|documents)\b.*\b(?:encrypted|locked)\b"
    r"|\b(?:decrypt|restore|recover)\b.*\b(?:pay|payment|BTC|bitcoin)\b",
    re.IGNORECASE | re.DOTALL,
)
ENCRYPTERS = frozenset(
    {"encrypt", "encrypt_and_digest", "encryptor", "update_into", "seal", "EncryptFile", "encryptFile"}
)
