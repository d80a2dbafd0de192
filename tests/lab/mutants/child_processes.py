"""Work in child processes that share what their parent has imported."""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import select
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

PIECE = 1 << 16


@dataclass(frozen=True)
class Lost:
    """A child that gave no answer, and why."""

    why: str


@contextlib.contextmanager
def alarm(seconds: float) -> Iterator[None]:
    """``TimeoutError`` where the work inside takes longer."""

    def ring(number: int, frame: Any) -> None:
        raise TimeoutError(f"not done within {seconds:.0f} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def forked(work: Callable[..., None], *arguments: Any) -> int:
    """Start the work in a child process; its id."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            work(*arguments)
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(status)
    return child


def in_child(timeout: float, work: Callable[..., Any], *arguments: Any) -> Any:
    """What the work returns in a child process; ``Lost`` where it dies or takes longer than the seconds."""
    reader, writer = os.pipe()

    def answer() -> None:
        gc.disable()
        os.close(reader)
        try:
            result = work(*arguments)
        except Exception as error:
            result = Lost(f"{type(error).__name__}: {error}"[:160])
        with os.fdopen(writer, "wb") as pipe:
            pickle.dump(result, pipe)

    child = forked(answer)
    os.close(writer)
    with os.fdopen(reader, "rb", buffering=0) as pipe:
        received, ended = _received(pipe, time.monotonic() + timeout)
    if not ended:
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    if not ended:
        return Lost(f"not done within {timeout:.0f} s")
    return pickle.loads(received) if received else Lost("the process died")


def _received(pipe: Any, deadline: float) -> tuple[bytes, bool]:
    """What comes through a pipe until the deadline, and whether it has ended."""
    received = b""
    while (left := deadline - time.monotonic()) > 0 and select.select([pipe], [], [], left)[0]:
        piece = pipe.read(PIECE)
        if not piece:
            return received, True
        received += piece
    return received, False
