"""Python's built-in functions, over symbolic values."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

from tie_lint.interpreter.aliases import doubt_attribute, doubt_called
from tie_lint.interpreter.attribute_changes import delete_attr, set_attr
from tie_lint.interpreter.attributes import find_method, get_attr
from tie_lint.interpreter.base_values import (
    ANYTHING_KNOWN,
    NOT_IMPLEMENTED,
    External,
    Native,
    RaisedError,
    Sentinel,
    Unknown,
    UnknownItemsError,
    Value,
    cause_of,
)
from tie_lint.interpreter.budget import granted, whole
from tie_lint.interpreter.builtin_types import asked_for_next, iterate, one_by_one, truth_of
from tie_lint.interpreter.constructors import BUILTIN_TYPES
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.environment_functions import READING_ENVIRONMENT
from tie_lint.interpreter.instance_checks import is_callable, is_instance, is_subclass
from tie_lint.interpreter.ordering import best, ordered
from tie_lint.interpreter.origins import of_attribute, one_of
from tie_lint.interpreter.plain import UncomputedError, computed, represented
from tie_lint.interpreter.plain_effects import changed_by
from tie_lint.interpreter.reads import tell
from tie_lint.interpreter.spot import because
from tie_lint.interpreter.symbols import ROUNDS, Symbol, is_size, sample_of
from tie_lint.interpreter.unknown_items import has_known_length
from tie_lint.interpreter.unnamed_attributes import put_unnamed
from tie_lint.interpreter.unread_names import may_be_lacking
from tie_lint.interpreter.values import Instance, Module, PlainNamespace, may_give_module


def _getattr(interp: Interpreter, target: Value, name: Value, *default: Value) -> Value:
    if not isinstance(name, str):
        return _one_attribute(interp, target, name)
    if not default:
        return get_attr(interp, target, name)
    try:
        value = get_attr(interp, target, name)
    except RaisedError as error:
        if error.kind == "AttributeError":
            return default[0]
        raise
    return Unknown(value.name, module=True) if may_be_lacking(target, value) else value


def _one_attribute(interp: Interpreter, target: Value, name: Value) -> Value:
    """``getattr(target, name)`` under a name that nobody knows."""
    why = because("an attribute called {}", cause_of(name))
    if isinstance(target, Module) and isinstance(name, Unknown) and name.ends is not None:
        held = [value for key, value in target.attrs.items() if name.may_be(key)]
        if held and target.opaque is None:
            return one_of(interp, [*held, *(one.value for one in target.unnamed)], why)
    origin = of_attribute(target) if isinstance(target, Instance) else None
    return Unknown(why, module=True, origin=origin, aliases=ANYTHING_KNOWN)


def _hasattr(interp: Interpreter, target: Value, name: Value) -> Value:
    if not isinstance(name, str):
        return Unknown("hasattr with an unknown name")
    try:
        value = get_attr(interp, target, name)
    except RaisedError as error:
        if error.kind == "AttributeError":
            return False
        raise
    uncertain = isinstance(value, Unknown) and value.may_be_absent
    if uncertain or isinstance(target, Unknown) or may_be_lacking(target, value):
        return Unknown(cause_of(value))
    return True


def _setattr(interp: Interpreter, target: Value, name: Value, value: Value) -> None:
    doubt_attribute(interp, target)
    if isinstance(name, str):
        set_attr(interp, target, name, value)
    else:
        put_unnamed(interp, target, name, value)


def _delattr(interp: Interpreter, target: Value, name: str) -> None:
    doubt_attribute(interp, target)
    delete_attr(interp, target, name)


def _len(interp: Interpreter, value: Value) -> Value:
    if isinstance(value, Symbol):
        return Symbol(f"len({value.name})")
    if isinstance(value, (range, str, list, tuple, dict, set, frozenset)):
        return computed(len, value) if has_known_length(value) else Unknown("the length of unknown items")
    if isinstance(value, Iterator):
        raise RaisedError("TypeError", f"object of type {type(value).__name__!r} has no len()")
    method = find_method(interp, value, "__len__") if isinstance(value, (Instance, Module)) else None
    if method is not None:
        return interp.call(method, [], {})
    items = iterate(interp, value)
    return Unknown("the length of an unknown") if items is None else len(items)


def _range(interp: Interpreter, *args: Value) -> Value:
    if args and all(is_size(arg) for arg in args) and not all(isinstance(arg, int) for arg in args):
        return _symbolic_range(*args)
    if not all(isinstance(arg, int) for arg in args):
        return Unknown("a range of unknown length")
    return computed(range, *args)


def _symbolic_range(*args: Value) -> Symbol:
    start = args[0] if len(args) > 1 else 0
    step = args[2] if len(args) > 2 else 1
    known = isinstance(start, int) and isinstance(step, int)
    name = f"range{tuple(arg.name if isinstance(arg, Symbol) else arg for arg in args)}"
    return Symbol(name, [start + step * index for index in range(ROUNDS)] if known else None)


_NOTHING = Sentinel("nothing")


def _best(function: Callable[..., Any]) -> Callable[..., Value]:
    """``max`` or ``min``: unknown when any item is."""

    def call(interp: Interpreter, *args: Value, key: Value = None, default: Value = _NOTHING) -> Value:
        items = iterate(interp, args[0]) if len(args) == 1 else list(args)
        if not items and items is not None:
            if default is _NOTHING:
                raise RaisedError("ValueError", "arg is an empty sequence")
            return default
        place = None if items is None else best(interp, function, items, key)
        if items is None or place is None:
            return Unknown("a function of unknown items", may_give_module([*args]))
        return items[place]

    return call


def _sum(interp: Interpreter, iterable: Value, start: Value = 0) -> Value:
    items = iterate(interp, iterable)
    if items is None or any(isinstance(item, Unknown) for item in [*items, start]) or not whole(items):
        return Unknown("a sum of unknown items", may_give_module([iterable, start]))
    if isinstance(start, list) and not granted(sum(len(item) for item in items if isinstance(item, list))):
        return Unknown("a sum that is too large")
    try:
        return computed(sum, items, start)
    except UncomputedError as error:
        return Unknown(str(error), may_give_module(items))


def _of_plain(function: Callable[..., Any]) -> Callable[..., Value]:
    """A built-in of numbers and strings: ``ord``, ``hex`` …"""

    def call(interp: Interpreter, value: Value) -> Value:
        if not isinstance(value, (int, str)) or not granted(len(value) if isinstance(value, str) else 1):
            return Unknown(f"{function.__name__} of an unknown")
        try:
            return computed(function, value)
        except UncomputedError as error:
            return Unknown(str(error))

    return call


def _repr(interp: Interpreter, value: Value) -> Value:
    text = represented(value)
    return Unknown("a representation") if text is None else text


def _abs(interp: Interpreter, value: Value) -> Value:
    return abs(value) if isinstance(value, (int, float)) else Unknown("an absolute value")


def _any_all(stop: bool) -> Callable[..., Value]:
    def call(interp: Interpreter, iterable: Value) -> Value:
        items = one_by_one(interp, iterable)
        known = items is not None
        try:
            for item in items or ():
                truth = truth_of(item)
                if truth is stop:
                    return stop
                known = known and truth is not None
        except UnknownItemsError:
            known = False
        return not stop if known else Unknown("unknown items")

    return call


def _zip(interp: Interpreter, *args: Value, strict: Value = False) -> Value:
    columns = [sample_of(interp, arg) or one_by_one(interp, arg) for arg in args]
    known = [column for column in columns if column is not None]
    if len(known) < len(columns) or (args and all(isinstance(arg, itertools.cycle) for arg in args)):
        return Unknown("a zip of unknowns", module=True)
    return zip(*known, strict=False)


def _enumerate(interp: Interpreter, iterable: Value, start: Value = 0) -> Value:
    items = sample_of(interp, iterable) or one_by_one(interp, iterable)
    if items is None:
        return Unknown("an unknown sequence")
    return enumerate(items, start)


def _map(interp: Interpreter, function: Value, iterable: Value) -> Value:
    items = iterate(interp, iterable)
    if items is None:
        _doubt_applied(interp, function)
        if isinstance(iterable, Unknown):
            doubt_called(interp, iterable)  # by the function
        return Unknown("an unknown sequence")
    return iter([interp.call(function, [item], {}) for item in items])


def _doubt_applied(interp: Interpreter, function: Value) -> None:
    """Note that a function is called for each of some items, nobody knows how many."""
    if changed_by(function, []) != []:
        interp.doubt(because("{} is called, nobody knows how often", cause_of(function)))


def _filter(interp: Interpreter, function: Value, iterable: Value) -> Value:
    items = iterate(interp, iterable)
    if items is None:
        _doubt_applied(interp, function)
        return Unknown("an unknown sequence")
    truths = [truth_of(item if function is None else interp.call(function, [item], {})) for item in items]
    if None in truths:
        return Unknown("a filter with unknown results")
    return iter([item for item, truth in zip(items, truths, strict=True) if truth])


def _sorted(interp: Interpreter, iterable: Value, key: Value = None, reverse: Value = False) -> Value:
    items, downwards = iterate(interp, iterable), truth_of(reverse)
    found = None if items is None or downwards is None else ordered(interp, items, key, downwards)
    if found is None:
        _doubt_applied(interp, key)
        return Unknown("an unknown order", may_give_module(iterable if items is None else items))
    return found


def _reversed(interp: Interpreter, sequence: Value) -> Value:
    items = iterate(interp, sequence)
    return Unknown("an unknown sequence") if items is None else iter(items[::-1])


def _next(interp: Interpreter, iterator: Value, *default: Value) -> Value:
    steps = asked_for_next(interp, iterator) if isinstance(iterator, Instance) else iterator
    if not isinstance(steps, (Iterator, list)):
        return Unknown("next of an unknown", module=True)
    try:
        for found in steps:
            return found
    except UnknownItemsError as error:
        return Unknown(error.why, module=True)
    if default:
        return default[0]
    raise RaisedError("StopIteration")


def _vars(interp: Interpreter, *target: Value) -> Value:
    tell(interp, "__dict__")
    if len(target) == 1 and isinstance(target[0], (Instance, Module, PlainNamespace)):
        return get_attr(interp, target[0], "__dict__")
    return Unknown("vars", module=True)


def _nothing(interp: Interpreter, *args: Value, **kwargs: Value) -> None:
    return None


def _super(interp: Interpreter, *args: Value) -> Value:
    return Unknown("super() called by another name")


def _id(interp: Interpreter, value: Value) -> Value:
    return Unknown("an id")


_FUNCTIONS: dict[str, Callable[..., Value]] = {
    "isinstance": is_instance,
    "issubclass": is_subclass,
    "getattr": _getattr,
    "hasattr": _hasattr,
    "setattr": _setattr,
    "delattr": _delattr,
    "len": _len,
    "range": _range,
    "max": _best(max),
    "min": _best(min),
    "sum": _sum,
    "abs": _abs,
    "repr": _repr,
    **{function.__name__: _of_plain(function) for function in (ord, chr, hex, oct, bin, ascii)},
    "any": _any_all(True),
    "all": _any_all(False),
    "zip": _zip,
    "enumerate": _enumerate,
    "map": _map,
    "filter": _filter,
    "sorted": _sorted,
    "reversed": _reversed,
    "next": _next,
    "vars": _vars,
    "print": _nothing,
    "callable": is_callable,
    "id": _id,
    "hash": _id,
    "super": _super,
}


_EXCEPTION_NAMES = frozenset(
    {"ArithmeticError", "AssertionError", "AttributeError", "BaseException", "Exception"}
    | {"FileNotFoundError", "ImportError", "IndexError", "KeyError", "LookupError"}
    | {"ModuleNotFoundError", "NameError", "NotImplementedError", "OSError", "OverflowError"}
    | {"RecursionError", "RuntimeError", "StopIteration", "SyntaxError", "TypeError", "ValueError"}
    | {"Warning", "DeprecationWarning", "FutureWarning", "UserWarning", "ZeroDivisionError"}
    | {"EnvironmentError"}
)

BUILTINS: dict[str, Value] = {
    **{name: Native(name, function) for name, function in _FUNCTIONS.items()},
    **READING_ENVIRONMENT,
    **{name: External(f"builtins.{name}") for name in [*BUILTIN_TYPES, *_EXCEPTION_NAMES]},
    "NotImplemented": NOT_IMPLEMENTED,
    "Ellipsis": Unknown("Ellipsis"),
    "__debug__": True,
}
