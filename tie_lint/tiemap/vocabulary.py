"""The vocabulary in a model: which modules' sizes follow the config's ``vocab_size``.

Sizes are numbers in a run, so that they are distinguished by running twice: what grows by as much as a
vocabulary grew is a token embedding or a vocabulary head; what merely happens to be as large is not. A size
that the config leaves open is a symbol, which says by its name what it follows. Each
vocabulary of a config (``input_vocab_size``, ``output_vocab_size``) grows by another number, so that an
embedding and a head of two vocabularies are not taken for two ends of one tie.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from tie_lint.interpreter.attribute_changes import set_attr
from tie_lint.interpreter.attributes import get_attr
from tie_lint.interpreter.base_values import RaisedError, Value
from tie_lint.interpreter.caches import Cache
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.symbols import Symbol, is_vocabulary
from tie_lint.interpreter.values import Instance, Module, Param
from tie_lint.intrinsics.torch import module_tree
from tie_lint.intrinsics.transformers import configs
from tie_lint.record import Data, field
from tie_lint.tiemap.construction import attempt, construct_with, is_kept
from tie_lint.tiemap.once import Known, once

if TYPE_CHECKING:
    from tie_lint.intrinsics.transformers.context import Interpreter

Shape: TypeAlias = tuple[Value, ...]

TWO_SIDED = frozenset({"src_vocab_size", "tgt_vocab_size", "encoder_vocab_size", "decoder_vocab_size"})
"""How configs of translation models call their vocabularies."""

NO_WORDS = "type_vocab_size"
"""The number of a sentence's segments, in every family that has it."""

GROWTH = 64
"""By how many tokens the second run's first vocabulary is larger; a common multiple of usual paddings."""


class Vocabulary(Data):
    """Dotted paths of what follows the vocabulary, in registration order."""

    heads: dict[str, Shape]
    """Modules that are no embedding and whose weight has the shape of a token embedding's, in both runs."""
    embeddings: dict[str, Shape]
    """Token embeddings."""
    nested: frozenset[str]
    """Those of both that lie in a model inside the model."""
    others: dict[str, Shape] = field(default_factory=dict)
    """Modules that are neither of both."""
    unfit: frozenset[str] = frozenset()
    """Those of them that have a row for each token of an embedding, whose shape they do not have."""

    @property
    def sole_unfit_head(self) -> str | None:
        """The one head of a model of which no head has the shape of an embedding; None where there is none or
        nobody can say which it is."""
        own = [path for path in self.others if path in self.unfit - self.nested]
        return own[0] if len(own) == 1 and not self.heads else None

    @property
    def list_of_embeddings(self) -> str | None:
        """The path of the one list that all token embeddings stand in, if there are several."""
        return _list_of(self.embeddings)

    @property
    def list_of_heads(self) -> str | None:
        """The path of the one list that all heads stand in, if there are several."""
        return _list_of(self.heads or self.others)

    def is_one_of_several(self, path: str) -> bool:
        """Return whether a head, or an embedding, stands in a list of its like, none of which is the model's
        one.
        """
        like = self.heads if path in self.heads else self.embeddings
        return sum(_without_numbers(other) == _without_numbers(path) for other in like) > 1


def vocabulary(
    interp: Interpreter,
    cls: Class,
    model: Module,
    tied: bool | None = None,
    values: Mapping[str, Any] | None = None,
) -> Vocabulary | None:
    """Return what follows the vocabulary in a built model; None where it is not known.

    ``tied`` is what ``tie_word_embeddings`` was forced to when the model was built, ``values`` are those of
    the config.json that it was built with, if there is one. Where nothing follows ``vocab_size``, the model
    may be a part with a vocabulary of its own (``t2u_vocab_size``).
    """

    def find() -> Vocabulary | None:
        found = _what_follows(interp, cls, model, tied, _grow, values)
        if found is None or found.embeddings or found.heads:
            return found
        return _what_follows(interp, cls, model, tied, _grow_others, values)

    if values is not None or not is_kept(interp, cls, model, tied):
        return find()
    return once(interp, _VOCABULARY.of(interp.resolver, dict), model, find)


