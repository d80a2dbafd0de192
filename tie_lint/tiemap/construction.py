"""Build a model class with its default config, tie it, and ask what is shared.

Linted code is not run: the interpreter evaluates ``__init__`` on values of its own.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from tie_lint.cause import Cause
from tie_lint.interpreter.attributes import get_attr
from tie_lint.interpreter.base_values import ExhaustedError, Given, RaisedError, Unknown, Value, cause_of
from tie_lint.interpreter.caches import Cache
from tie_lint.interpreter.classes import Attribute, Class
from tie_lint.interpreter.freshness import new_origin
from tie_lint.interpreter.inheritance import lookup
from tie_lint.interpreter.initialization import required_parameters
from tie_lint.interpreter.laziness import may_matter
from tie_lint.interpreter.spot import Standing, because, here
from tie_lint.interpreter.symbols import Symbol
from tie_lint.interpreter.values import Env, Instance, Module
from tie_lint.intrinsics.torch import module_tree
from tie_lint.intrinsics.transformers import configs
from tie_lint.intrinsics.transformers.default_config import default_config
from tie_lint.intrinsics.transformers.trace import Event
from tie_lint.record import Data, field
from tie_lint.tiemap.copies import Copy, Left, copied, left_by
from tie_lint.tiemap.once import Known, once

if TYPE_CHECKING:
    from tie_lint.intrinsics.transformers.context import Interpreter

T = TypeVar("T")

RECURSION = 4_000
"""Python frames that a run may nest: the library's own classes need fewer than 1000."""


class Construction(Data):
    """One construction of a model class."""

    model: Module | None
    error: Cause | None = None
    """What construction raises, and where."""
    doubts: list[Cause] = field(default_factory=list)
    """Why what is shared may not be all, or more than, what the model shares."""
    events: list[Event] = field(default_factory=list)
    late_errors: list[RaisedError] = field(default_factory=list)
    """What parts of the model certainly raise that are built when somebody looks into them."""
    given: list[Given] = field(default_factory=list)
    """What its config was taken to be given."""
    flag_read: bool = True
    """Whether what was done may have hung on ``tie_word_embeddings``."""
    left: Left | None = None
    """What it left behind in the run, where another may go on from a copy of that."""

    @property
    def raised(self) -> str | None:
        """What construction raises, as ``Kind: message``."""
        return None if self.error is None else self.error.text

    @property
    def certain_error(self) -> Cause | None:
        """What construction is certain to raise, whatever is unknown and whatever is installed; else None."""
        errors = [error.cause for error in self.late_errors]
        if self.error is not None and not self.doubts:
            errors.append(self.error)
        certain = (error for error in errors if error.text.partition(":")[0] not in _OF_WHAT_IS_INSTALLED)
        return next(certain, None)

    @property
    def causes(self) -> list[Cause]:
        """Why there is no model, or what it shares is not known: the error, then the doubts."""
        return [*([] if self.error is None else [self.error]), *self.doubts]


_OF_WHAT_IS_INSTALLED = frozenset({"ImportError", "ModuleNotFoundError"})


def at_class(cls: Class) -> Standing:
    """Have what is not known of a class for no other cause put down to its header."""
    return Standing(cls.facts.at, Env({}, cls.scope, owner=cls))


