"""`tie-lint rule`: print one rule's page, or the list of all rules."""

from __future__ import annotations

import argparse
import sys


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument("code", nargs="?", metavar="CODE", help="such as TIE001")


def run(options: argparse.Namespace) -> int:
    """Print the page or the list; return the exit code."""
    from tie_lint.output.pages import write_listing, write_page

    if options.code:
        write_page(options.code, sys.stdout)
    else:
        write_listing(sys.stdout)
    return 0
