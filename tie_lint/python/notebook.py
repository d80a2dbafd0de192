"""A Jupyter notebook as one Python text, and back: code cells one below the other.

Between two code cells stands a comment line, which tells whose lines are whose. What only IPython understands
(``%magic``, ``!command``, ``name?``) is a ``pass`` there, too. The text is written back into
the JSON by replacing the source of the cells that changed; every other byte stays.
The format: https://nbformat.readthedocs.io/en/latest/format_description.html (4.0 to 4.5).
"""

from __future__ import annotations

import itertools
import json
import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from typing import Any, NamedTuple, TypeGuard

from tie_lint.python.outline import parse
from tie_lint.python.text import UnreadableSourceError, split_lines

_SPACE = re.compile(r"[ \t\r\n]*")
_AUTOMATIC = "cat|cd|conda|cp|env|load_ext|ls|mamba|matplotlib|mkdir|mv|pip|rm|run|time|timeit|uv"
"""Magics that people write without their ``%``."""
_MAGIC = re.compile(
    rf"\s*(?:%|!|\?|(?:{_AUTOMATIC})\s+[^\s=,(\[])"
    r"|[^#'\"]*\w\?{1,2}\s*$|\s*[\w.,\s]+=\s*[%!](?!=)"
)
"""A line that IPython rewrites: ``%magic``, ``!command``, ``?name``, ``name?``, ``found = !command``."""
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


class _Cell(NamedTuple):
    number: int
    source: str
    start: int
    """Where the value of ``source`` starts in the JSON."""
    end: int


class Notebook:
    """The code cells of a notebook. Raises :class:`UnreadableSourceError` for what is none."""

    def __init__(self, data: bytes) -> None:
        self._json = _decoded(data)
        self._cells = list(_code_cells(self._json))
        self._mark = _unused([cell.source for cell in self._cells])
        self._hidden: dict[str, str] = {}
        """Lines of IPython by the lines that stand for them."""
        self._shown = [self._as_python(cell.source) for cell in self._cells]

    @cached_property
    def text(self) -> str:
        """The Python text."""
        end = self._newline
        return "".join(
            f"# {self._mark} {cell.number}{end}{shown}{end}"
            for cell, shown in zip(self._cells, self._shown, strict=True)
        )

    @cached_property
    def _newline(self) -> str:
        """What ends the first line of a cell; lines that a fix adds get the end of the text's first one."""
        found = (re.search(r"\r?\n", cell.source) for cell in self._cells)
        return next((first[0] for first in found if first), "\n")

    @cached_property
    def _starts(self) -> list[int]:
        """The lines of the text above the cells' first ones."""
        heights = (len(split_lines(shown)) + 1 for shown in self._shown)
        return [1, *itertools.accumulate(heights, initial=1)][1:-1] if self._cells else []

    def place(self, line: int) -> Place:
        """Return what a line of the text is in its cell; the line above a cell counts as its first."""
        index = max(bisect_right(self._starts, line) - 1, 0)
        if not self._cells:
            return Place(1, line)
        return Place(self._cells[index].number, max(line - self._starts[index], 1))

    def line(self, cell: int, line: int) -> int:
        """Return the line of the text that a line of a cell is."""
        numbers = [found.number for found in self._cells]
        return self._starts[numbers.index(cell)] + line

    def source(self, cell: int) -> str:
        """Return the text of a cell, as its author wrote it."""
        return next((found.source for found in self._cells if found.number == cell), "")

    def sources(self, text: str) -> dict[int, str]:
        """Return the sources of the cells in a changed text, by the cells' numbers.

        Raises ``ValueError`` where the lines between the cells are no longer what they were.
        """
        parts = re.split(rf"^# {self._mark} (\d+)\r?\n", text, flags=re.MULTILINE)
        numbers = [int(number) for number in parts[1::2]]
        if parts[0] or numbers != [cell.number for cell in self._cells]:
            raise ValueError("the cells are not told apart any more")
        bodies = (part.removesuffix(self._newline) for part in parts[2::2])
        return {number: self._as_written(body) for number, body in zip(numbers, bodies, strict=True)}

    def with_text(self, text: str) -> str:
        """Return the JSON with the cells of a changed text. Raises ``ValueError`` as :meth:`sources` does."""
        sources, parts, at = self.sources(text), [], 0
        for cell in self._cells:
            parts.append(self._json[at : cell.start])
            at = cell.end if sources[cell.number] != cell.source else cell.start
            if at == cell.end:
                parts.append(_written(self._json[cell.start : cell.end], cell.source, sources[cell.number]))
        return "".join([*parts, self._json[at:]])

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


