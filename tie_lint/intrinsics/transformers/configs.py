"""Configs and other plain objects: how they are built, and what a config's attribute names mean."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tie_lint.interpreter.base_values import Marker, Native, RaisedError, Unknown, Value
from tie_lint.interpreter.classes import CONFIG_BASES, Attribute, Class
from tie_lint.interpreter.values import Env, Instance, Module, Super

if TYPE_CHECKING:
    from tie_lint.intrinsics.transformers.context import Interpreter


def config_class(interp: Interpreter, cls: Class) -> Class | None:
    """The config class of a model class: ``config_class``, or the annotation of ``config``.

    A class's own attribute goes before its own annotation, and both before what it inherits
    (5.x, ``PreTrainedModel.__init_subclass__`` in ``modeling_utils.py``).
    """
    key = "config_class"
    if key not in cls.kept:
        cls.kept[key] = _find_config_class(interp, cls)
    found: Class | None = cls.kept[key]
    return found


def _find_config_class(interp: Interpreter, cls: Class) -> Class | None:
    for item in cls.mro:
        if not isinstance(item, Class):
            continue
        env = Env({}, item.scope)
        for attribute in (item.own().get("config_class"), item.own().get("config")):
            expr = _config_expression(attribute)
            if expr is None:
                continue
            with interp.resolver.asked_by(item.scope):
                value = interp.guarded(lambda expr=expr, env=env: interp.ev(expr, env))  # type: ignore[misc]
            if isinstance(value, str):
                value = item.scope.lookup(value)
            if isinstance(value, Class):
                return value
    return None


def _config_expression(attribute: Attribute | None) -> Any:
    """The expression that names the config class: a value, else a lone annotation."""
    if attribute is None:
        return None
    if attribute.kind == "value" and isinstance(attribute.value, list):
        return None if attribute.value == ["const", None] else attribute.value
    return attribute.annotation if attribute.kind == "bare" else None


def mapped_name(interp: Interpreter, cls: Class, name: str) -> str:
    """The attribute that ``config.name`` really means, by the class's ``attribute_map``."""
    table = cls.kept.get("attribute_map")
    if table is None:
        from tie_lint.interpreter.attributes import class_value, lookup

        found = lookup(cls, "attribute_map")
        table = {}
        if found is not None and isinstance(found[1], Attribute) and found[1].kind == "value":
            with interp.resolver.asked_by(cls.scope):
                value = class_value(interp, found[0], "attribute_map", found[1])
            table = value if isinstance(value, dict) else {}
        cls.kept["attribute_map"] = table
    mapped = table.get(name) if table else None
    return mapped if isinstance(mapped, str) else name


def default(interp: Interpreter, cls: Class) -> Value:
    """The config that ``cls()`` gives. Raises ``RaisedError`` where the class cannot be called so."""
    return interp.call(cls, [], {})


def of_json(interp: Interpreter, cls: Class, values: Mapping[str, Any]) -> Value:
    """The config that ``cls.from_pretrained`` makes of a config.json. Raises ``RaisedError``.

    A class of a part of the model takes that part of the file (``configuration_utils.py``).
    """
    from tie_lint.interpreter.attributes import get_attr

    model_type = interp.guarded(lambda: get_attr(interp, cls, "model_type"))
    key = interp.guarded(lambda: get_attr(interp, cls, "base_config_key"))
    if isinstance(model_type, str) and values.get("model_type", model_type) != model_type:
        inner = values.get(key) if isinstance(key, str) else None
        others = (item for item in values.values() if isinstance(item, dict))
        same = (item for item in others if item.get("model_type") == model_type)
        values = inner if isinstance(inner, dict) else next(same, values)
    return interp.call(cls, [], copied(dict(values)))


def initialize(interp: Interpreter, instance: Instance, args: list[Value], kwargs: dict[str, Value]) -> None:
    """Run the ``__init__`` of an object that is no module."""
    owner = _init_owner(instance.cls)
    if owner is None:
        if instance.data is None and (args or kwargs) and not any(True for _ in instance.cls.foreign_bases()):
            instance.attrs.update({key: Unknown(f"{instance.cls.leaf}.{key}") for key in kwargs})
        return
    _run_init(interp, instance, owner, args, kwargs)


def _init_owner(cls: Class, after: Class | None = None) -> Class | None:
    """The first class of the MRO that brings an ``__init__``, written or made by ``dataclass``."""
    mro = cls.mro if after is None else cls.mro[cls.mro.index(after) + 1 :]
    for item in mro:
        if isinstance(item, Class) and (item.facts.has_method("__init__") or is_dataclass(item)):
            return item
    return None


