"""What holds for all scenarios."""

from __future__ import annotations

import time

import pytest


@pytest.fixture(autouse=True)
def no_time_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that stalls may count that as CPU time: what is found must not hang on it."""
    monkeypatch.setattr(time, "thread_time", float)
