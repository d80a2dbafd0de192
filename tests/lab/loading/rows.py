"""The rows of the table: what is done to config.json and to the checkpoint before a class is loaded.

Plain data, shared by the recorder and by what holds the tool to its records. A checkpoint begins as that of
the untied model, every name with values of its own; a row drops names, resizes tensors, or gives one the
values of another.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

Flag = Literal["default", "true", "false", "absent", "outer"]
FLAG = "tie_word_embeddings"


@dataclass
class Stored:
    """The tensors of a checkpoint that matter here."""

    values: dict[str, str]
    """Name → the name of the untied model whose values it holds."""
    longer: set[str] = field(default_factory=set)
    """The names whose first dimension is three longer than the model's."""


@dataclass(frozen=True)
class Model:
    """What a row needs to know of a class."""

    names: tuple[str, ...]
    """All names of the untied model, in its order."""
    sources: dict[str, str]
    """Target → source: a name that saving drops once tied, and the one it keeps."""
    prefix: str
    """``base_model_prefix``."""


@dataclass(frozen=True)
class Row:
    """One way to make a folder."""

    name: str
    flag: Flag
    edit: Callable[[Model, Stored], None]
    several: bool = False
    """Whether it is only for models where one source has several targets."""

    def stored(self, model: Model) -> Stored:
        """The checkpoint that this row makes."""
        stored = Stored({name: name for name in model.names})
        self.edit(model, stored)
        return stored


def with_flag(config: dict[str, Any], flag: Flag) -> dict[str, Any]:
    """A config.json that says what the row wants: everywhere, nowhere, or but on the outside."""
    edited = copy.deepcopy(config)
    if flag != "default":
        _set(edited, None if flag in ("absent", "outer") else flag == "true")
    if flag == "outer":
        edited[FLAG] = True
    return edited


def _set(config: dict[str, Any], flag: bool | None) -> None:
    if flag is None:
        config.pop(FLAG, None)
    else:
        config[FLAG] = flag
    for value in config.values():
        if isinstance(value, dict) and "model_type" in value:
            _set(value, flag)


def _all(model: Model, stored: Stored) -> None:
    """Every name of the untied model, each with values of its own."""


def _drop(stored: Stored, names: set[str]) -> None:
    for name in names:
        stored.values.pop(name, None)


def _source_only(model: Model, stored: Stored) -> None:
    _drop(stored, set(model.sources))


def _targets_only(model: Model, stored: Stored) -> None:
    _drop(stored, set(model.sources.values()))


def _neither(model: Model, stored: Stored) -> None:
    _drop(stored, {*model.sources, *model.sources.values()})


def _equal(model: Model, stored: Stored) -> None:
    for target, source in model.sources.items():
        stored.values[target] = source


def _first_target(model: Model, stored: Stored) -> None:
    first = {source: target for target, source in reversed(model.sources.items())}
    _drop(stored, set(model.sources) - set(first.values()))


def _first_target_alone(model: Model, stored: Stored) -> None:
    _first_target(model, stored)
    _targets_only(model, stored)


def _last_target_alone(model: Model, stored: Stored) -> None:
    last = {source: target for target, source in model.sources.items()}
    _drop(stored, set(model.sources) - set(last.values()))
    _targets_only(model, stored)


def _longer_source(model: Model, stored: Stored) -> None:
    _source_only(model, stored)
    stored.longer |= set(model.sources.values())


def _longer_targets(model: Model, stored: Stored) -> None:
    stored.longer |= set(model.sources)


def _of_the_base(model: Model, stored: Stored) -> None:
    """The checkpoint of the backbone alone, under its own names."""
    lead = f"{model.prefix}."
    _source_only(model, stored)
    stored.values = {
        name.removeprefix(lead): value for name, value in stored.values.items() if name.startswith(lead)
    }


ROWS = (
    Row("all, differing; flag true", "true", _all),
    Row("all, equal; flag true", "true", _equal),
    Row("source only; flag true", "true", _source_only),
    Row("targets only; flag true", "true", _targets_only),
    Row("neither; flag true", "true", _neither),
    Row("source and first target; flag true", "true", _first_target, several=True),
    Row("first target only; flag true", "true", _first_target_alone, several=True),
    Row("last target only; flag true", "true", _last_target_alone, several=True),
    Row("source only; flag default", "default", _source_only),
    Row("all, differing; flag default", "default", _all),
    Row("source only; flag absent", "absent", _source_only),
    Row("all, differing; flag absent", "absent", _all),
    Row("source only; flag outside only", "outer", _source_only),
    Row("source only; flag false", "false", _source_only),
    Row("all, differing; flag false", "false", _all),
    Row("targets only; flag false", "false", _targets_only),
    Row("source only, longer; flag true", "true", _longer_source),
    Row("all, targets longer; flag true", "true", _longer_targets),
    Row("backbone's checkpoint, source only; flag true", "true", _of_the_base),
)
