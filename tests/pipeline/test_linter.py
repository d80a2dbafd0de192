"""The pipeline for one file."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import Write
from tests.examples import BAD, GOOD, LINE
from tie_lint.library.target import Targets
from tie_lint.pipeline.document import TextDocument
from tie_lint.pipeline.linter import Linter
from tie_lint.settings import Settings

PATH = Path("acme.py")


def acme(text: str) -> TextDocument:
    return TextDocument(PATH, text)


def linter(*releases: str, **settings: object) -> Linter:
    return Linter(Settings(Path.cwd(), **settings), Targets(releases or ("5.23.0",), ""))  # type: ignore[arg-type]


def test_a_finding() -> None:
    checked = linter().check(TextDocument(PATH, BAD, "shown/acme.py"))
    (finding,) = checked.findings
    assert (finding.path, finding.line, finding.column) == ("shown/acme.py", LINE, 7)
    assert (finding.code, finding.class_name, finding.severity) == ("TIE001", "AcmeForCausalLM", "warning")
    assert finding.transformers == ("5.23.0",)
    assert checked.models == 1


def test_no_finding() -> None:
    checked = linter().check(acme(GOOD))
    assert (checked.models, checked.findings) == (1, [])


def test_one_finding_for_several_releases() -> None:
    (finding,) = linter("4.51.3", "5.23.0").check(acme(BAD)).findings
    assert finding.transformers == ("4.51.3", "5.23.0")
    assert "not tied to the input embeddings (4.51.3); with tie_word" in finding.message


def test_noqa() -> None:
    silenced = BAD.replace("PreTrainedModel):", "PreTrainedModel):  # noqa: TIE001")
    assert linter().check(acme(silenced)).findings == []
    assert len(linter().check(acme(silenced), noqa=False).findings) == 1


def test_rules_that_are_not_selected_do_not_run() -> None:
    assert linter(ignore=("TIE001",)).check(acme(BAD)).findings == []
    assert linter(select=("TIE002",)).check(acme(BAD)).findings == []


def test_an_unparsable_file_is_a_finding_at_its_place() -> None:
    (finding,) = linter("4.51.3", "5.23.0").check(acme("class A(B:\n    pass\n")).findings
    assert (finding.code, finding.line, finding.class_name) == ("TIE900", 1, None)
    assert finding.transformers == ("4.51.3", "5.23.0")


def test_a_template_is_left_alone_and_what_is_generated_from_it_is_checked(write: Write) -> None:
    notice = "# This file was automatically generated from modular_acme.py.\n"
    generated = write("modeling_acme.py", notice + BAD)
    template = write("modular_acme.py", BAD)
    assert linter().check(TextDocument(template, BAD)).findings == []
    (found,) = linter().check(TextDocument(generated, notice + BAD)).findings
    assert found.message.endswith("; generated from modular_acme.py:5")
    generated.unlink()
    assert len(linter().check(TextDocument(template, BAD)).findings) == 1
