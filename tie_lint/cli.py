"""The `tie-lint` command line.

Exit codes: 0 nothing found, 1 findings, 2 bad usage, bad configuration or a mistake of ours.
"""

from __future__ import annotations

import argparse
import functools
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tie_lint import __version__
from tie_lint.errors import UsageError

if TYPE_CHECKING:
    from tie_lint.library.target import Targets
    from tie_lint.pipeline.check import Report
    from tie_lint.settings import Settings

COMMANDS = ("check", "explain", "rule")
FORMATS = ("text", "json", "github")
EXIT_CODES = "Exit codes: 0 nothing found, 1 findings, 2 bad usage, bad configuration or an internal error."
INTERRUPTED = 130
REPORT_IT = "Please report this, with the file, at https://github.com/tie-lint/tie-lint/issues."


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if not arguments or arguments[0] not in (*COMMANDS, "-h", "--help", "--version"):
        arguments.insert(0, "check")
    options = _parser().parse_args(arguments)
    try:
        code = {"check": check, "explain": explain, "rule": rule}[options.command](options)
        sys.stdout.flush()
    except UsageError as error:
        print(f"tie-lint: error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("tie-lint: interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader has gone. Nothing more may be written, not even by the interpreter when it exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return code


def check(options: argparse.Namespace) -> int:
    """Lint the paths."""
    from tie_lint.pipeline.check import RunOptions, StandardInput, check_files

    if "-" in options.paths and len(options.paths) > 1:
        raise UsageError("'-' stands for standard input and takes no other path beside it")
    if "-" in options.paths and options.fix and not options.diff:
        raise UsageError("--fix has no file to write for standard input; --diff shows the fixes")
    if options.unsafe_fixes and not (options.fix or options.diff):
        raise UsageError("--unsafe-fixes goes with --fix or --diff")
    stdin = None
    if "-" in options.paths:
        stdin = StandardInput(Path(options.stdin_filename), sys.stdin.buffer.read())
    paths = [] if stdin else [Path(path) for path in options.paths]
    start = _common_directory([stdin.path] if stdin else paths)
    settings = _settings(options, start)
    targets = _targets(settings, start)
    how = RunOptions(options.jobs or _processors(), _cache_folder(options, settings))
    if options.diff or options.fix or options.output_format == "json":
        report = _mended(options, functools.partial(check_files, paths, settings, targets, stdin, how))
        if options.diff:
            found = bool(sys.stdout.write("".join(report.diffs)))
            return _failed(report) or int(found)
    else:
        report = check_files(paths, settings, targets, stdin, how)
    import_module(f"tie_lint.output.{options.output_format}").write(report, sys.stdout)
    if not (report.model_files or report.findings or report.failures):
        print("tie-lint: warning: no model file found among the paths", file=sys.stderr)
    return _failed(report) or int(bool(report.findings))


def _failed(report: Report) -> int:
    """Tell of the files that a mistake of ours kept from being checked; the exit code, 0 if none."""
    for failure in report.failures:
        print(f"tie-lint: internal error: {failure}\nThe file was not checked. {REPORT_IT}", file=sys.stderr)
    return 2 if report.failures else 0


def _absolute(path: str | None) -> str | None:
    """A path of the command line, which is relative to where the command runs."""
    return None if path is None else str(Path(path).absolute())


def _processors() -> int:
    """How many processes can run at once."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _cache_folder(options: argparse.Namespace, settings: Settings) -> Path | None:
    if options.no_cache:
        return None
    from tie_lint.pipeline.cache import folder

    return folder(settings)


def _mended(options: argparse.Namespace, look: Callable[..., Report]) -> Report:
    """A run in which the fixes are made, or shown, or told of as the options say."""
    from tie_lint.fix import files

    if options.diff:
        report = files.diff(look, options.unsafe_fixes)
    elif options.fix:
        report = files.fix(look, options.unsafe_fixes)
    else:
        report = look(offer=files.offer)
    for warning in report.warnings:
        print(f"tie-lint: warning: {warning}", file=sys.stderr)
    return report


def explain(options: argparse.Namespace) -> int:
    """Show the tie maps of the paths' model classes."""
    from tie_lint.output import explanation
    from tie_lint.pipeline.explain import explain as explanations

    start = _common_directory([Path(path.partition("::")[0]) for path in options.paths])
    settings = _settings(options, start)
    found = explanations(options.paths, settings, _targets(settings, start))
    write = explanation.write_json if options.output_format == "json" else explanation.write_text
    write(found, sys.stdout)
    return 0


def rule(options: argparse.Namespace) -> int:
    """Print one rule's page, or the list of all rules."""
    from tie_lint.output.pages import listing, page

    print(page(options.code) if options.code else listing(), end="")
    return 0


def _settings(options: argparse.Namespace, start: Path) -> Settings:
    from tie_lint.pipeline.configuration import load_settings
    from tie_lint.settings import override

    return override(
        load_settings(start, options.config, options.isolated),
        select=getattr(options, "select", None),
        ignore=getattr(options, "ignore", None),
        transformers=options.transformers,
        tied_weights_keys=getattr(options, "tied_weights_keys", None),
        exclude=options.exclude,
        cache_dir=_absolute(getattr(options, "cache_dir", None)),
    )


def _targets(settings: Settings, start: Path) -> Targets:
    from tie_lint.library.target import find_targets

    targets = find_targets(settings.transformers, start)
    for warning in targets.warnings:
        print(f"tie-lint: warning: {warning}", file=sys.stderr)
    return targets


def _common_directory(paths: Sequence[Path]) -> Path:
    """The directory that holds all the paths; settings are looked for from there upwards."""
    absolute = [path.resolve() for path in paths]
    return Path(os.path.commonpath([path if path.is_dir() else path.parent for path in absolute]))


def _count(value: str) -> int:
    if not value.isdecimal() or int(value) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number from 1 on, not {value!r}")
    return int(value)


def _listed(value: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in value.split(",") if item.strip())


class _Formatter(argparse.HelpFormatter):
    """Is made for every option; finding the width as argparse does takes longer than all the rest of it."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_columns() - 2)


class _Parser(argparse.ArgumentParser):
    def __init__(self, **options: Any) -> None:
        super().__init__(formatter_class=_Formatter, **options)


def _columns() -> int:
    """The width of the terminal, as ``shutil.get_terminal_size`` has it."""
    try:
        return int(os.environ.get("COLUMNS", "0")) or os.get_terminal_size().columns or 80
    except (OSError, ValueError):
        return 80


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="tie-lint",
        description="Says why the input and output embeddings of a transformers model will not be tied.",
        epilog="Without a command, check is meant; tie-lint check --help tells its options.",
    )
    parser.add_argument("--version", action="version", version=f"tie-lint {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    _add_check(
        commands.add_parser("check", help="lint files and directories", epilog=EXIT_CODES, allow_abbrev=False)
    )
    _add_explain(
        commands.add_parser("explain", help="show what ties in a model, and why", allow_abbrev=False)
    )
    pages = commands.add_parser("rule", help="print a rule's page, or the list of rules")
    pages.add_argument("code", nargs="?", metavar="CODE", help="such as TIE001")
    return parser


def _add_check(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("paths", nargs="*", default=["."], metavar="PATH", help="files, directories, or - (default: .)")
    _add_common(parser)
    add("--select", type=_listed, metavar="CODES", help="codes or prefixes to report, comma-separated")
    add("--ignore", type=_listed, metavar="CODES", help="codes or prefixes to leave out")
    add(
        "--tied-weights-keys",
        choices=("any", "init-base"),
        help="where _tied_weights_keys counts: on the model or its init base class, or only on the latter",
    )
    add("--fix", action="store_true", help="mend what can be mended safely, and write the files")
    add(
        "--unsafe-fixes",
        action="store_true",
        help="with --fix or --diff: those that are not known to be safe too",
    )
    add(
        "--diff",
        action="store_true",
        help="show what --fix would write, and write nothing; 1 if there is something",
    )
    add("--output-format", choices=FORMATS, default="text")
    add("--jobs", type=_count, metavar="N", help="how many processes to use (default: all there can be)")
    add("--cache-dir", metavar="DIR", help="where to keep what earlier runs found")
    add("--no-cache", action="store_true", help="judge every file anew")
    add("--stdin-filename", default="stdin.py", metavar="PATH", help="the path that - stands for")


def _add_explain(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("paths", nargs="*", default=["."], metavar="PATH[::Class]", help="files, directories, or one class")
    add("--output-format", choices=("text", "json"), default="text")
    _add_common(parser)


def _add_common(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--transformers", metavar="RELEASE", help="a release like 4.51.3 or a range like '>=4.45,<6'")
    add("--exclude", type=_listed, metavar="PATTERNS", help="paths to leave out, as in .gitignore")
    config = parser.add_mutually_exclusive_group()
    config.add_argument("--config", type=Path, metavar="FILE", help="read [tool.tie-lint] from this file")
    config.add_argument("--isolated", action="store_true", help="read no settings file")
