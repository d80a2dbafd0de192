"""Configs and other plain objects: how they are built, and what a config's attribute names mean."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any

from tie_lint.interpreter.attribute_changes import set_attr, set_plain_attr
from tie_lint.interpreter.attributes import class_value, get_attr, plain_attr
from tie_lint.interpreter.base_values import Native, RaisedError, Unknown, Value
from tie_lint.interpreter.caches import Cache
from tie_lint.interpreter.classes import Attribute, Class, inherited
from tie_lint.interpreter.inheritance import lookup
from tie_lint.interpreter.initialization import required_parameters
from tie_lint.interpreter.reads import tell
from tie_lint.interpreter.register import CLASS_ATTRIBUTES, METHODS
from tie_lint.interpreter.roots import ROOTS, Root
from tie_lint.interpreter.symbols import Symbol
from tie_lint.interpreter.values import Env, Instance, Module
from tie_lint.intrinsics.stdlib.copying import copied
from tie_lint.intrinsics.transformers.context import Interpreter
from tie_lint.library.names import CONFIG_BASES
from tie_lint.python.nodes import Const, Expr


def config_class(interp: Interpreter, cls: Class) -> Class | None:
    """Return the config class of a model class: ``config_class``, or the annotation of ``config``.

    A class's own attribute goes before its own annotation, and both before what it inherits
    (5.x, ``PreTrainedModel.__init_subclass__`` in ``modeling_utils.py``).
    """
    return inherited(_CONFIG_CLASS, cls, lambda item: _own_config_class(interp, item))


_CONFIG_CLASS: Cache[Class | None] = Cache()

CLASS_ATTRIBUTES["config_class"] = config_class


def _own_config_class(interp: Interpreter, cls: Class) -> Class | None:
    env = Env({}, cls.scope)
    for attribute in (cls.own().get("config_class"), cls.own().get("config")):
        expr = _config_expression(attribute)
        if expr is None:
            continue
        with interp.resolver.asked_by(cls.scope):
            value = interp.guarded(lambda expr=expr: interp.ev(expr, env))  # type: ignore[misc]
        if isinstance(value, str):
            value = cls.scope.lookup(value)
        if isinstance(value, Class) and (value.is_config or cls.scope.path is None):
            return value
    return None


def base_class(interp: Interpreter) -> Class | None:
    """Return the library's own base config: what a config is at least whose class is not known."""
    for name in CONFIG_BASES:
        module, _, leaf = name.rpartition(".")
        found = interp.resolver.library_value(module, leaf)
        if isinstance(found, Class):
            return found
    return None


def _config_expression(attribute: Attribute | None) -> Expr | None:
    """The expression that names the config class: a value, else a lone annotation."""
    if attribute is None:
        return None
    if attribute.kind == "value" and isinstance(attribute.value, Expr):
        return None if attribute.value == Const(None) else attribute.value
    return attribute.annotation if attribute.kind == "bare" else None


def mapped_name(interp: Interpreter, cls: Class, name: str) -> str:
    """Return the attribute that ``config.name`` really means, by the class's ``attribute_map``."""
    table = _ATTRIBUTE_MAP.get(cls)
    if table is None:
        table = _ATTRIBUTE_MAP.put(cls, _find_attribute_map(interp, cls))
    mapped = table.get(name) if table else None
    return mapped if isinstance(mapped, str) else name


_ATTRIBUTE_MAP: Cache[dict[Value, Value]] = Cache()


def _find_attribute_map(interp: Interpreter, cls: Class) -> dict[Value, Value]:
    found = lookup(cls, "attribute_map")
    if found is None or not isinstance(found[1], Attribute) or found[1].kind != "value":
        return {}
    with interp.resolver.asked_by(cls.scope):
        value = class_value(interp, found[0], "attribute_map", found[1])
    return value if isinstance(value, dict) else {}


def default(interp: Interpreter, cls: Class) -> Value:
    """Return the config that ``cls()`` gives, with a symbol for each argument that it requires. Raises
    ``RaisedError`` where the class cannot be called so.
    """
    return interp.call(cls, [], {name: Symbol(f"{cls.leaf}.{name}") for name in required_parameters(cls)})


def of_json(interp: Interpreter, cls: Class, values: Mapping[str, Any]) -> Value:
    """Return the config that ``cls.from_pretrained`` makes of a config.json. Raises ``RaisedError``.

    A class of a part of the model takes that part of the file (``configuration_utils.py``).
    """
    model_type = interp.guarded(lambda: get_attr(interp, cls, "model_type"))
    key = interp.guarded(lambda: get_attr(interp, cls, "base_config_key"))
    if isinstance(model_type, str) and values.get("model_type", model_type) != model_type:
        inner = values.get(key) if isinstance(key, str) else None
        others = (item for item in values.values() if isinstance(item, dict))
        same = (item for item in others if item.get("model_type") == model_type)
        values = inner if isinstance(inner, dict) else next(same, values)
    return interp.call(cls, [], copied(dict(values)))


