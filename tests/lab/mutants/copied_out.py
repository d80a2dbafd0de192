"""A model's folder copied out of the library, as users make a package of their own of it."""

from __future__ import annotations

import functools
import re
import tempfile
from pathlib import Path

from tests.corpus import sources

RELATIVE = re.compile(r"^(\s*from )(\.\.+)(\w[\w.]*)?(?= import )", re.MULTILINE)


def copied_out(release: str, module: str) -> Path:
    """A folder that holds the package of a module below ``transformers.models``, in the same place in it.

    What is imported from outside of that package is imported from ``transformers`` by its whole name.
    """
    *package, _ = module.split(".")
    return _copied(release, tuple(package))


@functools.cache
def _copied(release: str, package: tuple[str, ...]) -> Path:
    to = Path(_scratch().name, release)
    folder = Path("models", *package)
    to.joinpath(folder).mkdir(parents=True)
    for file in sources(release).joinpath("transformers", folder).glob("*.py"):
        text = absolute(file.read_text(encoding="utf-8"), ["transformers", *folder.parts])
        to.joinpath(folder, file.name).write_text(text, encoding="utf-8")
    return to


def absolute(text: str, package: list[str]) -> str:
    """The text of a module of the package, with each import from beyond it by its whole name."""

    def named(found: re.Match[str]) -> str:
        start, dots, rest = found.groups()
        return start + ".".join([*package[: len(package) + 1 - len(dots)], *([rest] if rest else [])])

    return RELATIVE.sub(named, text)


@functools.cache
def _scratch() -> tempfile.TemporaryDirectory[str]:
    """One for the process, at whose end it goes."""
    return tempfile.TemporaryDirectory()
