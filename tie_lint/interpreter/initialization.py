"""How objects other than modules get their attributes: an ``__init__``, written or made by ``dataclass``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from tie_lint.interpreter.base_values import (
    UNBOUND,
    External,
    Field,
    Native,
    RaisedError,
    Spread,
    Unknown,
    Value,
)
from tie_lint.interpreter.caches import Cache
from tie_lint.interpreter.classes import Attribute, Class, inherited
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.roots import ROOTS
from tie_lint.interpreter.unnamed_attributes import put_unnamed
from tie_lint.interpreter.values import Function, Instance, Super
from tie_lint.python.nodes import Call, Const, Expr, Index
from tie_lint.python.walk import last_name


def initialize(interp: Interpreter, instance: Instance, args: list[Value], kwargs: dict[str, Value]) -> None:
    """Run the ``__init__`` of an object that is no module."""
    owner = _init_owner(instance.cls)
    if owner is None:
        if instance.data is None:
            names = [*kwargs, *(name for value in args for name in _names_in(value))]
            if Spread.KEYWORDS in names:
                names.remove(Spread.KEYWORDS)
                put_unnamed(interp, instance, kwargs[Spread.KEYWORDS], kwargs[Spread.KEYWORDS])
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
        return ["self", *(field.name for field in _parameters(owner))]
    facts = owner.method("__init__")
    return None if facts is None else [param.name for param in facts.params]


def required_parameters(cls: Class) -> list[str]:
    """Return the parameters of a class's ``__init__`` that have to be given, without ``self``."""
    return _named_parameters(cls, required=True)


def optional_parameters(cls: Class) -> list[str]:
    """Return the parameters of a class's ``__init__`` that have a name and a default."""
    return _named_parameters(cls, required=False)


def _named_parameters(cls: Class, required: bool) -> list[str]:
    owner = _init_owner(cls)
    if owner is None:
        return []
    if is_dataclass(owner):
        return [field.name for field in _parameters(owner) if (field.attribute.kind == "bare") is required]
    facts = owner.method("__init__")
    params = [param for param in facts.params[1:] if param.kind in ("pos", "kw")] if facts else []
    return [param.name for param in params if (param.default is None) is required]


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
        made_init(interp, instance, owner, args, kwargs)
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
        made_init(interp, this, owner, args, kwargs)

    return Native("__init__", init)


def made_init(
    interp: Interpreter, instance: Instance, owner: Class, args: Sequence[Value], kwargs: dict[str, Value]
) -> None:
    """Run the ``__init__`` that ``dataclass`` makes. Extra keywords of a config go to ``__post_init__``.

    Those of configs are wrapped so that they do.
    """
    given, parameters = dict(kwargs), dict.fromkeys(field.name for field in _parameters(owner))
    given.update(zip(parameters, args, strict=False))
    later = []
    for field in _fields(owner):
        if field.name in given and field.name in parameters:
            value = given.pop(field.name)
        elif Spread.KEYWORDS in given and field.name in parameters:
            module = given[Spread.KEYWORDS].module or not owner.is_config
            value = Unknown(f"the argument {field.name} of {owner.leaf}", module=module)
        elif field.attribute.kind == "bare":
            raise RaisedError("TypeError", f"Missing required field - '{field.name}'")
        else:
            value = _field_default(interp, field)
        if field.is_argument:
            later.append(value)
        elif value is not UNBOUND:
            _put(interp, instance, field.name, value)
    post_init = interp.find_method(instance, "__post_init__")
    if post_init is not None:
        interp.call(post_init, later, given if owner.is_config else {})
    elif owner.is_config:
        instance.attrs.update(given)


def _put(interp: Interpreter, instance: Instance, name: str, value: Value) -> None:
    if is_frozen(instance.cls):
        instance.put(name, value)
    else:
        interp.set_attr(instance, name, value)


