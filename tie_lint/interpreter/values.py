"""The values a symbolic run computes with.

Plain Python values stand for themselves (``int``, ``str``, ``list``, ``dict`` …). What a run cannot
know is :class:`Unknown`, with the reason, and stays unknown through everything computed from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, MutableMapping
from types import NoneType
from typing import Any, ClassVar

from tie_lint.cause import Cause
from tie_lint.interpreter.base_values import CONTAINERS, External, Unknown, Value
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.namespace import Namespace
from tie_lint.python.nodes import Expr, Parameter
from tie_lint.python.statements import FunctionFacts, Stmt
from tie_lint.record import Record


class Storage:
    """Where the numbers of a tensor are: those of several tensors may be in one place."""

    __slots__ = ("perhaps",)

    def __init__(self, perhaps: Storage | None = None) -> None:
        self.perhaps = None if perhaps is None else perhaps.root
        """What it may be, or be a part of, or be a copy of."""

    @property
    def root(self) -> Storage:
        """Itself, or what it may be."""
        return self.perhaps or self


class Param(Record):
    """An ``nn.Parameter``; its identity is what a tie shares. A dimension is None where unknown."""

    shape: tuple[Value, ...] | None = None
    meta: bool = False
    """Whether it has no values: loading left it on the meta device."""
    storage: Storage | None = None
    """Its storage; None as long as nobody asked for it, and it has one of its own."""


class Tensor(Record):
    """A tensor that is no parameter: a buffer, or the argument of ``nn.Parameter(…)``."""

    shape: tuple[Value, ...] | None = None
    numbers: list[float] | None = None
    """The elements of a one-dimensional tensor where they are known, or one number."""
    buffer: bool = False
    """Whether it is registered with its module."""
    storage: Storage | None = None
    """Its storage where that may be another tensor's, too."""


def storage_of(value: Param | Tensor) -> Storage | None:
    """Return the storage of a tensor, to be given to another; None for one that nobody else has."""
    if isinstance(value, Param) and value.storage is None:
        value.storage = Storage()
    return value.storage


class Unnamed(Record):
    """What an object was given under a name that is not known."""

    name: Unknown
    value: Value
    why: Cause

    def may_be(self, name: str) -> bool:
        """Return whether that may be its name. A private name is not computed out of nothing."""
        return self.name.may_be(name) and (not name.startswith("_") or self.name.ends is not None)


def unnamed_as(given: list[Unnamed], name: str | None) -> Unknown | None:
    """Return what an attribute of that name, or of any, may be by what was given under unknown names."""
    found = [one for one in given if name is None or one.may_be(name)]
    if not found:
        return None
    module = any(may_give_module(one.value) for one in found)
    return Unknown(found[0].why, module=module, may_be_absent=True)


class Instance:
    """An object of an interpreted class (a config, say)."""

    __slots__ = ("attrs", "cls", "data", "given_module", "shown", "unnamed", "waiting")

    def __init__(self, cls: Class) -> None:
        self.cls = cls
        self.attrs: MutableMapping[str, Value] = {}
        self.shown = False
        """Whether code has got the attributes as a dict, into which it may put whatever it likes."""
        self.given_module = False
        """Whether one of its attributes was ever set to a module, a parameter or something that held one."""
        self.unnamed: list[Unnamed] = []
        """What it was given under names that are not known."""
        self.data: Any = None
        """The payload of a subclass of ``dict`` or ``list``: the attributes themselves where they are one."""
        self.waiting: list[Module] = []
        """Modules that are built from it when somebody looks into them."""

    def put(self, name: str, value: Value) -> None:
        """Set an attribute."""
        if self.waiting and name in self.attrs and self.attrs[name] is not value:
            self.settle()
        self.attrs[name] = value
        self.given_module = self.given_module or holds_module(value)

    def settle(self) -> None:
        """Build what is to be built from what the object says now."""
        while self.waiting:
            self.waiting.pop().finish()

    def __repr__(self) -> str:
        return f"<{self.cls.name}>"


