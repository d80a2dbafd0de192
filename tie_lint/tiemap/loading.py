"""What ``from_pretrained`` does to ties: shares that a constructor makes by hand, and mappings.

Loading builds the model on the meta device and gives every name of the checkpoint a parameter of its own
(4.51.3 and 5.23.0, ``modeling_utils.py``, ``_load_state_dict_into_meta_model`` and ``_move_missing_keys…``).
What stays one after that is what ties itself again: one module under two names, and what ``tie_weights()``
does when it is called at the end.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, partial
from typing import TYPE_CHECKING

from tie_lint.interpreter.base_values import Value
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.laziness import may_matter
from tie_lint.interpreter.values import Module, Param
from tie_lint.intrinsics.torch import module_tree
from tie_lint.intrinsics.transformers.pretrained import expand_keys, initialize_modules
from tie_lint.intrinsics.transformers.trace import Assigned, PostInit
from tie_lint.library.contract import initializes_what_was_loaded
from tie_lint.tiemap.built_model import Groups
from tie_lint.tiemap.construction import Construction, attempt, changeable, shared_parameters, tie
from tie_lint.tiemap.symmetric import tie_symmetrically

if TYPE_CHECKING:
    from tie_lint.intrinsics.transformers.context import Interpreter


def lost_on_load(
    interp: Interpreter, cls: Class, tied: bool | None, built: Construction, whole: bool = False
) -> Groups | None:
    """Return the groups of names that are one parameter when the model is built and not when it is loaded.

    ``tied`` is what ``tie_word_embeddings`` is forced to, also in the model as built, which is left as it is.
    A ``whole`` checkpoint has every name, another one of each group. None where it is not known.
    """

    def before(on_meta: bool) -> Groups | None:
        return _at_risk(interp, built, whole) if on_meta else []

    return _parted(interp, cls, tied, interp.decided_by("loads_on_meta", before), whole)


def _at_risk(interp: Interpreter, built: Construction, whole: bool = False) -> Groups | None:
    """The groups of names of a model as built, where not all of them come of tying it, or where the keys do
    not tie what a whole checkpoint has; None where unknown."""
    groups, model = shared_parameters(interp, built)[0], built.model
    if not groups or model is None:
        return None if groups is None else []
    if whole and interp.contract.ties_by == "keys":
        return groups
    given = (
        is_given_by_hand(built, group) or part_that_ties(interp, built, group) is not None for group in groups
    )
    return groups if any(given) else []


def lost_on_meta(interp: Interpreter, cls: Class, tied: bool | None, built: Construction) -> Groups | None:
    """Return the same for a load that builds the model on the meta device: with ``low_cpu_mem_usage=True`` up
    to 4.50, always from then on."""
    return _parted(interp, cls, tied, _at_risk(interp, built))


def _parted(
    interp: Interpreter, cls: Class, tied: bool | None, before: Groups | None, whole: bool = False
) -> Groups | None:
    """Those of the groups that a load parts which builds on the meta device."""
    if not before:
        return before
    bare = changeable(interp, cls, tied, deferred=True)
    model = bare.model
    if model is None:
        return None
    separate(interp, model)
    if not _tie_at_the_end(interp, model, whole):
        return None
    after = shared_parameters(interp, bare)[0]
    if after is None:
        return None
    one = {name: index for index, group in enumerate(after) for name in group}
    return [group for group in before if len({one.get(name, name) for name in group}) > 1]


def _tie_at_the_end(interp: Interpreter, model: Module, whole: bool) -> bool:
    """Do what loading does once names have their values; whether that can be followed.

    From 5.0 it calls ``_init_weights`` of the modules that the checkpoint says nothing of (at first of
    all), and not ``post_init()`` or ``init_weights()`` (5.23.0, ``_initialize_missing_keys`` of
    ``modeling_utils.py``).
    """
    if interp.contract.ties_by == "getters":
        return tie(interp, model)

    def work() -> bool:
        if "all_tied_weights_keys" not in model.attrs:
            expand_keys(interp, model)
        if not whole or initializes_what_was_loaded(interp.resolver.release):
            initialize_modules(interp, model)
        missing: dict[str, Value] = {"missing_keys": set()} if whole else {}
        interp.call_method(model, "tie_weights", **missing, recompute_mapping=False)
        return True

    return attempt(interp, work) is True


def is_given_by_hand(built: Construction, group: list[str]) -> bool:
    """Return whether an assignment in the source made one of the names of a group, in a model as built."""
    return given_by_hand(built, [group]) != []


def given_by_hand(built: Construction, groups: Groups) -> Groups:
    """Return those of the groups of which an assignment in the source made a name, in a model as built."""
    model = built.model
    given = _given_by_hand(built) if groups and model is not None else set()
    if model is None or not given:
        return []
    return [group for group in groups if any(_holder(model, name) in given for name in group)]


def assignments(built: Construction, group: list[str]) -> list[list[int]]:
    """Return the spans of the assignments in the source that made one of the names of a group."""
    model = built.model
    holders = {_holder(model, name) for name in group} if model is not None else set()
    return [
        event.at
        for event in built.events
        if isinstance(event, Assigned) and (id(event.holder), event.name) in holders
    ]


def part_that_ties(interp: Interpreter, built: Construction, group: list[str]) -> str | None:
    """Return the path of a model inside that holds all names of a group, tied itself when it was built, and
    that the ``tie_weights()`` of the model around it does not ask again; None where there is none."""
    model = built.model
    if interp.contract.ties_by == "keys" or model is None:
        return None

    @cache
    def found() -> str | None:
        done = [event.model for event in built.events if isinstance(event, PostInit)]
        parts = (path for one in done if one is not model and (path := module_tree.path_of(model, one)))
        return next((part for part in parts if all(name.startswith(f"{part}.") for name in group)), None)

    return interp.decided_by("ties_submodels", lambda ties: None if ties else found())


def _given_by_hand(built: Construction) -> set[tuple[int, str]]:
    """The modules that an assignment in the source gave something, each with the name of that."""
    return {(id(event.holder), event.name) for event in built.events if isinstance(event, Assigned)}


def _holder(model: Module, name: str) -> tuple[int, str] | None:
    """The module that has a parameter, and under which name."""
    parent, _, leaf = name.rpartition(".")
    holder = module_tree.submodule(model, parent)
    return (id(holder), leaf) if isinstance(holder, Module) else None


def separate(interp: Interpreter, model: Module) -> None:
    """Give every module parameters of its own."""
    seen: set[int] = set()
    for module in module_tree.distinct_modules(model, partial(may_matter, interp)):
        if module.build is not None:
            continue
        for name, value in list(module.attrs.items()):
            if isinstance(value, Param):
                if id(value) in seen:
                    module.attrs[name] = value = Param(value.shape)
                seen.add(id(value))


def misordered(mapping: Value) -> Iterator[tuple[str, str]]:
    """Yield the ``(target, source)`` entries of an expanded mapping whose source is a target further on.

    They are tied to what the source was before: at once where nothing had tied it yet, and in any case when
    a checkpoint is loaded (5.23.0, ``modeling_utils.py``, ``tie_weights``).
    """
    if not isinstance(mapping, dict):
        return
    entries = list(mapping.items())
    for index, (target, source) in enumerate(entries):
        if source != target and any(source == later for later, _ in entries[index + 1 :]):
            yield target, source


def never_loaded(mapping: dict[str, str], groups: Groups) -> set[str]:
    """Return the names that hold nothing from the checkpoint after a model of these ties is saved and loaded.

    A group is saved under the names that are no targets, or else under the last one. Loading goes through
    the mapping once, and ties whichever name is missing to the one that is there (5.23.0,
    ``modeling_utils.py``, ``remove_tied_weights_from_state_dict`` and ``tie_weights``).
    """
    missing = {name for group in groups for name in set(group).difference(_saved(mapping, group))}
    names = {name for entry in mapping.items() for name in entry}
    holds = tie_symmetrically(mapping, names - missing, lambda one, two: True).holds
    return {name for name in names if holds.get(name, name) in missing}


def _saved(mapping: dict[str, str], group: list[str]) -> list[str]:
    return [name for name in group if name not in mapping] or [max(group)]
