"""Tying as 5.x does it: by the mapping ``_tied_weights_keys`` (``modeling_utils.py`` of 5.23.0)."""

from __future__ import annotations

import re
from functools import cache, partial
from itertools import cycle

from tie_lint.interpreter import regexes
from tie_lint.interpreter.attributes import attribute_of
from tie_lint.interpreter.base_values import RaisedError, Unknown, Value, cause_of
from tie_lint.interpreter.budget import tick
from tie_lint.interpreter.builtin_types import truth_of
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.laziness import may_matter
from tie_lint.interpreter.spot import because
from tie_lint.interpreter.values import Module, Param, Tensor
from tie_lint.intrinsics.torch import module_tree
from tie_lint.intrinsics.transformers.context import Interpreter
from tie_lint.intrinsics.transformers.trace import Reshaped

_COMMON_CASE = re.compile(r"^[A-Za-z0-9_\.]+(weight)|(bias)$")
"""5.23.0, ``get_expanded_tied_weights_keys``: entries taken as they are (the quirk is the library's)."""


def expanded_keys(interp: Interpreter, model: Module, all_submodels: Value = False) -> Value:
    """Return what ``get_expanded_tied_weights_keys`` gives: every target with its source, by full names."""
    if truth_of(all_submodels):
        return _expanded_everywhere(interp, model)
    mapping = attribute_of(interp, model, "_tied_weights_keys")
    if mapping in (None, {}):
        return {}
    config = model.attrs.get("config", Unknown("the config"))
    flag = truth_of(attribute_of(interp, config, "tie_word_embeddings", False))
    if flag is None:
        doubt_flag(interp, model)
    if not flag:
        return {}
    if isinstance(mapping, Unknown) or not _known_mapping(mapping):
        interp.doubt(because(f"_tied_weights_keys of {model.cls.leaf}: {{}}", cause_of(mapping)))
        return {}
    if not isinstance(mapping, dict):
        raise RaisedError("AttributeError", f"{type(mapping).__name__!r} object has no attribute 'keys'")
    if is_common_case(mapping):
        return dict(mapping)
    try:
        return _expanded_patterns(interp, model, mapping)
    except regexes.TooCostlyError as error:
        interp.doubt(f"_tied_weights_keys of {model.cls.leaf}: {error}")
        return {}


def doubt_flag(interp: Interpreter, model: Module) -> None:
    """Note that it is not known whether a model is to tie, and why."""
    asked = attribute_of(interp, model.attrs.get("config", Unknown("the config")), "tie_word_embeddings")
    if isinstance(asked, Unknown):
        interp.doubt(because(f"tie_word_embeddings of {model.cls.leaf}: {{}}", asked.why))
    else:
        interp.doubt(f"tie_word_embeddings of the text config of {model.cls.leaf}")


def is_common_case(mapping: dict[str, str]) -> bool:
    """Return whether 5.x takes a mapping as it is, or else matches its entries as patterns."""
    return all(_COMMON_CASE.match(entry) for entry in [*mapping, *mapping.values()])


def _known_mapping(mapping: Value) -> bool:
    items = [*mapping, *(mapping.values() if isinstance(mapping, dict) else ())]
    return all(isinstance(item, str) for item in items)


def _expanded_everywhere(interp: Interpreter, model: Module) -> Value:
    found: dict[str, str] = {}
    for prefix, module in module_tree.named_modules(model, partial(may_matter, interp)):
        if isinstance(module.cls, Class) and module.cls.is_model:
            below = interp.call_method(module, "get_expanded_tied_weights_keys", all_submodels=False)
            lead = f"{prefix}." if prefix else ""
            found.update({f"{lead}{key}": f"{lead}{value}" for key, value in below.items()})
    return found


