"""Whether a model class could be followed as far as the rules need, and why not."""

from __future__ import annotations

from collections.abc import Iterator

from tie_lint.cause import Cause
from tie_lint.interpreter.base_values import cause_of
from tie_lint.interpreter.spot import here
from tie_lint.tiemap.accessors import End
from tie_lint.tiemap.built_model import BuiltModels
from tie_lint.tiemap.construction import Construction, at_class, shared_parameters
from tie_lint.tiemap.embeddings import Embeddings
from tie_lint.tiemap.model_config import ModelConfig


class Following:
    """What of a model class the rules cannot know."""

    def __init__(self, models: BuiltModels, config: ModelConfig, embeddings: Embeddings) -> None:
        self._models, self._config, self._embeddings = models, config, embeddings

    @property
    def gaps(self) -> list[Cause]:
        """Why its ties, its getters or whether its construction raises are not known; empty if all are."""
        with at_class(self._models.cls):
            return list(dict.fromkeys(self._gaps()))

    def _gaps(self) -> Iterator[Cause]:
        default = self._models.default
        if self._config.lacks_flag is None:
            yield from self._gaps_of(default)
        if self._models.tied is not default:
            yield from self._gaps_of(self._models.tied)
        for end in End if default.model is not None else ():
            ending, found = self._embeddings.getter(end)
            if ending is None:
                yield cause_of(found) if found is not None else here(f"{end.getter}() was given up")

    def _gaps_of(self, construction: Construction) -> Iterator[Cause]:
        """Why a construction is not known. That it raises is believed, and so a gap as any other, unless all
        is known of the model before it is tied: then it is the tie that fails."""
        if construction.model is None:
            whole = self._models.available
            if construction.error is None or whole.model is None or self._models.groups(whole) is None:
                yield from construction.causes
        elif self._models.groups(construction) is None:
            _, holes = shared_parameters(self._models.interp, construction)
            yield from [*construction.doubts, *holes] or [here("the run was given up")]