def _decoded(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise UnreadableSourceError(f"not a notebook: not UTF-8: {error.reason}") from error


def _code_cells(text: str) -> Iterator[_Cell]:
    """Yield the code cells of a notebook's JSON; none where the notebook is in another language."""
    try:
        found = json.loads(text.removeprefix("\ufeff"))
    except RecursionError as error:
        raise UnreadableSourceError("not a notebook: nested too deeply") from error
    except ValueError as error:
        raise UnreadableSourceError(f"not a notebook: {error}") from error
    if not isinstance(found, dict) or not isinstance(found.get("cells"), list):
        raise UnreadableSourceError("not a notebook of format 4: it has no list of cells")
    if _language(found.get("metadata")) not in (None, "python"):
        return
    top = {name: start for name, start, _ in _members(text, text.index("{"))}
    spans = _elements(text, top["cells"])
    for number, (cell, (start, _)) in enumerate(zip(found["cells"], spans, strict=True), 1):
        if isinstance(cell, dict) and cell.get("cell_type") == "code":
            source = cell.get("source")
            joined = "".join(source) if _is_lines(source) else source
            if not isinstance(joined, str):
                raise UnreadableSourceError(f"not a notebook: cell {number} has no source")
            places = {name: (first, end) for name, first, end in _members(text, start)}
            yield _Cell(number, joined, *places["source"])


def _is_lines(source: Any) -> TypeGuard[list[str]]:
    return isinstance(source, list) and all(isinstance(line, str) for line in source)


def _language(metadata: Any) -> str | None:
    """Return the language that a notebook says its code is in."""
    for key, name in (("language_info", "name"), ("kernelspec", "language")):
        part = metadata.get(key) if isinstance(metadata, dict) else None
        if isinstance(part, dict) and isinstance(part.get(name), str):
            return str(part[name]).lower()
    return None


def _members(text: str, at: int) -> Iterator[tuple[str, int, int]]:
    """Yield the names of a JSON object that starts there, and where their values start and end."""
    at = _after_space(text, at + 1)
    while text[at] != "}":
        name, at = json.JSONDecoder().raw_decode(text, at)
        start = _after_space(text, _after_space(text, at) + 1)
        end = json.JSONDecoder().raw_decode(text, start)[1]
        yield name, start, end
        at = _after_comma(text, end)


def _elements(text: str, at: int) -> Iterator[tuple[int, int]]:
    """Yield where the elements of a JSON array that starts there start and end."""
    at = _after_space(text, at + 1)
    while text[at] != "]":
        end = json.JSONDecoder().raw_decode(text, at)[1]
        yield at, end
        at = _after_comma(text, end)


def _after_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _after_comma(text: str, at: int) -> int:
    at = _after_space(text, at)
    return _after_space(text, at + 1) if text[at] == "," else at


def _written(old: str, before: str, after: str) -> str:
    """Return the JSON of a source in the way in which the old one is written, lines that stay as they are."""
    plain = old.isascii() and not before.isascii()
    if not old.startswith("["):
        return json.dumps(after, ensure_ascii=plain)
    spans = list(_elements(old, 0))
    raw = {json.loads(old[start:end]): old[start:end] for start, end in spans}
    lines = [raw.get(line) or json.dumps(line, ensure_ascii=plain) for line in _with_ends(after)]
    first, last = old[: spans[0][0]], old[spans[-1][1] :]
    between = old[spans[0][1] : spans[1][0]] if len(spans) > 1 else f",{first[1:] or ' '}"
    return f"{first}{between.join(lines)}{last}"


def _with_ends(source: str) -> list[str]:
    """Return the lines of a source with their ends, as a notebook has them."""
    return re.findall(r"[^\n]*\n|[^\n]+", source)


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
