"""A built model over again, for a question that changes it: a copy costs far less than another construction.

The copy has the shape of the original: what is one object there is one here, and what waits to be built
there waits here. Of a run that left behind what cannot be copied there is none.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tie_lint.cause import Cause
from tie_lint.interpreter.base_values import Given, Inert, Native, RaisedError, Value
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.snapshot import LASTING, UncopyableError
from tie_lint.interpreter.twins import Pending
from tie_lint.interpreter.values import (
    Bound,
    Function,
    Instance,
    Lambda,
    Module,
    Param,
    Storage,
    Tensor,
    holds_module,
)
from tie_lint.intrinsics.transformers.default_config import are_lasting
from tie_lint.intrinsics.transformers.trace import Event
from tie_lint.record import NamedTuple, replace

if TYPE_CHECKING:
    from tie_lint.intrinsics.transformers.context import Interpreter


class Left(NamedTuple):
    """What the construction of a model left behind in the run."""

    doubts: list[Cause]
    late_errors: list[RaisedError]
    given: list[Given]
    class_values: dict[tuple[Class, str], Value]


def left_by(interp: Interpreter) -> Left | None:
    """Return what the present run leaves behind; None where another cannot go on from there."""
    remembered = (value for known in interp.memory.values() for _, _, value in known.values())
    lasts = are_lasting(interp) and all(type(value) in LASTING for value in remembered)
    if not lasts or interp.sampled or interp.registries or interp.rebound:
        return None
    return Left([*interp.doubts], [*interp.late_errors], [*interp.given], interp.class_values)


def copied(interp: Interpreter, left: Left, model: Module, events: list[Event]) -> Copy | None:
    """Begin a run where the one that built a model left off, with a copy of it; None where that cannot be
    copied."""
    interp.fresh()
    interp.doubts, interp.late_errors, interp.given = [*left.doubts], [*left.late_errors], [*left.given]
    copying = _Copying(interp)
    try:
        interp.class_values = {key: copying.copy(value) for key, value in left.class_values.items()}
        new = copying.copy(model)
    except (UncopyableError, RecursionError):
        return None
    interp.trace.events = [copying.event(event) for event in events]
    return Copy(new, copying.configs)


class Copy(NamedTuple):
    """A copy of a model."""

    model: Module
    configs: list[Instance]
    """All configs in it."""


class _Copying:
    """Copies of what a construction made. Those of what waits are noted in the run that is going on."""

    def __init__(self, interp: Interpreter) -> None:
        self._interp = interp
        self._memo: dict[int, Value] = {}
        self.configs: list[Instance] = []

    def event(self, event: Event) -> Event:
        """Return the same of the copies."""
        return type(event)(*[self._memo.get(id(item), item) for item in event])

    def copy(self, value: Value) -> Value:
        """Return the copy of a value. Raises :class:`UncopyableError`."""
        kind = type(value)
        if kind in _SHARED:
            return value
        known = self._memo.get(id(value))
        if known is not None:
            return known
        make = _COPIES.get(kind)
        if make is not None:
            return make(self, value)
        if isinstance(value, Inert):
            return value
        raise UncopyableError(kind.__name__)

    def _module(self, old: Module) -> Module:
        if isinstance(old.cls, Class):
            self._closed(old.cls)
        new = self._memo[id(old)] = Module(old.cls)
        new.begun, new.opaque = old.begun, old.opaque
        if old.build is not None:
            new.build = self._pending(old.build)
            return new
        self._attributes(old, new)
        if old.hidden:
            new.hidden = {name: self.copy(value) for name, value in old.hidden.items()}
        return new

    def _attributes(self, old: Module | Instance, new: Module | Instance) -> None:
        attrs, copy = new.attrs, self.copy
        for name, value in old.attrs.items():
            attrs[name] = value if type(value) in _SHARED else copy(value)
        if old.unnamed:
            new.unnamed = [replace(one, value=copy(one.value)) for one in old.unnamed]

    def _instance(self, old: Instance) -> Instance:
        self._closed(old.cls)
        new = self._memo[id(old)] = Instance(old.cls)
        new.shown = old.shown
        if old.cls.is_config:
            self.configs.append(new)
        self._attributes(old, new)
        new.data = new.attrs if old.data is old.attrs else self.copy(old.data)
        new.given_module = old.given_module
        new.waiting = [self.copy(module) for module in old.waiting if module.build is not None]
        return new

    def _param(self, old: Param) -> Param:
        storage = old.storage
        new = self._memo[id(old)] = Param(old.shape, old.meta, storage and self.copy(storage))
        return new

    def _tensor(self, old: Tensor) -> Tensor:
        numbers, storage = old.numbers and [*old.numbers], old.storage
        new = Tensor(old.shape, numbers, old.buffer, storage and self.copy(storage))
        self._memo[id(old)] = new
        return new

    def _storage(self, old: Storage) -> Storage:
        new = self._memo[id(old)] = Storage(self.copy(old.perhaps))
        return new

    def _list(self, old: list[Value]) -> list[Value]:
        new = self._memo[id(old)] = list[Value]()
        new.extend([self.copy(item) for item in old])
        return new

    def _dict(self, old: dict[Value, Value]) -> dict[Value, Value]:
        new = self._memo[id(old)] = dict[Value, Value]()
        new.update([(self.copy(key), self.copy(item)) for key, item in old.items()])
        return new

    def _frozen(self, old: Any) -> Value:
        new = self._memo[id(old)] = type(old)([self.copy(item) for item in old])
        return new

    def _bound(self, old: Bound) -> Bound:
        new = self._memo[id(old)] = Bound(self.copy(old.function), self.copy(old.this))
        return new

    def _closed(self, value: Class | Function) -> Value:
        if value.closure is not None:  # which may hold the model
            raise UncopyableError(type(value).__name__)
        return value

    def _native(self, value: Native) -> Native:
        if any(holds_module(cell.cell_contents) for cell in value.function.__closure__ or ()):
            raise UncopyableError(value.name)
        return value

    def _pending(self, old: Any) -> Pending:
        if not isinstance(old, Pending):
            raise UncopyableError("what waits")
        known: Pending | None = self._memo.get(id(old))
        if known is not None:
            return known
        args = [self.copy(value) for value in old.args]
        kwargs = {name: self.copy(value) for name, value in old.kwargs.items()}
        new = self._memo[id(old)] = Pending(self._interp, old.cls, args, kwargs, old.attempted)
        new.standing = old.standing
        return new


_SHARED = LASTING - {Class, Function, Lambda, Native}
"""The types of values that may be another model's, too."""

_COPIES: dict[type, Callable[[_Copying, Any], Value]] = {
    Module: _Copying._module,
    Param: _Copying._param,
    Instance: _Copying._instance,
    Tensor: _Copying._tensor,
    Storage: _Copying._storage,
    list: _Copying._list,
    dict: _Copying._dict,
    tuple: _Copying._frozen,
    set: _Copying._frozen,
    Bound: _Copying._bound,
    Class: _Copying._closed,
    Function: _Copying._closed,
    Native: _Copying._native,
}