_VOCABULARY: Cache[Known[Module, Vocabulary | None]] = Cache()


def _what_follows(
    interp: Interpreter,
    cls: Class,
    model: Module,
    tied: bool | None,
    grow: Callable[..., Iterator[int]],
    values: Mapping[str, Any] | None,
) -> Vocabulary | None:
    grown_by: set[int] = set()
    before = _sizes(interp, model)
    if before is None:
        return None

    def change(config: Instance) -> None:
        grown_by.update(grow(interp, config))
        if not grown_by:
            raise _NothingGrowsError
        if tied is not None:
            configs.force_tie(interp, config, tied)

    try:
        grown = (
            construct_with(interp, cls, change, values=values).model
            or construct_with(interp, cls, change, deferred=True, values=values).model
        )
    except _NothingGrowsError:
        grown = model  # of which symbols may follow a vocabulary all the same
    after = None if grown is None else before if grown is model else _sizes(interp, grown)
    if after is None:
        return None
    following = {path: shape for path, shape in before.items() if _follows(shape, after.get(path), grown_by)}
    if not following:
        return Vocabulary({}, {}, frozenset())
    modules = dict(module_tree.named_modules(model, module_tree.only_built))
    embedded = _embeddings(modules, following)
    embeddings = {path: shape for path, shape in following.items() if path in embedded}
    ends = {(shape, after[path]) for path, shape in embeddings.items()}
    others = {path: shape for path, shape in following.items() if path not in embeddings}
    heads = {path: shape for path, shape in others.items() if (shape, after[path]) in ends}
    nested = frozenset(path for path in following if _model_around(modules, path) is not None)
    growths = {_growth(shape, after[path]) for path, shape in embeddings.items()}
    others = {path: shape for path, shape in others.items() if path not in heads}
    unfit = frozenset(path for path, shape in others.items() if _growth(shape, after[path]) in growths)
    return Vocabulary(heads, embeddings, nested, others, unfit)


class _NothingGrowsError(Exception):
    """The config names no vocabulary: a second run would be the first one over again."""


def _grow(interp: Interpreter, config: Instance) -> Iterator[int]:
    """Grow ``vocab_size``, and what holds the same number under a longer name; by how much each grew."""
    for item in configs.sub_configs(config):
        try:
            size = get_attr(interp, item, "vocab_size")
        except RaisedError:
            yield from _grow_named_otherwise(interp, item)
            continue
        if size is not None and not isinstance(size, int):
            continue
        same = [name for name, value in item.attrs.items() if name.endswith("_vocab_size") and value == size]
        dependent = _set_by_vocab_size(interp, item, same, (size or 0) + GROWTH)
        for count, name in enumerate(("vocab_size", *sorted(same)), start=1):
            grows_by = GROWTH if name in dependent else count * GROWTH
            set_attr(interp, item, name, (size or 0) + grows_by)  # None leaves it to the tokenizer
            yield grows_by


def _grow_named_otherwise(interp: Interpreter, config: Instance) -> Iterator[int]:
    """Grow the two vocabularies of a config that has one for each side and no ``vocab_size``."""
    sizes = {name: value for name, value in config.attrs.items() if name in TWO_SIDED}
    for count, (name, size) in enumerate(sorted(sizes.items()), start=1):
        if isinstance(size, int) and not isinstance(size, bool):
            set_attr(interp, config, name, size + count * GROWTH)
            yield count * GROWTH


def _grow_others(interp: Interpreter, config: Instance) -> Iterator[int]:
    """Grow every vocabulary of words that has a longer name than ``vocab_size``."""
    for item in configs.sub_configs(config):
        sizes = {name: value for name, value in item.attrs.items() if name.endswith("_vocab_size")}
        for count, (name, size) in enumerate(sorted(sizes.items()), start=1):
            if isinstance(size, int) and name != NO_WORDS:
                set_attr(interp, item, name, size + count * GROWTH)
                yield count * GROWTH


def _set_by_vocab_size(interp: Interpreter, config: Instance, names: list[str], size: int) -> set[str]:
    """Which of a config's fields take over a ``vocab_size`` that it is made with, and so mean that too."""
    if not names:
        return set()
    try:
        made = interp.call(config.cls, [], {"vocab_size": size})
        return {name for name in names if get_attr(interp, made, name) == size}
    except RaisedError:
        return set()


