"""Classes of plain data that are cheap to import.

As with dataclasses and named tuples, fields are annotations. But those write and compile functions for each
class when its module is imported, and look into each annotation, which is a good part of a short run. Here
only a constructor is written, and only when the first object of a class is made.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from typing import NamedTuple as NamedTuple

    from typing_extensions import Self
    from typing_extensions import dataclass_transform as dataclass_transform
else:
    _MADE = ("__new__", "__repr__", "__getnewargs__", "_make", "_replace", "_asdict")
    """The methods of a named tuple that are its class's own."""

    class _NamedTupleType(type):
        """Makes the annotations of a class the names of a tuple's items."""

        def __new__(mcs, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> type:
            if any(type(base) is mcs and base.__base__ is tuple for base in bases):
                own = tuple(body.get("__annotations__", ()))
                defaults = {one: body.pop(one) for one in own if one in body}
                body.update(__slots__=(), __match_args__=own, _fields=own, _field_defaults=defaults)
            return super().__new__(mcs, name, bases, body)

    class NamedTuple(tuple, metaclass=_NamedTupleType):
        """What ``typing.NamedTuple`` is, but for the annotations, which stay text."""

        __slots__ = ()

        def __new__(cls, /, *args: Any, **kwargs: Any) -> NamedTuple:
            """Make the first tuple of a class, and the names and methods of all that follow."""
            own = next(base for base in cls.__mro__ if base.__base__ is NamedTuple)
            made = namedtuple(own.__name__, own._fields, defaults=own._field_defaults.values())
            for name in {*own._fields, *_MADE}.difference(vars(own)):
                setattr(own, name, vars(made)[name])
            return cls(*args, **kwargs)

    def dataclass_transform(**how: Any) -> Callable[[type], type]:
        """Say to type checkers that constructors follow from fields."""
        return lambda cls: cls


M = TypeVar("M", bound="RecordType")
R = TypeVar("R", bound="Record")

_MISSING: Any = object()


class _Field(NamedTuple):
    """What is said of a field beside its type."""

    default: Any
    make: Callable[[], Any] | None
    compare: bool


def field(
    *, default: Any = _MISSING, default_factory: Callable[[], Any] | None = None, compare: bool = True
) -> Any:
    """Say of a field what makes its default, or that it makes no difference to whether two are equal."""
    return _Field(default, default_factory, compare)


@dataclass_transform(field_specifiers=(field,))
class RecordType(type):
    """Makes the annotations of a class its slots, its parameters and its positions in a pattern."""

    fields: dict[str, str]
    """Names and annotations."""
    defaults: dict[str, Any]
    """What stands for the fields that need not be given."""
    compared: tuple[str, ...]
    """The fields that make a difference."""

    def __new__(mcs: type[M], name: str, bases: tuple[type, ...], body: dict[str, Any], **more: Any) -> M:
        own: dict[str, str] = body.get("__annotations__", {})
        fields: dict[str, str] = {}
        defaults: dict[str, Any] = {}
        for base in bases:
            if isinstance(base, RecordType):
                fields.update(base.fields)
                defaults.update(base.defaults)
        fields.update(own)
        defaults.update({one: body.pop(one) for one in own if one in body})
        body.update(__slots__=tuple(own), __match_args__=tuple(fields), __init__=_first)
        cls = super().__new__(mcs, name, bases, body)
        cls.fields, cls.defaults = fields, defaults
        cls.compared = tuple(one for one in fields if _is_compared(defaults.get(one)))
        return cls

    def __init__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any], **more: Any) -> None:
        super().__init__(name, bases, body)


def _is_compared(default: Any) -> bool:
    return not isinstance(default, _Field) or default.compare


def _first(self: Any, *args: Any, **kwargs: Any) -> None:
    """Make the first object of a class, and the constructor of all that follow."""
    cls = type(self)
    cls.__init__ = _constructor(cls.fields, cls.defaults)
    cls.__init__(self, *args, **kwargs)


def _constructor(fields: dict[str, str], defaults: dict[str, Any]) -> Any:
    """Return an ``__init__`` that is written out: some classes have very many objects."""
    names: dict[str, Any] = {"_missing": _MISSING}
    parameters, body = ["self"], list[str]()
    for name in fields:
        value, default = name, defaults.get(name, _MISSING)
        if isinstance(default, _Field) and default.make is not None:
            names[f"_make_{name}"] = default.make
            parameters.append(f"{name}=_missing")
            value = f"_make_{name}() if {name} is _missing else {name}"
        elif default is _MISSING:
            parameters.append(name)
        else:
            names[f"_{name}"] = default.default if isinstance(default, _Field) else default
            parameters.append(f"{name}=_{name}")
        body.append(f"self.{name} = {value}")
    exec(f"def __init__({', '.join(parameters)}): {'; '.join(body) or 'pass'}", names)
    return names["__init__"]


class Record(metaclass=RecordType):
    """An object with fields, equal only to itself."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(repr(getattr(self, name)) for name in type(self).fields)})"


class Data(Record):
    """What is equal to another of its class if the fields are, and is sorted by them."""

    def _compared(self) -> tuple[Any, ...]:
        return tuple([getattr(self, name) for name in type(self).compared])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Data) and type(self) is type(other) and self._compared() == other._compared()

    def __lt__(self, other: Self) -> bool:
        return self._compared() < other._compared()

    def __hash__(self) -> int:
        return hash(self._compared())


def replace(record: R, **changes: Any) -> R:
    """Return a record with some fields changed."""
    kept = {name: getattr(record, name) for name in type(record).fields}
    return type(record)(**{**kept, **changes})
