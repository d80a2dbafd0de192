"""The formats of a report: a module each, found by its name, with ``write(report, stream)``."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, TextIO

from tie_lint.errors import UsageError

if TYPE_CHECKING:
    from tie_lint.pipeline.report import Report

Writer = Callable[["Report", TextIO], None]


def names() -> list[str]:
    """Return the names of all formats, as users write them."""
    return sorted(module.name.replace("_", "-") for module in pkgutil.iter_modules(__path__))


def writer(name: str, asked_by: str) -> Writer:
    """Return what writes a report in a format. Raises :class:`UsageError`, which says who asked for it."""
    if name not in names():
        from tie_lint.pipeline.configuration import nearest

        known = dict.fromkeys(names())
        raise UsageError(f"{asked_by}: no format {name!r}{nearest(name, known, 'formats')}")
    write: Writer = import_module(f"{__name__}.{name.replace('-', '_')}").write
    return write