def _expanded_patterns(interp: Interpreter, model: Module, mapping: dict[str, str]) -> dict[str, str]:
    leads = {_lead(pattern) for pattern in (*mapping, *mapping.values())}
    ways = re.compile("|".join(map(_way_to, sorted(leads))), re.S) if len(leads) <= MOST_LEADS else None

    def wanted(path: str) -> bool:
        return ways is None or ways.fullmatch(path) is not None

    names = [name for name, _ in module_tree.named_tensors(model, wanted=wanted)]
    expanded: dict[str, str] = {}
    matching = cache(partial(_matching, names=names))
    for target, source in mapping.items():
        tick()
        sources, targets = matching(source), matching(target)
        if not sources or not targets or len(targets) % len(sources) != 0:
            gaps = module_tree.holes(model)
            hole = next((hole for hole in gaps if wanted(hole.text.partition(": ")[0])), None)
            if hole is not None:
                interp.doubt(because(f"the tie of {target} to {source}: {{}}", hole))
                continue
            raise RaisedError(
                "ValueError",
                f"There is an issue with your definition of `tie_weights_keys` for {source}:{target}.",
            )
        for target_name, source_name in zip(targets, cycle(sources), strict=False):
            expanded[target_name] = expanded.get(source_name, source_name)
    return expanded


MOST_LEADS = 100
"""Past so many beginnings of names, all parts of a model are looked into: the pattern of them grows, too."""


def _lead(pattern: str) -> str:
    """Letters that all names start with which a pattern matches; a dot among them stands for any letter."""
    found = _PLAIN_START.match("" if "|" in pattern else pattern.lstrip("^"))
    return "" if found is None else found.group()


_PLAIN_START = re.compile(r"(?:[\w.](?![?*+{])){,80}")


def _way_to(lead: str) -> str:
    """Return a pattern of the paths from which a name that starts so may go on, and of such names."""
    way = ".*"
    for letter in reversed(lead):
        way = f"(?:{letter}{way})?"
    return way


def _matching(pattern: str, names: list[str]) -> list[str]:
    try:
        wanted = regexes.pattern("^" + pattern)
    except re.error as error:
        raise RaisedError("error", str(error)) from error
    starts_so = re.compile(_lead(pattern)).match  # which is cheaper than a match within a time limit
    return sorted({name for name in names if starts_so(name) and wanted.search(name)})


def tie_by_keys(interp: Interpreter, model: Module, recompute_mapping: Value) -> None:
    """Tie every target of the expanded mapping to its source."""
    if truth_of(recompute_mapping) is False:
        mapping = attribute_of(interp, model, "all_tied_weights_keys")
        if mapping is None:
            raise RaisedError("AttributeError", "no attribute 'all_tied_weights_keys'")
    else:
        mapping = interp.call_method(model, "get_expanded_tied_weights_keys", all_submodels=True)
    if not isinstance(mapping, dict):
        interp.doubt(because("the mapping of tied weights: {}", cause_of(mapping)))
        return
    for target, source in mapping.items():
        _tie_pair(interp, model, target, source)


def _tie_pair(interp: Interpreter, model: Module, target: str, source: str) -> None:
    weight = _found(interp, model, source)
    parent, _, name = target.rpartition(".")
    holder = _found(interp, model, parent) if parent else model
    if isinstance(weight, Unknown) or isinstance(holder, Unknown):
        lost = cause_of(weight if isinstance(weight, Unknown) else holder)
        interp.doubt(because(f"the tie of {target} to {source}: {{}}", lost))
    elif not isinstance(weight, (Param, Tensor)):
        raise RaisedError("AttributeError", f"`{source}` is neither a parameter, buffer, nor extra state.")
    elif not isinstance(holder, Module):
        raise RaisedError("AttributeError", f"{model.cls.leaf} has no attribute `{parent}`")
    else:
        known = holder.attrs.get(name)
        if known is not None and not isinstance(known, (Param, Tensor, Unknown)):
            raise RaisedError("TypeError", f"cannot assign a parameter as `{name}`")
        note_shapes(interp, holder, name, known, weight)
        holder.attrs[name] = weight


def _found(interp: Interpreter, model: Module, path: str) -> Value:
    """What is at a dotted path, by what each object on it has of that name (``get_parameter_or_buffer``)."""
    value: Value = model
    for part in path.split("."):
        if isinstance(value, Unknown) or not isinstance(value, Module):
            return value if isinstance(value, Unknown) else None
        value = attribute_of(interp, value, part)
    return value


def note_shapes(interp: Interpreter, holder: Module, name: str, before: Value, after: Value) -> None:
    """Note a tie that puts a parameter where one of another shape was."""
    if isinstance(before, Param) and isinstance(after, Param) and before.shape and after.shape:
        sizes = [*before.shape, *after.shape]
        if before.shape != after.shape and all(isinstance(size, int) for size in sizes):
            interp.trace.events.append(Reshaped(holder, name, before.shape, after, after.shape))
