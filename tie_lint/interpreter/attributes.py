"""Attributes of objects, read as Python reads them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tie_lint.interpreter.aliases import doubt_method
from tie_lint.interpreter.base_values import (
    External,
    Inert,
    MadeInit,
    Native,
    Property,
    RaisedError,
    Sentinel,
    Unknown,
    Value,
)
from tie_lint.interpreter.builtin_types import builtin_attribute
from tie_lint.interpreter.classes import Attribute, Class, has_metaclass, may_register
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.decorators import binding_kind, decorated
from tie_lint.interpreter.definitions import define_class
from tie_lint.interpreter.enumerations import is_enumeration, member_of
from tie_lint.interpreter.inheritance import lookup
from tie_lint.interpreter.initialization import has_made_init, init_parameters, super_init
from tie_lint.interpreter.object_attributes import attribute_of_python, namespace_attribute
from tie_lint.interpreter.origins import of_attribute
from tie_lint.interpreter.partial_strings import partial_method
from tie_lint.interpreter.reads import attributes, noted, tell
from tie_lint.interpreter.register import (
    CLASS_ATTRIBUTES,
    HANDLERS,
    HARMLESS_METHODS,
    WELL_KNOWN,
    external_attribute,
    method_of,
)
from tie_lint.interpreter.roots import bases_of
from tie_lint.interpreter.spot import Standing
from tie_lint.interpreter.unnamed_attributes import hiding, take_unnamed
from tie_lint.interpreter.values import (
    Bound,
    Env,
    Function,
    Instance,
    Lambda,
    Module,
    Param,
    PlainNamespace,
    Super,
    Tensor,
    Unbound,
    unnamed_as,
)
from tie_lint.python.nodes import Const
from tie_lint.python.walk import names

# -- attributes ---------------------------------------------------------------------------------------


def get_attr(interp: Interpreter, target: Value, name: str) -> Value:
    """``target.name``. Raises ``RaisedError("AttributeError")`` where it certainly does not exist."""
    reader = READERS.get(type(target))
    if reader is not None:
        return reader(interp, target, name)
    handler = HANDLERS.get(type(target))
    if handler is not None:
        return handler.attribute(interp, target, name)
    if isinstance(target, Inert):
        return Unknown(f"{type(target).__name__}.{name}")
    return builtin_attribute(interp, target, name)


def attribute_of(interp: Interpreter, target: Value, name: str, default: Value = None) -> Value:
    """``getattr(target, name, default)``."""
    try:
        return get_attr(interp, target, name)
    except RaisedError as error:
        if error.kind == "AttributeError":
            return default
        raise


def _unknown_attr(interp: Interpreter, target: Unknown, name: str) -> Value:
    method = partial_method(target, name)
    if method is not None:
        return method
    why = target.why.saying(f"{target.why.text}.{name}")
    doubt_method(interp, target, name)
    return Unknown(why, module=target.module, origin=target.origin, aliases=target.aliases)


def _handled_attr(interp: Interpreter, target: Value, name: str) -> Value:
    return HANDLERS[type(target)].attribute(interp, target, name)


def _function_attr(interp: Interpreter, target: Value, name: str) -> Value:
    return Unknown(f"a function's {name}", module=not name.startswith("__"))  # which code may have set


def _module_attr(interp: Interpreter, module: Module, name: str) -> Value:
    attrs = module.attrs
    if module.hidden:
        take_unnamed(interp, module, module.hidden)
    if name in attrs and not _is_shadowed(interp, module, name, attrs[name]):
        return attrs[name]
    if name in module.hidden:
        return module.hidden[name]
    if name == "__class__":
        return module.cls
    if name == "__dict__" or name in ("_modules", "_parameters", "_buffers"):
        return HANDLERS[Module].attribute(interp, module, name)
    found = _from_class(interp, module, name)
    if found is not _MISSING:
        return hiding(module, name) or found if module.unnamed else found
    if name in ("__setattr__", "__delattr__"):
        return object_method(name, module)
    hidden = module.hidden_as(name)
    if hidden is not None:
        return hidden
    return attribute_of_python(module, name)


def _is_shadowed(interp: Interpreter, module: Module, name: str, value: Value) -> bool:
    """Whether the class hides what a module registered: ``nn.Module.__getattr__`` only comes last."""
    if not isinstance(module.cls, Class) or not isinstance(value, (Module, Param)):
        return False
    found = lookup(module.cls, name)
    return found is not None and isinstance(found[1], Attribute) and found[1].kind in ("value", "method")


def _instance_attr(interp: Interpreter, instance: Instance, name: str) -> Value:
    if name in interp.watched:
        tell(interp, name)
    hook = lookup(instance.cls, "__getattribute__")
    if hook is not None and isinstance(hook[1], Attribute):
        return interp.call(bind(interp, instance, *hook, "__getattribute__"), [name], {})
    return plain_attr(interp, instance, name)


def plain_attr(interp: Interpreter, instance: Instance, name: str) -> Value:
    """``instance.name`` past an overriding ``__getattribute__``: what ``super().__getattribute__`` reads."""
    for root in instance.cls.roots:
        name = root.rename(interp, instance.cls, name) if root.rename is not None else name
    if name in interp.watched:
        tell(interp, name)
    if instance.shown:
        take_unnamed(interp, instance, instance.attrs)
    if name in instance.attrs:
        return instance.attrs[name]
    if name == "__class__":
        return instance.cls
    if name == "__dict__":
        return attributes(instance)
    found = _from_class(interp, instance, name)
    if found is not _MISSING:
        return hiding(instance, name) or found if instance.unnamed else found
    if name == "data" and "collections.UserDict" in instance.cls.names:
        return instance.data
    hidden = unnamed_as(instance.unnamed, name)
    if hidden is not None:
        return hidden
    if instance.data is not None and (not name.startswith("_") or hasattr(instance.data, name)):
        return builtin_attribute(interp, instance.data, name)
    return attribute_of_python(instance, name)


_MISSING = Sentinel("missing")


def _from_class(interp: Interpreter, this: Module | Instance, name: str) -> Value:
    """An attribute that the class gives to its instance; ``_MISSING`` where it certainly gives none."""
    cls = this.cls
    if isinstance(cls, External):
        for owner in (cls.name, *bases_of(cls.name)):
            native = method_of(owner, name)
            if native is not None:
                return bind(interp, this, cls, native, name)
        return _MISSING
    found = lookup(cls, name)
    if found is not None:
        return bind(interp, this, *found, name)
    hook = lookup(cls, "__getattr__")
    if hook is not None and isinstance(hook[1], Attribute):
        try:
            return interp.call(bind(interp, this, *hook, "__getattr__"), [name], {})
        except RaisedError as error:
            if error.kind != "AttributeError":
                raise
    foreign = next(cls.foreign_bases(), None)
    if foreign is not None:
        origin = of_attribute(this) if isinstance(this, Instance) else None
        return Unknown(f"{foreign} may define {name}", module=True, may_be_absent=True, origin=origin)
    return _MISSING


def bind(interp: Interpreter, this: Value, owner: Any, found: Native | Attribute, name: str) -> Value:
    """Return what reading an attribute of the class through an instance (or the class itself) gives."""
    if isinstance(found, Native):
        if isinstance(this, Class) and found.kind != "class":  # `Base.__init__(self, config)`
            return found if found.kind == "instance" else Unknown(f"{this.leaf}.{name}")
        return interp.call(found, [this], {}) if found.kind == "property" else Bound(found, this)
    if found.kind == "value":
        value = class_value(interp, owner, name, found)
        if isinstance(value, Instance) and value.cls.find("__get__") is not None:
            return Unknown(f"what {owner.leaf}.{name} gives", module=True)
        if isinstance(value, Unbound) and not isinstance(this, Class):
            return Bound(value.function, this)
        is_method = isinstance(value, (Function, Lambda)) and not isinstance(this, Class)
        return Bound(value, this) if is_method else value
    if found.kind == "class":
        return nested_class(interp, owner, name, found)
    if found.kind == "given":
        if isinstance(found.value, Function) and not isinstance(this, Class):
            return Bound(found.value, this)
        return noted(interp, owner, name, found.value)
    if found.kind == "unknown":
        return Unknown(f"{owner.leaf}.{name}", module=True)
    facts = owner.method(name)
    if facts is None and owner.scope.path is None and name in HARMLESS_METHODS:
        return Native(name, lambda interp, *args, **kwargs: None)
    if facts is None:
        return Unknown(f"{owner.leaf}.{name} was left out")
    function: Value = Function(facts, owner.scope, owner, owner.closure)
    kinds = {binding_kind(decorator) for decorator in facts.decorators}
    if None in kinds:
        function = decorated(interp, function)
    if "staticmethod" in kinds:
        return function
    if "classmethod" in kinds:
        return Bound(function, this if isinstance(this, Class) else this.cls)
    if "classproperty" in kinds:
        return interp.call(function, [this if isinstance(this, Class) else this.cls], {})
    if isinstance(this, Class):
        return Property(function) if kinds & _PROPERTIES else function
    if not kinds & _PROPERTIES:
        return Bound(function, this)
    value = interp.call(function, [this], {})
    if "cached_property" in kinds:
        interp.remembered += 1
        _remember(this, name, value)
    return value


def _remember(this: Module | Instance, name: str, value: Value) -> None:
    """Have a property give what it gave: it stands in the object's ``__dict__`` from now on."""
    if isinstance(this, Module):
        this.hidden[name] = value
    elif isinstance(this, Instance):
        this.put(name, value)


