"""Where settings come from: `tie-lint.toml`, or `[tool.tie-lint]` of `pyproject.toml`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tie_lint.errors import UsageError
from tie_lint.python.disk import is_file, read_file
from tie_lint.settings import Settings

OWN, SHARED = "tie-lint.toml", "pyproject.toml"
"""The names of settings files; where a folder has both, the own one counts."""
TABLE = "[tool.tie-lint]"
EXTEND = "extend"
"""The key that names another settings file, whose values hold where this one has none."""


def settings_file(folder: Path) -> Path | None:
    """Return the settings file of a folder, if there is one. Raises :class:`UsageError`."""
    if is_file(path := folder / OWN):
        return path
    path = folder / SHARED
    return path if is_file(path) and b"tie-lint" in _read(path) and _table(path) is not None else None


def load(path: Path, extending: tuple[Path, ...] = ()) -> Settings:
    """Return the settings that a file has, and those of the file that it extends.

    ``extending`` are the files that extend this one. Raises :class:`UsageError` that names the file and the
    key.
    """
    table = _table(path)
    if table is None:
        raise UsageError(f"{path}: no {TABLE} table")
    values = {_field(key): _value(path, key, table[key]) for key in table if key != EXTEND}
    origins = dict.fromkeys(values, shown(path))
    here = path.resolve()
    if EXTEND not in table:
        return Settings(here.parent, **values, origins=MappingProxyType(origins))
    base = _extended(path, table[EXTEND], (*extending, here))
    if "select" in values:
        values.setdefault("extend_select", ())
    elif "extend_select" in values:
        values["extend_select"] = (*base.extend_select, *values["extend_select"])
    roots = {name: base.root_of(name) for name in base.origins if name not in values}
    origins = {**base.origins, **origins}
    return base._replace(
        root=here.parent, **values, origins=MappingProxyType(origins), roots=MappingProxyType(roots)
    )


def _extended(path: Path, value: object, extending: tuple[Path, ...]) -> Settings:
    """Return the settings of the file that one says it extends."""
    where = f"{shown(path)} {EXTEND}"
    if not isinstance(value, str):
        raise UsageError(f"{where}: expected a string, not {value!r}")
    other = path.parent / Path(value).expanduser()
    if other.resolve() in extending:
        raise UsageError(f"{where}: {value} extends this file")
    if not other.is_file():
        raise UsageError(f"{where}: {value}: no such file")
    return load(other, extending)


def shown(path: Path) -> str:
    """Return what people call a settings file."""
    from tie_lint.requirements.source import shown_path

    name = shown_path(path)
    return name if path.name == OWN else f"{name} {TABLE}"


def _read(path: Path) -> bytes:
    try:
        return read_file(str(path))
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from error


def _table(path: Path) -> dict[str, Any] | None:
    from tie_lint.requirements.source import read_toml

    tables = read_toml(path)
    if path.name == OWN:
        return tables
    tools = tables.get("tool")
    table = tools.get("tie-lint") if isinstance(tools, dict) else None
    if table is not None and not isinstance(table, dict):
        raise UsageError(f"{path}: {TABLE} is not a table")
    return table


def _field(key: str) -> str:
    return key.replace("-", "_")


def _value(path: Path, key: str, value: object) -> Any:
    if key not in READERS:
        raise UsageError(
            f"{shown(path)}: unknown key {key!r}{nearest(key, {**READERS, EXTEND: None}, 'keys')}"
        )
    try:
        return READERS[key](value)
    except TypeError as error:
        raise UsageError(f"{shown(path)} {key}: expected {error}, not {value!r}") from None


def nearest(name: str, names: Mapping[str, object], what: str) -> str:
    """Return a hint at the name that was meant, or at all of them."""
    import difflib

    near = difflib.get_close_matches(name, names, n=1)
    return f"; did you mean {near[0]!r}?" if near else f"; the {what} are {', '.join(names)}"


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


def _string_by_pattern(value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        raise TypeError("a table from patterns to releases or ranges")
    return {pattern: _string(release) for pattern, release in value.items()}


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError("true or false")
    return value


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


READERS: Mapping[str, Callable[[object], Any]] = {
    "select": _strings,
    "extend-select": _strings,
    "ignore": _strings,
    "transformers": _string,
    "per-file-transformers": _string_by_pattern,
    "tied-weights-keys": _place,
    "exclude": _strings,
    "extend-exclude": _strings,
    "force-exclude": _flag,
    "respect-gitignore": _flag,
    "output-format": _string,
    "unsafe-fixes": _flag,
    "cache-dir": _string,
    "max-file-size": _size,
    "class-time-limit": _seconds,
    "per-file-ignores": _strings_by_pattern,
}
"""What reads each key's value. docs/schema/settings.schema.json has the same keys."""
