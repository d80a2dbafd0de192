"""The tie map of a model class: what a run of its construction, getters and tie finds."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from tie_lint.interpreter.attributes import get_attr, lookup
from tie_lint.interpreter.classes import Attribute, Class
from tie_lint.interpreter.values import ExhaustedError, Instance, Module, RaisedError, Unknown, Value
from tie_lint.intrinsics.torch import module_tree
from tie_lint.intrinsics.torch.escape_analysis import may_matter
from tie_lint.intrinsics.transformers import configs, saving
from tie_lint.intrinsics.transformers.default_config import default_config

if TYPE_CHECKING:
    from tie_lint.interpreter.evaluator import Interpreter

T = TypeVar("T")

RECURSION = 4_000
"""Python frames that a run may nest: the library's own classes need fewer than 1000."""


@dataclass(slots=True)
class Construction:
    """One construction of a model class."""

    model: Module | None
    raised: str | None = None
    """What construction raises, as ``Kind: message``."""
    doubts: list[str] = field(default_factory=list)
    """Why what is shared may not be all, or more than, what the model shares."""
    events: list[tuple[str, Module, Any]] = field(default_factory=list)
    flag_read: bool = True
    """Whether what was done may have hung on ``tie_word_embeddings``."""


@dataclass(slots=True)
class TieMap:
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
    reasons: dict[str, str]
    """Why a fact is unknown, by its name."""
    construction: Construction
    """The construction under the config's own defaults."""


@contextmanager
def _deep_stack() -> Iterator[None]:
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, RECURSION))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def construct(
    interp: Interpreter, cls: Class, tied: bool | None = None, deferred: bool = False
) -> Construction:
    """Build a model class with its default config, ``tie_word_embeddings`` as it is or forced."""
    if tied is None:
        return construct_with(interp, cls, lambda config: None, deferred)
    return construct_with(interp, cls, lambda config: configs.force_tie(interp, config, tied), deferred)


def built(interp: Interpreter, cls: Class, tied: bool | None = None) -> Construction:
    """What :func:`construct` gives, made once for all who ask about a file. To be left as it is."""
    known = interp.project.built
    if (cls, tied) not in known:
        plain = None if tied is None else built(interp, cls)
        same = plain is not None and (_is_forced(plain, tied) or not _hangs_on_flag(interp, plain))
        known[cls, tied] = plain if plain is not None and same else construct(interp, cls, tied)
    return known[cls, tied]


def _hangs_on_flag(interp: Interpreter, plain: Construction) -> bool:
    """Whether a model may be another, or have other ends, under a config with another flag."""
    model = plain.model
    if plain.flag_read or model is None:
        return True
    config = model.attrs.get("config")
    if isinstance(config, Instance) and not all(
        _is_plain_flag(interp, item) for item in configs.sub_configs(config)
    ):
        return True
    interp.flag_read = False
    for getter in ("get_input_embeddings", "get_output_embeddings"):
        attempt(interp, partial(interp.call_method, model, getter))
    return interp.flag_read


def _is_plain_flag(interp: Interpreter, config: Instance) -> bool:
    """Whether to set ``tie_word_embeddings`` of a config changes that attribute and no more."""
    found = lookup(interp, config.cls, "tie_word_embeddings")
    setter = lookup(interp, config.cls, "__setattr__")
    return (
        (found is None or (isinstance(found[1], Attribute) and found[1].kind == "value"))
        and (setter is None or not isinstance(setter[1], Attribute))
        and configs.mapped_name(interp, config.cls, "tie_word_embeddings") == "tie_word_embeddings"
    )


def construct_with(
    interp: Interpreter, cls: Class, change: Callable[[Instance], None], deferred: bool = False
) -> Construction:
    """Build a model class with its default config after ``change`` was made to it.

    Its ``post_init()`` does nothing where it is ``deferred``.
    """
    interp.fresh()
    interp.deferred = cls if deferred else None
    with _deep_stack():
        try:
            config = _config(interp, cls)
            if isinstance(config, Instance):
                change(config)
            interp.flag_read = False
            model = interp.call(cls, [config], {})
        except RaisedError as error:
            return Construction(None, str(error), interp.doubts, interp.events)
        except (ExhaustedError, RecursionError) as error:
            interp.steps, interp.depth = 0, 0
            return Construction(None, None, [*interp.doubts, f"the run was given up: {error}"], interp.events)
        finally:
            interp.deferred = None
    return Construction(model, None, interp.doubts, [*interp.events], interp.flag_read)


def _config(interp: Interpreter, cls: Class) -> Value:
    found = configs.config_class(interp, cls)
    if found is None:
        return Unknown(f"the config of {cls.leaf}")
    return default_config(interp, found)


