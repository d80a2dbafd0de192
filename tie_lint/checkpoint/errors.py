"""The error of a file beside a model that is not what its format says."""

from __future__ import annotations

from pathlib import Path


class CheckpointError(Exception):
    """A file of a model's folder cannot be used: which one, and what is wrong with it."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(f"{path}: {problem}")
        self.path, self.problem = path, problem
