"""The server as an editor meets it: a client over standard input and output, and files that are not saved."""

from __future__ import annotations

import asyncio
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

pytest.importorskip("pygls")

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from tests.conftest import Write
from tests.corpus import sources
from tests.examples import BAD, GOOD, LINE
from tests.server.editor import Editor, talking
from tie_lint.api import Configuration
from tie_lint.edits.edit import apply
from tie_lint.finding import Edit
from tie_lint.rules import all_rules
from tie_lint.rules.page import examples
from tie_lint.server.analysis import Analyzer
from tie_lint.server.open_files import OpenFile

DOCS = Path(__file__).parents[2] / "docs"
KEYSTROKE, RATIO = 0.2, 0.6
"""Seconds that a check of a changed text takes, and the part of a whole run."""


def everything(text: str) -> types.Range:
    return types.Range(types.Position(0, 0), types.Position(len(text.splitlines()), 0))


async def actions(editor: Editor, uri: str, text: str, *only: str) -> list[types.CodeAction]:
    context = types.CodeActionContext(diagnostics=[], only=list(only) or None)
    document = types.TextDocumentIdentifier(uri=uri)
    found = await editor.text_document_code_action_async(
        types.CodeActionParams(text_document=document, range=everything(text), context=context)
    )
    return [one for one in found or () if isinstance(one, types.CodeAction)]


def applied(action: types.CodeAction, uri: str, text: str) -> str:
    assert action.edit is not None and action.edit.changes is not None
    lines = text.splitlines()
    edits = []
    for one in action.edit.changes[uri]:
        start, end = one.range.start, one.range.end
        last = (end.line + 1, end.character + 1) if end.line <= len(lines) else (len(lines) + 1, 1)
        edits.append(Edit(start.line + 1, start.character + 1, *last, one.new_text))
    return apply(text, edits)


@talking()
async def test_a_broken_model_is_fixed_by_one_action(editor: Editor, folder: Path) -> None:
    uri = editor.open(folder / "model.py", BAD)
    (found,) = await editor.diagnostics(uri)
    assert (found.code, found.source, found.range.start.line) == ("TIE001", "tie-lint", LINE - 1)
    assert found.code_description is not None and found.code_description.href.endswith(".md")
    fixes = await actions(editor, uri, BAD, "quickfix")
    assert [(one.title, one.is_preferred) for one in fixes] == [
        ("Fix TIE001 (missing-output-embeddings)", True)
    ]
    fixed = applied(fixes[0], uri, BAD)
    assert await editor.diagnostics(uri, editor.write(uri, fixed)) == []
    assert await actions(editor, uri, fixed) == []


@talking()
async def test_all_safe_fixes_are_one_action(editor: Editor, folder: Path) -> None:
    uri = editor.open(folder / "model.py", BAD)
    await editor.diagnostics(uri)
    (action,) = await actions(editor, uri, BAD, "source.fixAll")
    assert action.kind == "source.fixAll.tie-lint"
    assert await editor.diagnostics(uri, editor.write(uri, applied(action, uri, BAD))) == []


@talking({"transformers": "5.23.0"})
async def test_unsafe_fixes_are_told_apart(editor: Editor, folder: Path) -> None:
    text = examples(all_rules()["TIE101"])[0].bad
    uri = editor.open(folder / "model.py", text)
    assert [one.code for one in await editor.diagnostics(uri)] == ["TIE101"]
    (action,) = await actions(editor, uri, text, "quickfix")
    assert (action.title, action.is_preferred) == ("Fix TIE101, unsafe", False)
    assert await actions(editor, uri, text, "source.fixAll") == []


@talking()
async def test_columns_are_counted_as_the_protocol_does(editor: Editor, folder: Path) -> None:
    wide = '"\N{GRINNING FACE}\N{GRINNING FACE}"; '
    text = BAD.replace("        self.post_init()", f"        {wide}self.post_init()")
    uri = editor.open(folder / "model.py", text)
    await editor.diagnostics(uri)
    (action,) = await actions(editor, uri, text, "quickfix")
    assert action.edit is not None and action.edit.changes is not None
    (edit,) = action.edit.changes[uri]
    line = text.splitlines()[edit.range.start.line]
    assert edit.range.start.character == len(line.encode("utf-16-le")) // 2 == len(line) + 2


@talking()
async def test_a_file_sees_the_unsaved_text_of_another(editor: Editor, folder: Path) -> None:
    getter = "class Base:\n    def get_output_embeddings(self):\n        return self.head\n"
    (folder / "base.py").write_text(getter, encoding="utf-8")
    child = BAD.replace("(GemmaPreTrainedModel)", "(Base, GemmaPreTrainedModel)")
    uri = editor.open(folder / "child.py", f"from base import Base\n{child}")
    assert "TIE001" not in [one.code for one in await editor.diagnostics(uri)]
    other = editor.open(folder / "base.py", getter)
    editor.write(other, "class Base:\n    pass\n")
    await editor.until(uri, "TIE001")


