"""The formats of a report: a module each, found by its name, with ``write(report, stream)``."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, TextIO

from tie_lint.errors import UsageError

if TYPE_CHECKING:
    from tie_lint.pipeline.report import Report

Writer = Callable[["Report", TextIO], None]


def names() -> list[str]:
    """Return the names of all formats, as users write them."""
    import pkgutil

    return sorted(module.name.replace("_", "-") for module in pkgutil.iter_modules(__path__))


def writer(name: str, asked_by: str) -> Writer:
    """Return what writes a report in a format. Raises :class:`UsageError`, which says who asked for it."""
    module = f"{__name__}.{name.replace('-', '_')}"
    try:
        write: Writer = import_module(module).write
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
        from tie_lint.pipeline.configuration import nearest

        hint = nearest(name, dict.fromkeys(names()), "formats")
        raise UsageError(f"{asked_by}: no format {name!r}{hint}") from error
    return write
