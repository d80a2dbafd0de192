"""The `tie-lint` command line: arguments in, a call of the api, a report and an exit code out.

Exit codes: 0 nothing found, 1 findings, 2 bad usage, bad configuration or an internal error, 130 interrupted.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tie_lint import __version__
from tie_lint.errors import UsageError

if TYPE_CHECKING:
    from tie_lint.api import Configuration, Fixes
    from tie_lint.pipeline.failure import Failure

COMMANDS = ("check", "explain", "rule")
FORMATS = ("text", "json", "github")
EXIT_CODES = "Exit codes: 0 nothing found, 1 findings, 2 bad usage, bad configuration or an internal error."
INTERRUPTED = 130
READER_GONE = 141
"""What a shell shows of a program that is ended by SIGPIPE."""


def command() -> int:
    """Run the command as a process that does nothing else; return its exit code."""
    import atexit

    ended: list[int] = []
    atexit.register(_end_at_once, ended)  # the first to be registered is the last to be called
    ended.append(main())
    return ended[0]


def _end_at_once(ended: list[int]) -> None:
    """End the process when Python has done all it does at exit but to take the heap apart.

    That takes up to a quarter of a run. Where output cannot be written Python has its way.
    """
    if not ended:
        return  # bad arguments, --help: nothing was loaded
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except (OSError, ValueError):
        return
    os._exit(ended[0])


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code. No exception leaves it but ``SystemExit`` of bad arguments."""
    try:
        code = _run(list(sys.argv[1:] if argv is None else argv))
        sys.stdout.flush()
    except UsageError as error:
        _say(f"error: {error}")
        return 2
    except KeyboardInterrupt:
        _say("interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        _forget_output()
        return READER_GONE
    except OSError as error:
        _forget_output()
        _say(f"error: {error}")
        return 2
    except Exception as error:
        return _fail(error)
    return code


def _run(arguments: list[str]) -> int:
    if not arguments or arguments[0] not in (*COMMANDS, "-h", "--help", "--version"):
        arguments.insert(0, "check")
    _prepare_output()
    options = _parser().parse_args(arguments)
    return {"check": check, "explain": explain, "rule": rule}[options.command](options)


def check(options: argparse.Namespace) -> int:
    """Check the paths and print the report."""
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
        [] if stdin else _named(options.paths),
        _configuration(options),
        fixes=_fixes(options),
        unsafe_fixes=options.unsafe_fixes,
        stdin=stdin,
        processes=options.jobs,
        cache=not options.no_cache,
        comparing=not options.no_compare,
    )
    _warn((*report.targets.warnings, *report.warnings))
    if options.diff:
        from tie_lint.output.diff import write

        write(report, sys.stdout)
        return _failed(report.failures) or int(bool(report.diffs))
    import_module(f"tie_lint.output.{options.output_format}").write(report, sys.stdout)
    if not (report.model_files or report.findings or report.failures):
        _warn(["no model file found among the paths"])
    return _failed(report.failures) or int(bool(report.findings))


def _fixes(options: argparse.Namespace) -> Fixes:
    if options.diff:
        return "diff"
    if options.fix:
        return "write"
    return "show" if options.output_format == "json" else "none"


def explain(options: argparse.Namespace) -> int:
    """Print the tie maps of the paths' model classes."""
    from tie_lint.api import explain_paths
    from tie_lint.output import explanation

    found = explain_paths(_named(options.paths), _configuration(options), comparing=not options.no_compare)
    _warn(found.targets.warnings)
    write = explanation.write_json if options.output_format == "json" else explanation.write_text
    write(found, sys.stdout)
    _warn(found.warnings)
    return _failed(found.failures)


def rule(options: argparse.Namespace) -> int:
    """Print one rule's page, or the list of all rules."""
    from tie_lint.output.pages import listing, page

    print(page(options.code) if options.code else listing(), end="")
    return 0


def _named(paths: list[str]) -> list[str]:
    """Return the paths. An empty one, as of a shell's variable that is not set, is bad usage."""
    if any(not path.partition("::")[0] for path in paths):
        raise UsageError("a path is empty")
    return paths


def _configuration(options: argparse.Namespace) -> Configuration:
    from tie_lint.api import Configuration

    cache = getattr(options, "cache_dir", None)
    return Configuration(
        file=options.config,
        isolated=options.isolated,
        select=getattr(options, "select", None),
        ignore=getattr(options, "ignore", None),
        transformers=options.transformers,
        tied_weights_keys=getattr(options, "tied_weights_keys", None),
        exclude=options.exclude,
        # A path of the command line is relative to where the command runs.
        cache_dir=None if cache is None else str(Path(cache).absolute()),
    )


def _say(text: str) -> None:
    """Print one line on standard error, if there is one."""
    from contextlib import suppress

    from tie_lint.output.escape import printable

    if sys.stderr is not None:
        with suppress(OSError, ValueError):
            print(f"tie-lint: {printable(text)}", file=sys.stderr)


def _warn(warnings: Iterable[str]) -> None:
    for warning in warnings:
        _say(f"warning: {warning}")


def _failed(failures: Iterable[Failure]) -> int:
    """Report internal errors; return the exit code, 0 if there are none."""
    from tie_lint.pipeline.failure import message

    code = 0
    for failure in failures:
        code = 2
        for line in message(failure):
            _say(line)
    return code


def _fail(error: Exception) -> int:
    """Report an exception that ended the run; return the exit code."""
    from tie_lint.pipeline.failure import Failure

    return _failed([Failure.of(error)])


def _prepare_output() -> None:
    """Make sure that there is a standard output, and that no text is beyond its encoding."""
    if sys.stdout is None:
        raise UsageError("standard output is closed")
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _forget_output() -> None:
    """Have nothing more written to a standard output that takes no more, not even when Python exits."""
    from contextlib import suppress

    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _standard_input() -> bytes:
    if sys.stdin is None:
        raise UsageError("standard input is closed")
    return sys.stdin.buffer.read()


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
        epilog="Without a command it is check; tie-lint check --help lists its options.",
    )
    parser.add_argument("--version", action="version", version=f"tie-lint {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    add = commands.add_parser
    _add_check(add("check", help="check files and directories", epilog=EXIT_CODES, allow_abbrev=False))
    _add_explain(add("explain", help="show what ties in a model, and why", allow_abbrev=False))
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
    add("--fix", action="store_true", help="fix what can be fixed safely, and write the files")
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
    add("--no-cache", action="store_true", help="check every file anew")
    add("--stdin-filename", default="stdin.py", metavar="PATH", help="the path that - stands for")


def _add_explain(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("paths", nargs="*", default=["."], metavar="PATH[::Class]", help="files, directories, or one class")
    add("--output-format", choices=("text", "json"), default="text")
    _add_common(parser)


def _add_common(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--transformers", metavar="RELEASE", help="a release like 4.51.3 or a range like '>=4.45,<6'")
    add("--no-compare", action="store_true", help="read no values of checkpoints, only their headers")
    add("--exclude", type=_listed, metavar="PATTERNS", help="paths to leave out, as in .gitignore")
    config = parser.add_mutually_exclusive_group()
    config.add_argument("--config", type=Path, metavar="FILE", help="read [tool.tie-lint] from this file")
    config.add_argument("--isolated", action="store_true", help="read no settings file")
