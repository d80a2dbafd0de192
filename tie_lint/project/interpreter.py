"""The composition root: the one place where an interpreter is put together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Generic, TypeVar, cast

from tie_lint.interpreter.base_values import ExhaustedError, RaisedError
from tie_lint.interpreter.evaluator import Evaluator
from tie_lint.interpreter.twins import UnansweredError
from tie_lint.intrinsics.stdlib import (
    attribute_dicts,
    copying,
    dataclass_functions,
    enumerations,
    functions,
    functools,
    iterators,
    regular_expressions,
)
from tie_lint.intrinsics.torch import (
    devices,
    escape_analysis,
    layers,
    modules,
    tensors,
    transformer_layers,
)
from tie_lint.intrinsics.torch import functions as torch_functions
from tie_lint.intrinsics.transformers import auto, availability, configs, pretrained
from tie_lint.intrinsics.transformers.context import Library
from tie_lint.intrinsics.transformers.trace import Trace
from tie_lint.library.contract import Contract
from tie_lint.library.watched import WatchedContract

INTRINSICS = (
    *(functools, iterators, dataclass_functions, enumerations, functions, copying, attribute_dicts),
    regular_expressions,
    *(layers, transformer_layers, devices, tensors, modules, escape_analysis, torch_functions),
    *(availability, configs, pretrained, auto),
)
"""What fills the register. The order is that in which families of names are asked."""


T = TypeVar("T")


class _Answer(Generic[T]):
    """What a question gives or raises."""

    def __init__(self, ask: Callable[[Any], T], value: Any) -> None:
        self._found: T | None = None
        self._error: RaisedError | None = None
        try:
            self._found = ask(value)
        except RaisedError as error:
            self._error = error

    def given(self) -> T:
        """Give or raise it."""
        if self._error is not None:
            raise self._error
        return cast(T, self._found)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Answer) or self._error or other._error:
            return False
        return self._found is other._found or bool(self._found == other._found)

    __hash__ = None  # type: ignore[assignment]


class ProjectInterpreter(Evaluator):
    """The evaluator over the files of a project, with what is known of Python's library, torch and
    transformers."""

    resolver: Library
    trace: Trace

    def __init__(self, resolver: Library, contract: Contract) -> None:
        super().__init__(resolver, Trace())
        self.contract = contract

    def decided_by(self, field: str, ask: Callable[[Any], T]) -> T:
        """Return the answer to a question that hangs on one field of the contract, and is asked with that.

        To ask changes nothing. It is asked with what the field is for other targets of the run, too: those
        are noted for which the answer is another, or cannot be found without building something.
        """
        contract = self.contract
        if not isinstance(contract, WatchedContract):
            return ask(getattr(contract, field))
        answer = _Answer(ask, contract.value(field))
        for value, releases in contract.otherwise(field):
            if not self._supposing(ask, value, answer):
                contract.watcher.unlike(releases)
        return answer.given()

    def _supposing(self, ask: Callable[[Any], object], value: Any, answer: _Answer[Any]) -> bool:
        """Whether a question that is asked with another value certainly has the same answer."""
        trace = self.trace
        before = self.steps, self.depth, self.call_at, self.attempts, self.sampled
        flag_read, noted, supposing = trace.flag_read, self._noted(), self.supposing
        self.supposing = True
        try:
            return answer == _Answer(ask, value) and noted == self._noted() and trace.flag_read == flag_read
        except (UnansweredError, ExhaustedError, RecursionError):
            return False
        finally:
            self.supposing = supposing
            self.steps, self.depth, self.call_at, self.attempts, self.sampled = before
            trace.flag_read = flag_read
            del self.doubts[noted[0] :], trace.events[noted[1] :], self.late_errors[noted[2] :]

    def _noted(self) -> tuple[int, int, int]:
        return len(self.doubts), len(self.trace.events), len(self.late_errors)

    @contextmanager
    def under(self, contract: Contract) -> Iterator[None]:
        """Do what another release does, for the duration of a ``with`` statement."""
        before = self.contract, self.twins
        self.contract, self.twins = contract, {}
        try:
            yield
        finally:
            self.contract, self.twins = before
