"""What a requirements file of pip's asks for, with the files that it includes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from tie_lint.python.disk import read_file
from tie_lint.requirements.source import SourceFile, Stated
from tie_lint.requirements.specifier import Requirement, requirement, together

_INCLUDE = re.compile(r"(?:-r|--requirement|-c|--constraint)(?:\s*=\s*|\s+|(?<=-[rc]))(?P<name>\S.*)")


def stated(source: SourceFile) -> Iterator[Stated]:
    """Yield what a file requires, if anything."""
    if specifier := together(required(source)):
        yield Stated(specifier, source.path)


def required(source: SourceFile, above: tuple[Path, ...] = ()) -> list[Requirement]:
    """Return what a file requires, and what the files do that it includes, as requirements or constraints."""
    found = []
    for line in _lines(source):
        if match := _INCLUDE.match(line):
            other = source.beside(match["name"].strip("\"' "))
            if "://" not in match["name"] and other.path not in (source.path, *above):
                found += required(other, (*above, source.path))
        elif one := requirement(line.split(" --")[0]):
            found.append(one)
    return found


def _lines(source: SourceFile) -> Iterator[str]:
    """Yield the lines without comments; one that goes on in the next is one."""
    try:
        text = read_file(str(source.path)).decode("utf-8", "replace")
    except OSError as error:
        source.not_read(f"{source.path}: {error.strerror}")
        return
    for line in text.replace("\\\n", " ").splitlines():
        comment = re.search(r"(?:^|\s)#", line)
        yield line[: comment.start() if comment else None].strip()
