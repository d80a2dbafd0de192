"""The ways in which a model's source is broken, one piece at a time. A new operator is a new function here.

An operator takes a file's text and the name of a class, and gives the text with that class's piece broken;
None where the class has no such piece of its own. Its docstring says why its codes are the fitting ones.

A finding is at the right class where it is at the mutated class, at one that the library was seen to treat
otherwise (a piece that is inherited or held is missed by whoever relies on it, and there, too, fixing begins
with the finding), or at an ancestor of the mutated class (what all models of a family agree on against their
init base class is reported at that).
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Mutate = Callable[[str, str], "str | None"]
Where = Literal["modeling", "configuration"]


@dataclass(frozen=True)
class Operator:
    """A way to break a class, and the codes that a finding about it can have."""

    name: str
    codes: frozenset[str]
    mutate: Mutate
    where: Where
    """The kind of file that is changed."""
    changes_names: bool
    """Whether attributes or prefixes change, which matters to what the class holds, too."""
    shows_in: frozenset[str]
    """The costly aspects of behaviour, ``load`` and ``cross-load``, that it may change without another."""
    on_purpose: Callable[[str], bool]
    """Whether, given the release, the mutant says outright that it does not tie, which is no mistake."""


_registered: dict[str, Operator] = {}


def operator(
    *codes: str,
    where: Where = "modeling",
    changes_names: bool = False,
    shows_in: tuple[str, ...] = (),
    on_purpose: Callable[[str], bool] = lambda release: False,
) -> Callable[[Mutate], Mutate]:
    """Register a function as the operator of its own name."""

    def register(mutate: Mutate) -> Mutate:
        name = mutate.__name__.replace("_", "-")
        aspects = frozenset(shows_in)
        _registered[name] = Operator(
            name, frozenset(codes), mutate, where, changes_names, aspects, on_purpose
        )
        return mutate

    return register


@functools.cache
def all_operators() -> dict[str, Operator]:
    """Every operator by its name, in the order of the rooms and then of their functions."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    return dict(_registered)
