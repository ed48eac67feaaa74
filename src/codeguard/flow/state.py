"""What holds at one point of a function: variables, contents of containers and objects, and what is known safe."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from codeguard.flow.values import NO_TAINTS, Label, Taint, Taints, Value, fresh_id, join, union, with_taints

OTHER = "\0other"  # the key of everything in a container whose own key is not known
MAX_KEYS = 64

Contents = Mapping[Any, Value]
NO_CONTENTS: Contents = {}
NOTHING: frozenset[str] = frozenset()


@dataclass(slots=True)
class State:
    """Copied at every branch; the maps' values are immutable.

    `base` holds the containers and objects that modules and classes have made: all states share it, and never write it.
    """

    env: dict[str, Value] = field(default_factory=dict)
    heap: dict[int, Contents] = field(default_factory=dict)
    safe: dict[int, frozenset[str]] = field(default_factory=dict)
    base: dict[int, Contents] = field(default_factory=dict)

    def copy(self) -> State:
        """An independent copy."""
        return State(dict(self.env), dict(self.heap), dict(self.safe), self.base)

    # -- safety

    def learn(self, facts: Mapping[int, frozenset[str]] | None) -> None:
        """Note values as safe for kinds of sink, from here on."""
        for key, kinds in (facts or {}).items():
            self.safe[key] = self.safe.get(key, frozenset()) | kinds

    def taints(self, value: Value) -> Taints:
        """The value's taints with what is known here about it, and about the values it was made from."""
        if not value.taints:
            return NO_TAINTS
        if not self.safe:
            return value.taints
        safe = self.safe
        own = safe.get(value.id, NOTHING)
        changed: dict[Label, Taint] | None = None
        for label, taint in value.taints.items():
            kinds = own
            for via in taint.via:
                if via in safe:
                    kinds |= safe[via]
            if not kinds <= taint.neutral:
                if changed is None:
                    changed = dict(value.taints)
                changed[label] = Taint(taint.neutral | kinds, taint.via, taint.trace)
        return value.taints if changed is None else changed

    # -- contents

    def new_cell(self, contents: Contents = NO_CONTENTS) -> int:
        """A new container or object."""
        cell = fresh_id()
        self.heap[cell] = contents
        return cell

    def contents(self, value: Value) -> Contents:
        """What the value holds; empty for what holds nothing known."""
        return self.held(value.cell) if value.cell is not None else NO_CONTENTS

    def adopt(self, other: State) -> None:
        """Take up the containers that were made on a way that started from here; what is known here stays."""
        if len(other.heap) > len(self.heap):  # ways only add cells: as many means the same
            for cell, contents in other.heap.items():
                self.heap.setdefault(cell, contents)

    def held(self, cell: int) -> Contents:
        """What a cell holds."""
        found = self.heap.get(cell)
        return found if found is not None else self.base.get(cell, NO_CONTENTS)

    def get(self, value: Value, key: Any) -> Value | None:
        """What is held under a known key, or what may be: the unknown rest; None where nothing is known of it."""
        held = self.contents(value)
        if key in held:
            found = held[key]
            return join(found, held[OTHER]) if OTHER in held and not _strong(key) else found
        return held.get(OTHER)

    def put(self, value: Value, key: Any, item: Value, *, weak: bool = False) -> None:
        """Store under a key; OTHER, or a weak store, adds to what is there."""
        if value.cell is None:
            return
        held = dict(self.held(value.cell))
        if key == OTHER or len(held) >= MAX_KEYS:
            key, weak = OTHER, True
        held[key] = join(held[key], item) if weak and key in held else item
        self.heap[value.cell] = held

    def everything(self, value: Value, depth: int = 3) -> Taints:
        """All taints in the value and in what it holds."""
        own = self.taints(value) if value.taints else NO_TAINTS
        if value.cell is None or not depth:
            return own
        found = {id(own): own} if own else {}
        seen = {value.cell}
        layer = [value.cell]
        for left in range(depth, 0, -1):  # breadth first: what is held twice is looked at once
            below: list[int] = []
            for cell in layer:
                for item in self.held(cell).values():
                    if item.taints:
                        taints = self.taints(item)
                        found[id(taints)] = taints
                    if left > 1 and item.cell is not None and item.cell not in seen:
                        seen.add(item.cell)
                        below.append(item.cell)
            layer = below
        return union(*found.values())

    def any_item(self, value: Value) -> Value | None:
        """One of the things that it holds, whichever; None where nothing is known of them."""
        held = [v for k, v in self.contents(value).items() if not _strong(k)]
        result: Value | None = None
        for item in held:
            result = item if result is None else join(result, item)
        return result


def attr_key(name: str) -> tuple[str, str]:
    """The key of an attribute."""
    return ("attr", name)


def item_key(value: Any) -> Any:
    """The key of an item: a constant that can be one, else OTHER."""
    try:
        hash(value)
    except TypeError:
        return OTHER
    return ("item", type(value).__name__, value)


def _strong(key: Any) -> bool:
    """Attributes are assigned by name only: an unknown key is never one."""
    return isinstance(key, tuple) and key[0] == "attr"


def join_states(a: State | None, b: State | None) -> State | None:
    """What holds where two paths meet; None is a path that does not get here."""
    if a is None or b is None:
        return a or b
    if a is b:
        return a
    env = dict(a.env)
    for name, two in b.env.items():
        one = env.get(name)
        if one is two:
            continue
        if one is None:
            env[name] = two
        else:
            env[name] = join(with_taints(one, a.taints(one)), with_taints(two, b.taints(two)))
    return State(env, _join_heaps(a, b), _join_safe(a.safe, b.safe), a.base)


def _join_heaps(a: State, b: State) -> dict[int, Contents]:
    """Most cells are the same object on both paths: these cost one comparison."""
    heap: dict[int, Contents] = dict(a.heap)
    known = heap.get
    for cell, right in [held for held in b.heap.items() if known(held[0]) is not held[1]]:
        left = known(cell)
        if left is None:
            left = a.base.get(cell)
        heap[cell] = right if left is None or left is right else _join_contents(left, right, a, b)
    if a.base:
        for cell in a.heap.keys() & a.base.keys():
            if cell not in b.heap:
                heap[cell] = _join_contents(a.heap[cell], a.base[cell], a, b)
    return heap


def _join_safe(a: dict[int, frozenset[str]], b: dict[int, frozenset[str]]) -> dict[int, frozenset[str]]:
    small, large = (a, b) if len(a) < len(b) else (b, a)
    safe = {}
    for key, kinds in small.items():
        other = large.get(key)
        if other is not None:
            safe[key] = kinds if other is kinds else kinds & other
    return safe


def _join_contents(left: Contents, right: Contents, a: State, b: State) -> Contents:
    out = dict(left)
    for key, two in right.items():
        one = out.get(key)
        if one is None:
            out[key] = two
        elif one is not two:
            out[key] = join(with_taints(one, a.taints(one)), with_taints(two, b.taints(two)))
    return out
