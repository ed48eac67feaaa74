"""Where programs are entered that run again by themselves, and what makes such an entry suspicious.

Sources: `crontab(5)`, `systemd.unit(5)`, `bash(1)` and `zsh(1)` start-up files, Apple's launchd guide, Microsoft's "Run
and RunOnce registry keys" and `schtasks`, the XDG autostart specification, Python's `site` module; MITRE ATT&CK T1053,
T1543, T1546, T1547.
"""

from __future__ import annotations

import re

SHELL_START = re.compile(
    r"\.(?:bashrc|bash_profile|bash_login|profile|zshrc|zprofile|zshenv|zlogin|kshrc|cshrc|tcshrc|xprofile|xinitrc|bash_logout)\b|config\.fish\b|/etc/profile\b|Microsoft\.PowerShell_profile"
)
SCHEDULE = re.compile(r"/etc/cron|/var/spool/cron|crontabs?/|/etc/anacrontab")
SERVICE = re.compile(
    r"systemd[/\\](?:user|system)\b|\.(?:service|timer)(?=$|/)|/etc/init\.d|/etc/rc\.local|LaunchAgents|LaunchDaemons|\.config[/\\]autostart|/etc/xdg/autostart"
)
STARTUP_FOLDER = re.compile(r"Start Menu[/\\]+Programs[/\\]+Startup|(?:^|[/\\])Startup(?:[/\\]|$)")
RUN_KEY = re.compile(
    r"CurrentVersion[/\\]+(?:Run|RunOnce|RunServices|Policies[/\\]+Explorer[/\\]+Run)\b|Winlogon\b|Command Processor\b|UserInitMprLogonScript|Image File Execution Options|AppInit_DLLs",
    re.IGNORECASE,
)
PYTHON_START = re.compile(r"\b(?:sitecustomize|usercustomize)\.py\b|\.pth(?=$|[/'\"])")
# Files that a program of every day reads when it starts, and runs commands or code from.
RUN_BY_OTHERS = re.compile(
    r"\.git[/\\]hooks[/\\]|\.husky[/\\]|\.ssh[/\\](?:config|rc)\b|/etc/ssh/sshrc|/etc/udev/rules\.d|/etc/update-motd\.d|/etc/profile\.d|/etc/(?:rc\d?\.d|rc\.local|network/if-up\.d|NetworkManager/dispatcher\.d|apt/apt\.conf\.d|environment\b)"
    r"|\.ipython[/\\]profile_\w+[/\\]startup|\.jupyter[/\\]\w+_config\.py|\.pythonrc|\.pystartup|\.(?:vimrc|gvimrc|emacs|tmux\.conf|screenrc|gdbinit|lldbinit|envrc|gitconfig|pam_environment|xsessionrc|npmrc)\b|nvim[/\\]init\.|\.emacs\.d[/\\]"
    r"|\.vscode[/\\](?:tasks|settings|launch)\.json|\.idea[/\\]|\.devcontainer[/\\]|\.github[/\\]workflows[/\\]|\.gitlab-ci\.yml|WindowsPowerShell[/\\]|/etc/inittab|/etc/crypttab"
)
PRELOAD = re.compile(r"/etc/ld\.so\.preload\b|/etc/sudoers|/etc/pam\.d")
KEYS_FILE = re.compile(r"\bauthorized_keys2?\b")

# What an honest entry does not hold: background jobs that swallow their output, downloads, hidden or temporary
# programs, code in the line itself.
SUSPICIOUS_LINE = re.compile(
    r"\bnohup\b|>\s*/dev/null\s+2>&1\s*&|&>\s*/dev/null|>/dev/null 2>&1 &|\b(?:curl|wget)\b|\bbase64\b|python[\d.]*w?\s+-c\b|\bexec\s*\(|\bIEX\b|-enc(?:odedcommand)?\b"
    r"|(?:^|[\s'\"=])(?:\S*/)?\.[\w-]+\.(?:py|sh|bin|pl|elf)\b|/(?:tmp|dev/shm|var/tmp)/|/\.[\w.-]+(?:\s|$|['\"])|\\Temp\\|%TEMP%|\\Users\\Public\\|/dev/tcp/|\bnc\s+-|-WindowStyle\s+hidden|-w\s+hidden|pythonw?\s+\S*\\AppData\\",
    re.IGNORECASE,
)
STARTS_PROGRAM = re.compile(
    r"\bpython[\d.]*w?\b.*(?:-m|\.py\b)|&\s*$|^@reboot|\*\s+\*\s+\*|ExecStart=", re.IGNORECASE | re.MULTILINE
)
PUBLIC_KEY = re.compile(r"\b(?:ssh-(?:rsa|ed25519|dss)|ecdsa-sha2-\S+)\s+[A-Za-z0-9+/]{8,}")
COMMAND = re.compile(
    r"\|\s*crontab\b|\bcrontab\s+(?:-u\s+\S+\s+)?-\s*$|\bcrontab\s+\S*/(?:tmp|\.)|\bschtasks(?:\.exe)?\b.*/create|\breg(?:\.exe)?\s+add\b.*\\Run\b|\bsystemctl\b.*\benable\b|\blaunchctl\s+(?:load|bootstrap|submit)|>>\s*\S*(?:\.bashrc|\.profile|\.zshrc|authorized_keys|/etc/cron\S*|rc\.local|sudoers)\b"
    r"|\bat\s+now\b|New-ScheduledTask|Register-ScheduledTask|\bsc(?:\.exe)?\s+create\b|\buseradd\b.*-o\s+-u\s*0|\bnet\s+user\b.*/add|\bchmod\s+u?\+?[24]?[sS47]\S*\s+/(?:bin|tmp)/",
    re.IGNORECASE | re.DOTALL,
)
