"""Where a token embedding that no ``get_input_embeddings`` reaches is to be handed out.

A model passes the question on to a model inside it, by a getter of its own or by the inherited one, until an
inherited one finds nothing. The one to fix is the first on the way that has a setter of its own without a
getter beside it; else the last, where it makes the embedding; otherwise the first that had but the inherited
getter. Only models that are used by themselves are asked: a component need not answer, nor a wrapper where
those that hold it find the embedding without it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from functools import cached_property, partial
from typing import TYPE_CHECKING

from tie_lint.interpreter.attributes import attribute_of
from tie_lint.interpreter.base_values import RaisedError, Unknown, Value
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.symbols import Symbol
from tie_lint.interpreter.values import Instance, Module
from tie_lint.intrinsics.torch import module_tree
from tie_lint.intrinsics.transformers.trace import Event, InheritedGetter
from tie_lint.tiemap.accessors import End
from tie_lint.tiemap.built_model import BuiltModels
from tie_lint.tiemap.construction import attempt, built, changeable, prefix_of
from tie_lint.tiemap.embeddings import Embeddings, Getter
from tie_lint.tiemap.family import Family, made_by_auto_model, model_classes
from tie_lint.tiemap.prefix import Prefix
from tie_lint.tiemap.resize_code import ResizeCode
from tie_lint.tiemap.resizing import where_set
from tie_lint.tiemap.vocabulary import is_of_one_config, model_around, vocabulary

if TYPE_CHECKING:
    from tie_lint.intrinsics.transformers.context import Interpreter


class UnreachedEmbeddings:
    """A token embedding that the class's ``get_input_embeddings`` should return and does not."""

    def __init__(
        self,
        models: BuiltModels,
        family: Family,
        prefix: Prefix,
        embeddings: Embeddings,
        resize_code: ResizeCode,
    ) -> None:
        self._models, self._family, self._prefix, self._embeddings = models, family, prefix, embeddings
        self._resize_code, self._interp, self._cls = resize_code, models.interp, models.cls

    @cached_property
    def path(self) -> str | None:
        """Its dotted path, where this is the class to fix. A list of embeddings only where something comes of
        it."""
        known = self._embeddings.vocabulary
        if self._embeddings.input_getter is Getter.WORKS:
            return None
        if known is not None and not known.embeddings:
            return self._of_part
        found = self._set_here or self._asked_for
        listed = self._embeddings.list_of_embeddings
        useless = known is not None and found == known.list_of_embeddings and listed is None
        return None if useless and not self._models.fails else found

    @property
    def is_only_set(self) -> bool:
        """Whether the only sign of it is the class's own setter: no model of the file asks for it."""
        return self.path is not None and self._asked_for is None and self._set_here is not None

    @property
    def is_of_language_model(self) -> bool:
        """Whether a language model inside hands it out, which ties by itself."""
        model = self._models.available.model
        return (
            model is not None and self.path is not None and _is_of_whole_model(self._interp, model, self.path)
        )

    @cached_property
    def part(self) -> str | None:
        """The part that the class's own ``get_output_embeddings`` asks, where the ``get_input_embeddings``
        raises instead of asking it."""
        return None if self._embeddings.input_getter is not Getter.RAISES else self._embeddings.part_asked

    @property
    def is_open_part(self) -> bool:
        """Whether the config decides on :attr:`part`, so that nothing is known of it."""
        return self.part is not None and self._embeddings.unknown_part_asked is not None

    @cached_property
    def _asked_for(self) -> str | None:
        """The one that models of the file ask for in vain. With a wrong prefix nothing is asked."""
        if self._prefix.misleads or self._resize_code.does_without(End.INPUT.getter):
            return None
        return unreached_embedding(self._interp, self._cls, self._family)

    @property
    def _of_part(self) -> str | None:
        """What the one language model inside hands out, whose config the class makes itself: no vocabulary
        of the class's own config says anything of it."""
        model = self._models.available.model
        if model is None or self._resize_code.does_without(End.INPUT.getter) or self._family.is_component:
            return None
        parts = [part for _, part in self._models.attempt(model.children) or ()]
        found = [_handed_out(self._interp, part) for part in parts if isinstance(part, Module)]
        embeddings = [one for one in found if one is not None]
        return module_tree.path_of(model, embeddings[0]) if len(embeddings) == 1 else None

    @cached_property
    def _set_here(self) -> str | None:
        """What the class's own ``set_input_embeddings`` sets, a token embedding or a module around one, where
        it has no getter of its own beside it."""
        found, declares = self._embeddings.vocabulary, self._models.declares
        if self._embeddings.input_getter is None or found is None:
            return None
        if declares(End.INPUT.getter) or not declares(End.INPUT.setter):
            return None
        model = changeable(self._interp, self._cls, False).model
        one = None if model is None else module_tree.submodule(model, next(iter(found.embeddings), ""))
        if model is None or not isinstance(one, Module):
            return None
        path = where_set(self._interp, model, End.INPUT, one)
        return path if path and any(f"{name}.".startswith(f"{path}.") for name in found.embeddings) else None


