"""What becomes of a tie after it is made: early or dead code, loading, resizing, misspelt declarations."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from tie_lint.interpreter.attributes import get_attr
from tie_lint.interpreter.base_values import Value
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.values import Module, Param
from tie_lint.intrinsics.torch import module_tree
from tie_lint.intrinsics.transformers import configs
from tie_lint.intrinsics.transformers.trace import Assigned, PostInit, Reshaped
from tie_lint.tiemap import loading, tie_hooks
from tie_lint.tiemap.construction import Construction, built, construct, prefix_of, shared_parameters, tie
from tie_lint.tiemap.embeddings import weight_of
from tie_lint.tiemap.resizing import Setter, setter_works
from tie_lint.tiemap.spelling import meant
from tie_lint.tiemap.tie_hooks import DeadHook
from tie_lint.tiemap.tying import Tying, expanded_keys

if TYPE_CHECKING:
    from tie_lint.library.contract import Contract
    from tie_lint.tiemap.loading import Groups


@dataclass(frozen=True, slots=True)
class Misfit:
    """A parameter that a tie replaced by one of another shape."""

    target: str
    before: tuple[Value, ...]
    source: str
    after: tuple[Value, ...]


class Upkeep(Tying):
    """What keeps a tie, or loses it."""

    # -- post_init() too early ------------------------------------------------------------------------

    @cached_property
    def late_modules(self) -> list[str]:
        """What ``__init__`` holds only after the last ``post_init()``, where that breaks a tie asked for."""
        asked = self._tied if self.post_init == "always" else built(self.interp, self.cls, True)
        seen = self._put_off() if asked.model is None else asked
        model = seen.model
        last = [i for i, one in enumerate(seen.events) if isinstance(one, PostInit) and one.model is model]
        if model is None or not last:
            return []
        after = seen.events[last[-1] :]
        names = [one.name for one in after if isinstance(one, Assigned) and one.holder is model]
        late = [name for name in names if isinstance(model.attrs.get(name), Module)]
        if not late:
            return []
        return late if self._ties_otherwise(asked, self._put_off() if seen is asked else seen) else []

    def _put_off(self) -> Construction:
        """A model that asks for ties, without what ``post_init()`` does."""
        return construct(self.interp, self.cls, True, deferred=True)

    def _ties_otherwise(self, asked: Construction, late: Construction) -> bool:
        """Whether ``post_init()`` at the end would make other ties, or any where now it raises."""
        model = late.model
        if model is None or not tie(self.interp, model):
            return False
        before, after = shared_parameters(self.interp, asked)[0], shared_parameters(self.interp, late)[0]
        if before is None or after is None or asked.model is None:
            return after is not None and asked.raised is not None
        return before != after or expanded_keys(asked.model) != expanded_keys(model)

    @cached_property
    def expands_keys_itself(self) -> bool:
        """Whether the class or its ``__init__`` sets ``all_tied_weights_keys``, as ``post_init()`` would."""
        model = self._built.model
        found = (
            None
            if model is None
            else self.attempt(lambda: get_attr(self.interp, model, "all_tied_weights_keys"))
        )
        return found is not None and self.post_init not in ("always", "conditional")

    # -- loading --------------------------------------------------------------------------------------

    @cached_property
    def lost_on_load(self) -> Groups:
        """The groups of names that loading parts, under the config's own defaults; empty where unknown."""
        return self.attempt(lambda: loading.lost_on_load(self.interp, self.cls, None, self._built)) or []

    @cached_property
    def lost_on_load_untied(self) -> Groups:
        """The same where ``tie_word_embeddings`` is set to False."""
        return self.attempt(lambda: loading.lost_on_load(self.interp, self.cls, False, self._untied)) or []

    # -- code that does not tie -----------------------------------------------------------------------

    @cached_property
    def dead_hooks(self) -> list[DeadHook]:
        """The ``_tie_weights`` of this module that no release of this era calls and that would tie more."""
        found = self.attempt(lambda: tie_hooks.dead_hooks(self.interp, self.cls, self._tied)) or []
        return [hook for hook in found if hook.owner.scope is self.cls.scope]

    @cached_property
    def left_out_by_override(self) -> list[str]:
        """A group of names that the class's own ``tie_weights()`` does not tie and the library's would."""
        return self.attempt(lambda: tie_hooks.left_out_by_override(self.interp, self.cls)) or []

    # -- what a mapping does --------------------------------------------------------------------------

    @cached_property
    def reshaped(self) -> list[Misfit]:
        """The ties of a model that asks for them which put a weight where one of another shape was."""
        model = self._tied.model
        events = [event for event in self._tied.events if isinstance(event, Reshaped)]
        if model is None or not events:
            return []
        names: dict[int, list[str]] = {}
        for name, param in (
            self.attempt(lambda: list(module_tree.named_parameters(model, module_tree.only_built))) or []
        ):
            names.setdefault(id(param), []).append(name)
        found = []
        for what in events:
            path = module_tree.path_of(model, what.holder)
            if path is not None:
                target = f"{path}.{what.name}" if path else what.name
                source = next((name for name in names.get(id(what.weight), ()) if name != target), "?")
                found.append(Misfit(target, what.before, source, what.after))
        return found

    @property
    def self_tied(self) -> list[str]:
        """The names that the expanded mapping ties to themselves."""
        return [target for target, source in self._mapping.items() if target == source]

    @property
    def misordered(self) -> list[tuple[str, str]]:
        """The ``(target, source)`` entries of the expanded mapping that come before their source's own, and
        that leave target and source apart, at once or when a checkpoint is loaded."""
        found, groups = list(loading.misordered(self._mapping)), self._shared(self._tied)
        if not found or groups is None:
            return found
        lost = loading.never_loaded(self._mapping, groups)
        return [
            (one, two) for one, two in found if one in lost or not any({one, two} <= {*g} for g in groups)
        ]

    @property
    def mislaid(self) -> list[tuple[str, str]]:
        """The ``(target, source)`` entries of the expanded mapping that tie to something outside of the
        backbone what the backbone has also where it is built by itself. A backbone of another prefix loads
        from no checkpoint of the model anyway."""
        inside, held = f"{self.prefix}.", self._held_relatives(self.cls).get(self.prefix or "")
        if held is None or prefix_of(self.interp, held) != self.prefix:
            return []
        backbone = built(self.interp, held, False).model
        if backbone is None:
            return []
        return [
            (target, source)
            for target, source in self._mapping.items()
            if target.startswith(inside)
            and not source.startswith(inside)
            and self._has_parameter(backbone, target.removeprefix(inside))
        ]

    def _has_parameter(self, model: Module, name: str) -> bool:
        return isinstance(self.attempt(lambda: module_tree.parameter(model, name)), Param)

    def source_of(self, target: str) -> str | None:
        """The source that a target has by ``_tied_weights_keys``, its own or those of a model inside."""
        return self._mapping.get(target)

    # -- the config ---------------------------------------------------------------------------------

    @cached_property
    def relies_on_old_default(self) -> bool:
        """Whether keys that would tie are of no use since the config has no flag, which reads as False."""
        if self.interp.contract.tie_flag_default or self._flag(self._built) is not None or self.opts_out:
            return False
        return bool(self.tied_keys) and isinstance(self.tied_keys, dict) and bool(self.ties_when_asked)

    @property
    def flag_lacking(self) -> str | None:
        """The class of the config without the flag that the model's code reads: building it raises."""
        raised = self._built.raised or ""
        if not raised.endswith("object has no attribute 'tie_word_embeddings'") or self._untied.model is None:
            return None
        return raised.split("'")[1]

    @property
    def config_name(self) -> str:
        """The name of the config class."""
        found = configs.config_class(self.interp, self.cls)
        return "its config" if found is None else found.leaf

    @cached_property
    def never_ties_head(self) -> bool:
        """Whether the config asks for a tie by itself, something is declared, and the head stays apart."""
        if not self.asks_by_default or not self.tied_keys or not self.misses_tie or self.opts_out:
            return False
        if self.vocabulary_head is None:
            return False  # what the getter hands out may be tied to another embedding
        undone = self.misordered or self.left_out_by_override or self.late_modules
        return not self._head_is_shared and not undone

    @property
    def _head_is_shared(self) -> bool:
        """Whether the head has the weight of a token embedding, be it that of the getter or another."""
        model, path, found = self._built.model, self.vocabulary_head, self._vocabulary
        if model is None or path is None or found is None:
            return False
        weight = weight_of(module_tree.submodule(model, path))
        return any(weight_of(module_tree.submodule(model, name)) is weight for name in found.embeddings)

    @cached_property
    def always_ties_head(self) -> bool:
        """Whether the head is tied to the input embeddings even where ``tie_word_embeddings`` is False, and
        stays so when a checkpoint is loaded."""
        return self.head_is_tied_anyway is True and not self.lost_on_load_untied

    # -- other releases -------------------------------------------------------------------------------

    def works_under(self, newer: Contract | None, end: str) -> bool:
        """Whether the inherited getter of one end finds a module by the rules of a newer release.

        ``end`` is "input_embeddings" or "output_embeddings".
        """
        model = self._built.model
        if newer is None or model is None:
            return False
        with self.interp.under(newer):
            return isinstance(self.attempt(lambda: self.interp.call_method(model, f"get_{end}")), Module)

    # -- resizing -------------------------------------------------------------------------------------

    @cached_property
    def output_setter(self) -> Setter | None:
        """How ``set_output_embeddings()`` ends, where the getter returns a vocabulary head."""
        return self._setter("output_embeddings", self.vocabulary_head)

    @cached_property
    def input_setter(self) -> Setter | None:
        """How ``set_input_embeddings()`` ends, where the getter returns a token embedding, or all."""
        found = self._vocabulary
        if found is None:
            return None
        return self._setter("input_embeddings", *found.embeddings, self.list_of_embeddings)

    def _setter(self, end: str, *expected: str | None) -> Setter | None:
        misled = end == "input_embeddings" and self._is_misled  # with the right prefix it may well work
        model = None if misled else self._untied.model
        if model is None or self._resizes_without(f"set_{end}"):
            return None
        found = self._untied_ends[end == "output_embeddings"]
        if not isinstance(found, Module) or module_tree.path_of(model, found) not in expected:
            return None
        other = construct(self.interp, self.cls, False).model  # it is changed
        twin = self.attempt(lambda: self.interp.call_method(other, f"get_{end}"))
        if other is None or not isinstance(twin, Module):
            return None
        return setter_works(self.interp, other, end, twin)

    # -- spelling -------------------------------------------------------------------------------------

    @cached_property
    def misspelt(self) -> dict[str, str]:
        """The names of the class's own body that misspell one which the library reads, and which it is."""
        own = self.cls.own()
        found = {name: right for name in own if (right := meant(name)) and right not in own}
        return {name: right for name, right in found.items() if not self._is_known(name)}

    def misspells(self, name: str) -> bool:
        """Whether the class has a misspelt form of a name that the library reads (TIE110)."""
        return name in self.misspelt.values()

    @cached_property
    def misspelt_keys_tie(self) -> bool:
        """Whether keys that the class has under a misspelt name would make ties under their right one."""
        names = [name for name, right in self.misspelt.items() if right == "_tied_weights_keys"]
        if not names:
            return False
        late = construct(self.interp, self.cls, True)
        if late.model is None:
            return False
        before = shared_parameters(self.interp, late)[0]
        late.model.attrs["_tied_weights_keys"] = self.attempt(
            lambda: get_attr(self.interp, self.cls, names[0])
        )
        after = shared_parameters(self.interp, late)[0] if tie(self.interp, late.model) else None
        return None not in (before, after) and before != after

    def _is_known(self, name: str) -> bool:
        """Whether a class that this one derives from has the name too: then it means something there."""
        above = self.cls.mro[1:]
        return any(isinstance(item, Class) and name in item.own() for item in above)
