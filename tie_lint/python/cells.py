"""The code cells of a notebook as one Python text, one below the other, and back.

Between two cells stands a comment line, which tells whose lines are whose. What only IPython understands
(``%magic``, ``!command``, ``name?``) is a ``pass`` there.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from functools import cached_property

from tie_lint.python.outline import parse
from tie_lint.python.text import UnreadableSourceError, split_lines
from tie_lint.record import NamedTuple

_AUTOMATIC = "cat|cd|conda|cp|env|load_ext|ls|mamba|matplotlib|mkdir|mv|pip|rm|run|time|timeit|uv"
"""Magics that people write without their ``%``."""
_MAGIC = re.compile(
    rf"\s*(?:[%!?,;/]|(?:{_AUTOMATIC})\s+[^\s=,(\[])"
    r"|[^#'\"]*\w\?{1,2}\s*$|\s*[\w.,\s]+=\s*[%!](?!=)"
)
"""A line that IPython rewrites: ``%magic``, ``!command``, ``name?``, ``/call x``, ``found = !command``."""
_PYTHON_MAGICS = ("%%capture", "%%prun", "%%time", "%%timeit")
"""Cell magics that run the rest of the cell as it is, in the notebook's own namespace."""
_TOKEN = re.compile(
    r"""(?P<string>""\"(?:\\.|[^\\])*?""\"|'''(?:\\.|[^\\])*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')"""
    r"|(?P<comment>#[^\n]*)|(?P<open>[\[({])|(?P<close>[\])}])|(?P<joined>\\\n)|(?P<newline>\n)|[^\n]",
    re.DOTALL,
)


class Place(NamedTuple):
    """A line of a cell, both counted from 1; cells of text count, too."""

    cell: int
    line: int


class Cells:
    """The sources of code cells, by the cells' numbers, in the order in which they stand."""

    def __init__(self, sources: Mapping[int, str]) -> None:
        self._sources = dict(sources)
        self._numbers = list(sources)
        self._mark = _unused([*sources.values()])
        self._hidden: dict[str, str] = {}
        """Lines of IPython by the lines that stand for them."""
        self._shown = [self._as_python(source) for source in sources.values()]

    @cached_property
    def text(self) -> str:
        """The Python text."""
        end = self._newline
        return "".join(
            f"# {self._mark} {number}{end}{shown}{end}"
            for number, shown in zip(self._numbers, self._shown, strict=True)
        )

    @cached_property
    def _newline(self) -> str:
        """What ends the first line of a cell; lines that a fix adds get the end of the text's first one."""
        found = (re.search(r"\r?\n", source) for source in self._sources.values())
        return next((first[0] for first in found if first), "\n")

    @cached_property
    def _starts(self) -> list[int]:
        """The lines of the text above the cells' first ones."""
        heights = (len(split_lines(shown)) + 1 for shown in self._shown)
        return [1, *itertools.accumulate(heights, initial=1)][1:-1] if self._numbers else []

    def place(self, line: int) -> Place:
        """Return what a line of the text is in its cell; the line above a cell counts as its first."""
        index = max(bisect_right(self._starts, line) - 1, 0)
        if not self._numbers:
            return Place(1, line)
        return Place(self._numbers[index], max(line - self._starts[index], 1))

    def line(self, cell: int, line: int) -> int:
        """Return the line of the text that a line of a cell is."""
        return self._starts[self._numbers.index(cell)] + line

    def source(self, cell: int) -> str:
        """Return the text of a cell, as its author wrote it."""
        return self._sources.get(cell, "")

    def sources(self, text: str) -> dict[int, str]:
        """Return the sources of the cells in a changed text, by the cells' numbers.

        Raises ``ValueError`` where the lines between the cells are no longer what they were.
        """
        parts = re.split(rf"^# {self._mark} (\d+)\r?\n", text, flags=re.MULTILINE)
        numbers = [int(number) for number in parts[1::2]]
        if parts[0] or numbers != self._numbers:
            raise ValueError("the cells are not told apart any more")
        bodies = (part.removesuffix(self._newline) for part in parts[2::2])
        return {number: self._as_written(body) for number, body in zip(numbers, bodies, strict=True)}

    def _as_python(self, source: str) -> str:
        if _parses(source):
            return source
        lines = source.split("\n")
        first = next((line for line in lines if line.strip()), "")
        if first.startswith("%%") and first.split()[0] not in _PYTHON_MAGICS:
            return "\n".join(self._hide(line, "") for line in lines)
        for number, statement in _magic_lines(source):
            lines[number] = self._hide(lines[number], statement)
        return "\n".join(lines)

    def _hide(self, line: str, statement: str) -> str:
        shown = f"{statement}# {self._mark}: {len(self._hidden)}"
        self._hidden[shown] = line
        return shown

    def _as_written(self, body: str) -> str:
        return "\n".join(self._hidden.get(line, line) for line in body.split("\n"))


def _unused(sources: list[str]) -> str:
    """Return a word for the lines between cells that no comment of a cell starts with."""
    marks = ("cell" + "-" * number for number in itertools.count())
    return next(mark for mark in marks if not any(f"# {mark}" in source for source in sources))


def _parses(source: str) -> bool:
    try:
        parse(source)
    except UnreadableSourceError:
        return False
    return True


def _magic_lines(source: str) -> Iterator[tuple[int, str]]:
    """Yield the numbers, from 0, of the lines that are IPython's, and the statement to stand there.

    Lines inside strings and brackets are Python's.
    """
    lines, number, at = source.split("\n"), 0, 0
    while number < len(lines):
        if _MAGIC.match(lines[number]):
            first = lines[number]
            yield number, first[: len(first) - len(first.lstrip())] + "pass  "
            while lines[number].endswith("\\") and number + 1 < len(lines):
                at += len(lines[number]) + 1
                number += 1
                yield number, ""
            at += len(lines[number]) + 1
            number += 1
        else:
            height, at = _logical_line(source, at)
            number += height


def _logical_line(source: str, at: int) -> tuple[int, int]:
    """Return how many lines the statement has that starts there, and where the next one starts."""
    height = depth = 0
    for token in _TOKEN.finditer(source, at):
        kind = token.lastgroup
        if kind in ("newline", "joined", "string"):
            height += token.group().count("\n")
        if kind == "newline" and depth <= 0:
            return height, token.end()
        depth += (kind == "open") - (kind == "close")
    return height + 1, len(source)
