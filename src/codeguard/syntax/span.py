"""Where nodes stand in the text: offsets are collected only in files that have something to report.

LibCST keeps no positions.  Its own provider computes a line and column for every node at three times the cost of the
parse; adding up the lengths of the tokens that code generation would emit costs a third of it.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import libcst as cst
from libcst._nodes.internal import CodegenState  # NOTE: private, but the only hook: position_provider.py uses it too

if TYPE_CHECKING:
    from collections.abc import Iterator


class _Offsets(CodegenState):
    """Counts code points instead of collecting tokens, and notes where each node starts and ends."""

    def __init__(self, module: cst.Module) -> None:
        super().__init__(default_indent=module.default_indent, default_newline=module.default_newline)
        self.offset = 0
        self.last_length = 0
        self.starts: dict[int, int] = {}
        self.spans: dict[int, tuple[int, int]] = {}
        self.comments: list[tuple[int, cst.Comment]] = []

    def add_indent_tokens(self) -> None:
        for token in self.indent_tokens:
            self.offset += len(token)

    def add_token(self, value: str) -> None:
        self.last_length = len(value)
        self.offset += self.last_length

    def pop_trailing_newline(self) -> None:
        self.offset -= self.last_length

    def before_codegen(self, node: cst.CSTNode) -> None:
        self.starts[id(node)] = self.offset
        if node.__class__ is cst.Comment:
            self.comments.append((self.offset, node))

    def after_codegen(self, node: cst.CSTNode) -> None:
        key = id(node)
        if key not in self.spans:  # a syntactic position, without the node's own parentheses, goes before
            self.spans[key] = (self.starts[key], self.offset)

    @contextmanager
    def record_syntactic_position(
        self, node: cst.CSTNode, *, start_node: cst.CSTNode | None = None, end_node: cst.CSTNode | None = None
    ) -> Iterator[None]:
        start = self.offset
        try:
            yield
        finally:
            if start_node is not None:
                start = self.spans[id(start_node)][0] if id(start_node) in self.spans else self.starts[id(start_node)]
            end = self.spans[id(end_node)][1] if end_node is not None and id(end_node) in self.spans else self.offset
            self.spans[id(node)] = (start, end)


class Positions:
    """Offsets (code points from the start of the text) of every node of a module, and of its comments."""

    def __init__(self, module: cst.Module) -> None:
        """Run the offsets-only code generation; recursion is as deep as the tree (see `syntax.deep`)."""
        state = _Offsets(module)
        module._codegen(state)  # noqa: SLF001 - see above
        self._spans = state.spans
        self.comments: tuple[tuple[int, str], ...] = tuple((at, comment.value) for at, comment in state.comments)

    def offsets(self, node: cst.CSTNode) -> tuple[int, int]:
        """Start and end offset of `node`, its own parentheses and leading lines left out.

        Raises KeyError for a node of another tree, or one that emits no code.
        """
        return self._spans[id(node)]
