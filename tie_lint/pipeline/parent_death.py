"""End a process when its parent does, by whatever the parent ends."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress


def end_with(parent: int) -> None:
    """Have the kernel kill this process when the other end of a pipe closes, which the parent alone has.

    Even if it is stopped, or was started by somebody who ignores SIGTERM. For Linux.
    """
    assert sys.platform == "linux"
    import fcntl

    fcntl.fcntl(parent, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(parent, getattr(fcntl, "F_SETSIG", 10), signal.SIGKILL)
    fcntl.fcntl(parent, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
    with suppress(BlockingIOError):
        os.read(parent, 1)
        os.kill(os.getpid(), signal.SIGKILL)  # it has closed already
