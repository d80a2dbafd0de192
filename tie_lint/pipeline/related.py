"""From a finding to the places that it is about: the declaration, the head, the embedding, the flag.

A finding stands where it is to be fixed or where the class begins; what its message names is often elsewhere.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tie_lint.finding import Finding
from tie_lint.pipeline.links import LINK_OF
from tie_lint.record import NamedTuple
from tie_lint.tiemap.chain import LinkName, chain
from tie_lint.tiemap.places import Place, place_of_part

if TYPE_CHECKING:
    from tie_lint.tiemap.view import ModelView


class Related(NamedTuple):
    """A place that a finding is about, and what is there."""

    path: str
    """The file, absolute."""
    line: int
    text: str


_SAID: dict[LinkName, str] = {
    "config": "tie_word_embeddings is said here",
    "base_model_prefix": "base_model_prefix is declared here",
    "get_input_embeddings": "get_input_embeddings() is defined here",
    "get_output_embeddings": "get_output_embeddings() is defined here",
    "_tied_weights_keys": "_tied_weights_keys is declared here",
    "post_init": "post_init() belongs here",
}
_PARTS: dict[LinkName, tuple[str, ...]] = {
    "config": ("head",),
    "base_model_prefix": ("backbone",),
    "get_input_embeddings": ("embedding",),
    "get_output_embeddings": ("head",),
    "_tied_weights_keys": ("head", "embedding"),
    "post_init": ("head",),
}
"""The parts of a model that a broken link leaves alone."""


def related(view: ModelView, finding: Finding) -> list[Related]:
    """Return the places in files that a finding about a model class is about, beside its own line."""
    here = os.path.abspath(finding.path)  # noqa: PTH100 - a place's path is made in the same way
    found: dict[tuple[str, int], Related] = {}
    for place, text in view.attempt(lambda: [*_places(view, finding)]) or ():
        if place is not None and place.line is not None and (place.path, place.line) != (here, finding.line):
            found.setdefault((place.path, place.line), Related(place.path, place.line, text))
    return [*found.values()]


def _places(view: ModelView, finding: Finding) -> Iterator[tuple[Place | None, str]]:
    name = LINK_OF.get(finding.code)
    if name is not None:
        for part in _PARTS[name]:
            path, what = _part(view, part)
            model = view.models.available.model
            if path and model is not None:
                yield place_of_part(model, path), f"the {what}, self.{path}, is made here"
        yield next(link.place for link in chain(view) if link.name == name), _SAID[name]
    yield Place.of(view.cls), f"class {view.name}"


def _part(view: ModelView, part: str) -> tuple[str | None, str]:
    """The path of a part of a model, and what it is in words."""
    if part == "head":
        return view.embeddings.head, "head"
    if part == "backbone":
        return next(iter(view.family.models_in(view.cls)), None), "backbone"
    vocabulary = view.embeddings.vocabulary
    embedding = next(iter(vocabulary.embeddings), None) if vocabulary is not None else None
    return view.embeddings.input_path or embedding, "input embedding"
