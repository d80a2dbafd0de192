"""From the names of a checkpoint to those of the model: prefixes that a load adds or takes away."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from tie_lint.interpreter.base_values import RaisedError
from tie_lint.loading.names import StoredNames, without_digits
from tie_lint.loading.transforms import Scoped, UntoldRenamingError, converted, renamed
from tie_lint.record import NamedTuple


class Expected(NamedTuple):
    """What a load knows of the names of the model."""

    prefix: str
    """``base_model_prefix``."""
    has_prefix: bool
    """Whether the model has an attribute of that name."""
    names: Collection[str]
    """The names that matter."""


def by_whole_prefix(stored: Iterable[str], model: Expected, patterns: Mapping[str, str]) -> dict[str, str]:
    """Model name → stored name, up to 4.57: all names get a prefix, or lose it, or none does.

    ``patterns`` are those of ``_checkpoint_conversion_mapping``; the first that matches is applied. After
    ``_get_key_renaming_mapping`` in ``modeling_utils.py``. Raises ``RaisedError`` where that raises.
    """
    lead, names = f"{model.prefix}.", list(stored)
    has_prefix = bool(model.prefix) and any(name.startswith(model.prefix) for name in names)
    if not patterns:  # of hundreds of thousands of names a few are left
        wanted = {*model.names, *(lead + name for name in model.names)}
        wanted |= {name.removeprefix(lead) for name in model.names}
        names = [name for name in names if name in wanted]
    found: dict[str, str] = {}
    for name in names:
        renamed = _first_match(name, patterns)
        if model.prefix and model.has_prefix and not has_prefix:
            if renamed in model.names and not renamed.startswith(lead) and lead + renamed not in model.names:
                raise RaisedError("ValueError", "The state dictionary of the model … is corrupted")
            renamed = lead + renamed
        elif has_prefix and not model.has_prefix:
            if not renamed.startswith(lead):
                continue
            renamed = renamed.removeprefix(lead)
        found[renamed] = name
    return found


def _first_match(name: str, patterns: Mapping[str, str]) -> str:
    for pattern, replacement in patterns.items():
        renamed, count = re.subn(pattern, replacement, name)
        if count:
            return renamed
    return name


def by_each_prefix(
    stored: Iterable[str], model: Expected, transforms: Sequence[Scoped] = ()
) -> dict[str, str]:
    """Model name → stored name, from 5.0 on: each name gets the prefix, or loses it, where that makes it fit.

    After ``convert_and_load_state_dict_in_model`` and ``rename_source_key`` in ``core_model_loading.py``.
    Raises ``UntoldRenamingError`` where the library changes the tensor, or a name in an unknown way.
    """
    found: dict[str, str] = {}
    for name in _worth_renaming(stored, model, transforms):
        new = _fitting(renamed(name, transforms), model)
        if new in model.names and converted(new, transforms) is not None:
            raise UntoldRenamingError(f"{name} is converted when it is loaded")
        if new not in model.names:
            new = _fitting(name, model)
        found.setdefault(new, name)
    return found


def _worth_renaming(stored: Iterable[str], model: Expected, transforms: Sequence[Scoped]) -> Iterable[str]:
    """The names that may become one of the model's: a checkpoint has hundreds of thousands of others.

    Names that differ only in numbers become names that do, as long as no pattern asks for a certain number.
    """
    if any(transform.has_digits for transform in transforms):
        return stored
    wanted = set(map(without_digits, model.names))
    wanted |= {form.removeprefix(without_digits(f"{model.prefix}.")) for form in wanted}
    alike = StoredNames.of(stored).by_form
    return [
        name for names in alike.values() if _may_fit(names[0], wanted, model, transforms) for name in names
    ]


def _may_fit(name: str, wanted: set[str], model: Expected, transforms: Sequence[Scoped]) -> bool:
    forms = (name, renamed(name, transforms))
    lead = len(model.prefix) + 1
    return any(without_digits(form) in wanted for one in forms for form in (one, one[lead:]))


def _fitting(name: str, model: Expected) -> str:
    """A name with the prefix, or without it, where it is a name of the model that way."""
    lead = f"{model.prefix}."
    short = name[len(lead) :] if model.prefix and name.startswith(model.prefix) else None
    if short is not None and short in model.names:
        return short
    return lead + name if model.prefix and lead + name in model.names else name
