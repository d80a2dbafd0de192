"""`tie-lint explain`: print the tie maps of the paths' model classes."""

from __future__ import annotations

import argparse
import sys

from tie_lint.cli.arguments import (
    add_comparing,
    add_settings,
    add_stdin,
    configuration,
    named,
    standard_input,
)
from tie_lint.cli.messages import failed, warn

FORMATS = ("text", "json", "html", "svg", "mermaid")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    add = parser.add_argument
    add("paths", nargs="*", default=["."], metavar="PATH[::Class]", help="files, directories, or one class")
    add("--output-format", choices=FORMATS, default="text")
    add_settings(parser)
    add_comparing(parser)
    add_stdin(parser)


def run(options: argparse.Namespace) -> int:
    """Print the tie maps; return the exit code."""
    from tie_lint.api import explain_paths
    from tie_lint.output.formats import writer

    found = explain_paths(
        named(options.paths),
        configuration(options),
        comparing=not options.no_compare,
        stdin=standard_input(options),
    )
    writer(options.output_format)(found, sys.stdout)
    warn(found.warnings)
    return failed(found.failures)
