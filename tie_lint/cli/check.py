"""`tie-lint check`: check the paths and print the report."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from tie_lint.cli.arguments import add_comparing, add_selection, add_settings, configuration, count, named
from tie_lint.cli.messages import failed, say, warn
from tie_lint.errors import UsageError

if TYPE_CHECKING:
    from tie_lint.api import Configuration, Report


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.epilog = (
        "Exit codes: 0 nothing found, 1 findings, 2 bad usage, bad configuration or an internal error."
    )
    add = parser.add_argument
    add("paths", nargs="*", default=["."], metavar="PATH", help="files, directories, or - (default: .)")
    add_settings(parser)
    add_comparing(parser)
    add_selection(parser)
    add("--fix", action="store_true", help="fix what can be fixed safely, and write the files")
    add(
        "--unsafe-fixes",
        action="store_true",
        default=None,
        help="with --fix or --diff: those that are not known to be safe too",
    )
    add(
        "--diff",
        action="store_true",
        help="show what --fix would write, and write nothing; 1 if there is something",
    )
    add(
        "--output-format",
        metavar="FORMAT",
        help="full (the default), concise, grouped, json, sarif, github …",
    )
    add("--output-file", type=Path, metavar="FILE", help="write the report to a file")
    add("--statistics", action="store_true", help="print how many findings there are of each rule")
    add("--exit-zero", action="store_true", help="exit with 0 though there are findings")
    add("--exit-non-zero-on-fix", action="store_true", help="exit with 1 if something was fixed")
    add("-q", "--quiet", action="store_true", help="print the findings alone")
    add("-v", "--verbose", action="store_true", help="print what the run goes by, too")
    add("--color", choices=("auto", "always", "never"), default="auto", help="when to use colour")
    add("--jobs", type=count, metavar="N", help="how many processes to use (default: all there can be)")
    add("--cache-dir", metavar="DIR", help="where to keep what earlier runs found")
    add("--no-cache", action="store_true", help="check every file anew")
    add("--stdin-filename", default="stdin.py", metavar="PATH", help="the path that - stands for")


def run(options: argparse.Namespace) -> int:
    """Check the paths and print the report; return the exit code."""
    from tie_lint.output.reports import writer
    from tie_lint.output.terminal import choose_colour

    choose_colour(options.color)
    given = configuration(options)
    # What belongs to the run and not to a file is read from the settings of the working directory.
    settings = given.resolver().settings_of(Path.cwd())
    write = writer(settings.output_format, settings.where("output_format"))
    report = _report(options, given)
    report.quiet = options.quiet
    if options.verbose:
        _say_what_counts(report, given)
    if not options.quiet:
        about_targets = [warning for targets in report.targets for warning in targets.warnings]
        warn(dict.fromkeys([*about_targets, *report.warnings]))
        if not (report.model_files or report.findings or report.failures):
            warn(["no model file found among the paths"])
    with _output(options.output_file) as stream:
        if options.diff:
            from tie_lint.output import diff

            diff.write(report, stream)
        elif options.statistics:
            from tie_lint.output import statistics

            statistics.write(report, settings.output_format, stream)
        else:
            write(report, stream)
    return failed(report.failures) or _exit_code(report, options)


def _report(options: argparse.Namespace, given: Configuration) -> Report:
    """Return the report of the paths, or of standard input."""
    from tie_lint.api import StandardInput, check_paths

    if "-" in options.paths and len(options.paths) > 1:
        raise UsageError("'-' stands for standard input and takes no other path beside it")
    if "-" in options.paths and options.fix and not options.diff:
        raise UsageError("--fix has no file to write for standard input; --diff shows the fixes")
    if options.unsafe_fixes and not (options.fix or options.diff):
        raise UsageError("--unsafe-fixes goes with --fix or --diff")
    if not options.stdin_filename:
        raise UsageError("--stdin-filename: the path is empty")
    stdin = None
    if "-" in options.paths:
        stdin = StandardInput(Path(options.stdin_filename), _standard_input())
    return check_paths(
        [] if stdin else named(options.paths),
        given,
        fixes="diff" if options.diff else "write" if options.fix else "show",
        stdin=stdin,
        processes=options.jobs,
        cache=not options.no_cache,
        comparing=not options.no_compare,
        progress=_progress(options),
    )


def _say_what_counts(report: Report, given: Configuration) -> None:
    """Say which targets and settings the files of each folder have."""
    resolver = given.resolver()
    for folder in sorted({Path(path).parent for path in report.targets_of}):
        targets = report.targets_of[next(path for path in report.targets_of if Path(path).parent == folder)]
        settings = resolver.settings_of(Path(os.path.realpath(folder)))
        files = ", ".join(
            sorted({origin for origin in settings.origins.values() if not origin.startswith("-")})
        )
        said = f"settings of {files}" if files else "no settings file"
        say(f"{folder}: transformers {targets.shown}{targets.asked_by}; {said}")


def _progress(options: argparse.Namespace) -> Callable[[int, int], None] | None:
    """Return what shows how far the run is, on a terminal."""
    if options.quiet or sys.stderr is None or not sys.stderr.isatty():
        return None
    from tie_lint.output.progress import Progress

    return Progress(sys.stderr)


@contextmanager
def _output(path: Path | None) -> Iterator[TextIO]:
    """Where the report is written: standard output, or a file that is there when all is written."""
    if path is None:
        yield sys.stdout
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", errors="backslashreplace") as stream:
        yield stream


def _exit_code(report: Report, options: argparse.Namespace) -> int:
    if options.exit_non_zero_on_fix and (report.fixed or report.diffs):
        return 1
    if options.exit_zero:
        return 0
    return int(bool(report.diffs if options.diff else report.findings))


def _standard_input() -> bytes:
    if sys.stdin is None:
        raise UsageError("standard input is closed")
    return sys.stdin.buffer.read()
