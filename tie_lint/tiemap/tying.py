"""Tying: what a model declares, what is shared, and whether it can be saved."""

from __future__ import annotations

from functools import cached_property

from tie_lint.interpreter.attributes import get_attr
from tie_lint.interpreter.base_values import Unknown, Value
from tie_lint.interpreter.values import Module
from tie_lint.intrinsics.torch import module_tree
from tie_lint.intrinsics.transformers import configs, saving
from tie_lint.tiemap.construction import Construction, built
from tie_lint.tiemap.embeddings import Ends, fit, weight_of
from tie_lint.tiemap.tied_keys import Unmatched, unmatched


class Tying(Ends):
    """How a model's weights are tied and declared."""

    @cached_property
    def tied_keys(self) -> Value:
        """The effective ``_tied_weights_keys``; None where nobody declares them."""
        model = self._built.model
        target: Value = self.cls if model is None else model
        return self.attempt(lambda: get_attr(self.interp, target, "_tied_weights_keys"))

    @property
    def tied_keys_declared(self) -> bool | None:
        """Whether the class or one that it derives from declares ``_tied_weights_keys``."""
        return None if isinstance(self.tied_keys, Unknown) else self.tied_keys is not None

    @cached_property
    def tied_keys_on_init_base(self) -> bool | None:
        """Whether the init base class itself declares ``_tied_weights_keys``."""
        base = self._init_base_class
        if base is None:
            return None
        value = self.attempt(lambda: get_attr(self.interp, base, "_tied_weights_keys"))
        return None if isinstance(value, Unknown) else value is not None

    @cached_property
    def refused(self) -> list[list[str]]:
        """The groups of shared names that stop ``save_pretrained`` once tied; empty where unknown."""
        model, groups = self._tied.model, self._shared(self._tied)
        if model is None or groups is None:
            return []
        return [
            group for group in self.attempt(lambda: saving.refused(self.interp, model, groups)) or [] if group
        ]

    @cached_property
    def unmatched_keys(self) -> list[Unmatched]:
        """The entries of ``_tied_weights_keys`` that match no parameter."""
        built = self._untied if self._built.model is None or self.asks_by_default else self._built
        model = built.model
        if model is None or built.doubts or isinstance(self.tied_keys, Unknown):
            return []
        keys = self.attempt(lambda: get_attr(self.interp, model, "_tied_weights_keys"))
        found = self.attempt(lambda: unmatched(self.interp, model, keys)) or []
        return [one for one in found if not self._is_overruled(one, keys)]

    @property
    def _mapping(self) -> dict[str, str]:
        """What a model that is asked to tie finds that all mappings mean, its own and those of its parts."""
        return {} if self._tied.model is None else expanded_keys(self._tied.model)

    def _is_overruled(self, one: Unmatched, keys: Value) -> bool:
        """Whether a model inside, whose mapping goes before, gives all targets of a source another one."""
        if one.side != "source" or not isinstance(keys, dict):
            return False
        sources = [self._mapping.get(target) for target, source in keys.items() if source == one.entry]
        return all(source not in (None, one.entry) for source in sources)

    @cached_property
    def tie_weights_lacks(self) -> list[str]:
        """The arguments that the library passes to ``tie_weights`` and the class's own cannot take."""
        facts = self.cls.method("tie_weights") if self.declares("tie_weights") else None
        if facts is None or any(kind == "**" for _, kind, _, _ in facts.params):
            return []
        taken = {name for name, kind, _, _ in facts.params if kind in ("pos", "kw")}
        return [name for name in self.interp.contract.tie_weights_arguments if name not in taken]

    @cached_property
    def ties_when_asked(self) -> bool | None:
        """Whether the model ties weights, or should and cannot, under a config that asks for it."""
        groups = self._shared(self._tied)
        return None if groups is None else bool(groups) or bool(self.misses_tie)

    @cached_property
    def family_ties(self) -> bool:
        """For an init base class: whether a model of its family in this module ties when asked."""
        return any(type(self)(self.interp, cls, self.path).ties_when_asked for cls in self._family)

    @cached_property
    def post_init_ties(self) -> bool | None:
        """Whether the tie is missing after construction and ``post_init()`` would make it."""
        bare, tied = self._shared(built(self.interp, self.cls, True)), self._shared(self._tied)
        return None if bare is None or tied is None else bare != tied

    @cached_property
    def saves(self) -> bool | None:
        """Whether ``save_pretrained`` accepts the model once it is tied."""
        mapping_without_keys = self.interp.contract.ties_by == "keys" and self.tied_keys_declared is False
        return self._saves(self._built if mapping_without_keys else self._tied)

    @cached_property
    def saves_by_default(self) -> bool | None:
        """Whether ``save_pretrained`` accepts the model as its config's defaults make it."""
        return self._saves(self._built)

    def _saves(self, built: Construction) -> bool | None:
        model, groups = built.model, self._shared(built)
        if model is None or groups is None:
            return None
        return self.attempt(lambda: saving.saves(self.interp, model, groups))

    @cached_property
    def misses_tie(self) -> bool | None:
        """Whether a config that asks for a tie gets none although the model has both ends of one shape.

        A config class that has no ``tie_word_embeddings`` offers no tie to ask for.
        """
        if self._flag(self._built) is None:
            return False
        if self._hands_out_idle_embedding:
            return True
        if not self._ends_fit:
            return False
        model = self._tied.model
        if model is None or self._shared(self._tied) is None:
            return None
        source, head = self._ends_of(self._tied)
        one, two = weight_of(source), weight_of(head)
        if one is None or two is None or one is two:
            return False
        return fit(one, two)

    @property
    def _hands_out_idle_embedding(self) -> bool:
        """Whether the embedding that the model makes and hands out is used by none of the models of its
        family that it holds, which have their own of that shape, where keys would have tied them."""
        model, found = self._tied.model, self._vocabulary
        if self.interp.contract.ties_by != "keys" or model is None or found is None:
            return False
        source = self.attempt(lambda: self.interp.call_method(model, "get_input_embeddings"))
        path = module_tree.path_of(model, source) if isinstance(source, Module) else None
        if path not in found.embeddings or path in found.nested:
            return False
        relatives, shape = self._held_relatives(self.cls), found.embeddings[path]
        inside = [
            p for p, size in found.embeddings.items() if p.partition(".")[0] in relatives and size == shape
        ]
        own = weight_of(source)
        return bool(inside) and all(weight_of(module_tree.submodule(model, p)) is not own for p in inside)

    @cached_property
    def opts_out(self) -> bool | None:
        """Whether the model says on purpose that it does not tie.

        Its config stays at ``tie_word_embeddings=False`` even when it or a config inside is asked for True,
        or refuses it; or, where a mapping does the tying, the mapping is empty.
        """
        if self.interp.contract.ties_by == "keys" and self.tied_keys == {}:
            return True
        if self.asks_by_default is not False:
            return None if self.asks_by_default is None else False
        found = configs.config_class(self.interp, self.cls)
        return None if found is None else not configs.can_be_asked(self.interp, found)


def expanded_keys(model: Module) -> dict[str, str]:
    """What a model of 5.x has found its ``_tied_weights_keys`` and those of its parts to mean."""
    found = model.attrs.get("all_tied_weights_keys")
    return found if isinstance(found, dict) else {}
