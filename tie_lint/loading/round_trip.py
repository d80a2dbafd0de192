"""What becomes of a model that is built, saved and loaded again, under its config's defaults or a flag."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tie_lint.interpreter.attributes import get_attr
from tie_lint.interpreter.base_values import RaisedError
from tie_lint.interpreter.caches import Cache
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.inheritance import lookup
from tie_lint.interpreter.regexes import TooCostlyError
from tie_lint.interpreter.values import Module
from tie_lint.intrinsics.torch import module_tree
from tie_lint.intrinsics.transformers import saving
from tie_lint.library.names import PRETRAINED_MODEL
from tie_lint.loading.load import Load
from tie_lint.loading.outcome import Stored
from tie_lint.loading.predict import own_loading
from tie_lint.loading.transforms import UntoldRenamingError
from tie_lint.record import NamedTuple
from tie_lint.tiemap.construction import attempt, built, changeable, shared_parameters
from tie_lint.tiemap.loading import lost_on_load
from tie_lint.tiemap.symmetric import UntoldError
from tie_lint.tiemap.tied_keys import expanded_keys

if TYPE_CHECKING:
    from tie_lint.intrinsics.transformers.context import Interpreter


class RoundTrip(NamedTuple):
    """How far a model comes; None stands for unknown."""

    builds: bool | None
    saves: bool | None = None
    loads: bool | None = None
    """Whether loading what was saved does not raise."""
    lost: frozenset[str] | None = None
    """The names that do not hold what they held before."""


def round_trip(
    interp: Interpreter, cls: Class, tied: bool | None = None, saves_memory: bool = False
) -> RoundTrip:
    """Build a model, save it, and load what was saved, once for all who ask; ``tied`` forces
    ``tie_word_embeddings``.

    A load that ``saves_memory`` is one with ``low_cpu_mem_usage=True``, which is how all are from 4.51 on.
    """
    on_meta = saves_memory or interp.contract.loads_on_meta
    known = _TRIPS.of(interp.resolver, dict)
    key = cls, tied, on_meta
    if key not in known:
        known[key] = _round_trip(interp, cls, tied, on_meta)
    return known[key]


_TRIPS: Cache[dict[tuple[Class, bool | None, bool], RoundTrip]] = Cache()


def _round_trip(interp: Interpreter, cls: Class, tied: bool | None, on_meta: bool) -> RoundTrip:
    whole = built(interp, cls, tied)
    model, groups = whole.model, shared_parameters(interp, whole)[0]
    if model is None or groups is None:
        return RoundTrip(False if whole.raised else None if model is None else True)
    saved = attempt(interp, lambda: saving.saves(interp, model, groups))
    if not saved:
        return RoundTrip(True, saved)
    if own_loading(cls) is not None or not on_meta:
        return RoundTrip(True, True)
    if interp.contract.ties_by == "keys" and not _has_expanded_keys(interp, model):
        return RoundTrip(True, True, False)
    if interp.contract.ties_by == "keys" and _ties_itself(cls):
        apart = lost_on_load(interp, cls, tied, whole)
        lost = None if apart is None else frozenset(name for group in apart for name in group)
        return RoundTrip(True, True, True, lost)
    alike = attempt(interp, lambda: saving.in_one_place(interp, model, groups))
    left_out = None if alike is None else attempt(interp, lambda: saving.left_out(interp, model, alike))
    if alike is None or left_out is None:
        return RoundTrip(True, True)
    stored = [name for name in _names(model) if name not in left_out]
    try:
        lost = _lost(interp, cls, tied, stored, alike, expanded_keys(model))
    except RaisedError:
        return RoundTrip(True, True, False)
    return RoundTrip(True, True, True, lost)


def _names(model: Module) -> Iterator[str]:
    """The names of the parameters; one of each part that is not built, as the prefixes of all names count."""
    yield from (name for name, _ in module_tree.named_parameters(model, module_tree.only_built))
    for path, module in module_tree.named_modules(model, module_tree.only_built):
        if not module_tree.only_built(module):
            yield f"{path}.?"


def _has_expanded_keys(interp: Interpreter, model: Module) -> bool:
    return attempt(interp, lambda: get_attr(interp, model, "all_tied_weights_keys")) is not None


def _ties_itself(cls: Class) -> bool:
    """Whether a ``tie_weights`` of the class's own is called at the end of a load."""
    found = lookup(cls, "tie_weights")
    return found is not None and isinstance(found[0], Class) and found[0].name != PRETRAINED_MODEL


def _lost(
    interp: Interpreter,
    cls: Class,
    tied: bool | None,
    stored: list[str],
    groups: list[list[str]],
    mapping: dict[str, str],
) -> frozenset[str] | None:
    """The names whose values are not those that they had when they were stored. Raises ``RaisedError``."""
    bare = changeable(interp, cls, tied, deferred=True).model
    if bare is None:
        return None
    load = Load(interp, bare, Stored(stored, {}, lambda one, two: True))
    same = {name: set(group) for group in groups for name in group}
    try:
        load.place({*same, *stored})
        loaded = load.by_keys(mapping) if interp.contract.ties_by == "keys" else load.by_getters()
    except (UntoldError, UntoldRenamingError, TooCostlyError, re.error):
        return None
    kept = {
        name
        for name, origin in loaded.origins.items()
        if origin.kind == "stored" and origin.name in same.get(name, {name})
    }
    return frozenset(loaded.origins.keys() - kept)