@talking()
async def test_the_mouse_on_a_class_shows_its_chain(editor: Editor, folder: Path) -> None:
    uri = editor.open(folder / "model.py", BAD)
    await editor.diagnostics(uri)
    document = types.TextDocumentIdentifier(uri=uri)
    at = types.Position(LINE - 1, 8)
    found = await editor.text_document_hover_async(types.HoverParams(text_document=document, position=at))
    assert found is not None and isinstance(found.contents, types.MarkupContent)
    assert "- ✗ `get_output_embeddings` `returns None, the head is self.head`" in found.contents.value
    assert f"(file://{folder / 'model.py'}#L" in found.contents.value
    nowhere = types.HoverParams(text_document=document, position=types.Position(0, 0))
    assert await editor.text_document_hover_async(nowhere) is None


@talking()
async def test_a_finding_leads_to_the_places_that_it_is_about(editor: Editor, folder: Path) -> None:
    (folder / "heads.py").write_text(
        "from torch import nn\nfrom transformers import GemmaPreTrainedModel\n\n\n"
        "class Headed(GemmaPreTrainedModel):\n    def __init__(self, config):\n"
        "        super().__init__(config)\n"
        "        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)\n",
        encoding="utf-8",
    )
    uri = editor.open(folder / "model.py", BAD)
    (found,) = await editor.diagnostics(uri)
    (related,) = found.related_information or ()
    line = next(number for number, text in enumerate(BAD.splitlines()) if "self.head = " in text)
    assert (related.message, related.location.uri) == ("the head, self.head, is made here", uri)
    assert related.location.range == types.Range(
        types.Position(line, 8), types.Position(line, len(BAD.splitlines()[line]))
    )
    where = types.DefinitionParams(types.TextDocumentIdentifier(uri), found.range.start)
    found_there = await editor.text_document_definition_async(where)
    assert isinstance(found_there, list | tuple) and [*found_there] == [related.location]
    text = BAD.replace("from transformers import", "from heads import Headed\nfrom transformers import", 1)
    text = "\n".join(one for one in text.splitlines() if "self.head = " not in one)
    version = editor.write(uri, text.replace("(GemmaPreTrainedModel)", "(Headed)"))
    (found,) = await editor.diagnostics(uri, version)
    (related,) = found.related_information or ()
    assert (related.location.uri, related.location.range.start.line) == ((folder / "heads.py").as_uri(), 7)


@talking({"transformers": ">=4.45,<6"})
async def test_the_mouse_shows_what_differs_from_release_to_release(editor: Editor, folder: Path) -> None:
    uri = editor.open(folder / "model.py", (DOCS / "example" / "acme.py").read_text(encoding="utf-8"))
    (found, *_) = await editor.diagnostics(uri)
    document = types.TextDocumentIdentifier(uri=uri)
    shown = await editor.text_document_hover_async(types.HoverParams(document, found.range.start))
    assert shown is not None and isinstance(shown.contents, types.MarkupContent)
    assert "| tied | ✗ | ✓ |" in shown.contents.value


@talking()
async def test_a_class_has_a_lens(editor: Editor, folder: Path) -> None:
    document = types.CodeLensParams(types.TextDocumentIdentifier(editor.open(folder / "model.py", GOOD)))
    lenses = await editor.text_document_code_lens_async(document)
    assert [lens.command and lens.command.title for lens in lenses or ()] == [
        "ties: head = model.embed_tokens"
    ]
    uri = document.text_document.uri
    editor.write(uri, BAD)
    lenses = await editor.text_document_code_lens_async(document)
    titles = [lens.command and lens.command.title for lens in lenses or ()]
    assert titles == ["not tied: get_output_embeddings returns None, the head is self.head"]


@talking({"transformers": "no release"})
async def test_settings_that_make_no_sense_are_shown(editor: Editor, folder: Path) -> None:
    editor.open(folder / "model.py", BAD)
    assert "'no release'" in await editor.told()


@talking({"selct": ["TIE001"]})
async def test_a_setting_that_is_not_there_is_shown(editor: Editor, folder: Path) -> None:
    assert "have no 'selct'" in await editor.told()


@talking({})
async def test_a_project_s_own_settings_hold_and_are_read_anew(editor: Editor, folder: Path) -> None:
    settings = folder / "pyproject.toml"
    settings.write_text('[tool.tie-lint]\nignore = ["TIE001"]\ntransformers = "4.51.3"\n', encoding="utf-8")
    uri = editor.open(folder / "model.py", BAD)
    assert await editor.diagnostics(uri) == []
    settings.write_text('[tool.tie-lint]\ntransformers = "4.51.3"\n', encoding="utf-8")
    change = types.FileEvent(uri=settings.as_uri(), type=types.FileChangeType.Changed)
    editor.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams(changes=[change]))
    await editor.until(uri, "TIE001")


