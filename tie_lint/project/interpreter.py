"""The composition root: the one place where an interpreter is put together."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tie_lint.interpreter.evaluator import Evaluator
from tie_lint.intrinsics.stdlib import (
    attribute_dicts,
    copying,
    dataclass_functions,
    functions,
    functools,
    iterators,
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
from tie_lint.library.contract import Contract, contract_of

INTRINSICS = (
    *(functools, iterators, dataclass_functions, functions, copying, attribute_dicts),
    *(layers, transformer_layers, devices, tensors, modules, escape_analysis, torch_functions),
    *(availability, configs, pretrained, auto),
)
"""What fills the register. The order is that in which families of names are asked."""


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
        before = self.contract, self.twins
        self.contract, self.twins = contract, {}
        try:
            yield
        finally:
            self.contract, self.twins = before
