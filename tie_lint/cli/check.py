"""`tie-lint check`: check the paths and print the report."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from tie_lint.cli.arguments import (
    add_cache,
    add_comparing,
    add_selection,
    add_settings,
    add_stdin,
    configuration,
    count,
    named,
    standard_input,
)
from tie_lint.cli.messages import failed, say, warn
from tie_lint.errors import UsageError

if TYPE_CHECKING:
    from tie_lint.api import Configuration, Fixes, Report
    from tie_lint.output.reports import Writer


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
    add_cache(parser)
    add("--baseline", type=Path, metavar="FILE", help="report only what this file does not know")
    add("--write-baseline", action="store_true", help="write what is found into the baseline")
    add("--add-noqa", action="store_true", help="silence what is found by comments")
    add(
        "--changed", nargs="?", const="HEAD", metavar="BASE", help="report only what has changed since (HEAD)"
    )
    add("--watch", action="store_true", help="check again whenever a file has changed")
    add_stdin(parser)


def run(options: argparse.Namespace) -> int:
    """Check the paths and print the report; return the exit code."""
    from tie_lint.output.reports import writer
    from tie_lint.output.terminal import choose_colour

    choose_colour(options.color)
    given = configuration(options)
    # What belongs to the run and not to a file is read from the settings of the working directory.
    settings = given.resolver().settings_of(Path.cwd())
    write = writer(settings.output_format, settings.where("output_format"))
    _refuse_what_does_not_go_together(options)

    def once() -> int:
        return _check(options, given, write, settings.output_format)

    if options.watch:
        from tie_lint.cli.watch import watch

        options.work.begin()  # no later: what watches has threads, which another process would not have
        watch([Path(path) for path in named(options.paths)], once)
    return once()


def _check(options: argparse.Namespace, given: Configuration, write: Writer, output_format: str) -> int:
    """Check once, print the report, return the exit code."""
    known = None
    if options.baseline and not options.write_baseline:
        from tie_lint.pipeline.baseline import Baseline

        known = Baseline.read(options.baseline)
    report = _report(options, given, _fixes_wanted(options, output_format))
    report.quiet = options.quiet
    if known:
        known.apply(report)
    if options.write_baseline or options.add_noqa:
        return _accept(report, options)
    if options.verbose:
        _say_what_counts(report, given)
    if not options.quiet:
        _warn_of(report)
        left_out = "-" in options.paths and not report.targets_of
        if not (report.model_files or report.findings or report.failures or left_out):
            warn([_nothing_found(options)])
    if report.fixed_text is not None:
        sys.stdout.flush()
        sys.stdout.buffer.write(report.fixed_text)
    with _output(options.output_file, report.fixed_text is not None) as stream:
        if options.diff:
            from tie_lint.output import diff

            diff.write(report, stream)
        elif options.statistics:
            from tie_lint.output import statistics

            statistics.write(report, output_format, stream)
        else:
            write(report, stream)
    return failed(report.failures) or _exit_code(report, options)


def _nothing_found(options: argparse.Namespace) -> str:
    """Say that there was nothing to check."""
    if options.changed is None:
        return "no model file found among the paths"
    return f"no model file among the paths, nor what it depends on, has changed since {options.changed}"


def _accept(report: Report, options: argparse.Namespace) -> int:
    """Make a baseline of what is found, or silence it by comments; return the exit code."""
    from tie_lint.output.summary import count as count_of

    if options.write_baseline:
        from tie_lint.pipeline.baseline import Baseline

        whole = options.paths if options.changed is None else report.targets_of
        checked = [options.stdin_filename if path == "-" else path for path in whole]
        baseline = Baseline.of(options.baseline, report.findings, map(Path, checked))
        baseline.write()
        told = f"{options.baseline}: {count_of(len(baseline), 'known problem')}"
    else:
        from tie_lint.fix.add_noqa import add_noqa

        told = f"Silenced {count_of(add_noqa(report), 'problem')} by comments."
    _warn_of(report)
    if not options.quiet:
        print(told)
    return failed(report.failures)


def _warn_of(report: Report) -> None:
    about_targets = [warning for targets in report.targets for warning in targets.warnings]
    warn(dict.fromkeys([*about_targets, *report.warnings]))


def _refuse_what_does_not_go_together(options: argparse.Namespace) -> None:
    """Raise :class:`UsageError` for options of which one makes no sense beside another."""
    stdin = "-" in options.paths
    accepting = [name for name in ("write_baseline", "add_noqa") if getattr(options, name)]
    changing = [name for name in ("fix", "diff") if getattr(options, name)]
    if options.unsafe_fixes and not changing:
        raise UsageError("--unsafe-fixes goes with --fix or --diff")
    if options.write_baseline and not options.baseline:
        raise UsageError("--write-baseline needs --baseline FILE, which says where")
    if len(accepting + changing) > 1 and accepting:
        names = " and ".join(f"--{name.replace('_', '-')}" for name in accepting + changing)
        raise UsageError(f"{names} do not go together")
    if stdin and (options.add_noqa or options.watch or options.changed):
        raise UsageError("standard input is no file: --add-noqa, --watch and --changed make no sense of it")


def _fixes_wanted(options: argparse.Namespace, output_format: str) -> Fixes:
    """Return what is to be done about fixes, which take most of the time of files with findings."""
    from tie_lint.output.reports import fixes

    if options.diff or options.fix:
        return "diff" if options.diff else "write"
    if options.write_baseline or options.add_noqa:
        return "none"
    told = fixes(output_format)
    return "mark" if options.statistics and told == "none" else told


def _report(options: argparse.Namespace, given: Configuration, fixes: Fixes) -> Report:
    """Return the report of the paths, or of standard input."""
    from tie_lint.api import check_paths

    stdin = standard_input(options)
    return check_paths(
        [] if stdin else named(options.paths),
        given,
        fixes=fixes,
        stdin=stdin,
        processes=options.jobs,
        cache=not options.no_cache,
        comparing=not options.no_compare,
        begin=options.work.begin,
        progress=_progress(options),
        changed=options.changed,
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
def _output(path: Path | None, holds_text: bool) -> Iterator[TextIO]:
    """Where the report is written: a file; standard output, unless that holds the fixed text."""
    if path is None:
        yield sys.stderr if holds_text else sys.stdout
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        stream = path.open("w", encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise UsageError(f"--output-file: {path}: {error.strerror}") from error
    with stream:
        yield stream


def _exit_code(report: Report, options: argparse.Namespace) -> int:
    if options.exit_non_zero_on_fix and (report.fixed or report.diffs):
        return 1
    if options.exit_zero:
        return 0
    return int(bool(report.diffs if options.diff else report.findings))
