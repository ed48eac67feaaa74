"""Guards: what a condition, where it holds or fails, says about the values in it."""

# conditions share a signature
# ruff: noqa: ARG001, FBT001

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from codeguard.flow import ir
from codeguard.flow.frame import Frame
from codeguard.flow.state import OTHER, State
from codeguard.flow.values import Value
from codeguard.knowledge.flow.model import ALL_KINDS

if TYPE_CHECKING:
    from codeguard.flow.analysis import Analysis

Facts = dict[int, frozenset[str]]

# A text that is known not to hold one of these is safe for the kinds beside it.
FORBIDDEN: tuple[tuple[str, frozenset[str]], ...] = (
    ("..", frozenset({"path"})),
    ("../", frozenset({"path"})),
    ("..\\", frozenset({"path"})),
    ("./", frozenset({"path"})),
    ("/", frozenset({"path", "upload"})),
    ("'", frozenset({"quote'", "quoted-inner"})),
    ('"', frozenset({'quote"', "quoted-inner"})),
    ("\n", frozenset({"header", "log", "mail"})),
    ("\r", frozenset({"header", "log", "mail"})),
    ("\r\n", frozenset({"header", "log", "mail"})),
    ("__", frozenset({"reflect"})),
    ("{", frozenset({"template", "format"})),
    ("{{", frozenset({"template"})),
    ("<", frozenset({"html", "xml"})),
    ("<!DOCTYPE", frozenset({"xxe"})),
    ("<!ENTITY", frozenset({"xxe"})),
)


def assume(
    expr: ir.Expr,
    test: Value,
    wanted: bool,
    state: State,
    frame: Frame,
    analysis: Analysis,
) -> State | None:
    """`state` (changed in place) with what follows from the test being `wanted`; None where that cannot be."""
    if test.consts is not None and all(bool(c) is not wanted for c in test.consts):
        return None
    state.learn(test.when_true if wanted else test.when_false)
    return state


def comparison_facts(
    op: str, left: Value, right: Value, state: State, expr: ir.Compare, frame: Frame, analysis: Analysis
) -> tuple[Facts, Facts]:
    """What is known where `left op right` holds, and where it fails."""
    if op in {"!=", "not in", "is not"}:
        good, bad = comparison_facts(
            {"!=": "==", "not in": "in", "is not": "is"}[op], left, right, state, expr, frame, analysis
        )
        return bad, good
    if op in {"==", "is"} and right.consts in {(None,), (False,)}:
        return dict(left.when_false or {}), dict(left.when_true or {})
    if op in {"==", "is"} and right.consts == (True,):
        return dict(left.when_true or {}), dict(left.when_false or {})
    if op in {"==", "is"}:
        return _equal(left, right, state), {}
    if op == "in":
        return _member(left, right, state)
    if op in {"<", "<=", ">", ">="}:
        return _ordered(op, left, right, state)
    return {}, {}


def _equal(left: Value, right: Value, state: State) -> Facts:
    facts: Facts = {}
    for one, two in ((left, right), (right, left)):
        if (one.taints and not state.everything(two) and two.consts != (None,)) or (
            one.taints and one.type == "<digest>"
        ):
            facts.update(one.facts(ALL_KINDS))
        elif one.taints and two.taints and not one.taints.keys() & two.taints.keys():
            facts.update(one.facts(frozenset({"redirect", "ssrf", "path"})))  # the same place as another
    return facts


def _member(left: Value, right: Value, state: State) -> tuple[Facts, Facts]:
    if left.single and isinstance(left.only(), str) and right.taints:
        kinds = frozenset[str]()
        for text, safe in FORBIDDEN:
            if left.only() == text:
                kinds |= safe
        return {}, right.facts(kinds) if kinds else {}
    if left.taints and not state.everything(right) and not _is_text(right):
        return left.facts(ALL_KINDS), {}
    if left.taints and _is_text(right) and right.single:
        return left.facts(character_kinds(right.only())), {}
    if left.taints and right.consts is None and OTHER not in state.contents(right) and not state.everything(right):
        return left.facts(ALL_KINDS), {}
    return {}, {}


def _is_text(value: Value) -> bool:
    return value.consts is not None and all(isinstance(c, (str, bytes)) for c in value.consts)


def character_kinds(allowed: Any) -> frozenset[str]:
    """What a text made of only these characters is safe for."""
    from codeguard.flow.patterns import DANGEROUS  # noqa: PLC0415 - `re`'s parser is only loaded where it is needed

    text = allowed if isinstance(allowed, str) else ""
    return frozenset(kind for kind, bad in DANGEROUS.items() if bad and text and not bad & set(text))


def _ordered(op: str, left: Value, right: Value, state: State) -> tuple[Facts, Facts]:
    size = frozenset({"size"})
    small: Facts = {}
    large: Facts = {}
    if left.taints and not state.taints(right):
        (small if op in {"<", "<="} else large).update(left.facts(size))
    if right.taints and not state.taints(left):
        (small if op in {">", ">="} else large).update(right.facts(size))
    return small, large


def prefix_facts(value: Value, prefixes: tuple[str, ...], *, resolved: bool) -> Facts:
    """What `value.startswith(prefixes)` says where it holds."""
    kinds: set[str] = set()
    if prefixes and all(re.match(r"https?://[^/@]+/", p) for p in prefixes):
        kinds |= {"ssrf", "redirect"}
    if resolved:
        kinds.add("path")
    return value.facts(frozenset(kinds)) if kinds else {}


def merge_facts(*many: Mapping[int, frozenset[str]] | None) -> Facts:
    """All of what several facts say."""
    out: Facts = {}
    for facts in many:
        for key, kinds in (facts or {}).items():
            out[key] = out.get(key, frozenset()) | kinds
    return out
