"""What front ends call."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import tie_lint
from tests.conftest import Write
from tests.examples import BAD, GOOD, LINE
from tie_lint.api import Configuration, UsageError, check_paths, check_source, explain_paths
from tie_lint.interpreter.classes import Class
from tie_lint.library.target import Target
from tie_lint.pipeline import outcomes
from tie_lint.pipeline.linter import Linter
from tie_lint.rules import Rule
from tie_lint.tiemap import tie_map
from tie_lint.tiemap.view import ModelView

RELEASE = Configuration(transformers="5.23.0")


def test_paths_are_checked(write: Write) -> None:
    write("acme.py", BAD)
    write("good.py", GOOD)
    report = check_paths(["."], RELEASE)
    assert [(found.path, found.line, found.code, found.fix) for found in report.findings] == [
        ("acme.py", LINE, "TIE001", None)
    ]
    assert (report.model_files, report.failures) == (2, [])
    assert [targets.releases for targets in report.targets] == [("5.23.0",)]


def test_fixes_are_shown_in_the_findings_in_diffs_or_in_the_files(write: Write) -> None:
    path = write("acme.py", BAD)
    (finding,) = check_paths([path], RELEASE, fixes="show").findings
    assert finding.fix is not None and finding.fix.safe
    report = check_paths([path], RELEASE, fixes="diff")
    assert len(report.diffs) == 1 and path.read_text(encoding="utf-8") == BAD
    assert [found.code for found in check_paths([path], RELEASE, fixes="write").fixed] == ["TIE001"]
    assert path.read_text(encoding="utf-8") == GOOD


def test_a_text_stands_for_a_file(write: Write) -> None:
    path = write("acme.py", GOOD)
    assert [found.code for found in check_source(BAD, path, RELEASE).findings] == ["TIE001"]
    silenced = BAD.replace("ForCausalLM(GemmaPreTrainedModel):", "ForCausalLM(GemmaPreTrainedModel):  # noqa")
    assert check_source(silenced, path, RELEASE).findings == []
    assert len(check_source(silenced, path, RELEASE, noqa=False).findings) == 1
    assert [found.code for found in check_source("class A(:\n", "models.py", RELEASE).findings] == ["TIE900"]


def test_classes_are_explained(write: Write) -> None:
    write("good.py", GOOD)
    explanations = list(explain_paths(["good.py"], RELEASE))
    assert [explanation.facts["class"] for explanation in explanations] == ["AcmeForCausalLM"]
    assert explanations[0].facts["output_embeddings"] == "head"


def test_settings_come_from_the_project_and_are_overridden(write: Write) -> None:
    path = write("acme.py", BAD)
    write("pyproject.toml", '[tool.tie-lint]\ntransformers = "5.23.0"\nignore = ["TIE001"]\n')
    assert check_paths([path]).findings == []
    assert len(check_paths([path], Configuration(ignore=())).findings) == 1
    with pytest.raises(UsageError, match="select"):
        check_paths([path], Configuration(select=("E501",)))


def test_an_internal_error_about_a_rule_costs_no_other_rule_class_or_file(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("acme.py", BAD + BAD.partition("\n\n\n")[2].replace("AcmeFor", "OtherFor"))
    write("other.py", BAD)
    found = outcomes._found

    def mistaken(view: ModelView, rule: Rule, target: Target) -> object:
        wrong = (view.name, rule.code) == ("AcmeForCausalLM", "TIE003")
        return 1 // 0 if wrong else found(view, rule, target)

    monkeypatch.setattr(outcomes, "_found", mistaken)
    report = check_paths(["."], RELEASE, fixes="show")
    classes = [(finding.path, finding.class_name, finding.code) for finding in report.findings]
    assert classes == [
        ("acme.py", "AcmeForCausalLM", "TIE001"),
        ("acme.py", "OtherForCausalLM", "TIE001"),
        ("other.py", "AcmeForCausalLM", "TIE001"),
    ]
    assert {(failure.path, failure.class_name) for failure in report.failures} == {
        ("acme.py", "AcmeForCausalLM"),
        ("other.py", "AcmeForCausalLM"),
    }
    assert all("ZeroDivisionError" in failure.error for failure in report.failures)
    assert all(finding.fix is None for finding in report.findings), "nothing is known of the text after it"


def test_an_internal_error_about_a_class_costs_no_other_explanation(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("good.py", GOOD + GOOD.partition("\n\n\n")[2].replace("AcmeFor", "OtherFor"))
    real = tie_map.tie_map

    def mistaken(interp: Any, cls: Class) -> object:
        return 1 // 0 if cls.leaf == "AcmeForCausalLM" else real(interp, cls)

    monkeypatch.setattr(tie_map, "tie_map", mistaken)
    explanations = explain_paths(["good.py"], RELEASE)
    assert [explanation.facts["class"] for explanation in explanations] == ["OtherForCausalLM"]
    assert [(failure.path, failure.class_name) for failure in explanations.failures] == [
        ("good.py", "AcmeForCausalLM")
    ]


def test_a_file_that_cannot_be_checked_is_a_failure_of_the_text_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Linter, "check", lambda *_: 1 // 0)
    (failure,) = check_source(BAD, "acme.py", RELEASE).failures
    assert (failure.path, failure.class_name) == ("acme.py", None)
    assert "test_api.py" in failure.error and "ZeroDivisionError" in failure.traceback


def test_every_public_name_is_there_and_importing_the_package_imports_no_other() -> None:
    assert all(getattr(tie_lint, name) for name in tie_lint.__all__)
    assert {*tie_lint.__all__} <= {*dir(tie_lint)}
    with pytest.raises(AttributeError, match="check_path"):
        tie_lint.check_path  # noqa: B018
    program = "import sys, tie_lint; print(*(name for name in sys.modules if name.startswith('tie_lint.')))"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.split() == []


def test_a_path_that_is_not_there_is_bad_usage(folder: Path) -> None:
    with pytest.raises(UsageError, match="nowhere"):
        check_paths([folder / "nowhere.py"])
