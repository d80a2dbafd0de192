"""Checking one file: from a job to its result."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from tie_lint.errors import UsageError
from tie_lint.pipeline.document import Document
from tie_lint.pipeline.failure import Failure
from tie_lint.pipeline.prefilter import may_hold_models
from tie_lint.pipeline.reading import read_document
from tie_lint.pipeline.result import FileResult, Fixes
from tie_lint.python.text import UnreadableSourceError
from tie_lint.record import NamedTuple

if TYPE_CHECKING:
    from tie_lint.finding import Finding
    from tie_lint.pipeline.linter import Checked, Linter


class FileJob(NamedTuple):
    """A file to check."""

    path: Path
    shown: str
    """The path that its findings have."""
    named: bool
    """Whether it was named itself: then it is parsed even if it cannot hold a model."""
    size: int
    group: int = 0
    """Which of the run's settings and targets it has."""


class CheckedFile(NamedTuple):
    """A file that was checked, as it was read."""

    document: Document
    checked: Checked


class ActionResult(NamedTuple):
    """The findings to report of a file, the text that they are of, and internal errors on the way."""

    findings: list[Finding]
    text: str
    failures: tuple[Failure, ...] = ()
    seen: frozenset[str] = frozenset()
    """The files that made a difference."""
    fixes: Fixes = ""
    """What the findings have of their fixes."""


class WritingAction(Protocol):
    """What makes fixes and writes them."""

    def __call__(self, linter: Linter, file: CheckedFile) -> ActionResult:
        """Fix a file; it is a :data:`FixAction`."""

    def fix_config(self, document: Document, findings: list[Finding], unsafe: bool) -> list[Finding]:
        """Fix a folder's config.json; ``unsafe`` is the setting. Return the findings that are left."""


FixAction = Callable[["Linter", CheckedFile], ActionResult]
"""Done to a file with findings that may have a fix. The linter has the settings of the run."""


def check_file(linter: Linter, job: FileJob, action: FixAction | None) -> FileResult:
    """Return the result for one file as the linter finds it on the disk."""
    document = read_document(job.path, linter.projects.disk, job.shown)
    return check_document(linter, document, job.named, action)[0]


def check_document(
    linter: Linter, document: Document, named: bool, action: FixAction | None
) -> tuple[FileResult, Document]:
    """Return the result for a file that was read, after the action; and what is in the file then.

    An internal error about one file is part of its result: it costs no other file.
    """
    try:
        return _check_and_act(linter, document, named, action)
    except UsageError:
        raise
    except Exception as error:
        return FileResult(0, (), False, {}, (Failure.of(error, document.shown),)), document
    finally:
        linter.projects.let_go()


def _check_and_act(
    linter: Linter, document: Document, named: bool, action: FixAction | None
) -> tuple[FileResult, Document]:
    checked, now = _check(linter, document, named), document
    findings, failures, offered = checked.findings, checked.failures, bool(checked.offers)
    names = {str(document.path.absolute()), *checked.seen}
    fixes: Fixes = ""
    if action and offered:
        findings, text, more, others, fixes = action(linter, CheckedFile(document, checked))
        failures += more
        for path in others - names:
            linter.projects.disk.fingerprint(path)
        names |= others
        now = document if text == document.text else document.with_text(text)
    seen = linter.projects.disk.fingerprints(names)
    found, lost = tuple(map(now.placed, findings)), tuple(map(document.placed_model, checked.not_followed))
    return FileResult(checked.models, found, offered, seen, failures, lost, fixes), now


def _check(linter: Linter, document: Document, named: bool) -> Checked:
    """Return what is found in one file. Without a model only a named file is parsed."""
    from tie_lint.pipeline.linter import Checked

    try:
        if may_hold_models(document.text):
            return linter.check(document)
        if named:
            from tie_lint.python.outline import parse

            parse(document.text)
    except UnreadableSourceError as error:
        return linter.unreadable(document, error)
    return Checked(0, [])
