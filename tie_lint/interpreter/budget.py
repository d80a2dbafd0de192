"""What the linted code may make and take: bounds in items, characters and CPU time.

Steps alone bound nothing: one step can double a list, fill a string of three gigabytes, or compare two nested
tuples item by item. So whatever makes a value out of others first asks the budget for its size, and where the
budget does not grant it, the value is unknown: the rest of the run goes on.

The bounds in items are the same on every machine. The one in CPU time is the last resort, for what they do
not foresee: past it the questions about a class end with ``ExhaustedError``, as past any other bound.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import NoneType

from tie_lint.interpreter.base_values import ExhaustedError, Value

LARGEST = 1_000_000
"""The most items or characters of one value."""
MOST_MADE = 1_000_000
"""The most items and characters of all values of a run together."""
MOST_TOGETHER = 4_000_000
"""The most items and characters of all values of a file's classes: they are kept as long as the file is."""
CLASSES = 10
"""So many classes of a file may take all the time that one may."""
SMALL = 64
"""So much is granted without counting: the steps bound how often."""
DEEPEST_VALUE = 100
"""How deep containers may nest where they are compared, hashed, copied or printed as a whole."""
TICKS = 32
"""How many rounds of loops and calls go by between two looks at the clock."""
LONGEST_NUMBER = 4_096
"""The most bits of an integer: it is printed and multiplied in no time."""


class Together:
    """What is left to all classes of a file together: items of their runs, and CPU time."""

    __slots__ = ("deadline", "left", "seconds")

    def __init__(self, seconds: float = float("inf"), items: float = float("inf")) -> None:
        self.seconds, self.left = seconds, items
        self.deadline = time.thread_time() + seconds


_UNLIMITED = Together()
_TOGETHER: ContextVar[Together] = ContextVar("together", default=_UNLIMITED)


class Budget:
    """What is left to one class: items of its present run, and CPU time."""

    __slots__ = ("_deadline", "_left", "_limit", "_ticks", "_together")

    def __init__(self, seconds: float = float("inf"), together: Together = _UNLIMITED) -> None:
        self._left, self._ticks, self._together = MOST_MADE, 0, together
        self._deadline, self._limit = time.thread_time() + seconds, f"{seconds:g} s of CPU time"
        if together.deadline < self._deadline:
            self._deadline = together.deadline
            self._limit = f"{together.seconds:g} s of CPU time for one file"

    @property
    def left(self) -> int:
        """How many items the present run may still make."""
        return self._left

    def refill(self) -> None:
        """Grant another run of the class its items."""
        self._left = MOST_MADE

    def grants(self, size: int) -> bool:
        """Return whether a value of so many items or characters may be made; if so, it is taken as made."""
        if size <= SMALL:
            return True
        if size > LARGEST or size > self._left or size > self._together.left:
            return False
        self._left -= size
        self._together.left -= size
        return True

    def tick(self) -> None:
        """Raise ``ExhaustedError`` where the CPU time is spent; only every so often is that looked up."""
        self._ticks += 1
        if self._ticks % TICKS == 0 and time.thread_time() > self._deadline:
            self._ticks -= 1  # what is asked next is told at once
            raise ExhaustedError(f"more than {self._limit}")


_UNLIMITED_TIME = Budget()
_BUDGET: ContextVar[Budget] = ContextVar("budget", default=_UNLIMITED_TIME)

budget = _BUDGET.get
"""Return the budget of the class that is being asked about."""


@contextmanager
def class_budget(seconds: float) -> Iterator[None]:
    """Give all that is asked about one class a budget of its own, within a ``with`` statement."""
    token = _BUDGET.set(Budget(seconds, _TOGETHER.get()))
    try:
        yield
    finally:
        _BUDGET.reset(token)


@contextmanager
def file_budget(class_seconds: float, releases: int) -> Iterator[None]:
    """Bound what all classes of a file take together, within a ``with`` statement: as much as a few do."""
    seconds = class_seconds * CLASSES * releases
    token = _TOGETHER.set(Together(seconds, MOST_TOGETHER))
    try:
        yield
    finally:
        _TOGETHER.reset(token)


def tick() -> None:
    """Count a round of a loop or a call. Raises ``ExhaustedError`` where the CPU time is spent."""
    _BUDGET.get().tick()


def granted(size: int) -> bool:
    """Return whether a value of so many items or characters may be made."""
    return size <= SMALL or _BUDGET.get().grants(size)


_ATOMS = frozenset({bool, float, NoneType})
_SIZED = (str, bytes, list, tuple, set, frozenset, dict, int)


def whole(value: Value) -> bool:
    """Return whether a value may be compared, hashed, copied or printed with all that it holds.

    Python does these item by item, as often as an item occurs, and in one go: what is nested beyond all
    bounds must not be begun.
    """
    kind = type(value)
    if kind in _ATOMS or (kind is str and len(value) < SMALL) or not isinstance(value, _SIZED):
        return True
    size = 0
    level: list[Value] = [value]
    for _ in range(DEEPEST_VALUE):
        inner: list[Value] = []
        for item in level:
            if isinstance(item, (str, bytes)):
                size += len(item)
            elif isinstance(item, (list, tuple, set, frozenset)):
                inner.extend(item)
            elif isinstance(item, dict):
                inner.extend(item.keys())
                inner.extend(item.values())
            elif isinstance(item, int):
                size += item.bit_length() // 32
            if size + len(inner) > LARGEST:
                return False
        if not inner:
            return granted(size + len(level))
        size += len(level)
        level = inner
    return False
