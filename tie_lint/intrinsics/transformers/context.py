"""The interpreter as the rooms see it that know the library."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeVar

from tie_lint.interpreter import context
from tie_lint.interpreter.base_values import Value
from tie_lint.interpreter.namespace import Resolver
from tie_lint.intrinsics.transformers.trace import Trace
from tie_lint.library.contract import Contract
from tie_lint.library.watched import Watcher
from tie_lint.python.nodes import Parameter

T = TypeVar("T")


class Library(Resolver, Protocol):
    """All modules together, one release of the library among them."""

    @property
    def release(self) -> str:
        """The release of the library, such as "4.51.3"."""

    kept: dict[Any, Any]
    """What was derived for the file that is asked about: see :mod:`tie_lint.interpreter.caches`."""

    def library_value(self, module: str, name: str) -> Value:
        """Return a module-level name of one of the library's modules; ``UNBOUND`` where there is none."""

    def exported_from(self, package: str, name: str) -> Value:
        """Return a name that a package of the library exports; ``UNBOUND`` where there is none."""

    @property
    def peers(self) -> Watcher:
        """The other targets of the run, for some of which answers would have been otherwise."""

    def asked_by(self, scope: Any) -> AbstractContextManager[None]:
        """Say for which module's sake others are looked into meanwhile."""


class Interpreter(context.Interpreter, Protocol):
    """An interpreter that builds models as one release of the library does."""

    contract: Contract
    """What the release does; :meth:`under` another one for a while."""
    defaults: dict[int, tuple[Parameter, Value]]

    @property
    def resolver(self) -> Library:
        """All modules together, the library's among them."""

    @property
    def trace(self) -> Trace:
        """What was done to models."""

    def fresh(self) -> None:
        """Forget what belongs to the last run: steps, doubts, events and mutable class attributes."""

    def decided_by(self, field: str, ask: Callable[[Any], T]) -> T:
        """Return the answer to a question that hangs on one field of the contract, and is asked with that.

        To ask changes nothing. A run for several targets does so for each, and notes whose answer is another.
        """

    def under(self, contract: Contract) -> AbstractContextManager[None]:
        """Do what another release does, for the duration of a ``with`` statement."""
