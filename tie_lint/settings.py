"""The settings of a file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from tie_lint.record import NamedTuple

LARGEST_FILE = 10_000_000
"""Bytes of the largest file that is read, where nobody sets another bound."""

DEFAULT = "default"
"""Where a value comes from that nobody has given."""
GIVEN = "given"
"""Where a value comes from that a caller gave and did not name."""


ALL = ("TIE",)
"""The prefix of all codes."""


class Settings(NamedTuple):
    """What is asked of the files that one settings file is for."""

    root: Path
    """The directory that patterns are relative to: that of the settings file."""
    select: tuple[str, ...] = ALL
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    transformers: str | None = None
    """A release or a range; None leaves it to the project's own requirement."""
    per_file_transformers: Mapping[str, str] = MappingProxyType({})
    """Other releases or ranges for some files, by pattern; the first that matches counts."""
    tied_weights_keys: Literal["any", "init-base"] = "any"
    exclude: tuple[str, ...] = ()
    extend_exclude: tuple[str, ...] = ()
    exclude_here: tuple[str, ...] = ()
    """Patterns of the command line: they are relative to the working directory."""
    force_exclude: bool = False
    """Whether files that are named are left out, too."""
    respect_gitignore: bool = True
    """Whether what git ignores is left out."""
    output_format: str = "full"
    unsafe_fixes: bool = False
    cache_dir: str | None = None
    """Where results of earlier runs are kept, relative to the root; None for the user's cache directory."""
    max_file_size: int = LARGEST_FILE
    """Bytes of the largest file that is read."""
    class_time_limit: float = 2.0
    """The CPU time, in seconds, that the questions about one model class may take under one release."""
    per_file_ignores: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    origins: Mapping[str, str] = MappingProxyType({})
    """Where each value comes from, for people; the default where it is not named."""
    roots: Mapping[str, Path] = MappingProxyType({})
    """The directories that inherited values are relative to: those of the files that they stand in."""

    def root_of(self, name: str) -> Path:
        """Return the directory that the paths and patterns of a value are relative to."""
        return self.roots.get(name, self.root)

    def origin(self, name: str) -> str:
        """Return where a value comes from, for people."""
        return self.origins.get(name, DEFAULT)

    def where(self, name: str) -> str:
        """Return what to look at if a value is wrong: the option, or the settings file and the key."""
        origin = self.origin(name)
        return origin if origin.startswith("-") else f"{origin} {name.replace('_', '-')}"

    @property
    def selects_all(self) -> bool:
        """Whether no codes are given, to be selected or left out."""
        return self.selected == ALL and not (self.ignore or self.per_file_ignores)

    @property
    def selected(self) -> tuple[str, ...]:
        """The codes and prefixes that are selected, in one way or another."""
        return (*self.select, *self.extend_select)


def override(settings: Settings, given: Mapping[str, Any], origins: Mapping[str, str]) -> Settings:
    """Return the settings with those that were given, that is, are not None, and where they come from.

    What is selected takes the place of all that was; what is selected besides is added. Patterns to exclude
    are relative to the working directory then.
    """
    values = {name: value for name, value in given.items() if value is not None}
    sources = {**settings.origins, **{name: origins.get(name, GIVEN) for name in values}}
    if "select" in values:
        values.setdefault("extend_select", ())
    elif "extend_select" in values:
        values["extend_select"] = (*settings.extend_select, *values["extend_select"])
    here = (*values.get("exclude", ()), *values.pop("extend_exclude", ()))
    if "exclude" in values:
        values["exclude"] = ()
    values["exclude_here"] = here
    roots = {name: root for name, root in settings.roots.items() if name not in values}
    return settings._replace(**values, origins=MappingProxyType(sources), roots=MappingProxyType(roots))
