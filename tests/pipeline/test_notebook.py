"""Notebooks from end to end: what is found, shown, fixed and kept."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from tests.conftest import Write
from tie_lint.cli import main

FAMILY = """\
from torch import nn
from transformers import GemmaConfig, PreTrainedModel


class AcmePreTrainedModel(PreTrainedModel):
    config_class = GemmaConfig
    base_model_prefix = "acme"


class AcmeModel(AcmePreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.tokens = nn.Embedding(config.vocab_size, config.hidden_size)
        self.post_init()

    def get_input_embeddings(self):
        return self.tokens

    def set_input_embeddings(self, value):
        self.tokens = value
"""
HEAD = """\
class AcmeForCausalLM(AcmePreTrainedModel):
    _tied_weights_keys = ["head.weight"]

    def __init__(self, config):
        super().__init__(config)
        self.acme = AcmeModel(config)
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()
"""
FIXED = """\

    def get_output_embeddings(self):
        return self.head

    def set_output_embeddings(self, new_embeddings):
        self.head = new_embeddings
"""
OPTIONS = ["--isolated", "--transformers", "4.51.3", "--jobs", "1"]


def as_notebook(head: str = HEAD) -> str:
    """A notebook as Jupyter writes it: magics, a cell of text, the family and its head."""
    cells = [
        {"cell_type": "code", "metadata": {}, "outputs": [], "source": ["%pip install -q transformers"]},
        {"cell_type": "markdown", "metadata": {}, "source": ["# The models\n", "of é"]},
        {"cell_type": "code", "metadata": {}, "outputs": [], "source": FAMILY.splitlines(keepends=True)},
        {"cell_type": "code", "metadata": {}, "outputs": [], "source": head.splitlines(keepends=True)},
    ]
    about = {"kernelspec": {"language": "python", "name": "python3"}}
    return json.dumps({"cells": cells, "metadata": about, "nbformat": 4}, indent=1, ensure_ascii=False) + "\n"


@pytest.fixture
def path(write: Write) -> Path:
    return write("train.ipynb", as_notebook())


@pytest.mark.parametrize("cache", [["--no-cache"], ["--cache-dir", "kept"]])
def test_a_finding_names_the_cell_and_shows_its_line(
    path: Path, capsys: pytest.CaptureFixture[str], cache: list[str]
) -> None:
    for _ in range(2):
        assert main(["check", ".", *OPTIONS, *cache]) == 1
        shown = capsys.readouterr().out.splitlines()
        assert shown[0].startswith("train.ipynb:cell 4:1:7: TIE001 AcmeForCausalLM")
        assert shown[2] == "1 | class AcmeForCausalLM(AcmePreTrainedModel):"


def test_json_has_the_cell_of_the_finding_and_of_its_edits(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(path), *OPTIONS, "--output-format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)[0]
    assert (found["cell"], found["line"], found["end_line"]) == (4, 1, 1)
    assert [(edit["cell"], edit["start"]["line"]) for edit in found["fix"]["edits"]] == [(4, 8)]


def test_a_fix_is_written_into_its_cell_and_nothing_else_changes(path: Path) -> None:
    assert main(["check", str(path), *OPTIONS, "--fix"]) == 0
    assert path.read_text(encoding="utf-8") == as_notebook(HEAD + FIXED)


def test_a_diff_is_one_of_cells(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "train.ipynb", *OPTIONS, "--diff"]) == 1
    shown = capsys.readouterr().out.splitlines()
    assert shown[0] == "--- train.ipynb:cell 4"
    assert [line[1:] for line in shown if line.startswith("+")][1:] == FIXED.splitlines()


def test_standard_input_is_a_notebook_by_its_name(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stdin:
        buffer = io.BytesIO(as_notebook().encode())

    monkeypatch.setattr(sys, "stdin", Stdin)
    assert main(["check", "-", "--stdin-filename", "train.ipynb", *OPTIONS]) == 1
    assert capsys.readouterr().out.startswith("train.ipynb:cell 4:1:7: TIE001")


def test_a_comment_silences_in_a_cell(write: Write) -> None:
    first, rest = HEAD.split("\n", 1)
    write("train.ipynb", as_notebook(f"{first}  # noqa: TIE001\n{rest}"))
    assert main(["check", ".", *OPTIONS]) == 0


def test_comments_are_added_in_the_cells_that_findings_are_in(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", ".", *OPTIONS, "--no-cache", "--add-noqa"]) == 0
    assert capsys.readouterr() == ("Silenced 1 problem by comments.\n", "")
    first, rest = HEAD.split("\n", 1)
    assert path.read_text(encoding="utf-8") == as_notebook(f"{first}  # noqa: TIE001\n{rest}")
    assert main(["check", ".", *OPTIONS, "--no-cache"]) == 0


def test_a_comment_that_silences_nothing_is_removed_from_its_cell(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    first, rest = HEAD.split("\n", 1)
    path = write(
        "train.ipynb",
        as_notebook(f"# tie-lint: ignore-file[TIE004]\n{first}  # noqa: TIE001, TIE003\n{rest}"),
    )
    asked = [*OPTIONS, "--extend-select", "TIE902"]
    assert main(["check", ".", *asked, "--no-cache", "--output-format", "concise"]) == 1
    places = [line.partition(" TIE902 ")[0] for line in capsys.readouterr().out.splitlines()[:2]]
    assert places == ["train.ipynb:cell 4:1:1:", f"train.ipynb:cell 4:2:{len(first) + 3}:"]
    assert main(["check", ".", *asked, "--fix"]) == 0
    assert path.read_text(encoding="utf-8") == as_notebook(f"{first}  # noqa: TIE001\n{rest}")


def test_a_byte_order_mark_and_windows_line_ends_stay(write: Write) -> None:
    def written(head: str) -> bytes:
        text = as_notebook(head).replace("\\n", "\\r\\n").replace("\n", "\r\n")
        return b"\xef\xbb\xbf" + text.encode()

    path = write("train.ipynb", "")
    path.write_bytes(written(HEAD))
    assert main(["check", ".", *OPTIONS, "--fix"]) == 0
    assert path.read_bytes() == written(HEAD + FIXED)


def test_a_class_that_was_not_followed_is_told_with_its_cell(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    head = HEAD.replace("AcmeModel(config)\n", "missing.Thing(config)\n")
    write("train.ipynb", as_notebook(f"from acme_parts import missing\n\n\n{head}"))
    main(["check", "train.ipynb", *OPTIONS, "--select", "TIE,TIE901", "--output-format", "concise"])
    shown = capsys.readouterr().out.splitlines()
    assert shown[0].startswith("train.ipynb:cell 4:4:7: TIE901 could not be followed: train.ipynb:cell 4:9: ")
    assert any(line.startswith("  train.ipynb:cell 4:9: ") for line in shown)


@pytest.mark.parametrize("text", ["{", '{"cells": 1}', as_notebook("class A(:\n    lm_head = 1")])
def test_what_cannot_be_read_is_told(text: str, write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    write("train.ipynb", text)
    assert main(["check", ".", *OPTIONS]) == 1
    assert "TIE900 not checked" in capsys.readouterr().out


def test_checkpoints_of_notebooks_are_left_alone(write: Write) -> None:
    write(".ipynb_checkpoints/train-checkpoint.ipynb", as_notebook())
    assert main(["check", ".", *OPTIONS]) == 0


def test_an_explanation_names_cells_and_lines_in_them(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["explain", f"{path.name}::AcmeForCausalLM", *OPTIONS[:-2]]
    assert main(asked) == 0
    text = capsys.readouterr().out
    assert text.startswith("AcmeForCausalLM  train.ipynb:cell 4:1  ")
    assert "head.weight  (to save)  train.ipynb:cell 4:2\n" in text
    assert "self.acme is AcmeModel  (to load)  train.ipynb:cell 3:7\n" in text
    assert main([*asked, "--output-format", "json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert (found["path"], found["cell"], found["line"]) == ("train.ipynb", 4, 1)
    places = {link["link"]: (link["cell"], link["line"]) for link in found["chain"]}
    assert (places["post_init"], places["config"]) == ((4, 8), (None, None))
    assert [(one["cell"], one["line"], one["fix"]["edits"][0]["cell"]) for one in found["findings"]] == [
        (4, 1, 4)
    ]
    assert main([*asked, "--output-format", "html"]) == 0
    page = capsys.readouterr().out
    assert "train.ipynb:cell 4" in page and "train.ipynb:cell 3" in page


def test_why_something_is_unknown_names_the_cell(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    head = HEAD.replace("AcmeModel(config)\n", "missing.Thing(config)\n")
    write("train.ipynb", as_notebook(f"from acme_parts import missing\n\n\n{head}"))
    main(["explain", "train.ipynb::AcmeForCausalLM", *OPTIONS[:-2], "--output-format", "json"])
    (found,) = json.loads(capsys.readouterr().out)
    reason = found["reasons"]["ties"]
    assert (reason["path"], reason["cell"], reason["line"]) == ("train.ipynb", 4, 9)
