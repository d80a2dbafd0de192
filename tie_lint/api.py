"""What every front end calls: check paths or a text, explain paths.

``check_paths`` and ``check_source`` return a :class:`Report`, ``explain_paths`` gives :class:`Explanations`.
All raise :class:`UsageError` for bad usage and bad configuration. An internal error is no exception: it is
in the ``failures`` of what they return, and costs no other class and no other file.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from tie_lint.errors import UsageError as UsageError
from tie_lint.pipeline.check import StandardInput as StandardInput
from tie_lint.pipeline.check import check_files
from tie_lint.pipeline.discovery import find_files
from tie_lint.pipeline.exclusion import Exclusion
from tie_lint.pipeline.report import Report as Report
from tie_lint.pipeline.report import RunOptions, in_this_process
from tie_lint.pipeline.resolver import Resolver
from tie_lint.python.disk import is_folder
from tie_lint.record import NamedTuple

if TYPE_CHECKING:
    from tie_lint.pipeline.explain import Explanations
    from tie_lint.pipeline.file_job import ActionResult, CheckedFile
    from tie_lint.pipeline.linter import Linter
    from tie_lint.pipeline.one_file import OneByOne

Fixes = Literal["none", "mark", "show", "diff", "write"]
"""What becomes of fixes: nothing; those right together, or each one's own, stand in the findings; they are in
``Report.diffs``, or in the files."""


class Configuration(NamedTuple):
    """Where the settings come from, and those that override them; None leaves a setting as it is."""

    file: Path | None = None
    """Read the settings from this file and from no other."""
    isolated: bool = False
    """Read no settings file."""
    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] | None = None
    transformers: str | None = None
    per_file_transformers: Mapping[str, str] | None = None
    tied_weights_keys: Literal["any", "init-base"] | None = None
    exclude: tuple[str, ...] | None = None
    extend_exclude: tuple[str, ...] | None = None
    force_exclude: bool | None = None
    respect_gitignore: bool | None = None
    output_format: str | None = None
    unsafe_fixes: bool | None = None
    cache_dir: str | None = None
    per_file_ignores: Mapping[str, tuple[str, ...]] | None = None
    origins: Mapping[str, str] = MappingProxyType({})
    """Where the settings that override others come from, for people."""

    def resolver(self) -> Resolver:
        """Return what finds the settings and targets of files. Raises :class:`UsageError`."""
        given = self._asdict()
        file, isolated, origins = given.pop("file"), given.pop("isolated"), given.pop("origins")
        return Resolver(file, isolated, given, origins)


DEFAULT = Configuration()


def check_paths(
    paths: Sequence[str | Path],
    configuration: Configuration = DEFAULT,
    *,
    fixes: Fixes = "none",
    unsafe_fixes: bool = False,
    stdin: StandardInput | None = None,
    processes: int | None = 1,
    cache: bool = False,
    comparing: bool = True,
    begin: Callable[[], bool] = in_this_process,
    progress: Callable[[int, int], None] | None = None,
    changed: str | None = None,
) -> Report:
    """Check files and directories, and a text that stands for a file.

    ``unsafe_fixes`` is the setting of that name, for all files. ``processes`` is how many may check at
    once, None for as many as the machine runs. With ``cache``, results of earlier runs are used and kept.
    ``comparing`` says whether the values in checkpoints are compared, or only their headers read. ``begin``
    is called before something is worked out, and says whether each file gets a process of its own, so that
    one which kills it costs no other; that is for Linux. ``progress`` is told how many files are done, and of
    how many. ``changed`` is what git calls a base: only files that have changed since, and what depends on
    them, are reported on.
    """
    files = [Path(path) for path in paths]
    if unsafe_fixes:
        configuration = configuration._replace(unsafe_fixes=True)
    resolver = configuration.resolver()
    since = _changed(files, changed) if changed is not None else None
    options = RunOptions(
        processes or _processors(),
        cache,
        comparing,
        begin,
        progress,
        "together" if fixes == "mark" else "each",
        since,
    )
    run = functools.partial(check_files, files, resolver, stdin, options)
    if fixes == "none":
        return run()
    if fixes == "show":
        return run(offer=_offer)
    if fixes == "mark":
        return run(offer=_mark)
    from tie_lint.fix import files as fixing

    if fixes == "diff":
        return fixing.diff(run)
    if stdin is not None:
        return fixing.text(run, stdin)
    found = find_files(files, Exclusion(resolver), [])
    return fixing.fix(run, {os.path.realpath(path) for path, _ in found.sources})


def check_source(
    text: str, path: str | Path, configuration: Configuration = DEFAULT, *, noqa: bool = True
) -> Report:
    """Check a text that stands for the file at ``path``. ``noqa`` says whether comments may silence findings.

    For one text after another, :func:`source_checker` is faster: it keeps what it has read.
    """
    from tie_lint.pipeline.document import TextDocument

    checker = source_checker(configuration, cache=False)
    return checker.check(TextDocument(Path(path), text), noqa)


def source_checker(configuration: Configuration, *, cache: bool, freezing: bool = False) -> OneByOne:
    """Return a checker for files that nobody knows the list of; ``freezing`` is for processes that do nothing
    but check files."""
    from tie_lint.pipeline.one_file import OneByOne

    return OneByOne(configuration.resolver(), cached=cache, freezing=freezing)


def explain_paths(
    paths: Sequence[str],
    configuration: Configuration = DEFAULT,
    *,
    comparing: bool = True,
    begin: Callable[[], bool] = in_this_process,
    stdin: StandardInput | None = None,
    cache: bool = False,
) -> Explanations:
    """Explain the model classes of each ``PATH`` or the one of ``PATH::Class``.

    ``comparing`` says whether the values in checkpoints are compared, or only their headers read. ``begin``
    and ``cache`` are as for :func:`check_paths`. ``stdin`` is the text that the path ``-`` stands for.
    """
    from tie_lint.pipeline.explain import Explanations

    resolver = configuration.resolver()
    return Explanations(
        paths, resolver, comparing=comparing, offer=_offer, stdin=stdin, begin=begin, cached=cache
    )


def _mark(linter: Linter, file: CheckedFile) -> ActionResult:
    """Give the findings fixes that are right together."""
    from tie_lint.fix.offers import mark

    return mark(linter, file)


def _offer(linter: Linter, file: CheckedFile) -> ActionResult:
    """Give each finding its fix. What does that is imported for the first file with findings."""
    from tie_lint.fix.offers import offer

    return offer(linter, file)


def _changed(paths: Sequence[Path], base: str) -> frozenset[str]:
    from tie_lint.pipeline.changed import changed_files

    return changed_files(base, [path if is_folder(path) else path.parent for path in paths])


def _processors() -> int:
    """Return how many processes can run at once."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
