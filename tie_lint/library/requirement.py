"""What a project says it requires of transformers."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tie_lint.errors import UsageError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


def project_requirement(start: Path) -> tuple[str, Path] | None:
    """The version specifier and the file it stands in, from the nearest directory that has one.

    Looks in ``start`` and upwards, no further than the root of a git repository. A requirement
    without a version says nothing. Raises :class:`UsageError` for a broken ``pyproject.toml``.
    """
    for directory in (start, *start.parents):
        for path, line in _requirements_in(directory):
            if specifier := _specifier(line):
                return specifier, path
        if (directory / ".git").exists():
            break
    return None


def read_toml(path: Path) -> dict[str, Any]:
    """The tables of a TOML file. Raises :class:`UsageError` when it cannot be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{path}: {error}") from error


def _requirements_in(directory: Path) -> Iterator[tuple[Path, str]]:
    if (path := directory / "pyproject.toml").is_file():
        for line in _in_pyproject(read_toml(path)):
            yield path, line
    if (path := directory / "setup.cfg").is_file():
        for line in _in_setup_cfg(path):
            yield path, line
    for path in sorted(directory.glob("requirements*.txt"), key=lambda path: (len(path.name), path.name)):
        text = path.read_text(encoding="utf-8", errors="replace").replace("\\\n", " ")
        for line in text.splitlines():
            yield path, line.split(" #")[0].split(" --")[0]


def _in_pyproject(tables: dict[str, Any]) -> Iterator[str]:
    project = tables.get("project", {})
    yield from project.get("dependencies", [])
    poetry = tables.get("tool", {}).get("poetry", {}).get("dependencies", {}).get("transformers")
    if version := poetry.get("version") if isinstance(poetry, dict) else poetry:
        yield f"transformers {_from_poetry(version)}"
    for group in (project.get("optional-dependencies", {}), tables.get("dependency-groups", {})):
        for lines in group.values():
            yield from (line for line in lines if isinstance(line, str))


def _in_setup_cfg(path: Path) -> Iterator[str]:
    import configparser

    parser = configparser.RawConfigParser()
    try:
        parser.read(path, encoding="utf-8")
    except (configparser.Error, UnicodeDecodeError):
        return
    yield from parser.get("options", "install_requires", fallback="").splitlines()
    if parser.has_section("options.extras_require"):
        for _, lines in parser.items("options.extras_require"):
            yield from lines.splitlines()


def _from_poetry(version: str) -> str:
    """PEP 440 for Poetry's ``^4.40`` (that major), ``~4.40`` (that minor), ``4.51.3`` (no other), ``*``."""
    bare = version.lstrip("^~ ")
    parts = bare.split(".")
    if version.startswith("^"):
        return f">={bare},=={parts[0]}.*"
    if version.startswith("~") and not version.startswith("~="):
        return f">={bare},=={'.'.join(parts[:2])}.*"
    if version == "*":
        return ""
    return f"=={version}" if version[0].isdigit() else version


def _specifier(line: str) -> str | None:
    """The version part of a requirement on transformers; None for any other line."""
    if "transformers" not in line.lower():
        return None
    from packaging.requirements import InvalidRequirement, Requirement

    try:
        requirement = Requirement(line.strip())
    except InvalidRequirement:
        return None
    return str(requirement.specifier) if requirement.name.lower() == "transformers" else None