def tie_map(interp: Interpreter, cls: Class) -> TieMap:
    """The tie map of a model class."""
    plain = construct(interp, cls)
    reasons: dict[str, str] = {}
    result = TieMap(None, None, None, None, None, None, None, None, reasons, plain)
    found = configs.config_class(interp, cls)
    result.config_class = None if found is None else found.leaf
    with _deep_stack():
        _names(interp, plain.model or cls, result)
        if plain.model is None:
            why = plain.raised or "; ".join(plain.doubts)
            reasons.update(dict.fromkeys(("input_embeddings", "output_embeddings", "ties"), why))
        else:
            _paths(interp, plain, result)
            result.ties = _ties(interp, plain, reasons, "ties")
    tied = plain if _is_forced(plain, True) else construct(interp, cls, True)
    with _deep_stack():
        if tied.model is None:
            reasons["ties_if_tied"] = reasons["saves"] = tied.raised or "; ".join(tied.doubts)
        else:
            result.ties_if_tied = _ties(interp, tied, reasons, "ties_if_tied")
            if result.ties_if_tied is not None:
                model, groups = tied.model, result.ties_if_tied
                result.saves = attempt(interp, lambda: saving.saves(interp, model, groups))
            if result.saves is None:
                reasons.setdefault("saves", reasons.get("ties_if_tied", "a declared key is unknown"))
    return result


def _is_forced(plain: Construction, tied: bool | None) -> bool:
    """Whether every config of a construction has that flag already, so that forcing it changes nothing."""
    config = plain.model.attrs.get("config") if plain.model is not None else None
    if not isinstance(config, Instance):
        return False
    return all(item.attrs.get("tie_word_embeddings") is tied for item in configs.sub_configs(config))


def attempt(interp: Interpreter, work: Callable[[], T]) -> T | None:
    """The result of some work within the run; None where the run's bounds or the model's errors end it."""
    depth, interp.steps = interp.depth, 0
    try:
        with _deep_stack():
            return work()
    except RaisedError:
        return None
    except (ExhaustedError, RecursionError):
        interp.steps = 0  # spent by this work, not by what comes after
        return None
    finally:
        interp.depth = depth


def tie(interp: Interpreter, model: Module) -> bool:
    """Do what the library does to tie a model whose parts are all there; whether that can be followed."""

    def work() -> bool:
        interp.call_method(model, "post_init" if interp.contract.ties_by == "keys" else "tie_weights")
        return True

    return attempt(interp, work) is True


def prefix_of(interp: Interpreter, owner: Module | Class) -> Value:
    """The effective ``base_model_prefix`` of a model or model class, whatever it is."""
    return attempt(interp, lambda: get_attr(interp, owner, "base_model_prefix"))


def _names(interp: Interpreter, owner: Module | Class, result: TieMap) -> None:
    prefix = prefix_of(interp, owner)
    if isinstance(prefix, str):
        result.base_model_prefix = prefix
    else:
        result.reasons["base_model_prefix"] = getattr(prefix, "why", "no string")


def _paths(interp: Interpreter, plain: Construction, result: TieMap) -> None:
    model = plain.model
    assert model is not None
    base = attempt(interp, lambda: get_attr(interp, model, "base_model"))
    if isinstance(base, Module):
        result.base_model = module_tree.path_of(model, base)
    result.input_embeddings = _getter(interp, model, "input_embeddings", result.reasons)
    result.output_embeddings = _getter(interp, model, "output_embeddings", result.reasons)


def _getter(interp: Interpreter, model: Module, end: str, reasons: dict[str, str]) -> str | None:
    """Where ``get_<end>()`` leads: a dotted path, None for unknown.

    "" stands for nothing: the getter raises, or gives something that is no module of the model.
    """
    depth = interp.depth
    try:
        found = interp.call_method(model, f"get_{end}")
    except RaisedError:
        return ""
    except (ExhaustedError, RecursionError) as error:
        reasons[end] = str(error)
        return None
    finally:
        interp.depth = depth
    if found is None:
        return ""
    if isinstance(found, Module):
        path = module_tree.path_of(model, found)
        return "" if path is None else path
    if isinstance(found, Unknown):
        reasons[end] = found.why
        return None
    return ""


def _ties(
    interp: Interpreter, built: Construction, reasons: dict[str, str], name: str
) -> list[list[str]] | None:
    groups, gaps = shared_parameters(interp, built)
    if groups is None:
        reasons[name] = "; ".join([*dict.fromkeys(built.doubts), *gaps][:5]) or "the run was given up"
    return groups


def shared_parameters(interp: Interpreter, built: Construction) -> tuple[list[list[str]] | None, list[str]]:
    """The groups of parameter names that are one object, None where not all is known; and the gaps.

    A gap is a place in the tree where more may be shared than the run knows.
    """
    model = built.model
    if model is None:
        return None, []

    def enter(module: Module) -> bool:
        return may_matter(interp, module)

    groups = attempt(interp, lambda: module_tree.shared_parameters(model, enter))
    gaps = attempt(interp, lambda: module_tree.holes(model, enter))
    known = not built.doubts and gaps == []
    return (groups if known else None), gaps or []
