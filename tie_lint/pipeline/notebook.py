"""A notebook that is checked: its text is that of its code cells, and people count lines in each cell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path

from tie_lint.cause import Cause, with_cell
from tie_lint.finding import Edit, Finding
from tie_lint.pipeline.document import Document
from tie_lint.pipeline.result import NotFollowed
from tie_lint.python.cells import Cells
from tie_lint.python.notebook import Notebook
from tie_lint.python.text import UnreadableSourceError, split_lines
from tie_lint.record import replace


class CellsDocument(Document):
    """The code cells of a notebook."""

    @property
    def cells(self) -> Cells:
        """The cells. Raises ``UnreadableSourceError``."""
        raise NotImplementedError

    @cached_property
    def text(self) -> str:
        """The source code of the cells. Raises ``UnreadableSourceError``."""
        return self.cells.text

    @property
    def encoding(self) -> str:
        """The name of the codec of every notebook."""
        return "utf-8"

    def changes(self, text: str) -> Iterator[tuple[Path, str, str]]:
        """Yield the cells in which another text differs, what is there and what it has."""
        for cell, source in self.cells.sources(text).items():
            before = self.cells.source(cell)
            if source != before:
                yield Path(f"{self.path}:cell {cell}"), before, source

    def place(self, line: int) -> tuple[int | None, int]:
        """Return the cell of a line of the text, and its line there."""
        return self.cells.place(line)

    def placed(self, finding: Finding) -> Finding:
        """Return a finding of the text with its cell, and lines counted in it."""
        try:
            place = self.cells.place
        except UnreadableSourceError:
            return finding
        (cell, line), (end_cell, end_line) = place(finding.line), place(finding.end_line)
        lines = split_lines(self.cells.source(cell))
        end = (end_line, finding.end_column) if end_cell == cell else (len(lines), len(lines[-1]) + 1)
        fix = finding.fix and replace(finding.fix, edits=tuple(map(self._placed_edit, finding.fix.edits)))
        effects = tuple((self._placed_text(text), stretch) for text, stretch in finding.effects)
        placed = replace(finding, cell=cell, line=line, end_line=end[0], end_column=end[1], fix=fix)
        return replace(placed, effects=effects, follows=tuple(map(self.placed, finding.follows)))

    def _placed_text(self, text: str) -> str:
        """A text in which places of this notebook, ``name:line``, have their cell."""

        def placed(found: re.Match[str]) -> str:
            cell, line = self.cells.place(int(found[1]))
            return f"{with_cell(self.path.name, cell)}:{line}"

        return re.sub(rf"(?<![\w./-]){re.escape(self.path.name)}:(\d+)\b", placed, text)

    def _placed_edit(self, edit: Edit) -> Edit:
        (cell, line), (_, end_line) = self.cells.place(edit.line), self.cells.place(edit.end_line)
        return replace(edit, line=line, end_line=end_line, cell=cell)

    def line_of(self, finding: Finding) -> int:
        """Return the line of the text that a placed finding points at."""
        return finding.line if finding.cell is None else self.cells.line(finding.cell, finding.line)

    def placed_model(self, model: NotFollowed) -> NotFollowed:
        """Return a model that was not followed with its cell, and lines counted in it."""
        line = self.cells.place(model.line).line
        return model._replace(line=line, causes=tuple(map(self.placed_cause, model.causes)))

    def placed_cause(self, cause: Cause) -> Cause:
        """Return a cause in this notebook with its cell, and its line there."""
        if cause.line is None or cause.path != str(self.path.absolute()):
            return cause
        cell, line = self.cells.place(cause.line)
        return cause._replace(line=line, cell=cell)

    def shown_lines(self, finding: Finding) -> list[str]:
        """Return the lines of the cell of a finding."""
        return [] if finding.cell is None else split_lines(self.cells.source(finding.cell))


class NotebookDocument(CellsDocument):
    """The bytes of one notebook."""

    @cached_property
    def _notebook(self) -> Notebook:
        return Notebook(self.data)

    @property
    def cells(self) -> Cells:
        """The cells in the bytes. Raises ``UnreadableSourceError``."""
        return self._notebook.cells

    def with_text(self, text: str) -> Document:
        """Return the notebook with the cells of another text; see :meth:`Document.with_text`."""
        return NotebookDocument(self.path, self.shown, self._notebook.with_text(text).encode())


class OpenCellsDocument(CellsDocument):
    """The cells of a notebook as an editor has them, whatever the file holds."""

    def __init__(self, path: Path, sources: Mapping[int, str]) -> None:
        """``sources`` are those of the code cells, by the cells' numbers."""
        super().__init__(path, str(path), b"")
        self._cells = Cells(sources)

    @property
    def cells(self) -> Cells:
        """The cells."""
        return self._cells