_PROPERTIES = frozenset({"property", "cached_property"})


def class_value(interp: Interpreter, owner: Class, name: str, found: Attribute) -> Value:
    """Return the value of a class-level assignment. Mutable values live as long as the run."""
    key = (owner, name)
    if key in interp.class_values:
        return noted(interp, owner, name, interp.class_values[key])
    expr: Any = found.value
    if isinstance(expr, Const):
        return member_of(owner, name, expr.value) if is_enumeration(owner) else expr.value
    env = Env({}, owner.scope, owner.closure)
    # Stands for the value while that is worked out, so that a value which needs itself ends.
    interp.class_values[key] = Unknown(f"{owner.leaf}.{name} depends on itself")
    for used in set(names(expr)):
        other = owner.own().get(used)
        if other is None or used == name:
            continue
        if other.kind == "value":
            env.names[used] = class_value(interp, owner, used, other)
        elif other.kind == "method" and (facts := owner.method(used)) is not None and not facts.decorators:
            env.names[used] = Function(facts, owner.scope, owner, owner.closure)
    with Standing(found.at or [], Env({}, owner.scope, owner=owner)):
        value = interp.guarded(lambda: interp.ev(expr, env))
    if isinstance(value, Property):
        value = Unknown(f"{owner.leaf}.{name} is a property")
    for root in owner.roots:
        value = root.class_value(interp, name, value) if root.class_value is not None else value
    value = member_of(owner, name, value) if is_enumeration(owner) else value
    interp.class_values[key] = value
    if type(value) is dict and not value and may_register(owner):
        owner.scope.filled(value)
    return noted(interp, owner, name, value)


