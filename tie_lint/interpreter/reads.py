"""What code reads of its surroundings, noted while it runs: if it reads the same again, it does the same.

Noted are attributes of objects that the code is given, module-level values of the user's files and values of
class attributes, as far as runs can change them. What cannot be noted so is noted as :data:`UNTOLD`.
"""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import Any, NamedTuple, cast

from tie_lint.interpreter.base_values import External, Inert, Sentinel, Value
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.snapshot import LASTING
from tie_lint.interpreter.values import Instance

MOST_FROZEN = 500
"""The items of a value that is compared as a whole."""


class UntoldError(Exception):
    """A value that cannot be compared with what it is at another time."""


class AttributeRead(NamedTuple):
    """An attribute of an object was read, or found to be missing."""

    instance: Instance
    name: str
    value: Value
    frozen: Any


class OutsideRead(NamedTuple):
    """A value was read that belongs to no object: to a module, or to a class."""

    owner: Any
    name: str
    frozen: Any


class Told(NamedTuple):
    """The trace was told that an attribute was read."""

    name: str


UNTOLD = Sentinel("untold")
ABSENT = Sentinel("absent")
EVERY_NAME = "*"
"""The name under which it is noted that somebody asked for the names of all attributes."""

Read = AttributeRead | OutsideRead | Told | Sentinel


def freeze(value: Value) -> Any:
    """Return what is equal for two values, or one at two times, if they are alike.

    Objects are that are of one class: their attributes are read one by one. Raises :class:`UntoldError`.
    """
    if type(value) is Instance and value.data is None and not value.given_module:
        return Instance, value.cls
    return _frozen(value, [MOST_FROZEN])


def frozen_attribute(instance: Instance, name: str) -> Any:
    """Return an attribute of an object, frozen; None where that cannot be compared. Nothing is noted."""
    if name == EVERY_NAME:
        return tuple(unwatched(instance))
    try:
        return freeze(unwatched(instance).get(name, ABSENT))
    except UntoldError:
        return None


def freeze_whole(value: Value) -> Any:
    """Return the same of a value that is nobody's argument: objects with all that they hold."""
    return _frozen(value, [MOST_FROZEN])


def _frozen(value: Value, left: list[int]) -> Any:
    kind = type(value)
    if kind is External:
        return kind, value.name
    if kind in LASTING or isinstance(value, Inert):
        return kind, value
    left[0] -= 1 + (len(value) if kind in (list, tuple, dict) else 0)
    if left[0] < 0:
        raise UntoldError
    if kind is list or kind is tuple:
        return kind, tuple([_frozen(item, left) for item in value])
    if kind is dict:
        return kind, tuple([(_frozen(key, left), _frozen(item, left)) for key, item in value.items()])
    if kind is Instance and not value.given_module:
        return value.cls, _frozen(value.attrs, left), _frozen(value.data, left)
    raise UntoldError


class Watched(MutableMapping[str, Value]):
    """The attributes of an object while it is watched. What is asked of them is noted."""

    def __init__(self, instance: Instance, reads: list[Read]) -> None:
        self._instance, self.plain, self._reads = instance, unwatched(instance), reads

    def release(self) -> dict[str, Value]:
        """Watch no more; return the attributes, for whoever is handed all of them."""
        self._reads.append(UNTOLD)
        return self.restore()

    def restore(self) -> dict[str, Value]:
        """Watch no more; return the attributes."""
        self._instance.attrs = self.plain
        return self.plain

    def _note(self, name: str) -> None:
        value = self.plain.get(name, ABSENT)
        try:
            self._reads.append(AttributeRead(self._instance, name, value, freeze(value)))
        except UntoldError:
            self._reads.append(UNTOLD)

    def __contains__(self, name: object) -> bool:
        self._note(str(name))
        return name in self.plain

    def __getitem__(self, name: str) -> Value:
        self._note(name)
        return self.plain[name]

    def get(self, name: str, default: Value = None) -> Value:
        self._note(name)
        return self.plain.get(name, default)

    def _note_all(self) -> dict[str, Value]:
        for name in self.plain:
            self._note(name)
        self._reads.append(AttributeRead(self._instance, EVERY_NAME, None, tuple(self.plain)))
        return self.plain

    def __iter__(self) -> Iterator[str]:
        return iter(self._note_all())

    def __len__(self) -> int:
        return len(self._note_all())

    def keys(self) -> Any:
        return self._note_all().keys()

    def values(self) -> Any:
        return self._note_all().values()

    def items(self) -> Any:
        return self._note_all().items()

    def __setitem__(self, name: str, value: Value) -> None:
        self._reads.append(UNTOLD)
        self.plain[name] = value

    def __delitem__(self, name: str) -> None:
        self._reads.append(UNTOLD)
        del self.plain[name]


def attributes(instance: Instance) -> dict[str, Value]:
    """Return all attributes of an object, to be looked into by whoever gets them."""
    found, instance.shown = instance.attrs, True
    return found.release() if type(found) is Watched else cast("dict[str, Value]", found)


def unwatched(instance: Instance) -> dict[str, Value]:
    """Return the attributes of an object; nothing is noted."""
    found = instance.attrs
    return found.plain if type(found) is Watched else cast("dict[str, Value]", found)


def tell(interp: Interpreter, name: str) -> None:
    """Tell the trace that a watched attribute was read."""
    interp.trace.read(name)
    if interp.reads is not None:
        interp.reads.append(Told(name))


def note_outside(reads: list[Read], owner: Any, name: str, value: Value) -> None:
    """Note that the value of a module or class was read under a name."""
    try:
        reads.append(OutsideRead(owner, name, freeze_whole(value)))
    except UntoldError:
        reads.append(UNTOLD)


def noted(interp: Interpreter, owner: Any, name: str, value: Value) -> Value:
    """Return what is read of a class under a name, noted where a run may change it."""
    if interp.reads is not None and is_changeable(value):
        note_outside(interp.reads, owner, name, value)
    return value


def is_changeable(value: Value) -> bool:
    """Return whether a run may change what a value is."""
    return type(value) not in LASTING and not isinstance(value, Inert)
