"""Functions of Python's library that give plain values, or hand on what they are given."""

from __future__ import annotations

import math
from collections.abc import Iterable

from tie_lint.interpreter.base_values import (
    External,
    Inert,
    MadeInit,
    Native,
    Property,
    RaisedError,
    Spread,
    Unknown,
    Value,
)
from tie_lint.interpreter.budget import LONGEST_NUMBER
from tie_lint.interpreter.builtin_types import iterate
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.comparisons import compare
from tie_lint.interpreter.constructors import construct_builtin
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.contexts import GeneratorContext
from tie_lint.interpreter.generators import Generator
from tie_lint.interpreter.initialization import init_parameters
from tie_lint.interpreter.plain import UncomputedError, computed
from tie_lint.interpreter.register import CONSTANTS, HANDLERS, METHODS_OF_PLAIN, Handler, family, intrinsic
from tie_lint.interpreter.unknown_items import is_certain
from tie_lint.interpreter.values import (
    Bound,
    Function,
    Instance,
    Lambda,
    Module,
    PlainNamespace,
    holds_module,
    may_give_module,
    parts,
)

CONSTANTS.update({"math.pi": math.pi, "math.inf": math.inf})


# -- functions and objects ----------------------------------------------------------------------------


@intrinsic("collections.OrderedDict")
def _ordered_dict(interp: Interpreter, *args: Value, **kwargs: Value) -> Value:
    return construct_builtin(interp, "dict", list(args), kwargs)


def _move_to_end(owner: dict[Value, Value], interp: Interpreter, key: Value, last: Value = True) -> None:
    if last is not True or not is_certain(owner, key):
        interp.doubt("an order of keys that is not known")
    else:
        owner[key] = owner.pop(key)


METHODS_OF_PLAIN[dict, "move_to_end"] = _move_to_end


@intrinsic("builtins.dict.fromkeys")
def _fromkeys(interp: Interpreter, iterable: Value, value: Value = None) -> Value:
    items = iterate(interp, iterable)
    if items is None:
        return Unknown("a dict of unknown items", module=may_give_module(value))
    return construct_builtin(interp, "dict", [[(item, value) for item in items]], {})


@intrinsic("builtins.property")
def _property(interp: Interpreter, fget: Value = None, *others: Value) -> Value:
    return Property(fget)


@intrinsic("argparse.Namespace", "types.SimpleNamespace")
def _namespace(interp: Interpreter, *args: Value, **kwargs: Value) -> Value:
    if not args and Spread.KEYWORDS not in kwargs:
        return PlainNamespace(kwargs)
    return Unknown("a namespace", module=may_give_module([*args, *kwargs.values()]))


@intrinsic("types.MethodType")
def _method(interp: Interpreter, function: Value, this: Value) -> Value:
    return Bound(function, this)


@intrinsic("builtins.object.__setattr__")
def _plain_setattr(interp: Interpreter, target: Value, name: str, value: Value) -> None:
    """``object.__setattr__``: past ``nn.Module``, which then knows nothing of what it holds."""
    if isinstance(target, Module):
        target.hidden[name] = value
    elif isinstance(target, Instance):
        target.put(name, value)


class Signature(Inert):
    """What ``inspect.signature(…)`` returns: the names of the parameters are all that is kept of it."""

    parameters: dict[str, Value]


class _SignatureHandler(Handler):
    def attribute(self, interp: Interpreter, value: Signature, name: str) -> Value:
        return value.parameters if name == "parameters" else super().attribute(interp, value, name)


HANDLERS[Signature] = _SignatureHandler()


@intrinsic("inspect.signature")
def _signature(interp: Interpreter, function: Value, **options: Value) -> Value:
    names = _parameter_names(function)
    if names is None:
        return Unknown("a signature")
    return Signature({name: Unknown(f"the parameter {name}") for name in names})


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
    return function.parameters if isinstance(function, MadeInit) else None


@intrinsic("contextlib.contextmanager")
def _contextmanager(interp: Interpreter, function: Value) -> Value:
    def call(interp: Interpreter, *args: Value, **kwargs: Value) -> Value:
        made = interp.call(function, list(args), kwargs)
        return GeneratorContext(made) if isinstance(made, Generator) else Unknown("a context", module=True)

    return Native("a context", call)


