"""The family of a model: its init base class, its backbone, and the prefix that leads to it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property, partial
from typing import TYPE_CHECKING

from tie_lint.interpreter.attributes import get_attr, lookup
from tie_lint.interpreter.base_values import Unknown
from tie_lint.interpreter.builtin_types import truth_of
from tie_lint.interpreter.classes import PRETRAINED_MODEL, Class
from tie_lint.interpreter.values import Module
from tie_lint.intrinsics.torch import module_tree
from tie_lint.intrinsics.transformers import configs
from tie_lint.intrinsics.transformers.auto import auto_model
from tie_lint.tiemap.built_model import Constructed
from tie_lint.tiemap.construction import built, construct, prefix_of
from tie_lint.tiemap.vocabulary import vocabulary

if TYPE_CHECKING:
    from tie_lint.interpreter.namespace import Namespace


class Family(Constructed):
    """What a model is to the other models of its module."""

    @cached_property
    def only_init_base(self) -> bool:
        """Whether the class derives from ``PreTrainedModel`` itself and builds nothing."""
        return _is_init_base(self.cls) and self.builds_nothing

    @cached_property
    def builds_nothing(self) -> bool:
        """Whether the class's models have no parts: it is there for others to derive from."""
        model = self._built.model
        return model is not None and not self.attempt(model.children)

    @cached_property
    def _init_base_class(self) -> Class | None:
        return next((item for item in self.cls.mro if isinstance(item, Class) and _is_init_base(item)), None)

    @property
    def init_base(self) -> str | None:
        """The name of the family's init base class."""
        return None if self._init_base_class is None else self._init_base_class.leaf

    @property
    def own_init(self) -> bool:
        """Whether the class defines ``__init__`` itself."""
        return self.cls.facts.has_method("__init__")

    @property
    def has_init_base_here(self) -> bool:
        """Whether the family's init base class stands in the same module, as another class."""
        base = self._init_base_class
        return base is not None and base is not self.cls and base.scope is self.cls.scope

    @cached_property
    def lacks_prefix(self) -> str | None:
        """For an init base class: the attribute that the ``base_model_prefix`` it lacks should name.

        None where it has one, where the models built on this class and their backbone declare their own, or
        where those that do not hold the backbone under different names.
        """
        if self._has_prefix(self.cls) is not False or not self.only_init_base:
            return None
        held = self._held_by_heads
        names = {name for cls, name in held if self._has_prefix(cls) is False}
        if any(self._has_prefix(self._held_relatives(cls)[name]) is False for cls, name in held):
            names = names or {name for _, name in held}
        return names.pop() if len(names) == 1 else None

    @property
    def heads_have_prefix(self) -> bool:
        """Whether the models that hold the family's backbone all declare a prefix of their own, so that with
        an init base class without one only the backbone has none."""
        return all(self._has_prefix(cls) for cls, _ in self._held_by_heads)

    @property
    def _held_by_heads(self) -> list[tuple[Class, str]]:
        """The models that hold the family's backbone and are none themselves, and under what attribute."""
        holders = [(cls, name) for cls in self._family for name in self._held_backbones(cls)]
        backbones = {self._held_relatives(cls)[name] for cls, name in holders}
        return [(cls, name) for cls, name in holders if cls not in backbones]

    def _has_prefix(self, cls: Class) -> bool | None:
        value = prefix_of(self.interp, cls)
        return None if isinstance(value, Unknown) else bool(value)

    @property
    def _family(self) -> Iterator[Class]:
        """The other models of this module that derive from the same init base class."""
        for cls in model_classes(self.cls.scope):
            if cls is not self.cls and self._init_base_class in cls.mro:
                yield cls

    def _held_backbones(self, cls: Class) -> list[str]:
        """The attributes under which a class holds the backbone of its family.

        That is the class that ``AutoModel`` makes of its config, if it is of the family, or else a relative
        that can be nothing else.
        """
        held, base = self._held_relatives(cls), self._init_base_class
        config = configs.config_class(self.interp, cls)
        if not held or base is None or config is None:
            return []
        backbone = auto_model(self.interp, config)
        held = {name: child for name, child in held.items() if not self._is_renamed(cls, child)}
        if backbone is not None and base.name in backbone.names:
            found = [name for name, child in held.items() if backbone.name in child.names]
            return found or [name for name in held if self._stands_for(cls, name, backbone)]
        return list(held) if self._is_sole_backbone(cls, held) else []

    def _is_renamed(self, *classes: Class) -> bool:
        """Whether one of the classes says that its weights go by other names in checkpoints, so that the
        prefix does not tell what loads into what (``_checkpoint_conversion_mapping``, which
        ``from_pretrained`` and ``save_pretrained`` of 4.52 to 5.0 follow: modeling_utils.py)."""
        return any(
            truth_of(
                self.interp.guarded(partial(get_attr, self.interp, cls, "_checkpoint_conversion_mapping"))
            )
            is not False
            for cls in classes
            if cls.find("_checkpoint_conversion_mapping")
        )

    def _stands_for(self, cls: Class, name: str, backbone: Class) -> bool:
        """Whether what a class holds under a name has only parameters that its backbone names the same, so
        that either loads from the other's checkpoints (a wrapper around the decoder alone)."""
        if cls is backbone or self._is_base(cls):
            return False  # the base of another is itself what stands for the backbone
        names = self._names_in(cls, name)
        return bool(names) and names <= self._names_in(backbone, "")

    def _names_in(self, cls: Class, path: str) -> frozenset[str]:
        """The parameters in a part of a model of which nothing is built but what has to be at once."""
        key = f"names in {path}"
        if key not in cls.kept:
            model = construct(self.interp, cls, False).model
            part = None if model is None else module_tree.submodule(model, path)
            cls.kept[key] = self._names_below(part) if isinstance(part, Module) else frozenset()
        names: frozenset[str] = cls.kept[key]
        return names

    def _names_below(self, module: Module) -> frozenset[str]:
        found = self.attempt(
            lambda: [name for name, _ in module_tree.named_parameters(module, module_tree.only_built)]
        )
        return frozenset(found or ())

    def _is_sole_backbone(self, cls: Class, held: dict[str, Class]) -> bool:
        """Whether what a class holds of its family is its backbone, and not a part of one.

        So it is where the family has one config class, nobody in it holds two relatives (an encoder and a
        decoder), nobody goes on to hold the class as its own base model, and all token embeddings of the
        class are in there.
        """
        family = [cls, *self._family]
        return (
            len({configs.config_class(self.interp, item) for item in family}) == 1
            and all(len(self._held_relatives(item)) < 2 for item in family)
            and not self._is_base(cls)
            and len(held) == 1
            and self._embeds_only_in(cls, next(iter(held)))
        )

    def _embeds_only_in(self, cls: Class, name: str) -> bool:
        """Whether models of a class have token embeddings, and all of them under one attribute."""
        model = built(self.interp, cls, False).model
        found = None if model is None else vocabulary(self.interp, cls, model, False)
        return found is not None and {path.partition(".")[0] for path in found.embeddings} == {name}

    def _held_relatives(self, cls: Class) -> dict[str, Class]:
        """The models of its family that a class holds and that share its config class, by attribute."""
        base = self._init_base_class
        return {
            name: child
            for name, (child, shares_config) in self._held_models(cls).items()
            if shares_config and base is not None and base.name in child.names
        }

    def _held_models(self, cls: Class) -> dict[str, tuple[Class, bool]]:
        """The models that a class holds, by attribute, and whether they share its config class."""
        if "held" not in cls.kept:
            # Tying may be what fails.
            model = built(self.interp, cls).model or built(self.interp, cls, False).model
            children = [] if model is None else self.attempt(model.children) or []
            config = None if model is None else configs.class_held_by(model)
            cls.kept["held"] = {
                name: (child.cls, configs.class_held_by(child) is config)
                for name, child in children
                if isinstance(child.cls, Class) and child.cls.is_model
            }
        held: dict[str, tuple[Class, bool]] = cls.kept["held"]
        return held

    @cached_property
    def misnamed_backbone(self) -> str | None:
        """The attribute that holds the family's backbone where ``base_model_prefix`` names another."""
        return self._misnamed(self.cls)

    @cached_property
    def misnaming(self) -> list[Class]:
        """The class that alone in this module holds its family's backbone under another name than the prefix,
        and those derived from it; empty where it neither declares that prefix nor others hold it so, or where
        a class of another module may know it by that name or have something of the prefix's name."""
        name, base = self.misnamed_backbone, self._init_base_class
        if name is None or base is None or not self.prefix.isidentifier():
            return []
        models = [item for item in self.cls.mro if isinstance(item, Class) and item.is_model]
        here = [item for item in models if item.scope is self.cls.scope and item is not base]
        if any(item not in here and item not in base.mro for item in models):
            return []
        first = [item for item in here if name in self._held_models(item)][-1]
        found = [cls for cls in model_classes(self.cls.scope) if first in cls.mro]
        others = [cls for cls in self._family if cls not in found]
        by_prefix = any(self.prefix in self._held_backbones(cls) for cls in others)
        misnamed = any(self._misnamed(cls) for cls in others)
        taken = any(lookup(cls, self.prefix) for cls in found)
        meant = by_prefix or "base_model_prefix" in first.own()
        return found if meant and not misnamed and not taken else []

    @property
    def prefix(self) -> str:
        """The effective ``base_model_prefix``, empty where it is not known."""
        value = prefix_of(self.interp, self.cls)
        return value if isinstance(value, str) else ""

    @cached_property
    def family_misnames(self) -> str | None:
        """For an init base class that declares a prefix: the one attribute that all models of this module
        which hold the backbone hold it under instead; None where one of them goes by the prefix."""
        if not self.declares("base_model_prefix") or not self.only_init_base:
            return None
        names = {self._misnamed(cls) for cls in self._holders}
        return names.pop() if len(names) == 1 else None

    @property
    def is_misnamed_by_several(self) -> bool:
        """Whether more than one model holds the backbone by :attr:`family_misnames`; with one alone nobody
        can say whether it is the prefix or the attribute that is misnamed."""
        return len(self._holders) > 1

    @property
    def _holders(self) -> list[Class]:
        """The models of the family that hold its backbone and go by the family's prefix."""
        inherit = [cls for cls in self._family if "base_model_prefix" not in cls.own()]
        return [cls for cls in inherit if self._held_backbones(cls)]

    @cached_property
    def held_otherwise(self) -> str | None:
        """For a class that declares the prefix of a backbone, its own or that of the models derived from it:
        the one attribute under which the models of this module hold the backbone as their base model, where
        the prefix is another."""
        if not self.declares("base_model_prefix"):
            return None
        backbones = self._backbones_by_prefix
        held = {
            name
            for holder in model_classes(self.cls.scope)
            for name, (child, _) in self._held_models(holder).items()
            if child in backbones
            and child is not holder
            and name == prefix_of(self.interp, holder)
            and not self._is_renamed(holder, child)
        }
        return held.pop() if len(held) == 1 and self.prefix not in held else None

    @property
    def _backbones_by_prefix(self) -> list[Class]:
        """The backbones whose own checkpoints go by the prefix that this class declares."""
        found = [self.cls]
        if self.only_init_base:
            held = [self._held_relatives(cls)[n] for cls in self._family for n in self._held_backbones(cls)]
            found = [cls for cls in held if "base_model_prefix" not in cls.own()]
        return [
            cls for cls in found if not (self._held_backbones(cls) or self.prefix in self._held_models(cls))
        ]

    @property
    def loads_into_backbone(self) -> bool:
        """Whether the misnamed backbone may itself go by its attribute: its own prefix decides whether
        checkpoints of the models that hold it load into it."""
        name = self.family_misnames or self.misnamed_backbone
        holders = self._family if self.family_misnames else [self.cls]
        held = [self._held_relatives(cls).get(name or "") for cls in holders]
        prefixes = [prefix_of(self.interp, backbone) for backbone in held if backbone is not None]
        return any(prefix == name or isinstance(prefix, Unknown) for prefix in prefixes)

    @property
    def may_be_renamed(self) -> bool:
        """Whether the library may have rules by which what is loaded gets other names, as it has for model
        types of its own (from 5.0: conversion_mapping.py)."""
        config = configs.config_class(self.interp, self.cls)
        named = None if config is None else config.find("model_type")
        return self.interp.contract.renames_on_load and (
            named is None or named[0].name.startswith("transformers.")
        )

    @property
    def init_base_misnames(self) -> bool:
        """Whether the init base class stands in this module and is where the wrong prefix is to be mended."""
        base = self._init_base_class
        if not self.has_init_base_here or base is None or self.declares("base_model_prefix"):
            return False
        return type(self)(self.interp, base, self.path).family_misnames is not None

    def _is_base(self, cls: Class) -> bool:
        """Whether another model of the module holds the class as its base model."""
        return any(self._held_as_base(cls))

    def _held_as_base(self, cls: Class) -> Iterator[bool]:
        """For each time another model of the module holds the class: whether as its base model."""
        for holder in model_classes(self.cls.scope):
            for name, (child, _) in self._held_models(holder).items():
                if holder is not cls and cls in child.mro:
                    yield name == prefix_of(self.interp, holder)

    def _misnamed(self, cls: Class) -> str | None:
        prefix = prefix_of(self.interp, cls)
        emptied = prefix == "" and "base_model_prefix" not in cls.own()  # which is TIE003's
        if not isinstance(prefix, str) or emptied or prefix in self._held_models(cls):
            return None
        held = self._held_backbones(cls)
        return held[0] if len(held) == 1 else None

    @cached_property
    def is_component(self) -> bool:
        """Whether other models of this module hold the class, none of them as its base model, and the module
        does not offer it to anybody else."""
        held = list(self._held_as_base(self.cls))
        return bool(held) and not any(held) and not self._is_offered

    @property
    def _is_offered(self) -> bool:
        names = self.cls.scope.lookup("__all__")
        return isinstance(names, list | tuple) and self.cls.leaf in names


def _is_init_base(cls: Class) -> bool:
    return any(isinstance(base, Class) and base.name == PRETRAINED_MODEL for base in cls.bases)


def model_classes(scope: Namespace) -> Iterator[Class]:
    """The model classes that a module defines, in source order."""
    for cls in scope.classes():
        if cls.is_model and cls.name != PRETRAINED_MODEL and lookup(cls, "__init__"):
            yield cls
