"""``base_model_prefix``: deleted, emptied, misspelt.

A wrong prefix shows where models look for the backbone under it: TIE003 and TIE101 speak of the prefix
itself, TIE002 of the input getter that finds no embedding through it.
"""

from __future__ import annotations

import ast

from tests.lab.mutants.operators import operator
from tests.lab.mutants.source_edits import attribute, base_names, edited, find_class, string, without
from tests.lab.mutants.typos import misspelt


@operator("TIE003", "TIE101", "TIE002", changes_names=True, shows_in=("load", "cross-load"))
def delete_prefix(text: str, class_name: str) -> str | None:
    """Without the ``base_model_prefix`` of an init base class."""
    return _deleted(text, class_name, of_init_base=True)


@operator("TIE101", "TIE003", "TIE002", changes_names=True, shows_in=("load", "cross-load"))
def delete_own_prefix(text: str, class_name: str) -> str | None:
    """Without the ``base_model_prefix`` of any other class, which then inherits one."""
    return _deleted(text, class_name, of_init_base=False)


@operator("TIE003", "TIE101", "TIE002", changes_names=True, shows_in=("load", "cross-load"))
def empty_prefix(text: str, class_name: str) -> str | None:
    """``base_model_prefix = ""``."""
    value = _prefix(text, class_name)
    return edited(text, [(value, '""')]) if value is not None and string(value) else None


@operator("TIE101", "TIE002", changes_names=True, shows_in=("load", "cross-load"))
def misspell_prefix(text: str, class_name: str) -> str | None:
    """Two letters of ``base_model_prefix`` change places."""
    value = _prefix(text, class_name)
    name = string(value)
    return edited(text, [(value, repr(misspelt(name)))]) if value is not None and name else None


def _deleted(text: str, class_name: str, of_init_base: bool) -> str | None:
    cls = find_class(text, class_name)
    found = None if cls is None else attribute(cls, "base_model_prefix")
    if cls is None or found is None or ("PreTrainedModel" in base_names(cls)) != of_init_base:
        return None
    return without(text, cls, [found])


def _prefix(text: str, class_name: str) -> ast.expr | None:
    cls = find_class(text, class_name)
    found = None if cls is None else attribute(cls, "base_model_prefix")
    return None if found is None else found.value
