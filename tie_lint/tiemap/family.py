"""The family of a model: its init base class, the models beside it, and who holds whom."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property, partial
from typing import TYPE_CHECKING

from tie_lint.interpreter.attributes import get_attr
from tie_lint.interpreter.builtin_types import truth_of
from tie_lint.interpreter.caches import Cache
from tie_lint.interpreter.classes import Class, inherited
from tie_lint.interpreter.inheritance import lookup
from tie_lint.interpreter.values import Module, Param
from tie_lint.intrinsics.torch import module_tree
from tie_lint.intrinsics.transformers import configs
from tie_lint.intrinsics.transformers.auto import auto_model
from tie_lint.library.contract import renames_by_class
from tie_lint.library.names import PRETRAINED_MODEL
from tie_lint.tiemap.built_model import BuiltModels
from tie_lint.tiemap.construction import built, construct, prefix_of
from tie_lint.tiemap.once import Known, once
from tie_lint.tiemap.vocabulary import vocabulary

if TYPE_CHECKING:
    from tie_lint.interpreter.namespace import Namespace
    from tie_lint.intrinsics.transformers.context import Interpreter


_OF_MODULE: Cache[dict[Namespace, ModelsOfModule]] = Cache()
_MODELS_IN: Cache[Known[None, dict[str, tuple[Class, bool]]]] = Cache()
_NAMES_IN: Cache[Known[str, frozenset[str]]] = Cache()


class Family:
    """What a model is to the other models of its module."""

    def __init__(self, models: BuiltModels) -> None:
        self._models, self._interp, self._cls = models, models.interp, models.cls

    @cached_property
    def only_init_base(self) -> bool:
        """Whether the class derives from ``PreTrainedModel`` itself and builds nothing."""
        return _is_init_base(self._cls) and self._models.builds_nothing

    @cached_property
    def init_base_class(self) -> Class | None:
        """The family's init base class."""
        return inherited(_INIT_BASE, self._cls, lambda item: item if _is_init_base(item) else None)

    @property
    def init_base(self) -> str | None:
        """The name of the family's init base class."""
        return None if self.init_base_class is None else self.init_base_class.leaf

    @property
    def has_init_base_here(self) -> bool:
        """Whether the family's init base class stands in the same module, as another class."""
        base = self.init_base_class
        return base is not None and base is not self._cls and base.scope is self._cls.scope

    @property
    def members(self) -> Iterator[Class]:
        """The other models of this module that derive from the same init base class."""
        for cls in self.of_module.by_init_base.get(self.init_base_class, ()):
            if cls is not self._cls:
                yield cls

    @property
    def of_module(self) -> ModelsOfModule:
        """The models of the class's module, found once for all of them."""
        known = _OF_MODULE.of(self._interp.resolver, dict)
        scope = self._cls.scope
        if scope not in known:
            known[scope] = ModelsOfModule(list(model_classes(scope)))
        return known[scope]

    @cached_property
    def is_component(self) -> bool:
        """Whether other models of this module hold the class, none of them as its base model, and the module
        does not offer it to anybody else."""
        held = list(self._held_as_base(self._cls))
        return bool(held) and not any(held) and self._is_offered(self._cls) is not True

    def _is_offered(self, cls: Class) -> bool | None:
        """Whether the module of a class offers it to others; None where that does not say what it offers."""
        names = cls.scope.lookup("__all__")
        return cls.leaf in names if isinstance(names, list | tuple) else None

    def is_held_without(self, base: Class) -> bool:
        """Return whether a model of the module holds the class that neither derives from a base nor declares
        tied keys of that part itself."""
        return any(
            self._cls in child.mro and base not in holder.mro and not self._declares_keys_of(holder, name)
            for holder, models in self.holders
            for name, (child, _) in models.items()
        )

    def _declares_keys_of(self, holder: Class, part: str) -> bool:
        keys = self._interp.guarded(partial(get_attr, self._interp, holder, "_tied_weights_keys"))
        known = isinstance(keys, dict) and all(isinstance(key, str) for key in keys)
        return any(key.startswith(f"{part}.") for key in keys) if known else keys is not None

    def _is_base(self, cls: Class) -> bool:
        """Whether another model of the module holds the class as its base model."""
        return any(self._held_as_base(cls))

    def _held_as_base(self, cls: Class) -> Iterator[bool]:
        """For each time another model of the module holds the class: whether as its base model."""
        for holder, models in self.holders:
            for name, (child, _) in models.items():
                if holder is not cls and cls in child.mro:
                    yield name == prefix_of(self._interp, holder)

    @property
    def holders(self) -> list[tuple[Class, dict[str, tuple[Class, bool]]]]:
        """The models of the module that hold models, with what :meth:`models_in` gives."""
        classes = self.of_module.classes

        def find() -> list[tuple[Class, dict[str, tuple[Class, bool]]]]:
            every = [(cls, self.models_in(cls)) for cls in classes]
            return [(cls, models) for cls, models in every if models]

        return once(self._interp, self.of_module.holders, None, find)

    # -- what a class holds ---------------------------------------------------------------------------

    def models_in(self, cls: Class) -> dict[str, tuple[Class, bool]]:
        """Return the models that a class holds, by attribute, and whether they share its config class."""
        known = _MODELS_IN.of(cls, dict)
        return once(self._interp, known, None, lambda: self._find_models_in(cls))

    def _find_models_in(self, cls: Class) -> dict[str, tuple[Class, bool]]:
        # Tying may be what fails.
        model = built(self._interp, cls).model or built(self._interp, cls, False).model
        children = [] if model is None else self._models.attempt(model.children) or []
        config = None if model is None else configs.class_held_by(model)
        return {
            name: (child.cls, configs.class_held_by(child) is config)
            for name, child in children
            if isinstance(child.cls, Class) and child.cls.is_model
        }

    def relatives_in(self, cls: Class) -> dict[str, Class]:
        """Return the models of its family that a class holds and that share its config, by attribute."""
        base = self.init_base_class
        return {
            name: child
            for name, (child, shares_config) in self.models_in(cls).items()
            if shares_config and base is not None and base.name in child.names
        }

    @property
    def relatives(self) -> dict[str, Class]:
        """The models of its family that the class itself holds, by attribute."""
        return self.relatives_in(self._cls)

    def backbones_in(self, cls: Class) -> list[str]:
        """Return the attributes under which a class holds the backbone of its family.

        That is the class that ``AutoModel`` makes of its config, if it is of the family, or else a relative
        that can be nothing else by what the models of the family hold, or one that is called like the
        backbone.
        """
        held, config = self.relatives_in(cls), configs.config_class(self._interp, cls)
        if not held or config is None:
            return []
        backbone = made_by_auto_model(self._interp, cls, self.init_base_class)
        held = {name: child for name, child in held.items() if not self.is_renamed(cls, child)}
        has_wrappers = True
        if backbone is None:
            if self._is_sole_backbone(cls, held):
                return list(held)
            backbone = self._named_backbone(config)
            has_wrappers = self._has_one_config(cls)
        elif backbone is cls:  # `AutoModel` may give the model with the head
            backbone, has_wrappers = self._named_backbone(config), False
        if backbone is None:
            return []
        found = [name for name, child in held.items() if backbone.name in child.names]
        if found or not has_wrappers:
            return found
        standing = [name for name in held if self._stands_for(cls, name, backbone)]
        # Of an encoder and a decoder, which could both be it, neither is the backbone.
        return standing if len(standing) == 1 else []

    def _named_backbone(self, config: Class) -> Class | None:
        """The class of this module that has a config which the library does not know, and is called like the
        backbone of that: ``AcmeModel`` for ``AcmeConfig``."""
        found = self._cls.scope.lookup(f"{config.leaf.removesuffix('Config')}Model")
        if not isinstance(found, Class) or not found.is_model or not config.leaf.endswith("Config"):
            return None
        return found if configs.config_class(self._interp, found) is config else None

    def is_renamed(self, *classes: Class) -> bool:
        """Return whether one of the classes says that its weights go by other names in checkpoints, so that
        the prefix does not say what loads into what (``_checkpoint_conversion_mapping``).
        """
        declaring = [cls for cls in classes if cls.find("_checkpoint_conversion_mapping")]
        found = (
            self._interp.guarded(partial(get_attr, self._interp, cls, "_checkpoint_conversion_mapping"))
            for cls in declaring
        )
        is_any = any(truth_of(mapping) is not False for mapping in found)
        return is_any and renames_by_class(self._interp.resolver.release)

    def _stands_for(self, cls: Class, name: str, backbone: Class) -> bool:
        """Whether what a class holds under a name has only parameters that its backbone names the same, so
        that either loads from the other's checkpoints (a wrapper around the decoder alone)."""
        if cls is backbone or self._is_base(cls):
            return False  # the base of another is itself what stands for the backbone
        names = self._names_in(cls, name)
        return bool(names) and names <= self._names_in(backbone, "")

    def _names_in(self, cls: Class, path: str) -> frozenset[str]:
        """The parameters in a part of a model of which nothing is built but what has to be at once."""

        def find() -> frozenset[str]:
            model = construct(self._interp, cls, False).model
            part = None if model is None else module_tree.submodule(model, path)
            return self._names_below(part) if isinstance(part, Module) else frozenset()

        return once(self._interp, _NAMES_IN.of(cls, dict), path, find)

    def _names_below(self, module: Module) -> frozenset[str]:
        found = self._models.attempt(
            lambda: [name for name, _ in module_tree.named_parameters(module, module_tree.only_built)]
        )
        return frozenset(found or ())

    def _is_sole_backbone(self, cls: Class, held: dict[str, Class]) -> bool:
        """Whether what a class holds of its family is its backbone, and not a part of one.

        It is where all of these hold, for the models of the family that have its config class:

        - none holds it beside another relative (an encoder and a decoder);
        - none but wraps it, with no parameters of its own (the backbone around a decoder);
        - none holds the class itself as a relative;
        - the module offers it to others, where the family has other configs as well (a composite of parts);
        - all token embeddings of the class are in what it holds.
        """
        if len(held) != 1:
            return False
        (name, child), *_ = held.items()
        config = configs.config_class(self._interp, cls)
        peers = [item for item in [cls, *self.members] if configs.config_class(self._interp, item) is config]
        for peer in peers:
            relatives = self.relatives_in(peer)
            related = [other for other in relatives.values() if _is_related(child, other)]
            if related and (len(relatives) > 1 or self._only_wraps(peer)):
                return False
            if peer is not cls and cls in relatives.values():
                return False
        offered = self._is_offered(child) is not False or self._has_one_config(cls)
        return offered and self._embeds_only_in(cls, name)

    def _only_wraps(self, cls: Class) -> bool:
        """Whether models of a class have no parameters but those of the relatives that they hold."""
        held, model = self.relatives_in(cls), built(self._interp, cls, False).model

        def has_none() -> bool:
            beside = module_tree.named_tensors(model, wanted=lambda path: path not in held) if model else ()
            return not any(type(value) is Param for _, value in beside)

        return model is not None and self._models.attempt(has_none) is True

    def _has_one_config(self, cls: Class) -> bool:
        """Whether a class and the family have one config class."""
        return len({configs.config_class(self._interp, item) for item in [cls, *self.members]}) == 1

    def _embeds_only_in(self, cls: Class, name: str) -> bool:
        """Whether models of a class have token embeddings, and all of them under one attribute."""
        model = built(self._interp, cls, False).model
        found = None if model is None else vocabulary(self._interp, cls, model, False)
        return found is not None and {path.partition(".")[0] for path in found.embeddings} == {name}


