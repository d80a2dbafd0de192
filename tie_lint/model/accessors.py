"""What a getter or setter that a model lacks has to look like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tie_lint.model import tree
from tie_lint.model.classes import Class
from tie_lint.model.keys import matching
from tie_lint.model.values import Module
from tie_lint.model.wanted import joined

if TYPE_CHECKING:
    from tie_lint.model.view import ModelView


_LIBRARY_DEFAULTS = "transformers.modeling_utils"


def has_accessor(view: ModelView, name: str) -> bool:
    """Whether the class or one that it derives from has an accessor that is not the library's default."""
    return _has(view.cls, name)


def _has(cls: Class, name: str) -> bool:
    found = cls.find(name)
    return found is not None and isinstance(found[0], Class) and found[0].scope.dotted != _LIBRARY_DEFAULTS


def parts_without(view: ModelView, setter: str) -> list[Class]:
    """The classes of this file whose models the model holds, and that have the getter to a setter alone."""
    model, getter = view._untied.model, setter.replace("set_", "get_", 1)
    modules = () if model is None else (part for _, part in tree.named_modules(model, tree.only_built))
    held = dict.fromkeys(part.cls for part in modules if isinstance(part.cls, Class) and part is not model)
    return [
        cls
        for cls in held
        if cls.is_model and cls.scope is view.cls.scope and getter in cls.own() and not _has(cls, setter)
    ]


def aliases_of(view: ModelView, path: str) -> list[tuple[str, str]]:
    """The parameters outside a module that share one of its own but the weight, each with that one's name."""
    found = [view._shared(built) or [] for built in (view._untied, view._tied)]
    return [
        (other, name.rpartition(".")[2])
        for group in joined([group for groups in found for group in groups])
        for name in group
        if name.rpartition(".")[0] == path and not name.endswith(".weight")
        for other in group
        if other.rpartition(".")[0] != path
    ]


def is_only_choice(view: ModelView, path: str) -> bool:
    """Whether the text leaves no doubt that a module is the one that a getter should return.

    No other module of the model itself follows the vocabulary as it does, and keys that are declared do not
    leave a head out: that may be apart on purpose.
    """
    found = view._vocabulary
    if found is None or (path in found.heads and _is_left_out(view, f"{path}.weight")):
        return False
    same = found.heads if path in found.heads else found.embeddings
    return [other for other in same if other not in found.nested or other == path] == [path]


def embeddings_apart(view: ModelView, path: str) -> list[str]:
    """The other token embeddings of that size, but those that have its weight whatever the config says."""
    found = view._vocabulary_untied
    sizes = {} if found is None else found.embeddings
    same = {path, *view.same_embeddings(path)}
    return [name for name, size in sizes.items() if size == sizes.get(path) and name not in same]


def instead_of(view: ModelView, path: str) -> list[str]:
    """A token embedding and those that a getter may rather mean: the model's own before one of a model
    inside, if these are apart, and then those that have one weight with it."""
    found, same = view._vocabulary_untied, view.same_embeddings(path)
    sizes = {} if found is None else found.embeddings
    nested = () if found is None else found.nested
    own = [name for name, size in sizes.items() if size == sizes.get(path) and name not in nested]
    return list(dict.fromkeys([*(own if set(own) - {path, *same} else ()), path, *same]))


def _is_left_out(view: ModelView, name: str) -> bool:
    keys = [key for key in view.tied_keys or () if isinstance(key, str)]
    return bool(keys) and not matching(keys, name)


def answering(view: ModelView, getter: str) -> tuple[Class, str] | None:
    """The class of this file whose own getter the library's asks for the model, and the path to it."""
    model = view._built.model or view._untied.model
    inner = None if model is None or not view.prefix else model.attrs.get(view.prefix)
    if has_accessor(view, getter) or not isinstance(inner, Module) or not isinstance(inner.cls, Class):
        return None
    return (
        (inner.cls, view.prefix) if inner.cls.scope is view.cls.scope and getter in inner.cls.own() else None
    )