def has_made_init(cls: Class) -> bool:
    """Whether a class's ``__init__`` is one that ``dataclass`` makes."""
    owner = None if cls.is_module else _init_owner(cls)
    return owner is not None and is_dataclass(owner)


def init_parameters(cls: Class) -> list[str] | None:
    """The parameter names of a class's ``__init__``, ``self`` first; None where they are unknown."""
    owner = _init_owner(cls)
    if owner is None:
        return None
    if is_dataclass(owner):
        return ["self", *_fields(owner)]
    facts = owner.method("__init__")
    return None if facts is None else [param[0] for param in facts.params]


def is_dataclass(cls: Class) -> bool:
    """Whether a class without ``__init__`` of its own gets one made from its fields.

    Every config of 5.x does, by ``PreTrainedConfig.__init_subclass__`` (``configuration_utils.py``).
    """
    if cls.facts.has_method("__init__"):
        return False
    if any(_decorator_name(decorator) == "dataclass" for decorator in cls.facts.decorators):
        return True
    return any(
        item.name in CONFIG_BASES and isinstance(item, Class) and is_dataclass(item) for item in cls.mro[1:]
    )


def _decorator_name(expr: Any) -> str | None:
    if expr[0] == "call":
        expr = expr[1]
    return expr[-1] if expr[0] in ("name", "attr") else None


def _run_init(
    interp: Interpreter, instance: Instance, owner: Class, args: list[Value], kwargs: dict[str, Value]
) -> None:
    if is_dataclass(owner):
        _dataclass_init(interp, instance, owner, args, kwargs)
        return
    from tie_lint.interpreter.values import Function

    facts = owner.method("__init__")
    if facts is None:
        raise RaisedError("RuntimeError", f"{owner.leaf}.__init__ was left out")
    interp.call(Function(facts, owner.scope, owner), [instance, *args], kwargs)


def super_init(interp: Interpreter, target: Super) -> Native | None:
    """``super().__init__`` where the next ``__init__`` of the MRO is one made from fields."""
    this = target.this
    if not isinstance(this, Instance):
        return None
    owner = _init_owner(this.cls, target.after)
    if owner is None or not is_dataclass(owner):
        return None
    return Native("__init__", lambda interp, args, kwargs: _dataclass_init(interp, this, owner, args, kwargs))


def _dataclass_init(
    interp: Interpreter, instance: Instance, owner: Class, args: list[Value], kwargs: dict[str, Value]
) -> None:
    """The ``__init__`` that ``dataclass`` makes, extra keywords going to ``__post_init__``.

    For configs that is ``wrap_init_to_accept_kwargs`` of 5.x (``configuration_utils.py``).
    """
    from tie_lint.interpreter.attributes import find_method, set_attr

    given = dict(kwargs)
    names = list(_fields(owner))
    given.update(zip(names, args, strict=False))
    for name, (holder, attribute) in _fields(owner).items():
        if name in given:
            value = given.pop(name)
        elif attribute.kind == "bare":
            raise RaisedError("TypeError", f"Missing required field - '{name}'")
        else:
            value = _field_default(interp, holder, name, attribute)
        set_attr(interp, instance, name, value)
    post_init = find_method(interp, instance, "__post_init__")
    if post_init is not None:
        interp.call(post_init, [], given if owner.is_config else {})
    elif owner.is_config:
        instance.attrs.update(given)


def _fields(cls: Class) -> dict[str, tuple[Class, Attribute]]:
    """The fields of a dataclass by name, with the class whose body gives the default."""
    if "fields" not in cls.kept:
        found: dict[str, tuple[Class, Attribute]] = {}
        for item in reversed(cls.mro):
            if not isinstance(item, Class):
                continue
            for name, attribute in item.own().items():
                if attribute.annotation is not None and not _is_class_variable(attribute.annotation):
                    found[name] = (item, attribute)
                elif name in found and attribute.kind in ("value", "method"):
                    found[name] = (item, attribute)  # a plain assignment changes an inherited field's default
        cls.kept["fields"] = found
    fields: dict[str, tuple[Class, Attribute]] = cls.kept["fields"]
    return fields


def _is_class_variable(annotation: Any) -> bool:
    if annotation[0] == "const":
        return isinstance(annotation[1], str) and annotation[1].startswith("ClassVar")
    base = annotation[1] if annotation[0] == "index" else annotation
    return base[-1] in ("ClassVar", "InitVar")


