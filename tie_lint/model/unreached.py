"""Where a token embedding that no ``get_input_embeddings`` reaches is to be handed out.

A model passes the question on to a model inside it, by a getter of its own or by the inherited one, until an
inherited one finds nothing. The one to mend is the first on the way that has a setter of its own without a
getter beside it; else the last, where it makes the embedding; otherwise the first that had but the inherited
getter. Only models that are used by themselves are asked: a component need not answer, nor a wrapper where
those that hold it find the embedding without it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import TYPE_CHECKING

from tie_lint.model import tree
from tie_lint.model.auto import auto_model
from tie_lint.model.classes import Class
from tie_lint.model.configs import class_held_by, config_class
from tie_lint.model.pretrained import INHERITED_GETTER
from tie_lint.model.tiemap import attempt, built, prefix_of
from tie_lint.model.values import Module, RaisedError
from tie_lint.model.vocabulary import vocabulary

if TYPE_CHECKING:
    from tie_lint.model.interpreter import Interpreter


def unreached_embedding(run: Interpreter, cls: Class, models: Iterable[Class]) -> str | None:
    """The path of the token embedding that this class's getter should return and does not.

    ``models`` are the models of its module.
    """
    holders = {holder: names for holder in models if (names := _held(run, holder, cls))}
    asked = [*([cls] if _is_used_itself(run, cls, holders) else []), *holders]
    in_vain = [model for model in asked if _to_mend(run, model) is cls]
    if not in_vain:
        return None
    model = built(run, cls, False).model
    found = None if model is None else vocabulary(run, cls, model, False)
    if model is None or found is None:
        return None
    # Without it nothing can be built that ties, or a head has no other end to be resized with.
    needed = any(_way_when_tied(run, holder) or _has_head(run, holder) for holder in in_vain)
    if not needed and not all(is_of_one_config(model, path) for path in found.embeddings):
        return None
    made_here = next((path for path in found.embeddings if path not in found.nested), None)
    if made_here is not None and found.list_of_embeddings is not None:
        return found.list_of_embeddings
    counts = (
        any(path not in found.nested for path in found.heads)
        or _has_head(run, cls)
        or any(model is not cls for model in in_vain)
        or _backbone(run, cls) is cls
    )
    return made_here or next((path for path in found.embeddings if counts), None)


def is_of_one_config(model: Module, path: str) -> bool:
    """Whether all modules on the way to one inside a model go by a config of that model's class.

    A composite of parts that have configs of their own need not speak for one of them, nor for an embedding
    beside theirs.
    """
    above = [tree.submodule(model, holder) for holder in tree.around(path)[1:]]
    wanted = class_held_by(model)
    return all(class_held_by(item) in (None, wanted) for item in above if item is not None)


def _to_mend(run: Interpreter, asked: Class) -> Class | None:
    """The class to mend where a class's models do not answer, or ask in vain when they tie; else None."""
    way = _way_when_tied(run, asked)
    model = None if way else built(run, asked, False).model
    if model is not None:
        before = len(run.events)
        if attempt(run, lambda: _answers(run, model)) is not False:
            return None
        way = _way(run.events[before:]) or [asked]
    if not way:
        return None
    half = (cls for cls in way if "set_input_embeddings" in cls.own() and _embeddings(run, cls))
    return next(half, way[-1] if any(_embeddings(run, way[-1]).values()) else way[0])


def _way_when_tied(run: Interpreter, asked: Class) -> list[Class]:
    """The way of a question that ends a construction; empty where none does."""
    tied = built(run, asked, True)
    last_first = itertools.takewhile(lambda event: event[0] == INHERITED_GETTER, reversed(tied.events))
    return _way(last_first)[::-1] if tied.model is None else []


def _way(events: Iterable[tuple[str, Module, object]]) -> list[Class]:
    return [at.cls for what, at, _ in events if what == INHERITED_GETTER and isinstance(at.cls, Class)]


def _answers(run: Interpreter, model: Module) -> bool:
    try:
        return run.call_method(model, "get_input_embeddings") is not None
    except RaisedError:
        return False


def _has_head(run: Interpreter, cls: Class) -> bool:
    """Whether models of a class hand out an output embedding."""
    model = built(run, cls, False).model
    found = model and attempt(run, lambda: run.call_method(model, "get_output_embeddings"))
    return isinstance(found, Module)


def _is_used_itself(run: Interpreter, cls: Class, holders: dict[Class, list[str]]) -> bool:
    """Whether the class is a model of its own, not only a part of those that hold it."""
    if not holders or _backbone(run, cls) is not None:
        return not holders or _backbone(run, cls) is cls
    return any(prefix_of(run, holder) in names for holder, names in holders.items())


def _backbone(run: Interpreter, cls: Class) -> Class | None:
    """The class that ``AutoModel`` makes of a class's config."""
    config = config_class(run, cls)
    return None if config is None else auto_model(run, config)


def _held(run: Interpreter, holder: Class, cls: Class) -> list[str]:
    """The paths under which a class holds models of another."""
    model = None if holder is cls else built(run, holder, False).model
    modules = () if model is None else tree.named_modules(model, tree.only_built)
    return [path for path, item in modules if path and isinstance(item.cls, Class) and cls in item.cls.mro]


def _embeddings(run: Interpreter, cls: Class) -> dict[str, bool]:
    """The token embeddings in models of a class, and whether they make them, and not a model inside them."""
    model = built(run, cls, False).model
    found = None if model is None else vocabulary(run, cls, model, False)
    return {} if found is None else {path: path not in found.nested for path in found.embeddings}
