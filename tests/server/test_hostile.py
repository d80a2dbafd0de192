"""The server under what editors and disks do to it."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import pytest

pytest.importorskip("pygls")

from lsprotocol import types

from tests.examples import BAD, GOOD, LINE
from tests.server.editor import Editor, talking
from tests.server.test_server import actions, applied

WIDE = "\N{GRINNING FACE}"


def change(editor: Editor, uri: str, start: types.Position, end: types.Position, text: str) -> None:
    """Put a text in the place of a range, as an editor does at every keystroke."""
    editor.versions[uri] += 1
    document = types.VersionedTextDocumentIdentifier(uri=uri, version=editor.versions[uri])
    part = types.TextDocumentContentChangePartial(range=types.Range(start, end), text=text)
    editor.text_document_did_change(types.DidChangeTextDocumentParams(document, [part]))


@talking()
async def test_keystrokes_at_random_places_end_in_the_findings_of_the_text(
    editor: Editor, folder: Path
) -> None:
    uri, lines = editor.open(folder / "model.py", BAD), BAD.splitlines()
    places, undone = random.Random(7), list[types.Position]()
    for _ in range(1_000):
        line = places.randrange(len(lines))
        at = types.Position(line, places.randrange(len(lines[line]) + 1))
        change(editor, uri, at, at, WIDE)
        undone.append(at)
    for at in reversed(undone):
        change(editor, uri, at, types.Position(at.line, at.character + 2), "")
    assert [one.code for one in await editor.diagnostics(uri, editor.versions[uri])] == ["TIE001"]
    assert len(editor.published[uri]) < 500


@talking()
async def test_a_file_that_vanishes_while_it_is_open_is_checked_as_the_editor_has_it(
    editor: Editor, folder: Path
) -> None:
    path, base = folder / "model.py", folder / "base.py"
    base.write_text(
        "class Base:\n    def get_output_embeddings(self):\n        return self.head\n", encoding="utf-8"
    )
    path.write_text(GOOD, encoding="utf-8")
    uri = editor.open(path, f"from base import Base\n{BAD}".replace("(GemmaPre", "(Base, GemmaPre"))
    assert "TIE001" not in [one.code for one in await editor.diagnostics(uri)]
    path.unlink()
    base.unlink()
    gone = [types.FileEvent(one.as_uri(), types.FileChangeType.Deleted) for one in (path, base)]
    editor.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams(changes=gone))
    text = f"from base import Base\n{BAD}"
    assert "TIE001" in [one.code for one in await editor.diagnostics(uri, editor.write(uri, text))]


@talking()
async def test_text_that_is_broken_for_a_while_costs_nothing_of_another_file(
    editor: Editor, folder: Path
) -> None:
    base = "class Base:\n    def get_output_embeddings(self):\n        return self.head\n"
    (folder / "base.py").write_text(base, encoding="utf-8")
    uri = editor.open(
        folder / "model.py", f"from base import Base\n{BAD}".replace("(GemmaPre", "(Base, GemmaPre")
    )
    other = editor.open(folder / "base.py", base)
    version = editor.write(other, f"{base}    lm_head = (\n")
    assert [one.code for one in await editor.diagnostics(other, version)] == ["TIE900"]
    assert "TIE001" not in [one.code for one in await editor.diagnostics(uri)]


@talking({})
async def test_two_folders_have_the_targets_of_their_own_projects(editor: Editor, folder: Path) -> None:
    found, model = {}, BAD.replace('{"head.weight": "model.embed_tokens.weight"}', '["head.weight"]')
    for name, release in (("old", "4.51.3"), ("new", "5.23.0")):
        (folder / name).mkdir()
        text = f'[tool.tie-lint]\ntransformers = "{release}"\n'
        (folder / name / "pyproject.toml").write_text(text, encoding="utf-8")
        uri = editor.open(folder / name / "model.py", model)
        added = [types.WorkspaceFolder((folder / name).as_uri(), name)]
        event = types.WorkspaceFoldersChangeEvent(added=added, removed=[])
        editor.workspace_did_change_workspace_folders(types.DidChangeWorkspaceFoldersParams(event))
        found[name] = uri
    await editor.until(found["old"], "TIE001")
    await editor.until(found["new"], "TIE001", "TIE301")


@talking()
async def test_a_file_outside_every_folder_and_one_with_a_strange_name_are_checked(
    editor: Editor, folder: Path
) -> None:
    outside = folder.parent / f"{folder.name} outside"
    outside.mkdir()
    for name in ("model.py", "mod\u00e8le #1 50%.py", f"{WIDE} a b.py"):
        uri = editor.open(outside / name, BAD)
        assert [one.code for one in await editor.diagnostics(uri)] == ["TIE001"]
        (action,) = await actions(editor, uri, BAD, "quickfix")
        assert await editor.diagnostics(uri, editor.write(uri, applied(action, uri, BAD))) == []


@talking()
async def test_windows_line_ends_stay_and_positions_are_right(editor: Editor, folder: Path) -> None:
    text = BAD.replace("\n", "\r\n")
    uri = editor.open(folder / "model.py", text)
    (found,) = await editor.diagnostics(uri)
    assert (found.range.start.line, found.range.end.line) == (LINE - 1, LINE - 1)
    (action,) = await actions(editor, uri, text, "quickfix")
    assert action.edit is not None and action.edit.changes is not None
    (edit,) = action.edit.changes[uri]
    assert edit.range.start.character == len(text.split("\r\n")[edit.range.start.line])
    assert "\n" not in edit.new_text.replace("\r\n", "")
    (every,) = await actions(editor, uri, text, "source.fixAll")
    assert every.edit is not None and every.edit.changes is not None
    (whole,) = every.edit.changes[uri]
    assert whole.range == types.Range(types.Position(0, 0), types.Position(text.count("\n"), 0))
    assert "\n" not in whole.new_text.replace("\r\n", "")


@talking()
async def test_characters_beyond_the_first_plane_shift_no_position(editor: Editor, folder: Path) -> None:
    text = BAD.replace("class Acme", f'"{WIDE}"; _ = "{WIDE * 3}"\nclass Acme', 1)
    text = text.replace("        self.head = ", f'        "{WIDE}{WIDE}"; self.head = ', 1)
    uri = editor.open(folder / "model.py", text)
    (found,) = await editor.diagnostics(uri)
    lines = text.splitlines()
    at = found.range
    assert lines[at.start.line][at.start.character : at.end.character] == "AcmeForCausalLM"
    (related,) = found.related_information or ()
    head = lines[related.location.range.start.line]
    assert related.location.range.end.character == len(head.encode("utf-16-le")) // 2 == len(head) + 2


@talking()
async def test_what_is_asked_of_a_file_that_is_closed_meanwhile_has_an_answer(
    editor: Editor, folder: Path
) -> None:
    uri = editor.open(folder / "model.py", BAD)
    document = types.TextDocumentIdentifier(uri)
    asked = [editor.text_document_hover_async(types.HoverParams(document, types.Position(LINE - 1, 8)))]
    editor.text_document_did_close(types.DidCloseTextDocumentParams(document))
    asked += [editor.text_document_hover_async(types.HoverParams(document, types.Position(0, 0)))]
    first, last = await asyncio.gather(*asked)
    assert last is None and (first is None or isinstance(first, types.Hover))
    again = editor.open(folder / "model.py", BAD)
    await editor.until(again, "TIE001")
