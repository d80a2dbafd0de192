"""The ties that a model's code asks for, as ``_tied_weights_keys`` should declare them."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tie_lint.library.contract import contract_of
from tie_lint.library.releases import KNOWN
from tie_lint.model import configs, saving, tree
from tie_lint.model.classes import Class
from tie_lint.model.ends import weight_of
from tie_lint.model.objects import get_attr
from tie_lint.model.values import Module, Param, Value
from tie_lint.python.facts import Span, Stmt

if TYPE_CHECKING:
    from tie_lint.model.project import Scope
    from tie_lint.model.view import ModelView

Groups = list[list[str]]


def tied_names(view: ModelView) -> Groups | None:
    """The groups of names that are one parameter once the config asks for it; None where not known.

    Where a mapping does the tying, that is what the constructor shares and what the two getters lead to:
    the mapping itself is what may be wrong.
    """
    if view.run.contract.ties_by == "getters":
        return view._shared(view._tied)
    groups, model = view._shared(view._untied), view._untied.model
    if groups is None or model is None:
        return None
    ends = [tree.path_of(model, end) for end in view._untied_ends if isinstance(end, Module)]
    if len(ends) == 2 and all(ends) and _same_shape(view):
        groups = joined([*groups, [f"{path}.weight" for path in ends]])
    return groups


def _same_shape(view: ModelView) -> bool:
    one, two = map(weight_of, view._untied_ends)
    return one is not None and two is not None and one.shape is not None and one.shape == two.shape


def tied_names_by_getters(view: ModelView, text: str) -> Groups | None:
    """:func:`tied_names` as the newest release whose getters tie would have them, from the file's text."""
    if view.run.contract.ties_by == "getters":
        return tied_names(view)
    cls = _older_scope(view.path, text).lookup(view.name)
    return (
        tied_names(type(view)(cls.scope.project.interpreter, cls, view.path))
        if isinstance(cls, Class)
        else None
    )


@functools.lru_cache(maxsize=2)
def _older_scope(path: Path, text: str) -> Scope:
    from tie_lint.library.index import library
    from tie_lint.model.project import Project

    newest = next(release for release in reversed(KNOWN) if contract_of(release).ties_by == "getters")
    return Project(library(newest)).file(path, text)


def joined(groups: Iterable[Iterable[str]]) -> Groups:
    """The groups, those with a name in common as one."""
    found: list[set[str]] = []
    for group in map(set, groups):
        apart = [other for other in found if not other & group]
        found = [*apart, group.union(*(other for other in found if other & group))]
    return sorted(sorted(group) for group in found if len(group) > 1)


def mapping_of(view: ModelView, groups: Groups, keys: Iterable[str] = ()) -> dict[str, str]:
    """The mapping from targets to sources for groups of tied names, in the order of the keys.

    The keys say which names are targets; beside these, all that no model inside this one declares are. A
    source is a name that is no key, first of all the input embedding's.
    """
    patterns = list(keys)
    names = _registered(view)
    found: dict[str, str] = {}
    for group in groups:
        source = _source(view, sorted(group, key=lambda name: names.get(name, 0)), patterns)
        elsewhere = _covered_elsewhere(view, group, patterns)
        found.update({name: source for name in group if name != source and name not in elsewhere})
    order = {name: index for index, name in enumerate(sorted(found, key=lambda name: names.get(name, 0)))}
    return {
        name: found[name] for name in sorted(found, key=lambda name: (_place(name, patterns), order[name]))
    }


def _source(view: ModelView, group: list[str], patterns: list[str]) -> str:
    model, source = view._untied.model, view._untied_ends[0]
    path = tree.path_of(model, source) if model is not None and isinstance(source, Module) else None
    free = [name for name in group if not matching(patterns, name)] or group
    names = [f"{path}.weight", *free]
    return next(name for name in names if name in free)


def patterns_of(groups: Groups, patterns: list[str]) -> dict[str, str]:
    """A mapping that keeps patterns as they are, each tied to the one module that its matches have their
    counterparts in; empty where there is none. Unlike names it holds for any number of layers."""
    found: dict[str, str] = {}
    for pattern in patterns:
        bases: set[str] | None = None
        for group in groups:
            free = [name for name in group if not matching(patterns, name)]
            for name in group:
                if _matches(pattern, name):
                    here = _counterparts(pattern, name, free)
                    bases = here if bases is None else bases & here
        if not bases:
            return {}
        found[pattern] = min(bases)
    return found


def _counterparts(pattern: str, name: str, free: list[str]) -> set[str]:
    match = re.match(pattern, name)
    rest = "" if match is None else name[match.end() :]
    return {other.removesuffix(rest) for other in free if rest and other.endswith(rest)}


def matching(patterns: Iterable[str], name: str) -> bool:
    """Whether a declaration in the form of 4.x covers a name."""
    return any(_matches(pattern, name) for pattern in patterns)


def _matches(pattern: str, name: str) -> bool:
    try:
        return re.search(pattern, name) is not None
    except re.error:
        return False


def _place(name: str, patterns: list[str]) -> int:
    found = [index for index, pattern in enumerate(patterns) if _matches(pattern, name)]
    return found[0] if found else len(patterns)


def _registered(view: ModelView) -> dict[str, int]:
    """The order in which the model registers what it has built."""
    model = view._untied.model
    names = [] if model is None else [name for name, _ in tree.named_parameters(model, tree.only_built)]
    return {name: index for index, name in reversed(list(enumerate(names)))}