def nested_class(interp: Interpreter, owner: Class, name: str, found: Attribute) -> Value:
    """Return a class that stands in the body of another."""
    key = ("nested class", name)
    if key not in owner.kept:
        owner.kept[key] = define_class(interp, found.value, Env({}, owner.scope, owner.closure), owner.leaf)
    return owner.kept[key]


def _class_attr(interp: Interpreter, cls: Class, name: str) -> Value:
    if name in ("__name__", "__qualname__"):
        return cls.leaf
    if name == "__module__":
        return cls.scope.dotted
    if name == "__mro__":
        return tuple(cls.mro)
    if name in CLASS_ATTRIBUTES:
        return CLASS_ATTRIBUTES[name](interp, cls)
    if name == "__init__" and has_made_init(cls):
        return MadeInit(init_parameters(cls), cls)
    found = lookup(cls, name)
    if found is not None:
        return bind(interp, cls, *found, name)
    foreign = "object" if name.startswith("__") else next(cls.foreign_bases(), None)
    unread = any(isinstance(item, External) and item.name not in WELL_KNOWN for item in cls.mro)
    if foreign is not None or unread or has_metaclass(cls):
        return Unknown(f"{cls.leaf}.{name}", may_be_absent=True)
    raise RaisedError("AttributeError", f"type object {cls.leaf!r} has no attribute {name!r}")


