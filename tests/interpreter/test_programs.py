"""Generated programs: tie-lint makes of them what Python does. What runs here is the test's own text."""

from __future__ import annotations

import pytest

from tests.interpreter.in_python import MODEL
from tests.interpreter.programs import DEFINITIONS, program
from tests.tiny_models import ERAS, mapped

SHORT = 700
"""Results that are longer are left out: they are in no model."""


def outcome(text: str) -> str | None:
    """What Python makes of a program; None where it raises, or it is no program."""
    names: dict[str, object] = {}
    try:
        exec(DEFINITIONS + text, names)
        return repr(names["work"]())  # type: ignore[operator]
    except Exception:
        return None


def judged(number: int) -> str:
    """Whether the result of a program is known to be what it is."""
    text = program(number)
    result = outcome(text)
    if result is None or len(result) > SHORT:
        return "not run"
    model = MODEL.replace("BODY", "pass").replace("EXPRESSION", f"work() == {result}")
    found = mapped(DEFINITIONS + text + model, "Model", ERAS[-1])
    if found.raises is not None or found.ties is None:
        return f"{number} is not known"
    return "right" if found.ties else f"{number} is wrong"


@pytest.mark.parametrize("first", range(0, 300, 30))
def test_every_value_is_as_in_python(first: int) -> None:
    verdicts = [judged(number) for number in range(first, first + 30)]
    assert {*verdicts} <= {"right", "not run"}
    assert verdicts.count("right") > 15
