"""How far a model comes: built, saved, loaded and resized, before and after its text was changed."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from tie_lint.interpreter.caches import Cache
from tie_lint.interpreter.classes import Class
from tie_lint.loading.round_trip import RoundTrip, round_trip
from tie_lint.record import NamedTuple
from tie_lint.tiemap.construction import built, is_forced
from tie_lint.tiemap.resized import Resized, resized

if TYPE_CHECKING:
    from tie_lint.tiemap.view import ModelView

FLAGS: tuple[bool | None, ...] = (None, True, False)
"""What ``tie_word_embeddings`` is forced to; None leaves it as the config has it."""


class Course(NamedTuple):
    """What a model does under one flag."""

    trip: RoundTrip
    resized: Resized


class Step(NamedTuple):
    """Something that a changed model does worse than before, or that is no longer known."""

    text: str
    certain: bool
    """Whether it is known to be built, saved or loaded less far than before, with the config as it is."""


_KNOWN: Cache[dict[tuple[Class, bool | None], Course]] = Cache()


def course(view: ModelView, tied: bool | None) -> Course:
    """Return what a model does, found once for all who ask; nothing of resizing that is the class's own."""
    known = _KNOWN.of(view.interp.resolver, dict)
    key = view.cls, tied
    if key not in known:
        if tied is not None and is_forced(built(view.interp, view.cls), tied):
            known[key] = course(view, None)
        else:
            own = view.resize_code.replaces_library
            grown = Resized(None) if own else resized(view.interp, view.cls, tied, inside=True)
            known[key] = Course(round_trip(view.interp, view.cls, tied), grown)
    return known[key]


def steps_back(old: ModelView, new: ModelView, moves_embeddings: bool) -> Iterator[Step]:
    """Yield what a changed model does worse. Fixes that move embeddings may let others grow."""
    for tied in FLAGS:
        one, two = course(old, tied), course(new, tied)
        yield from _of_trip(one.trip, two.trip, tied)
        kept = None if moves_embeddings else new.models.registered.keys()
        yield from _of_resizing(one.resized, two.resized, kept)


def _of_trip(old: RoundTrip, new: RoundTrip, tied: bool | None) -> Iterator[Step]:
    for what, one, two in (
        ("built", old.builds, new.builds),
        ("saved", old.saves, new.saves),
        ("loaded", old.loads, new.loads),
    ):
        if one and two is not True:
            yield Step(f"it could not be {what} any more", two is False and tied is None)
            return
    was = old.lost if old.loads else frozenset() if False in (old.builds, old.saves, old.loads) else None
    if new.lost is None:
        if was is not None and new.loads:
            yield Step("what loading makes of it would not be known", False)
    elif new.lost - (was or frozenset()):
        name = min(new.lost - (was or frozenset()))
        yield Step(f"loading it would lose {name}", was is not None and tied is None)


def _of_resizing(old: Resized, new: Resized, kept: Collection[str] | None) -> Iterator[Step]:
    """``kept`` are the names that there are still; None where others may grow."""
    if old.works and not new.works:
        yield Step("resizing it would fail", False)
    elif new.gone - old.gone:
        yield Step(f"resizing it would lose {min(new.gone - old.gone)}", False)
    elif new.behind - old.behind and old.works is not True:
        yield Step(f"resizing it would leave the head of {min(new.behind - old.behind)} behind", False)
    elif old.grown is not None and new.grown is not None and kept is not None:
        for name in sorted(old.grown.intersection(kept) - new.grown)[:1]:
            yield Step(f"resizing it would leave {name} behind", False)
