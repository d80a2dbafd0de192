"""`tie-lint rule`: print one rule's page, or the list of all rules."""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument("code", nargs="?", metavar="CODE", help="such as TIE001")


def run(options: argparse.Namespace) -> int:
    """Print the page or the list; return the exit code."""
    from tie_lint.output.pages import listing, page

    print(page(options.code) if options.code else listing(), end="")
    return 0
