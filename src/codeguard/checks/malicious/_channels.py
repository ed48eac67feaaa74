"""Where data leaves: the calls of a file that send something away, and what they send."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from codeguard.checks.malicious._calls import calls
from codeguard.checks.malicious._labels import Label, Labels
from codeguard.checks.malicious._reach import reach
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
        any(
            name in channels.HTTP_CALLS or name in channels.DNS_CALLS or name in channels.OTHER_CALLS
            for name in known.by_name
        )
        or any(method in channels.SOCKET_SENDERS for method in known.by_method)
        or "sendmail" in known.by_method
        or "storbinary" in known.by_method
        or "send_message" in known.by_method
        or "post" in known.by_method
        or "put" in known.by_method
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
                    _assembled(call.args[0].value, unit)
                    or any(label.kind in {"environment", "secret", "unsent", "credential", "files"} for label in sent)
                ):
                    yield Sending(call, "DNS look-ups", sent, sent)
        elif name in channels.OTHER_CALLS or _other(name):
            for call in found:
                labels = _union(unit, [a.value for a in call.args])
                base = flow.labels(call.func.value) if isinstance(call.func, cst.Attribute) else frozenset()
                chat = (
                    {Label("chat", "a chat or drop service")}
                    if re.search(r"discord|telegram|telebot|slack|dhooks|pastebin", name)
                    else set()
                )
                yield Sending(call, _words(name), labels, labels | base | chat | _mail_target(call, unit))
    for method in sorted(channels.SOCKET_SENDERS) if sockets else ():
        for call in known.by_method.get(method, ()):
            named = known.name_of.get(id(call), "")
            if named in channels.HTTP_CALLS or named in channels.OTHER_CALLS or not call.args:
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


def _other(name: str) -> bool:
    tail = name.rpartition(".")[2]
    return tail in {"sendmail", "send_message", "storbinary"} or (
        name.startswith("paramiko.") and tail in {"put", "putfo"}
    )


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
        if keyword in {"url", ""} and position <= 1:
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
    for part, word in (
        ("smtplib", "mail"),
        ("ftplib", "FTP"),
        ("mqtt", "MQTT"),
        ("paramiko", "SFTP"),
        ("boto3", "object storage"),
        ("scapy", "raw packets"),
    ):
        if part in name:
            return word
    return "a messaging library"


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
