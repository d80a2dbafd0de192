"""Which classes of libraries mean more to a run than their source says, and what they do to those below them.

The rooms that know a library add its roots; the interpreter only asks.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Literal

from tie_lint.interpreter.base_values import Value
from tie_lint.record import Data


class Root(Data):
    """A class of a library, by its dotted name, and what it does to the classes below it."""

    kind: Literal["module", "model", "config"]
    """Instances of a module class register what is assigned to them; those of a model class are modules that
    are built at once; a config class is an object with the hooks below."""
    may_escape: Callable[[Any, Any], bool] | None = None
    """Called with the run and a module class: whether building one may change something outside it, or share
    something inside it. Where it may not, building it can wait."""
    rename: Callable[[Any, Any, str], str] | None = None
    """Called with the run, the class and a name: the attribute that the name stands for."""
    class_value: Callable[[Any, str, Value], Value] | None = None
    """Called with the run, a name and the value that a class's body gives it: the value the class has."""


ROOTS: dict[str, Root] = {}
"""The roots by dotted name."""

ATTRIBUTE_DICTS: set[str] = set()
"""Classes that are not read whose objects are dicts with their items as attributes."""

READ_PACKAGES = {"abc", "builtins", "collections", "dataclasses", "enum", "typing", "typing_extensions"}
"""Packages whose classes bring nothing that the register does not say: a base from elsewhere may define
anything."""

UNREAD_BASES: list[Callable[[str], str | None]] = []
"""Called with the dotted name of a class that is not read: its base, None where it has none of note."""


@functools.lru_cache(maxsize=4096)
def bases_of(name: str) -> tuple[str, ...]:
    """Return the bases that a class which is not read is known to have."""
    return tuple(base for find in UNREAD_BASES if (base := find(name)) is not None)
