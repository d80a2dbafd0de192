"""Where settings come from: `[tool.tie-lint]` of the nearest pyproject.toml."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tie_lint.errors import UsageError
from tie_lint.settings import Settings


def load_settings(start: Path, config: Path | None = None, isolated: bool = False) -> Settings:
    """Return the settings for files around ``start``, from ``config`` if given, from no file if isolated.

    Raises :class:`UsageError` that names the file and the key.
    """
    if isolated:
        return Settings(start)
    path = config or _nearest(start)
    if path is None:
        return Settings(start)
    table = _table(path)
    if table is None:
        raise UsageError(f"{path}: no [tool.tie-lint] table")
    return Settings(path.resolve().parent, **{_field(key): _read(path, key, table[key]) for key in table})


def _nearest(start: Path) -> Path | None:
    for directory in (start, *start.parents):
        path = directory / "pyproject.toml"
        if path.is_file() and _table(path) is not None:
            return path
    return None


def _table(path: Path) -> dict[str, Any] | None:
    from tie_lint.library.requirement import read_toml

    tools = read_toml(path).get("tool")
    table = tools.get("tie-lint") if isinstance(tools, dict) else None
    if table is not None and not isinstance(table, dict):
        raise UsageError(f"{path}: [tool.tie-lint] is not a table")
    return table


def _field(key: str) -> str:
    return key.replace("-", "_")


def _read(path: Path, key: str, value: object) -> Any:
    if key not in _READERS:
        import difflib

        near = difflib.get_close_matches(key, _READERS, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else f"; the keys are {', '.join(_READERS)}"
        raise UsageError(f"{path}: [tool.tie-lint]: unknown key {key!r}{hint}")
    try:
        return _READERS[key](value)
    except TypeError as error:
        raise UsageError(f"{path}: [tool.tie-lint] {key}: expected {error}, not {value!r}") from None


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a string")
    return value


def _strings(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise TypeError("a list of strings")
    return tuple(value)


def _strings_by_pattern(value: object) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        raise TypeError("a table from patterns to lists of codes")
    return {pattern: _strings(codes) for pattern, codes in value.items()}


def _seconds(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not value > 0:
        raise TypeError("a number of seconds above 0")
    return float(value)


def _place(value: object) -> str:
    if value not in ("any", "init-base"):
        raise TypeError("'any' or 'init-base'")
    return str(value)


def _size(value: object) -> int:
    if type(value) is not int or value < 1:
        raise TypeError("a whole number of bytes from 1 on")
    return value


_READERS: Mapping[str, Callable[[object], Any]] = {
    "select": _strings,
    "ignore": _strings,
    "transformers": _string,
    "tied-weights-keys": _place,
    "exclude": _strings,
    "cache-dir": _string,
    "max-file-size": _size,
    "class-time-limit": _seconds,
    "per-file-ignores": _strings_by_pattern,
}
