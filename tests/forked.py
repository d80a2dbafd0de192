"""Programs in processes of their own that need not import anything: forked off one that has imported it all.

A new interpreter takes a third of a second of processor time until it has imported what checks a file and
read the library's facts, many times what the check itself takes. A process that is forked off has streams, a
working directory, an environment and bounds of its own like any other. What the interpreter takes at its
start (its options, ``PYTHON…`` in the environment, what it imports from where) needs a new one: there, run a
command line.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import gc
import importlib
import io
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[1]
TIE_LINT, FLAKE8 = "tie_lint.cli:command", "flake8.main.cli:main"
"""Functions that are called without arguments, with ``sys.argv`` as a command has it, and return its code."""
RELEASES = ("4.51.3", "5.23.0")
"""Those whose facts are read before anything is forked off."""
PATIENCE = 180
"""Seconds of the clock, which passes while other processes have the processor."""


class Bounds(NamedTuple):
    """What the kernel ends a process for: bytes of address space, seconds of processor time."""

    memory: int
    cpu_seconds: int


def bound(bounds: Bounds) -> None:
    """Set the bounds of this process."""
    resource.setrlimit(resource.RLIMIT_AS, (bounds.memory, bounds.memory))
    resource.setrlimit(resource.RLIMIT_CPU, (bounds.cpu_seconds, bounds.cpu_seconds + 1))


@dataclass(frozen=True)
class Ended:
    """How a program ended."""

    code: int
    out: str
    err: str

    def told_without_traceback(self) -> bool:
        """Whether it ended by its own will, and not by an exception that nobody caught."""
        return self.code in (0, 1, 2) and "Traceback" not in self.err


def run(
    program: str,
    *arguments: str,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    text: str = "",
    bounds: Bounds | None = None,
) -> Ended:
    """Run a program with this text as its standard input, and return how it ended."""
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        given.write(text.encode())
        given.seek(0)
        streams = [given.fileno(), out.fileno(), err.fileno()]
        code = start(program, arguments, streams, cwd=cwd, env=env, bounds=bounds).wait()
        printed = []
        for stream in (out, err):
            stream.seek(0)
            printed.append(stream.read().decode("utf-8", "replace"))
    return Ended(code, *printed)


def start(
    program: str,
    arguments: Sequence[str],
    streams: Sequence[int],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    bounds: Bounds | None = None,
) -> Source:
    """Start a program on three streams; ``wait`` of what is returned gives its code. One runs at a time."""
    source = _source()
    what = {
        "program": program,
        "arguments": arguments,
        "cwd": str(cwd or Path.cwd()),
        "env": {**os.environ, **(env or {})},
        "bounds": bounds,
    }
    source.start(what, streams)
    return source


@functools.cache
def _source() -> Source:
    source = Source()
    atexit.register(source.end)
    return source


class Source:
    """The process that others are forked off, as seen from here."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", __name__, str(theirs.fileno())],
                cwd=ROOT,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
            )
        self._connection = ours

    def start(self, what: Mapping[str, Any], streams: Sequence[int]) -> None:
        """Have a program started."""
        message = json.dumps(what).encode() + b"\n"
        sent = socket.send_fds(self._connection, [message], [*streams])
        self._connection.sendall(message[sent:])

    def wait(self) -> int:
        """Wait until it has ended; return its exit code, or the signal that ended it as a negative number."""
        answer = self._connection.recv(64)
        assert answer, "the process that others are forked off has ended"
        return int(answer)

    def end(self) -> None:
        """End the process."""
        self._connection.close()
        self._process.wait()


def _serve(connection: socket.socket) -> None:
    """Fork for each request, and answer how the child ended."""
    while True:
        message, streams, _, _ = socket.recv_fds(connection, 1 << 16, 3)
        while message and not message.endswith(b"\n"):
            message += connection.recv(1 << 16)
        if not message:
            return
        child = os.fork()
        if not child:
            connection.close()
            _become(json.loads(message), streams)
        for stream in streams:
            os.close(stream)
        _, status = os.waitpid(child, 0)
        connection.sendall(str(os.waitstatus_to_exitcode(status)).encode())


def _become(what: Mapping[str, Any], streams: Sequence[int]) -> None:
    """Run the program in this process, and end it."""
    code = 1
    try:
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
            os.close(stream)
        sys.stdin, sys.stdout, sys.stderr = (
            os.fdopen(number, mode, encoding="utf-8", closefd=False) for number, mode in enumerate("rww")
        )
        os.chdir(what["cwd"])
        os.environ.clear()
        os.environ.update(what["env"])
        if what["bounds"] is not None:
            bound(Bounds(*what["bounds"]))
        signal.alarm(PATIENCE)
        module, _, function = what["program"].partition(":")
        sys.argv = [module, *what["arguments"]]
        code = getattr(importlib.import_module(module), function)()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        for written in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError, ValueError):
                written.flush()
        os._exit(code)


def _import_all() -> None:
    """Import what programs import, and read what they read, whatever they are asked."""
    from tests.examples import BAD
    from tie_lint.cli import main

    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        path = Path(folder, "model.py")
        path.write_text(BAD, encoding="utf-8")
        for release in RELEASES:
            for command in (["check", "--diff", "--unsafe-fixes"], ["check"], ["explain"]):
                main([*command, str(path), "--isolated", "--no-cache", "--transformers", release])
    for name in ("flake8.main.cli", "tie_lint.flake8_plugin", "tie_lint.server.lsp"):
        with contextlib.suppress(ModuleNotFoundError):  # those that come with an extra
            importlib.import_module(name)
    gc.collect()
    gc.freeze()


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as its_connection:
        _import_all()
        _serve(its_connection)
