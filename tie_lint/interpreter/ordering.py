"""What is first: ``sorted``, ``list.sort``, ``max`` and ``min``, by the items or by a key of each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tie_lint.interpreter.base_values import Unknown, Value
from tie_lint.interpreter.budget import whole
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.plain import UncomputedError, computed


def ordered(interp: Interpreter, items: list[Value], key: Value, downwards: bool) -> list[Value] | None:
    """Return items in their order; None where that is not known. Raises what calling the key raises."""
    keys = _keys(interp, items, key)
    if keys is None:
        return None
    try:
        order = computed(sorted, range(len(items)), key=keys.__getitem__, reverse=downwards)
    except UncomputedError:
        return None
    return [items[index] for index in order]


def best(interp: Interpreter, function: Callable[..., Any], items: list[Value], key: Value) -> int | None:
    """Return the place of what ``max`` or ``min`` chooses; None where that is not known."""
    keys = _keys(interp, items, key)
    try:
        return None if keys is None else int(computed(function, range(len(items)), key=keys.__getitem__))
    except UncomputedError:
        return None


def _keys(interp: Interpreter, items: list[Value], key: Value) -> list[Value] | None:
    """What items are ordered by; None where that is not known."""
    found = items if key is None else [interp.call(key, [item], {}) for item in items]
    return found if whole(found) and not any(isinstance(item, Unknown) for item in found) else None
