"""A child process that builds classes for the recorder, and is replaced when it hangs or dies."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any

from tests.lab.truth.classes import ClassName
from tests.lab.truth.records import Truth

#: A child that has just started still has to import torch and transformers.
START_UP = 120.0


class Worker:
    """One child process at a time; use it as a context manager.

    ``run`` is what a child does with its end of the connection and the arguments: it is the ``serve`` below,
    or gets ready in its own way and then calls ``answer``.
    """

    def __init__(self, timeout: float, run: Callable[..., None] | None = None, *arguments: Any) -> None:
        self._timeout = timeout
        self._run, self._arguments = run or serve, arguments
        self._start()

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self._stop()

    def observe(self, name: ClassName) -> tuple[Truth, float]:
        """What the class does, and the seconds it took: whole if there is time, else shrunk."""
        began = time.monotonic()
        truth = self._ask(name, shrink=False) or self._ask(name, shrink=True)
        lost = Truth(name.module, name.name, error=f"Timeout: not built within {self._timeout:.0f} s")
        return truth or lost, time.monotonic() - began

    def _ask(self, name: ClassName, shrink: bool) -> Truth | None:
        """One attempt; ``None`` when the child hangs or dies, which also replaces it."""
        try:
            self._connection.send((name, shrink))
            if self._connection.poll(self._timeout):
                answer: Truth = self._connection.recv()
                return answer
        except (EOFError, OSError):
            pass
        self._stop()
        self._start()
        return None

    def _start(self) -> None:
        os.environ["PYTHONHASHSEED"] = "0"  # the library prints sets in its errors
        spawn = multiprocessing.get_context("spawn")
        self._connection, theirs = spawn.Pipe()
        self._process = spawn.Process(target=self._run, args=(theirs, *self._arguments), daemon=True)
        self._process.start()
        theirs.close()
        if not self._connection.poll(START_UP):
            raise TimeoutError("the worker process does not start")
        self._connection.recv()

    def _stop(self) -> None:
        self._connection.close()
        self._process.kill()
        self._process.join()


def serve(connection: Connection[Any, Any]) -> None:
    """What a child does for the library: record its classes."""
    from tests.lab.truth.observe import observe, quieten

    quieten()
    answer(connection, observe)


def answer(connection: Connection[Any, Any], observe: Callable[[ClassName, bool], Truth]) -> None:
    """The child's loop: announce readiness, then answer one (class, shrink) after the other."""
    connection.send("ready")
    while True:
        try:
            name, shrink = connection.recv()
        except EOFError:
            return
        connection.send(observe(name, shrink))
