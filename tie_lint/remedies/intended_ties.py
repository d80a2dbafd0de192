"""The ties that a model's code asks for, whatever it declares."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from tie_lint.interpreter.attributes import get_attr
from tie_lint.interpreter.base_values import Value
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.values import Module, Param
from tie_lint.intrinsics.torch import module_tree
from tie_lint.intrinsics.transformers import configs
from tie_lint.library.contract import contract_of
from tie_lint.library.releases import KNOWN
from tie_lint.tiemap.built_model import Groups
from tie_lint.tiemap.weights import weight_of

if TYPE_CHECKING:
    from tie_lint.tiemap.view import ModelView


NEWEST_WITH_GETTERS = next(
    release for release in reversed(KNOWN) if contract_of(release).ties_by == "getters"
)


def intended_ties(view: ModelView) -> Groups | None:
    """Return the groups of names that should be one parameter once the config asks for it; None if unknown.

    Where the getters tie, that is what ties. Where a mapping ties, it is what the constructor shares and what
    the two getters lead to: the mapping itself is what may be wrong.
    """
    if view.interp.contract.ties_by == "getters":
        return view.models.groups(view.models.tied)
    groups, model = view.models.groups(view.models.untied), view.models.untied.model
    if groups is None or model is None:
        return None
    ends = [module_tree.path_of(model, end) for end in view.embeddings.untied_ends if isinstance(end, Module)]
    if len(ends) == 2 and all(ends) and _same_shape(view):
        groups = joined([*groups, [f"{path}.weight" for path in ends]])
    return groups


def _same_shape(view: ModelView) -> bool:
    one, two = map(weight_of, view.embeddings.untied_ends)
    return one is not None and two is not None and one.shape is not None and one.shape == two.shape


def intended_by_getters(view: ModelView) -> Groups | None:
    """Return :func:`intended_ties` under the newest release whose getters tie, in the same files."""
    if view.interp.contract.ties_by == "getters":
        return intended_ties(view)
    older = view.under(NEWEST_WITH_GETTERS)
    return None if older is None else intended_ties(older)


def joined(groups: Iterable[Iterable[str]]) -> Groups:
    """Return the groups, those with a name in common as one."""
    found: list[set[str]] = []
    for group in map(set, groups):
        apart = [other for other in found if not other & group]
        found = [*apart, group.union(*(other for other in found if other & group))]
    return sorted(sorted(group) for group in found if len(group) > 1)


def declared(view: ModelView) -> Groups:
    """Return the pairs that a mapping of the model declares, under the right name or a misspelt one."""
    misspelt = [name for name, right in view.spelling.misspelt.items() if right == "_tied_weights_keys"]
    values = [
        view.tied_keys.value,
        *(view.attempt(partial(get_attr, view.interp, view.cls, name)) for name in misspelt),
    ]
    return [
        [target, source]
        for value in values
        if isinstance(value, dict)
        for target, source in value.items()
        if isinstance(target, str) and isinstance(source, str)
    ]


def counterpart(view: ModelView, name: str) -> str | None:
    """Return what a parameter that is listed as tied is most likely tied to, going by shapes.

    The one of its shape and leaf that a module around its own holds, as a head's own bias; else the weight of
    the input embeddings.
    """
    model, (path, _, leaf) = view.models.untied.model, name.rpartition(".")
    param = None if model is None else module_tree.parameter(model, name)
    if model is None or not isinstance(param, Param) or param.shape is None:
        return None
    around = [f"{above}.{leaf}".lstrip(".") for above in module_tree.around(path)]
    found = [one for one in around if _has_shape(module_tree.parameter(model, one), param)]
    source = view.embeddings.untied_ends[0]
    if not found and isinstance(source, Module) and _has_shape(weight_of(source), param):
        found = [f"{module_tree.path_of(model, source)}.weight"]
    return found[0] if len(found) == 1 and found[0] != name else None


def _has_shape(value: Value, like: Param) -> bool:
    return isinstance(value, Param) and value.shape == like.shape


def local_config(view: ModelView) -> Class | None:
    """Return the model's config class, if it is the project's own."""
    found = configs.config_class(view.interp, view.cls)
    return found if found is not None and found.scope.path is not None else None
