"""The library's auto classes: from a config, or a model type, to the class that goes with it."""

from __future__ import annotations

from tie_lint.interpreter.attributes import get_attr
from tie_lint.interpreter.base_values import UNBOUND, RaisedError, Unknown, Value
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.register import CONSTRUCTORS, method
from tie_lint.interpreter.values import Instance
from tie_lint.intrinsics.transformers.configs import config_class
from tie_lint.intrinsics.transformers.context import Interpreter
from tie_lint.intrinsics.transformers.pretrained import downloaded

FACTORY = "transformers.models.auto.auto_factory."
CONFIGURATION = "transformers.models.auto.configuration_auto"


@method(f"{FACTORY}_BaseAutoModelClass", "from_config", "_from_config", kind="class")
def from_config(interp: Interpreter, auto: Value, config: Value = None, **kwargs: Value) -> Value:
    """``AutoModel….from_config(config)``: the class that the auto class's mapping gives for the config."""
    if not isinstance(auto, Class) or not isinstance(config, Instance):
        return Unknown("a model for an unknown config", module=True)
    cls = model_class(interp, auto, config)
    if not isinstance(cls, Class):
        return Unknown(f"the {auto.leaf} of {config.cls.leaf}", module=True)
    kwargs = {
        key: value for key, value in kwargs.items() if key not in ("trust_remote_code", "code_revision")
    }
    if interp.contract.ties_by == "keys":
        config = _text_part(interp, cls, config)
    return interp.call_method(cls, "_from_config", config, **kwargs)


def _text_part(interp: Interpreter, cls: Class, config: Instance) -> Value:
    """5.x hands the text config to a text model that a composite config maps to (``auto_factory.py``)."""
    parts = get_attr(interp, config, "sub_configs")
    text = parts.get("text_config") if isinstance(parts, dict) else None
    if text is not None and config_class(interp, cls) is text:
        return interp.call_method(config, "get_text_config")
    return config


def model_class(interp: Interpreter, auto: Class, config: Instance) -> Value:
    """Return the model class of a config by an auto class's ``_model_mapping``."""
    mapping = get_attr(interp, auto, "_model_mapping")
    if not isinstance(mapping, Instance):
        return Unknown(f"the mapping of {auto.leaf}")
    return mapped_class(interp, mapping, config.cls)


def auto_model(interp: Interpreter, config: Class) -> Class | None:
    """Return the class that ``AutoModel`` makes of a config class; None where it knows none."""
    mapping = interp.resolver.library_value("transformers.models.auto.modeling_auto", "MODEL_MAPPING")
    if not isinstance(mapping, Instance):
        return None
    try:
        found = mapped_class(interp, mapping, config)
    except RaisedError:
        return None
    return found if isinstance(found, Class) else None


def mapped_class(interp: Interpreter, mapping: Instance, config_cls: Class) -> Value:
    """``_LazyAutoMapping[config class]``. Raises KeyError as the library does."""
    types, models = mapping.attrs.get("_config_mapping"), mapping.attrs.get("_model_mapping")
    if not isinstance(types, dict) or not isinstance(models, dict):
        return Unknown("an auto mapping")
    named = [key for key, name in types.items() if name == config_cls.leaf]
    for model_type in [*named[-1:], *named]:
        if model_type in models:
            name = models[model_type]
            name = name[0] if isinstance(name, (tuple, list)) else name
            return _class_named(interp, model_type, name)
    if config_cls.scope.path is not None:
        return Unknown(f"the model registered for {config_cls.leaf}", module=True)
    raise RaisedError("ValueError", f"Unrecognized configuration class {config_cls.leaf}")


def module_name(interp: Interpreter, model_type: str) -> str:
    """Return the package of a model type (``configuration_auto.model_type_to_module_name``)."""
    special = interp.resolver.library_value(CONFIGURATION, "SPECIAL_MODEL_TYPE_TO_MODULE_NAME")
    if isinstance(special, dict) and model_type in special:
        name = special[model_type]
    else:
        name = model_type.replace("-", "_")
    deprecated = interp.resolver.library_value(CONFIGURATION, "DEPRECATED_MODELS")
    return f"deprecated.{name}" if isinstance(deprecated, list) and name in deprecated else name


