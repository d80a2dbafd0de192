"""Saving: which shared parameters ``save_pretrained`` refuses.

``save_pretrained`` (to 4.57) and ``remove_tied_weights_from_state_dict`` (5.x) in ``modeling_utils.py``:
of each group of names that share storage, all but one must be covered by a declared key (``re.search``).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tie_lint.model import tree
from tie_lint.model.classes import Class
from tie_lint.model.pretrained import attribute_of
from tie_lint.model.sharing import may_matter
from tie_lint.model.values import Module, Unknown, Value

if TYPE_CHECKING:
    from tie_lint.model.interpreter import Interpreter


def saves(run: Interpreter, model: Module, groups: list[list[str]]) -> bool | None:
    """Whether ``save_pretrained`` accepts the model as it stands; None where unknown."""
    found = refused(run, model, groups)
    return None if found is None else found == []


def refused(run: Interpreter, model: Module, groups: list[list[str]]) -> list[list[str]] | None:
    """The groups of shared names that stop ``save_pretrained``; None where unknown.

    Where a declaration in the form of 4.x stops 5.x, that is all groups and an empty one beside them.
    """
    keys = declared_keys(run, model)
    if keys is None:
        return None
    if keys == "list":
        return [*groups, []]
    ignored = attribute_of(run, model, "_keys_to_ignore_on_save") or []
    if isinstance(ignored, Unknown):
        return None
    return [group for group in groups if _is_refused([name for name in group if name not in ignored], keys)]


def _is_refused(names: list[str], keys: list[Key] | str) -> bool:
    covered = [name for name in sorted(names) if _searched(keys, name)]
    return len(names) - len(covered[: len(names) - 1]) > 1


def _searched(keys: list[Key] | str, name: str) -> bool:
    try:
        return any(re.search(key, name) for key in keys)
    except re.error:
        return False


Key = str | re.Pattern[str]
"""A declared key; the code may compile it itself."""


def declared_keys(run: Interpreter, model: Module) -> list[Key] | str | None:
    """Every declared key under its full name; "list" where 5.x meets a list and raises; None if unknown."""
    mapping = run.contract.keys_form == "mapping"
    found: list[Key] = []
    for prefix, module in tree.named_modules(model, lambda module: may_matter(run, module)):
        if not isinstance(module.cls, Class):
            continue
        for attribute in ("_tied_weights_keys", "_dynamic_tied_weights_keys")[: 1 if mapping else 2]:
            keys = _own_keys(run, module, attribute)
            if not keys:
                continue
            if isinstance(keys, Unknown) or not all(isinstance(key, (str, re.Pattern)) for key in keys):
                return None
            if mapping and not isinstance(keys, dict):
                return "list"
            found.extend(f"{prefix}.{key}" if prefix else key for key in keys)
    return found


def _own_keys(run: Interpreter, module: Module, attribute: str) -> Value:
    from tie_lint.model.objects import lookup

    if module.build is None and attribute in module.attrs:
        return module.attrs[attribute]
    if isinstance(module.cls, Class) and lookup(run, module.cls, attribute) is None:
        return None
    return attribute_of(run, module, attribute)
