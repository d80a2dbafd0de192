"""Causes: why something is unknown, and the statement at which it came to be."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple, Protocol


class Cause(NamedTuple):
    """Why something is unknown."""

    text: str
    """The construct that could not be followed."""
    path: str
    """The file; for code of a library the dotted name of its class or module."""
    line: int | None
    """The line of the statement that was run; None for code of a library, whose facts have no lines."""

    def __str__(self) -> str:
        return self.text

    @property
    def place(self) -> str:
        """Return ``path:line``, or the dotted name."""
        return self.path if self.line is None else f"{self.path}:{self.line}"

    def saying(self, text: str) -> Cause:
        """Return another text about the same place: what comes of an unknown has the cause of that."""
        return self._replace(text=text)


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

    __slots__ = ("at", "env")

    def __init__(self) -> None:
        self.at: list[int] = []
        self.env: Surroundings | None = None


SPOT = _Spot()


def here(text: str) -> Cause:
    """Return a cause at the statement that is being run."""
    env = SPOT.env
    if env is None:
        return Cause(text, "", None)
    scope = env.scope
    if scope.path is None:
        return Cause(text, scope.dotted if env.owner is None else env.owner.name, None)
    return Cause(text, str(scope.path), SPOT.at[0] if SPOT.at else None)


def because(text: str, why: str | Cause) -> Cause:
    """Return a cause whose ``{}`` is another, or words; it has the other's place."""
    if isinstance(why, Cause):
        return why.saying(text.replace("{}", why.text))
    return here(text.replace("{}", why))


class Standing:
    """Where the run is meanwhile, for what is no statement and has a place all the same; then back again."""

    __slots__ = ("_at", "_env", "_outer_at", "_outer_env")

    def __init__(self, at: list[int], env: Surroundings | None) -> None:
        self._at, self._env = at, env

    def __enter__(self) -> None:
        self._outer_at, self._outer_env = SPOT.at, SPOT.env
        SPOT.at, SPOT.env = self._at, self._env

    def __exit__(self, *error: object) -> None:
        SPOT.at, SPOT.env = self._outer_at, self._outer_env