def made_by_auto_model(interp: Interpreter, cls: Class, base: Class | None) -> Class | None:
    """Return the class that ``AutoModel`` makes of a class's config, if it derives from a base class.

    It makes classes of the library, which derive from none of a user's: then its tables are not read.
    """
    config = configs.config_class(interp, cls)
    if config is None or base is None or not base.name.startswith("transformers."):
        return None
    found = auto_model(interp, config)
    return found if found is not None and base.name in found.names else None


def _is_related(cls: Class, other: Class) -> bool:
    return cls.name in other.names or other.name in cls.names


_INIT_BASE: Cache[Class | None] = Cache()
_SEVERAL_BASES: Cache[Class | None] = Cache()


def _init_bases(cls: Class) -> list[Class]:
    """The init base classes that a class derives from: one, where all its bases are single."""
    if inherited(_SEVERAL_BASES, cls, lambda item: item if len(item.bases) > 1 else None) is None:
        nearest = inherited(_INIT_BASE, cls, lambda item: item if _is_init_base(item) else None)
        return [] if nearest is None else [nearest]
    return [item for item in cls.mro if isinstance(item, Class) and _is_init_base(item)]


def _is_init_base(cls: Class) -> bool:
    return any(isinstance(base, Class) and base.name == PRETRAINED_MODEL for base in cls.bases)


class ModelsOfModule:
    """The models of one module: asked by each of them, so that a module of many costs no more than each."""

    def __init__(self, classes: list[Class]) -> None:
        self.classes = classes
        self.by_init_base: dict[Class | None, list[Class]] = {}
        self.holders: Known[None, list[tuple[Class, dict[str, tuple[Class, bool]]]]] = {}
        for cls in classes:
            for base in _init_bases(cls):
                self.by_init_base.setdefault(base, []).append(cls)


def model_classes(scope: Namespace) -> Iterator[Class]:
    """Yield the model classes that a module defines, in source order."""
    for cls in scope.classes():
        if cls.is_model and cls.name != PRETRAINED_MODEL and lookup(cls, "__init__"):
            yield cls
