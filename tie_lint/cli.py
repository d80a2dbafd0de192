"""The `tie-lint` command line."""

import argparse
from collections.abc import Sequence

from tie_lint import __version__


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code."""
    parser = argparse.ArgumentParser(prog="tie-lint")
    parser.add_argument("--version", action="version", version=f"tie-lint {__version__}")
    parser.parse_args(argv)
    return 0
