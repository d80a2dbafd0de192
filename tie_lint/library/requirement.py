"""What a project says it requires of transformers.

Its files are other tools'. What is wrong with one of them is a warning, and the next one counts.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tie_lint.errors import UsageError
from tie_lint.python.disk import read_file

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


def project_requirements(start: Path, warnings: list[str]) -> Iterator[tuple[str, Path]]:
    """Yield the version specifiers and the files they stand in, from the nearest directory on.

    Looks in ``start`` and upwards, no further than the root of a git repository. A requirement
    without a version says nothing. Adds to ``warnings`` what could not be read or understood.
    """
    for directory in (start, *start.parents):
        for path, specifier in _specifiers_in(directory, warnings):
            if specifier:
                yield specifier, path
        if (directory / ".git").exists():
            return


def read_toml(path: Path) -> dict[str, Any]:
    """Return the tables of a TOML file. Raises :class:`UsageError` when it cannot be read."""
    try:
        return tomllib.loads(read_file(str(path)).decode("utf-8"))
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from error
    except RecursionError as error:
        raise UsageError(f"{path}: nested too deeply") from error
    except ValueError as error:  # not UTF-8, not TOML, or a number that is too long
        raise UsageError(f"{path}: {error}") from error


def _specifiers_in(directory: Path, warnings: list[str]) -> Iterator[tuple[Path, str | None]]:
    if (path := directory / "pyproject.toml").is_file():
        try:
            tables = read_toml(path)
        except UsageError as error:
            warnings.append(f"{error}; not read for what the project requires")
        else:
            for specifier in _Pyproject(path, tables, warnings).specifiers():
                yield path, specifier
    if (path := directory / "setup.cfg").is_file():
        for line in _in_setup_cfg(path, warnings):
            yield path, _specifier(line)
    for path in sorted(directory.glob("requirements*.txt"), key=lambda path: (len(path.name), path.name)):
        for line in _in_requirements(path, warnings):
            yield path, _specifier(line)


class _Pyproject:
    """The requirements in a ``pyproject.toml``, in which anything may stand anywhere."""

    def __init__(self, path: Path, tables: dict[str, Any], warnings: list[str]) -> None:
        self._path, self._tables, self._warnings = path, tables, warnings

    def specifiers(self) -> Iterator[str | None]:
        """Yield the specifiers of transformers, and None for other requirements."""
        project = self._table(self._tables, "project")
        yield from map(_specifier, self._lines(project, "dependencies"))
        yield self._in_poetry()
        for groups in (
            self._table(project, "optional-dependencies"),
            self._table(self._tables, "dependency-groups"),
        ):
            for name in groups:
                yield from map(_specifier, self._lines(groups, name))

    def _in_poetry(self) -> str | None:
        tool = self._tables.get("tool")
        poetry = self._table(tool if isinstance(tool, dict) else {}, "poetry")
        found = self._table(poetry, "dependencies").get("transformers")
        # One requirement, or a list of them for different Pythons; each a version or a table with one.
        items = found if isinstance(found, list) else [found]
        versions = [item.get("version") if isinstance(item, dict) else item for item in items]
        for version in versions:
            if version is not None and not isinstance(version, str):
                self._warn("tool.poetry.dependencies.transformers", "a version", version)
        known = [one for version in versions if isinstance(version, str) for one in version.split("||")]
        ranges = [self._range(one.strip()) for one in known]
        return None if None in ranges else " || ".join(filter(None, ranges)) or None

    def _range(self, version: str) -> str | None:
        """Return what Poetry's constraints are in PEP 440; None for any version and for what is none."""
        from packaging.specifiers import SpecifierSet

        parts = re.split(r"\s*,\s*|(?<=[\w*])\s+", version)
        try:
            return str(SpecifierSet(",".join(map(_from_poetry, parts)))) or None
        except ValueError:  # InvalidSpecifier, or a number that is too long
            self._warn("tool.poetry.dependencies.transformers", "a version", version)
            return None

    def _table(self, tables: dict[str, Any], key: str) -> dict[str, Any]:
        value = tables.get(key, {})
        if not isinstance(value, dict):
            self._warn(key, "a table", value)
            return {}
        return value

    def _lines(self, tables: dict[str, Any], key: str) -> list[str]:
        value = tables.get(key, [])
        if not isinstance(value, list):
            self._warn(key, "a list of requirements", value)
            return []
        return [line for line in value if isinstance(line, str)]

    def _warn(self, key: str, expected: str, value: object) -> None:
        self._warnings.append(f"{self._path}: {key}: expected {expected}, not {value!r:.60}; ignored")


def _in_setup_cfg(path: Path, warnings: list[str]) -> Iterator[str]:
    import configparser

    parser = configparser.RawConfigParser()
    try:
        parser.read_string(read_file(str(path)).decode("utf-8"))
    except (configparser.Error, OSError, ValueError) as error:
        warnings.append(f"{path}: {str(error).partition(chr(10))[0]}; not read for what the project requires")
        return
    yield from parser.get("options", "install_requires", fallback="").splitlines()
    if parser.has_section("options.extras_require"):
        for _, lines in parser.items("options.extras_require"):
            yield from lines.splitlines()


def _in_requirements(path: Path, warnings: list[str]) -> Iterator[str]:
    try:
        text = read_file(str(path)).decode("utf-8", "replace").replace("\\\n", " ")
    except OSError as error:
        warnings.append(f"{path}: {error.strerror}; not read for what the project requires")
        return
    for line in text.splitlines():
        yield line.split(" #")[0].split(" --")[0]


def _from_poetry(version: str) -> str:
    """Return PEP 440 for Poetry's ``^4.40`` (that major), ``~4.40`` (that minor), ``4.51.3``, ``*``."""
    bare = version.lstrip("^~ ")
    parts = bare.split(".")
    if version.startswith("^"):
        return f">={bare},=={parts[0]}.*"
    if version.startswith("~") and not version.startswith("~="):
        return f">={bare},=={'.'.join(parts[:2])}.*"
    if version == "*":
        return ""
    return f"=={version}" if version[:1].isdigit() else version


def _specifier(line: str) -> str | None:
    """Return the version part of a requirement on transformers; None for any other line."""
    if "transformers" not in line.lower():
        return None
    from packaging.requirements import Requirement

    try:
        requirement = Requirement(line.strip())
    except ValueError:  # InvalidRequirement, or a number that is too long
        return None
    return str(requirement.specifier) if requirement.name.lower() == "transformers" else None
