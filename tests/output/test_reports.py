"""The formats that programs read, each by what its readers expect."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.conftest import Write
from tests.examples import BAD
from tests.output.report import FINDING, UNREADABLE, report
from tie_lint.api import Configuration, check_paths
from tie_lint.errors import UsageError
from tie_lint.finding import Edit, Finding, Fix
from tie_lint.output.reports import names, writer
from tie_lint.output.schema import load
from tie_lint.pipeline.report import Report
from tie_lint.record import replace

FIXED = replace(FINDING, fix=Fix(True, (Edit(2, 1, 2, 1, "x = 1\n"),)))
CELL = replace(FINDING, path="nb.ipynb", cell=3, line=7, end_line=7)


def printed(name: str, *findings: Finding, what: Report | None = None) -> str:
    stream = io.StringIO()
    writer(name, "--output-format")(what or report(*findings), stream)
    return stream.getvalue()


def test_formats_are_found_by_their_modules_and_documented() -> None:
    wanted = "azure concise full github gitlab grouped json json-lines junit pylint rdjson sarif"
    assert names() == wanted.split()
    usage = (Path(__file__).parents[2] / "docs" / "usage.md").read_text(encoding="utf-8")
    assert [name for name in names() if f"| `{name}` |" not in usage] == []
    assert load("settings")["properties"]["output-format"]["enum"] == names()


def test_a_format_that_there_is_not_is_bad_usage() -> None:
    with pytest.raises(UsageError, match=r"--output-format: no format 'jsno'; did you mean 'json'\?"):
        writer("jsno", "--output-format")


@pytest.mark.parametrize("name", names())
def test_every_format_can_say_that_nothing_was_found(name: str) -> None:
    printed(name)


@pytest.mark.parametrize("name", sorted({*names()} - {"json", "json-lines", "gitlab", "rdjson", "sarif"}))
def test_nothing_of_others_reaches_a_stream_raw(name: str) -> None:
    nasty = replace(FINDING, path="a\x1b]0;x\x07\n::error::.py", problem="\x1b[31m\n::error file=x::y")
    text = printed(name, nasty)
    assert "\x1b" not in text and "\x07" not in text
    assert not re.search(r"^::error (?!file=a)|^::error::", text, re.M)


def test_concise_is_a_line_for_each_finding() -> None:
    several = replace(FIXED, stretch="5.x", severity="warning")
    assert printed("concise", UNREADABLE, several).splitlines()[:2] == [
        "b.py:1:1: TIE900 Acme is wrong: 100% untied (error)",
        "models/acme.py:2:7: TIE001 [*] Acme is wrong: 100% untied (warning in 5.x)",
    ]


def test_grouped_has_a_heading_for_each_file() -> None:
    lines = printed("grouped", UNREADABLE, FINDING, replace(FINDING, line=12)).splitlines()
    assert lines[:6] == [
        "b.py:",
        "  1:1 TIE900 Acme is wrong: 100% untied (error)",
        "",
        "models/acme.py:",
        "  2:7  TIE001 Acme is wrong: 100% untied (error)",
        "  12:7 TIE001 Acme is wrong: 100% untied (error)",
    ]


def test_json_lines_are_the_elements_of_json() -> None:
    lines = [json.loads(line) for line in printed("json-lines", FINDING, UNREADABLE).splitlines()]
    assert lines == json.loads(printed("json", FINDING, UNREADABLE))


def test_pylint_s_lines() -> None:
    assert printed("pylint", FINDING) == "models/acme.py:2: [TIE001] Acme is wrong: 100% untied\n"


def test_azure_s_commands() -> None:
    odd = replace(FINDING, path="a;b].py", problem="50%\nless", effects=())
    assert printed("azure", odd) == (
        "##vso[task.logissue type=error;sourcepath=a%3Bb%5D.py;linenumber=2;columnnumber=7;code=TIE001;]"
        "50%AZP25%0Aless\n"
    )


def test_gitlab_s_issues_have_fingerprints_that_survive_moved_lines(folder: Path) -> None:
    issues = json.loads(printed("gitlab", FINDING, replace(FINDING, line=9)))
    moved = json.loads(printed("gitlab", replace(FINDING, line=30), replace(FINDING, line=40)))
    assert [one["fingerprint"] for one in issues] == [one["fingerprint"] for one in moved]
    assert len({one["fingerprint"] for one in issues}) == 2
    assert issues[0] == {
        "description": "TIE001 Acme is wrong: 100% untied",
        "check_name": "TIE001 missing-output-embeddings",
        "fingerprint": issues[0]["fingerprint"],
        "severity": "major",
        "location": {"path": "models/acme.py", "lines": {"begin": 2, "end": 2}},
    }


def test_junit_s_suites_add_up() -> None:
    root = ElementTree.fromstring(printed("junit", UNREADABLE, FINDING, FINDING))
    assert [(suite.get("name"), suite.get("failures")) for suite in root] == [
        ("b.py", "1"),
        ("models/acme.py", "2"),
    ]
    assert [case.find("failure") is not None for case in root.iter("testcase")] == [True] * 3
    assert [len(list(suite)) for suite in root] == [1, 2]
    (passed,) = ElementTree.fromstring(printed("junit")).iter("testcase")
    assert len(passed) == 0


def test_reviewdog_s_columns_count_bytes() -> None:
    what = report(replace(FIXED, column=3, end_column=5))
    what.lines["models/acme.py"] = ["import x", "éé = Acme"]
    (diagnostic,) = json.loads(printed("rdjson", what=what))["diagnostics"]
    assert diagnostic["location"]["range"] == {
        "start": {"line": 2, "column": 5},
        "end": {"line": 2, "column": 7},
    }
    assert diagnostic["suggestions"] == [
        {
            "range": {"start": {"line": 2, "column": 1}, "end": {"line": 2, "column": 1}},
            "text": "x = 1\n",
        }
    ]
    assert (diagnostic["severity"], diagnostic["code"]["value"]) == ("ERROR", "TIE001")


@pytest.mark.parametrize("name", ["github", "gitlab", "azure", "sarif", "rdjson"])
def test_paths_are_those_of_the_repository(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "sub").mkdir()
    monkeypatch.chdir(folder / "sub")
    assert "sub/models/acme.py" in printed(name, FINDING)


@pytest.mark.parametrize("name", ["github", "gitlab", "azure", "sarif", "rdjson", "pylint"])
def test_a_finding_in_a_notebook_is_one_about_the_file(name: str) -> None:
    text = printed(name, replace(CELL, fix=FIXED.fix))
    assert "nb.ipynb" in text and "x = 1" not in text
    assert not re.search(r"(line|Line|linenumber|begin)\"?[=:] ?7", text)


def sarif(*findings: Finding, what: Report | None = None) -> dict[str, Any]:
    log: dict[str, Any] = json.loads(printed("sarif", *findings, what=what))
    return log


def test_sarif_says_all_that_code_scanning_shows() -> None:
    log = sarif(FIXED)
    (run,) = log["runs"]
    (result,) = run["results"]
    rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]
    assert (log["version"], rule["id"], rule["helpUri"][:8]) == ("2.1.0", "TIE001", "https://")
    assert rule["help"]["markdown"].startswith("# missing-output-embeddings (TIE001)")
    assert (result["ruleId"], result["level"]) == ("TIE001", "error")
    where = result["locations"][0]
    assert where["physicalLocation"]["region"] == {
        "startLine": 2,
        "startColumn": 7,
        "endLine": 2,
        "endColumn": 11,
    }
    assert where["logicalLocations"] == [{"name": "Acme", "kind": "type"}]
    (replacement,) = result["fixes"][0]["artifactChanges"][0]["replacements"]
    assert replacement["insertedContent"] == {"text": "x = 1\n"}
    assert run["invocations"][0]["executionSuccessful"]


def test_sarif_s_fingerprints_survive_moved_lines_and_tell_findings_apart() -> None:
    def found(*lines: int) -> list[dict[str, str]]:
        (run,) = sarif(*(replace(FINDING, line=line, end_line=line) for line in lines))["runs"]
        return [result["partialFingerprints"] for result in run["results"]]

    assert found(2, 9) == found(30, 40)
    assert found(2, 9)[0] != found(2, 9)[1]


def test_sarif_has_a_run_for_each_set_of_targets(write: Write) -> None:
    for name, release in (("old", "4.51.3"), ("new", "5.23.0")):
        write(f"{name}/acme.py", BAD)
        write(f"{name}/requirements.txt", f"transformers=={release}\n")
    runs = sarif(what=check_paths(["."], Configuration(), fixes="show"))["runs"]
    assert {
        (
            run["automationDetails"]["id"],
            *(one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in run["results"]),
        )
        for run in runs
    } == {("tie-lint/transformers 4.51.3/", "old/acme.py"), ("tie-lint/transformers 5.23.0/", "new/acme.py")}


def test_sarif_is_by_the_rules_of_its_schema() -> None:
    """Those that a report can break and that no schema can say."""
    log = sarif(FIXED, UNREADABLE, CELL)
    for run in log["runs"]:
        rules = run["tool"]["driver"]["rules"]
        assert len({rule["id"] for rule in rules}) == len(rules)
        for result in run["results"]:
            assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
            assert result["level"] in ("none", "note", "warning", "error")
            for location in result["locations"]:
                place = location["physicalLocation"]
                assert place["artifactLocation"]["uriBaseId"] in run["originalUriBaseIds"]
                assert (
                    "\\" not in place["artifactLocation"]["uri"]
                    and " " not in place["artifactLocation"]["uri"]
                )
                assert min(place["region"].values()) >= 1
