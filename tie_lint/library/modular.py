"""Modular files: the library's templates, from which the files with the running classes are generated.

``utils/modular_model_converter.py`` of the library writes ``modeling_acme.py`` from ``modular_acme.py``: it
copies inherited bodies and rewrites names on the way, so that the template's classes are not what runs.
"""

from __future__ import annotations

import re
from pathlib import Path

from tie_lint.python.disk import Disk

TEMPLATE, GENERATED = "modular_", "modeling_"

HEAD = 2048
"""How many bytes of a generated file are looked at; the converter's notice is at its very beginning."""


def generated(path: Path) -> Path | None:
    """Return the neighbour that the models of a modular file would be generated into; None for
    other files.
    """
    if not path.name.startswith(TEMPLATE):
        return None
    return path.with_name(GENERATED + path.name.removeprefix(TEMPLATE))


def template(path: Path) -> Path | None:
    """Return the neighbour that a file of models would be generated from; None for other files."""
    if not path.name.startswith(GENERATED):
        return None
    return path.with_name(TEMPLATE + path.name.removeprefix(GENERATED))


def is_template(path: Path, disk: Disk) -> bool:
    """Return whether the models of a file are generated into its neighbour, which is the one to check.

    The neighbour has to say so itself: a file that merely goes by that name is no template.
    """
    neighbour = generated(path)
    if neighbour is None or not disk.is_file(str(neighbour.absolute())):
        return False
    try:
        head = disk.read(str(neighbour.absolute()))[:HEAD].decode("utf-8", "replace")
    except OSError:
        return False
    return _says_so(head, path.name)


def template_of(path: Path, text: str, disk: Disk) -> Path | None:
    """Return the file that one with this text is generated from, if that stands beside it; else None."""
    neighbour = template(path)
    if neighbour is None or not disk.is_file(str(neighbour.absolute())):
        return None
    return neighbour if _says_so(text[:HEAD], neighbour.name) else None


def _says_so(head: str, name: str) -> bool:
    """Whether the beginning of a file says that it is generated from the file of this name."""
    notice = rf"^#.*\bgenerated from (?:\S*[/\\])?{re.escape(name)}\b"
    return re.search(notice, head, re.MULTILINE) is not None


def class_lines(path: Path, disk: Disk) -> dict[str, int]:
    """Return the lines on which a file defines classes, by their names; empty where it cannot be read."""
    try:
        text = disk.read(str(path.absolute())).decode("utf-8", "replace")
    except OSError:
        return {}
    found = enumerate(map(_CLASS.match, text.splitlines()), start=1)
    return {match.group(1): line for line, match in found if match}


_CLASS = re.compile(r"class\s+(\w+)")