def _super_attr(interp: Interpreter, target: Super, name: str) -> Value:
    this = target.this
    cls = this if isinstance(this, Class) else getattr(this, "cls", None)
    if not isinstance(cls, Class):
        return Unknown("super() of an unknown")
    if name == "__init__":
        made = super_init(interp, target)
        if made is not None:
            return made
    found = lookup(cls, name, target.after)
    if found is not None:
        return bind(interp, this, *found, name)
    if isinstance(this, Instance) and this.data is not None and name != "__init__":
        return builtin_attribute(interp, this.data, name)
    foreign = next(target.after.foreign_bases(), None)
    if foreign is not None:
        return Unknown(f"{foreign} may define {name}", module=True, may_be_absent=True)
    if name.startswith("__") and (isinstance(this, Module) or hasattr(object, name)):
        return object_method(name, this)
    raise RaisedError("AttributeError", f"'super' object has no attribute {name!r}")


def object_method(name: str, this: Value) -> Native:
    """Return a method of ``object`` that ``super()`` reaches: it takes attributes as they are."""

    def get(interp: Interpreter, name: str) -> Value:
        if isinstance(this, (Instance, Module)) and name in this.attrs:
            return this.attrs[name]
        return plain_attr(interp, this, name) if isinstance(this, Instance) else get_attr(interp, this, name)

    def set_(interp: Interpreter, name: str, value: Value) -> None:
        if isinstance(this, Instance):
            this.put(name, value)
        elif isinstance(this, Module):
            this.attrs[name] = value

    def delete(interp: Interpreter, name: str) -> None:
        if isinstance(this, (Instance, Module)):
            if name not in this.attrs:
                raise RaisedError("AttributeError", str(name))
            del this.attrs[name]

    def missing(interp: Interpreter, name: str) -> Value:
        if isinstance(this, (Instance, Module)) and name in this.attrs:
            return this.attrs[name]
        raise RaisedError("AttributeError", str(name))

    def nothing(interp: Interpreter, *args: Value, **kwargs: Value) -> None:
        return None

    hooks: dict[str, Callable[..., Value]]
    hooks = {"__getattribute__": get, "__getattr__": missing, "__setattr__": set_, "__delattr__": delete}
    return Native(name, hooks.get(name, nothing))


def find_method(interp: Interpreter, target: Module | Instance, name: str) -> Value | None:
    """Return a method of an object's class, bound; None where the class has none."""
    found = _from_class(interp, target, name)
    return None if found is _MISSING else found


READERS: dict[type, Callable[[Interpreter, Any, str], Value]] = {
    Module: _module_attr,
    Instance: _instance_attr,
    Class: _class_attr,
    Super: _super_attr,
    External: lambda interp, target, name: external_attribute(target.name, name),
    Unknown: _unknown_attr,
    **dict.fromkeys((Param, Tensor), _handled_attr),
    **dict.fromkeys((Function, Bound, Lambda, Native), _function_attr),
    PlainNamespace: lambda interp, target, name: namespace_attribute(target, name),
}
"""How an attribute of each kind of value is read."""
