"""Members of enumerations: what ``Enum`` makes of the values in a class's body.

Those of an enumeration of strings (``class Kind(str, Enum)``) or numbers (``IntEnum``) are such, too.
"""

from __future__ import annotations

from typing import TypeAlias

from tie_lint.interpreter.base_values import External, Inert, Native, Unknown, Value
from tie_lint.interpreter.classes import Attribute, Class
from tie_lint.interpreter.values import Function, Lambda
from tie_lint.python.nodes import Const

ENUMERATIONS = frozenset({"enum.Enum", "enum.IntEnum", "enum.StrEnum", "enum.Flag", "enum.IntFlag"})
_OF_STRINGS = frozenset({"builtins.str", "enum.StrEnum"})
_OF_NUMBERS = frozenset({"builtins.int", "enum.IntEnum", "enum.IntFlag"})
_OTHERS = frozenset({"builtins.float", "builtins.tuple", "builtins.bytes", "builtins.dict", "builtins.list"})


class Member(Inert):
    """A member that is nothing but that."""

    cls: Class
    name: str
    value: Value


class StringMember(str):
    """A member that is a string."""

    cls: Class
    name: str
    value: Value


class NumberMember(int):
    """A member that is a number."""

    cls: Class
    name: str
    value: Value


AnyMember: TypeAlias = "Member | StringMember | NumberMember"
MEMBERS = (Member, StringMember, NumberMember)


def is_enumeration(cls: Class) -> bool:
    """Return whether the values in a class's body are members."""
    return not ENUMERATIONS.isdisjoint(cls.names)


def member_of(owner: Class, name: str, value: Value) -> Value:
    """Return what an enumeration makes of a value in its body: a member, one for each value."""
    if name.startswith("_") or isinstance(value, (Function, Lambda, Native, Class, *MEMBERS)):
        return value
    known: dict[str, AnyMember] = owner.kept.setdefault("members", {})
    if name not in known:
        made = _made(owner, value)
        if made is None:
            return Unknown(f"{owner.leaf}.{name}")
        first = next((other for other, found in owner.own().items() if _is_constant(found, value)), name)
        made.cls, made.name, made.value = owner, first, value
        known[name] = known.setdefault(first, made)  # another name of one value is that of no other member
    return known[name]


def _is_constant(found: Attribute, value: Value) -> bool:
    constant = found.value if found.kind == "value" else None
    return isinstance(constant, Const) and type(constant.value) is type(value) and constant.value == value


def _made(owner: Class, value: Value) -> AnyMember | None:
    names, chain = owner.names, [item for item in owner.mro if isinstance(item, Class)]
    if not _OTHERS.isdisjoint(names) or any(item.facts.has_method("__new__") for item in chain):
        return None
    if not _OF_STRINGS.isdisjoint(names):
        return StringMember(value) if isinstance(value, str) else None
    if not _OF_NUMBERS.isdisjoint(names):
        return NumberMember(value) if isinstance(value, int) else None
    # What ``auto()`` gives is not worked out.
    return Member(owner, "", Unknown("a value of auto()") if isinstance(value, External) else value)


def is_printed_as_value(member: StringMember | NumberMember) -> bool:
    """Return whether ``str(member)`` is its value in every Python."""
    has_own = any(isinstance(item, Class) and item.facts.has_method("__str__") for item in member.cls.mro)
    return "enum.StrEnum" in member.cls.names and not has_own