class Module:
    """An ``nn.Module``. Its ``attrs`` hold parameters, submodules and plain values in registration order.

    A module whose class cannot share anything with the outside is built only when somebody looks into it:
    until then ``build`` is the pending construction.
    """

    __slots__ = ("_attrs", "begun", "build", "cls", "hidden", "number", "opaque", "unnamed")

    made: ClassVar[int] = 0
    """How many were made so far."""

    def __init__(self, cls: Class | External, build: Callable[[Module], None] | None = None) -> None:
        Module.made += 1
        self.number = Module.made
        self.cls = cls
        self._attrs: dict[str, Value] = {}
        self.begun = True
        """Whether ``nn.Module.__init__`` was called, without which it can be given no part."""
        self.build = build
        self.hidden: dict[str, Value] = {}
        """What the object's ``__dict__`` holds past ``nn.Module``: no part of the module tree."""
        self.opaque: Cause | None = None
        """Why its parameters are not all known, or None."""
        self.unnamed: list[Unnamed] = []
        """What it was given under names that are not known."""

    @property
    def attrs(self) -> dict[str, Value]:
        if self.build is not None:
            self.finish()
        return self._attrs

    def hidden_as(self, name: str | None = None) -> Unknown | None:
        """Return what an attribute of that name, or of any, may be that is not among those that are known."""
        if self.opaque is not None:
            return Unknown(self.opaque, module=True, may_be_absent=True)
        return unnamed_as(self.unnamed, name)

    def finish(self) -> None:
        """Build what waits to be built."""
        build, self.build = self.build, None
        if build is not None:
            build(self)

    def children(self) -> list[tuple[str, Module]]:
        """Return the submodules by name, in registration order."""
        if self.build is not None:
            self.finish()
        return [item for item in self._attrs.items() if type(item[1]) is Module]

    def __repr__(self) -> str:
        return f"<module {self.cls.name}>"


class Env(Record):
    """Names visible to a body: its own, then those of the functions around it, then its module's."""

    names: MutableMapping[str, Value]
    scope: Namespace
    parent: Env | None = None
    owner: Class | None = None
    """The class whose method this is, for ``super()``."""
    this: Value = None
    """The first argument, for ``super()``."""
    harmless: list[Stmt] | None = None
    """The body, where its function was handed plain values only: nothing but what stands there is changed."""

    def find(self, name: str) -> Env | None:
        """Return the nearest environment that binds the name."""
        env: Env | None = self
        while env is not None:
            if name in env.names:
                return env
            env = env.parent
        return None

    def find_value(self, name: str) -> Value:
        """Return what a name means in the nearest environment that binds it; None where none does."""
        env = self.find(name)
        return None if env is None else env.names[name]


class Function(Record):
    """A function or method with the environment it was defined in."""

    facts: FunctionFacts
    scope: Namespace
    owner: Class | None = None
    closure: Env | None = None
    given_defaults: dict[str, Value] | None = None
    """What parameters were by default when it was defined, in the midst of a run."""


class Lambda(Record):
    """A lambda expression with its environment."""

    params: list[Parameter]
    body: Expr
    env: Env
    given_defaults: dict[str, Value] | None = None
    """What parameters were by default when it was defined."""


class Bound(Record):
    """A method together with its first argument."""

    function: Value
    this: Value


class Unbound(Record):
    """A ``partialmethod``: what a class has is bound to the object that it is read through."""

    function: Value


class Super(Record):
    """What ``super()`` returns: attributes are looked up in the MRO of ``this`` after ``after``."""

    after: Class
    this: Value


class PlainNamespace(Record):
    """A ``SimpleNamespace`` or what is as simple: attributes and nothing else."""

    attrs: dict[Value, Value]


def parts(value: Value) -> Iterator[Value]:
    """Yield what lists, tuples, sets and dicts hold at any depth, each of them looked into once; or the value
    itself.

    A tuple that is doubled thirty times has a billion items, and thirty of them are not the same.
    """
    if not isinstance(value, CONTAINERS):
        yield value
        return
    seen, todo = {id(value)}, [value]
    while todo:
        container = todo.pop()
        for item in container.values() if isinstance(container, dict) else container:
            if not isinstance(item, CONTAINERS):
                yield item
            elif id(item) not in seen:
                seen.add(id(item))
                todo.append(item)


def holds_module(value: Value) -> bool:
    """Return whether a value is, or holds, a module or parameter."""
    if type(value) in _HOLDING_NOTHING:
        return False
    if isinstance(value, CONTAINERS):
        return any(holds_module(item) for item in parts(value))
    if isinstance(value, Bound):
        return holds_module(value.this)
    if isinstance(value, Instance):
        return value.given_module
    if isinstance(value, PlainNamespace):
        return holds_module(value.attrs)
    return isinstance(value, (Module, Param, Iterator))  # nobody knows what an iterator has in store


_HOLDING_NOTHING = frozenset({bool, int, float, str, type(None)})


def may_give_module(value: Value) -> bool:
    """Return whether a value, or an item of it, may be a module or something that makes one."""
    if isinstance(value, CONTAINERS):
        return any(may_give_module(item) for item in parts(value))
    if isinstance(value, Unknown):
        return value.module
    return not isinstance(value, (bool, int, float, str, NoneType, range, Tensor))
