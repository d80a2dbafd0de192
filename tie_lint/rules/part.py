"""What a problem rests on: the part of the source that has to be fixed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tie_lint.interpreter.classes import Class
from tie_lint.tiemap.places import Place, place_of_attribute, place_of_part

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


def given(rule: str, cls: Class, name: str, what: str = "") -> Part | None:
    """Return the attribute or method that a class has, wherever in the project from; None where it is the
    library's."""
    return _part(rule, place_of_attribute(cls, name), f"{name} {what}")


def made(rule: str, view: ModelView, path: str, what: str) -> Part | None:
    """Return the statement that makes a module of a model; None where that is not known."""
    model = view.models.available.model
    return None if model is None else _part(rule, place_of_part(model, path), what)


def lacking(rule: str, view: ModelView, path: str | None, what: str) -> Part | None:
    """Return what is lacking beside a module of a model, in the class that makes that; None where that is
    not known."""
    found = made(rule, view, path.partition(".")[0], f"{path} {what}") if path else None
    return found and found._replace(of_class=True)


def getter_of(rule: str, cls: Class, getter: str, right: str | None) -> Part | None:
    """Return the getter of a class that should lead to a module; None where it is the library's."""
    found = given(rule, cls, getter, right or "")
    return found and found._replace(of_class=True)


def getter_for(rule: str, view: ModelView, getter: str, right: str | None) -> Part | None:
    """Return the getter of a model that should lead to a module; where it has none, what is lacking."""
    return getter_of(rule, view.cls, getter, right) or lacking(rule, view, right, getter)


def in_class(rule: str, cls: Class, what: str) -> Part | None:
    """Return something that a class of the project should have."""
    return _part(rule, Place.of(cls), what)


def _part(rule: str, place: Place | None, what: str) -> Part | None:
    return None if place is None or place.line is None else Part(rule, place, what)
