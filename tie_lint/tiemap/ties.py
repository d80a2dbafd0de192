"""What ties in a model, what should tie and does not, and whether the model can be saved."""

from __future__ import annotations

from functools import cached_property

from tie_lint.interpreter.values import Instance, Module, Param
from tie_lint.intrinsics.torch import module_tree
from tie_lint.intrinsics.transformers import saving
from tie_lint.intrinsics.transformers.trace import Tied
from tie_lint.tiemap.accessors import End
from tie_lint.tiemap.built_model import BuiltModels, Groups
from tie_lint.tiemap.construction import Construction, built
from tie_lint.tiemap.embeddings import Embeddings
from tie_lint.tiemap.family import Family
from tie_lint.tiemap.model_config import ModelConfig
from tie_lint.tiemap.tied_keys import TiedKeys
from tie_lint.tiemap.weights import fit, weight_of


class Ties:
    """The ties of a model under its config's defaults, when asked, and when asked not to."""

    def __init__(
        self, models: BuiltModels, config: ModelConfig, family: Family, embeddings: Embeddings, keys: TiedKeys
    ) -> None:
        self._models, self._config, self._family = models, config, family
        self._embeddings, self._keys, self._interp = embeddings, keys, models.interp

    @cached_property
    def when_asked(self) -> bool | None:
        """Whether the model ties weights, or should and cannot, under a config that asks for it."""
        groups = self._models.groups(self._models.tied)
        return None if groups is None else bool(groups) or bool(self.missing)

    @cached_property
    def opts_out(self) -> bool | None:
        """Whether the model says on purpose that it does not tie.

        Its config stays at ``tie_word_embeddings=False`` even when it or a config inside is asked for True,
        or refuses it; or, where a mapping does the tying, the mapping is empty.
        """
        if self._interp.contract.ties_by == "keys" and self._keys.value == {}:
            return True
        return self._config.refuses_to_tie

    @cached_property
    def made_by_post_init(self) -> bool | None:
        """Whether the tie is missing after construction and ``post_init()`` would make it."""
        bare = self._models.groups(built(self._interp, self._models.cls, True))
        tied = self._models.groups(self._models.tied)
        return None if bare is None or tied is None else bare != tied

    # -- saving ---------------------------------------------------------------------------------------

    @cached_property
    def refused(self) -> Groups:
        """The groups of shared names that stop ``save_pretrained`` once tied; empty where unknown."""
        model, groups = self._models.tied.model, self._models.groups(self._models.tied)
        if model is None or groups is None:
            return []
        found = self._models.attempt(lambda: saving.refused(self._interp, model, groups)) or []
        return [group for group in found if group]

    @cached_property
    def saves(self) -> bool | None:
        """Whether ``save_pretrained`` accepts the model once it is tied."""
        mapping_without_keys = self._interp.contract.ties_by == "keys" and self._keys.declared is False
        return self._saves(self._models.default if mapping_without_keys else self._models.tied)

    @cached_property
    def saves_by_default(self) -> bool | None:
        """Whether ``save_pretrained`` accepts the model as its config's defaults make it."""
        return self._saves(self._models.default)

    def _saves(self, construction: Construction) -> bool | None:
        model, groups = construction.model, self._models.groups(construction)
        if model is None or groups is None:
            return None
        return self._models.attempt(lambda: saving.saves(self._interp, model, groups))

    # -- a tie that is asked for and not made -----------------------------------------------------------

    @cached_property
    def missing(self) -> bool | None:
        """Whether a config that asks for a tie gets none although the model has both ends of one shape, and
        the head not even the weight of another token embedding (a decoder's).

        A config class that has no ``tie_word_embeddings`` offers no tie to ask for.
        """
        if self._config.has_no_flag:
            return False
        if self._hands_out_idle_embedding:
            return True
        if not self._ends_fit:
            return False
        tied = self._models.tied
        if tied.model is None or self._models.groups(tied) is None:
            return None
        return self.are_apart(tied) and not self._has_weight_of_embedding(tied)

    def are_apart(self, construction: Construction) -> bool:
        """Return whether both getters of a built model lead to weights of one shape that are not one.

        A head that the getter makes anew at each call is no part of the model, and there is nothing to tie.
        """
        model, ends = construction.model, self._embeddings.ends(construction)
        made = (
            isinstance(ends[1], Module) and model is not None and module_tree.path_of(model, ends[1]) is None
        )
        one, two = map(weight_of, ends)
        return not made and one is not None and two is not None and one is not two and bool(fit(one, two))

    @property
    def _hands_out_idle_embedding(self) -> bool:
        """Whether the embedding that the model makes and hands out is used by none of the models of its
        family that it holds, which have their own of that shape, where keys would have tied them."""
        model, found = self._models.tied.model, self._embeddings.vocabulary
        if self._interp.contract.ties_by != "keys" or model is None or found is None:
            return False
        source = self._models.handed_out(self._models.tied, End.INPUT)
        path = module_tree.path_of(model, source) if isinstance(source, Module) else None
        if path not in found.embeddings or path in found.nested:
            return False
        relatives, shape = self._family.relatives, found.embeddings[path]
        if any(cls in self._models.cls.mro for cls in relatives.values()):
            return False  # it is a backbone itself, and uses its own
        inside = [
            p for p, size in found.embeddings.items() if p.partition(".")[0] in relatives and size == shape
        ]
        own = weight_of(source)
        return bool(inside) and all(weight_of(module_tree.submodule(model, p)) is not own for p in inside)

    @cached_property
    def _ends_fit(self) -> bool:
        """Whether both getters of the built model lead to weights of one known shape."""
        one, two = self._weights_before
        return one is not None and two is not None and fit(one, two)

    @property
    def _weights_before(self) -> tuple[Param | None, Param | None]:
        """The weights that the getters of the built model lead to, before the library tied them."""
        source = weight_of(self._embeddings.getter(End.INPUT)[1])
        head = self._embeddings.getter(End.OUTPUT)[1]
        events = self._models.default.events
        before = [event.before for event in events if isinstance(event, Tied) and event.head is head]
        return source, before[0] if before else weight_of(head)

    @cached_property
    def rely_on_old_default(self) -> bool:
        """Whether keys that would tie are of no use since the config has no flag, which reads as False."""
        if not (self._config.has_no_flag and self._config.is_known):
            return False
        keys = self._keys.value
        declared = isinstance(keys, dict) if keys else self.part_that_declares is not None
        return declared and not self.opts_out and bool(self.when_asked)

    @cached_property
    def part_that_declares(self) -> str | None:
        """A model inside that has the model's own config and declares what it ties, where the model itself
        declares nothing."""
        model = self._models.default.model
        config = None if model is None else model.attrs.get("config")
        if self._interp.contract.ties_by != "keys" or self._keys.value is not None:
            return None
        if model is None or config is None:
            return None
        names = [key.split(".") for key in self._keys.declared_inside]
        paths = {".".join(name[:end]) for name in names for end in range(1, len(name))}
        parts = ((path, module_tree.submodule(model, path)) for path in sorted(paths))
        return next(
            (path for path, part in parts if isinstance(part, Module) and part.attrs.get("config") is config),
            None,
        )

    @cached_property
    def switch_without_effect(self) -> str | None:
        """A field of a config that refuses ``tie_word_embeddings`` and says by it to tie what the keys name,
        which are apart: the library asks for no other flag."""
        model, keys = self._models.default.model, self._keys.value
        config = None if model is None else model.attrs.get("config")
        if not keys or not isinstance(keys, dict) or not isinstance(config, Instance):
            return None
        fields = (name for name, value in config.attrs.items() if name.startswith("tie_") and value is True)
        field = next(fields, None)
        if field is None or not self._config.refuses_to_tie:
            return None
        return field if self._models.groups(self._models.default) == [] and self.when_asked else None

    @cached_property
    def part_left_apart(self) -> str | None:
        """The table of a part that keys tie to the embedding that the model makes and hands out, and that is
        apart since the config says not to tie, which says nothing of a model without a head."""
        found, default = self._embeddings.vocabulary, self._models.default
        if self._interp.contract.ties_by != "keys" or found is None or found.heads or found.others:
            return None
        names = {f"{inner}.weight": inner for inner in found.embeddings if inner in found.nested}
        if not names or self._config.asks_by_default is not False or self._config.has_no_flag:
            return None
        source, model = self._models.handed_out(default, End.INPUT), default.model
        path = module_tree.path_of(model, source) if model and isinstance(source, Module) else None
        if path not in found.embeddings or path in found.nested or self.opts_out is not False:
            return None
        groups = self._models.groups(self._models.tied) or []
        tied = {name for group in groups if f"{path}.weight" in group for name in group}
        apart = self._models.groups(default)
        if apart is None or any(f"{path}.weight" in group for group in apart):
            return None
        return next((inner for name, inner in names.items() if name in tied), None)

    # -- the head -------------------------------------------------------------------------------------

    @property
    def head_is_tied(self) -> bool:
        """Whether the vocabulary head shares its weight with what ``get_input_embeddings()`` returns."""
        return self._ties_head(self._models.default) is True

    @property
    def head_is_tied_when_asked(self) -> bool:
        """Whether it does so under a config that says to tie, by its defaults where those say so."""
        if self.head_is_tied:
            return True
        return self._config.asks_by_default is False and self._ties_head(self._models.tied) is True

    @property
    def head_is_tied_when_all_ask(self) -> bool:
        """Whether it does so where every config in the model's says to tie."""
        return self._ties_head(self._models.tied) is True

    @property
    def head_is_tied_anyway(self) -> bool | None:
        """Whether it does so under a config that says not to tie."""
        return self._ties_head(self._models.untied)

    def _ties_head(self, construction: Construction) -> bool | None:
        model, path = construction.model, self._embeddings.head
        if model is None or path is None:
            return None
        source = weight_of(self._models.handed_out(construction, End.INPUT))
        return source is not None and weight_of(module_tree.submodule(model, path)) is source

    @property
    def head_grows_anyway(self) -> bool:
        """Whether, under a config that says not to tie, resizing may reach the head through the embedding
        that ``get_input_embeddings()`` returns: it has its weight, or that embedding is not known."""
        source = self._models.handed_out(self._models.untied, End.INPUT)
        return weight_of(source) is None or self.head_is_tied_anyway is not False

    @property
    def head_is_shared(self) -> bool:
        """Whether the head has the weight of a token embedding, be it that of the getter or another."""
        return self._has_weight_of_embedding(self._models.default)

    def _has_weight_of_embedding(self, construction: Construction) -> bool:
        model, path = construction.model, self._embeddings.head
        found = self._embeddings.vocabulary
        if model is None or path is None or found is None:
            return False
        weight = weight_of(module_tree.submodule(model, path))
        return any(weight_of(module_tree.submodule(model, name)) is weight for name in found.embeddings)