def _follows(before: Shape, after: Shape | None, grown_by: set[int]) -> bool:
    """Whether the first size grew as a vocabulary did. A vocabulary of one token is a stand-in for none."""
    if after is not None and len(before) == 2 and is_vocabulary(before[0], NO_WORDS):
        return before == after
    return (
        after is not None
        and len(before) == len(after) == 2
        and (before[0] is None or (isinstance(before[0], int) and before[0] > 1))
        and isinstance(after[0], int)
        and _growth(before, after) in grown_by
        and before[1] == after[1]
        and not isinstance(before[1], (list, tuple, dict, set))  # no size, whatever a config says
    )


def _growth(before: Shape, after: Shape) -> Value:
    """What tells one vocabulary from another: by how much it grew, or its symbol."""
    if isinstance(before[0], Symbol):
        return before[0]
    return after[0] - (before[0] or 0)


def _sizes(interp: Interpreter, model: Module) -> dict[str, Shape] | None:
    """The shapes of all matrices named ``weight`` outside stacks of layers, by the path of their module."""

    enter = _outside_stacks()

    def collect() -> dict[str, Shape]:
        return {
            path: weight.shape
            for path, module in module_tree.named_modules(model, enter)
            if enter(module) and isinstance(weight := module.attrs.get("weight"), Param) and weight.shape
        }

    return attempt(interp, collect)


def _outside_stacks() -> module_tree.Enter:
    """Look into everything but what waits in lists: those are stacks of layers.

    A layer that is handed another one to wrap is built at once, but that one waits as the layer would; models
    have embeddings of their own.
    """
    stacked: set[int] = set()

    def enter(module: Module) -> bool:
        is_stacked = id(module) in stacked
        if is_stacked and module.build is not None:
            return False
        is_layer = is_stacked and not (isinstance(module.cls, Class) and module.cls.is_model)
        if is_layer or "torch.nn.ModuleList" in _class_names(module):
            stacked.update(id(child) for _, child in module.children())
        return True

    return enter


def _list_of(paths: Iterable[str]) -> str | None:
    around = [path.rpartition(".")[0] for path in paths if path.rpartition(".")[2].isdigit()]
    return around[0] if len(around) > 1 and len(set(around)) == 1 else None


def _without_numbers(path: str) -> list[str]:
    return ["" if part.isdigit() else part for part in path.split(".")]


def _embeddings(modules: dict[str, Module], following: dict[str, Shape]) -> set[str]:
    """Which modules are embeddings: those of torch's class; where there are none, those of classes of the
    project's own that have the shape of a linear layer (a quantised model)."""
    found = {path for path in following if "torch.nn.Embedding" in _class_names(modules[path])}
    linear = {path for path in following if "torch.nn.Linear" in _class_names(modules[path])}
    shapes = {following[path] for path in linear}
    return found or {path for path in following if path not in linear and following[path] in shapes}


def _class_names(module: Module) -> frozenset[str]:
    return module.cls.names if isinstance(module.cls, Class) else frozenset({module.cls.name})


def model_around(model: Module, path: str) -> str | None:
    """Return the path of the outermost model inside a model around a path; None where there is none."""
    return _model_around(dict(module_tree.named_modules(model, module_tree.only_built)), path)


def _model_around(modules: dict[str, Module], path: str) -> str | None:
    for above in module_tree.around(path)[1:]:
        cls = modules[above].cls if above in modules else None
        if isinstance(cls, Class) and cls.is_model:
            return above
    return None


def is_of_one_config(model: Module, path: str) -> bool:
    """Return whether all modules on the way to one inside a model go by a config of that model's class.

    A composite of parts that have configs of their own need not speak for one of them, nor for an embedding
    beside theirs.
    """
    above = [module_tree.submodule(model, holder) for holder in module_tree.around(path)[1:]]
    own_config = configs.class_held_by(model)
    return all(configs.class_held_by(item) in (None, own_config) for item in above if item is not None)
