"""``itertools``: what hands out items one by one is as lazy here as there."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator

from tie_lint.interpreter.base_values import Unknown, UnknownItemsError, Value, cause_of
from tie_lint.interpreter.budget import granted, tick
from tie_lint.interpreter.builtin_types import MOST_ITEMS, iterate, one_by_one
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.plain import computed
from tie_lint.interpreter.register import intrinsic
from tie_lint.interpreter.spot import because


@intrinsic("itertools.product")
def _product(interp: Interpreter, *iterables: Value, repeat: Value = 1) -> Value:
    pools = [iterate(interp, arg) for arg in iterables]
    known = [pool for pool in pools if pool is not None]
    if len(known) < len(pools) or not isinstance(repeat, int) or not _product_granted(known, repeat):
        return Unknown("a product", module=True)
    return list(computed(itertools.product, *known, repeat=repeat))


def _product_granted(pools: list[list[Value]], repeat: int) -> bool:
    """Whether a product may be made: how many tuples it has, and how long these are, is told before."""
    one = math.prod(map(len, pools))
    if one < 2 or repeat < 0:
        return abs(repeat) <= MOST_ITEMS  # none, one, or an error
    return repeat * one.bit_length() < 64 and granted(one**repeat * repeat * len(pools))


@intrinsic("itertools.cycle")
def _cycle(interp: Interpreter, iterable: Value) -> Value:
    items = iterate(interp, iterable)
    return Unknown("a cycle", module=True) if items is None else itertools.cycle(items)


@intrinsic("itertools.chain")
def _chain(interp: Interpreter, *iterables: Value) -> Value:
    return _chained(interp, iterables)


@intrinsic("itertools.chain.from_iterable")
def _chain_from_iterable(interp: Interpreter, iterable: Value) -> Value:
    parts = one_by_one(interp, iterable)
    if isinstance(parts, Iterator):  # of which there may be no end
        return _chained_one_by_one(interp, parts)
    return Unknown("a chain of unknowns", module=True) if parts is None else _chained(interp, parts)


def _chained(interp: Interpreter, iterables: Iterable[Value]) -> Value:
    parts = [one_by_one(interp, part) for part in iterables]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return Unknown("a chain of unknowns", module=True)
    return itertools.chain(*known)


def _chained_one_by_one(interp: Interpreter, iterables: Iterator[Value]) -> Iterator[Value]:
    for part in iterables:
        tick()
        items = one_by_one(interp, part)
        if items is None:
            raise UnknownItemsError(because("an item of {}", cause_of(part)))
        yield from items


@intrinsic("itertools.count")
def _count(interp: Interpreter, start: Value = 0, step: Value = 1) -> Value:
    if not isinstance(start, int) or not isinstance(step, int):
        return Unknown("a count")
    return itertools.count(start, step)


@intrinsic("itertools.islice")
def _islice(interp: Interpreter, iterable: Value, *bounds: Value) -> Value:
    items = one_by_one(interp, iterable)
    if items is None or not all(bound is None or isinstance(bound, int) for bound in bounds):
        return Unknown("a part of an unknown", module=True)
    start_and_step = (bounds[0], *bounds[2:]) if len(bounds) > 1 else ()
    if any(bound and bound > MOST_ITEMS for bound in start_and_step):
        return Unknown("a part after too many items", module=True)  # which Python skips in one go
    return computed(itertools.islice, items, *bounds)


@intrinsic("itertools.repeat")
def _repeat(interp: Interpreter, item: Value, times: Value = None) -> Value:
    if times is None:
        return itertools.repeat(item)
    return itertools.repeat(item, times) if isinstance(times, int) else Unknown("a repetition", module=True)


@intrinsic("itertools.starmap")
def _starmap(interp: Interpreter, function: Value, iterable: Value) -> Value:
    rows = one_by_one(interp, iterable)
    if rows is None:
        return Unknown("what comes of unknown items", module=True)
    return _called_for_each(interp, function, rows)


def _called_for_each(interp: Interpreter, function: Value, rows: Iterable[Value]) -> Iterator[Value]:
    for row in rows:
        yield interp.call(function, iterate(interp, row) or [], {})
