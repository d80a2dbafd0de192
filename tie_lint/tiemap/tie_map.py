"""The tie map of a model class: where its getters lead, what ties, and whether it can be saved."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from tie_lint.cause import Cause
from tie_lint.interpreter.attributes import get_attr
from tie_lint.interpreter.base_values import ExhaustedError, RaisedError, Unknown, cause_of
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.spot import here
from tie_lint.interpreter.values import Module
from tie_lint.intrinsics.torch import module_tree
from tie_lint.intrinsics.transformers import configs, saving
from tie_lint.record import Data
from tie_lint.tiemap.construction import (
    Construction,
    at_class,
    attempt,
    built,
    construct,
    deep_stack,
    given_up,
    is_forced,
    needs_filling,
    prefix_of,
    shared_parameters,
)

if TYPE_CHECKING:
    from tie_lint.intrinsics.transformers.context import Interpreter


class TieMap(Data):
    """What is known of a model class under one release; None stands for unknown."""

    config_class: str | None
    base_model_prefix: str | None
    base_model: str | None
    """Dotted path of the backbone; "" when the model is its own."""
    input_embeddings: str | None
    """Dotted path; "" when the getter gives None or raises."""
    output_embeddings: str | None
    ties: list[list[str]] | None
    ties_if_tied: list[list[str]] | None
    saves: bool | None
    raises: Cause | None
    """What building the model is certain to raise: then it has no embeddings and no ties."""
    raises_if_tied: Cause | None
    """The same with ``tie_word_embeddings=True``."""
    reasons: dict[str, list[Cause]]
    """Why a fact is unknown, by its name."""
    construction: Construction
    """The construction under the config's own defaults."""

    def is_known(self, fact: str) -> bool:
        """Return whether a fact is known, or that there is no model for it to be a fact of."""
        raises = self.raises_if_tied if fact in OF_TIED else self.raises
        return getattr(self, fact) is not None or (raises is not None and fact != "base_model_prefix")


OF_TIED = frozenset({"ties_if_tied", "saves"})
"""The facts about the model with ``tie_word_embeddings=True``."""


FACTS = ("base_model_prefix", "input_embeddings", "output_embeddings", "ties", "ties_if_tied", "saves")

Build = Callable[["Interpreter", Class, "bool | None"], Construction]
"""What builds a model class with ``tie_word_embeddings`` as it is, or forced."""


def tie_map(interp: Interpreter, cls: Class) -> TieMap:
    """Return the tie map of a model class.

    The models that the rules have asked may be in a state in which less is known: then new ones are built.
    """
    if not needs_filling(interp, cls):
        found = _tie_map(interp, cls, built)
        if all(map(found.is_known, FACTS)):
            return found
    return _tie_map(interp, cls, partial(construct, filled=False))


def _tie_map(interp: Interpreter, cls: Class, build: Build) -> TieMap:
    plain = build(interp, cls, None)
    reasons: dict[str, list[Cause]] = {}
    result = TieMap(None, None, None, None, None, None, None, None, None, None, reasons, plain)
    found = configs.config_class(interp, cls)
    result.config_class = None if found is None else found.leaf
    with deep_stack(), at_class(cls):
        _names(interp, plain.model or cls, result)
        if plain.model is None:
            reasons.update(dict.fromkeys(("input_embeddings", "output_embeddings", "ties"), plain.causes))
        else:
            _paths(interp, plain, result)
            result.ties = _ties(interp, plain, reasons, "ties")
    tied = plain if is_forced(plain, True) else build(interp, cls, True)
    with deep_stack(), at_class(cls):
        if tied.model is None:
            reasons["ties_if_tied"] = reasons["saves"] = tied.causes
        else:
            result.ties_if_tied = _ties(interp, tied, reasons, "ties_if_tied")
            if result.ties_if_tied is not None:
                model, groups = tied.model, result.ties_if_tied
                result.saves = attempt(interp, lambda: saving.can_be_saved(interp, model, groups))
            if result.saves is None:
                undecided = [here("a declared key is unknown, or save_pretrained is another")]
                reasons["saves"] = reasons.get("ties_if_tied", undecided)
    _errors(result, plain, tied)
    return result


def _errors(result: TieMap, plain: Construction, tied: Construction) -> None:
    """Note what is certain to be raised: last, since parts of the model are built as they are looked into."""
    result.raises, result.raises_if_tied = plain.certain_error, tied.certain_error
    if result.raises is not None:
        result.input_embeddings = result.output_embeddings = result.ties = None
    if result.raises_if_tied is not None:
        result.ties_if_tied = result.saves = None


def _names(interp: Interpreter, owner: Module | Class, result: TieMap) -> None:
    prefix = prefix_of(interp, owner)
    if isinstance(prefix, str):
        result.base_model_prefix = prefix
    else:
        result.reasons["base_model_prefix"] = [cause_of(prefix)]


def _paths(interp: Interpreter, plain: Construction, result: TieMap) -> None:
    model = plain.model
    assert model is not None
    base = attempt(interp, lambda: get_attr(interp, model, "base_model"))
    if isinstance(base, Module):
        result.base_model = attempt(interp, lambda: module_tree.path_of(model, base))
    result.input_embeddings = _getter(interp, model, "input_embeddings", result.reasons)
    result.output_embeddings = _getter(interp, model, "output_embeddings", result.reasons)


def _getter(interp: Interpreter, model: Module, end: str, reasons: dict[str, list[Cause]]) -> str | None:
    """Where ``get_<end>()`` leads: a dotted path, None for unknown.

    "" stands for nothing: the getter raises, or gives something that is no module of the model.
    """
    depth = interp.depth
    try:
        found = interp.call_method(model, f"get_{end}")
        path = module_tree.path_of(model, found) if isinstance(found, Module) else None
    except RaisedError:
        return ""
    except (ExhaustedError, RecursionError) as error:
        reasons[end] = [given_up(error)]
        return None
    finally:
        interp.depth = depth
    if isinstance(found, Unknown):
        reasons[end] = [found.why]
        return None
    return path or ""


def _ties(
    interp: Interpreter, built: Construction, reasons: dict[str, list[Cause]], name: str
) -> list[list[str]] | None:
    groups, gaps = shared_parameters(interp, built)
    if groups is None:
        reasons[name] = [*dict.fromkeys(built.doubts), *gaps] or [here("the run was given up")]
    return groups