def config_of_type(interp: Interpreter, model_type: Value) -> Value:
    """``CONFIG_MAPPING[model_type]``. Raises KeyError as the library does."""
    names = interp.resolver.library_value(CONFIGURATION, "CONFIG_MAPPING_NAMES")
    if not isinstance(names, dict) or not isinstance(model_type, str):
        return Unknown("the config of an unknown model type")
    if model_type not in names:
        raise RaisedError("KeyError", model_type)
    return _class_named(interp, model_type, names[model_type])


def _class_named(interp: Interpreter, model_type: str, name: Value) -> Value:
    """The class of a mapping: in the model type's package, else anywhere in the library.

    ``getattribute_from_module`` in ``auto_factory.py``.
    """
    found = interp.resolver.exported_from(f"transformers.models.{module_name(interp, model_type)}", name)
    if found is UNBOUND:
        found = interp.resolver.exported_from("transformers", name)
    return Unknown(f"the class {name} of an auto mapping") if found is UNBOUND else found


def new_mapping(interp: Interpreter, cls: Class, *tables: Value) -> Value:
    """Return a ``_LazyAutoMapping`` or ``_LazyConfigMapping``, kept as its tables of names."""
    instance = Instance(cls)
    for name, value in zip(("_config_mapping", "_model_mapping"), tables, strict=False):
        instance.attrs[name] = value
    return instance


@method(f"{FACTORY}_LazyAutoMapping", "__getitem__")
def _mapping_item(interp: Interpreter, mapping: Instance, key: Value) -> Value:
    if isinstance(key, Class):
        return mapped_class(interp, mapping, key)
    return Unknown("an item of an auto mapping")


@method(f"{FACTORY}_LazyAutoMapping", "__contains__")
def _mapping_contains(interp: Interpreter, mapping: Instance, key: Value) -> Value:
    try:
        found = _mapping_item(interp, mapping, key)
    except RaisedError:
        return False
    return Unknown(found.why) if isinstance(found, Unknown) else True


@method(f"{CONFIGURATION}._LazyConfigMapping", "__getitem__")
def _config_item(interp: Interpreter, mapping: Instance, key: Value) -> Value:
    return config_of_type(interp, key)


@method(f"{CONFIGURATION}._LazyConfigMapping", "__contains__")
def _config_contains(interp: Interpreter, mapping: Instance, key: Value) -> Value:
    names = interp.resolver.library_value(CONFIGURATION, "CONFIG_MAPPING_NAMES")
    return key in names if isinstance(names, dict) and isinstance(key, str) else Unknown("a model type")


@method(f"{CONFIGURATION}.AutoConfig", "for_model", kind="class")
def _for_model(
    interp: Interpreter, auto: Class, model_type: Value = None, *args: Value, **kwargs: Value
) -> Value:
    return interp.call(config_of_type(interp, model_type), list(args), kwargs)


@method(f"{CONFIGURATION}._LazyConfigMapping", "keys")
def _config_keys(interp: Interpreter, mapping: Instance) -> Value:
    names = interp.resolver.library_value(CONFIGURATION, "CONFIG_MAPPING_NAMES")
    return list(names) if isinstance(names, dict) else Unknown("the model types")


@method(f"{CONFIGURATION}.AutoConfig", "from_pretrained", kind="class")
def _downloaded_config(interp: Interpreter, *args: Value, **kwargs: Value) -> Value:
    return Unknown("a downloaded config", module=True)


method(f"{FACTORY}_BaseAutoModelClass", "from_pretrained", kind="class")(downloaded)


CONSTRUCTORS.update(
    {f"{FACTORY}_LazyAutoMapping": new_mapping, f"{CONFIGURATION}._LazyConfigMapping": new_mapping}
)
