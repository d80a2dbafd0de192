"""What a problem rests on: the part of the source that has to be fixed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tie_lint.interpreter.classes import Class
from tie_lint.record import NamedTuple
from tie_lint.tiemap.places import Place, in_source

if TYPE_CHECKING:
    from tie_lint.tiemap.view import ModelView


class Part(NamedTuple):
    """A part of the source that has to be fixed. What rests on the same part is one finding."""

    rule: str
    """The rule whose finding is about the part itself."""
    place: Place
    what: str = ""
    """What of it is wrong, where several things can be."""
    of_class: bool = False
    """Whether the class of the place needs it as well: if nothing is found in that, it may need what it has,
    and others need one of their own."""


def given(rule: str, view: ModelView, name: str, what: str = "") -> Part | None:
    """Return the attribute or method that a model has, wherever in the project from."""
    place = view.given(name)
    return None if place is None else Part(rule, place, f"{name} {what}")


def made(rule: str, view: ModelView, path: str, what: str) -> Part | None:
    """Return the statement that makes a module of a model."""
    place = view.made(path)
    return None if place is None else Part(rule, place, what)


def lacking(rule: str, view: ModelView, path: str | None, what: str) -> Part | None:
    """Return what is lacking beside a module of a model, in the class that makes that."""
    found = made(rule, view, path.partition(".")[0], f"{path} {what}") if path else None
    return found and found._replace(of_class=True)


def getter(rule: str, view: ModelView, name: str, right: str | None) -> Part | None:
    """Return the getter of a model that should lead to a module; where it has none, what is lacking."""
    found = given(rule, view, name, right or "")
    return found._replace(of_class=True) if found is not None else lacking(rule, view, right, name)


def in_class(rule: str, cls: Class, what: str) -> Part | None:
    """Return something that a class should have; None where it is not of the project."""
    place = in_source(Place.of(cls))
    return None if place is None else Part(rule, place, what)
