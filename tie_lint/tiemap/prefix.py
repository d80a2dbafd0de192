"""``base_model_prefix``: whether it names the attribute that holds the backbone."""

from __future__ import annotations

from functools import cached_property

from tie_lint.interpreter.base_values import Unknown
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.inheritance import lookup
from tie_lint.intrinsics.transformers import configs
from tie_lint.tiemap.built_model import BuiltModels
from tie_lint.tiemap.construction import prefix_of
from tie_lint.tiemap.family import Family


class Prefix:
    """The prefix of a model, and that of its family."""

    def __init__(self, models: BuiltModels, family: Family) -> None:
        self._models, self._family = models, family
        self._interp, self._cls = models.interp, models.cls

    @property
    def value(self) -> str:
        """The effective ``base_model_prefix``, empty where it is not known."""
        value = prefix_of(self._interp, self._cls)
        return value if isinstance(value, str) else ""

    # -- a prefix that is missing ---------------------------------------------------------------------

    @cached_property
    def missing(self) -> str | None:
        """For an init base class: the attribute that the ``base_model_prefix`` it lacks should name.

        None if

        - the class has a prefix,
        - the models built on it and their backbone declare their own, be it an empty one, or
        - those that declare none hold the backbone under different names.
        """
        if self._has_prefix(self._cls) is not False or not self._family.only_init_base:
            return None
        held = self._held_by_heads
        names = {name for cls, name in held if self._lacks(cls)}
        if any(self._lacks(self._family.relatives_in(cls)[name]) for cls, name in held):
            names = names or {name for _, name in held}
        return names.pop() if len(names) == 1 else None

    def _lacks(self, cls: Class) -> bool:
        """Whether a model has no prefix, and would have the one that this class gives it."""
        return self._has_prefix(cls) is False and self._inherits(cls)

    @property
    def heads_have_one(self) -> bool:
        """Whether the models that hold the family's backbone all declare a prefix of their own, so that with
        an init base class without one only the backbone has none."""
        return all(self._has_prefix(cls) for cls, _ in self._held_by_heads)

    @property
    def _held_by_heads(self) -> list[tuple[Class, str]]:
        """The models that hold the family's backbone and are none themselves, and under what attribute."""
        family = self._family
        holders = [(cls, name) for cls in family.members for name in family.backbones_in(cls)]
        backbones = {family.relatives_in(cls)[name] for cls, name in holders}
        return [(cls, name) for cls, name in holders if cls not in backbones]

    def _has_prefix(self, cls: Class) -> bool | None:
        value = prefix_of(self._interp, cls)
        return None if isinstance(value, Unknown) else bool(value)

    # -- a prefix that names another attribute ----------------------------------------------------------

    @cached_property
    def misnamed_backbone(self) -> str | None:
        """The attribute that holds the family's backbone where ``base_model_prefix`` names another."""
        return self._misnamed(self._cls)

    def _misnamed(self, cls: Class) -> str | None:
        prefix = prefix_of(self._interp, cls)
        emptied = prefix == "" and "base_model_prefix" not in cls.own()  # which is TIE003's
        if not isinstance(prefix, str) or emptied or prefix in self._family.models_in(cls):
            return None
        held = self._family.backbones_in(cls)
        return held[0] if len(held) == 1 else None

    @cached_property
    def misnaming_classes(self) -> list[Class]:
        """The class that alone in this module holds its family's backbone under another name than the prefix,
        and those derived from it.

        Empty if

        - neither the class declares that prefix nor others hold the backbone under it,
        - a class of another module may use the attribute, or
        - one of the classes already has something of the prefix's name.
        """
        name, base = self.misnamed_backbone, self._family.init_base_class
        if name is None or base is None or not self.value.isidentifier():
            return []
        models = [item for item in self._cls.mro if isinstance(item, Class) and item.is_model]
        here = [item for item in models if item.scope is self._cls.scope and item is not base]
        if any(item not in here and item not in base.mro for item in models):
            return []
        first = [item for item in here if name in self._family.models_in(item)][-1]
        found = [cls for cls in self._family.of_module.classes if first in cls.mro]
        others = [cls for cls in self._family.members if cls not in found]
        by_prefix = any(self.value in self._family.backbones_in(cls) for cls in others)
        misnamed = any(self._misnamed(cls) for cls in others)
        taken = any(lookup(cls, self.value) for cls in found)
        intended = by_prefix or "base_model_prefix" in first.own()
        return found if intended and not misnamed and not taken else []

    @cached_property
    def family_misnames(self) -> str | None:
        """For an init base class that declares a prefix: the one attribute that all models of this module
        which hold the backbone hold it under instead; None where one of them goes by the prefix."""
        if not self._models.declares("base_model_prefix") or not self._family.only_init_base:
            return None
        names = {self._misnamed(cls) for cls in self._holders}
        return names.pop() if len(names) == 1 else None

    @property
    def is_misnamed_by_several(self) -> bool:
        """Whether more than one model holds the backbone by :attr:`family_misnames`, by whatever prefix; with
        one alone nobody can say whether it is the prefix or the attribute that is misnamed."""
        name = self.family_misnames
        return sum(name in self._family.backbones_in(cls) for cls in self._family.members) > 1

    @property
    def _holders(self) -> list[Class]:
        """The models of the family that hold its backbone and go by the family's prefix: that inherit it, or
        say it once more and are right."""
        by_prefix = [cls for cls in self._family.members if prefix_of(self._interp, cls) == self.value]
        held = {cls: self._family.backbones_in(cls) for cls in by_prefix}
        return [cls for cls in by_prefix if held[cls] and (self._inherits(cls) or self.value in held[cls])]

    def _inherits(self, cls: Class) -> bool:
        """Whether the prefix that a class has is the one that this class has, or none is declared."""
        found = cls.find("base_model_prefix")
        return found is None or found[0] in self._cls.mro

    @cached_property
    def held_otherwise(self) -> str | None:
        """For a class that declares the prefix of a backbone, its own or that of the models derived from it:
        the one attribute under which the models of this module hold the backbone as their base model, where
        the prefix is another. With an empty one, no model need have the right one itself."""
        if not self._models.declares("base_model_prefix") or self._has_prefix(self._cls) is None:
            return None
        backbones = self._backbones_by_prefix
        held = {
            name
            for holder, models in self._family.holders
            for name, (child, _) in models.items()
            if child in backbones
            and child is not holder
            and (name == prefix_of(self._interp, holder) or self._is_emptied_for(holder, name))
            and not self._family.is_renamed(holder, child)
        }
        return held.pop() if len(held) == 1 and self.value not in held else None

    def _is_emptied_for(self, holder: Class, name: str) -> bool:
        return self.value == "" and name in self._family.backbones_in(holder)

    @cached_property
    def overruled(self) -> tuple[str, str] | None:
        """The mixin whose prefix comes before that of the family, and the family's; where the class holds the
        backbone by the mixin's, and the backbone itself goes by the family's, as do the models of the family
        that stand beside it, if any."""
        found, base = self._cls.find("base_model_prefix"), self._family.init_base_class
        owner = None if found is None else found[0]
        if not isinstance(owner, Class) or owner.is_model or base is None:
            return None
        family = prefix_of(self._interp, base)
        if self.value not in self._family.backbones_in(self._cls) or not isinstance(family, str):
            return None
        backbone = self._family.relatives_in(self._cls)[self.value]
        apart = family and family != self.value and prefix_of(self._interp, backbone) == family
        if self._family.has_init_base_here:
            apart = apart and any(family in self._family.backbones_in(cls) for cls in self._family.members)
        return (owner.leaf, family) if apart else None

    @property
    def _backbones_by_prefix(self) -> list[Class]:
        """The backbones whose own checkpoints go by the prefix that this class declares."""
        family, found = self._family, [self._cls]
        if family.only_init_base:
            held = [family.relatives_in(cls)[n] for cls in family.members for n in family.backbones_in(cls)]
            found = [cls for cls in held if "base_model_prefix" not in cls.own()]
        return [cls for cls in found if not (family.backbones_in(cls) or self.value in family.models_in(cls))]

    @property
    def loads_into_backbone(self) -> bool:
        """Whether the misnamed backbone may itself go by its attribute: its own prefix decides whether
        checkpoints of the models that hold it load into it."""
        name = self.family_misnames or self.misnamed_backbone
        holders = self._family.members if self.family_misnames else [self._cls]
        held = [self._family.relatives_in(cls).get(name or "") for cls in holders]
        prefixes = [prefix_of(self._interp, backbone) for backbone in held if backbone is not None]
        return any(prefix == name or isinstance(prefix, Unknown) for prefix in prefixes)

    @property
    def may_be_renamed(self) -> bool:
        """Whether the library may have rules by which what is loaded gets other names, as it has for model
        types of its own (from 5.0: conversion_mapping.py)."""
        config = configs.config_class(self._interp, self._cls)
        named = None if config is None else config.find("model_type")
        return self._interp.contract.renames_on_load and (
            named is None or named[0].name.startswith("transformers.")
        )

    @property
    def serves_composites(self) -> bool:
        """Whether models around this one, a base of it, or its backbone, that have another config hold it by
        the prefix: their checkpoints load into it by that, as those of ``Llama4ForConditionalGeneration`` do
        into ``Llama4ForCausalLM``."""
        backbones = [self._family.relatives_in(self._cls)[n] for n in self._family.backbones_in(self._cls)]
        return any(
            name == self.value and not shares_config and child in (*self._cls.mro, *backbones)
            for _, models in self._family.holders
            for name, (child, shares_config) in models.items()
        )

    @property
    def init_base_misnames(self) -> bool:
        """Whether the init base class stands in this module and is where the wrong prefix is to be fixed."""
        base = self._family.init_base_class
        if not self._family.has_init_base_here or base is None or self._models.declares("base_model_prefix"):
            return False
        models = self._models.of(base)
        return Prefix(models, Family(models)).family_misnames is not None

    @property
    def misleads(self) -> bool:
        """Whether what is inherited looks for the backbone where it is not, which is the defect to fix."""
        if self.value in self._family.models_in(self._cls):
            return False
        return bool(self._family.backbones_in(self._cls) if self.value else self._family.relatives)
