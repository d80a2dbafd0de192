"""Modules that wait to be built, and those of them that are built as others were.

What waits to be built changes nothing outside itself (:mod:`tie_lint.interpreter.laziness`). So where one was
built of a class, a second one of equal arguments that would read the same of its surroundings is a twin of
it: the same attributes, with modules, parameters and tensors of its own in the places of the other's. Where
it cannot be told what was read, or what came of it cannot be copied, the second is built as the first was.

That holds of one file at a time, and within the bounds of a run: a twin takes the steps that building it
would have taken, and none is made where building it would have gone beyond a bound.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any, NamedTuple

from tie_lint.interpreter.attributes import class_value
from tie_lint.interpreter.base_values import RaisedError, Unknown, Value
from tie_lint.interpreter.budget import budget
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.reads import (
    ABSENT,
    AttributeRead,
    OutsideRead,
    Read,
    Told,
    UntoldError,
    Watched,
    freeze,
    freeze_whole,
    frozen_attribute,
    tell,
    unwatched,
)
from tie_lint.interpreter.snapshot import LASTING
from tie_lint.interpreter.spot import SPOT, Standing
from tie_lint.interpreter.symbols import Symbol
from tie_lint.interpreter.values import Function, Instance, Lambda, Module, Param, Storage, Tensor

MOST_TWINS = 8
"""So many modules are kept of one class and equal arguments: what they read was different."""
MOST_PLACES = 100
"""The objects in the arguments of a module that another may be the twin of."""


MOST_IN_VAIN = 64
"""So many more modules of a class are built to be the twins of others than others are made so."""


class UnansweredError(Exception):
    """A question that must not build anything cannot be answered without."""


class Kin:
    """The modules of one class that others may be the twins of."""

    __slots__ = ("in_vain", "known")

    def __init__(self) -> None:
        self.known: dict[Any, list[_Twin]] = {}
        """By what the arguments were."""
        self.in_vain = 0
        """How many more were built than others were made."""


class Pending:
    """The construction of a module that waits. It may be that of several: copies of one that waits."""

    __slots__ = ("args", "attempted", "cls", "interp", "kwargs", "noted", "standing")

    def __init__(
        self, interp: Interpreter, cls: Class, args: list[Value], kwargs: dict[str, Value], attempted: bool
    ) -> None:
        self.interp, self.cls, self.args, self.kwargs = interp, cls, args, kwargs
        self.attempted = attempted
        """Whether the code that asked for it provides for errors."""
        self.standing = Standing(SPOT.at, SPOT.env)
        """Where it was asked for."""
        self.noted = interp.doubts, interp.late_errors, interp.given
        """What is noted of the run in which it was: it may be built in a later one."""
        interp.pending.append(self)

    def __call__(self, module: Module) -> None:
        """Build the module, or make it the twin of one that was built."""
        interp = self.interp
        if interp.supposing:
            module.build = self
            raise UnansweredError
        key = None if self.cls.closure or interp.loading or interp.rebound else self._key()
        kin = interp.twins.setdefault(self.cls, Kin())
        known = kin.known.get(key, [])
        for one in known:
            found = one.find(self)
            if found is not None:
                one.make(self, module, found)
                kin.in_vain -= 1
                return
        if key is None or kin.in_vain > MOST_IN_VAIN:
            self.build(module)
            return
        kin.in_vain += 1
        twin = _build_watched(self, module)
        if twin is not None and key == self._key():  # building did nothing to what it was given
            kin.known[key] = [twin, *known[: MOST_TWINS - 1]]

    def build(self, module: Module) -> None:
        """Build the module."""
        interp, depth, given = self.interp, self.interp.depth, self.interp.given
        before = len(interp.doubts)
        interp.given = self.noted[2]
        try:
            with self.standing:
                interp.call_method(module, "__init__", *self.args, **self.kwargs)
            interp.depth = depth
        except RaisedError as error:
            module.opaque = error.cause
            doubts, late_errors, _ = self.noted
            doubtful = doubts or len(interp.doubts) > before or interp.sampled or interp.registries
            if not (self.attempted or doubtful or interp.loading):
                late_errors.append(error.kept())  # nothing unknown can have led to it
        finally:
            interp.given = given

    def _key(self) -> Any:
        """What is equal for equal arguments in equal surroundings; None where that cannot be told."""
        interp = self.interp
        with suppress(UntoldError):
            given = tuple(map(freeze, self.args)), tuple(self.kwargs), tuple(map(freeze, self.values))
            return interp.attempts > 0, interp.provided_for, interp.sampled, given

    @property
    def is_users(self) -> bool:
        """Whether it is a module of a class of the user's, or code of the user's asked for it."""
        env = self.standing.env
        return self.cls.scope.path is not None or (env is not None and env.scope.path is not None)

    @property
    def values(self) -> list[Value]:
        return [*self.kwargs.values()]


class _Place(NamedTuple):
    """Where an object is: an argument (by its number), or an attribute of an object at an earlier place."""

    above: int | None
    name: Any
    instance: Instance
    number: int
    """Its own, or that of the place where the same object was found before."""


class _Twin:
    """A module that was built, as it was at once, and what that took."""

    def __init__(self, pending: Pending, places: list[_Place]) -> None:
        interp = pending.interp
        self.places = places
        self.depth, self.steps = interp.depth, interp.steps
        self.numbers = {id(place.instance): place.number for place in places}
        self.attributes: list[tuple[int, str, Any]] = []
        """What was read of the objects at the places."""
        self.outside: list[OutsideRead] = []
        self.told: set[str] = set()
        """What the trace was told of."""
        self.outer: list[tuple[int, str, Value]] = []
        """Lists and the like that were read: they are not the module's own."""

    def note(self, reads: list[Read]) -> bool:
        """Note what building read; whether that can be told."""
        seen = set()
        for read in reads:
            if isinstance(read, AttributeRead):
                number = self.numbers.get(id(read.instance))
                if number is None:
                    return False
                if (number, read.name) in seen:
                    continue
                seen.add((number, read.name))
                self.attributes.append((number, read.name, read.frozen))
                if type(read.value) in (list, dict, tuple):
                    self.outer.append((number, read.name, read.value))
            elif isinstance(read, OutsideRead):
                self.outside.append(read)
            elif isinstance(read, Told):
                self.told.add(read.name)
            else:
                return False
        return True

    def is_as_read(self, interp: Interpreter) -> bool:
        """Return whether what was read still is what it was then: building changed nothing of it."""
        here = (frozen_attribute(self.places[number].instance, name) for number, name, _ in self.attributes)
        return [*here] == [frozen for _, _, frozen in self.attributes] and all(
            _is_the_same(interp, read) for read in self.outside
        )

    def keep(self, pending: Pending, module: Module, since: int) -> None:
        """Keep what was built. Raises :class:`UntoldError` where that cannot be copied."""
        interp = pending.interp
        assigned = interp.trace.assignments(since)
        if assigned is None or module.hidden_as() is not None:
            raise UntoldError
        self.steps = interp.steps - self.steps
        self.call_at = interp.call_at
        self.module = Module(pending.cls)
        memo: dict[int, Value] = {id(place.instance): place.instance for place in self.places}
        memo.update({id(value): value for _, _, value in self.outer})
        memo[id(module)] = self.module
        _Copying(interp, memo, to_keep=True).attributes(module, self.module)
        if any(id(holder) not in memo for holder, _, _ in assigned):
            raise UntoldError
        self.assigned = [(memo[id(holder)], name, at) for holder, name, at in assigned]

    def find(self, pending: Pending) -> list[Instance] | None:
        """Return the objects at the places of what waits; None where building it would not read the same of
        them, or go beyond a bound.
        """
        interp = pending.interp
        if interp.depth > self.depth or interp.steps + self.steps > interp.limit:
            return None
        found = self._objects(pending)
        if found is None:
            return None
        for number, name, frozen in self.attributes:
            if frozen_attribute(found[number], name) != frozen:
                return None
        return found if all(_is_the_same(interp, read) for read in self.outside) else None

    def _objects(self, pending: Pending) -> list[Instance] | None:
        given, found = [*pending.args, *pending.values], list[Instance]()
        numbers: dict[int, int] = {}
        for number, (above, name, instance, same) in enumerate(self.places):
            value = given[name] if above is None else unwatched(found[above]).get(name)
            if type(value) is not Instance or value.cls is not instance.cls:
                return None
            if value.given_module or value.data is not None:
                return None
            if numbers.setdefault(id(value), number) != same:
                return None
            found.append(value)
        return found

    def make(self, pending: Pending, module: Module, found: list[Instance]) -> None:
        """Make a module the twin of the one that was built; ``found`` is what :meth:`find` gave."""
        interp = pending.interp
        interp.steps += self.steps
        interp.call_at = self.call_at
        memo: dict[int, Value] = {id(self.module): module}
        memo.update((id(place.instance), value) for place, value in zip(self.places, found, strict=True))
        memo.update((id(old), unwatched(found[number]).get(name)) for number, name, old in self.outer)
        _Copying(interp, memo).attributes(self.module, module)
        for holder, name, at in self.assigned:
            interp.trace.assigned(memo[id(holder)], name, at)
        for name in self.told:
            tell(interp, name)
        if interp.reads is not None:
            interp.reads.extend(self.outside)
            for number, name, frozen in self.attributes:
                value = unwatched(found[number]).get(name, ABSENT)
                interp.reads.append(AttributeRead(found[number], name, value, frozen))


