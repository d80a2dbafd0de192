"""The vocabulary in a model: which modules' sizes follow the config's ``vocab_size``.

Sizes are numbers in a run, so that they are told apart by running twice: what grows by as much as the
vocabulary grew is a token embedding or a vocabulary head; what merely happens to be as large is not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from tie_lint.model import configs, tree
from tie_lint.model.classes import Class
from tie_lint.model.objects import get_attr, set_attr
from tie_lint.model.tiemap import attempt, construct_with
from tie_lint.model.values import Instance, Module, Param, RaisedError, Value

if TYPE_CHECKING:
    from tie_lint.model.interpreter import Interpreter

Shape: TypeAlias = tuple[Value, ...]

GROWTH = 64
"""By how many tokens the second run's vocabularies are larger; a common multiple of usual paddings."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Dotted paths of what follows the vocabulary, in registration order."""

    heads: dict[str, Shape]
    """Modules that are no embedding and whose weight has the shape of a token embedding's."""
    embeddings: dict[str, Shape]
    """Token embeddings."""
    nested: frozenset[str]
    """Those of both that lie in a model inside the model."""


def vocabulary(run: Interpreter, cls: Class, model: Module, tied: bool | None = None) -> Vocabulary | None:
    """What follows the vocabulary in a built model; None where it cannot be told.

    ``tied`` is what ``tie_word_embeddings`` was forced to when the model was built.
    """

    def change(config: Instance) -> None:
        _grow(run, config)
        if tied is not None:
            configs.force_tie(run, config, tied)

    grown = construct_with(run, cls, change).model
    if grown is None:
        return None
    before, after = _sizes(run, model), _sizes(run, grown)
    if before is None or after is None:
        return None
    following = {path: shape for path, shape in before.items() if _follows(shape, after.get(path))}
    modules = dict(tree.named_modules(model, tree.only_built))
    embeddings = {path: shape for path, shape in following.items() if _is_embedding(modules[path])}
    shapes = set(embeddings.values())
    heads = {path: shape for path, shape in following.items() if path not in embeddings and shape in shapes}
    nested = frozenset(path for path in following if _inside_model(modules, path))
    return Vocabulary(heads, embeddings, nested)


def _grow(run: Interpreter, config: Instance) -> None:
    """Grow ``vocab_size``, and what holds the same number under a longer name (``decoder_vocab_size``)."""
    for item in configs.sub_configs(config):
        try:
            size = get_attr(run, item, "vocab_size")
        except RaisedError:
            continue
        if size is not None and not isinstance(size, int):
            continue
        same = [name for name, value in item.attrs.items() if name.endswith("_vocab_size") and value == size]
        for name in ("vocab_size", *same):
            set_attr(run, item, name, (size or 0) + GROWTH)  # None leaves it to the tokenizer


def _follows(before: Shape, after: Shape | None) -> bool:
    """Whether the first size grew with the vocabulary. A vocabulary of one token is a stand-in for none."""
    return (
        after is not None
        and len(before) == len(after) == 2
        and (before[0] is None or (isinstance(before[0], int) and before[0] > 1))
        and isinstance(after[0], int)
        and (before[0] or 0) < after[0]
        and before[1] == after[1]
    )


def _sizes(run: Interpreter, model: Module) -> dict[str, Shape] | None:
    """The shapes of all matrices named ``weight`` outside stacks of layers, by the path of their module."""

    enter = _outside_stacks()

    def collect() -> dict[str, Shape]:
        return {
            path: weight.shape
            for path, module in tree.named_modules(model, enter)
            if enter(module) and isinstance(weight := module.attrs.get("weight"), Param) and weight.shape
        }

    return attempt(run, collect)


def _outside_stacks() -> tree.Enter:
    """Look into everything but the pending members of lists: those are stacks of layers."""
    stacked: set[int] = set()

    def enter(module: Module) -> bool:
        if module.build is not None and id(module) in stacked:
            return False
        if "torch.nn.ModuleList" in _class_names(module):
            stacked.update(id(child) for _, child in module.children() if child.build is not None)
        return True

    return enter


def _is_embedding(module: Module) -> bool:
    return "torch.nn.Embedding" in _class_names(module)


def _class_names(module: Module) -> frozenset[str]:
    return module.cls.names if isinstance(module.cls, Class) else frozenset({module.cls.name})


def _inside_model(modules: dict[str, Module], path: str) -> bool:
    return any(
        isinstance(modules[above].cls, Class) and modules[above].cls.is_model  # type: ignore[union-attr]
        for above in _above(path)
        if above in modules
    )


def _above(path: str) -> Iterator[str]:
    """The paths between the root and a path, both left out."""
    parts = path.split(".")
    for count in range(1, len(parts)):
        yield ".".join(parts[:count])
