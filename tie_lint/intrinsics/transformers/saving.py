"""Saving: which shared parameters ``save_pretrained`` refuses.

``save_pretrained`` (to 4.57) and ``remove_tied_weights_from_state_dict`` (5.x) in ``modeling_utils.py``:
of each group of names that share storage, all but one must be covered by a declared key (``re.search``).
"""

from __future__ import annotations

import re
from functools import partial

from tie_lint.interpreter.attributes import attribute_of
from tie_lint.interpreter.base_values import RaisedError, Unknown, Value
from tie_lint.interpreter.budget import tick
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.inheritance import lookup
from tie_lint.interpreter.laziness import may_matter
from tie_lint.interpreter.regexes import TooCostlyError, searched
from tie_lint.interpreter.symbols import Symbol
from tie_lint.interpreter.values import Module
from tie_lint.intrinsics.torch import module_tree
from tie_lint.intrinsics.transformers.context import Interpreter
from tie_lint.library.names import PRETRAINED_MODEL
from tie_lint.python.nodes import Attr
from tie_lint.python.walk import calls


def can_be_saved(interp: Interpreter, model: Module, groups: list[list[str]]) -> bool | None:
    """Return whether ``save_pretrained`` accepts the model as it stands, be it the library's or the code's
    own.

    A model without weights has none that could be refused. None where unknown.
    """
    if _is_saved_otherwise(model) and _may_have_weights(model):
        return False if _raises(interp, model) else None
    return saves(interp, model, groups)


def saves(interp: Interpreter, model: Module, groups: list[list[str]]) -> bool | None:
    """Return whether the library's ``save_pretrained`` accepts what the model shares; None where unknown, and
    where the code's own takes its place.
    """
    if _is_saved_otherwise(model) and _may_have_weights(model):
        return None
    found = refused(interp, model, groups)
    return None if found is None else found == []


def _may_have_weights(model: Module) -> bool:
    weights = (*module_tree.named_parameters(model), *module_tree.named_buffers(model))
    return bool(weights or module_tree.holes(model))


def _raises(interp: Interpreter, model: Module) -> bool:
    """Whether a ``save_pretrained`` of the code's own is certain to raise when it is given a folder alone."""
    doubts = len(interp.doubts)
    try:
        interp.call_method(model, "save_pretrained", Symbol("folder"))
    except RaisedError:
        return not interp.sampled and len(interp.doubts) == doubts
    return False


def _is_saved_otherwise(model: Module) -> bool:
    """Whether a ``save_pretrained`` takes the place of the library's, and does not call that."""
    found = lookup(model.cls, "save_pretrained") if isinstance(model.cls, Class) else None
    owner = None if found is None else found[0]
    if not isinstance(owner, Class) or owner.name == PRETRAINED_MODEL:
        return False
    facts = owner.method("save_pretrained")
    if facts is None:
        return False  # of the library, whose facts leave out what ties nothing
    called = [call.function for call in calls(facts.body)]
    return not any(isinstance(function, Attr) and function.name == "save_pretrained" for function in called)


def refused(interp: Interpreter, model: Module, groups: list[list[str]]) -> list[list[str]] | None:
    """Return the groups of shared names that stop ``save_pretrained``; None where unknown.

    Where a declaration in the form of 4.x stops 5.x, that is all groups and an empty one beside them.
    """
    keys, stored = declared_keys(interp, model), in_one_place(interp, model, groups)
    if keys is None or stored is None:
        return None
    groups = stored
    if keys == "list":
        return [*groups, []]
    ignored = attribute_of(interp, model, "_keys_to_ignore_on_save") or []
    if isinstance(ignored, Unknown):
        return None
    try:
        return [
            group
            for group in groups
            if len(names := [name for name in group if name not in ignored]) - len(_spared(names, keys)) > 1
        ]
    except TooCostlyError:
        return None


def in_one_place(interp: Interpreter, model: Module, groups: list[list[str]]) -> list[list[str]] | None:
    """Return the groups of names that share storage, be they one parameter or several; None where unknown."""
    stored = module_tree.one_storage(model, partial(may_matter, interp))
    for names in stored or ():
        joined = {name for group in groups if not _are_apart(group, names) for name in group}
        groups = [*(group for group in groups if _are_apart(group, names)), sorted({*names, *joined})]
    return None if stored is None else groups


def _are_apart(one: list[str], two: list[str]) -> bool:
    """Whether two groups have no name in common."""
    return set(one).isdisjoint(two)


def left_out(interp: Interpreter, model: Module, groups: list[list[str]]) -> set[str] | None:
    """Return the names that are not stored where ``save_pretrained`` accepts the model; None where
    unknown. The groups are those that share storage.
    """
    keys = declared_keys(interp, model)
    ignored = attribute_of(interp, model, "_keys_to_ignore_on_save") or []
    if keys is None or isinstance(ignored, Unknown):
        return None
    try:
        spared = [_spared([name for name in group if name not in ignored], keys) for group in groups]
    except TooCostlyError:
        return None
    return {name for names in [*spared, ignored] for name in names}


def _spared(names: list[str], keys: list[Key] | str) -> list[str]:
    """The names of a group that declared keys let ``save_pretrained`` leave out: never all of them."""
    texts, covered = [_text(key) for key in keys], []
    for name in sorted(names):
        tick()
        if any(searched(text, name) for text in texts):
            covered.append(name)
    return covered[: max(len(names) - 1, 0)]


Key = str | re.Pattern[str]
"""A declared key; the code may compile it itself."""


def _text(key: Key) -> str:
    return key if isinstance(key, str) else key.pattern


_ITERABLE = (str, list, tuple, set, frozenset, dict)


def declared_keys(interp: Interpreter, model: Module) -> list[Key] | str | None:
    """Return every declared key under its full name; "list" where 5.x meets a list and raises; None if
    unknown.
    """
    mapping = interp.contract.keys_form == "mapping"
    found: list[Key] = []
    for prefix, module in module_tree.named_modules(model, partial(may_matter, interp)):
        if not isinstance(module.cls, Class):
            continue
        for attribute in ("_tied_weights_keys", "_dynamic_tied_weights_keys")[: 1 if mapping else 2]:
            keys = _own_keys(interp, module, attribute)
            if not keys:
                continue
            if not isinstance(keys, _ITERABLE) or not all(isinstance(key, (str, re.Pattern)) for key in keys):
                return None
            if mapping and not isinstance(keys, dict):
                return "list"
            found.extend(f"{prefix}.{key}" if prefix else key for key in keys)
    return found


def _own_keys(interp: Interpreter, module: Module, attribute: str) -> Value:
    if module.build is None and attribute in module.attrs:
        return module.attrs[attribute]
    if isinstance(module.cls, Class) and lookup(module.cls, attribute) is None:
        return None
    return attribute_of(interp, module, attribute)