def _field_default(interp: Interpreter, holder: Class, name: str, attribute: Attribute) -> Value:
    from tie_lint.interpreter.attributes import class_value

    if attribute.kind != "value":
        return Unknown(f"the default of {holder.leaf}.{name}")
    value = class_value(interp, holder, name, attribute)
    if isinstance(value, Marker) and value.name == "field":
        options = value.detail
        if "default" in options:
            return options["default"]
        if "default_factory" in options:
            return interp.call(options["default_factory"], [], {})
        raise RaisedError("TypeError", f"Missing required field - '{name}'")
    return value


def sub_config_specs(interp: Interpreter, value: Value) -> Value:
    """``sub_configs_defaults`` with bare config classes made into specs.

    5.x, ``PreTrainedConfig.__init_subclass__`` (``configuration_utils.py``).
    """
    spec = interp.resolver.library_value("transformers.configuration_utils", "SubConfigSpec")
    if not isinstance(value, dict) or not isinstance(spec, Class):
        return value
    return {
        key: interp.call(spec, [], {"config_class": item}) if isinstance(item, Class) else item
        for key, item in value.items()
    }


def class_held_by(module: Module) -> Class | None:
    """The class of the config that a built model holds; None where it holds none that is known."""
    config = module.attrs.get("config")
    return config.cls if isinstance(config, Instance) else None


def sub_configs(config: Instance) -> list[Instance]:
    """The configs that a config holds, itself first, each once."""
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
    from tie_lint.interpreter.attributes import set_attr

    for item in sub_configs(config):
        set_attr(interp, item, "tie_word_embeddings", tied)


def can_be_asked(interp: Interpreter, cls: Class) -> bool:
    """Whether a config of a class may be made that says to tie, itself or through a config that it holds.

    It may not where it stays at ``tie_word_embeddings=False`` whatever it is given, or raises.
    """
    parts = _parts(interp, cls).items()
    return _asks(interp, cls) or any(_asks(interp, cls, name, part) for name, part in parts)


def _asks(interp: Interpreter, cls: Class, name: str = "", part: Class | None = None) -> bool:
    """Whether a config says to tie where it is asked itself or given a part that is."""
    from tie_lint.interpreter.attributes import get_attr

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


def copied(value: Value, memo: dict[int, Value] | None = None) -> Value:
    """``copy.deepcopy`` of plain values and configs."""
    memo = {} if memo is None else memo
    if id(value) in memo:
        return memo[id(value)]
    if isinstance(value, Instance):
        twin = Instance(value.cls)
        memo[id(value)] = twin
        twin.attrs = {name: copied(item, memo) for name, item in value.attrs.items()}
        twin.data, twin.given_module = copied(value.data, memo), value.given_module
        return twin
    if isinstance(value, list):
        return [copied(item, memo) for item in value]
    if isinstance(value, tuple):
        return tuple(copied(item, memo) for item in value)
    if isinstance(value, dict):
        return {key: copied(item, memo) for key, item in value.items()}
    return value


def to_dict(interp: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    """``config.to_dict()``: the attributes, configs inside turned into dicts as well."""
    config = args[0]
    if not isinstance(config, Instance):
        return Unknown("to_dict of an unknown")
    from tie_lint.interpreter.attributes import get_attr

    interp.trace.flag_read = True
    result = {
        name: to_dict(interp, [value], {})
        if isinstance(value, Instance) and value.cls.is_config
        else copied(value)
        for name, value in config.attrs.items()
    }
    with contextlib.suppress(RaisedError):
        result["model_type"] = get_attr(interp, config, "model_type")
    return result


def from_dict(interp: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    """``Config.from_dict(values, **more)``."""
    cls, values = args[0], args[1] if len(args) > 1 else kwargs.pop("config_dict", None)
    if isinstance(cls, Class) and isinstance(values, dict):
        return interp.call(cls, [], {**copied(values), **kwargs})
    return Unknown("a config from unknown values")


def _get(interp: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    from tie_lint.interpreter.attributes import plain_attr

    return plain_attr(interp, args[0], args[1])


def _set(interp: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> None:
    from tie_lint.interpreter.attributes import set_plain_attr

    set_plain_attr(interp, args[0], args[1], args[2])


NATIVE_METHODS = {
    "__getattribute__": Native("__getattribute__", _get),
    "__setattr__": Native("__setattr__", _set),
    "to_dict": Native("to_dict", to_dict),
    "to_diff_dict": Native("to_diff_dict", to_dict),
    "from_dict": Native("from_dict", from_dict),
    "from_pretrained": Native("from_pretrained", lambda interp, args, kwargs: Unknown("a downloaded config")),
}
