"""`tie-lint completion`: print what makes a shell complete commands and options."""

from __future__ import annotations

import argparse
import sys

from tie_lint.errors import UsageError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument("shell", choices=("bash", "zsh"))


def run(options: argparse.Namespace) -> int:
    """Print the script; return the exit code."""
    try:
        import shtab
    except ImportError as error:
        raise UsageError("completion needs shtab: pip install 'tie-lint[completion]'") from error
    from tie_lint.cli import parser

    sys.stdout.write(shtab.complete(parser(), options.shell))
    return 0
