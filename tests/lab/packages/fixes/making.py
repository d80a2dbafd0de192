"""The fixes of the packages, made as the command makes them. Needs tie-lint alone."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.lab.packages.fixes.records import ALL, ALL_SAFE, ONE, Offered
from tests.lab.packages.sources import Package
from tie_lint.api import Configuration, Report, check_paths
from tie_lint.edits.edit import apply
from tie_lint.finding import Finding


def made(release: str, package: Package) -> Iterator[Offered]:
    """Every fix that is offered for a package by itself, all safe ones, and all."""
    folder = package.folder().resolve()
    configuration = Configuration(isolated=True, transformers=release, respect_gitignore=False)
    found = check_paths([folder], configuration, fixes="show")
    for one in found.findings:
        if one.fix is not None:
            path = Path(one.path).resolve()
            place = path.relative_to(folder).as_posix()
            changed = (one.fix.path or path).resolve()
            text = apply(changed.read_bytes().decode(), one.fix.edits)
            texts = {changed.relative_to(folder).as_posix(): text}
            yield Offered(
                package.requirement,
                ONE,
                one.fix.safe,
                place,
                one.line,
                one.code,
                one.class_name or "",
                texts=texts,
            )
    for unsafe in (False, True) if found.findings else ():
        fixed = _all(package, folder, configuration, found, unsafe)
        if fixed.texts:
            yield fixed


def _all(
    package: Package, folder: Path, configuration: Configuration, found: Report, unsafe: bool
) -> Offered:
    """What fixing all of a package leaves, and what is found in it then that was not before."""
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch).resolve() / folder.name
        shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("__pycache__"))
        fixed = check_paths([copy], configuration, fixes="write", unsafe_fixes=unsafe).fixed
        again = check_paths([copy], configuration)
        before = Counter(_said(folder, one) for one in found.findings)
        brings = Counter(_said(copy, one) for one in again.findings) - before
        texts = dict(_changed(folder, copy))
    return Offered(
        package.requirement,
        ALL if unsafe else ALL_SAFE,
        not unsafe,
        code=" ".join(sorted({one.code for one in fixed})),
        brings=sorted(map(" ".join, brings)),
        texts=texts,
    )


def _said(folder: Path, found: Finding) -> tuple[str, str, str]:
    return Path(found.path).resolve().relative_to(folder).as_posix(), found.code, found.class_name or ""


def _changed(folder: Path, copy: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(copy.rglob("*.py")):
        name, data = path.relative_to(copy), path.read_bytes()
        if data != (folder / name).read_bytes():
            yield name.as_posix(), data.decode()
