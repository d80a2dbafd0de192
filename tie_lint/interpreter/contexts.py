"""Context managers: what ``with`` binds, and what is done at its end."""

from __future__ import annotations

from typing import Any

from tie_lint.interpreter.base_values import RaisedError, Unknown, UnknownItemsError, Value
from tie_lint.interpreter.builtin_types import truth_of
from tie_lint.interpreter.classes import Attribute
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.inheritance import lookup
from tie_lint.interpreter.values import Env, Instance, holds_module
from tie_lint.python.statements import With
from tie_lint.record import Record


class GeneratorContext(Record):
    """What a function under ``contextlib.contextmanager`` returns: a generator that stops once."""

    steps: Any


def enter(interp: Interpreter, stmt: With, env: Env) -> list[Value]:
    """Enter the contexts of a ``with`` statement; return them."""
    contexts = []
    for item in stmt.items:
        context = interp.ev(item.context, env)
        contexts.append(context)
        value = _entered(interp, context)
        if item.target is not None:
            interp.store(item.target, value, env)
    return contexts


def _entered(interp: Interpreter, context: Value) -> Value:
    if isinstance(context, GeneratorContext):
        try:
            return next(context.steps)
        except StopIteration:
            raise RaisedError("RuntimeError", "generator didn't yield") from None
        except UnknownItemsError as error:
            return Unknown(error.why, module=True)
    if _is_followed(context):
        return interp.call_method(context, "__enter__")
    return context if isinstance(context, Unknown) else Unknown("a context", module=holds_module(context))


def leave(interp: Interpreter, contexts: list[Value], error: RaisedError | None) -> None:
    """Leave the contexts of a ``with`` statement. Raises what was raised in it, unless one holds it back."""
    for context in reversed(contexts):
        if isinstance(context, GeneratorContext):
            error = _finished(interp, context, error)
        elif _is_followed(context):
            given = [None] * 3 if error is None else [Unknown(error.cause)] * 3
            held = truth_of(interp.call_method(context, "__exit__", *given))
            if error is not None and held is None:
                interp.doubt("a context that may hold an error back")
            error = None if held else error
        elif error is not None:
            interp.doubt("a context that may hold an error back")
    if error is not None:
        raise error


def _finished(
    interp: Interpreter, context: GeneratorContext, error: RaisedError | None
) -> RaisedError | None:
    """Run a generator to its end; return the error that goes on from there."""
    try:
        if error is None:
            next(context.steps)
        else:
            context.steps.throw(error)
    except StopIteration:
        return None
    except RaisedError as raised:
        return raised
    except UnknownItemsError as unknown:
        if error is not None:
            interp.doubt(unknown.why)
        return error
    raise RaisedError("RuntimeError", "generator didn't stop")


def _is_followed(context: Value) -> bool:
    """Whether linted code says itself what entering and leaving do."""
    if not isinstance(context, Instance):
        return False
    found = [lookup(context.cls, name) for name in ("__enter__", "__exit__")]
    return all(one is not None and isinstance(one[1], Attribute) for one in found)
