"""How objects other than modules get their attributes: an ``__init__``, written or made by ``dataclass``."""

from __future__ import annotations

from collections.abc import Sequence

from tie_lint.interpreter.base_values import Field, Native, RaisedError, Unknown, Value
from tie_lint.interpreter.caches import Cache
from tie_lint.interpreter.classes import Attribute, Class, inherited
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.roots import ROOTS
from tie_lint.interpreter.values import Function, Instance, Super
from tie_lint.python.nodes import Call, Const, Expr, Index
from tie_lint.python.walk import last_name


def initialize(interp: Interpreter, instance: Instance, args: list[Value], kwargs: dict[str, Value]) -> None:
    """Run the ``__init__`` of an object that is no module."""
    owner = _init_owner(instance.cls)
    if owner is None:
        if instance.data is None:
            names = [*kwargs, *(name for value in args for name in _names_in(value))]
            instance.attrs.update({name: Unknown(f"{instance.cls.leaf}.{name}") for name in names})
        return
    _run_init(interp, instance, owner, args, kwargs)


def _names_in(value: Value) -> list[str]:
    """What an argument of an ``__init__`` that is not read may be there to set: its own items."""
    items = value.attrs if isinstance(value, Instance) else value
    return [name for name in items if isinstance(name, str)] if isinstance(items, dict) else []


def _init_owner(cls: Class, after: Class | None = None) -> Class | None:
    """The first class of the MRO that brings an ``__init__``, written or made by ``dataclass``."""
    if after is None:
        return inherited(_INIT_OWNER, cls, _with_init)
    rest = cls.mro[cls.mro.index(after) + 1 :]
    return next((item for item in rest if isinstance(item, Class) and _with_init(item)), None)


_INIT_OWNER: Cache[Class | None] = Cache()
_MADE_BY_BASE: Cache[Class | None] = Cache()


def _with_init(cls: Class) -> Class | None:
    return cls if cls.facts.has_method("__init__") or is_dataclass(cls) else None


def has_made_init(cls: Class) -> bool:
    """Return whether a class's ``__init__`` is one that ``dataclass`` makes."""
    owner = None if cls.is_module else _init_owner(cls)
    return owner is not None and is_dataclass(owner)


def init_parameters(cls: Class) -> list[str] | None:
    """Return the parameter names of a class's ``__init__``, ``self`` first; None where they are unknown."""
    owner = _init_owner(cls)
    if owner is None:
        return None
    if is_dataclass(owner):
        return ["self", *_fields(owner)]
    facts = owner.method("__init__")
    return None if facts is None else [param.name for param in facts.params]


def required_parameters(cls: Class) -> list[str]:
    """Return the parameters of a class's ``__init__`` that have to be given, without ``self``."""
    owner = _init_owner(cls)
    if owner is None:
        return []
    if is_dataclass(owner):
        return [name for name, (_, attribute) in _fields(owner).items() if attribute.kind == "bare"]
    facts = owner.method("__init__")
    params = [] if facts is None else facts.params[1:]
    return [param.name for param in params if param.default is None and param.kind in ("pos", "kw")]


def is_dataclass(cls: Class) -> bool:
    """Return whether a class without ``__init__`` of its own gets one made from its fields.

    Every config does whose base config is a dataclass itself: its ``__init_subclass__`` makes it one.
    """
    if cls.facts.has_method("__init__"):
        return False
    return _is_decorated(cls) or inherited(_MADE_BY_BASE, cls, _makes_dataclasses) is not None


def _is_decorated(cls: Class) -> bool:
    return any(_decorator_name(decorator) == "dataclass" for decorator in cls.facts.decorators)


def _makes_dataclasses(cls: Class) -> Class | None:
    root = ROOTS.get(cls.name)
    is_config = root is not None and root.kind == "config"
    return cls if is_config and not cls.facts.has_method("__init__") and _is_decorated(cls) else None


def _decorator_name(expr: Expr) -> str | None:
    return last_name(expr.function if isinstance(expr, Call) else expr)


def _run_init(
    interp: Interpreter, instance: Instance, owner: Class, args: list[Value], kwargs: dict[str, Value]
) -> None:
    if is_dataclass(owner):
        _dataclass_init(interp, instance, owner, args, kwargs)
        return
    facts = owner.method("__init__")
    if facts is None:
        raise RaisedError("RuntimeError", f"{owner.leaf}.__init__ was left out")
    interp.call(Function(facts, owner.scope, owner, owner.closure), [instance, *args], kwargs)


def super_init(interp: Interpreter, target: Super) -> Native | None:
    """``super().__init__`` where the next ``__init__`` of the MRO is one made from fields."""
    this = target.this
    if not isinstance(this, Instance):
        return None
    owner = _init_owner(this.cls, target.after)
    if owner is None or not is_dataclass(owner):
        return None

    def init(interp: Interpreter, *args: Value, **kwargs: Value) -> None:
        _dataclass_init(interp, this, owner, args, kwargs)

    return Native("__init__", init)


def _dataclass_init(
    interp: Interpreter, instance: Instance, owner: Class, args: Sequence[Value], kwargs: dict[str, Value]
) -> None:
    """The ``__init__`` that ``dataclass`` makes, extra keywords going to ``__post_init__``.

    Those of configs are wrapped so that they do.
    """
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
        interp.set_attr(instance, name, value)
    post_init = interp.find_method(instance, "__post_init__")
    if post_init is not None:
        interp.call(post_init, [], given if owner.is_config else {})
    elif owner.is_config:
        instance.attrs.update(given)


def _fields(cls: Class) -> dict[str, tuple[Class, Attribute]]:
    """The fields of a dataclass by name, with the class whose body gives the default."""
    return _FIELDS.of(cls, lambda: _find_fields(cls))


_FIELDS: Cache[dict[str, tuple[Class, Attribute]]] = Cache()


def _find_fields(cls: Class) -> dict[str, tuple[Class, Attribute]]:
    found: dict[str, tuple[Class, Attribute]] = {}
    for item in reversed(cls.mro):
        if not isinstance(item, Class):
            continue
        for name, attribute in item.own().items():
            if attribute.annotation is not None and not _is_class_variable(attribute.annotation):
                found[name] = (item, attribute)
            elif name in found and attribute.kind in ("value", "method"):
                found[name] = (item, attribute)  # a plain assignment changes an inherited field's default
    return found


def _is_class_variable(annotation: Expr) -> bool:
    if isinstance(annotation, Const):
        return isinstance(annotation.value, str) and annotation.value.startswith("ClassVar")
    base = annotation.base if isinstance(annotation, Index) else annotation
    return last_name(base) in ("ClassVar", "InitVar")


def _field_default(interp: Interpreter, holder: Class, name: str, attribute: Attribute) -> Value:
    if attribute.kind != "value":
        return Unknown(f"the default of {holder.leaf}.{name}")
    value = interp.class_value(holder, name, attribute)
    if isinstance(value, Field):
        options = value.options
        if "default" in options:
            return options["default"]
        if "default_factory" in options:
            return interp.call(options["default_factory"], [], {})
        raise RaisedError("TypeError", f"Missing required field - '{name}'")
    return value