def _class_value(interp: Interpreter, name: str, value: Value) -> Value:
    """The value of a config class's attribute: in ``sub_configs_defaults`` bare config classes become specs.

    5.x, ``PreTrainedConfig.__init_subclass__`` (``configuration_utils.py``).
    """
    if name != "sub_configs_defaults":
        return value
    spec = interp.resolver.library_value("transformers.configuration_utils", "SubConfigSpec")
    if not isinstance(value, dict) or not isinstance(spec, Class):
        return value
    return {
        key: interp.call(spec, [], {"config_class": item}) if isinstance(item, Class) else item
        for key, item in value.items()
    }


def class_held_by(module: Module) -> Class | None:
    """Return the class of the config that a built model holds; None where it holds none that is known."""
    config = module.attrs.get("config")
    return config.cls if isinstance(config, Instance) else None


def sub_configs(config: Instance) -> list[Instance]:
    """Return the configs that a config holds, itself first, each once."""
    found: list[Instance] = []
    todo: list[Any] = [config]
    while todo:
        item = todo.pop(0)
        if isinstance(item, Instance) and item.cls.is_config and item not in found:
            found.append(item)
            todo.extend(item.attrs.values())
    return found


def force_tie(interp: Interpreter, config: Instance, tied: bool) -> None:
    """Set ``tie_word_embeddings`` on a config and on every config that it holds."""
    for item in sub_configs(config):
        set_attr(interp, item, "tie_word_embeddings", tied)


def can_decline(interp: Interpreter, cls: Class) -> bool:
    """Return whether a config of a class says not to tie where it is given ``tie_word_embeddings=False``."""
    try:
        made = interp.call(cls, [], {"tie_word_embeddings": False})
        return get_attr(interp, made, "tie_word_embeddings") is not True
    except RaisedError:
        return True


def can_be_asked(interp: Interpreter, cls: Class) -> bool:
    """Return whether a config of a class may be made that says to tie, itself or through a config that it
    holds.

    It may not where it stays at ``tie_word_embeddings=False`` whatever it is given, or raises.
    """
    return _CAN_BE_ASKED.of(cls, lambda: _can_be_asked(interp, cls))


_CAN_BE_ASKED: Cache[bool] = Cache()


def _can_be_asked(interp: Interpreter, cls: Class) -> bool:
    return _asks(interp, cls) or any(
        _asks(interp, cls, name, part) for name, part in _parts(interp, cls).items()
    )


def _asks(interp: Interpreter, cls: Class, name: str = "", part: Class | None = None) -> bool:
    """Whether a config says to tie where it is asked itself or given a part that is."""
    asked: dict[str, Value] = {"tie_word_embeddings": True}
    try:
        given = asked if part is None else {name: interp.call(part, [], asked)}
        return get_attr(interp, interp.call(cls, [], given), "tie_word_embeddings") is not False
    except RaisedError:
        return False


def _parts(interp: Interpreter, cls: Class) -> dict[str, Class]:
    """The classes of the configs that a class's default config holds, by attribute."""
    try:
        made = default(interp, cls)
    except RaisedError:
        return {}
    attrs = made.attrs if isinstance(made, Instance) else {}
    return {
        name: value.cls
        for name, value in attrs.items()
        if isinstance(value, Instance) and value.cls.is_config
    }


def to_dict(interp: Interpreter, config: Value) -> Value:
    """``config.to_dict()``: the attributes, configs inside turned into dicts as well."""
    if not isinstance(config, Instance):
        return Unknown("to_dict of an unknown")
    tell(interp, "__dict__")
    result = {
        name: to_dict(interp, value) if isinstance(value, Instance) and value.cls.is_config else copied(value)
        for name, value in config.attrs.items()
    }
    with contextlib.suppress(RaisedError):
        result["model_type"] = get_attr(interp, config, "model_type")
    return result


def from_dict(interp: Interpreter, cls: Value, config_dict: Value = None, **kwargs: Value) -> Value:
    """``Config.from_dict(values, **more)``."""
    if isinstance(cls, Class) and isinstance(config_dict, dict):
        return interp.call(cls, [], {**copied(config_dict), **kwargs})
    return Unknown("a config from unknown values")


def _get(interp: Interpreter, config: Instance, name: str) -> Value:
    return plain_attr(interp, config, name)


def _set(interp: Interpreter, config: Instance, name: str, value: Value) -> None:
    set_plain_attr(interp, config, name, value)


_METHODS = {
    "__getattribute__": Native("__getattribute__", _get),
    "__setattr__": Native("__setattr__", _set),
    "to_dict": Native("to_dict", to_dict),
    "to_diff_dict": Native("to_diff_dict", to_dict),
    "from_dict": Native("from_dict", from_dict, "class"),
    "from_pretrained": Native(
        "from_pretrained", lambda interp, *args, **kwargs: Unknown("a downloaded config"), "class"
    ),
}

_STRICT = {"validate": Native("validate", lambda interp, config: None)}
"""What ``huggingface_hub.dataclasses.strict`` gives a config from 5.0 on, when its name is another one."""

for _name in CONFIG_BASES:
    ROOTS[_name] = Root("config", rename=mapped_name, class_value=_class_value)
    METHODS[_name] = {**_METHODS, **(_STRICT if _name.endswith(".PreTrainedConfig") else {})}
