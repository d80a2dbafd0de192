"""What becomes of the parameters that may be tied when a model is loaded."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from tie_lint.record import Data, NamedTuple, field

Shape = tuple[int, ...]


class Stored(NamedTuple):
    """What has to be known of a checkpoint."""

    names: Sequence[str]
    """All its names, as the checkpoint spells them, in the order in which they are loaded."""
    shapes: Mapping[str, Shape]
    """Their shapes, as far as they are known."""
    alike: Callable[[str, str], bool | None]
    """Whether two of its tensors have the same values; None where that was not looked at."""


class Origin(NamedTuple):
    """Where the values of a parameter come from."""

    kind: Literal["stored", "new", "empty"]
    """From the checkpoint; newly initialised; or nowhere: it is left on the meta device."""
    name: str = ""
    """The tensor in the checkpoint, as that spells it."""


NEW, EMPTY = Origin("new"), Origin("empty")


class Mismatch(NamedTuple):
    """A tensor that does not fit the parameter it is loaded into: the load raises."""

    stored: Shape
    wanted: Shape


class Loaded(Data):
    """The outcome of a load, as far as it concerns ties."""

    origins: dict[str, Origin]
    """By name in the model."""
    groups: list[list[str]]
    """The names that are one parameter."""
    files: dict[str, str] = field(default_factory=dict)
    """Name in the model → the stored tensor that is loaded into it, or would be if nothing were tied."""
    parted: list[tuple[str, str]] = field(default_factory=list)
    """The pairs ``(target, source)`` that the model ties and a load keeps apart, as their values differ."""
    mismatched: dict[str, Mismatch] = field(default_factory=dict)
    """By name in the model."""


class Prediction(Data):
    """What a load is expected to do; None and a reason where that cannot be told."""

    loaded: Loaded | None
    reason: str = ""
    raises: str = ""
    """What making the config or the model raises, as ``Kind: message``."""
    is_built: bool = False
    """Whether what follows is known."""
    ties: list[list[str]] = field(default_factory=list)
    """The names that are one parameter in a model that is built with this config, and not loaded."""
    embedding: str | None = None
    """The weight that ``get_input_embeddings()`` leads to; None where it leads nowhere that is known."""
    head: str | None = None
    """The weight that ``get_output_embeddings()`` leads to; None where it leads nowhere that is known."""
    mapping: dict[str, str] = field(default_factory=dict)
    """Target → source of what a release ties by a mapping."""
    asked: list[list[str]] = field(default_factory=list)
    """The same with ``tie_word_embeddings`` forced True."""

    @property
    def ends(self) -> list[str]:
        """The embedding and the head, as far as they are known."""
        return [name for name in (self.embedding, self.head) if name is not None]
