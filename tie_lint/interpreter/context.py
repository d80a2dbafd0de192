"""The interpreter as its own parts, and the intrinsics, see it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from tie_lint.cause import Cause
from tie_lint.interpreter.base_values import Given, RaisedError, Value
from tie_lint.interpreter.classes import Attribute, Class
from tie_lint.interpreter.namespace import Resolver
from tie_lint.interpreter.values import Env, Instance, Module
from tie_lint.python.nodes import Expr, Parameter
from tie_lint.python.statements import Stmt


class Trace(Protocol):
    """Who follows a run from above, and is told what the rooms above care for."""

    @property
    def watched(self) -> frozenset[str]:
        """The attributes of objects whose reading matters."""

    def begin(self) -> None:
        """Forget the last run."""

    def read(self, name: str) -> None:
        """Note that a watched attribute was read."""

    def assigned(self, holder: Module, name: str, at: Any) -> None:
        """Note that an assignment gave a module another module or a parameter."""

    def mark(self) -> int:
        """Return how much was noted so far."""

    def assignments(self, since: int) -> list[tuple[Module, str, Any]] | None:
        """Return the assignments that were noted since then; None where anything else was noted, too."""


class Interpreter(Protocol):
    """One run at a time over the code of one project."""

    watched: frozenset[str]
    """The attributes of objects whose reading the trace is told of."""

    @property
    def resolver(self) -> Resolver:
        """Whoever knows the other modules."""

    @property
    def trace(self) -> Trace:
        """Who follows the run."""

    steps: int
    limit: int
    depth: int
    doubts: list[Cause]
    """Causes why the objects of this run may share more, or less, than the run saw."""
    class_values: dict[tuple[Class, str], Value]
    """The values of class-level assignments that this run has evaluated or changed."""
    sampled: bool
    """Whether only the first rounds of a loop were run, whose number is a symbol."""
    defaults: dict[int, tuple[Parameter, Value]]
    """Default arguments by the identity of their expression: they are evaluated once."""
    registries: bool
    """Whether the run looked at something that modules may fill which nobody knows of."""
    remembered: int
    """How often a function was called that may hand out what it handed out before."""
    memory: dict[object, dict[Any, Any]]
    """What functions remember in this run, by function."""
    call_at: Any
    """The span of the statement that is being run, where it is a call."""
    loading: int
    """How many module-level statements are being run."""
    twins: dict[Class, Any]
    """What modules that are built may be the twins of (:mod:`tie_lint.interpreter.twins`)."""
    pending: list[Any]
    """What waits, or waited, to be built, since models were last let go of
    (:mod:`tie_lint.interpreter.letting_go`)."""
    reads: list[Any] | None
    """What is read of the surroundings (:mod:`tie_lint.interpreter.reads`), while that is noted."""
    supposing: bool
    """Whether it is only asked what would be, so that nothing may be built."""
    rebound: bool
    """Whether this run has given a name of a module or class another value."""
    attempts: int
    """How many ``try`` statements with handlers are around the code that runs."""
    late_errors: list[RaisedError]
    """What modules certainly raise that were built after the code that asked for them had gone on."""
    given: list[Given]
    """What was taken to be given."""
    provided_for: frozenset[str]
    """The errors that the code that runs provides for, as far as that matters (``try: import …``)."""

    def fresh(self) -> None:
        """Forget what belongs to the last run."""

    def ev(self, expr: Expr, env: Env) -> Value:
        """Evaluate an expression."""

    def run(self, body: list[Stmt], env: Env) -> Any:
        """Run statements."""

    def store(self, target: Expr, value: Value, env: Env) -> None:
        """Assign a value to a target."""

    def call(self, function: Value, args: list[Value], kwargs: dict[str, Value]) -> Value:
        """Call a value."""

    def call_method(self, target: Value, name: str, *args: Value, **kwargs: Value) -> Value:
        """Call a method of an object by name."""

    def set_attr(self, target: Value, name: str, value: Value) -> None:
        """Do ``target.name = value``."""

    def find_method(self, target: Module | Instance, name: str) -> Value | None:
        """Return a method of an object's class, bound; None where the class has none."""

    def class_value(self, owner: Class, name: str, found: Attribute) -> Value:
        """Return the value of a class-level assignment."""

    def guarded(self, work: Callable[[], Value]) -> Value:
        """Run something whose failure only makes its own value unknown."""

    def doubt(self, why: str | Cause) -> None:
        """Note why the objects of this run may share more, or less, than the run saw."""

    def doubt_arguments(self, why: str | Cause, args: list[Value], kwargs: dict[str, Value]) -> None:
        """Note that code that is not read got hold of modules, and may have tied or changed them."""
