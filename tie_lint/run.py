"""A run of the command: paths in, a report out."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from tie_lint.discovery import python_files
from tie_lint.finding import Finding
from tie_lint.library.target import Targets
from tie_lint.lint import Checked, Linter
from tie_lint.patterns import Patterns
from tie_lint.python.outline import UnreadableSourceError, decode, parse, split_lines
from tie_lint.settings import Settings
from tie_lint.telltale import may_hold_models


@dataclass
class Report:
    """The findings in order, the lines of the files they are in, and what was looked at."""

    targets: Targets
    findings: list[Finding] = field(default_factory=list)
    lines: dict[str, list[str]] = field(default_factory=dict)
    """By the path that findings bear; missing for a file that could not be read."""
    model_files: int = 0
    fixed: list[Finding] = field(default_factory=list)
    """What is no longer there because it was mended."""
    diffs: list[str] = field(default_factory=list)
    """What would be written, a unified diff for each file."""
    warnings: list[str] = field(default_factory=list)
    """What was to be mended and was not, and why."""


@dataclass(frozen=True)
class Standard:
    """A text from standard input and the path it stands for."""

    path: Path
    data: bytes


@dataclass(frozen=True)
class Held:
    """A file that was checked, as it was read."""

    path: Path
    shown: str
    """The path that its findings bear."""
    data: bytes
    text: str
    checked: Checked


Treat = Callable[[Linter, Held], tuple[list[Finding], str]]
"""What to do about a file with findings that may be mended: gives the findings to report, and the text that
they are of. The linter lints by the settings of the run."""


def run(
    paths: Sequence[Path],
    settings: Settings,
    targets: Targets,
    stdin: Standard | None = None,
    treat: Treat | None = None,
) -> Report:
    """Check the files that the paths stand for, and the text from standard input.

    Raises ``UsageError`` for a path that does not exist.
    """
    linter = Linter(settings, targets)
    report = Report(targets)
    for path, named, data in _sources(paths, settings, stdin):
        shown = os.path.normpath(path)
        checked, text = _check(linter, path, shown, named, data)
        report.model_files += bool(checked.models)
        findings = checked.findings
        if treat and isinstance(data, bytes) and text is not None and any(found.offers for found in findings):
            findings, text = treat(linter, Held(path, shown, data, text, checked))
        # An offer holds on to all that is known of its model.
        report.findings += [replace(found, offers=()) for found in findings]
        if findings and text is not None:
            report.lines[shown] = split_lines(text)
    report.findings.sort()
    return report


def _sources(
    paths: Sequence[Path], settings: Settings, stdin: Standard | None
) -> Iterator[tuple[Path, bool, bytes | OSError]]:
    if stdin:
        yield stdin.path, True, stdin.data
    for path, named in python_files(paths, Patterns(settings.exclude, settings.root)):
        try:
            yield path, named, path.read_bytes()
        except OSError as error:
            yield path, named, error


def _check(
    linter: Linter, path: Path, shown: str, named: bool, data: bytes | OSError
) -> tuple[Checked, str | None]:
    """The outcome for one file, and its text where it has one. Only a named file is parsed in any case."""
    text = None
    try:
        if isinstance(data, OSError):
            raise UnreadableSourceError(data.strerror or str(data))
        text = decode(data)
        if may_hold_models(text):
            return linter.check(path, shown, text), text
        if named:
            parse(text)
    except UnreadableSourceError as error:
        return linter.unreadable(path, shown, error), text
    return Checked(0, []), text
