"""The JSON of a Jupyter notebook: its code cells, and they written back into it.

A text is written back by replacing the source of the cells that changed; every other byte stays.
The format: https://nbformat.readthedocs.io/en/latest/format_description.html (4.0 to 4.5).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, TypeGuard

from tie_lint.python.cells import Cells
from tie_lint.python.text import UnreadableSourceError
from tie_lint.record import NamedTuple

_SPACE = re.compile(r"[ \t\r\n]*")


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
        self._found = list(_code_cells(self._json))
        self.cells = Cells({cell.number: cell.source for cell in self._found})

    def with_text(self, text: str) -> str:
        """Return the JSON with the cells of a changed text. Raises ``ValueError`` as :class:`Cells` does."""
        sources, parts, at = self.cells.sources(text), list[str](), 0
        for cell in self._found:
            parts.append(self._json[at : cell.start])
            at = cell.end if sources[cell.number] != cell.source else cell.start
            if at == cell.end:
                parts.append(_written(self._json[cell.start : cell.end], cell.source, sources[cell.number]))
        return "".join([*parts, self._json[at:]])


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
