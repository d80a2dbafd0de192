"""What describes an environment: conda's ``environment.yml``, and lock files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tie_lint.requirements.source import NAME, SourceFile, Stated, Tables
from tie_lint.requirements.specifier import Requirement, from_conda, requirement, together

LARGEST = 200_000
"""Characters of the largest ``environment.yml`` that is read; reading YAML takes long."""
_CONDA = re.compile(rf"(?:[\w.-]+::)?{NAME}(?![\w.-])(?P<version>.*)", re.IGNORECASE)


_URL = re.compile(rf"/{NAME}-(?P<version>[0-9][^-/]*)-[^/]*\.(?:conda|tar\.bz2|whl)(?:#.*)?$")
"""The end of the address of a package, of which conda's have no other version."""
_FIELD = re.compile(r"(?:- |  )(?P<key>\w+): *(?P<value>\S.*)")


def stated_by_conda(source: SourceFile) -> Iterator[Stated]:
    """Yield what an ``environment.yml`` requires, of conda and of pip."""
    text = source.text()
    if text is None:
        return
    if len(text) > LARGEST:
        source.not_read(f"{source.path}: larger than {LARGEST} characters")
        return
    import yaml

    try:
        data = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        source.not_read(f"{source.path}: {str(error).partition(chr(10))[0]}")
        return
    lines = data.get("dependencies") if isinstance(data, dict) else None
    if specifier := together(_in_environment(source, lines)):
        yield Stated(specifier, source.path)


def _in_environment(source: SourceFile, lines: Any) -> Iterator[Requirement]:
    for line in lines if isinstance(lines, list) else []:
        if isinstance(line, dict):
            found = [requirement(one) for one in line.get("pip") or () if isinstance(one, str)]
            yield from (one for one in found if one is not None)
        elif isinstance(line, str) and (match := _CONDA.fullmatch(line.strip())):
            try:
                yield Requirement(from_conda(match["version"]))
            except ValueError:  # InvalidSpecifier, or a number that is too long
                source.ignored("dependencies", "a version", line)


def stated_by_lock(source: SourceFile) -> Iterator[Stated]:
    """Yield the releases in a lock file of uv, Poetry or PDM, or in a ``pylock.toml``."""
    tables = Tables(source, source.tables())
    packages = [*tables.lines("package"), *tables.lines("packages")]
    found = [
        Requirement(f"=={package['version']}", True)
        for package in packages
        if isinstance(package, dict) and package.get("name") == NAME and package.get("version")
    ]
    if specifier := together(found):
        yield Stated(specifier, source.path)


def stated_by_pixi_lock(source: SourceFile) -> Iterator[Stated]:
    """Yield the releases in a ``pixi.lock``, formats 4 to 6.

    It is YAML, and many times too large to be parsed as such: pixi writes one field a line.
    """
    lines = (source.text() or "").partition("\npackages:\n")[2].splitlines()
    packages: list[dict[str, str]] = []
    for line in lines:
        if line.startswith("- "):
            packages.append({})
        if packages and (field := _FIELD.match(line)):
            packages[-1].setdefault(field["key"], field["value"].strip().strip("'\""))
    found = [Requirement(f"=={version}", True) for version in filter(None, map(_locked, packages))]
    if specifier := together(found):
        yield Stated(specifier, source.path)


def _locked(package: dict[str, str]) -> str | None:
    """Return which release of transformers a package of a ``pixi.lock`` is; None for all others."""
    if package.get("name") == NAME and "version" in package:
        return package["version"]
    addresses = (package.get(key, "") for key in ("conda", "pypi", "url"))
    found = next(filter(None, map(_URL.search, addresses)), None)
    return found["version"] if found else None