# -- numbers and sequences ----------------------------------------------------------------------------


@family("math.")
def of_math(name: str) -> Native | None:
    """Functions of numbers; those whose result could be huge stay unknown."""
    leaf = name.partition(".")[2]
    function = getattr(math, leaf, None)
    if leaf in ("factorial", "comb", "perm") or not callable(function):
        return Native(name, lambda interp, *args, **kwargs: Unknown(f"math.{leaf}"))

    def call(interp: Interpreter, *args: Value, **kwargs: Value) -> Value:
        if not all(isinstance(arg, (int, float)) for arg in args) or _bits(args) > LONGEST_NUMBER:
            return Unknown(f"math.{leaf}")
        try:
            return computed(function, *args)
        except (UncomputedError, RaisedError) as error:
            return Unknown(str(error))

    return Native(name, call)


@intrinsic("math.prod", "numpy.prod")
def _prod(interp: Interpreter, iterable: Value, **options: Value) -> Value:
    items = [iterable] if isinstance(iterable, (int, float)) else iterate(interp, iterable)
    if items is None or not all(isinstance(value, (int, float)) for value in items):
        return Unknown("a product")
    known = _bits(items) <= LONGEST_NUMBER
    return computed(math.prod, items) if known else Unknown("a product that is too large")


def _bits(numbers: Iterable[Value]) -> int:
    """How long the product of numbers, or their least common multiple, is at most."""
    return sum(number.bit_length() for number in numbers if isinstance(number, int))


@intrinsic("packaging.version.parse", "packaging.version.Version")
def _version(interp: Interpreter, version: Value) -> Value:
    from packaging.version import InvalidVersion, Version

    try:
        return Version(version) if isinstance(version, str) else Unknown("an unknown version")
    except InvalidVersion:
        return Unknown("an unknown version")


@family("operator.")
def _operator(name: str) -> Native | None:
    """``operator.ge`` and the like: what the signs do."""
    sign = _SIGNS.get(name.partition(".")[2])
    if sign is None:
        return None
    return Native(name, lambda interp, a, b: compare(interp, sign, a, b))


_SIGNS = {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}


@intrinsic("os.getenv", "os.environ.get")
def _environment(interp: Interpreter, key: Value, default: Value = None) -> Value:
    """``os.getenv``: no variable is taken as set, as no optional package is taken as installed."""
    return default


# -- everything else ----------------------------------------------------------------------------------


@intrinsic("logging.getLogger")
def _logger(interp: Interpreter, *args: Value, **kwargs: Value) -> Value:
    """An object whose methods are functions of the package: they write what they are given."""
    return External("logging.Logger")


@family("warnings.", "logging.", "inspect.")
def _silent(name: str) -> Native | None:
    return Native(name, lambda interp, *args, **kwargs: Unknown(name))


@family(
    *("argparse.", "copy.", "functools.", "itertools.", "collections.", "dataclasses."),
    *("packaging.", "os.", "re.", "types."),
)
def handing_on(name: str) -> Native | None:
    """Return a function of a package that makes no modules, but may hand on those that it is given."""

    def call(interp: Interpreter, *args: Value, **kwargs: Value) -> Value:
        interp.doubt_arguments(name, list(args), kwargs)
        given = [*args, *kwargs.values()]
        items = name.startswith(_CALLING) and any(map(_may_make_module, parts(given)))
        return Unknown(f"{name}(…)", module=holds_module(given) or items)

    return Native(name, call)


_CALLING = ("collections.", "itertools.")
"""Packages whose functions may call what they are given for items: ``defaultdict(made)``."""


def _may_make_module(value: Value) -> bool:
    """Whether what is called may give a module."""
    return isinstance(value, (Bound, Function, Lambda)) or (isinstance(value, Class) and value.is_module)


@family(
    *("contextvars.", "datetime.", "hashlib.", "json.", "pathlib.", "queue.", "random.", "secrets."),
    *("string.", "tempfile.", "threading.", "time.", "uuid."),
)
def without_modules(name: str) -> Native | None:
    """Return a function that hands out no ``nn.Module`` and no class that makes one."""

    def call(interp: Interpreter, *args: Value, **kwargs: Value) -> Value:
        interp.doubt_arguments(name, list(args), kwargs)
        return Unknown(f"{name}(…)")

    return Native(name, call)
