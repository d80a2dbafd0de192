"""``module.apply(function)``: done to every module, where what it does may share anything."""

from __future__ import annotations

from tie_lint.interpreter.base_values import RaisedError, Value
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.values import Bound, Function, Lambda, Module
from tie_lint.python.effects import assigns_attributes


def apply(interp: Interpreter, module: Module, fn: Value) -> Value:
    """Return the module, after the function was called with what it holds and with itself.

    A method or a function of a module is only read: it fills weights, or else is a doubt.
    """
    if isinstance(fn, Lambda) or (isinstance(fn, Function) and fn.closure is not None):
        _apply_inside_out(interp, module, fn)
    else:
        inner = fn.function if isinstance(fn, Bound) else fn
        if isinstance(inner, Function) and assigns_attributes(inner.facts.body):
            interp.doubt(f"{inner.facts.name} is applied to every module")
    return module


def _apply_inside_out(interp: Interpreter, module: Module, fn: Value) -> None:
    """``nn.Module.apply``, which walks over what a module holds while the function may change that."""
    done: list[Module] = []
    count = len(module.children())
    for index in range(count):
        child = module.children()[index][1]
        if child not in done:
            done.append(child)
            _apply_inside_out(interp, child, fn)
        if len(module.children()) != count:
            raise RaisedError("RuntimeError", "dictionary changed size during iteration")
    interp.call(fn, [module], {})
