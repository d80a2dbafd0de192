"""``dataclasses``: functions that know the fields of an object."""

from __future__ import annotations

from tie_lint.interpreter.attributes import get_attr
from tie_lint.interpreter.base_values import Field, Unknown, Value
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.initialization import field_names
from tie_lint.interpreter.register import intrinsic
from tie_lint.interpreter.values import Instance, PlainNamespace
from tie_lint.intrinsics.stdlib.copying import copied


@intrinsic("dataclasses.field")
def _field(interp: Interpreter, **options: Value) -> Value:
    return Field(options)


@intrinsic("dataclasses.fields")
def _fields(interp: Interpreter, class_or_instance: Value) -> Value:
    names = _names(class_or_instance)
    if names is None:
        return Unknown("the fields of an unknown")
    unknown = {
        key: Unknown(f"the {key} of a field") for key in ("type", "default", "default_factory", "metadata")
    }
    return tuple(PlainNamespace({"name": name, **unknown}) for name in names)


@intrinsic("dataclasses.is_dataclass")
def _is_dataclass(interp: Interpreter, obj: Value) -> Value:
    if isinstance(obj, (Instance, Class)):
        return _names(obj) is not None
    return Unknown("whether an unknown is a dataclass") if isinstance(obj, Unknown) else False


@intrinsic("dataclasses.replace")
def _replace(interp: Interpreter, obj: Value, **changes: Value) -> Value:
    names = _names(obj)
    if names is None or not isinstance(obj, Instance):
        return Unknown("a changed copy of an unknown", module=True)
    given = {name: get_attr(interp, obj, name) for name in names}
    return interp.call(obj.cls, [], {**given, **changes})


@intrinsic("dataclasses.asdict")
def _asdict(interp: Interpreter, obj: Value, **options: Value) -> Value:
    return _as_dict(copied(obj)) if isinstance(obj, Instance) and not options else Unknown("asdict(…)")


@intrinsic("dataclasses.astuple")
def _astuple(interp: Interpreter, obj: Value, **options: Value) -> Value:
    found = _as_dict(copied(obj)) if isinstance(obj, Instance) and not options else None
    return tuple(found.values()) if isinstance(found, dict) else Unknown("astuple(…)")


def _names(value: Value) -> list[str] | None:
    cls = value.cls if isinstance(value, Instance) else value
    return field_names(cls) if isinstance(cls, Class) else None


def _as_dict(value: Value) -> Value:
    if isinstance(value, Instance):
        names = field_names(value.cls)
        wanted = value.attrs if names is None else [name for name in names if name in value.attrs]
        return {name: _as_dict(value.attrs[name]) for name in wanted}
    if isinstance(value, (list, tuple)):
        return type(value)(map(_as_dict, value))
    if isinstance(value, dict):
        return {key: _as_dict(item) for key, item in value.items()}
    return value
