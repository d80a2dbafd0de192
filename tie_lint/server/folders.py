"""The settings that an editor has for each of its workspace folders."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tie_lint.api import Configuration
from tie_lint.errors import UsageError
from tie_lint.server.analysis import Analyzer

NAMES = {
    "configuration": "file",
    "isolated": "isolated",
    "select": "select",
    "extendSelect": "extend_select",
    "ignore": "ignore",
    "transformers": "transformers",
    "tiedWeightsKeys": "tied_weights_keys",
    "exclude": "exclude",
}
"""The editor's settings, and the fields of :class:`Configuration` that they set."""
_LISTS = frozenset({"select", "extendSelect", "ignore", "exclude"})


def configuration_of(given: object, folder: Path | None) -> Configuration:
    """Return the configuration that an editor's settings mean. Raises ``UsageError``."""
    if given is None:
        return Configuration()
    if not isinstance(given, Mapping):
        raise UsageError("the editor's settings of tie-lint are no object")
    values: dict[str, Any] = {}
    for name, value in given.items():
        if name not in NAMES:
            raise UsageError(f"the editor's settings have no {name!r}; there are {', '.join(NAMES)}")
        if value is not None and value != "":
            values[NAMES[name]] = _checked(name, value, folder)
    origins = dict.fromkeys(values, "the editor's settings")
    return Configuration(**values, origins=origins)


def _checked(name: str, value: object, folder: Path | None) -> object:
    if name in _LISTS:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise UsageError(f"the editor's setting {name!r} is no list of strings")
        return tuple(value)
    if name == "isolated":
        if not isinstance(value, bool):
            raise UsageError("the editor's setting 'isolated' is neither true nor false")
        return value
    if not isinstance(value, str):
        raise UsageError(f"the editor's setting {name!r} is no string")
    if name == "tiedWeightsKeys" and value not in ("any", "init-base"):
        raise UsageError("the editor's setting 'tiedWeightsKeys' is neither 'any' nor 'init-base'")
    if name == "configuration":
        return (folder or Path.cwd()) / value
    return value


class Folders:
    """An analyzer for each workspace folder, and one for files outside of all."""

    def __init__(self) -> None:
        self._analyzers: dict[Path | None, Analyzer] = {None: Analyzer(Configuration())}

    def set(self, folder: Path | None, given: object) -> None:
        """Take the editor's settings for a folder, None for all others. Raises ``UsageError``."""
        self._analyzers[folder] = Analyzer(configuration_of(given, folder))

    def remove(self, folder: Path) -> None:
        """Forget a folder that is not open any more."""
        self._analyzers.pop(folder, None)

    def of(self, path: Path) -> Analyzer:
        """Return the analyzer of the innermost folder that a file is in."""
        around = next((parent for parent in path.parents if parent in self._analyzers), None)
        return self._analyzers[around]

    def forget_settings(self) -> None:
        """Read all settings and requirements anew."""
        for analyzer in self._analyzers.values():
            analyzer.forget_settings()