@contextmanager
def deep_stack() -> Iterator[None]:
    """Allow as many nested Python frames as a run needs."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, RECURSION))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def construct(
    interp: Interpreter,
    cls: Class,
    tied: bool | None = None,
    deferred: bool = False,
    filled: bool | None = None,
) -> Construction:
    """Build a model class with its default config, ``tie_word_embeddings`` as it is or forced."""
    return construct_with(interp, cls, partial(_forced, interp, tied), deferred, filled=filled)


def _forced(interp: Interpreter, tied: bool | None, config: Instance) -> None:
    if tied is not None:
        configs.force_tie(interp, config, tied)


def needs_filling(interp: Interpreter, cls: Class) -> bool:
    """Return whether a class can be built, but not with its default config as it is: that lacks what each
    model is given one by one."""
    if built(interp, cls).error is not None:
        return False
    return _FILLED.get(cls) is not None


_FILLED: Cache[bool] = Cache()


def built(interp: Interpreter, cls: Class, tied: bool | None = None, deferred: bool = False) -> Construction:
    """Return what :func:`construct` gives, made once for all who ask about a file. To be left as it is."""

    def find() -> Construction:
        if tied is None:
            return construct(interp, cls, deferred=True) if deferred else _plain(interp, cls)
        plain = built(interp, cls, deferred=deferred)
        same = is_forced(plain, tied) or not _hangs_on_flag(interp, plain)
        return plain if same else construct(interp, cls, tied, deferred)

    return once(interp, _BUILT.of(interp.resolver, dict), (cls, tied, deferred), find)


def _plain(interp: Interpreter, cls: Class) -> Construction:
    plain = construct(interp, cls, filled=False)
    if plain.error is None or construct(interp, cls, deferred=True, filled=False).error is None:
        return plain  # it can be built, and is at most not to be tied
    filled = construct(interp, cls, filled=True)
    if filled.model is None:
        return plain
    _FILLED.put(cls, True)
    return filled


_BUILT: Cache[Known[tuple[Class, bool | None, bool], Construction]] = Cache()


def changeable(
    interp: Interpreter, cls: Class, tied: bool | None = None, deferred: bool = False
) -> Construction:
    """Return what :func:`construct` gives, for a question that changes the model: nobody else has it."""
    kept = built(interp, cls, tied, deferred)
    if kept.model is None:
        return kept
    copy = None if kept.left is None else copied(interp, kept.left, kept.model, kept.events)
    is_plain = tied is not None and kept is built(interp, cls, deferred=deferred)
    if copy is None or (is_plain and not _takes_flag(copy, tied)):
        return construct(interp, cls, tied, deferred)
    late, given, trace = interp.late_errors, interp.given, interp.trace
    return Construction(copy.model, None, interp.doubts, [*trace.events], late, given, kept.flag_read)


def _takes_flag(copy: Copy, tied: bool | None) -> bool:
    """Give the copy of a model that was built without a look at its flag another; whether it now is as if
    built with that."""
    config = copy.model.attrs.get("config")
    found = configs.sub_configs(config) if isinstance(config, Instance) else []
    for item in found:
        item.attrs["tie_word_embeddings"] = tied
    return all(item in found or item.attrs.get("tie_word_embeddings") is tied for item in copy.configs)


def is_kept(interp: Interpreter, cls: Class, model: Module, tied: bool | None) -> bool:
    """Return whether a model is the one that :func:`built` gives all who ask, which is left as it is."""
    known = _BUILT.of(interp.resolver, dict).get((cls, tied, False))
    return known is not None and known[0].model is model


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
    interp.trace.flag_read = False
    for getter in ("get_input_embeddings", "get_output_embeddings"):
        attempt(interp, partial(interp.call_method, model, getter))
    return interp.trace.flag_read


def _is_plain_flag(interp: Interpreter, config: Instance) -> bool:
    """Whether to set ``tie_word_embeddings`` of a config changes that attribute and no more."""
    found = lookup(config.cls, "tie_word_embeddings")
    setter = lookup(config.cls, "__setattr__")
    return (
        (found is None or (isinstance(found[1], Attribute) and found[1].kind == "value"))
        and (setter is None or not isinstance(setter[1], Attribute))
        and configs.mapped_name(interp, config.cls, "tie_word_embeddings") == "tie_word_embeddings"
    )


def construct_as(
    interp: Interpreter,
    cls: Class,
    values: Mapping[str, Any],
    tied: bool | None = None,
    deferred: bool = False,
) -> Construction:
    """Build a model class with the config that a config.json of those values gives."""
    return construct_with(interp, cls, partial(_forced, interp, tied), deferred, values)


def construct_with(
    interp: Interpreter,
    cls: Class,
    change: Callable[[Instance], None],
    deferred: bool = False,
    values: Mapping[str, Any] | None = None,
    filled: bool | None = None,
) -> Construction:
    """Build a model class with its default config, or that of ``values``, after ``change`` was made to it.

    Its ``post_init()`` does nothing where it is ``deferred``. What the default config lacks is unknown where
    it is ``filled``, by default where nothing can be built without it.
    """
    if filled is None:
        filled = values is None and needs_filling(interp, cls)
    interp.fresh()
    interp.trace.deferred = cls if deferred else None
    with deep_stack(), at_class(cls):
        try:
            config = _filled_config(interp, cls) if filled else _config(interp, cls, values)
            if isinstance(config, Instance):
                change(config)
            interp.trace.flag_read = False
            model = interp.call(cls, [config], more_arguments(cls))
        except RaisedError as error:
            if interp.sampled or interp.registries:  # it may hang on a number or class that nobody knows
                return Construction(None, None, [*interp.doubts, error.cause], interp.trace.events)
            return Construction(None, error.cause, interp.doubts, interp.trace.events, interp.late_errors)
        except (ExhaustedError, RecursionError) as error:
            interp.steps, interp.depth = 0, 0
            return Construction(None, None, [*interp.doubts, given_up(error)], interp.trace.events)
        finally:
            interp.trace.deferred = None
    if not isinstance(model, Module):
        return Construction(None, None, [*interp.doubts, cause_of(model)], interp.trace.events)
    events, trace = [*interp.trace.events], interp.trace
    late, given, left = interp.late_errors, interp.given, left_by(interp)
    return Construction(model, None, interp.doubts, events, late, given, trace.flag_read, left)


def given_up(error: ExhaustedError | RecursionError) -> Cause:
    """Return the cause that a run which went beyond its bounds leaves."""
    why = error.cause if isinstance(error, ExhaustedError) else here(str(error))
    return because("the run was given up: {}", why)


def more_arguments(cls: Class, *optional: str) -> dict[str, Value]:
    """Return what ``__init__`` requires beside the config, and may be given: nobody knows it, and all but a
    config may be a module. It is there before the model is, and so holds none of the model's parts."""
    names = [*required_parameters(cls)[1:], *optional]
    return {name: Symbol(name) if "config" in name else _from_outside(name) for name in names}


