"""Strings of which no more is known than how they begin and end: what their methods say all the same."""

from __future__ import annotations

from tie_lint.interpreter.base_values import Native, Unknown, Value
from tie_lint.interpreter.context import Interpreter


def partial_method(text: Unknown, name: str) -> Native | None:
    """Return a method of a string that may be answered by how that begins and ends; None for any other."""
    if text.ends is None or name not in ("startswith", "endswith"):
        return None
    lead, tail = text.ends
    known = lead if name == "startswith" else tail[::-1]

    def ask(interp: Interpreter, wanted: Value = None, *more: Value) -> Value:
        asked = wanted if isinstance(wanted, tuple) else (wanted,)
        if more or not all(isinstance(one, str) for one in asked):
            return Unknown(text.why)
        answers = [_begins(known, one if name == "startswith" else one[::-1]) for one in asked]
        return True if True in answers else Unknown(text.why) if None in answers else False

    return Native(name, ask)


def _begins(known: str, asked: str) -> bool | None:
    """Whether a string of a known beginning begins so; None where that goes beyond what is known."""
    if known.startswith(asked):
        return True
    return None if asked.startswith(known) else False
