"""Where data leaves: the calls of a file that send something away, and what they send."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from codeguard.checks.malicious._calls import calls
from codeguard.checks.malicious._labels import Label, Labels, of_text, read
from codeguard.checks.malicious._reach import reach
from codeguard.checks.malicious._shell import Command, commands
from codeguard.knowledge.malicious import channels
from codeguard.syntax.unit import Unit

IDENTIFIES = re.compile(r"auth|token|key|cookie|agent", re.IGNORECASE)
REQUEST = "urllib.request.Request"
MAX_HELPERS = 4


@dataclass(frozen=True, slots=True)
class Sending:
    """One call that sends: the call, how in words, and the labels of what it sends and of where to."""

    call: cst.Call
    how: str
    sent: Labels
    target: Labels

    def has(self, *kinds: str) -> list[Label]:
        """The labels of these kinds among what is sent."""
        return [label for label in self.sent if label.kind in kinds]

    @property
    def fixed(self) -> bool:
        """True where the destination stands in the code, rather than being configured."""
        return any(label.kind in {"address", "ip", "chat"} for label in self.target)

    @property
    def drop(self) -> bool:
        """True for a bare IP address, a chat or drop service, or names that are looked up."""
        return self.how == "DNS look-ups" or any(label.kind in {"ip", "chat"} for label in self.target)

    @property
    def where(self) -> str:
        """The destination in words."""
        for kind in ("chat", "ip", "address"):
            for label in self.target:
                if label.kind == kind:
                    return f"{label.what} over {self.how}"
        return f"another host over {self.how}"


def sendings(unit: Unit) -> tuple[Sending, ...]:
    """Every call that sends something (to be asked through `unit.fact(sendings)`)."""
    return tuple(_sendings(unit))


def has_channel(unit: Unit) -> bool:
    """Cheap: whether the file calls anything that sends."""
    known = unit.fact(calls)
    return (
        any(name in channels.HTTP_CALLS or name in channels.DNS_CALLS for name in known.by_name)
        or any(method in channels.SOCKET_SENDERS or method in MAYBE_SENDERS for method in known.by_method)
        or "discord_webhook.DiscordWebhook" in known.by_name
        or any(command.argv and _program(command) in PROGRAMS for command in unit.fact(commands))
    )


def _sendings(unit: Unit) -> Iterator[Sending]:
    if not has_channel(unit):
        return
    known = unit.fact(calls)
    flow = unit.fact(reach)
    sockets = "socket" in unit.text
    for name, found in known.by_name.items():
        if name in channels.HTTP_CALLS:
            for call in found:
                yield _http(call, unit, name)
        elif name in channels.DNS_CALLS:
            for call in found:
                sent = flow.labels(call.args[0].value) if call.args else frozenset()
                if call.args and (
                    _assembled(call.args[0].value, unit) or any(label.kind in TOLD_BY_NAME for label in sent)
                ):
                    yield Sending(call, "DNS look-ups", sent, sent)
        elif (way := channels.sender(name) or _other(name)) is not None:
            for call in found:
                yield _library(call, unit, name, way[0], reads=way[1])
    for method in sorted(channels.SOCKET_SENDERS) if sockets else ():
        for call in known.by_method.get(method, ()):
            named = known.name_of.get(id(call), "")
            if named in channels.HTTP_CALLS or channels.sender(named) is not None or not call.args:
                continue
            if named and not named.startswith(channels.SOCKET_OPENERS) and "socket" not in named.lower():
                continue
            if not isinstance(call.func, cst.Attribute):
                continue
            yield Sending(
                call,
                "a socket",
                flow.labels(call.args[0].value),
                _connected(unit) | _union(unit, [a.value for a in call.args[1:]]),
            )
    if not channels.SESSIONS.isdisjoint(known.by_name):
        for call, verb in _handed(unit):
            yield _http(call, unit, f"session.{verb}")
    for call in _streamed(unit):
        yield Sending(call, "a socket", flow.labels(call.args[0].value), _connected(unit))
    for command in unit.fact(commands):
        yield from _commanded(command, unit)


TOLD_BY_NAME = {"environment", "secret", "unsent", "credential", "files", "wallet"}
PROGRAMS = channels.DNS_PROGRAMS | channels.SEND_PROGRAMS
MAYBE_SENDERS = frozenset(channels.SENDERS) - {"*"} | {"post", "put"}


def _library(call: cst.Call, unit: Unit, name: str, how: str, *, reads: bool) -> Sending:
    """A call of a library that sends: what it is given, or what lies at the paths that it is given."""
    flow = unit.fact(reach)
    labels = _union(unit, [a.value for a in call.args])
    if reads:
        labels |= read(labels)
    base = flow.labels(call.func.value) if isinstance(call.func, cst.Attribute) else frozenset()
    chat: set[Label] = set()
    if how == "a messaging library" or "pastebin" in name:
        chat = {Label("chat", "a chat or drop service")}
    if name.endswith("setopt"):  # pycurl takes its address and its data one by one
        for other in unit.fact(calls).by_name.get(name, ()):
            base |= flow.labels(other.args[-1].value) if other.args else frozenset()
    if how in FIXED_HOSTS and isinstance(call.func, cst.Attribute):
        texts = flow.constants(call.func.value)
        if any("." in t and not channels.LOOPBACK.match(t) for t in texts):
            base |= {Label("address", "a fixed address")}
    return Sending(call, how, labels, labels | base | chat | _mail_target(call, unit))


FIXED_HOSTS = {
    "SFTP",
    "FTP",
    "MQTT",
    "a database",
    "a message queue",
    "a network share",
    "object storage",
    "a web socket",
}


def _handed(unit: Unit) -> Iterator[tuple[cst.Call, str]]:
    """Calls of a session that a function was given, with the verb: only where it comes from says what it is."""
    known, flow = unit.fact(calls), unit.fact(reach)
    for verb in channels.SESSION_VERBS:
        for call in known.by_method.get(verb, ()):
            if id(call) not in known.name_of and call.args and isinstance(call.func, cst.Attribute):
                if "session" in flow.kinds(call.func.value):
                    yield call, verb


def _streamed(unit: Unit) -> Iterator[cst.Call]:
    """Writes to the stream that `asyncio.open_connection` gives, which a name out of a tuple holds."""
    known = unit.fact(calls)
    if "asyncio.open_connection" not in known.by_name:
        return
    for method in ("write", "writelines"):
        for call in known.by_method.get(method, ()):
            stream = call.func.value if isinstance(call.func, cst.Attribute) else None
            if not call.args or not isinstance(stream, cst.Name):
                continue
            bound = [b.value for b in unit.scopes.look_up(stream.value, stream) if b.kind == "unpack"]
            if any(unit.name(value) == "asyncio.open_connection()" for value in bound if value is not None):
                yield call


def _commanded(command: Command, unit: Unit) -> Iterator[Sending]:
    """What a program that sends is given: in a word, in a name that it looks up, or on its standard input."""
    program = _program(command)
    if program not in PROGRAMS:
        return
    flow = unit.fact(reach)
    words: list[cst.BaseExpression] = list(command.words)
    if len(words) > 1:
        flagged = {n + 1 for n, word in enumerate(command.argv) if word in channels.IDENTITY_FLAGS}
        words = [word for n, word in enumerate(words) if n not in flagged]
    elif any(f" {flag} " in command.text for flag in ("-H", "--header", "-u", "--user", "-i", "-b", "-e")):
        return
    given = unit.arg(command.call, None, "input")
    labels = _union(unit, words) | (flow.labels(given) if given is not None else frozenset())
    if program in channels.DNS_PROGRAMS:
        kept = frozenset(label for label in labels if label.kind in TOLD_BY_NAME)
        if kept and re.search(r"\{\}|\.", command.text):
            yield Sending(command.call, "DNS look-ups", kept, kept)
    elif labels:
        target = frozenset(label for text in flow.constants(command.call) for label in of_text(text))
        sent = labels | (
            read(labels) if "@" in command.text or program in {"scp", "rsync", "sftp", "rclone"} else labels
        )
        yield Sending(command.call, f"`{program}`", sent, target)


def _program(command: Command) -> str:
    """The name of the program that a command runs."""
    first = command.text.split(None, 1)[0] if command.text else ""
    return re.split(r"[/\\]", first)[-1]


def _other(name: str) -> tuple[str, bool] | None:
    """The usual methods of mail, of an object that the file does not tell."""
    return (_words(name), False) if name.rpartition(".")[2] in {"sendmail", "send_message", "storbinary"} else None


def _assembled(node: cst.BaseExpression, unit: Unit, hops: int = 0) -> bool:
    """A looked-up name that is put together: `f"{data}.zone"`, also by way of a name."""
    if isinstance(node, cst.Name) and hops < 3:
        bindings = unit.scopes.look_up(node.value, node)
        return any(b.kind == "assign" and b.value is not None and _assembled(b.value, unit, hops + 1) for b in bindings)
    if isinstance(node, cst.Call):
        return isinstance(node.func, cst.Attribute) and node.func.attr.value in {"format", "join"}
    return isinstance(node, (cst.FormattedString, cst.BinaryOperation))


def _http(call: cst.Call, unit: Unit, name: str) -> Sending:
    flow = unit.fact(reach)
    parts: list[cst.CSTNode] = []
    target: Labels = frozenset()
    last = 2 if name in channels.UNBOUND else 1  # where the address stands at the latest, after the verb
    for position, arg in enumerate(call.args):
        keyword = arg.keyword.value if arg.keyword else ""
        if keyword in channels.ABOUT_THE_REQUEST or arg.star == "**":
            continue
        if keyword == "headers" or (name.endswith("urlretrieve") and position == 1):
            parts += _headers(arg.value)
            continue
        for request in _requests(arg.value, unit):
            kept = [
                a
                for n, a in enumerate(request.args)
                if not (a.keyword and a.keyword.value == "headers") and not (n == 2 and a.keyword is None)
            ]
            parts += [a.value for a in kept]
            target |= flow.labels(request.args[0].value) if request.args else frozenset()
            break
        else:
            parts.append(arg.value)
        if keyword in {"url", ""} and position <= last:
            target |= flow.labels(arg.value)
    sent = _union(unit, parts)
    if isinstance(call.func, cst.Attribute):
        target |= flow.labels(call.func.value)
    return Sending(call, "HTTP", sent, target)


def _requests(node: cst.BaseExpression, unit: Unit) -> list[cst.Call]:
    """The `Request(...)` that an argument is, itself or by its name."""
    if isinstance(node, cst.Name):
        bound = [b.value for b in unit.scopes.look_up(node.value, node) if b.kind == "assign"]
    else:
        bound = [node]
    return [b for b in bound if isinstance(b, cst.Call) and unit.name(b.func) == REQUEST]


def _headers(node: cst.BaseExpression) -> list[cst.CSTNode]:
    """The header values that are not there to identify the caller."""
    if not isinstance(node, cst.Dict):
        return []
    return [
        e.value
        for e in node.elements
        if isinstance(e, cst.DictElement) and isinstance(e.key, cst.SimpleString) and not IDENTIFIES.search(e.key.value)
    ]


def _union(unit: Unit, nodes: list[cst.BaseExpression] | list[cst.CSTNode]) -> Labels:
    flow = unit.fact(reach)
    found: set[Label] = set()
    for node in nodes:
        found |= flow.labels(node)
    return frozenset(found)


def _connected(unit: Unit) -> Labels:
    """Where the file's sockets connect to; constant host and port count as a fixed address."""
    known = unit.fact(calls)
    found: set[Label] = set()
    for call in (
        *known.by_method.get("connect", ()),
        *known.by_method.get("connect_ex", ()),
        *known.by_name.get("socket.create_connection", ()),
        *known.by_method.get("sendto", ()),
    ):
        address = call.args[-1].value if call.args else None
        if address is None:
            continue
        texts = unit.fact(reach).constants(address)
        found |= unit.fact(reach).labels(address)
        if texts and not any(channels.LOOPBACK.match(t) for t in texts):
            found.add(Label("address", "a fixed address"))
    return frozenset(found)


def _mail_target(call: cst.Call, unit: Unit) -> set[Label]:
    texts = [t for a in call.args for t in unit.fact(reach).constants(a.value)]
    return {Label("address", "a fixed address")} if any("@" in t for t in texts) else set()


def _words(name: str) -> str:
    return "FTP" if name.endswith("storbinary") else "mail"


def places(sending: Sending, unit: Unit, *kinds: str) -> list[cst.Call]:
    """Where data of these kinds is handed over: the calls that pass it to the helper that sends it, or the sending."""
    flow = unit.fact(reach)
    current, hops = sending.call, 0
    while hops < MAX_HELPERS:
        function = unit.function_of(current)
        callers = [
            call
            for call in (unit.nodes(cst.Call) if isinstance(function, cst.FunctionDef) else ())
            if (flow.local(call.func) is function or any(flow.local(a.value) is function for a in call.args))
            and any(label.kind in kinds for a in call.args for label in flow.labels(a.value))
        ]
        if len(callers) != 1:
            return callers or [current]
        current, hops = callers[0], hops + 1
    return [current]
