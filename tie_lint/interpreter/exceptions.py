"""Which handler takes an error: the classes of exceptions above one another."""

from __future__ import annotations

from tie_lint.interpreter.base_values import External, RaisedError, Value
from tie_lint.interpreter.classes import Class


def catches(kind: Value, error: RaisedError) -> bool:
    """Return whether a handler of a class, or of a tuple of classes, takes an error."""
    kinds = kind if isinstance(kind, tuple) else (kind,)
    wanted = {item.leaf if isinstance(item, (Class, External)) else "Exception" for item in kinds}
    return any(wanted & _ancestors(name) for name in (error.kind, *error.above))


_EXCEPTIONS = {
    "NotImplementedError": "RuntimeError",
    "RecursionError": "RuntimeError",
    "ModuleNotFoundError": "ImportError",
    "KeyError": "LookupError",
    "IndexError": "LookupError",
    "ZeroDivisionError": "ArithmeticError",
    "OverflowError": "ArithmeticError",
    "FileNotFoundError": "OSError",
    "FrozenInstanceError": "AttributeError",
    "UnicodeError": "ValueError",
    "JSONDecodeError": "ValueError",
}


def _ancestors(kind: str) -> set[str]:
    found = {kind, "Exception", "BaseException"}
    while kind in _EXCEPTIONS:
        kind = _EXCEPTIONS[kind]
        found.add(kind)
    return found
