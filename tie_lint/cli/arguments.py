"""What the commands' arguments have in common: their parser, kinds of values, and the settings they give."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tie_lint.errors import UsageError

if TYPE_CHECKING:
    from tie_lint.api import Configuration, StandardInput


class _Formatter(argparse.HelpFormatter):
    """Is made for every option; finding the width as argparse does takes longer than all the rest of it."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_columns() - 2)


class Parser(argparse.ArgumentParser):
    """A parser of arguments that is quickly made."""

    def __init__(self, **options: Any) -> None:
        super().__init__(formatter_class=_Formatter, **options)


def _columns() -> int:
    """The width of the terminal, as ``shutil.get_terminal_size`` has it."""
    try:
        return int(os.environ.get("COLUMNS", "0")) or os.get_terminal_size().columns or 80
    except (OSError, ValueError):
        return 80


def count(value: str) -> int:
    """Return a number from 1 on. Raises ``ArgumentTypeError``."""
    if not value.isdecimal() or int(value) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number from 1 on, not {value!r}")
    return int(value)


def listed(value: str) -> tuple[str, ...]:
    """Return what stands between commas."""
    return tuple(item.strip() for item in value.split(",") if item.strip())


def named(paths: list[str]) -> list[str]:
    """Return the paths. Raises :class:`UsageError` for an empty one, as of a variable that is not set."""
    if any(not path.partition("::")[0] for path in paths):
        raise UsageError("a path is empty")
    return paths


def add_settings(parser: argparse.ArgumentParser) -> None:
    """Add the options that say where settings come from, and those settings that every command has."""
    add = parser.add_argument
    add("--transformers", metavar="RELEASE", help="a release like 4.51.3 or a range like '>=4.45,<6'")
    add("--exclude", type=listed, metavar="PATTERNS", help="paths to leave out, as in .gitignore")
    add("--extend-exclude", type=listed, metavar="PATTERNS", help="paths to leave out besides")
    add("--force-exclude", action="store_true", default=None, help="leave out named paths, too")
    add(
        "--no-respect-gitignore",
        action="store_false",
        default=None,
        dest="respect_gitignore",
        help="check what git ignores, too",
    )
    config = parser.add_mutually_exclusive_group()
    config.add_argument("--config", type=Path, metavar="FILE", help="read the settings from this file alone")
    config.add_argument("--isolated", action="store_true", help="read no settings file")


def add_selection(parser: argparse.ArgumentParser) -> None:
    """Add the settings that say what is reported."""
    add = parser.add_argument
    add("--select", type=listed, metavar="CODES", help="codes or prefixes to report, comma-separated")
    add("--extend-select", type=listed, metavar="CODES", help="codes or prefixes to report besides")
    add("--ignore", type=listed, metavar="CODES", help="codes or prefixes to leave out")
    add(
        "--tied-weights-keys",
        choices=("any", "init-base"),
        help="where _tied_weights_keys counts: on the model or its init base class, or only on the latter",
    )


def add_cache(parser: argparse.ArgumentParser) -> None:
    """Add the options about what earlier runs have found out."""
    add = parser.add_argument
    add("--cache-dir", metavar="DIR", help="where to keep what earlier runs found")
    add("--no-cache", action="store_true", help="work everything out anew")


def add_comparing(parser: argparse.ArgumentParser) -> None:
    """Add the option that leaves the values of checkpoints alone."""
    parser.add_argument(
        "--no-compare", action="store_true", help="read no values of checkpoints, only their headers"
    )


OPTIONS = (
    *("transformers", "exclude", "extend_exclude", "force_exclude", "respect_gitignore", "select"),
    *("extend_select", "ignore", "tied_weights_keys", "output_format", "unsafe_fixes", "cache_dir"),
)
"""The settings that have an option of their name."""


def configuration(options: argparse.Namespace) -> Configuration:
    """Return where settings come from, and those that the command line gives."""
    from tie_lint.api import Configuration

    given = {name: getattr(options, name, None) for name in OPTIONS}
    if given["cache_dir"] is not None:
        # A path of the command line is relative to where the command runs.
        given["cache_dir"] = str(Path(given["cache_dir"]).absolute())
    origins = {name: f"--{name.replace('_', '-')}" for name in OPTIONS}
    origins["respect_gitignore"] = "--no-respect-gitignore"
    return Configuration(file=options.config, isolated=options.isolated, origins=origins, **given)


def add_stdin(parser: argparse.ArgumentParser) -> None:
    """Add the option that says what standard input stands for."""
    parser.add_argument(
        "--stdin-filename", default="stdin.py", metavar="PATH", help="the path that - stands for"
    )


def standard_input(options: argparse.Namespace) -> StandardInput | None:
    """Return the text of standard input if the paths name it. Raises :class:`UsageError`."""
    from tie_lint.api import StandardInput

    if not options.stdin_filename:
        raise UsageError("--stdin-filename: the path is empty")
    if not any(path.partition("::")[0] == "-" for path in options.paths):
        return None
    if len(options.paths) > 1:
        raise UsageError("'-' stands for standard input and takes no other path beside it")
    if sys.stdin is None:
        raise UsageError("standard input is closed")
    return StandardInput(Path(options.stdin_filename), sys.stdin.buffer.read())
