"""`tie-lint server`: speak the language server protocol with an editor, on standard input and output."""

from __future__ import annotations

import argparse

from tie_lint.errors import UsageError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes: nothing; ``--stdio`` is what many clients pass."""
    parser.add_argument("--stdio", action="store_true", help="speak on standard input and output (always so)")


def run(options: argparse.Namespace) -> int:
    """Serve until the editor ends it; return the exit code.

    It is 1, as the protocol has it, where the editor has not asked the server to shut down before.
    """
    try:
        from tie_lint.server.lsp import make_server
    except ModuleNotFoundError as error:
        if error.name not in ("pygls", "lsprotocol"):
            raise
        raise UsageError("the server needs pygls: pip install 'tie-lint[lsp]'") from error
    server = make_server()
    server.start_io()
    return 0 if server.asked_to_end else 1
