"""Causes as a report shows them: the nearest first, with paths like those of the findings."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tie_lint.interpreter.cause import Cause


def nearest_first(causes: Iterable[Cause], shown: str) -> list[Cause]:
    """Return each cause once: those in the file, in other files, then in the library.

    ``shown`` is the path that the file's findings have; other files are shown as seen from there.
    """
    found = {cause._replace(path=_shown(cause, shown)): None for cause in causes}
    return sorted(found, key=lambda cause: (cause.line is None, cause.path != shown))


def _shown(cause: Cause, beside: str) -> str:
    if cause.line is None:
        return cause.path
    folder = os.path.dirname(beside)  # noqa: PTH120
    return os.path.normpath(os.path.join(folder, os.path.relpath(cause.path, folder or ".")))  # noqa: PTH118
