"""The report for programs."""

from __future__ import annotations

import io
import json
from typing import Any

import jsonschema

from tests.output.report import FINDING, UNREADABLE, report
from tie_lint.output import json as output

PLACE = {"type": "integer", "minimum": 1}
PROPERTIES: dict[str, Any] = {
    "code": {"type": "string", "pattern": r"^TIE\d{3}$"},
    "name": {"type": "string"},
    "message": {"type": "string"},
    "path": {"type": "string"},
    "line": PLACE,
    "column": PLACE,
    "end_line": PLACE,
    "end_column": PLACE,
    "class": {"type": ["string", "null"]},
    "transformers": {"type": "array", "items": {"type": "string"}, "minItems": 1},
    "severity": {"enum": ["error", "warning"]},
    "url": {"type": "string", "format": "uri"},
    "fix": {"type": "null"},
}
ELEMENT = {
    "type": "object",
    "properties": PROPERTIES,
    "required": [*PROPERTIES],
    "additionalProperties": False,
}


def test_every_element_has_exactly_these_keys() -> None:
    stream = io.StringIO()
    output.write(report(FINDING, UNREADABLE), stream)
    elements = json.loads(stream.getvalue())
    jsonschema.validate(elements, {"type": "array", "items": ELEMENT, "minItems": 2})
    assert elements[0]["class"] == "Acme"
    assert elements[0]["transformers"] == ["4.51.3"]


def test_nothing_found_is_an_empty_array() -> None:
    stream = io.StringIO()
    output.write(report(), stream)
    assert stream.getvalue() == "[]\n"
