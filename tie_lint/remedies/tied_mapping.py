"""``_tied_weights_keys`` as a model's ties want it: which target is tied to which source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from tie_lint.interpreter.regexes import pattern as pattern_of
from tie_lint.interpreter.values import Module
from tie_lint.intrinsics.torch import module_tree
from tie_lint.python.nodes import Attr, Name
from tie_lint.python.statements import Assign, Span, Stmt
from tie_lint.python.walk import statements
from tie_lint.remedies.intended_ties import counterpart, intended_ties
from tie_lint.tiemap.built_model import Groups
from tie_lint.tiemap.tied_keys import matching
from tie_lint.tiemap.unmatched_keys import KeySide
from tie_lint.tiemap.vocabulary import model_around

if TYPE_CHECKING:
    from tie_lint.tiemap.view import ModelView


def mapping_of(view: ModelView, groups: Groups, keys: Iterable[str] = ()) -> dict[str, str]:
    """Return the mapping from targets to sources for groups of tied names, in the order of the keys.

    The keys say which names are targets; beside these, all that no model inside this one declares are. A
    source is a name that is no key, first of all the input embedding's.
    """
    patterns = list(keys)
    names = view.models.registered
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
    model, source = view.models.untied.model, view.embeddings.untied_ends[0]
    path = module_tree.path_of(model, source) if model is not None and isinstance(source, Module) else None
    free = [name for name in group if not matching(patterns, name)] or group
    names = [f"{path}.weight", *free]
    return next(name for name in names if name in free)


def _place(name: str, patterns: list[str]) -> int:
    found = [index for index, pattern in enumerate(patterns) if matching([pattern], name)]
    return found[0] if found else len(patterns)


def _covered_elsewhere(view: ModelView, group: list[str], patterns: list[str]) -> set[str]:
    """The names of a group that models inside this one declare, and this one does not."""
    others = [key for key in view.tied_keys.declared_inside if key not in patterns]
    return {name for name in group if matching(others, name) and not matching(patterns, name)}


def with_counterparts(view: ModelView, mapping: dict[str, str]) -> dict[str, str]:
    """Return a mapping, and beside its targets what else their modules hold that has a counterpart.

    No code says that these are one where a mapping is the only one to say so; most often they are.
    """
    more = dict(mapping)
    model = view.models.untied.model
    for target in mapping:
        path = target.rpartition(".")[0]
        holder = None if model is None else module_tree.submodule(model, path)
        for leaf in holder.attrs if isinstance(holder, Module) else ():
            name = f"{path}.{leaf}"
            if name not in mapping and (found := counterpart(view, name)):
                more.setdefault(name, found)
    return more


def leaves_apart(view: ModelView, mapping: dict[str, str]) -> bool:
    """Return whether a token embedding, or a head, as large as one that a mapping ties would stay apart from
    it.

    Where only the mapping could say so, no code shows whether it should.
    """
    return bool(_apart(view, mapping))


def _apart(view: ModelView, mapping: dict[str, str]) -> list[str]:
    found = view.embeddings.untied_vocabulary
    ends = {} if found is None else {**found.embeddings, **found.heads}
    sizes = {f"{path}.weight": size for path, size in ends.items()}
    tied = view.models.groups(view.models.tied) or []
    together = {*mapping, *mapping.values()}
    together |= {name for group in tied if together & set(group) for name in group}
    matrices = {sizes[name] for name in together if name in sizes}
    return [name for name, size in sizes.items() if name not in together and size in matrices]


def with_parts(view: ModelView, mapping: dict[str, str]) -> dict[str, str]:
    """Return a mapping and, of what it leaves apart, what most likely is one with the rest.

    That is an embedding in a part of the module that holds the source, which would be of no use beside those
    of its parts; and a head, where the mapping has none. What a model inside declares is left to it.
    """
    found, more = view.embeddings.untied_vocabulary, dict(mapping)
    heads = set() if found is None else {f"{path}.weight" for path in found.heads}
    has_head = not heads.isdisjoint([*mapping, *mapping.values()])
    apart = _apart(view, mapping)
    left = [name for name in apart if name not in _covered_elsewhere(view, apart, [])]
    for source in dict.fromkeys(mapping.values()):
        holder = source.removesuffix(".weight").rpartition(".")[0]
        for name in left:
            if not has_head if name in heads else module_tree.is_below(name, holder):
                more.setdefault(name, source)
    return more


def towards_decoder(view: ModelView, mapping: dict[str, str]) -> dict[str, str]:
    """Return a mapping whose sources lie in an encoder with those of the decoder in their place, if these
    exist and stay apart: a head follows the decoder. Empty where there is none."""
    apart = _apart(view, mapping)
    found = {target: re.sub(r"\bencoder\b", "decoder", source) for target, source in mapping.items()}
    return found if found != mapping and all(source in apart for source in found.values()) else {}


def lies_in_one_part(view: ModelView, mapping: dict[str, str]) -> bool:
    """Return whether both names of an entry belong to one model inside this one, which is the one to declare
    it.
    """
    model = view.models.untied.model
    names = () if model is None else {*mapping, *mapping.values()}
    around = {name: model_around(model, name) for name in names if model is not None}
    return any(
        around.get(target) is not None and around[target] == around[source]
        for target, source in mapping.items()
    )


def keeps_entries(view: ModelView, mapping: dict[str, str]) -> bool:
    """Return whether a mapping has every entry of the declared one, but for those that tie the wrong shape or
    a name to itself: what else is declared is meant, also where no other code says so.
    """
    wrong = {*view.tied_keys.self_tied, *(found.target for found in view.tied_keys.reshaped)}
    kept = [key for key in view.tied_keys.value if not any(matching([key], name) for name in wrong)]
    return all(any(matching([key], name) for name in mapping) for key in kept)


def missing_entries(view: ModelView, groups: Groups) -> dict[str, str]:
    """Return the entries that a declared mapping lacks for groups of tied names."""
    declared = view.tied_keys.value if isinstance(view.tied_keys.value, dict) else {}
    mapping = mapping_of(view, groups, list(declared))
    return {target: source for target, source in mapping.items() if target not in declared}


def patterns_of(groups: Groups, patterns: list[str]) -> dict[str, str]:
    """Return a mapping that keeps patterns, each tied to the one module that holds the counterparts of its
    matches; empty where there is none. Unlike names it holds for any number of layers."""
    found: dict[str, str] = {}
    for pattern in patterns:
        bases: set[str] | None = None
        for group in groups:
            free = [name for name in group if not matching(patterns, name)]
            for name in group:
                if matching([pattern], name):
                    here = _counterparts(pattern, name, free)
                    bases = here if bases is None else bases & here
        if not bases:
            return {}
        found[pattern] = min(bases)
    return found


def _counterparts(pattern: str, name: str, free: list[str]) -> set[str]:
    end = pattern_of(pattern).match_end(name)
    rest = "" if end is None else name[end:]
    return {other.removesuffix(rest) for other in free if rest and other.endswith(rest)}


def undeclared_names(view: ModelView, side: KeySide) -> list[str]:
    """Return the names that the declaration should have as targets, or as sources, and has not."""
    groups, declared = intended_ties(view), view.tied_keys.value
    if not groups or not isinstance(declared, (dict, list, tuple, set)):
        return []
    mapping = mapping_of(view, groups)
    names = list(mapping) if side is KeySide.TARGET else list(dict.fromkeys(mapping.values()))
    present = set(declared if side is KeySide.TARGET or not isinstance(declared, dict) else declared.values())
    return [name for name in names if name not in present]


def renamed_parameters(view: ModelView) -> dict[str, str]:
    """Return the parameters by what follows their first attribute, where that names just one."""
    found: dict[str, str | None] = {}
    for name in view.models.registered:
        rest = name.partition(".")[2]
        found[rest] = None if rest in found else name
    return {rest: name for rest, name in found.items() if rest and name}


def names_parameter(view: ModelView, pattern: str) -> bool:
    """Return whether a declaration in the form of 4.x covers a parameter of the model."""
    model = view.models.untied.model
    return model is None or any(matching([pattern], name) for name in view.models.registered)


def names_buffer(view: ModelView, patterns: list[str]) -> bool:
    """Return whether a declaration in the form of 4.x may cover a buffer of the model, of which no tie is
    known.
    """
    model = view.models.untied.model
    return model is None or any(
        matching(patterns, name) for name, _ in module_tree.named_buffers(model, module_tree.only_built)
    )


def list_set_by_init(view: ModelView) -> tuple[list[str], Span] | None:
    """Return the list that the class's ``__init__`` sets as ``_tied_weights_keys``, and where it sets it."""
    facts = view.cls.method("__init__") if view.declares("__init__") else None
    places = [] if facts is None else list(_settings(facts.body))
    model = view.models.untied.model
    value = None if model is None else model.attrs.get("_tied_weights_keys")
    return (value, places[-1]) if places and isinstance(value, list) else None


def _settings(body: list[Stmt]) -> Iterator[Span]:
    """The statements, at any depth, that set ``self._tied_weights_keys``."""
    for stmt in statements(body):
        if isinstance(stmt, Assign) and Attr(Name("self"), "_tied_weights_keys") in stmt.targets:
            yield stmt.at
