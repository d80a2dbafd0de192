"""Model views made by hand, for tests of what a rule makes of a view."""

from __future__ import annotations

import inspect
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tie_lint.python.statements import Span
from tie_lint.tiemap.built_model import BuiltModels
from tie_lint.tiemap.embeddings import Embeddings, Getter
from tie_lint.tiemap.failures import Failures
from tie_lint.tiemap.family import Family
from tie_lint.tiemap.lifecycle import Lifecycle
from tie_lint.tiemap.model_config import ModelConfig
from tie_lint.tiemap.places import Place
from tie_lint.tiemap.prefix import Prefix
from tie_lint.tiemap.resize_code import ResizeCode
from tie_lint.tiemap.resizing import Resizing
from tie_lint.tiemap.spelling import Spelling
from tie_lint.tiemap.tied_keys import TiedKeys
from tie_lint.tiemap.ties import Ties
from tie_lint.tiemap.unreached_embeddings import UnreachedEmbeddings
from tie_lint.tiemap.view import ModelView, Role
from tie_lint.tiemap.wrong_embeddings import WrongEmbeddings

PARTS: dict[str, type] = {
    "models": BuiltModels,
    "config": ModelConfig,
    "family": Family,
    "prefix": Prefix,
    "resize_code": ResizeCode,
    "embeddings": Embeddings,
    "wrong_embeddings": WrongEmbeddings,
    "unreached": UnreachedEmbeddings,
    "tied_keys": TiedKeys,
    "ties": Ties,
    "lifecycle": Lifecycle,
    "resizing": Resizing,
    "failures": Failures,
    "spelling": Spelling,
}

Known = dict[str, Any]
"""What is known of a view, by part and question: ``{"embeddings.head": "lm_head"}``."""


def view(known: Known, name: str = "AcmeForCausalLM", role: Role = Role.DOWNSTREAM) -> ModelView:
    """Return a view that answers what is known, and None, for unknown, to every other question."""
    return FakeView(name, role, known)


class FakeView(ModelView):
    """A view whose parts are fakes. A question that no part has is a mistake of the test."""

    def __init__(self, name: str, role: Role, known: Known) -> None:
        self.name, self.path, self.at = name, Path("acme.py"), [1, 7, 1, 7 + len(name)]
        self.role = role
        parts: dict[str, Known] = {part: {} for part in ("", *PARTS)}
        parts["models"] = {name: SimpleNamespace(model=None) for name in ("default", "untied")}
        for question, answer in known.items():
            part, _, asked = question.rpartition(".")
            parts[part][asked] = answer
        self._own = parts[""]
        for part, kind in PARTS.items():
            setattr(self, part, fake(kind, parts[part]))

    @property
    def own_init(self) -> bool:
        """Whether the class defines ``__init__`` itself."""
        return bool(self._own.get("own_init"))

    @property
    def family_ties(self) -> bool:
        """Whether a model of its family ties when asked."""
        return bool(self._own.get("family_ties"))

    @property
    def holders_tie(self) -> bool:
        """Whether a model that holds it has a tied head."""
        return bool(self._own.get("holders_tie"))

    def place(self, name: str) -> Span:
        """Return where the class's name stands."""
        return self.at

    def given(self, name: str) -> Place | None:
        """Return that it is not known where an attribute is from."""

    def made(self, path: str) -> Place | None:
        """Return that it is not known where a module is made."""


def fake(part: type, known: Known) -> object:
    """Return a part that answers what is known, and None to every other question."""
    questions = {name: value for name, value in inspect.getmembers(part) if not name.startswith("_")}
    assert known.keys() <= questions.keys(), f"{part.__name__} has no {known.keys() - questions.keys()}"
    answers: dict[str, Any] = {
        name: (lambda *_: None) if inspect.isfunction(value) else known.get(name)
        for name, value in questions.items()
    }
    return object.__new__(type(f"Fake{part.__name__}", (part,), answers))


HEADLESS: Known = {
    "embeddings.has_head": True,
    "embeddings.head": "head",
    "embeddings.output_getter": Getter.RETURNS_NONE,
}
"""What makes TIE001 fire."""
