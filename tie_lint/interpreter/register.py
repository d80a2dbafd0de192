"""The register of intrinsics: functions of ours that stand for code which is not read.

The rooms above fill it when they are imported; the interpreter looks things up by dotted name or by the type
of a value, and knows nothing of what it finds. An intrinsic is a Python function that takes the run and then
what the real one takes: its signature is stated once, and Python binds the arguments.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Any, Literal, TypeAlias, TypeVar

from tie_lint.interpreter.base_values import External, Native, Unknown, Value

Function: TypeAlias = Callable[..., Value]
F = TypeVar("F", bound=Function)

# -- functions ----------------------------------------------------------------------------------------

FUNCTIONS: dict[str, Native] = {}
"""Functions, and classes that are called, by dotted name."""

Finder: TypeAlias = Callable[[str], Native | None]
_FAMILIES: list[tuple[str, Finder, bool]] = []


def intrinsic(*names: str) -> Callable[[F], F]:
    """Register a function under the dotted names of what it stands for."""

    def add(function: F) -> F:
        FUNCTIONS.update({name: Native(name, function) for name in names})
        return function

    return add


def family(*prefixes: str, replaces_source: bool = False) -> Callable[[Finder], Finder]:
    """Register what finds the intrinsic for any dotted name that starts so. Families are asked in turn.

    ``replaces_source`` says that the intrinsics stand for functions also where their source is at hand.
    """

    def add(find: Finder) -> Finder:
        _FAMILIES.extend((prefix, find, replaces_source) for prefix in prefixes)
        return find

    return add


@functools.lru_cache(maxsize=8192)
def function(name: str) -> Native | None:
    """Return the intrinsic for a dotted name; None where there is none."""
    known = FUNCTIONS.get(name)
    if known is not None:
        return known
    return _found(find(name) for prefix, find, _ in _FAMILIES if name.startswith(prefix))


@functools.lru_cache(maxsize=8192)
def replacement(name: str) -> Native | None:
    """Return the intrinsic that stands for a function with known source; None where the source is run."""
    known = FUNCTIONS.get(name)
    if known is not None:
        return known
    return _found(find(name) for prefix, find, replaces in _FAMILIES if replaces and name.startswith(prefix))


def _found(candidates: Iterable[Native | None]) -> Native | None:
    return next((native for native in candidates if native is not None), None)


# -- methods and classes ------------------------------------------------------------------------------

METHODS: dict[str, dict[str, Native]] = {}
"""Methods by the dotted name of the class that defines them and their own name."""

MethodFinder: TypeAlias = Callable[[str, str], Native | None]
_METHOD_FAMILIES: list[tuple[str, MethodFinder]] = []

CONSTRUCTORS: dict[str, Callable[..., Value]] = {}
"""What calling a class does, by its dotted name, where that is not to be run: called with the run, the class
and the arguments."""

CLASS_ATTRIBUTES: dict[str, Callable[[Any, Any], Value]] = {}
"""Attributes of classes that a library works out, by name: called with the run and the class."""


def method(
    cls: str, *names: str, kind: Literal["instance", "class", "property"] = "instance"
) -> Callable[[F], F]:
    """Register a function as a method of a class, under each of the names."""

    def add(function: F) -> F:
        table = METHODS.setdefault(cls, {})
        table.update({name: Native(name, function, kind) for name in names})
        return function

    return add


def method_family(prefix: str) -> Callable[[MethodFinder], MethodFinder]:
    """Register what finds the methods of any class whose dotted name starts so."""

    def add(find: MethodFinder) -> MethodFinder:
        _METHOD_FAMILIES.append((prefix, find))
        return find

    return add


@functools.lru_cache(maxsize=8192)
def method_of(cls: str, name: str) -> Native | None:
    """Return the intrinsic for a method that the class of a dotted name defines; None where there is none."""
    table = METHODS.get(cls)
    if table is not None and name in table:
        return table[name]
    return _found(find(cls, name) for prefix, find in _METHOD_FAMILIES if cls.startswith(prefix))


HARMLESS_METHODS = {"__len__", "keys", "values", "items"}
"""Methods of modules that share nothing and change nothing that is shared, whether they are called or not."""

HARMLESS_ATTRIBUTES: set[str] = set()
"""Attributes whose assignment changes nothing that is shared."""

# -- attributes and decorators ------------------------------------------------------------------------

CONSTANTS: dict[str, Value] = {}
"""Names of packages that are not read whose value is known."""

_ATTRIBUTE_FAMILIES: list[tuple[str, Callable[[str, str], Value | None]]] = []


def attribute_family(prefix: str) -> Callable[[Callable[[str, str], Value | None]], Any]:
    """Register what knows attributes of the names that start so; it returns None for those it does not."""

    def add(find: Callable[[str, str], Value | None]) -> Callable[[str, str], Value | None]:
        _ATTRIBUTE_FAMILIES.append((prefix, find))
        return find

    return add


@functools.lru_cache(maxsize=8192)
def external_attribute(target: str, name: str) -> Value:
    """Return an attribute of a name that is not read."""
    dotted = f"{target}.{name}"
    if dotted in CONSTANTS:
        return CONSTANTS[dotted]
    for prefix, find in _ATTRIBUTE_FAMILIES:
        if target.startswith(prefix) and (found := find(target, name)) is not None:
            return found
    return target.rpartition(".")[2] if name == "__name__" else External(dotted)


WELL_KNOWN: set[str] = set()
"""Classes that are not read and have nothing but what the register says."""

DECORATORS: dict[str, Value] = {}
"""What a function becomes under a decorator, by the decorator's dotted name."""

TRANSPARENT_DECORATORS = ["functools.", "typing.", "typing_extensions.", "abc."]
"""How the names of decorators begin that leave alone what a function does: caches, gradients, compilers."""


def is_transparent(decorator: str) -> bool:
    """Return whether a decorator of a dotted name leaves alone what a function does."""
    return decorator.startswith(tuple(TRANSPARENT_DECORATORS))


METHODS_OF_PLAIN: dict[tuple[type, str], Callable[..., Value]] = {}
"""Methods of what a library keeps in a plain value, such as a shape in a tuple: called with that, then as an
intrinsic is."""

# -- kinds of values ----------------------------------------------------------------------------------


class Handler:
    """What values of a kind that a library brings do; a kind registers one that answers what it can."""

    def attribute(self, interp: Any, value: Value, name: str) -> Value:
        """Return ``value.name``."""
        return Unknown(f"{type(value).__name__}.{name}")

    def give(self, value: Value, name: str, given: Value) -> None:
        """Raise what ``value.name = given`` raises."""

    def item(self, interp: Any, value: Value, index: Value) -> Value:
        """Return ``value[index]``."""
        return Unknown(f"an item of a {type(value).__name__}")

    def truth(self, value: Value) -> bool | None:
        """Return ``bool(value)``; None where that is not known."""
        return None

    def items(self, value: Value) -> list[Value] | None:
        """Return ``list(value)``; None where that is not known."""
        return None

    def binary(self, sign: str, left: Value, right: Value) -> Value:
        """Return the result of an operator with such a value on either side; ``NotImplemented`` for none."""
        return NotImplemented

    def unary(self, sign: str, value: Value) -> Value:
        """Return ``-value`` and its like."""
        return Unknown(f"an operation {sign}")

    def class_names(self, value: Value) -> frozenset[str]:
        """Return the dotted names of all classes that the value is an instance of."""
        return frozenset()


HANDLERS: dict[type, Handler] = {}
"""The handlers by the type of the value."""
