"""Enumerations: attributes of members, and members by value and by name (``enum`` of Python 3.10 to 3.13)."""

from __future__ import annotations

from tie_lint.interpreter.attributes import READERS, bind, class_value
from tie_lint.interpreter.base_values import RaisedError, Unknown, Value
from tie_lint.interpreter.builtin_types import builtin_attribute
from tie_lint.interpreter.classes import Attribute, Class
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.enumerations import MEMBERS, AnyMember, Member
from tie_lint.interpreter.inheritance import lookup


def _attribute(interp: Interpreter, member: AnyMember, name: str) -> Value:
    """``Kind.A.value``, and what the class says of all its members."""
    if name in ("name", "_name_"):
        return member.name
    if name in ("value", "_value_"):
        return member.value
    if name == "__class__":
        return member.cls
    found = lookup(member.cls, name)
    if found is not None and isinstance(found[1], Attribute) and isinstance(found[0], Class):
        if found[1].kind == "value":
            return class_value(interp, found[0], name, found[1])
        return bind(interp, member, found[0], found[1], name)
    if found is not None or name.startswith("_") or _may_have_more(member.cls):
        return Unknown(f"{member.cls.leaf}.{member.name}.{name}")
    if isinstance(member, Member):
        raise RaisedError("AttributeError", f"{member.cls.leaf!r} object has no attribute {name!r}")
    return builtin_attribute(interp, member.value, name)


def _may_have_more(cls: Class) -> bool:
    """Whether an ``__init__`` may have given members more attributes, or a base that is not read."""
    inits = (item for item in cls.mro if isinstance(item, Class) and item.facts.has_method("__init__"))
    return any(inits) or any(cls.foreign_bases())


READERS.update(dict.fromkeys(MEMBERS, _attribute))
