"""Which classes can matter to a tie without being handed anything: a look at their text alone.

A module that was passed nothing that it could share need be built only if its own text, or that of a class
it builds, shares something inside, changes something outside, declares keys, hooks into tying or asks a
config whether to tie.
The look errs on the side of building.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from tie_lint.interpreter.base_values import External, Native, RaisedError, Value
from tie_lint.interpreter.caches import Cache
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.holding import held_by
from tie_lint.interpreter.roots import ROOTS, Root
from tie_lint.interpreter.values import Function, Instance, Module, Param, may_give_module
from tie_lint.intrinsics.torch.bodies import Body, Nodes
from tie_lint.intrinsics.torch.bound_modules import BoundModules
from tie_lint.intrinsics.torch.construction_bodies import construction, run_methods, used_results
from tie_lint.intrinsics.torch.dynamic_names import reads_anything
from tie_lint.intrinsics.torch.handing import NONE, Handing, Names, Reached
from tie_lint.intrinsics.torch.module_names import imported_inside, read_of_modules
from tie_lint.intrinsics.torch.numbers import turns_numbers_into_numbers
from tie_lint.intrinsics.torch.reached_values import (
    bodies_of,
    body_of_method,
    inner_bodies,
    is_of_the_library,
    methods_by_class,
)
from tie_lint.intrinsics.torch.sharing_bodies import share_between, shares
from tie_lint.library.names import NN_MODULE
from tie_lint.python.effects import act_outside
from tie_lint.python.node import Node
from tie_lint.python.nodes import Attr, Call, Const, Keyword, Name
from tie_lint.python.statements import (
    Stmt,
)
from tie_lint.python.walk import (
    is_name,
    walk,
)
from tie_lint.record import Data

_FLAG = "tie_word_embeddings"
_TELLTALE = frozenset({"_tied_weights_keys", "_tie_weights", "_dynamic_tied_weights_keys", "tie_weights"})


def may_escape(interp: Interpreter, cls: Class) -> bool:
    """Return whether a class, or one it may build, shares something inside or declares something
    about tying.
    """
    known = _ESCAPES.get(cls)
    return _search(interp, cls) if known is None else known


_ESCAPES: Cache[bool] = Cache()


def _search(interp: Interpreter, cls: Class) -> bool:
    reached = {(cls.name, NONE): cls}
    todo = [(cls, NONE)]
    while todo:
        item, handed = todo.pop()
        known = _ESCAPES.get(item)
        look = _look_at(interp, item, handed) if known is None or (handed and not known) else _Look(known, [])
        if look.matters:
            return _ESCAPES.put(cls, True)
        for used, given in look.builds:
            if (used.name, given) not in reached:
                reached[used.name, given] = used
                todo.append((used, given))
    for item in reached.values():
        _ESCAPES.put(item, False)
    return False


class _Look(Data):
    """What the text of one class says: whether it matters by itself, and which classes it may build, with the
    parameters of each that may be given modules."""

    matters: bool
    builds: list[tuple[Class, Names]]


_LOOKS: Cache[dict[Names, _Look]] = Cache()


def _look_at(interp: Interpreter, cls: Class, handed: Names) -> _Look:
    """``handed`` are the parameters of ``__init__`` that may be given modules."""
    known = _LOOKS.of(cls, dict)
    if handed not in known:
        known[handed] = _Look(True, []) if _matters_at_once(cls) else _Looking(interp, cls).result(handed)
    return known[handed]


def _matters_at_once(cls: Class) -> bool:
    if cls.is_model or any(True for _ in cls.foreign_bases()):
        return True
    return any(isinstance(item, Class) and not _TELLTALE.isdisjoint(item.own()) for item in cls.mro)


class _Looking:
    """A look at all that building a module of a class may run."""

    def __init__(self, interp: Interpreter, cls: Class) -> None:
        self._interp = interp
        self._bodies = [*construction(cls)]
        self._used = {name for body in self._bodies for name in used_results(body.stmts)}
        self._common = {name for item in cls.mro if isinstance(item, Class) for name in _values_of(item)}
        self._builds: list[Class] = []
        self._reached: list[Reached] = []
        self._functions: dict[int, int] = {}
        self._kept: dict[int, Value] = {}
        self._methods: set[tuple[Class, str]] = set()

    def result(self, handed: Names) -> _Look:
        """Return what it tells; ``handed`` are the parameters of ``__init__`` that may be given modules."""
        for one in self._bodies:  # which grow meanwhile
            if not self._is_harmless(one):
                return _Look(True, [])
        handing = Handing(self._reached, self._functions, handed)
        run = {"__init__", *(name for body in self._bodies for name in run_methods(body.nodes))}
        methods = [(one.bound, one.gives) for one in self._reached if one.body.runs_by(run)]
        if handing.shares or share_between(methods):
            return _Look(True, [])
        return _Look(False, [(one, handing.to(one)) for one in self._builds])

    def _is_harmless(self, one: Body) -> bool:
        """Whether statements by themselves share nothing and act on nothing outside, and what their names
        mean brings nothing that does. What they may run is looked at next."""
        bound, gives = BoundModules(one), one.method is None or one.method in self._used
        if one.remembers or shares(bound, gives) or _mentions_flag(one.nodes):
            return False
        if act_outside(one.stmts, one.fresh, self._common):
            return False
        named = {name: one.scope.lookup(name) for name in one.times.keys() - _SELF}
        named.update(imported_inside(self._interp, one.scope, one.nodes))
        try:
            attributes = [*read_of_modules(self._interp, named, one.nodes)]
        except RaisedError:
            return False
        if reads_anything(named, one.nodes):
            return False
        self._reached.append(Reached(bound, gives, named, attributes))
        self._bodies += inner_bodies(one)
        for owner, method in {*methods_by_class(named, one.nodes)} - self._methods:
            self._methods.add((owner, method))
            self._bodies += body_of_method(owner, method)
        meant: Iterator[tuple[str | Attr, Value]] = chain(named.items(), attributes)
        return all(self._follow(one, name, value) for name, value in meant)

    def _follow(self, one: Body, name: str | Attr, value: Value) -> bool:
        """Look next at what a name means, and what that holds; whether it brings nothing by itself."""
        for held in held_by(value, is_of_the_library):
            if _is_opaque(held) or _hands_out_again(held):
                return False
            if isinstance(held, Class) and held.is_module:
                self._builds.append(held)
                continue
            if isinstance(held, Function) and held is value:
                if _is_given_self(one.stmts, name):
                    return False
                if isinstance(name, str) and turns_numbers_into_numbers(
                    one.scope, one.stmts, one.numbers, name
                ):
                    continue
            if is_of_the_library(held) and not (held is value and isinstance(held, Function)):
                continue
            if id(held) not in self._kept:
                self._kept[id(held)] = held  # so that no other has its number
                self._functions[id(held)] = len(self._bodies)
                self._bodies += bodies_of(held)
        return True


def _hands_out_again(value: Value) -> bool:
    """Whether what a name means may give a module that is somewhere else, too, or any that it holds."""
    if isinstance(value, Native):
        return value.remembers
    if isinstance(value, (Iterator, Module, Param)):
        return True
    return isinstance(value, Instance) and any(map(may_give_module, value.attrs.values()))


def _mentions_flag(nodes: Nodes) -> bool:
    """Return whether a body names the flag in whatever way."""
    for kind, field in _TEXTS.items():
        for node in nodes.of(kind):
            text = getattr(node, field)
            if type(text) is str and _FLAG in text:
                return True
    return False


_TEXTS: dict[type[Node], str] = {Name: "name", Attr: "name", Const: "value", Keyword: "name"}
"""The fields that can name something."""


_SELF = {"self", "config", "super"}
_PACKAGES = frozenset(
    {"torch", "transformers", "builtins", "typing", "collections", "dataclasses", "math", "functools", "copy"}
    | {"logging"}
)
"""Whose classes bring no model."""


def _is_opaque(value: Value) -> bool:
    """Whether what a name means could bring a model, or a class that is not read."""
    if isinstance(value, External):
        foreign = value.name.partition(".")[0] not in _PACKAGES
        return value.leaf.startswith("Auto") or (foreign and value.leaf[:1].isupper())
    return isinstance(value, Class) and value.leaf.startswith("Auto")


def _is_given_self(body: list[Stmt], function: str | Attr) -> bool:
    """Return whether a function is called with ``self`` itself."""
    named = Name(function) if isinstance(function, str) else function
    return any(
        is_name(value, "self")
        for node in walk(body)
        if isinstance(node, Call) and node.function == named
        for value in [*node.args, *(keyword.value for keyword in node.keywords)]
    )


def _values_of(cls: Class) -> Iterator[str]:
    return (name for name, attribute in cls.own().items() if attribute.kind in ("value", "given"))


ROOTS[NN_MODULE] = Root("module", may_escape=may_escape)
