"""``--fix``, ``--unsafe-fixes`` and ``--diff``, from the files to the exit code."""

from __future__ import annotations

import io
import json
import subprocess
from pathlib import Path

import pytest

import tie_lint.fix.files
from tests.conftest import Write
from tests.examples import BAD, GOOD
from tie_lint.cli import main
from tie_lint.fix.write import NotWrittenError
from tie_lint.rules import all_rules
from tie_lint.rules.page import examples

Capture = pytest.CaptureFixture[str]

RELEASE = ("--transformers", "5.23.0")
UNKNOWN = BAD.replace("__init__(config)", "__init__(config)\n        self.adapter = make_adapter(config)")
"""The defect in a model that holds something that nothing is known of."""


def test_fix(write: Write, capsys: Capture) -> None:
    path = write("acme.py", BAD)
    assert main(["--fix", *RELEASE]) == 0
    assert path.read_text(encoding="utf-8") == GOOD
    assert capsys.readouterr().out.startswith("Fixed 1 problem. No problem left (1 model file, ")


def test_a_second_run_changes_nothing(write: Write, capsys: Capture) -> None:
    path = write("acme.py", BAD)
    main(["--fix", *RELEASE])
    before = path.stat().st_mtime_ns
    assert main(["--fix", *RELEASE]) == 0
    assert path.stat().st_mtime_ns == before
    assert "Fixed" not in capsys.readouterr().out.splitlines()[-1]


def test_a_fix_that_is_not_known_to_be_safe_is_made_only_if_wanted(write: Write) -> None:
    path = write("acme.py", UNKNOWN)
    assert main(["--fix", *RELEASE]) == 1
    assert path.read_text(encoding="utf-8") == UNKNOWN
    assert main(["--fix", "--unsafe-fixes", *RELEASE]) == 0
    assert path.read_text(encoding="utf-8") == UNKNOWN + GOOD.removeprefix(BAD)


def test_diff_shows_what_fix_writes(write: Write, capsys: Capture, folder: Path) -> None:
    path = write("acme.py", BAD)
    assert main(["--diff", *RELEASE]) == 1
    assert path.read_text(encoding="utf-8") == BAD
    subprocess.run(["patch", "-p0"], input=capsys.readouterr().out, text=True, check=True, cwd=folder)
    assert path.read_text(encoding="utf-8") == GOOD


def test_diff_of_nothing(write: Write, capsys: Capture) -> None:
    write("acme.py", GOOD)
    assert main(["--diff", *RELEASE]) == 0
    assert capsys.readouterr().out == ""


def test_diff_of_standard_input(folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(BAD.encode())))
    assert main(["-", "--diff", *RELEASE]) == 1
    assert "+    def get_output_embeddings(self):" in capsys.readouterr().out


def test_what_has_nothing_to_write_is_bad_usage(folder: Path) -> None:
    assert main(["--unsafe-fixes"]) == 2


def test_json_tells_of_the_fix(write: Write, capsys: Capture) -> None:
    write("acme.py", BAD)
    main(["--output-format", "json", *RELEASE])
    (finding,) = json.loads(capsys.readouterr().out)
    at = {"line": len(BAD.splitlines()), "column": len(BAD.splitlines()[-1]) + 1}
    text = "\n" + GOOD.removeprefix(BAD).removesuffix("\n")
    assert finding["fix"] == {"safe": True, "edits": [{"start": at, "end": at, "text": text}]}


def test_a_silenced_finding_is_not_mended(write: Write) -> None:
    text = BAD.replace("PreTrainedModel):", "PreTrainedModel):  # noqa: TIE001")
    path = write("acme.py", text)
    assert main(["--fix", *RELEASE]) == 0
    assert path.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_line_endings_and_byte_order_mark_are_kept(folder: Path, newline: str, encoding: str) -> None:
    path = folder / "acme.py"
    path.write_bytes(BAD.replace("\n", newline).encode(encoding))
    main(["--fix", *RELEASE])
    assert path.read_bytes() == GOOD.replace("\n", newline).encode(encoding)


