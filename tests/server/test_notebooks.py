"""Notebooks in the editor: their cells are texts of their own, and one module."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("pygls")

from lsprotocol import types

from tests.pipeline.test_notebook import FAMILY, FIXED, HEAD
from tests.server.editor import Editor, talking
from tests.server.test_server import actions, applied

CODE, MARKUP = types.NotebookCellKind.Code, types.NotebookCellKind.Markup
CELLS = ((CODE, "%pip install -q transformers"), (MARKUP, "# The models"), (CODE, FAMILY), (CODE, HEAD))


async def codes(editor: Editor, uri: str, version: int = 0) -> list[object]:
    return [one.code for one in await editor.diagnostics(uri, version)]


@talking()
async def test_a_finding_is_in_its_cell_and_so_is_its_fix(editor: Editor, folder: Path) -> None:
    uris = editor.open_notebook(folder / "train.ipynb", *CELLS)
    (found,) = await editor.diagnostics(uris[3])
    assert (found.code, found.range.start, found.range.end.line) == ("TIE001", types.Position(0, 6), 0)
    assert [await codes(editor, uris[number]) for number in (0, 2)] == [[], []]
    (action,) = await actions(editor, uris[3], HEAD, "quickfix")
    fixed = applied(action, uris[3], HEAD)
    assert fixed == HEAD + FIXED
    assert await actions(editor, uris[2], FAMILY, "quickfix") == []
    version = editor.write_cell(folder / "train.ipynb", uris[3], fixed)
    assert await codes(editor, uris[3], version) == []


@talking()
async def test_all_safe_fixes_write_the_cells_that_change(editor: Editor, folder: Path) -> None:
    uris = editor.open_notebook(folder / "train.ipynb", *CELLS)
    await editor.diagnostics(uris[3])
    (action,) = await actions(editor, uris[0], CELLS[0][1], "source.fixAll")
    assert action.edit is not None and action.edit.changes is not None
    assert [*action.edit.changes] == [uris[3]]
    assert applied(action, uris[3], HEAD) == HEAD + FIXED


@talking()
async def test_hover_and_lens_stand_in_the_cell_of_the_class(editor: Editor, folder: Path) -> None:
    uris = editor.open_notebook(folder / "train.ipynb", *CELLS)
    document = types.TextDocumentIdentifier(uris[3])
    shown = await editor.text_document_hover_async(types.HoverParams(document, types.Position(0, 8)))
    assert shown is not None and isinstance(shown.contents, types.MarkupContent)
    assert "is AcmeModel` cell 3:7" in shown.contents.value
    lenses = await editor.text_document_code_lens_async(types.CodeLensParams(document))
    assert [(lens.range.start.line, lens.command and lens.command.title) for lens in lenses or ()] == [
        (0, "not tied: get_output_embeddings returns None, the head is self.head")
    ]
    first = types.CodeLensParams(types.TextDocumentIdentifier(uris[0]))
    assert not await editor.text_document_code_lens_async(first)


@talking()
async def test_an_edit_of_one_cell_is_seen_in_another(editor: Editor, folder: Path) -> None:
    path = folder / "train.ipynb"
    uris = editor.open_notebook(path, *CELLS)
    assert await codes(editor, uris[3]) == ["TIE001"]
    getter = "\n    def get_output_embeddings(self):\n        return self.head\n"
    base, rest = FAMILY.split("\n\n\nclass AcmeModel", 1)
    editor.write_cell(path, uris[2], f"{base}\n{getter}\n\nclass AcmeModel{rest}")
    await editor.until(uris[3])


@talking()
async def test_cells_come_and_go(editor: Editor, folder: Path) -> None:
    path = folder / "train.ipynb"
    uris = editor.open_notebook(path, *CELLS)
    assert await codes(editor, uris[3]) == ["TIE001"]
    gone = types.NotebookCellArrayChange(start=3, delete_count=1, cells=[])
    closed = [types.TextDocumentIdentifier(uris[3])]
    structure = types.NotebookDocumentCellChangeStructure(array=gone, did_close=closed)
    editor.change_notebook(path, types.NotebookDocumentCellChanges(structure=structure))
    await editor.until(uris[3])
    back = types.NotebookCellArrayChange(
        start=0, delete_count=0, cells=[types.NotebookCell(CODE, "cell:new")]
    )
    text = types.TextDocumentItem(uri="cell:new", language_id="python", version=1, text=FAMILY + HEAD)
    structure = types.NotebookDocumentCellChangeStructure(array=back, did_open=[text])
    editor.change_notebook(path, types.NotebookDocumentCellChanges(structure=structure))
    (found,) = await editor.diagnostics("cell:new")
    assert (found.code, found.range.start.line) == ("TIE001", FAMILY.count("\n"))


@talking()
async def test_a_notebook_that_is_closed_has_no_findings(editor: Editor, folder: Path) -> None:
    path = folder / "train.ipynb"
    uris = editor.open_notebook(path, *CELLS)
    assert await codes(editor, uris[3]) == ["TIE001"]
    cells = [types.TextDocumentIdentifier(uri) for uri in uris]
    notebook = types.NotebookDocumentIdentifier(path.as_uri())
    editor.notebook_document_did_close(types.DidCloseNotebookDocumentParams(notebook, cells))
    await editor.until(uris[3])


@talking()
async def test_a_cell_that_is_no_python_is_the_one_with_the_finding(editor: Editor, folder: Path) -> None:
    uris = editor.open_notebook(folder / "train.ipynb", *CELLS, (CODE, "class (:\n"))
    (found,) = await editor.diagnostics(uris[4])
    assert (found.code, found.range.start.line) == ("TIE900", 0)
    assert await codes(editor, uris[3]) == []