def is_frozen(cls: Class) -> bool:
    """Return whether the attributes of a class's objects cannot be set, by what ``dataclass`` was told."""
    return _FROZEN.of(cls, lambda: any(_option(item, "frozen", False) for item in cls.mro))


_FROZEN: Cache[bool] = Cache()


def field_names(cls: Class) -> list[str] | None:
    """Return the names of the fields of a dataclass; None for any other class."""
    if not any(isinstance(item, Class) and is_dataclass(item) for item in cls.mro) and not _is_decorated(cls):
        return None
    return [field.name for field in _fields(cls) if not field.is_argument]


def compared_fields(cls: Class) -> list[str] | None:
    """Return the names of the fields by which ``dataclass`` has objects of a class compared; None where it
    does not, and for configs.
    """
    if cls.is_config or not _is_decorated(cls) or not _option(cls, "eq", True):
        return None
    return [field.name for field in _fields(cls) if not field.is_argument]


def _option(cls: Class | External, name: str, otherwise: bool) -> bool:
    """What ``dataclass`` is told at a class."""
    calls = cls.facts.decorators if isinstance(cls, Class) else []
    for call in calls:
        if isinstance(call, Call) and last_name(call.function) == "dataclass":
            values = [keyword.value for keyword in call.keywords if keyword.name == name]
            return (not otherwise) if values and values[0] == Const(not otherwise) else otherwise
    return otherwise


class FieldOf(NamedTuple):
    """A field of a dataclass, with the class whose body gives the default."""

    name: str
    holder: Class
    attribute: Attribute
    is_argument: bool
    """Whether it is only handed on to ``__post_init__`` (``InitVar``)."""


def _fields(cls: Class) -> list[FieldOf]:
    return _FIELDS.of(cls, lambda: list(_find_fields(cls)))


_FIELDS: Cache[list[FieldOf]] = Cache()


def _parameters(cls: Class) -> list[FieldOf]:
    """The fields that the ``__init__`` takes."""
    return [field for field in _fields(cls) if not _is_told(field.attribute.value, "init", False)]


def _find_fields(cls: Class) -> Iterable[FieldOf]:
    found: dict[str, FieldOf] = {}
    for item in reversed(cls.mro):
        if not isinstance(item, Class):
            continue
        for name, attribute in item.own().items():
            word = None if attribute.annotation is None else _word(attribute.annotation)
            if attribute.annotation is not None and word != "ClassVar":
                found[name] = FieldOf(name, item, attribute, word == "InitVar")
            elif name in found and attribute.kind in ("value", "method"):
                # A plain assignment changes an inherited field's default.
                found[name] = FieldOf(name, item, attribute, found[name].is_argument)
    return found.values()


def _word(annotation: Expr) -> str | None:
    """What an annotation begins with, where that matters."""
    if isinstance(annotation, Const):
        text = annotation.value if isinstance(annotation.value, str) else ""
        return next((word for word in ("ClassVar", "InitVar") if text.startswith(word)), None)
    return last_name(annotation.base if isinstance(annotation, Index) else annotation)


def _is_told(value: Value, name: str, wanted: bool) -> bool:
    """Whether ``field(…)`` is told that."""
    keywords = value.keywords if isinstance(value, Call) and last_name(value.function) == "field" else []
    return any(keyword.name == name and keyword.value == Const(wanted) for keyword in keywords)


def _field_default(interp: Interpreter, field: FieldOf) -> Value:
    """What a field is by default; ``UNBOUND`` where ``__init__`` does not set it."""
    name, holder, attribute, _ = field
    if attribute.kind != "value":
        return Unknown(f"the default of {holder.leaf}.{name}")
    value = interp.class_value(holder, name, attribute)
    if isinstance(value, Field):
        options = value.options
        if "default" in options:
            return options["default"]
        if "default_factory" in options:
            return interp.call(options["default_factory"], [], {})
        if _is_told(attribute.value, "init", False):
            return UNBOUND
        raise RaisedError("TypeError", f"Missing required field - '{name}'")
    return value
