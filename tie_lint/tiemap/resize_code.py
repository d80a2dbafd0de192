"""Code of the model's own that resizes its embeddings, in the place of the library's."""

from __future__ import annotations

from typing import Any

from tie_lint.python.calls import calls_own, calls_super
from tie_lint.tiemap.built_model import BuiltModels

RESIZE = "resize_token_embeddings"


class ResizeCode:
    """What the class's own ``resize_token_embeddings`` does."""

    def __init__(self, models: BuiltModels) -> None:
        self._models = models

    @property
    def bodies(self) -> list[Any]:
        """The bodies of the code; empty where the model has none of its own."""
        owner = self._models.owner(RESIZE)
        methods = [] if owner is None else [owner.method(RESIZE), owner.method(f"_{RESIZE}")]
        return [facts.body for facts in methods if facts is not None]

    @property
    def replaces_library(self) -> bool:
        """Whether it does what the library would need the getters for."""
        bodies = self.bodies
        return bool(bodies) and not self._models.fails and not any(calls_super(b, RESIZE) for b in bodies)

    def asks(self, accessor: str) -> bool:
        """Return whether there is any, and it asks for an accessor of the model."""
        return any(calls_own(body, accessor) for body in self.bodies)

    def does_without(self, accessor: str) -> bool:
        """Return whether it replaces the library's and does not ask for an accessor of the model either."""
        return self.replaces_library and not self.asks(accessor)
