"""The files that an editor has open, as they are now: one text each, or a notebook whose cells are texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote

from lsprotocol import types
from pygls.uris import to_fs_path
from pygls.workspace import Workspace

from tie_lint.finding import Edit
from tie_lint.pipeline.document import Document, TextDocument
from tie_lint.pipeline.notebook import OpenCellsDocument
from tie_lint.pipeline.reading import NOTEBOOK
from tie_lint.python.text import split_lines
from tie_lint.server.convert import Positions


class OpenFile:
    """A file as an editor has it, saved or not. Positions of its document are those of one text."""

    def __init__(
        self, uri: str, path: Path, texts: Mapping[str, str], versions: Mapping[str, int | None]
    ) -> None:
        """``texts`` and ``versions`` are those that the editor has, by their URIs."""
        self.uri, self.path = uri, path
        self.texts, self.versions = dict(texts), dict(versions)

    def has_same_texts(self, other: OpenFile) -> bool:
        """Return whether another state of the file has the same texts."""
        return [*self.texts.items()] == [*other.texts.items()]

    def uri_of(self, spelt: str) -> str | None:
        """Return the URI of a text, which may be spelt otherwise; None where it is none of the file's."""
        return next((uri for uri in self.texts if unquote(uri) == unquote(spelt)), None)

    @cached_property
    def document(self) -> Document:
        """What is checked."""
        return TextDocument(self.path, self.texts[self.uri])

    @cached_property
    def positions(self) -> Positions:
        """Positions in the document's text."""
        return Positions(self.document.text)

    def location(self, line: int, column: int, end_line: int, end_column: int) -> types.Location:
        """Return what the editor calls a stretch of the document."""
        return types.Location(self.uri, self.positions.range(line, column, end_line, end_column))

    def in_document(self, uri: str, position: types.Position) -> types.Position:
        """Return the position in the document of one in a text of the editor."""
        return position

    def range_in_document(self, uri: str, range_: types.Range) -> types.Range:
        """Return the range in the document of one in a text of the editor."""
        return types.Range(self.in_document(uri, range_.start), self.in_document(uri, range_.end))

    def edits(self, edits: Sequence[Edit]) -> dict[str, list[types.TextEdit]]:
        """Return edits of the document as edits of the editor's texts."""
        found: dict[str, list[types.TextEdit]] = {}
        for edit in edits:
            at = self.location(edit.line, edit.column, edit.end_line, edit.end_column)
            found.setdefault(at.uri, []).append(types.TextEdit(at.range, edit.text))
        return found

    def replaced(self, text: str) -> dict[str, list[types.TextEdit]]:
        """Return the edits that make another text of the document; each replaces a whole text."""
        return {self.uri: [types.TextEdit(self.positions.whole, text)]}


class OpenNotebook(OpenFile):
    """A notebook; its code cells are the editor's texts, the document has them one below the other."""

    def __init__(
        self,
        uri: str,
        path: Path,
        cells: Mapping[int, str],
        texts: Mapping[str, str],
        versions: Mapping[str, int | None],
    ) -> None:
        """``cells`` are the URIs of the code cells, by their numbers."""
        super().__init__(uri, path, texts, versions)
        self._uris = dict(cells)
        self._numbers = {cell: number for number, cell in cells.items()}

    @cached_property
    def document(self) -> OpenCellsDocument:
        """What is checked."""
        return OpenCellsDocument(self.path, {number: self.texts[uri] for number, uri in self._uris.items()})

    def _above(self, cell: int) -> int:
        return self.document.cells.line(cell, 1) - 1

    def location(self, line: int, column: int, end_line: int, end_column: int) -> types.Location:
        """Return what the editor calls a stretch of the document; it ends where its cell ends."""
        cell, end_cell = self.document.cells.place(line).cell, self.document.cells.place(end_line).cell
        if end_cell != cell:
            last = split_lines(self.texts[self._uris[cell]])
            end_line, end_column = self._above(cell) + len(last), len(last[-1]) + 1
        found, above = self.positions.range(line, column, end_line, end_column), self._above(cell)
        first, end = found.start, found.end
        return types.Location(
            self._uris[cell],
            types.Range(
                types.Position(max(first.line - above, 0), first.character),
                types.Position(max(end.line - above, 0), end.character),
            ),
        )

    def in_document(self, uri: str, position: types.Position) -> types.Position:
        """Return the position in the document of one in a cell."""
        return types.Position(position.line + self._above(self._numbers[uri]), position.character)

    def replaced(self, text: str) -> dict[str, list[types.TextEdit]]:
        """Return the edits that make another text of the document: one for each cell that changes."""
        sources = self.document.cells.sources(text)
        changed = {self._uris[number]: new for number, new in sources.items()}
        return {
            uri: [types.TextEdit(Positions(self.texts[uri]).whole, new)]
            for uri, new in changed.items()
            if new != self.texts[uri]
        }


class OpenFiles:
    """The files in an editor's workspace. URIs are as the editor writes them."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def of(self, uri: str) -> OpenFile | None:
        """Return the file of a text, cell or notebook; None where it is none that is checked, or not open."""
        workspace = self._workspace
        notebook = workspace.get_notebook_document(cell_uri=uri) or workspace.get_notebook_document(
            notebook_uri=uri
        )
        if notebook is not None:
            return self._notebook(notebook)
        text = workspace.text_documents.get(unquote(uri))
        path = None if text is None else path_of(text.uri)
        if text is None or path is None or path.suffix == NOTEBOOK:  # a notebook's JSON as text
            return None
        return OpenFile(text.uri, path, {text.uri: text.source}, {text.uri: text.version})

    def _notebook(self, notebook: types.NotebookDocument) -> OpenFile | None:
        path = path_of(notebook.uri)
        if path is None:
            return None
        cells: dict[int, str] = {}
        texts: dict[str, str] = {}
        versions: dict[str, int | None] = {}
        for number, cell in enumerate(notebook.cells, 1):
            text = self._workspace.text_documents.get(unquote(cell.document))
            if cell.kind is types.NotebookCellKind.Code and text is not None and text.language_id == "python":
                cells[number], texts[cell.document] = cell.document, text.source
                versions[cell.document] = text.version
        return OpenNotebook(notebook.uri, path, cells, texts, versions)

    def uris(self) -> Iterator[str]:
        """Yield the URIs of all files."""
        for uri in [text.uri for text in self._workspace.text_documents.values()]:
            if self._workspace.get_notebook_document(cell_uri=uri) is None:
                yield uri
        yield from [notebook.uri for notebook in self._workspace.notebook_documents.values()]

    def texts(self) -> dict[Path, str]:
        """Return the texts of the files that others may import."""
        files = [self.of(uri) for uri in self.uris()]
        return {one.path: one.document.text for one in files if one is not None and one.uri in one.texts}

    def versions(self) -> list[int | None]:
        """Return the versions of all texts: they change with every edit."""
        return [text.version for text in self._workspace.text_documents.values()]


def path_of(uri: str) -> Path | None:
    """Return the path that a URI means; None where it is no file's."""
    path = to_fs_path(uri) if uri.startswith("file:") else None
    return None if path is None else Path(path)
