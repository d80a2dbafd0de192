"""Python's built-in functions, over symbolic values."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from types import NoneType
from typing import Any

from tie_lint.interpreter.attribute_changes import delete_attr, set_attr
from tie_lint.interpreter.attributes import find_method, get_attr
from tie_lint.interpreter.base_values import (
    NOT_IMPLEMENTED,
    External,
    Native,
    RaisedError,
    Sentinel,
    Spread,
    Unknown,
    UnknownItemsError,
    Value,
    cause_of,
)
from tie_lint.interpreter.budget import LONGEST_NUMBER, whole
from tie_lint.interpreter.builtin_types import asked_for_next, iterate, one_by_one, truth_of
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.enumerations import MEMBERS
from tie_lint.interpreter.environment_functions import READING_ENVIRONMENT
from tie_lint.interpreter.instance_checks import is_callable, is_instance, is_subclass
from tie_lint.interpreter.origins import of_attribute, one_of
from tie_lint.interpreter.plain import UncomputedError, computed
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
    return Unknown(why, module=True, origin=origin)


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
    if isinstance(name, str):
        set_attr(interp, target, name, value)
    else:
        put_unnamed(interp, target, name, value)


def _delattr(interp: Interpreter, target: Value, name: str) -> None:
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


def _type(args: list[Value]) -> Value:
    value = args[0]
    if isinstance(value, (Instance, Module, *MEMBERS)):
        return value.cls
    if type(value) not in _OF_PYTHON or len(args) != 1:
        return Unknown("the type of an unknown")
    return External(f"builtins.{type(value).__name__}")


_OF_PYTHON = frozenset(
    {bool, int, float, complex, str, bytes, NoneType, list, tuple, dict, set, frozenset, range, slice}
)


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


def _over_items(function: Callable[[list[Value]], Value]) -> Callable[..., Value]:
    """A built-in over the items of its first argument, unknown when any item is."""

    def call(interp: Interpreter, *args: Value, **kwargs: Value) -> Value:
        items = iterate(interp, args[0]) if len(args) == 1 else list(args)
        if items is None or any(isinstance(item, Unknown) for item in items) or kwargs:
            return Unknown("a function of unknown items", may_give_module([*args]))
        if not whole(items):
            return Unknown("a function of something too large")
        try:
            return computed(function, items)
        except UncomputedError as error:
            return Unknown(str(error))

    return call


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
    return (
        Unknown("an unknown sequence")
        if items is None
        else iter([interp.call(function, [item], {}) for item in items])
    )


def _filter(interp: Interpreter, function: Value, iterable: Value) -> Value:
    items = iterate(interp, iterable)
    if items is None:
        return Unknown("an unknown sequence")
    truths = [truth_of(item if function is None else interp.call(function, [item], {})) for item in items]
    if None in truths:
        return Unknown("a filter with unknown results")
    return iter([item for item, truth in zip(items, truths, strict=True) if truth])


def _sorted(interp: Interpreter, iterable: Value, key: Value = None, reverse: Value = False) -> Value:
    items = iterate(interp, iterable)
    if items is None or key is not None or not whole(items):
        return Unknown("an unknown order", may_give_module(iterable if items is None else items))
    try:
        return computed(sorted, items, reverse=bool(reverse))
    except UncomputedError:
        return Unknown("an unknown order")


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
    "max": _over_items(max),
    "min": _over_items(min),
    "sum": _over_items(sum),
    "abs": _abs,
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


def construct_builtin(interp: Interpreter, name: str, args: list[Value], kwargs: dict[str, Value]) -> Value:
    """``int(…)``, ``list(…)``, ``type(…)`` and their like."""
    if name == "type":
        return _type(args)
    if name == "object" and not args:
        return Sentinel("object()")
    if name in ("list", "tuple", "set", "frozenset"):
        return _collect(interp, name, args)
    if name == "dict":
        return _make_dict(interp, args, kwargs)
    if name == "iter":
        items = iterate(interp, args[0]) if args and not isinstance(args[0], Iterator) else None
        return iter(items) if items is not None else args[0] if args else Unknown("iter")
    if name == "int" and len(args) == 1 and isinstance(args[0], Symbol):
        return Symbol(f"int({args[0].name})")
    if any(isinstance(arg, Unknown) for arg in args) or kwargs:
        return Unknown(f"{name} of an unknown")
    if name == "bool":
        truth = truth_of(args[0]) if args else False
        return Unknown("an unknown truth") if truth is None else truth
    if name in ("int", "float", "str", "round", "divmod", "pow") and all(
        isinstance(arg, (int, float, str, NoneType)) for arg in args
    ):
        return _number(name, args)
    return Unknown(f"{name}(…)")


def _number(name: str, args: list[Value]) -> Value:
    function: Any = {"int": int, "float": float, "str": str, "round": round, "divmod": divmod}.get(name)
    if function is None:
        return Unknown(name)
    if any(isinstance(arg, int) and arg.bit_length() > LONGEST_NUMBER for arg in args) or (
        name == "round" and len(args) > 1 and isinstance(args[1], int) and abs(args[1]) > LONGEST_NUMBER
    ):
        return Unknown(f"{name} of a number that is too large")
    try:
        return function(*args)
    except TypeError as error:
        raise RaisedError("TypeError", str(error)) from error
    except (ArithmeticError, ValueError) as error:
        raise RaisedError(type(error).__name__, str(error)) from error


def _collect(interp: Interpreter, name: str, args: list[Value]) -> Value:
    items = iterate(interp, args[0]) if args else []
    if items is None:
        return Unknown(f"{name} of an unknown", module=True)
    kinds: dict[str, Any] = {"list": list, "tuple": tuple, "set": set, "frozenset": frozenset}
    if name in ("set", "frozenset") and not whole(items):
        return Unknown(f"{name} of something too large")
    try:
        return kinds[name](items)
    except TypeError:
        return Unknown(f"{name} of unhashable items")


def _make_dict(interp: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    result: dict[Any, Value] = {}
    if args:
        source = args[0].data if isinstance(args[0], Instance) else args[0]
        if isinstance(source, dict):
            result.update(source)
        else:
            pairs = iterate(interp, source)
            if pairs is None or not all(isinstance(pair, (tuple, list)) and len(pair) == 2 for pair in pairs):
                return Unknown("a dict of unknown items")
            if not all(whole(pair[0]) for pair in pairs):
                return Unknown("a dict of something too large")
            result.update((pair[0], pair[1]) for pair in pairs)
    if any(isinstance(key, Spread) for key in kwargs):
        return Unknown("a dict of unknown items")
    result.update(kwargs)
    return result


BUILTIN_TYPES = frozenset(
    {"bool", "bytes", "complex", "dict", "float", "frozenset", "int", "iter", "list", "object"}
    | {"pow", "property", "round", "set", "slice", "staticmethod", "classmethod", "str", "tuple"}
    | {"type", "divmod"}
)
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
