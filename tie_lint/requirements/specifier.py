"""The words that requirements are written in, as version specifiers of PEP 440."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from tie_lint.record import NamedTuple
from tie_lint.requirements.source import NAME

LONGEST = 300
"""Characters of the longest version that is read."""


class Requirement(NamedTuple):
    """A requirement on transformers."""

    specifier: str
    """As in PEP 440, with "||" between ranges of which any will do; "" for any version."""
    conditional: bool = False
    """Whether it holds only in some environments."""


def requirement(line: str) -> Requirement | None:
    """Return what a line of PEP 508 requires of transformers; None for any other line."""
    if NAME not in line.lower():
        return None
    plain = _PLAIN.fullmatch(line.strip())
    if plain is not None:
        return _plain(plain["specifier"])
    from packaging.requirements import Requirement as Parsed

    try:
        parsed = Parsed(line.strip())
    except ValueError:  # InvalidRequirement, or a number that is too long
        return None
    if parsed.name.lower() != NAME:
        return None
    return Requirement(str(parsed.specifier), parsed.marker is not None)


_PLAIN = re.compile(rf"{NAME} ?(?P<specifier>[<>=!~][\w.*+!<>=~, -]{{0,300}}|)", re.IGNORECASE)
"""What needs no parser of requirements; importing that takes as long as all else that is read here."""


def _plain(specifier: str) -> Requirement | None:
    from packaging.specifiers import SpecifierSet

    try:
        return Requirement(str(SpecifierSet(specifier)))
    except ValueError:  # InvalidSpecifier, or a number that is too long
        return None


def requirements(lines: Iterable[object]) -> list[Requirement]:
    """Return what lines of PEP 508 require of transformers; what is no line is left out."""
    found = (requirement(line) for line in lines if isinstance(line, str))
    return [one for one in found if one is not None]


def together(found: Iterable[Requirement]) -> str:
    """Return the specifier of several requirements: all that hold everywhere, with any of the others."""
    everywhere: list[str] = []
    sometimes: list[str] = []
    for one in dict.fromkeys(found):
        if one.specifier:
            (sometimes if one.conditional or "||" in one.specifier else everywhere).append(one.specifier)
    if not sometimes:
        return ",".join(everywhere)
    parts = [part.strip() for one in sometimes for part in one.split("||")]
    return " || ".join(",".join((part, *everywhere)) for part in parts)


def from_poetry(version: object) -> str:
    """Return PEP 440 for Poetry's ``^4.40 || ~5.1.2``, ``*``, ``4.51.3``. Raises ``ValueError``."""
    return _any_of(version, "||", r"\s*,\s*|(?<=[\w*])\s+", _poetry_part)


def from_conda(version: object) -> str:
    """Return PEP 440 for conda's ``4.51.*``, ``=4.51``, ``>=4.45,<5|5.1``. Raises ``ValueError``."""
    return _any_of(version, "|", r"\s*,\s*", _conda_part)


def _any_of(version: object, between: str, separator: str, translate: Callable[[str], str]) -> str:
    """Return the ranges between which ``between`` stands; "" where one of them is any version."""
    from packaging.specifiers import SpecifierSet

    if not isinstance(version, str) or len(version) > LONGEST:
        raise ValueError("no version")
    parts = [re.split(separator, one.strip()) for one in version.split(between)]
    ranges = [str(SpecifierSet(",".join(map(translate, part)))) for part in parts]
    return "" if "" in ranges else " || ".join(ranges)


def _poetry_part(version: str) -> str:
    """``^4.40`` is that major, ``~4.40`` that minor, ``4.51.3`` that release."""
    bare = version.lstrip("^~ ")
    parts = bare.split(".")
    if version.startswith("^"):
        return f">={bare},=={parts[0]}.*"
    if version.startswith("~") and not version.startswith("~="):
        return f">={bare},=={'.'.join(parts[:2])}.*"
    if version == "*":
        return ""
    return f"=={version}" if version[:1].isdigit() else version


def _conda_part(version: str) -> str:
    """``=4.51`` is all that begins so; what follows a second "=" or a space is a build."""
    bare = re.match(r"\s*((?:[<>!~=]=?)?\s*[\w.*+!-]*)", version)
    text = "" if bare is None else bare[1].replace(" ", "")
    if text in ("", "*", "=*"):
        return ""
    if text[0] == "=" and text[1:2] != "=":
        return f"=={text[1:].removesuffix('.*').rstrip('*')}.*"
    return f"=={text}" if text[0].isdigit() else text
