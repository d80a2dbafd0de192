"""What becomes of a tie after it is declared: early or dead code, loading, and what the config asks for."""

from __future__ import annotations

from functools import cached_property

from tie_lint.interpreter.attributes import get_attr
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.inheritance import lookup
from tie_lint.interpreter.values import Module
from tie_lint.intrinsics.torch import module_tree
from tie_lint.intrinsics.transformers.trace import Assigned, PostInit
from tie_lint.python.calls import calls_super, may_do_without_super, passes_on
from tie_lint.python.statements import Stmt
from tie_lint.python.walk import statements
from tie_lint.tiemap import loading, tie_hooks
from tie_lint.tiemap.built_model import BuiltModels, Groups
from tie_lint.tiemap.construction import Construction, built, changeable, shared_parameters, tie
from tie_lint.tiemap.embeddings import Embeddings
from tie_lint.tiemap.model_config import ModelConfig
from tie_lint.tiemap.post_init import Reached
from tie_lint.tiemap.tie_hooks import DeadHook
from tie_lint.tiemap.tied_keys import TiedKeys, expanded_keys
from tie_lint.tiemap.ties import Ties


class Lifecycle:
    """What keeps a tie, or loses it."""

    def __init__(
        self, models: BuiltModels, config: ModelConfig, embeddings: Embeddings, keys: TiedKeys, ties: Ties
    ) -> None:
        self._models, self._config, self._embeddings = models, config, embeddings
        self._keys, self._ties = keys, ties
        self._interp, self._cls = models.interp, models.cls

    # -- post_init() ----------------------------------------------------------------------------------

    @cached_property
    def late_modules(self) -> list[str]:
        """What ``__init__`` holds only after the last ``post_init()``, where that breaks a tie asked for."""
        always = self._models.post_init is Reached.ALWAYS
        asked = self._models.tied if always else built(self._interp, self._cls, True)
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
        return changeable(self._interp, self._cls, True, deferred=True)

    def _ties_otherwise(self, asked: Construction, late: Construction) -> bool:
        """Whether ``post_init()`` at the end would make other ties, or any where now it raises."""
        model = late.model
        if model is None or not tie(self._interp, model):
            return False
        before, after = shared_parameters(self._interp, asked)[0], shared_parameters(self._interp, late)[0]
        if before is None or after is None or asked.model is None:
            return after is not None and asked.raised is not None
        return before != after or expanded_keys(asked.model) != expanded_keys(model)

    @cached_property
    def fails_to_load(self) -> bool:
        """Whether nobody sets ``all_tied_weights_keys``, which ``from_pretrained()`` of 5.x reads."""
        model, reached = self._models.default.model, self._models.post_init
        if self._interp.contract.post_init_needed_by != "every model" or reached in (None, Reached.ALWAYS):
            return False
        found = self._models.attempt(lambda: get_attr(self._interp, model, "all_tied_weights_keys"))
        made = any(isinstance(one, PostInit) and one.model is model for one in self._models.default.events)
        return model is None or found is None or (made and lookup(self._cls, "all_tied_weights_keys") is None)

    @property
    def loads_itself(self) -> bool:
        """Whether a ``from_pretrained`` of the project's own takes the place of the library's."""
        return self.own_loader is not None

    @cached_property
    def own_loader(self) -> Class | None:
        """The class that has that ``from_pretrained``."""
        owner, body, above = self._own_from_pretrained
        return owner if body is not None and not calls_super(body, "from_pretrained", above) else None

    @property
    def may_load_another_way(self) -> bool:
        """Whether a ``from_pretrained`` of the project's own calls the library's only on some of its ways: on
        the others it may load a model of another class."""
        _, body, above = self._own_from_pretrained
        return body is not None and may_do_without_super(body, "from_pretrained", above)

    @cached_property
    def _own_from_pretrained(self) -> tuple[Class | None, list[Stmt] | None, set[str]]:
        owner = self._models.owner("from_pretrained")
        facts = None if owner is None else owner.method("from_pretrained")
        above = {item.leaf for item in self._cls.mro}  # a config's is another
        return owner, None if facts is None else facts.body, above

    # -- loading --------------------------------------------------------------------------------------

    @cached_property
    def lost_on_load(self) -> Groups:
        """The groups of names that loading parts, under the config's own defaults; empty where unknown."""
        return self._lost(None, self._models.default)

    @cached_property
    def given_by_hand(self) -> Groups:
        """The groups of names that code of the source made one parameter, under the config's own defaults."""
        built = self._models.default
        return loading.given_by_hand(built, self._models.groups(built) or [])

    @cached_property
    def lost_on_meta(self) -> Groups:
        """The groups that code of the source shares and that a load parts which saves memory, up to 4.50."""
        built = self._models.default
        if not self._interp.decided_by(
            "loads_on_meta", lambda on_meta: [] if on_meta else self.given_by_hand
        ):
            return []
        work = self._models.attempt(lambda: loading.lost_on_meta(self._interp, self._cls, None, built))
        return [group for group in work or [] if group in self.given_by_hand]

    def ties_inside(self, group: list[str]) -> str | None:
        """Return the path of the model inside that tied a group of names by itself; None where code of the
        source did, or where the class is only used as a part of other models."""
        built = self._models.default
        if built.model is None or loading.is_given_by_hand(built, group):
            return None
        return loading.part_that_ties(self._interp, built, group)

    def shared_in(self, group: list[str]) -> tuple[Class, str]:
        """Return the class and its method whose assignment makes a group of names one parameter."""
        spans = loading.assignments(self._models.default, group)
        users = (item for item in self._cls.mro if isinstance(item, Class) and item.scope.path is not None)
        for cls in users:
            for name in cls.facts.method_names():
                facts = cls.method(name)
                if facts is not None and any(stmt.at in spans for stmt in statements(facts.body)):
                    return cls, name
        return self._cls, "__init__"

    @cached_property
    def head_stays_tied(self) -> bool:
        """Whether the head has the weight of a token embedding, whoever tied it, and keeps it when it is
        loaded."""
        ties, weight = self._ties, f"{self._embeddings.head}.weight"
        if any(weight in group for group in self.lost_on_load):
            return False
        return ties.head_is_tied_when_asked or ties.head_is_shared

    @cached_property
    def lost_on_load_untied(self) -> Groups:
        """The same where ``tie_word_embeddings`` is set to False."""
        return self._lost(False, self._models.untied)

    def _lost(self, tied: bool | None, construction: Construction) -> Groups:
        found = self._models.attempt(
            lambda: loading.lost_on_load(self._interp, self._cls, tied, construction)
        )
        return found or []

    @cached_property
    def part_left_untied(self) -> str | None:
        """A part, a model that the config decides on, that hands out the head and that the class's own
        ``tie_weights()`` asks for no tie, neither itself nor by that of the library."""
        owner = self._models.owner("tie_weights")
        facts = None if owner is None else owner.method("tie_weights")
        passed_on = facts is None or passes_on(facts.body, "tie_weights")
        return None if passed_on else self._embeddings.unknown_part_asked

    @property
    def embeddings_after_head(self) -> list[str]:
        """The embeddings that the mapping names after the head, of one source with it, where models with a
        head of their own are loaded, too: a source that a checkpoint lacks is then taken from the head."""
        found, name = self._embeddings.vocabulary, f"{self._embeddings.head}.weight"
        mapping = self._keys.mapping
        after = list(mapping)[list(mapping).index(name) + 1 :] if name in mapping else []
        tables = set() if found is None else {f"{path}.weight" for path in found.embeddings}
        same = [other for other in after if mapping[other] == mapping[name] and other in tables]
        return same if same and self._config.insists_on_tying else []

    # -- code that does not tie -----------------------------------------------------------------------

    @cached_property
    def dead_hooks(self) -> list[DeadHook]:
        """The ``_tie_weights`` of this module that no release of this era calls and that would tie more."""
        tied = self._models.tied
        found = self._models.attempt(lambda: tie_hooks.dead_hooks(self._interp, self._cls, tied)) or []
        return [hook for hook in found if hook.owner.scope is self._cls.scope]

    @cached_property
    def left_out_by_override(self) -> list[str]:
        """A group of names that the class's own ``tie_weights()`` does not tie and the library's would."""
        return self._models.attempt(lambda: tie_hooks.left_out_by_override(self._interp, self._cls)) or []

    @cached_property
    def tie_weights_lacks(self) -> list[str]:
        """The arguments that the library passes to ``tie_weights`` and the class's own cannot take."""
        facts = self._cls.method("tie_weights") if self._models.declares("tie_weights") else None
        if facts is None or any(param.kind == "**" for param in facts.params):
            return []
        taken = {param.name for param in facts.params if param.kind in ("pos", "kw")}
        return [name for name in self._interp.contract.tie_weights_arguments if name not in taken]

    @property
    def tie_weights_calls_super(self) -> bool:
        """Whether the class's own ``tie_weights`` calls that of a class above."""
        facts = self._cls.method("tie_weights") if self._models.declares("tie_weights") else None
        return facts is not None and calls_super(facts.body, "tie_weights")

    # -- the config -----------------------------------------------------------------------------------

    @cached_property
    def never_ties_head(self) -> bool:
        """Whether the config asks for a tie by itself, something is declared, and the head stays apart."""
        ties = self._ties
        if not (self._config.asks_by_default and self._keys.value and ties.missing) or ties.opts_out:
            return False
        if self._embeddings.head is None:
            return False  # what the getter hands out may be tied to another embedding
        undone = self._keys.misordered or self.left_out_by_override or self.late_modules
        return not ties.head_is_shared and not undone

    @cached_property
    def left_to_part(self) -> bool:
        """Whether the config asks for a tie that the model leaves to the config of a part, which asks for
        none."""
        ties, default = self._ties, self._models.default
        if not self._config.asks_by_default or not self._config.part_declines or ties.opts_out:
            return False
        if self._models.post_init is not Reached.ALWAYS or self._models.groups(default) is None:
            return False
        return ties.are_apart(default) and ties.head_is_tied_when_all_ask

    @cached_property
    def removed_head(self) -> str | None:
        """The head of a model that is not to tie which its own ``tie_weights()``, as loading calls it, takes
        away."""
        found = self._embeddings.untied_vocabulary
        if self._models.owner("tie_weights") is None or found is None or not found.heads:
            return None
        model = changeable(self._interp, self._cls, False).model
        if model is None:
            return None
        there = [path for path in found.heads if module_tree.submodule(model, path) is not None]
        self._models.attempt(lambda: self._interp.call_method(model, "tie_weights"))
        return next((path for path in there if self._is_none(model, path)), None)

    @staticmethod
    def _is_none(model: Module, path: str) -> bool:
        around, _, name = path.rpartition(".")
        holder = module_tree.submodule(model, around)
        return isinstance(holder, Module) and name in holder.attrs and holder.attrs[name] is None

    @cached_property
    def always_ties_head(self) -> bool:
        """Whether the head is tied to the input embeddings even where ``tie_word_embeddings`` is False, and
        stays so when a checkpoint is loaded."""
        known = self._models.groups(self._models.untied) is not None
        return known and self._ties.head_is_tied_anyway is True and not self.lost_on_load_untied

    @cached_property
    def keeps_own_head(self) -> bool:
        """Whether a model that is not to tie and is built tied keeps the head that its checkpoint has."""
        untied, weight = self._models.untied, f"{self._embeddings.head}.weight"
        found = self._models.attempt(
            lambda: loading.lost_on_load(self._interp, self._cls, False, untied, whole=True)
        )
        return any(weight in group for group in found or [])
