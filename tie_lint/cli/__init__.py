"""The `tie-lint` command line: arguments in, a call of the api, a report and an exit code out.

Exit codes: 0 nothing found, 1 findings, 2 bad usage, bad configuration or an internal error, 130 interrupted.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from tie_lint import __version__
from tie_lint.cli.arguments import Parser
from tie_lint.cli.attempt import Attempt, EndedError, Work
from tie_lint.cli.messages import failed, say
from tie_lint.errors import UsageError

COMMANDS = {
    "check": "check files and directories",
    "explain": "show what ties in a model, and why",
    "config": "print the settings of a file, and where each value comes from",
    "server": "serve an editor by the language server protocol",
    "rule": "print a rule's page, or the list of rules",
    "completion": "print what makes a shell complete commands and options",
}
"""What each command does. It is a module here, with ``add_arguments(parser)`` and ``run(options)``."""

SUPERVISED = ("check", "explain")
"""Those that read what others wrote, of which anything may come."""

INTERRUPTED = 130
READER_GONE = 141
"""What a shell shows of a program that is ended by SIGPIPE."""


def command() -> int:
    """Run the command as a process that does nothing else; return its exit code."""
    import atexit

    ended: list[int] = []
    atexit.register(_end_at_once, ended)  # the first to be registered is the last to be called
    ended.append(main(supervising=True))
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


def main(argv: Sequence[str] | None = None, *, supervising: bool = False) -> int:
    """Run the command; return its exit code. No exception leaves it but ``SystemExit`` of bad arguments.

    With ``supervising``, work is done in another process, so that this one tells it if that dies.
    """
    try:
        code = _run(list(sys.argv[1:] if argv is None else argv), supervising)
        if not sys.stdout.closed:  # as the server's is when an editor has ended it
            sys.stdout.flush()
    except EndedError as ended:
        return ended.code
    except UsageError as error:
        say(f"error: {error}")
        return 2
    except KeyboardInterrupt:
        say("interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        _forget_output()
        return READER_GONE
    except OSError as error:
        _forget_output()
        say(f"error: {error}")
        return 2
    except Exception as error:
        return _fail(error)
    return code


def _run(arguments: list[str], supervising: bool) -> int:
    if not arguments or arguments[0] not in (*COMMANDS, "-h", "--help", "--version"):
        arguments.insert(0, "check")
    _prepare_output()
    name = arguments[0]
    if supervising and name in SUPERVISED:
        # They take a tenth of a short run. What checks leave is collected by its size (pipeline/garbage.py).
        gc.disable()
    # Making the arguments of all commands would take longer than many a run.
    if name not in COMMANDS:
        (_top() if name == "--version" else parser()).parse_args(arguments)  # prints and exits
    command = import_module(f"tie_lint.cli.{name}")
    own = Parser(prog=f"tie-lint {name}", allow_abbrev=False)
    command.add_arguments(own)
    # Paths may stand between options; behind "--" argparse would take them for options then.
    parse = own.parse_args if "--" in arguments else own.parse_intermixed_args
    options = parse(arguments[1:])
    apart = supervising and name in SUPERVISED and sys.platform == "linux"
    options.work = Work(_supervised if apart else None)
    code: int = command.run(options)
    return code


def _supervised() -> Attempt:
    from tie_lint.cli.supervision import supervised

    return supervised()


def _fail(error: Exception) -> int:
    """Report an exception that ended the run; return the exit code."""
    from tie_lint.pipeline.failure import Failure

    return failed([Failure.of(error)])


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


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    parser = _top()
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, help_text in COMMANDS.items():
        command = import_module(f"tie_lint.cli.{name}")
        command.add_arguments(commands.add_parser(name, help=help_text, allow_abbrev=False))
    return parser


def _top() -> argparse.ArgumentParser:
    """Return the parser of what stands before a command."""
    parser = Parser(
        prog="tie-lint",
        description="Says why the input and output embeddings of a transformers model will not be tied.",
        epilog="Without a command it is check; tie-lint check --help lists its options.",
    )
    parser.add_argument("--version", action="version", version=f"tie-lint {__version__}")
    return parser
