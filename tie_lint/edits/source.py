"""The text of a file with its syntax tree: where the parts of a class stand, and in what style."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path

from tie_lint.finding import Edit
from tie_lint.python.outline import (
    UnreadableSourceError,
    extent_of,
    name_span,
    parse,
    span_of,
    split_lines,
    text_at,
)
from tie_lint.python.statements import Span

Definition = ast.ClassDef | ast.FunctionDef

_WIDTHS = (88, 120)
"""Lines may be as long as the file's longest, within these bounds."""


class Source:
    """A file's text, and edits of it. Raises ``UnreadableSourceError`` when it is not Python.

    ``read`` gives the text of other files.
    """

    def __init__(self, text: str, read: Callable[[Path], str] | None = None) -> None:
        self.text, self._read = text, read
        self.tree = parse(text)
        self.lines = split_lines(text)
        self._strings: dict[ast.AST, dict[str, list[ast.Constant]]] = {}

    def other(self, path: Path) -> Source | None:
        """Another file; None where it cannot be read."""
        try:
            return None if self._read is None else Source(self._read(path), self._read)
        except (UnreadableSourceError, OSError):
            return None

    @cached_property
    def newline(self) -> str:
        """What ends the file's first line."""
        found = re.search(r"\r\n|\r|\n", self.text)
        return found[0] if found else "\n"

    @cached_property
    def quote(self) -> str:
        """The quotation mark that the file prefers."""
        return "'" if self.text.count("'") > 2 * self.text.count('"') else '"'

    def quoted(self, text: str) -> str:
        """Return the text as a string literal in the file's style."""
        return f"{'r' if chr(92) in text else ''}{self.quote}{text}{self.quote}"

    @cached_property
    def width(self) -> int:
        """How long a new line may be."""
        longest = max((len(line) for line in self.lines), default=0)
        return max(_WIDTHS[0], min(longest, _WIDTHS[1]))

    @cached_property
    def classes(self) -> list[ast.ClassDef]:
        """All classes of the file, inner ones too."""
        return [node for node in ast.walk(self.tree) if isinstance(node, ast.ClassDef)]

    def class_at(self, at: Span) -> ast.ClassDef | None:
        """Return the class whose name stands there."""
        return self._classes_by_place.get(tuple(at))

    @cached_property
    def _classes_by_place(self) -> dict[tuple[int, ...], ast.ClassDef]:
        return {tuple(name_span(node, self.lines)): node for node in self.classes}

    def strings_in(self, node: ast.AST) -> dict[str, list[ast.Constant]]:
        """Return the string literals in an expression, each with the places where it stands."""
        if node not in self._strings:
            found = self._strings[node] = {}
            for part in ast.walk(node):
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    found.setdefault(part.value, []).append(part)
        return self._strings[node]

    def span(self, node: ast.AST) -> Span:
        """Return where a node stands, decorators included."""
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            return extent_of(node, self.lines)
        return span_of(node, self.lines)

    def code(self, node: ast.AST) -> str:
        """Return the text of a node on one line or several, as it stands."""
        return text_at(span_of(node, self.lines), self.lines)

    def replace(self, span: Span, text: str) -> Edit:
        """Return the edit that puts a text, whose lines end with ``\n``, in the place of a span."""
        return Edit.of(span, text.replace("\n", self.newline))

    def insert_after(self, line: int, text: str) -> Edit:
        """Return the edit that adds whole lines below a line."""
        column = len(self.lines[line - 1]) + 1
        return self.replace([line, column, line, column], "\n" + text)

    def remove(self, node: ast.stmt) -> Edit:
        """Return the edit that takes a statement of a body away with its lines, which it must have to itself.

        It ends with the last of them, so that something can be inserted after that all the same.
        """
        first, _, last, _ = self.span(node)
        return Edit(first - 1, len(self.lines[first - 2]) + 1, last, len(self.lines[last - 1]) + 1, "")

    def stands_alone(self, node: ast.stmt) -> bool:
        """Return whether a statement has its lines to itself, but for a comment."""
        line, column, end_line, end_column = self.span(node)
        before, after = self.lines[line - 1][: column - 1], self.lines[end_line - 1][end_column - 1 :]
        return not before.strip() and (not after.strip() or after.lstrip().startswith("#"))

    def indentation(self, node: ast.stmt) -> str:
        """Return the white space before a statement."""
        return self.margin(self.span(node)[0])

    def margin(self, number: int) -> str:
        """Return the white space at the start of a line, counted from 1."""
        line = self.lines[number - 1]
        return line[: len(line) - len(line.lstrip())]

    def step(self, node: Definition) -> str:
        """By how much the body of a definition is indented more than its header."""
        header, body = self.indentation(node), self.indentation(node.body[0])
        return body[len(header) :] if body.startswith(header) and body != header else "    "

    def first_line(self, node: Definition) -> int:
        """Return the first line of a definition, with the comments right above that are indented like it."""
        line, start = self.span(node)[0], self.indentation(node) + "#"
        while line > 1 and self.lines[line - 2].startswith(start):
            line -= 1
        return line

    def last_line(self, node: Definition) -> int:
        """Return the last line of a definition, with the comments below that are indented like its body."""
        line, body = self.span(node)[2], self.indentation(node.body[-1])
        for number in range(line + 1, len(self.lines) + 1):
            text = self.lines[number - 1]
            if text.strip() and not (text.startswith(body) and text.lstrip().startswith("#")):
                break
            if text.strip():
                line = number
        return line

    def name_bound(self, name: str) -> bool:
        """Return whether the file imports or defines a name at its top level."""
        return any(name == bound for stmt in self.tree.body for bound in _bound(stmt))


def method(cls: ast.ClassDef, name: str) -> ast.FunctionDef | None:
    """Return the class's own method of that name, the last where there are several."""
    found = [node for node in cls.body if isinstance(node, ast.FunctionDef) and node.name == name]
    return found[-1] if found else None


def attribute(cls: ast.ClassDef, name: str) -> ast.Assign | ast.AnnAssign | None:
    """Return the statement of the class's body that assigns just this attribute."""
    found = [node for node in cls.body if is_assignment(node) and assigned(node) == [name]]
    last = found[-1] if found else None
    return last if isinstance(last, ast.Assign | ast.AnnAssign) else None


def is_assignment(node: ast.stmt) -> bool:
    """Return whether a statement gives values to names."""
    return isinstance(node, ast.Assign | ast.AnnAssign)


def assigned(node: ast.stmt) -> list[str]:
    """Return the plain names that an assignment assigns."""
    targets = (
        node.targets
        if isinstance(node, ast.Assign)
        else [node.target]
        if isinstance(node, ast.AnnAssign)
        else []
    )
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _bound(stmt: ast.stmt) -> Iterator[str]:
    if isinstance(stmt, ast.Import | ast.ImportFrom):
        yield from (alias.asname or alias.name for alias in stmt.names)
    elif isinstance(stmt, ast.ClassDef | ast.FunctionDef):
        yield stmt.name
    else:
        yield from assigned(stmt)
