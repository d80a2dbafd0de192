"""A config whose values may be any: what a model does under it, it does under every config of its class."""

from __future__ import annotations

from tie_lint.interpreter.base_values import Unknown
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.symbols import Symbol
from tie_lint.interpreter.values import Instance, Unnamed
from tie_lint.intrinsics.transformers import configs
from tie_lint.python.nodes import Const

KEPT = frozenset({"tie_word_embeddings", "tie_encoder_decoder"})
"""What decides only about ties keeps its value: models are built tied and untied by themselves."""

SAME_FOR_ALL = frozenset({"model_type", "base_config_key", "is_composition", *KEPT})
"""Of what a config class gives to its objects, what belongs to the class."""


def open_up(config: Instance) -> None:
    """Make every value of a config, and of those that it holds, a symbol. It may have further attributes: any
    config may be given any.
    """
    for item in configs.sub_configs(config):
        for name in _given_by_class(item.cls).difference(item.attrs):
            item.attrs[name] = Symbol(f"{item.cls.leaf}.{name}")
        for name, value in item.attrs.items():
            is_part = isinstance(value, Instance) and value.cls.is_config
            if not (is_part or name in KEPT):
                item.attrs[name] = Symbol(f"{item.cls.leaf}.{name}")
        given = Unknown(f"an attribute that {item.cls.leaf} may be given", may_be_absent=True)
        item.unnamed.append(Unnamed(given, given, given.why))


def _given_by_class(cls: Class) -> set[str]:
    """The attributes that the user's config classes give to all their objects: as any, they may be set."""
    users = [item for item in cls.mro if isinstance(item, Class) and item.scope.path is not None]
    own = [(name, found) for item in users for name, found in item.own().items()]
    return {name for name, found in own if isinstance(found.value, Const)} - SAME_FOR_ALL