def _covered_elsewhere(view: ModelView, group: list[str], patterns: list[str]) -> set[str]:
    """The names of a group that models inside this one declare, and this one does not."""
    model = view._untied.model
    declared = None if model is None else view.attempt(lambda: saving.declared_keys(view.run, model))
    others = [key for key in declared or () if isinstance(key, str) and key not in patterns]
    return {name for name in group if matching(others, name) and not matching(patterns, name)}


def has_accessor(view: ModelView, name: str) -> bool:
    """Whether the class or one that it derives from has an accessor that is not the library's default."""
    found = view.cls.find(name)
    return found is not None and isinstance(found[0], Class) and found[0].scope.dotted != _LIBRARY_DEFAULTS


_LIBRARY_DEFAULTS = "transformers.modeling_utils"


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
    """Whether no other module of the model itself follows the vocabulary as that one does."""
    found = view._vocabulary
    if found is None:
        return False
    same = found.heads if path in found.heads else found.embeddings
    return [other for other in same if other not in found.nested or other == path] == [path]


def names_wanted(view: ModelView, side: str) -> list[str]:
    """The names that a declaration should have as targets, or as sources, and the model's own has not."""
    groups, declared = tied_names(view), view.tied_keys
    if not groups or not isinstance(declared, dict | list | tuple | set):
        return []
    wanted = mapping_of(view, groups)
    names = list(wanted) if side == "target" else list(dict.fromkeys(wanted.values()))
    present = set(declared if side == "target" or not isinstance(declared, dict) else declared.values())
    return [name for name in names if name not in present]


def moved(view: ModelView, entry: str) -> str | None:
    """The one parameter that differs from a name only in the attribute that it begins with."""
    model, (_, _, rest) = view._untied.model, entry.partition(".")
    names = [] if model is None else [name for name, _ in tree.named_parameters(model, tree.only_built)]
    found = [name for name in names if rest and name.partition(".")[2] == rest]
    return found[0] if len(found) == 1 else None


def missing_entries(view: ModelView, groups: Groups) -> dict[str, str]:
    """The entries that a declared mapping lacks for groups of tied names."""
    declared = view.tied_keys if isinstance(view.tied_keys, dict) else {}
    wanted = mapping_of(view, groups, list(declared))
    return {target: source for target, source in wanted.items() if target not in declared}


def declared(view: ModelView) -> Groups:
    """The pairs of names that a mapping of the model says are one, under the right name or a misspelt one."""
    misspelt = [name for name, right in view.misspelt.items() if right == "_tied_weights_keys"]
    values = [
        view.tied_keys,
        *(view.attempt(partial(get_attr, view.run, view.cls, name)) for name in misspelt),
    ]
    return [
        [target, source]
        for value in values
        if isinstance(value, dict)
        for target, source in value.items()
        if isinstance(target, str) and isinstance(source, str)
    ]


def counterpart(view: ModelView, name: str) -> str | None:
    """The one parameter of that shape and leaf that a module around another's holds: a head's own bias."""
    model, (path, _, leaf) = view._untied.model, name.rpartition(".")
    param = None if model is None else tree.parameter(model, name)
    if model is None or not isinstance(param, Param) or param.shape is None:
        return None
    parts = path.split(".")
    around = [".".join([*parts[:count], leaf]) for count in range(len(parts))]
    found = [one for one in around if _has_shape(tree.parameter(model, one), param)]
    return found[0] if len(found) == 1 else None


def with_counterparts(view: ModelView, wanted: dict[str, str]) -> dict[str, str]:
    """A mapping, and beside its targets what else their modules hold that has a counterpart.

    No code says that these are one where a mapping is the only one to say so; most often they are.
    """
    more = dict(wanted)
    model = view._untied.model
    for target in wanted:
        path = target.rpartition(".")[0]
        holder = None if model is None else tree.submodule(model, path)
        for leaf in holder.attrs if isinstance(holder, Module) else ():
            name = f"{path}.{leaf}"
            if name not in wanted and (found := counterpart(view, name)):
                more.setdefault(name, found)
    return more


def _has_shape(value: Value, like: Param) -> bool:
    return isinstance(value, Param) and value.shape == like.shape


def names_parameter(view: ModelView, pattern: str) -> bool:
    """Whether a declaration in the form of 4.x covers a parameter of the model."""
    model = view._untied.model
    return model is None or any(
        matching([pattern], name) for name, _ in tree.named_parameters(model, tree.only_built)
    )


def local_config(view: ModelView) -> Class | None:
    """The model's config class, if it is the project's own."""
    found = configs.config_class(view.run, view.cls)
    return found if found is not None and found.scope.path is not None else None


def list_set_by_init(view: ModelView) -> tuple[list[str], Span] | None:
    """The list that the class's own ``__init__`` leaves as ``_tied_weights_keys``, and where it sets it."""
    facts = view.cls.method("__init__") if view.declares("__init__") else None
    places = [] if facts is None else list(_settings(facts.body))
    model = view._untied.model
    value = None if model is None else model.attrs.get("_tied_weights_keys")
    return (value, places[-1]) if places and isinstance(value, list) else None


def _settings(body: list[Stmt]) -> Iterator[Span]:
    """The statements, at any depth, that set ``self._tied_weights_keys``."""
    for stmt in body:
        if stmt[0] == "assign" and ["attr", ["name", "self"], "_tied_weights_keys"] in stmt[2]:
            yield stmt[1]
        elif stmt[0] == "if":
            yield from _settings([*stmt[3], *stmt[4]])
