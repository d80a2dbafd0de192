"""Which codes are reported: `select`, `ignore` and `per-file-ignores`, all as prefixes of codes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tie_lint.errors import UsageError
from tie_lint.pipeline.configuration import nearest
from tie_lint.rules import all_rules
from tie_lint.settings import Settings


class Selection:
    """A code is on if its longest selected prefix is longer than its longest ignored one.

    ``TIE900`` needs no selecting: a file that could not be checked is never passed over in silence. A rule on
    request is on only where its whole code is selected.
    Raises :class:`UsageError` for a prefix of no code, and where nothing is selected.
    """

    def __init__(self, settings: Settings) -> None:
        if not settings.selected:
            raise UsageError(f"{settings.where('select')}: no code is selected")
        self._select = _known(settings.where("select"), settings.select)
        self._select += _known(settings.where("extend_select"), settings.extend_select)
        self._ignore = _known(settings.where("ignore"), settings.ignore)
        where = settings.where("per_file_ignores")
        self._per_file = {
            pattern: _known(f"{where}.{pattern}", codes)
            for pattern, codes in settings.per_file_ignores.items()
        }
        self._root = settings.root_of("per_file_ignores")

    def reports(self, code: str, path: Path) -> bool:
        """Return whether findings of that code are shown for that file."""
        ignored, rule = _longest(code, self._ignore), all_rules()[code]
        if rule.of_files:
            wanted = ignored == 0
        elif rule.on_request:
            wanted = code in self._select and code not in self._ignore
        else:
            wanted = _longest(code, self._select) > ignored
        return wanted and not _longest(code, self._ignored_in(path))

    def _ignored_in(self, path: Path) -> list[str]:
        if not self._per_file:
            return []
        from tie_lint.pipeline.globs import Patterns

        return [
            code
            for pattern, codes in self._per_file.items()
            if Patterns([pattern], self._root, "per-file-ignores").match(path)
            for code in codes
        ]


def check_selection(settings: Settings) -> None:
    """Raise :class:`UsageError` for settings that select or ignore what is no code."""
    Selection(settings)


def _known(key: str, prefixes: Iterable[str]) -> tuple[str, ...]:
    upper = tuple(prefix.strip().upper() for prefix in prefixes)
    for prefix in upper:
        if not prefix or not any(code.startswith(prefix) for code in all_rules()):
            hint = nearest(prefix, all_rules(), "codes")
            raise UsageError(f"{key}: no rule's code starts with {prefix!r}{hint}")
    return upper


def _longest(code: str, prefixes: Iterable[str]) -> int:
    return max((len(prefix) for prefix in prefixes if code.startswith(prefix)), default=0)
