"""`tie-lint config`: print what is in force for a file, and where each value comes from."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from tie_lint.cli.arguments import add_selection, add_settings, configuration
from tie_lint.cli.messages import warn
from tie_lint.python.disk import is_folder


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument(
        "file", nargs="?", default=".", metavar="FILE", help="a file or directory (default: .)"
    )
    parser.add_argument("--output-format", choices=("text", "json"), default="text", dest="shown_as")
    add_settings(parser)
    add_selection(parser)


def run(options: argparse.Namespace) -> int:
    """Print the settings and targets; return the exit code."""
    from tie_lint.output import settings
    from tie_lint.pipeline.exclusion import Exclusion
    from tie_lint.pipeline.selection import check_selection

    path = Path(options.file)
    resolver = configuration(options).resolver()
    resolved = resolver.of(path / "model.py" if is_folder(path) else path)
    check_selection(resolved.settings)
    leaves_out = Exclusion(resolver).inside(Path(os.path.realpath(path.parent)), of_git=True)
    excluded = leaves_out is not None and leaves_out(path.name, is_folder(path))
    write = settings.write_json if options.shown_as == "json" else settings.write_text
    write(path, resolved, excluded, sys.stdout)
    warn(resolved.targets.warnings)
    return 0
