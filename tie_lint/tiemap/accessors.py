"""The names of the methods that hand out and replace the two embeddings of a model."""

from __future__ import annotations

from enum import Enum


class End(Enum):
    """One end of a tie."""

    INPUT = "input"
    OUTPUT = "output"

    @property
    def getter(self) -> str:
        """The method that returns the embedding."""
        return f"get_{self.value}_embeddings"

    @property
    def setter(self) -> str:
        """The method that replaces it."""
        return f"set_{self.value}_embeddings"
