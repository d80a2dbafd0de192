"""The ways in which a model file is broken, one piece at a time.

An operator takes a file's text and the name of a class, and gives the text with that class's piece removed;
None where the class has no such piece of its own. A new operator is a new function here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.mutants.surgery import attribute, base_names, calls_on_self, find_class, method, without

Mutate = Callable[[str, str], "str | None"]


@dataclass(frozen=True)
class Operator:
    """A way to break a class, and the code that a finding about it has."""

    name: str
    code: str
    mutate: Mutate


OPERATORS: dict[str, Operator] = {}


def operator(code: str) -> Callable[[Mutate], Mutate]:
    """Register a function as the operator of its own name."""

    def register(mutate: Mutate) -> Mutate:
        name = mutate.__name__.replace("_", "-")
        OPERATORS[name] = Operator(name, code, mutate)
        return mutate

    return register


@operator("TIE001")
def delete_output_getter(text: str, class_name: str) -> str | None:
    """Without the class's own ``get_output_embeddings``."""
    return _without_method(text, class_name, "get_output_embeddings")


@operator("TIE002")
def delete_input_getter(text: str, class_name: str) -> str | None:
    """Without the class's own ``get_input_embeddings``."""
    return _without_method(text, class_name, "get_input_embeddings")


@operator("TIE003")
def delete_prefix(text: str, class_name: str) -> str | None:
    """Without the ``base_model_prefix`` of an init base class."""
    cls = find_class(text, class_name)
    if cls is None or "PreTrainedModel" not in base_names(cls):
        return None
    return _without_attribute(text, class_name, "base_model_prefix")


@operator("TIE101")
def delete_own_prefix(text: str, class_name: str) -> str | None:
    """Without the ``base_model_prefix`` of any other class, which then inherits one."""
    cls = find_class(text, class_name)
    if cls is None or "PreTrainedModel" in base_names(cls):
        return None
    return _without_attribute(text, class_name, "base_model_prefix")


@operator("TIE004")
def delete_tied_keys(text: str, class_name: str) -> str | None:
    """Without the class's own ``_tied_weights_keys``."""
    return _without_attribute(text, class_name, "_tied_weights_keys")


@operator("TIE005")
def delete_post_init(text: str, class_name: str) -> str | None:
    """Without any ``self.post_init()`` in the class's own ``__init__``."""
    cls = find_class(text, class_name)
    init = None if cls is None else method(cls, "__init__")
    if cls is None or init is None or not (calls := calls_on_self(init, "post_init")):
        return None
    return without(text, cls, calls)


def _without_method(text: str, class_name: str, name: str) -> str | None:
    cls = find_class(text, class_name)
    found = None if cls is None else method(cls, name)
    return None if cls is None or found is None else without(text, cls, [found])


def _without_attribute(text: str, class_name: str, name: str) -> str | None:
    cls = find_class(text, class_name)
    found = None if cls is None else attribute(cls, name)
    return None if cls is None or found is None else without(text, cls, [found])
