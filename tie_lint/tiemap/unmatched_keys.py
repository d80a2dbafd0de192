"""Entries of ``_tied_weights_keys`` that match no parameter of the model."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from enum import Enum
from typing import TYPE_CHECKING

from tie_lint.interpreter.base_values import Unknown, Value
from tie_lint.interpreter.regexes import TooCostlyError, searched
from tie_lint.interpreter.values import Module, Param, Tensor
from tie_lint.intrinsics.torch import module_tree
from tie_lint.intrinsics.transformers.tying_by_keys import is_common_case
from tie_lint.record import Data
from tie_lint.tiemap.weights import differ

if TYPE_CHECKING:
    from tie_lint.intrinsics.transformers.context import Interpreter


MOST_COMPARED = 30_000
"""How many pairs of an entry and a name are compared: who has more wrong entries has no slip of the pen."""

_PLAIN = re.compile(r"[\w.]+")
_PATTERN_OR_NUMBER = re.compile(r"[\d*+\[(]|\\d")


class KeySide(Enum):
    """Which name of an entry: the key, or the value of a mapping."""

    TARGET = "target"
    SOURCE = "source"


class Unmatched(Data):
    """An entry that names no parameter."""

    entry: str
    side: KeySide
    nearest: str | None
    """The real name that it is most like, if it is like any."""
    names_buffer: bool = False
    """Whether it names a buffer, which nothing can be tied to."""


def unmatched(interp: Interpreter, model: Module, keys: Value) -> list[Unmatched]:
    """Return the entries of a declaration that match nothing in a model that is not tied yet.

    A list or a mapping of 4.x is searched for (``re.search``); a mapping of 5.x is taken as paths or, if
    one entry is a pattern, matched from the start of the name.
    """
    forms = dict if interp.contract.keys_form == "mapping" else dict | list | tuple | set
    if not isinstance(keys, forms) or not all(isinstance(key, str) for key in keys):
        return []
    if isinstance(keys, dict) and not all(isinstance(source, str) for source in keys.values()):
        return []
    if module_tree.holes(model, module_tree.only_built):
        return []
    plain = interp.contract.keys_form == "mapping" and is_common_case(keys)
    buffers = [Unmatched(entry, side, None, True) for entry, side in _buffers(interp, model, keys)]
    entries = [
        (entry, side) for entry, side in _entries(interp, keys) if not plain or not _is_there(model, entry)
    ]
    if not entries:
        return buffers
    # Most match what is built already; the rest of the model is built only to say what the others are like.
    _, left = _without_match(interp, model, entries, plain, module_tree.only_built)
    if not left:
        return buffers
    names, left = _without_match(interp, model, left, plain, module_tree.always)
    free = {side: tuple(_free(names, keys, side)) for side in KeySide}
    compared = MOST_COMPARED // max(len(names), 1)
    return buffers + [
        Unmatched(
            entry,
            side,
            _nearest(entry, _of_its_shape(model, keys, entry, free[side])) if number < compared else None,
        )
        for number, (entry, side) in enumerate(left)
    ]


def _without_match(
    interp: Interpreter,
    model: Module,
    entries: list[tuple[str, KeySide]],
    plain: bool,
    enter: module_tree.Enter,
) -> tuple[list[str], list[tuple[str, KeySide]]]:
    """The names of parameters and buffers in the part of a model, and the entries that match none of them."""
    names = sorted({name for name, _ in module_tree.named_tensors(model, enter)})
    lines = "\n".join(names)
    return names, [one for one in entries if plain or not _searched(interp, one[0], names, lines)]


def _buffers(interp: Interpreter, model: Module, keys: Value) -> Iterator[tuple[str, KeySide]]:
    """The entries of a mapping that name buffers: loading asks for each as a parameter (5.23.0,
    ``modeling_utils.py``, ``mark_tied_weights_as_initialized``)."""
    if interp.contract.keys_form == "mapping":
        for entry, side in _entries(interp, keys):
            if isinstance(module_tree.parameter(model, entry), Tensor):
                yield entry, side


def _free(names: list[str], keys: Value, side: KeySide) -> list[str]:
    """The names that an entry can mean: no target can be another one or a source, no source a target."""
    if not isinstance(keys, dict):
        return names
    taken = {*keys, *(keys.values() if side is KeySide.TARGET else ())}
    return [name for name in names if name not in taken]


def _of_its_shape(model: Module, keys: Value, entry: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """The names that can be tied to what the target of a mapping is tied to, as far as shapes are known."""
    source = module_tree.parameter(model, keys[entry]) if isinstance(keys, dict) and entry in keys else None
    if not isinstance(source, Param):
        return names
    tensors = {name: module_tree.parameter(model, name) for name in names}
    return tuple(
        name for name, one in tensors.items() if not isinstance(one, Param) or not differ(one, source)
    )


def _is_there(model: Module, path: str) -> bool:
    return module_tree.parameter(model, path) is not None


def _entries(interp: Interpreter, keys: Value) -> Iterator[tuple[str, KeySide]]:
    for key in keys:
        yield key, KeySide.TARGET
    if interp.contract.keys_form == "mapping" and isinstance(keys, dict):
        for source in keys.values():
            if not isinstance(source, Unknown):
                yield source, KeySide.SOURCE


def _searched(interp: Interpreter, entry: str, names: list[str], lines: str) -> bool:
    """Whether an entry matches a name, or may. ``lines`` are the names, one a line, for plain entries."""
    anchor = "" if interp.contract.keys_form == "list" else "^"
    if _PLAIN.fullmatch(entry):
        return re.search(anchor + entry, lines, re.MULTILINE) is not None
    try:
        return any(searched(anchor + entry, name) for name in names)
    except TooCostlyError:
        return True


@functools.lru_cache(maxsize=16_384)
def _nearest(entry: str, names: tuple[str, ...]) -> str | None:
    """Return the name that an entry is most like. A fix asks the same again for each entry that it leaves."""
    import difflib  # which takes long, and few files have such entries

    plain = entry.replace("\\", "").strip("^$")
    found = difflib.get_close_matches(plain, names, n=1, cutoff=0.6)
    for parts in (1, 2):  # those that end alike come first: ``embed_tokens.weight`` before ``weight``
        tail = ".".join(plain.split(".")[-parts:])
        alike = [name for name in names if name.endswith(f".{tail}")]
        found = difflib.get_close_matches(plain, alike, n=1, cutoff=0.6) or found
    nearest = found[0] if found else None
    in_list = nearest is not None and any(part.isdigit() for part in nearest.split("."))
    return None if in_list and not _PATTERN_OR_NUMBER.search(entry) else nearest  # which one would it be?
