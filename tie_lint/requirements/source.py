"""A file that may say what a project requires, and what is told of it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tie_lint.errors import UsageError
from tie_lint.python.disk import read_file
from tie_lint.record import NamedTuple

NAME = "transformers"


class Stated(NamedTuple):
    """What one place in a project's files requires of transformers."""

    specifier: str
    path: Path
    table: str = ""
    """Which part of the file, such as ``[project]``."""

    @property
    def shown(self) -> str:
        """Where it stands, for people."""
        return f"{shown_path(self.path)} {self.table}".strip()


def shown_path(path: Path) -> str:
    """Return a path as people name it: relative to where they are if it is below."""
    try:
        relative = os.path.relpath(path)
    except ValueError:  # another drive
        return str(path)
    return str(path) if relative.startswith("..") else relative


class SourceFile:
    """One of the project's files. It is another tool's: what is wrong with it is a warning, no error."""

    def __init__(self, path: Path, warnings: list[str]) -> None:
        self.path, self._warnings = path, warnings

    def text(self, *also: str) -> str | None:
        """Return the text if it can be read and names transformers, or has one of some other words."""
        try:
            text = read_file(str(self.path)).decode("utf-8")
            return text if NAME in text.lower() or any(word in text for word in also) else None
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            self.not_read(f"{self.path}: {reason}")
            return None

    def tables(self, *also: str) -> dict[str, Any]:
        """Return the tables of a TOML file that names transformers, or has one of some other words."""
        text = self.text(*also)
        try:
            return {} if text is None else parse_toml(text, self.path)
        except UsageError as error:
            self.not_read(str(error))
            return {}

    def not_read(self, why: str) -> None:
        """Warn that the file was not read."""
        self._warnings.append(f"{why}; not read for what the project requires")

    def ignored(self, key: str, expected: str, value: object) -> None:
        """Warn that something in the file is not as expected."""
        warning = f"{self.path}: {key}: expected {expected}, not {value!r:.60}; ignored"
        if warning not in self._warnings:
            self._warnings.append(warning)

    def beside(self, name: str) -> SourceFile:
        """Return another file, by its path from this one's folder."""
        return SourceFile(Path(os.path.normpath(self.path.parent / name)), self._warnings)


class Tables:
    """The tables of a TOML file, in which anything may stand anywhere."""

    def __init__(self, source: SourceFile, tables: dict[str, Any]) -> None:
        self._source, self._tables = source, tables

    def table(self, *keys: str) -> dict[str, Any]:
        """Return a table; an empty one where there is none."""
        table = self._tables
        for depth, key in enumerate(keys, start=1):
            value = table.get(key, {})
            if not isinstance(value, dict):
                self._source.ignored(".".join(keys[:depth]), "a table", value)
                return {}
            table = value
        return table

    def lines(self, *keys: str) -> list[Any]:
        """Return a list; an empty one where there is none."""
        value = self.table(*keys[:-1]).get(keys[-1], [])
        if not isinstance(value, list):
            self._source.ignored(".".join(keys), "a list of requirements", value)
            return []
        return value

    def below(self, *keys: str) -> Iterator[str]:
        """Yield the names of what is in a table."""
        yield from self.table(*keys)


def read_toml(path: Path) -> dict[str, Any]:
    """Return the tables of a TOML file. Raises :class:`UsageError` when it cannot be read."""
    try:
        return parse_toml(read_file(str(path)).decode("utf-8"), path)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: {error}") from error


def parse_toml(text: str, path: Path) -> dict[str, Any]:
    """Return the tables of a TOML text. Raises :class:`UsageError` that names its file."""
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib

    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise UsageError(f"{path}: nested too deeply") from error
    except ValueError as error:  # not TOML, or a number that is too long
        raise UsageError(f"{path}: {error}") from error
