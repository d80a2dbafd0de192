"""`tie-lint check`: check the paths and print the report."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from tie_lint.cli.arguments import add_comparing, add_selection, add_settings, configuration, count, named
from tie_lint.cli.messages import failed, warn
from tie_lint.errors import UsageError

if TYPE_CHECKING:
    from tie_lint.api import Fixes

FORMATS = ("text", "json", "github")


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
    add("--output-format", choices=FORMATS, default="text")
    add("--jobs", type=count, metavar="N", help="how many processes to use (default: all there can be)")
    add("--cache-dir", metavar="DIR", help="where to keep what earlier runs found")
    add("--no-cache", action="store_true", help="check every file anew")
    add("--stdin-filename", default="stdin.py", metavar="PATH", help="the path that - stands for")


def run(options: argparse.Namespace) -> int:
    """Check the paths and print the report; return the exit code."""
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
    report = check_paths(
        [] if stdin else named(options.paths),
        configuration(options),
        fixes=_fixes(options),
        stdin=stdin,
        processes=options.jobs,
        cache=not options.no_cache,
        comparing=not options.no_compare,
    )
    about_targets = [warning for targets in report.targets for warning in targets.warnings]
    warn(dict.fromkeys([*about_targets, *report.warnings]))
    if options.diff:
        from tie_lint.output.diff import write

        write(report, sys.stdout)
        return failed(report.failures) or int(bool(report.diffs))
    import_module(f"tie_lint.output.{options.output_format}").write(report, sys.stdout)
    if not (report.model_files or report.findings or report.failures):
        warn(["no model file found among the paths"])
    return failed(report.failures) or int(bool(report.findings))


def _fixes(options: argparse.Namespace) -> Fixes:
    if options.diff:
        return "diff"
    if options.fix:
        return "write"
    return "show" if options.output_format == "json" else "none"


def _standard_input() -> bytes:
    if sys.stdin is None:
        raise UsageError("standard input is closed")
    return sys.stdin.buffer.read()