def _from_outside(name: str) -> Unknown:
    return Unknown(f"the argument {name}", module=True, origin=new_origin())


def _config(interp: Interpreter, cls: Class, values: Mapping[str, Any] | None) -> Value:
    found = configs.config_class(interp, cls) or configs.base_class(interp)
    if found is None:
        return Unknown(f"the config of {cls.leaf}")
    return default_config(interp, found) if values is None else configs.of_json(interp, found, values)


def _filled_config(interp: Interpreter, cls: Class) -> Value:
    """The default config with what is None in it unknown; all of it where it cannot be made."""
    try:
        config = _config(interp, cls, None)
    except RaisedError as error:
        return Unknown(error.cause)
    if isinstance(config, Instance):
        for name, value in config.attrs.items():
            if value is None:
                config.attrs[name] = Unknown(f"{config.cls.leaf}.{name}")
    return config


def is_forced(plain: Construction, tied: bool | None) -> bool:
    """Return whether every config of a construction has that flag already, so that forcing it changes
    nothing.
    """
    config = plain.model.attrs.get("config") if plain.model is not None else None
    if not isinstance(config, Instance):
        return False
    return all(item.attrs.get("tie_word_embeddings") is tied for item in configs.sub_configs(config))


def attempt(interp: Interpreter, work: Callable[[], T]) -> T | None:
    """Return the result of some work within the run; None where its bounds or the model's errors end it."""
    depth, interp.steps = interp.depth, 0
    try:
        with deep_stack():
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
        with at_class(model.cls) if isinstance(model.cls, Class) else nullcontext():
            interp.call_method(model, "post_init" if interp.contract.ties_by == "keys" else "tie_weights")
        return True

    return attempt(interp, work) is True


def prefix_of(interp: Interpreter, owner: Module | Class) -> Value:
    """Return the effective ``base_model_prefix`` of a model or model class, whatever it is."""
    return attempt(interp, lambda: get_attr(interp, owner, "base_model_prefix"))


def shared_parameters(interp: Interpreter, built: Construction) -> tuple[list[list[str]] | None, list[Cause]]:
    """Return the groups of parameter names that are one object, None where not all is known; and the gaps.

    A gap is a place in the tree where more may be shared than the run knows.
    """
    model = built.model
    if model is None:
        return None, []
    found = attempt(interp, lambda: module_tree.sharing(model, partial(may_matter, interp)))
    groups, gaps = found or (None, [])
    return (None if built.doubts or gaps else groups), gaps
