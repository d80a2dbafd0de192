"""Models inside whose config is no part of the outer model's: what they tie is up to that alone."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property, partial

from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.values import Instance, Module
from tie_lint.intrinsics.torch import module_tree
from tie_lint.intrinsics.transformers import configs
from tie_lint.tiemap import loading
from tie_lint.tiemap.accessors import End
from tie_lint.tiemap.built_model import BuiltModels
from tie_lint.tiemap.construction import Construction
from tie_lint.tiemap.embeddings import Embeddings
from tie_lint.tiemap.weights import fit, weight_of


class OwnConfigs:
    """The heads of models inside whose config ``__init__`` makes of values of its own.

    Asked only where the mapping ties, and a config that says nothing asks for nothing, and of configs that
    do say ``tie_word_embeddings``.
    """

    def __init__(self, models: BuiltModels, embeddings: Embeddings) -> None:
        self._models, self._embeddings = models, embeddings

    @cached_property
    def tied_head(self) -> str | None:
        """A head that is tied, and loaded as such, where the model's config says not to tie."""
        untied, interp = self._models.untied, self._models.interp
        if self._models.groups(untied) is None:
            return None
        head = next((head for head, is_tied, _ in self._heads(untied) if is_tied), None)
        if head is None:
            return None
        lost = self._models.attempt(lambda: loading.lost_on_load(interp, self._models.cls, False, untied))
        return None if lost is None or any(f"{head}.weight" in group for group in lost) else head

    @cached_property
    def untied_head(self) -> str | None:
        """A head that stays apart where the model's config asks for a tie."""
        tied = self._models.tied
        if self._models.groups(tied) is None:
            return None
        apart = (head for head, is_tied, says_no in self._heads(tied) if says_no and not is_tied)
        return next(apart, None)

    def _heads(self, construction: Construction) -> Iterator[tuple[str, bool, bool]]:
        """The heads of such models, whether each has the weight of its embedding, and whether the config of
        the part says not to tie; nothing of another shape, nor beside what follows the outer config."""
        model = construction.model
        config = None if model is None else model.attrs.get("config")
        if model is None or not isinstance(config, Instance) or not self._is_told:
            return
        known, found = configs.sub_configs(config), self._embeddings.vocabulary
        following = [] if found is None else [*found.heads, *found.embeddings]
        for path, part in list(module_tree.named_modules(model, module_tree.only_built)):
            if not isinstance(part.cls, Class) or not part.cls.is_model:
                continue  # nor is it looked into, which would build it
            own = part.attrs.get("config")
            if not isinstance(own, Instance) or any(own is one for one in known):
                continue
            ends = self._models.attempt(partial(self._ends, part))
            if ends is not None and all(other.startswith(f"{path}.") for other in following):
                head, is_tied = ends
                yield f"{path}.{head}", is_tied, own.attrs.get("tie_word_embeddings") is False

    @property
    def _is_told(self) -> bool:
        """Whether the mapping ties, and the outer config itself speaks of ties."""
        model = self._models.default.model
        config = None if model is None else model.attrs.get("config")
        by_keys = self._models.interp.contract.ties_by == "keys"
        return by_keys and isinstance(config, Instance) and "tie_word_embeddings" in config.attrs

    def _ends(self, part: Module) -> tuple[str, bool] | None:
        """Where a model has its head, and whether that has the weight of its embedding."""
        embedding, head = (self._models.interp.call_method(part, end.getter) for end in End)
        one, two = weight_of(embedding), weight_of(head)
        path = module_tree.path_of(part, head) if isinstance(head, Module) else None
        if one is None or two is None or path is None or not fit(one, two):
            return None
        return path, one is two