def _build_watched(pending: Pending, module: Module) -> _Twin | None:
    """Build a module; return what another may be the twin of, None where none may."""
    interp, outer = pending.interp, pending.interp.reads
    reads: list[Read] = [] if outer is None else outer
    places = _places(pending)
    if len(places) > MOST_PLACES:
        pending.build(module)
        return None
    twin = _Twin(pending, places)
    begin, since, left = len(reads), interp.trace.mark(), budget().left
    before = len(interp.doubts), len(interp.late_errors), interp.sampled
    watched = []
    for place in places:
        if type(place.instance.attrs) is not Watched:
            place.instance.attrs = one = Watched(place.instance, reads)
            watched.append(one)
    interp.reads = reads
    try:
        pending.build(module)
    finally:
        interp.reads = outer
        for one in watched:
            one.restore()
    same = before == (len(interp.doubts), len(interp.late_errors), interp.sampled) and (
        left == budget().left and not interp.rebound
    )
    with suppress(UntoldError):
        if same and twin.note(reads[begin:]) and twin.is_as_read(interp):
            twin.keep(pending, module, since)
            return twin
    return None


def _places(pending: Pending) -> list[_Place]:
    """The objects among the arguments, and those that are attributes of them."""
    places: list[_Place] = []
    numbers: dict[int, int] = {}

    def add(above: int | None, name: Any, value: Value) -> None:
        if type(value) is Instance and value.data is None:  # what is a dict, too, is compared as a whole
            number = numbers.setdefault(id(value), len(places))
            places.append(_Place(above, name, value, number))

    for number, value in enumerate([*pending.args, *pending.values]):
        add(None, number, value)
    for above, place in enumerate(places):  # which grows meanwhile
        if place.number == above and len(places) <= MOST_PLACES:
            for name, value in unwatched(place.instance).items():
                add(above, name, value)
    return places