@talking()
async def test_of_many_edits_the_last_text_counts(editor: Editor, folder: Path) -> None:
    uri = editor.open(folder / "model.py", BAD)
    for number in range(1_000):
        last = editor.write(uri, f"{BAD if number % 2 else GOOD}\n# {number}\n")
    assert [one.code for one in await editor.diagnostics(uri, last)] == ["TIE001"]
    assert len(editor.published[uri]) < 500


@talking()
async def test_requests_that_are_cancelled_hinder_no_other(editor: Editor, folder: Path) -> None:
    uri = editor.open(folder / "model.py", BAD)
    params = types.CodeLensParams(types.TextDocumentIdentifier(uri))
    asked = [editor.text_document_code_lens_async(params) for _ in range(50)]
    tasks = [asyncio.ensure_future(one) for one in asked]
    await asyncio.sleep(0)
    for number in [*editor.protocol._request_futures][:-1]:
        editor.cancel_request(types.CancelParams(id=number))
    answers = await asyncio.gather(*tasks, return_exceptions=True)
    assert any(isinstance(one, JsonRpcException) and "ancel" in str(one) for one in answers)
    assert isinstance(answers[-1], list | tuple)
    assert [one.code for one in await editor.diagnostics(uri)] == ["TIE001"]


@talking()
async def test_text_that_is_no_python_is_a_diagnostic_and_what_is_no_file_is_none(
    editor: Editor, folder: Path
) -> None:
    uri = editor.open(folder / "model.py", BAD + "\nclass (:\n")
    assert [one.code for one in await editor.diagnostics(uri)] == ["TIE900"]
    item = types.TextDocumentItem(uri="untitled:Untitled-1", language_id="python", version=1, text=BAD)
    editor.text_document_did_open(types.DidOpenTextDocumentParams(text_document=item))
    document = types.TextDocumentIdentifier(uri="untitled:Untitled-1")
    at = types.HoverParams(text_document=document, position=types.Position(0, 0))
    assert await editor.text_document_hover_async(at) is None
    editor.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri)))
    await editor.until(uri)


def test_a_keystroke_costs_a_part_of_a_whole_run(folder: Path) -> None:
    """Processor time on both sides: other processes have no part in it."""
    source = sources("5.23.0") / "transformers" / "models" / "bert" / "modeling_bert.py"
    text = source.read_text(encoding="utf-8").replace("from ...", "from transformers.")
    text = text.replace("from transformers. ", "from transformers ").replace(
        "from .configuration_bert", "from transformers.models.bert.configuration_bert"
    )
    path = folder / "modeling_bert.py"
    path.write_text(text, encoding="utf-8")
    analyzer = Analyzer(Configuration(transformers="5.23.0"))
    warm = min(seconds(analyzer, path, f"{text}\n# {number}\n") for number in range(6))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    how = ("-m", "tie_lint", str(path), "--transformers", "5.23.0", "--no-cache", "--jobs", "1")
    assert subprocess.run([sys.executable, *how], check=False, capture_output=True).returncode == 0
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    whole = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    assert warm < RATIO * whole
    assert warm < KEYSTROKE or whole > 3 * KEYSTROKE, "slow, on a machine that is not"


def seconds(analyzer: Analyzer, path: Path, text: str) -> float:
    """The processor time of checking a text."""
    start = time.process_time()
    uri = path.as_uri()
    assert analyzer.analyze(OpenFile(uri, path, {uri: text}, {uri: 1}), {}).findings == []
    return time.process_time() - start


def test_without_pygls_the_command_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], write: Write
) -> None:
    from tie_lint.cli import main

    for name in [name for name in sys.modules if name.partition(".")[0] in ("pygls", "lsprotocol")]:
        monkeypatch.delitem(sys.modules, name)
    for name in ("pygls", "lsprotocol"):
        monkeypatch.setitem(sys.modules, name, None)
    for name in [name for name in sys.modules if name.startswith("tie_lint.server.")]:
        monkeypatch.delitem(sys.modules, name)
    assert main(["server"]) == 2
    assert "pip install 'tie-lint[lsp]'" in capsys.readouterr().err


@pytest.mark.parametrize(("methods", "code"), [(("shutdown", "exit"), 0), (("exit",), 1), ((), 1)])
def test_an_editor_ends_it_quietly_and_rightly_if_it_says_goodbye(methods: Sequence[str], code: int) -> None:
    said = [
        b'{"jsonrpc":"2.0",%b"method":"%b"}' % (b'"id":1,' * (one == "shutdown"), one.encode())
        for one in methods
    ]
    told = b"".join(b"Content-Length: %d\r\n\r\n%b" % (len(one), one) for one in said)
    done = subprocess.run(
        [sys.executable, "-m", "tie_lint", "server"], input=told, check=False, capture_output=True
    )
    assert (done.returncode, done.stderr) == (code, b"")