def test_a_file_that_cannot_be_written_is_reported(
    write: Write, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise NotWrittenError("it was changed by something else meanwhile")

    write("acme.py", BAD)
    monkeypatch.setattr(tie_lint.fix.files, "replace", refuse)
    assert main(["--fix", *RELEASE]) == 1
    output = capsys.readouterr()
    assert "acme.py: not fixed: it was changed by something else" in output.err
    assert "TIE001" in output.out and "Fixed" not in output.out


def test_fixes_of_one_place_are_made_one_after_the_other(write: Write, capsys: Capture) -> None:
    path = write("acme.py", examples(all_rules()["TIE002"])[0].bad)
    text = path.read_text(encoding="utf-8") + "".join(BAD.partition("\n\nclass")[1:])
    text = text.replace("GemmaModel(config)", "AcmeModel(config)").replace("embed_tokens", "tokens")
    path.write_text(text, encoding="utf-8")
    assert main(["--fix", *RELEASE]) == 0
    assert path.read_text(encoding="utf-8").count("def get_") == 2


CONFIG = """\
from transformers import PretrainedConfig


class AcmeConfig(PretrainedConfig):
    model_type = "acme"

    def __init__(
        self,
        vocab_size: int = 100,
        hidden_size: int = 16,
        **kwargs,
    ):
        self.vocab_size = vocab_size
        self.hidden_size = hidden_size
        super().__init__(
            pad_token_id=0,
            **kwargs,
        )
"""


def test_a_config_is_mended_in_its_own_file(write: Write, capsys: Capture) -> None:
    both = examples(all_rules()["TIE201"])[0].bad
    start, end = both.index("class AcmeConfig"), both.index("class AcmePreTrainedModel")
    model = (
        both[:start].replace("PretrainedConfig, ", "") + "from config import AcmeConfig\n\n\n" + both[end:]
    )
    config, models = write("config.py", CONFIG), write("acme.py", model)
    main(["acme.py", "--output-format", "json", *RELEASE])
    assert json.loads(capsys.readouterr().out)[0]["fix"] is None
    assert main(["acme.py", "--diff", *RELEASE]) == 1
    assert "--- config.py" in capsys.readouterr().out
    assert main(["acme.py", "--fix", *RELEASE]) == 1, "only what is named is written"
    assert config.read_text(encoding="utf-8") == CONFIG
    assert "it takes an edit of config.py, which is not among the paths" in capsys.readouterr().err
    assert main([".", "--exclude", "config.py", "--fix", *RELEASE]) == 1
    assert config.read_text(encoding="utf-8") == CONFIG
    assert main(["acme.py", "config.py", "--fix", *RELEASE]) == 0
    assert models.read_text(encoding="utf-8") == model
    assert config.read_text(encoding="utf-8") == CONFIG.replace(
        "= 16,\n", "= 16,\n        tie_word_embeddings: bool = True,\n"
    ).replace(
        "            **kwargs", "            tie_word_embeddings=tie_word_embeddings,\n            **kwargs"
    )


@pytest.mark.parametrize("how", ["--fix", "--diff"])
def test_what_is_generated_is_not_changed_and_that_is_said(write: Write, capsys: Capture, how: str) -> None:
    text = "# This file was automatically generated from modular_acme.py.\n" + BAD
    path = write("modeling_acme.py", text)
    write("modular_acme.py", f"# the template\n{BAD}")
    assert main([how, "--unsafe-fixes", *RELEASE]) == (1 if how == "--fix" else 0)
    assert path.read_text(encoding="utf-8") == text
    output = capsys.readouterr()
    assert ("generated from modular_acme.py:6" in output.out) == (how == "--fix")
    said = "modeling_acme.py: not fixed: it is generated from modular_acme.py, which is to be changed"
    assert said in output.err


@pytest.mark.parametrize("value", ["5", "lambda self: 1", "object()"])
def test_a_declaration_that_is_no_collection_keeps_no_fix_from_being_worked_out(
    write: Write, capsys: Capture, value: str
) -> None:
    write("acme.py", BAD.replace('{"head.weight": "model.embed_tokens.weight"}', value))
    assert main(["acme.py", *RELEASE]) in (0, 1)
    assert "internal error" not in capsys.readouterr().err
    assert main(["explain", "acme.py", *RELEASE]) == 0