def unreached_embedding(interp: Interpreter, cls: Class, family: Family) -> str | None:
    """Return the path of the token embedding that this class's getter should return and does not."""
    models = model_classes(cls.scope)
    holders = {holder: names for holder in models if (names := _held(interp, holder, cls))}
    asked = [*([cls] if _is_used_itself(interp, cls, holders, family) else []), *holders]
    in_vain = [model for model in asked if _to_fix(interp, model) is cls]
    if not in_vain:
        return None
    model = built(interp, cls, False).model
    found = None if model is None else vocabulary(interp, cls, model, False)
    if model is None or found is None or _has_open_model(interp, model):
        return None
    # Without it nothing can be built that ties, or a head has no other end to be resized with.
    needed = any(_way_when_tied(interp, holder) or _has_head(interp, holder) for holder in in_vain)
    whole = [path for path in found.embeddings if _is_of_whole_model(interp, model, path)]
    if not needed and not whole and not all(is_of_one_config(model, path) for path in found.embeddings):
        return None
    made_here = next((path for path in found.embeddings if path not in found.nested), None)
    if made_here is not None and found.list_of_embeddings is not None:
        return found.list_of_embeddings
    counts = (
        any(path not in found.nested for path in found.heads)
        or _has_head(interp, cls)
        or any(model is not cls for model in in_vain)
        or made_by_auto_model(interp, cls, family.init_base_class) is cls
    )
    paths = found.embeddings if counts and not whole else whole[:1]
    return made_here or next(iter(paths), None)


def _has_open_model(interp: Interpreter, model: Module) -> bool:
    """Whether a model inside has a config that nobody knows: its embedding may be the one that is meant."""
    inside = (part for name, part in module_tree.named_modules(model, module_tree.only_built) if name)
    models = (part for part in inside if isinstance(part.cls, Class) and part.cls.is_model)
    return any(_is_open(interp, part.attrs.get("config")) for part in models)


def _is_open(interp: Interpreter, config: Value) -> bool:
    size = attribute_of(interp, config, "vocab_size") if isinstance(config, Instance) else config
    return isinstance(size, Unknown) and not isinstance(size, Symbol)


def _is_of_whole_model(interp: Interpreter, model: Module, path: str) -> bool:
    """Whether an embedding is what a model inside hands out, which hands out a head for it, too."""
    inner = module_tree.submodule(model, model_around(model, path) or "")
    if inner is model or not isinstance(inner, Module):
        return False
    return _handed_out(interp, inner) is module_tree.submodule(model, path)


def _handed_out(interp: Interpreter, part: Module) -> Module | None:
    """The embedding that a part hands out, if it is a language model: one that hands out a head, too."""
    if not isinstance(part.cls, Class) or not part.cls.is_model:
        return None
    ends = [attempt(interp, partial(interp.call_method, part, end.getter)) for end in End]
    return ends[0] if isinstance(ends[0], Module) and isinstance(ends[1], Module) else None


def _to_fix(interp: Interpreter, asked: Class) -> Class | None:
    """The class to fix where a class's models do not answer, or ask in vain when they tie; else None."""
    way = _way_when_tied(interp, asked)
    model = None if way else built(interp, asked, False).model
    if model is not None:
        before = len(interp.trace.events)
        if attempt(interp, lambda: _answers(interp, model)) is not False:
            return None
        way = _way(interp.trace.events[before:]) or [asked]
    if not way:
        return None
    half = (cls for cls in way if "set_input_embeddings" in cls.own() and _embeddings(interp, cls))
    return next(half, way[-1] if any(_embeddings(interp, way[-1]).values()) else way[0])


def _way_when_tied(interp: Interpreter, asked: Class) -> list[Class]:
    """The way of a question that ends a construction; empty where none does."""
    tied = built(interp, asked, True)
    last_first = itertools.takewhile(lambda event: isinstance(event, InheritedGetter), reversed(tied.events))
    return _way(last_first)[::-1] if tied.model is None else []


def _way(events: Iterable[Event]) -> list[Class]:
    asked = [event.model.cls for event in events if isinstance(event, InheritedGetter)]
    return [cls for cls in asked if isinstance(cls, Class)]


def _answers(interp: Interpreter, model: Module) -> bool:
    try:
        return interp.call_method(model, "get_input_embeddings") is not None
    except RaisedError:
        return False


def _has_head(interp: Interpreter, cls: Class) -> bool:
    """Whether models of a class hand out an output embedding."""
    model = built(interp, cls, False).model
    found = model and attempt(interp, lambda: interp.call_method(model, "get_output_embeddings"))
    return isinstance(found, Module)


def _is_used_itself(interp: Interpreter, cls: Class, holders: dict[Class, list[str]], family: Family) -> bool:
    """Whether the class is a model of its own, not only a part of those that hold it.

    Where ``AutoModel`` makes something of another family, the models that hold the class tell: by their
    prefix, or, where that is wrong, by their family.
    """
    if not holders:
        return True
    backbone = made_by_auto_model(interp, cls, family.init_base_class)
    if backbone is not None:
        return backbone is cls
    return any(
        prefix_of(interp, holder) in names or any(name in names for name in family.backbones_in(holder))
        for holder, names in holders.items()
    )


def _held(interp: Interpreter, holder: Class, cls: Class) -> list[str]:
    """The paths under which a class holds models of another."""
    model = None if holder is cls else built(interp, holder, False).model
    modules = () if model is None else module_tree.named_modules(model, module_tree.only_built)
    return [path for path, item in modules if path and isinstance(item.cls, Class) and cls in item.cls.mro]


def _embeddings(interp: Interpreter, cls: Class) -> dict[str, bool]:
    """The token embeddings in models of a class, and whether they make them, and not a model inside them."""
    model = built(interp, cls, False).model
    found = None if model is None else vocabulary(interp, cls, model, False)
    return {} if found is None else {path: path not in found.nested for path in found.embeddings}
