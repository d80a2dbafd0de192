"""The formats of a report: a module each, found by its name, with ``write(report, stream)`` and ``FIXES``.

``FIXES`` is what the format tells of fixes, and so what is worked out of them: nothing (``"none"``), which
findings have one (``"mark"``), or each one's edits (``"show"``).
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Literal, TextIO

from tie_lint.errors import UsageError

if TYPE_CHECKING:
    from tie_lint.pipeline.report import Report

Writer = Callable[["Report", TextIO], None]
Told = Literal["none", "mark", "show"]


def names() -> list[str]:
    """Return the names of all formats, as users write them."""
    import pkgutil

    return sorted(module.name.replace("_", "-") for module in pkgutil.iter_modules(__path__))


def fixes(name: str) -> Told:
    """Return what the format of a writer tells of fixes."""
    told: Told = import_module(_module(name)).FIXES
    return told


def _module(name: str) -> str:
    return f"{__name__}.{name.replace('-', '_')}"


def writer(name: str, asked_by: str) -> Writer:
    """Return what writes a report in a format. Raises :class:`UsageError`, which says who asked for it."""
    module = _module(name)
    try:
        write: Writer = import_module(module).write
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
        from tie_lint.pipeline.configuration import nearest

        hint = nearest(name, dict.fromkeys(names()), "formats")
        raise UsageError(f"{asked_by}: no format {name!r}{hint}") from error
    return write
