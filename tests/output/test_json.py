"""The reports for programs, by their schemas."""

from __future__ import annotations

import io
import json
from typing import Any

import jsonschema
import pytest

from tests.conftest import Write
from tests.examples import BAD, GOOD
from tests.output.report import FINDING, UNREADABLE, report
from tie_lint.cli import main
from tie_lint.output import json as output
from tie_lint.output.reports import json as written
from tie_lint.output.schema import load

SCHEMAS = ("findings", "explanations")


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    """What a command prints as JSON."""
    main([*arguments, "--output-format", "json"])
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_one_and_demands_every_key(name: str) -> None:
    schema = load(name)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["items"]["required"] == [*schema["items"]["properties"]]


def test_every_finding_has_the_schema_s_keys() -> None:
    stream = io.StringIO()
    written.write(report(FINDING, UNREADABLE), stream)
    elements = json.loads(stream.getvalue())
    jsonschema.validate(elements, load("findings"))
    assert [[*element] for element in elements] == [[*load("findings")["items"]["properties"]]] * 2
    assert elements[0]["class"] == "Acme"
    assert elements[0]["transformers"] == ["4.51.3"]


def test_nothing_found_is_an_empty_array() -> None:
    stream = io.StringIO()
    written.write(report(), stream)
    assert stream.getvalue() == "[]\n"


def test_what_check_prints_is_by_the_schema(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    write("acme.py", BAD)
    write("broken.py", "from transformers import PreTrainedModel\nclass A(PreTrainedModel:\n")
    elements = printed(capsys, "check", "--transformers", "5.23.0")
    jsonschema.validate(elements, load("findings"))
    assert [element["fix"] is None for element in elements] == [False, True]


def test_what_explain_prints_is_by_the_schema(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    write("good.py", GOOD)
    write("bad.py", BAD.replace("GemmaPreTrainedModel", "NowherePreTrainedModel"))
    elements = printed(capsys, "explain", "--transformers", ">=4.51,<5.2")
    jsonschema.validate(elements, load("explanations"))
    assert len({element["transformers"] for element in elements}) > 1


def test_a_key_that_the_schema_lacks_is_not_printed_and_one_too_few_is_an_error() -> None:
    stream = io.StringIO()
    with pytest.raises(KeyError):
        output.write_array([{"code": "TIE001"}], "findings", stream)
    output.write_array([{**FINDING.as_json(), "new": 1}], "findings", stream)
    assert "new" not in json.loads(stream.getvalue())[0]