def _is_the_same(interp: Interpreter, read: OutsideRead) -> bool:
    """Whether what is no object's is what it was when it was read."""
    if isinstance(read.owner, Class):
        found = read.owner.own().get(read.name)
        if found is None:
            return False
        is_given = found.kind == "given"
        value = found.value if is_given else class_value(interp, read.owner, read.name, found)
    else:
        value = read.owner.lookup(read.name)
    try:
        return bool(freeze_whole(value) == read.frozen)
    except UntoldError:
        return False


class _Copying:
    """Copies of what building made. ``memo`` has what stands for what was there before it.

    Of what is only kept, to be copied again, nothing waits: nobody ever looks into it.
    """

    def __init__(self, interp: Interpreter, memo: dict[int, Value], to_keep: bool = False) -> None:
        self.interp, self.memo, self.to_keep = interp, memo, to_keep

    def attributes(self, old: Module, new: Module) -> None:
        """Give a module what another has. Raises :class:`UntoldError` where that cannot be copied."""
        if old.hidden or old.hidden_as() is not None:
            raise UntoldError
        attrs, new.begun = new.attrs, old.begun
        for name, value in old.attrs.items():
            attrs[name] = self.copy(value)

    def copy(self, value: Value) -> Value:
        kind = type(value)
        if kind in _SHARED:
            return value
        known = self.memo.get(id(value))
        if known is not None:
            return known
        if kind is Function and value.closure is None:
            return value
        if kind is Module:
            return self._module(value)
        if kind is tuple:
            return tuple([self.copy(item) for item in value])
        if kind is Param:
            copy: Any = Param(value.shape, value.meta, self.copy(value.storage))
        elif kind is Storage:
            copy = Storage(self.copy(value.perhaps))
        elif kind is Tensor:
            numbers = None if value.numbers is None else [*value.numbers]
            copy = Tensor(value.shape, numbers, value.buffer, self.copy(value.storage))
        else:
            raise UntoldError
        self.memo[id(value)] = copy
        return copy

    def _module(self, old: Module) -> Module:
        new = self.memo[id(old)] = Module(old.cls)
        pending = old.build
        if pending is None:
            self.attributes(old, new)
        elif isinstance(pending, Pending):
            args = [self.copy(value) for value in pending.args]
            kwargs = {name: self.copy(value) for name, value in pending.kwargs.items()}
            new.build = Pending(self.interp, pending.cls, args, kwargs, pending.attempted)
            if not self.to_keep:
                wait(new, args)
        else:
            raise UntoldError
        return new


_SHARED = LASTING - {Unknown, Symbol, Function, Lambda}
"""The types of values that may be another module's, too. The cause of an unknown says where it came to be."""


def wait(module: Module, args: list[Value]) -> None:
    """Have a module that waits built, at the latest, when what it is built of changes."""
    for value in args:
        if isinstance(value, Instance):
            value.waiting.append(module)
