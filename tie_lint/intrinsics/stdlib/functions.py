"""Functions of Python's library that give plain values, or hand on what they are given."""

from __future__ import annotations

import itertools
import math
import re

from tie_lint.interpreter.base_values import Marker, Native, RaisedError, Spread, Unknown, Value
from tie_lint.interpreter.builtin_functions import construct_builtin
from tie_lint.interpreter.builtin_types import MOST_ITEMS, iterate
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.initialization import init_parameters
from tie_lint.interpreter.register import CONSTANTS, DECORATORS, family, intrinsic
from tie_lint.interpreter.values import Bound, Function, Instance, Module, argument, holds_module

CONSTANTS.update({"math.pi": math.pi, "math.inf": math.inf})


# -- functions and objects ----------------------------------------------------------------------------


@intrinsic("functools.partial")
def _partial(interp: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    function, *bound = args

    def later(interp: Interpreter, more: list[Value], named: dict[str, Value]) -> Value:
        return interp.call(function, [*bound, *more], {**kwargs, **named})

    return Native("partial", later)


@intrinsic("collections.OrderedDict")
def _ordered_dict(interp: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    return construct_builtin(interp, "dict", args, kwargs)


@intrinsic("dataclasses.field")
def _field(interp: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    return Marker("field", kwargs)


@intrinsic("builtins.property")
def _property(interp: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    return Marker("property", args[0] if args else None)


@intrinsic("argparse.Namespace", "types.SimpleNamespace")
def _namespace(interp: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    known = not args and Spread.KEYWORDS not in kwargs
    return Marker("namespace", kwargs) if known else Unknown("a namespace", module=True)


@intrinsic("types.MethodType")
def _method(interp: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    return Bound(args[0], args[1])


@intrinsic("builtins.object.__setattr__")
def _plain_setattr(interp: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> None:
    """``object.__setattr__``: past ``nn.Module``, which then knows nothing of what it holds."""
    target, name, value = args
    if isinstance(target, Module):
        target.hidden[name] = value
    elif isinstance(target, Instance):
        target.put(name, value)


@intrinsic("inspect.signature")
def _signature(interp: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    """``inspect.signature``: the names of the parameters are all that is kept of it."""
    names = _parameter_names(args[0]) if args else None
    if names is None:
        return Unknown("a signature")
    return Marker("signature", {name: Unknown(f"the parameter {name}") for name in names})


def _parameter_names(function: Value) -> list[str] | None:
    """The names of a function's parameters; None where they are unknown."""
    if isinstance(function, Bound):
        names = _parameter_names(function.function)
        return None if names is None else names[1:]
    if isinstance(function, Function):
        return [param.name for param in function.facts.params]
    if isinstance(function, Class):
        names = init_parameters(function)
        return None if names is None else names[1:]
    return function.detail if isinstance(function, Marker) and function.name == "__init__" else None


def _context(interp: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    interp.doubt_arguments("a context", args, kwargs)
    return Unknown("a context")


DECORATORS["contextlib.contextmanager"] = Native("a context", _context)


# -- numbers and sequences ----------------------------------------------------------------------------


@family("math.")
def of_math(name: str) -> Native | None:
    """Functions of numbers; those whose result could be huge stay unknown."""
    leaf = name.partition(".")[2]
    function = getattr(math, leaf, None)
    if leaf in ("factorial", "comb", "perm") or not callable(function):
        return Native(name, lambda interp, args, kwargs: Unknown(f"math.{leaf}"))

    def call(interp: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
        if not all(isinstance(arg, (int, float)) for arg in args):
            return Unknown(f"math.{leaf}")
        try:
            return function(*args)
        except (ValueError, OverflowError, TypeError) as error:
            return Unknown(str(error))

    return Native(name, call)


@intrinsic("math.prod", "numpy.prod")
def _prod(interp: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    items = [args[0]] if isinstance(args[0], (int, float)) else iterate(interp, args[0])
    if items is None or not all(isinstance(value, (int, float)) for value in items):
        return Unknown("a product")
    return math.prod(items)


@intrinsic("itertools.product")
def _product(interp: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    pools = [iterate(interp, arg) for arg in args]
    known = [pool for pool in pools if pool is not None]
    repeat = kwargs.get("repeat", 1)
    if (
        len(known) < len(pools)
        or not isinstance(repeat, int)
        or math.prod(map(len, known)) ** repeat > MOST_ITEMS
    ):
        return Unknown("a product", module=True)
    return list(itertools.product(*known, repeat=repeat))


@intrinsic("itertools.chain")
def _chain(interp: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    parts = [iterate(interp, arg) for arg in args]
    known = [item for part in parts if part is not None for item in part]
    return Unknown("a chain of unknowns", module=True) if None in parts else known


@intrinsic("itertools.cycle")
def _cycle(interp: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    items = iterate(interp, args[0])
    return Unknown("a cycle") if items is None else itertools.cycle(items)


@intrinsic("re.compile")
def _pattern(interp: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    if len(args) != 1 or kwargs or not isinstance(args[0], str):
        return Unknown("a pattern")
    try:
        return re.compile(args[0])
    except re.error as error:
        raise RaisedError("error", str(error)) from error


@intrinsic("packaging.version.parse", "packaging.version.Version")
def _version(interp: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    from packaging.version import InvalidVersion, Version

    try:
        return Version(args[0]) if isinstance(args[0], str) else Unknown("an unknown version")
    except InvalidVersion:
        return Unknown("an unknown version")


@intrinsic("os.getenv", "os.environ.get")
def _environment(interp: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    """``os.getenv``: no variable is taken as set, as no optional package is taken as installed."""
    return argument(args, kwargs, 1, "default")


# -- everything else ----------------------------------------------------------------------------------


@family("warnings.", "logging.", "inspect.")
def _silent(name: str) -> Native | None:
    return Native(name, lambda interp, args, kwargs: Unknown(name))


@family(
    *("argparse.", "copy.", "functools.", "itertools.", "collections.", "dataclasses."),
    *("packaging.", "os.", "re.", "types."),
)
def handing_on(name: str) -> Native | None:
    """A function of a package that makes no modules, but may hand on those that it is given."""

    def call(interp: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
        interp.doubt_arguments(name, args, kwargs)
        return Unknown(f"{name}(…)", module=holds_module([*args, *kwargs.values()]))

    return Native(name, call)


@family(
    *("contextvars.", "datetime.", "hashlib.", "json.", "pathlib.", "queue.", "random.", "secrets."),
    *("string.", "tempfile.", "threading.", "time.", "uuid."),
)
def without_modules(name: str) -> Native | None:
    """A function that hands out no ``nn.Module`` and no class that makes one."""

    def call(interp: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
        interp.doubt_arguments(name, args, kwargs)
        return Unknown(f"{name}(…)")

    return Native(name, call)
