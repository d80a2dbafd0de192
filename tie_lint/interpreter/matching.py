"""The patterns of ``match``, tried on symbolic values: they match, they do not, or nobody knows (None)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from types import NoneType
from typing import Any

from tie_lint.interpreter.attributes import attribute_of
from tie_lint.interpreter.base_values import External, RaisedError, Sentinel, Unknown, Value
from tie_lint.interpreter.budget import granted
from tie_lint.interpreter.builtin_types import iterate, truth_of
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.comparisons import compare
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.initialization import init_parameters, is_dataclass
from tie_lint.interpreter.instance_checks import is_instance
from tie_lint.interpreter.values import Env, Instance, may_give_module
from tie_lint.python.nodes import Const
from tie_lint.python.statements import (
    AsPattern,
    ClassPattern,
    MappingPattern,
    OrPattern,
    Pattern,
    SequencePattern,
    StarPattern,
    ValuePattern,
)
from tie_lint.python.walk import captured


def matches(interp: Interpreter, pattern: Pattern, value: Value, env: Env) -> bool | None:
    """Return whether a pattern matches; what it captures is bound, to something unknown where that is."""
    answer = _PATTERNS[type(pattern)](interp, pattern, value, env)
    if answer is None:
        for name in captured(pattern):
            env.names[name] = Unknown("what a pattern captures", module=may_give_module(value))
    return answer


def irrefutable(pattern: Pattern) -> bool:
    """Return whether a pattern matches whatever it is tried on."""
    if isinstance(pattern, OrPattern):
        return any(map(irrefutable, pattern.items))
    return isinstance(pattern, AsPattern) and (pattern.pattern is None or irrefutable(pattern.pattern))


def _all(answers: Iterable[bool | None]) -> bool | None:
    """Whether all parts match: the first that does not ends it, as in Python."""
    known: bool | None = True
    for answer in answers:
        if answer is False:
            return False
        known = known if answer else None
    return known


def _value(interp: Interpreter, pattern: ValuePattern, value: Value, env: Env) -> bool | None:
    singleton = isinstance(pattern.value, Const) and isinstance(pattern.value.value, (bool, NoneType))
    return truth_of(compare(interp, "is" if singleton else "==", value, interp.ev(pattern.value, env)))


def _as(interp: Interpreter, pattern: AsPattern, value: Value, env: Env) -> bool | None:
    answer = True if pattern.pattern is None else matches(interp, pattern.pattern, value, env)
    if answer and pattern.name is not None:
        env.names[pattern.name] = value
    return answer


def _or(interp: Interpreter, pattern: OrPattern, value: Value, env: Env) -> bool | None:
    answer: bool | None = False
    for item in pattern.items:
        found = matches(interp, item, value, env)
        if found:
            return None if answer is None else True
        answer = None if found is None else answer
    return answer


def _sequence(interp: Interpreter, pattern: SequencePattern, value: Value, env: Env) -> bool | None:
    value = _content(value)
    if not isinstance(value, (list, tuple, range)):
        return False if _is_neither(value) else None
    starred = next((i for i, item in enumerate(pattern.items) if isinstance(item, StarPattern)), None)
    least = len(pattern.items) - (starred is not None)
    if len(value) < least or (starred is None and len(value) > least):
        return False
    items = iterate(interp, value)
    if items is None:
        return None
    if starred is not None:
        end = len(items) - (least - starred)
        items = [*items[:starred], items[starred:end], *items[end:]]
    return _all(matches(interp, part, item, env) for part, item in zip(pattern.items, items, strict=True))


def _star(interp: Interpreter, pattern: StarPattern, value: Value, env: Env) -> bool:
    if pattern.name is not None:
        env.names[pattern.name] = value
    return True


def _mapping(interp: Interpreter, pattern: MappingPattern, value: Value, env: Env) -> bool | None:
    value = _content(value)
    if not isinstance(value, dict):
        return False if _is_neither(value) else None
    keys = [interp.ev(key, env) for key in pattern.keys]
    if any(isinstance(key, Unknown) for key in [*keys, *value]) or not granted(len(value)):
        return None
    if any(key not in value for key in keys):
        return False
    parts = zip(pattern.values, keys, strict=True)
    answer = _all(matches(interp, part, value[key], env) for part, key in parts)
    if answer and pattern.rest is not None:
        env.names[pattern.rest] = {key: item for key, item in value.items() if key not in keys}
    return answer


def _class(interp: Interpreter, pattern: ClassPattern, value: Value, env: Env) -> bool | None:
    kind = interp.ev(pattern.type, env)
    answer = truth_of(is_instance(interp, value, kind))
    if not answer:
        return answer
    items, names = pattern.items, pattern.names
    if items and isinstance(kind, External) and kind.name in _MATCH_THEMSELVES:
        first = [matches(interp, item, value, env) for item in items[:1]]
        items = []
    else:
        first = []
    positional = _match_args(interp, kind) if items else []
    if positional is None:
        return None
    if len(positional) < len(items):
        raise RaisedError("TypeError", f"{getattr(kind, 'leaf', kind)}() accepts fewer positional patterns")
    found = zip([*positional[: len(items)], *names], [*items, *pattern.values], strict=True)
    return _all([*first, *(_attribute(interp, part, value, name, env) for name, part in found)])


def _attribute(interp: Interpreter, pattern: Pattern, value: Value, name: str, env: Env) -> bool | None:
    found = attribute_of(interp, value, name, _ABSENT)
    if found is _ABSENT:
        return False
    answer = matches(interp, pattern, found, env)
    return None if answer and isinstance(found, Unknown) and found.may_be_absent else answer


_ABSENT = Sentinel("absent")


def _match_args(interp: Interpreter, kind: Value) -> list[str] | None:
    """The attributes that positional patterns of a class look at; None where they are unknown."""
    given = attribute_of(interp, kind, "__match_args__", ())
    if isinstance(given, Unknown) and isinstance(kind, Class) and is_dataclass(kind):
        parameters = init_parameters(kind)
        return None if parameters is None else parameters[1:]
    known = isinstance(given, tuple) and all(isinstance(name, str) for name in given)
    return list(given) if known else None


def _content(value: Value) -> Value:
    return value.data if isinstance(value, Instance) and value.data is not None else value


def _is_neither(value: Value) -> bool:
    """Whether a value that is none of Python's own sequences and mappings certainly is none at all."""
    if isinstance(value, Instance):
        inherited = {name.partition(".")[0] for name in value.cls.names}
        return inherited.isdisjoint({"collections", "typing"}) and not any(value.cls.foreign_bases())
    return isinstance(value, (int, float, str, bytes, list, tuple, range, dict, set, frozenset, NoneType))


_MATCH_THEMSELVES = {
    *("builtins.bool", "builtins.bytearray", "builtins.bytes", "builtins.dict", "builtins.float"),
    *("builtins.frozenset", "builtins.int", "builtins.list", "builtins.set", "builtins.str"),
    "builtins.tuple",
}
"""Built-in types whose only positional pattern is tried on the value itself."""

_PATTERNS: dict[type[Pattern], Callable[[Interpreter, Any, Value, Env], bool | None]] = {
    ValuePattern: _value,
    AsPattern: _as,
    OrPattern: _or,
    SequencePattern: _sequence,
    StarPattern: _star,
    MappingPattern: _mapping,
    ClassPattern: _class,
}
