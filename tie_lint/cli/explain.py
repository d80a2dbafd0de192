"""`tie-lint explain`: print the tie maps of the paths' model classes."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from tie_lint.cli.arguments import (
    add_cache,
    add_comparing,
    add_settings,
    add_stdin,
    configuration,
    named,
    standard_input,
)
from tie_lint.cli.messages import failed, warn

if TYPE_CHECKING:
    from tie_lint.cli.attempt import Work
    from tie_lint.pipeline.explain import Explanations

FORMATS = ("text", "json", "html", "svg", "mermaid")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    add = parser.add_argument
    add("paths", nargs="*", default=["."], metavar="PATH[::Class]", help="files, directories, or one class")
    add("--output-format", choices=FORMATS, default="text")
    add_settings(parser)
    add_comparing(parser)
    add_cache(parser)
    add_stdin(parser)


def run(options: argparse.Namespace) -> int:
    """Print the tie maps; return the exit code."""
    from tie_lint.api import explain_paths
    from tie_lint.output.formats import writer

    found = explain_paths(
        named(options.paths),
        configuration(options),
        comparing=not options.no_compare,
        begin=options.work.begin,
        stdin=standard_input(options),
        cache=not options.no_cache,
    )
    if options.output_format == "text":
        _write_each(found, options.work)
    else:
        writer(options.output_format)(found, sys.stdout)
    warn(found.warnings)
    return failed(found.failures)


def _write_each(found: Explanations, work: Work) -> None:
    """Write what is found of each folder and file when it is, but for what a process before has written."""
    from tie_lint.output.explanation import write_text

    number = 0
    for explanations in found.of_each():
        if explanations:
            number += 1
            if work.write_again():
                if number > 1:
                    sys.stdout.write("\n")
                write_text(explanations, sys.stdout)
                sys.stdout.flush()
                work.has_written()
