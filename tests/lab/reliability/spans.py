"""Where in a text its nodes are."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from itertools import accumulate
from typing import NamedTuple, TypeVar

TELLING = re.compile(
    r"\b(_tied_weights_keys|post_init|base_model_prefix|config_class|lm_head|decoder|tie_weights"
    r"|(get|set)_(in|out)put_embeddings|(word|embed)_(embeddings|tokens))\b"
)
"""What statements that have to do with ties name in their first line."""
AnyNode = TypeVar("AnyNode", bound=ast.AST)


class Span(NamedTuple):
    """A stretch of a text."""

    start: int
    end: int


class Source:
    """A text and its nodes. What an f-string holds is left out: Python 3.11 does not know where it is."""

    def __init__(self, text: str) -> None:
        self.text = text
        lines = re.findall(r"[^\r\n]*(?:\r\n|\r|\n|\Z)", text)
        """As the parser counts them: a form feed ends none."""
        self._starts = [0, *accumulate(map(len, lines))]
        self._wide = {number: line.encode() for number, line in enumerate(lines, 1) if not line.isascii()}
        self._nodes: dict[type[ast.AST], list[ast.AST]] = defaultdict(list)
        self.statements: list[ast.stmt] = []
        self.expressions: list[ast.expr] = []
        self._find(ast.parse(text))
        self.telling = [
            node for node in self.statements if TELLING.search(self.piece(node).partition("\n")[0])
        ]
        self.identifiers = sorted(set(map(self.name_of, self._nodes[ast.Name] + self._nodes[ast.Attribute])))

    def _find(self, root: ast.AST) -> None:
        todo = [root]
        while todo:
            node = todo.pop()
            self._nodes[type(node)].append(node)
            if isinstance(node, ast.stmt) and self._begins_its_line(node):
                self.statements.append(node)
            elif isinstance(node, ast.expr) and _is_value(node):
                self.expressions.append(node)
            if not isinstance(node, ast.JoinedStr):
                todo += ast.iter_child_nodes(node)

    def all(self, kind: type[AnyNode]) -> list[AnyNode]:
        """Return the nodes of a kind."""
        return [node for node in self._nodes[kind] if isinstance(node, kind)]

    def span(self, node: ast.AST) -> Span:
        """Return where a node is, with its decorators."""
        first = min([node, *getattr(node, "decorator_list", ())], key=lambda one: int(vars(one)["lineno"]))
        at = vars(first)
        start = self._position(at["lineno"], at["col_offset"])
        if first is not node:
            start = self.text.rindex("@", 0, start)
        at = vars(node)
        return Span(start, self._position(at["end_lineno"], at["end_col_offset"]))

    def piece(self, node: ast.AST) -> str:
        """Return the text of a node."""
        start, end = self.span(node)
        return self.text[start:end]

    def indent(self, node: ast.stmt) -> str:
        """Return what is before a statement that begins its line."""
        start = self.span(node).start
        return self.text[self.text.rfind("\n", 0, start) + 1 : start]

    @staticmethod
    def name_of(node: ast.AST) -> str:
        """Return the identifier of a name, or the last one of an attribute."""
        return node.id if isinstance(node, ast.Name) else str(vars(node)["attr"])

    def _position(self, line: int, column: int) -> int:
        """Return where in the text a line and a column, which is counted in bytes, are."""
        data = self._wide.get(line)
        return self._starts[line - 1] + (column if data is None else len(data[:column].decode()))

    def _begins_its_line(self, node: ast.stmt) -> bool:
        """Whether it does; an ``elif`` is no statement of its own."""
        return not self.indent(node).strip() and not self.text.startswith("elif", self.span(node).start)


def _is_value(node: ast.expr) -> bool:
    """Whether another expression in parentheses can stand there."""
    if isinstance(node, (ast.Starred, ast.Slice)):
        return False
    if isinstance(node, ast.Tuple) and any(isinstance(one, ast.Slice) for one in node.elts):
        return False
    return isinstance(getattr(node, "ctx", ast.Load()), ast.Load)
