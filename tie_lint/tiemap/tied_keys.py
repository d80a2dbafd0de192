"""``_tied_weights_keys``: what a model declares, and what comes of each entry."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from types import NoneType

from tie_lint.interpreter.attributes import get_attr
from tie_lint.interpreter.base_values import Unknown, Value
from tie_lint.interpreter.regexes import searched
from tie_lint.interpreter.values import Module, Param
from tie_lint.intrinsics.torch import module_tree
from tie_lint.intrinsics.transformers import saving
from tie_lint.intrinsics.transformers.trace import Reshaped
from tie_lint.record import Data
from tie_lint.tiemap import loading
from tie_lint.tiemap.built_model import BuiltModels
from tie_lint.tiemap.construction import built, construct, prefix_of
from tie_lint.tiemap.family import Family
from tie_lint.tiemap.model_config import ModelConfig
from tie_lint.tiemap.prefix import Prefix
from tie_lint.tiemap.unmatched_keys import KeySide, Unmatched, unmatched


class Misfit(Data):
    """A parameter that a tie replaced by one of another shape."""

    target: str
    before: tuple[Value, ...]
    source: str
    after: tuple[Value, ...]


class TiedKeys:
    """The effective ``_tied_weights_keys`` of a model."""

    def __init__(self, models: BuiltModels, config: ModelConfig, family: Family, prefix: Prefix) -> None:
        self._models, self._config, self._family, self._prefix = models, config, family, prefix
        self._interp, self._cls = models.interp, models.cls

    @cached_property
    def value(self) -> Value:
        """The declaration as it stands; None where nobody declares one."""
        model = self._models.default.model
        found = self._read(self._cls if model is None else model)
        if model is None and not isinstance(found, NoneType | dict | list | tuple | set):  # a property
            return self._read(construct(self._interp, self._cls, deferred=True).model)
        return found

    @property
    def declared(self) -> bool | None:
        """Whether the class or one that it derives from declares ``_tied_weights_keys``."""
        return None if isinstance(self.value, Unknown) else self.value is not None

    @cached_property
    def declared_inside(self) -> list[str]:
        """The keys that the model and those inside it declare, each under its full name."""
        model = self._models.untied.model
        if model is None:
            return []
        found = self._models.attempt(lambda: saving.declared_keys(self._interp, model))
        return [key for key in found or () if isinstance(key, str)]

    @cached_property
    def on_init_base(self) -> bool | None:
        """Whether the init base class itself declares ``_tied_weights_keys``."""
        base = self._family.init_base_class
        if base is None:
            return None
        value = self._read(base)
        return None if isinstance(value, Unknown) else value is not None

    def _read(self, owner: Value) -> Value:
        return self._models.attempt(lambda: get_attr(self._interp, owner, "_tied_weights_keys"))

    @cached_property
    def unmatched(self) -> list[Unmatched]:
        """The entries that match no parameter."""
        default, untied = self._models.default, self._models.untied
        construction = untied if default.model is None or self._config.asks_by_default else default
        model = construction.model
        if model is None or construction.doubts or isinstance(self.value, Unknown):
            return []
        keys = self._read(model)
        found = self._models.attempt(lambda: unmatched(self._interp, model, keys)) or []
        overruled = self._overruled(keys) if isinstance(keys, dict) and found else set()
        return [one for one in found if one.side is not KeySide.SOURCE or one.entry not in overruled]

    def _overruled(self, keys: dict[Value, Value]) -> set[Value]:
        """The sources of which a model inside, whose mapping goes before, gives all targets another."""
        kept = {source for target, source in keys.items() if self.mapping.get(target) in (None, source)}
        return {*keys.values()} - kept

    # -- what a mapping does --------------------------------------------------------------------------

    @property
    def mapping(self) -> dict[str, str]:
        """What a model that is asked to tie finds that all mappings mean, its own and those of its parts."""
        model = self._models.tied.model
        return {} if model is None else expanded_keys(model)

    def source_of(self, target: str) -> str | None:
        """Return the source that a target has by :attr:`mapping`."""
        return self.mapping.get(target)

    @property
    def self_tied(self) -> list[str]:
        """The names that the expanded mapping ties to themselves."""
        return [target for target, source in self.mapping.items() if target == source]

    @cached_property
    def reshaped(self) -> list[Misfit]:
        """The ties of a model that asks for them which put a weight where one of another shape was."""
        model = self._models.tied.model
        events = [event for event in self._models.tied.events if isinstance(event, Reshaped)]
        if model is None or not events:
            return []
        names: dict[int, list[str]] = {}
        parameters = self._models.attempt(
            lambda: list(module_tree.named_parameters(model, module_tree.only_built))
        )
        for name, param in parameters or []:
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
    def misordered(self) -> list[tuple[str, str]]:
        """The ``(target, source)`` entries of the expanded mapping that come before their source's own, and
        that leave target and source apart, at once or when a checkpoint is loaded."""
        found = list(loading.misordered(self.mapping))
        groups = self._models.groups(self._models.tied)
        if not found or groups is None:
            return found
        lost = loading.never_loaded(self.mapping, groups)
        return [
            (one, two) for one, two in found if one in lost or not any({one, two} <= {*g} for g in groups)
        ]

    @property
    def misplaced_sources(self) -> list[tuple[str, str]]:
        """The ``(target, source)`` entries of the expanded mapping that tie to something outside of the
        backbone what the backbone has also where it is built by itself. A backbone of another prefix loads
        from no checkpoint of the model anyway."""
        prefix = self._prefix.value
        inside, held = f"{prefix}.", self._family.relatives.get(prefix)
        if held is None or prefix_of(self._interp, held) != prefix:
            return []
        backbone = built(self._interp, held, False).model
        if backbone is None:
            return []
        return [
            (target, source)
            for target, source in self.mapping.items()
            if target.startswith(inside)
            and not source.startswith(inside)
            and self._has_parameter(backbone, target.removeprefix(inside))
        ]

    def _has_parameter(self, model: Module, name: str) -> bool:
        return isinstance(self._models.attempt(lambda: module_tree.parameter(model, name)), Param)


def expanded_keys(model: Module) -> dict[str, str]:
    """Return what a model of 5.x has found its ``_tied_weights_keys`` and those of its parts to mean."""
    found = model.attrs.get("all_tied_weights_keys")
    return found if isinstance(found, dict) else {}


def matching(patterns: Iterable[str], name: str) -> bool:
    """Return whether a declaration in the form of 4.x covers a name."""
    return any(searched(pattern, name) for pattern in patterns)
