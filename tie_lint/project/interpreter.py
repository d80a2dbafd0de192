"""The composition root: the one place where an interpreter is put together."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tie_lint.interpreter.evaluator import Evaluator
from tie_lint.intrinsics.transformers.context import Library
from tie_lint.intrinsics.transformers.trace import Trace
from tie_lint.library.contract import Contract, contract_of


class ProjectInterpreter(Evaluator):
    """The evaluator over the files of a project, with what is known of Python's library, torch and
    transformers."""

    resolver: Library
    trace: Trace

    def __init__(self, resolver: Library) -> None:
        super().__init__(resolver, Trace())
        self.contract = contract_of(resolver.release)

    @contextmanager
    def under(self, contract: Contract) -> Iterator[None]:
        """Do what another release does, for the duration of a ``with`` statement."""
        before, self.contract = self.contract, contract
        try:
            yield
        finally:
            self.contract = before
