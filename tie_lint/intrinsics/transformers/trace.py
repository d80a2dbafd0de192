"""What a run notes of the models it builds: who did what to them, and whether a config was asked to tie."""

from __future__ import annotations

from typing import Any, TypeAlias

from tie_lint.interpreter.base_values import Value
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.values import Module, Param
from tie_lint.record import NamedTuple

FLAG = "tie_word_embeddings"


class PostInit(NamedTuple):
    """The library's ``post_init()`` began."""

    model: Module
    at: Any
    """The span of the statement that calls it."""


class InitWeights(NamedTuple):
    """The library's ``init_weights()`` began."""

    model: Module
    at: Any


class InheritedGetter(NamedTuple):
    """The library's own ``get_input_embeddings()`` was asked."""

    model: Module


class Tied(NamedTuple):
    """A getter's output embedding was given another weight."""

    head: Module
    before: Value
    """The weight that it had."""


class Reshaped(NamedTuple):
    """A tie put a weight where one of another shape was."""

    holder: Module
    name: str
    """Which attribute of the module."""
    before: tuple[Value, ...]
    weight: Param
    """What is there now."""
    after: tuple[Value, ...]


class Assigned(NamedTuple):
    """An assignment in the source gave a module another module or a parameter."""

    holder: Module
    name: str
    at: Any


class Lacked(NamedTuple):
    """A helper of the library was asked for that this release does not have."""

    model: Module
    name: str


class Downloaded(NamedTuple):
    """``from_pretrained`` of a model class was called, and not told where to put the model."""

    at: list[int]
    """The statement that was being run."""


Event: TypeAlias = PostInit | InitWeights | InheritedGetter | Tied | Reshaped | Assigned | Lacked | Downloaded


class Trace:
    """What happened in the run, in order."""

    watched = frozenset({FLAG, "__dict__"})
    """The attributes of configs whose reading matters: a model may be another one under another flag."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.flag_read = False
        """Whether this run has read ``tie_word_embeddings`` of a config, or handed out all that one holds."""
        self.deferred: Class | None = None
        """The model class whose ``post_init()`` is put off, or None."""
        self.all_deferred = False
        """Whether that of every model is."""

    def begin(self) -> None:
        """Forget the last run."""
        self.events, self.flag_read, self.deferred = [], False, None
        self.all_deferred = False

    def read(self, name: str) -> None:
        """Note that a watched attribute was read."""
        self.flag_read = True

    def assigned(self, holder: Module, name: str, at: Any) -> None:
        """Note that an assignment gave a module another module or a parameter."""
        self.events.append(Assigned(holder, name, at))

    def mark(self) -> int:
        """Return how much was noted so far."""
        return len(self.events)

    def assignments(self, since: int) -> list[tuple[Module, str, Any]] | None:
        """Return the assignments that were noted since then; None where anything else was noted, too."""
        found = self.events[since:]
        assigned = [(one.holder, one.name, one.at) for one in found if isinstance(one, Assigned)]
        return assigned if len(assigned) == len(found) else None
