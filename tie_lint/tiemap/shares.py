"""The groups of parameters that are one, each with what made it so, and the one that is not made."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from typing import TYPE_CHECKING, Literal

from tie_lint.interpreter.values import Module, Param
from tie_lint.intrinsics.torch import module_tree
from tie_lint.intrinsics.transformers.trace import Tied
from tie_lint.record import NamedTuple
from tie_lint.tiemap.accessors import End
from tie_lint.tiemap.construction import Construction
from tie_lint.tiemap.loading import is_given_by_hand
from tie_lint.tiemap.outline import is_counted
from tie_lint.tiemap.tied_keys import expanded_keys
from tie_lint.tiemap.weights import weight_of

if TYPE_CHECKING:
    from tie_lint.tiemap.view import ModelView

Mechanism = Literal["mapping", "getters", "module", "assignment", "hook"]
"""What makes two names one parameter: ``_tied_weights_keys``, the getters, one module under two names, an
assignment in ``__init__``, or other code that the library calls (``_tie_weights``, ``tie_weights``)."""


MOST_ASKED = 1000
"""Of how many names it is asked what made them; the rest of a larger group counts as the last of these."""


class Tie(NamedTuple):
    """One name that has the parameter of another."""

    target: str
    by: Mechanism


class Share(NamedTuple):
    """The names of one parameter, or of two that should be one."""

    source: str
    """The name that the others follow."""
    ties: tuple[Tie, ...]
    shape: tuple[int, ...] | None
    """None where not every size is known."""
    made: bool = True
    """Whether they are one parameter."""

    @property
    def elements(self) -> int | None:
        """How many numbers the parameter has."""
        return None if self.shape is None else math.prod(self.shape)

    @property
    def elements_saved(self) -> int:
        """How many numbers it would take more to keep the names apart; 0 where that is not known."""
        return (self.elements or 0) * len(self.ties) if self.made else 0


def shares(view: ModelView, construction: Construction) -> list[Share] | None:
    """Return what is shared in a model as built; None where not all is known."""
    model, groups = construction.model, view.models.groups(construction)
    if model is None or groups is None:
        return None
    mapping = expanded_keys(model) if view.interp.contract.ties_by == "keys" else {}
    heads = {id(one.head) for one in construction.events if isinstance(one, Tied)}
    return [_share(view, construction, model, group, mapping, heads) for group in groups]


def unmade(view: ModelView, construction: Construction) -> Share | None:
    """Return the tie of head and input embedding where both are there and are two parameters."""
    model, head = construction.model, view.embeddings.head
    if model is None or head is None:
        return None
    source = view.models.handed_out(construction, End.INPUT)
    one, two = weight_of(source), weight_of(module_tree.submodule(model, head))
    if one is None or two is None or one is two or not isinstance(source, Module):
        return None
    path = module_tree.path_of(model, source)
    if path is None:
        return None
    by: Mechanism = "getters" if view.interp.contract.ties_by == "getters" else "mapping"
    return Share(_named(path), (Tie(_named(head), by),), _shape(one), made=False)


def _named(path: str) -> str:
    return f"{path}.weight" if path else "weight"


def _share(
    view: ModelView,
    construction: Construction,
    model: Module,
    group: list[str],
    mapping: dict[str, str],
    heads: set[int],
) -> Share:
    """``mapping`` are the declared ties by full names, ``heads`` the modules that getters handed out as such
    to be tied."""
    source = _source(view, mapping, group)
    weight = module_tree.parameter(model, source)
    held = Counter(id(module_tree.submodule(model, name.rpartition(".")[0])) for name in group)

    def made_by(name: str) -> Mechanism:
        holder = module_tree.submodule(model, name.rpartition(".")[0])
        if name in mapping:
            return "mapping"
        if id(holder) in heads and name.endswith("weight"):
            return "getters"
        if held[id(holder)] > 1:
            return "module"
        return "assignment" if is_given_by_hand(construction, [name]) else "hook"

    targets = [name for name in group if name != source]
    asked = [made_by(name) for name in targets[:MOST_ASKED]]
    ties = tuple(itertools.starmap(Tie, itertools.zip_longest(targets, asked, fillvalue=asked[-1])))
    return Share(source, ties, _shape(weight) if isinstance(weight, Param) else None)


def _source(view: ModelView, mapping: dict[str, str], group: list[str]) -> str:
    """The name that the others of a group follow: what the mapping says, the input embedding, or the first
    that the model registers."""
    names = set(group)
    sources = [mapping[name] for name in group if mapping.get(name) in names]
    declared = next((name for name in sources if name not in mapping), None)
    handed_out = f"{view.embeddings.input_path}.weight"
    if declared is not None or handed_out in group:
        return declared or handed_out
    order = view.models.registered
    return min(group, key=lambda name: (order.get(name, len(order)), name))


def _shape(weight: Param) -> tuple[int, ...] | None:
    shape = tuple(size for size in weight.shape or () if is_counted(size))
    return shape if weight.shape and len(shape) == len(weight.shape) else None
