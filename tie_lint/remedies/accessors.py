"""What a getter or setter that a model lacks has to look like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.values import Module, Param
from tie_lint.intrinsics.torch import module_tree
from tie_lint.remedies.intended_ties import joined
from tie_lint.tiemap.accessors import End
from tie_lint.tiemap.construction import changeable
from tie_lint.tiemap.resizing import Setter, setter_works
from tie_lint.tiemap.tied_keys import matching

if TYPE_CHECKING:
    from tie_lint.tiemap.view import ModelView


_LIBRARY_DEFAULTS = "transformers.modeling_utils"


def has_accessor(view: ModelView, name: str) -> bool:
    """Return whether the class or one that it derives from has an accessor that is not the
    library's default.
    """
    return _has(view.cls, name)


def _has(cls: Class, name: str) -> bool:
    found = cls.find(name)
    return found is not None and isinstance(found[0], Class) and found[0].scope.dotted != _LIBRARY_DEFAULTS


def parts_without(view: ModelView, setter: str) -> list[Class]:
    """Return the classes of this file that are part of the model and have a getter but not its setter."""
    model, getter = view.models.untied.model, setter.replace("set_", "get_", 1)
    modules = (
        ()
        if model is None
        else (part for _, part in module_tree.named_modules(model, module_tree.only_built))
    )
    held = dict.fromkeys(part.cls for part in modules if isinstance(part.cls, Class) and part is not model)
    return [
        cls
        for cls in held
        if cls.is_model and cls.scope is view.cls.scope and getter in cls.own() and not _has(cls, setter)
    ]


def part_that_hands_out(view: ModelView, end: End, path: str) -> str | None:
    """Return the attribute of a model inside whose getter of an end returns the module at a path, and whose
    setter replaces it and more beside it, or leaves alone what may belong to it; None where there is none."""
    name, _, below = path.partition(".")
    model = changeable(view.interp, view.cls, False).model
    part = None if model is None or not below else model.attrs.get(name)
    if (
        model is None
        or not isinstance(part, Module)
        or not isinstance(part.cls, Class)
        or not part.cls.is_model
    ):
        return None
    found = view.attempt(lambda: view.interp.call_method(part, end.getter))
    if not isinstance(found, Module) or found is not module_tree.submodule(model, path):
        return None
    before = dict(module_tree.named_parameters(model, module_tree.only_built))
    if setter_works(view.interp, part, end, found) is not Setter.WORKS:
        return None
    after = dict(module_tree.named_parameters(model, module_tree.only_built))
    changed = [other for other, param in before.items() if after.get(other) is not param]
    does_more = any(not other.startswith(f"{path}.") for other in changed)
    return name if does_more or aliases_of(view, path) else None


def aliases_of(view: ModelView, path: str) -> list[tuple[str, str]]:
    """Return the parameters outside a module that share one of its own, each with the name of that; without
    its weight."""
    found = [view.models.groups(built) or [] for built in (view.models.untied, view.models.tied)]
    return [
        (other, name.rpartition(".")[2])
        for group in joined([group for groups in found for group in groups])
        for name in group
        if name.rpartition(".")[0] == path and not name.endswith(".weight")
        for other in group
        if other.rpartition(".")[0] != path
    ]


def is_only_choice(view: ModelView, path: str) -> bool:
    """Return whether the text leaves no doubt that a module is the one that a getter should return.

    No other module of the model itself follows the vocabulary as it does, and keys that are declared do not
    leave a head out: that may be apart on purpose.
    """
    found = view.embeddings.vocabulary
    if found is None or (path in found.heads and _is_left_out(view, f"{path}.weight")):
        return False
    same = found.heads if path in found.heads else found.embeddings
    return [other for other in same if other not in found.nested or other == path] == [path]


def embeddings_apart(view: ModelView, path: str) -> list[str]:
    """Return the other token embeddings of that size that have another weight when nothing is tied."""
    found = view.embeddings.untied_vocabulary
    sizes = {} if found is None else found.embeddings
    same = {path, *view.embeddings.same_as(path)}
    return [name for name, size in sizes.items() if size == sizes.get(path) and name not in same]


def instead_of(view: ModelView, path: str) -> list[str]:
    """Return a token embedding and those that a getter may rather mean: the model's own before one of a model
    inside, if these are apart, and then those that have one weight with it."""
    found, same = view.embeddings.untied_vocabulary, view.embeddings.same_as(path)
    sizes = {} if found is None else found.embeddings
    nested = () if found is None else found.nested
    own = [name for name, size in sizes.items() if size == sizes.get(path) and name not in nested]
    return list(dict.fromkeys([*(own if set(own) - {path, *same} else ()), path, *same]))


def embeddings_alike(view: ModelView, path: str) -> list[str]:
    """Return the other modules that have the weight of a token embedding whatever the config says."""
    model = view.models.untied.model
    if model is None:
        return []
    module, same = module_tree.submodule(model, path), view.embeddings.same_as(path)
    return [name for name in same if module_tree.submodule(model, name) is not module]


def replaces_more(view: ModelView, head: str) -> bool:
    """Return whether setting a head may ask for more than assigning it, which only a setter would say.

    A module around it has a parameter as long as the vocabulary, or may name that of the head as its own. Or
    the head is tied to another embedding than the one that the getter returns.
    """
    return bool(aliases_of(view, head)) or _has_more_rows(view, head) or _is_tied_elsewhere(view, head)


def _has_more_rows(view: ModelView, head: str) -> bool:
    model, around = view.models.untied.model, module_tree.around(head)
    weight = None if model is None else module_tree.parameter(model, f"{head}.weight")
    if model is None or not isinstance(weight, Param) or weight.shape is None:
        return False
    holders = [*around, head] if len(around) > 1 else around
    return any(
        name.rpartition(".")[0] in holders and param is not weight and param.shape[:1] == weight.shape[:1]
        for name, param in module_tree.named_parameters(model, module_tree.only_built)
        if param.shape is not None
    )


def _is_tied_elsewhere(view: ModelView, head: str) -> bool:
    together = [group for group in view.models.groups(view.models.tied) or [] if f"{head}.weight" in group]
    return any(f"{view.embeddings.input_path}.weight" not in group for group in together)


def named_beside(view: ModelView, path: str, name: str) -> str | None:
    """Return the path to another module, by that name, of the module that holds the one at a path."""
    model, (around, _, leaf) = view.models.untied.model, path.rpartition(".")
    beside = f"{around}.{name}".strip(".")
    if model is None or name in ("", leaf) or module_tree.submodule(model, beside) is None:
        return None
    return beside


def class_inside(view: ModelView, path: str) -> Class | None:
    """Return the class of a part of the model, if it is one of this file."""
    model = view.models.untied.model
    part = None if model is None else module_tree.submodule(model, path)
    cls = part.cls if isinstance(part, Module) else None
    return cls if isinstance(cls, Class) and cls.scope is view.cls.scope else None


def _is_left_out(view: ModelView, name: str) -> bool:
    declared = view.tied_keys.value
    if not isinstance(declared, dict | list | tuple | set | frozenset):
        return False
    keys = [key for key in declared if isinstance(key, str)]
    return bool(keys) and not matching(keys, name)


def delegated_getter(view: ModelView, getter: str) -> tuple[Class, str] | None:
    """Return the class of this file whose own getter the library's asks for the model, and the path to it."""
    model = view.models.default.model or view.models.untied.model
    inner = None if model is None or not view.prefix.value else model.attrs.get(view.prefix.value)
    if not isinstance(inner, Module) or not isinstance(inner.cls, Class) or has_accessor(view, getter):
        return None
    if inner.cls.scope is not view.cls.scope or getter not in inner.cls.own():
        return None
    return inner.cls, view.prefix.value
