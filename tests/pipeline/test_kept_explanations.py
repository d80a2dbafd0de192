"""Explanations that earlier runs have left."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Write
from tests.examples import BAD, GOOD
from tests.fix.test_importers import HOLDS, INNER, PARTS
from tie_lint.cli import main
from tie_lint.pipeline.explanation import explain_view

RELEASE = ["--transformers", ">=4.51,<6", "--isolated"]
KEPT = ["--cache-dir", "kept"]
UNKNOWN = GOOD.replace("GemmaModel(config)", "missing.Model(config)") + "\n\nfrom acme import missing\n"


class Told:
    """What explaining prints, and how many classes it works out for that."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self._capsys, self.worked_out = capsys, 0

        def counted(*arguments: object, **more: object) -> object:
            self.worked_out += 1
            return explain_view(*arguments, **more)  # type: ignore[arg-type]

        monkeypatch.setattr("tie_lint.pipeline.explain.explain_view", counted)

    def by(self, *arguments: str) -> tuple[str, bool]:
        """Return the text, and whether it was worked out."""
        before = self.worked_out
        assert main(["explain", *RELEASE, *arguments]) == 0
        return self._capsys.readouterr().out, self.worked_out > before


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Told:
    return Told(capsys, monkeypatch)


@pytest.mark.parametrize("text", [GOOD, BAD, UNKNOWN], ids=["good", "bad", "unknown"])
@pytest.mark.parametrize("output_format", ["text", "json", "html"])
def test_what_is_kept_is_printed_as_what_is_worked_out(
    write: Write, told: Told, text: str, output_format: str
) -> None:
    write("acme.py", text)
    asked = ["acme.py", "--output-format", output_format]
    fresh, _ = told.by(*asked, "--no-cache")
    assert told.by(*asked, *KEPT) == (fresh, True)
    assert told.by(*asked, *KEPT) == (fresh, False)


def test_a_class_is_kept_by_itself(write: Write, told: Told) -> None:
    write("acme.py", f"{GOOD}\n\n{GOOD.replace('AcmeForCausalLM', 'OtherForCausalLM')}")
    one, worked_out = told.by("acme.py::AcmeForCausalLM", *KEPT)
    assert worked_out and "OtherForCausalLM  " not in one
    assert told.by("acme.py::AcmeForCausalLM", *KEPT) == (one, False)
    both, worked_out = told.by("acme.py", *KEPT)
    assert worked_out
    assert all(f"{name}ForCausalLM  acme.py:" in both for name in ("Acme", "Other"))


def test_what_it_depends_on_has_it_worked_out_anew(write: Write, told: Told) -> None:
    write("pkg/__init__.py", "")
    write("pkg/base.py", "from transformers import GemmaPreTrainedModel as AcmeBase\n")
    head = GOOD.replace(
        "import GemmaModel, GemmaPreTrainedModel", "import GemmaModel\nfrom .base import AcmeBase"
    )
    write("pkg/acme.py", head.replace("(GemmaPreTrainedModel)", "(AcmeBase)"))
    before, _ = told.by("pkg/acme.py", *KEPT)
    assert told.by("pkg/acme.py", *KEPT) == (before, False)
    write("pkg/base.py", "from transformers import LlamaPreTrainedModel as AcmeBase\n")
    after, worked_out = told.by("pkg/acme.py", *KEPT)
    assert worked_out and after != before
    _, worked_out = told.by("pkg/acme.py", "--transformers", "5.23.0", *KEPT)
    assert worked_out


def test_a_run_that_has_all_it_needs_imports_no_interpreter(write: Write, folder: Path) -> None:
    write("acme.py", GOOD)
    arguments = ["explain", "acme.py::AcmeForCausalLM", *RELEASE, *KEPT]
    program = f"import sys; from tie_lint.cli import main; main({arguments}); print(*sys.modules)"
    for _ in range(2):
        run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    modules = run.stdout.splitlines()[-1].split()
    assert "tie_lint.pipeline.explain" in modules
    assert not {"tie_lint.interpreter", "tie_lint.pipeline.linter", "tie_lint.rules"} & set(modules)


def test_what_has_a_fix_that_is_compared_in_other_files_is_kept(write: Write, told: Told) -> None:
    for name, text in {"inner": INNER, "parts": PARTS.format("inner"), "outer": HOLDS}.items():
        write(f"{name}.py", text)
    asked = ["inner.py", "--transformers", "4.51.3", *KEPT]
    fresh, worked_out = told.by(*asked)
    assert worked_out
    assert told.by(*asked) == (fresh, False)
    write("outer.py", f"# changed\n{HOLDS}")
    assert told.by(*asked) == (fresh, True)
