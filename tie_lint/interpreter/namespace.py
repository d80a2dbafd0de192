"""What the interpreter asks of whoever knows the files: the names of a module, and other modules."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

from tie_lint.interpreter.base_values import Value
from tie_lint.python.nodes import Expr


class Namespace(Protocol):
    """One module: where its code looks up the names that no function binds."""

    dotted: str
    """The module's dotted name."""
    path: Path | None
    """The file of the user's that it is; None for a module of a library."""

    def lookup(self, name: str) -> Value:
        """Return what a module-level name means; ``UNBOUND`` where the module does not bind it."""

    def assign(self, name: str, value: Value) -> None:
        """Give a module-level name a value for the rest of the run; ``UNBOUND`` takes it away."""

    def filled(self, value: Value) -> None:
        """Have definitions put themselves into a value of the module that is there to be filled."""

    def classes(self) -> Iterator[Any]:
        """Yield the module's classes in source order, those in its branches included."""

    def truth(self, test: Expr) -> bool | None:
        """Return the truth of a module-level condition; None where it cannot be known."""

    def import_fails(self, module: str, level: int, attribute: str | None) -> bool | None:
        """Return whether an import that the code provides for the failure of fails; None where that hangs on
        what is installed."""


class Resolver(Protocol):
    """All modules together."""

    def imported(self, scope: Any, module: str, level: int, attribute: str | None) -> Value:
        """Return what an import statement of a module binds."""

    def forget(self) -> None:
        """Start a new run with module-level values of the user's files as they were."""
