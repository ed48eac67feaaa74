"""One walk over a tree: tables of nodes by type, and each node's parent.

The walk keeps its own stack, so that no depth of nesting can exhaust Python's.  Checks never walk: they look things
up in these tables, which hold nodes in the order of the text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

import libcst as cst

from codeguard.syntax.children import CHILDREN

# Node class -> function giving its children; classes without children that hold code are absent.
_PLAN: dict[type[cst.CSTNode], Callable[[Any], tuple[Any, ...]]] = {
    getattr(cst, name): function for name, function in CHILDREN.items() if hasattr(cst, name)
}

Tables = dict[type[cst.CSTNode], list[Any]]
Parents = dict[int, cst.CSTNode]


def children(node: cst.CSTNode) -> tuple[cst.CSTNode, ...]:
    """The node's children that hold code, in source order."""
    plan = _PLAN.get(node.__class__)
    return plan(node) if plan else ()


def walk(root: cst.CSTNode) -> tuple[Tables, Parents]:
    """The nodes below `root` (itself included) by class, and the parent of each by `id(node)`."""
    tables: defaultdict[type[cst.CSTNode], list[Any]] = defaultdict(list)
    parents: Parents = {}
    plans = _PLAN
    stack: list[Any] = [root]
    pop, extend = stack.pop, stack.extend
    while stack:
        node = pop()
        cls = node.__class__
        tables[cls].append(node)
        plan = plans.get(cls)
        if plan is not None:
            kids = plan(node)
            for kid in kids:
                parents[id(kid)] = node
            extend(kids[::-1])
    return dict(tables), parents


def descend(root: cst.CSTNode, *, into: Callable[[cst.CSTNode], bool] | None = None) -> Iterator[cst.CSTNode]:
    """The nodes below `root`, itself first, in source order; `into` says which nodes' children count."""
    stack: list[cst.CSTNode] = [root]
    while stack:
        node = stack.pop()
        yield node
        if into is None or node is root or into(node):
            stack.extend(children(node)[::-1])
