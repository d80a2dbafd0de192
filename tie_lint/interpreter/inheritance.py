"""What a class gives under a name: by its source, or by an intrinsic that stands for that of a library."""

from __future__ import annotations

from typing import Any

from tie_lint.interpreter.base_values import External
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.register import method_of


def lookup(cls: Class, name: str, after: Class | None = None) -> tuple[Any, Any] | None:
    """Return ``(owner, what it gives)`` for the first of a class's MRO, after ``after``, with an attribute.

    What it gives is an :class:`Attribute` of the source, or a :class:`Native` of ours that stands for it.
    """
    if after is not None:
        names = [item.name for item in cls.mro]
        rest = cls.mro[names.index(after.name) + 1 :] if after.name in names else []
        return next((given for item in rest if (given := _gives(item, name)) is not None), None)
    if name not in cls.given:
        _look_up(cls, name)
    return cls.given[name]


def _look_up(cls: Class, name: str) -> None:
    """Note what a class's MRO gives under a name; of the bases whose MRO the rest of it is, too."""
    alike: list[Class] = []
    base: Class | None = cls
    found: tuple[Any, Any] | None = None
    for item in cls.mro:
        if base is not None and item is base:
            if name in base.given:
                found = base.given[name]
                break
            alike.append(base)
            base = base.goes_on_as
        found = _gives(item, name)
        if found is not None:
            break
    for one in alike:
        one.given[name] = found


def _gives(item: Class | External, name: str) -> tuple[Any, Any] | None:
    native = method_of(item.name, name)
    if native is not None:
        return item, native
    own = item.own().get(name) if isinstance(item, Class) else None
    return None if own is None or own.kind == "bare" else (item, own)
