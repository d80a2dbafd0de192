"""What building a model raises whatever its config says.

That its default config raises is not enough: some models have to be told what to be, and raise until they
are. So the model is built a second time, with a config whose values may be any.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from tie_lint.cause import Cause
from tie_lint.interpreter.base_values import ExhaustedError, Given, RaisedError, Spread, Unknown, Value
from tie_lint.interpreter.caches import Cache
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.inheritance import lookup
from tie_lint.interpreter.initialization import optional_parameters
from tie_lint.interpreter.twins import Pending
from tie_lint.interpreter.values import Instance, Module
from tie_lint.intrinsics.torch import module_tree
from tie_lint.intrinsics.transformers import configs
from tie_lint.intrinsics.transformers.default_config import default_config
from tie_lint.intrinsics.transformers.open_config import open_up
from tie_lint.python.calls import calls_super
from tie_lint.python.statements import Span, Stmt
from tie_lint.python.walk import statements
from tie_lint.record import NamedTuple
from tie_lint.tiemap.construction import (
    Construction,
    at_class,
    attempt,
    built,
    changeable,
    construct,
    deep_stack,
    more_arguments,
    needs_filling,
)
from tie_lint.tiemap.family import model_classes
from tie_lint.tiemap.once import Known, once

if TYPE_CHECKING:
    from tie_lint.intrinsics.transformers.context import Interpreter

ABSTRACT = "NotImplementedError"
"""What code raises to say that a class is there for others to derive from."""


class CertainFailure(NamedTuple):
    """Several model classes of a file that raise one error at one place."""

    error: Cause
    names: list[str]
    """The classes, that one first where it is reported."""
    at: Span | None
    """The statement that raises it, or leads there; None where it stands in another file."""


Find = Callable[["Interpreter", Class], "Cause | None"]
"""What finds the error that ends the construction of a class."""


def failure_of(interp: Interpreter, cls: Class, find: Find) -> CertainFailure | None:
    """Return what ends the construction of a model class; None where nothing does, and where it is reported
    elsewhere: at the class that has the statement, else at the first that comes to it.
    """
    error = find(interp, cls)
    if error is None:
        return None
    beside = [*model_classes(cls.scope)]
    at, owner, method = _statement(error, [*dict.fromkeys([*_user_classes(cls), *beside])])
    below = (
        other
        for other in beside
        if cls in other.mro and built(interp, other).model and find(interp, other) is None
    )
    if any(owner is None or _runs(other, owner, method) for other in below):
        return None  # it is there for others to derive from
    if owner is not None and owner is not cls and owner.is_model and _ends(interp, owner, error, find):
        return None
    alike = [other for other in beside if (found := find(interp, other)) and _is_same(found, error)]
    if owner is not cls and alike[0] is not cls:
        return None
    names = [cls.leaf, *(other.leaf for other in alike if other is not cls)]
    return CertainFailure(error, names, at if _is_in(error, cls) else None)


def _ends(interp: Interpreter, cls: Class, error: Cause, find: Find) -> bool:
    """Whether an error ends the construction of a class by itself, at the latest where it is tied."""
    own = find(interp, cls) or _error_of(interp, built(interp, cls))
    return own is not None and _is_same(own, error)


def _user_classes(cls: Class) -> list[Class]:
    return [item for item in cls.mro if isinstance(item, Class) and item.scope.path is not None]


def _is_in(error: Cause, cls: Class) -> bool:
    return error.line is not None and error.path == str(cls.scope.path)


def _statement(error: Cause, classes: list[Class]) -> tuple[Span | None, Class | None, str]:
    """The innermost statement at the place of an error, and which of the classes has it in which method."""
    for cls in classes:
        if _is_in(error, cls):
            found = [
                (stmt.at, name) for stmt, name in _statements(cls) if stmt.at and stmt.at[0] == error.line
            ]
            if found:
                return found[-1][0], cls, found[-1][1]
    return None, None, ""


def _statements(cls: Class) -> Iterator[tuple[Stmt, str]]:
    for name in cls.facts.method_names():
        facts = cls.method(name)
        yield from ((stmt, name) for stmt in statements([] if facts is None else facts.body))


def _runs(cls: Class, owner: Class, method: str) -> bool:
    """Whether a class runs the method that another one has, its own or from the one below it."""
    for item in cls.mro:
        facts = item.method(method) if isinstance(item, Class) else None
        if facts is not None and (item is owner or not calls_super(facts.body, method)):
            return item is owner
    return False


def raises_whatever(interp: Interpreter, cls: Class) -> Cause | None:
    """Return what ends every construction of a model class before it is tied; None where nothing does."""
    error = raises_by_default(interp, cls)
    if error is None:
        return None
    found = once(interp, _OPEN.of(interp.resolver, dict), cls, partial(_errors_of_open, interp, cls))
    return error if any(_is_same(one, error) for one in found) else None


_OPEN: Cache[Known[Class, list[Cause]]] = Cache()


def raises_by_default(interp: Interpreter, cls: Class) -> Cause | None:
    """Return what ends the construction of a model class with its default config, before it is tied.

    A class without ``forward`` is not there to be built by itself.
    """
    error = _error_of(interp, built(interp, cls))
    if error is None or _kind(error) == ABSTRACT or lookup(cls, "forward") is None:
        return None
    if _is_in(error, cls) and error.line == cls.facts.at[0]:
        return None  # it is built otherwise than from a config alone
    early = once(interp, _EARLY.of(interp.resolver, dict), cls, partial(_early_error, interp, cls))
    return error if early == error else None  # else it is the tie that fails


_EARLY: Cache[Known[Class, Cause | None]] = Cache()


def _early_error(interp: Interpreter, cls: Class) -> Cause | None:
    if needs_filling(interp, cls):
        return _error_of(interp, construct(interp, cls, deferred=True, filled=False), afresh=True)
    return _error_of(interp, changeable(interp, cls, deferred=True), afresh=True)


def lacks(name: str) -> Find:
    """Return what finds the error of a model class that reads a field which its config, by default, lacks."""

    def find(interp: Interpreter, cls: Class) -> Cause | None:
        return next((field.error for field in lacked_fields(interp, cls) if field.name == name), None)

    return find


def lacked_fields(interp: Interpreter, cls: Class) -> list[Given]:
    """Return what building a model class reads, and its config, by default, does not have."""
    construction = built(interp, cls)
    if configs.config_class(interp, cls) is None or lookup(cls, "forward") is None:
        return []
    _error_of(interp, construction)
    return construction.given


def _error_of(interp: Interpreter, construction: Construction, afresh: bool = False) -> Cause | None:
    """What a construction is certain to raise, in parts that wait to be built, too.

    Of each class of the user's one such part is tried, in the first model of a file that has one: no part of
    the model is built for it.
    """
    model = construction.model
    if model is not None:
        tried = set[Class]() if afresh else _TRIED.of(interp.resolver, set)
        attempt(interp, lambda: _try_parts(model, tried))
    return construction.certain_error


_TRIED: Cache[set[Class]] = Cache()


def _try_parts(model: Module, tried: set[Class]) -> None:
    todo = [model]
    while todo:
        for _, part in module_tree.named_modules(todo.pop(), module_tree.only_built):
            cls, build = part.cls, part.build
            if not isinstance(build, Pending) or not build.is_users or cls in tried:
                continue
            tried.add(build.cls)
            todo.append(Module(build.cls, build))
            todo[-1].finish()


def _errors_of_open(interp: Interpreter, cls: Class) -> list[Cause]:
    """What building a class certainly raises with arguments that may be any, but for its config's class."""
    interp.fresh()
    interp.trace.all_deferred = True
    with deep_stack(), at_class(cls):
        try:
            names = optional_parameters(cls)
            model = interp.call(cls, [_open_config(interp, cls)], more_arguments(cls, *names))
            found = _late_errors(model) if isinstance(model, Module) else []
        except RaisedError as error:
            found = [error.cause]
        except (ExhaustedError, RecursionError):
            interp.steps, interp.depth = 0, 0
            return []
        finally:
            interp.trace.all_deferred = False
    return [] if interp.doubts or interp.registries else found


def _open_config(interp: Interpreter, cls: Class) -> Value:
    """A config whose values may be any. Raises what making one raises whatever it is given."""
    found, config = configs.config_class(interp, cls), None
    if found is not None:
        try:
            config = default_config(interp, found)
        except RaisedError:  # it may have to be told what to be
            given = Unknown(f"the arguments of {cls.leaf}'s config")
            config = interp.call(found, [], {Spread.KEYWORDS: given})
    if not isinstance(config, Instance):
        return Unknown(f"the config of {cls.leaf}")
    open_up(config)
    return config


def _late_errors(model: Module) -> list[Cause]:
    """Why parts are not known that were built after the code that asked for them had gone on."""
    modules = module_tree.distinct_modules(model)
    return [module.opaque for module in modules if module.opaque is not None]


def _is_same(one: Cause, other: Cause) -> bool:
    """Whether two errors are one: what is unknown may be part of the message."""
    return one[1:] == other[1:] and _kind(one) == _kind(other)


def _kind(error: Cause) -> str:
    return error.text.partition(":")[0]
