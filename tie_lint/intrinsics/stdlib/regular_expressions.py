"""``re``: patterns of the linted code and what they match, in bounded time."""

from __future__ import annotations

import re
from functools import partial

from tie_lint.interpreter import regexes
from tie_lint.interpreter.base_values import Inert, Native, RaisedError, Unknown, Value
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.register import HANDLERS, Handler, intrinsic


class Match(Inert):
    """What ``re.match(…)`` found."""

    groups: tuple[str | None, ...]
    """The text of each group; the first is that of the whole match."""
    named: dict[str, str | None]
    span: tuple[int, int]

    def group(self, key: Value) -> Value:
        """Return the text of a group by number or name."""
        if isinstance(key, int) and 0 <= key < len(self.groups):
            return self.groups[key]
        if isinstance(key, str) and key in self.named:
            return self.named[key]
        if isinstance(key, Unknown):
            return Unknown("a group of a match")
        raise RaisedError("IndexError", "no such group")


class _MatchHandler(Handler):
    def attribute(self, interp: Interpreter, value: Match, name: str) -> Value:
        match name:
            case "group":
                return Native(name, partial(_group, value))
            case "groups":
                return Native(name, lambda interp: value.groups[1:])
            case "groupdict":
                return Native(name, lambda interp: dict(value.named))
            case "span":
                return Native(name, lambda interp: value.span)
            case "start":
                return Native(name, lambda interp: value.span[0])
            case "end":
                return Native(name, lambda interp: value.span[1])
        return super().attribute(interp, value, name)

    def item(self, interp: Interpreter, value: Match, index: Value) -> Value:
        return value.group(index)

    def truth(self, value: Match) -> bool:
        return True


HANDLERS[Match] = _MatchHandler()


def _group(found: Match, interp: Interpreter, *keys: Value) -> Value:
    groups = [found.group(key) for key in keys or (0,)]
    return groups[0] if len(groups) == 1 else tuple(groups)


class _PatternHandler(Handler):
    def attribute(self, interp: Interpreter, value: re.Pattern[str], name: str) -> Value:
        if name in _WAYS:
            return Native(name, lambda interp, text: _found(name, value.pattern, text))
        return value.pattern if name == "pattern" else super().attribute(interp, value, name)

    def truth(self, value: re.Pattern[str]) -> bool:
        return True


HANDLERS[re.Pattern] = _PatternHandler()

_WAYS = ("match", "search", "fullmatch")


@intrinsic("re.compile")
def _compiled(interp: Interpreter, pattern: Value, flags: Value = 0) -> Value:
    if flags != 0 or not isinstance(pattern, str):
        return Unknown("a pattern")
    try:
        return regexes.pattern(pattern).compiled
    except regexes.TooCostlyError as error:
        return Unknown(str(error))
    except re.error as error:
        raise RaisedError("error", str(error)) from error


@intrinsic("re.match")
def _match(interp: Interpreter, pattern: Value, string: Value, flags: Value = 0) -> Value:
    return _of_function(interp, "match", pattern, string, flags)


@intrinsic("re.search")
def _search(interp: Interpreter, pattern: Value, string: Value, flags: Value = 0) -> Value:
    return _of_function(interp, "search", pattern, string, flags)


@intrinsic("re.fullmatch")
def _fullmatch(interp: Interpreter, pattern: Value, string: Value, flags: Value = 0) -> Value:
    return _of_function(interp, "fullmatch", pattern, string, flags)


def _of_function(interp: Interpreter, way: str, pattern: Value, text: Value, flags: Value) -> Value:
    compiled = pattern if isinstance(pattern, re.Pattern) else _compiled(interp, pattern, flags)
    return compiled if isinstance(compiled, Unknown) else _found(way, compiled.pattern, text)


def _found(way: str, pattern: str, text: Value) -> Value:
    if not isinstance(text, str):
        return Unknown(f"re.{way}(…)")
    try:
        found = regexes.pattern(pattern).first(way, text)
    except regexes.TooCostlyError as error:
        return Unknown(str(error))
    if found is None:
        return None
    return Match((found.group(), *found.groups()), found.groupdict(), found.span())
