"""Where the run is: every cause of something unknown has the place at which it came to be."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

from tie_lint.cause import Cause


class _Module(Protocol):
    dotted: str
    path: Path | None


class Surroundings(Protocol):
    """Whose code is run: an environment, as far as a cause asks for it."""

    @property
    def scope(self) -> _Module:
        """The module."""

    @property
    def owner(self) -> Any:
        """The class whose method it is, or None."""


class _Spot:
    """Where the run is. There is but one: runs do not overlap, and unknowns are made in very many places."""

    __slots__ = ("at", "env", "inside")

    def __init__(self) -> None:
        self.at: list[int] = []
        self.env: Surroundings | None = None
        self.inside: Standing | None = None
        """Where it came from."""


SPOT = _Spot()


def here(text: str) -> Cause:
    """Return a cause at the statement that is being run.

    In code of a library, whose facts have no lines, that is the statement of the user's that led there.
    """
    at, env, inside, where = SPOT.at, SPOT.env, SPOT.inside, ""
    while env is not None:
        if env.scope.path is not None:
            return Cause(text + where, str(env.scope.path), at[0] if at else None)
        dotted = env.scope.dotted if env.owner is None else env.owner.name
        where = where or f" in {dotted}"
        if inside is None or inside.lasting:
            return Cause(text, dotted, None)
        at, env, inside = inside.outer
    return Cause(text + where, "", None)


def users_span() -> list[int]:
    """Return the span of the statement of the user's that is run, or led to what is run of a library."""
    at, env, inside = SPOT.at, SPOT.env, SPOT.inside
    while env is not None and env.scope.path is None and inside is not None:
        at, env, inside = inside.outer
    return at


def because(text: str, why: str | Cause) -> Cause:
    """Return a cause whose ``{}`` is another, or words; it has the other's place."""
    if isinstance(why, Cause):
        return why.saying(text.replace("{}", why.text))
    return here(text.replace("{}", why))


class Standing:
    """Where the run is meanwhile: in a function, or at what is no statement and has a place all the same.

    What comes of it may be ``lasting``: then others will be given it, too, and who asked first is no place.
    """

    __slots__ = ("_at", "env", "lasting", "outer")

    def __init__(self, at: list[int], env: Surroundings | None, lasting: bool = False) -> None:
        self._at, self.env, self.lasting = at, env, lasting

    def __enter__(self) -> None:
        self.outer = SPOT.at, SPOT.env, SPOT.inside
        SPOT.at, SPOT.env, SPOT.inside = self._at, self.env, self

    def __exit__(self, *error: object) -> None:
        SPOT.at, SPOT.env, SPOT.inside = self.outer
