"""Where the source says what a link of the chain says."""

from __future__ import annotations

from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.values import Module
from tie_lint.intrinsics.torch import module_tree
from tie_lint.python.nodes import Attr
from tie_lint.python.statements import AnnAssign, Assign, Span
from tie_lint.python.walk import statements, targets
from tie_lint.record import NamedTuple


class Place(NamedTuple):
    """A line of a file, or a class of the library, whose facts have no lines."""

    path: str
    """The file, absolute; for code of the library the dotted name of its class."""
    line: int | None
    owner: str
    """The class that says it, as its source writes it."""

    @classmethod
    def of(cls, owner: Class, at: Span | None = None) -> Place:
        """Return the place of a span in a class, by itself where its name stands."""
        path = owner.scope.path
        if path is None:
            return cls(owner.name, None, owner.leaf)
        span = at or owner.facts.at
        return cls(str(path.absolute()), span[0] if span else 1, owner.leaf)


def in_source(place: Place | None) -> Place | None:
    """Return a place where it has a line; None for the library's, which no finding can rest on."""
    return None if place is None or place.line is None else place


def place_of_attribute(cls: Class, name: str) -> Place | None:
    """Return where a class gets an attribute or method from; None where no class of known source gives it."""
    found = cls.find(name)
    if found is None or not isinstance(found[0], Class):
        return None
    owner: Class = found[0]
    attribute = found[1]
    facts = owner.method(name) if attribute.kind == "method" else None
    return Place.of(owner, facts.at if facts is not None else attribute.at)


def place_of_default(cls: Class, name: str) -> Place | None:
    """Return where a config class says what an attribute of its objects is by default: in its body, or as a
    parameter of ``__init__``; None where no class of its MRO does."""
    for item in cls.mro:
        if not isinstance(item, Class):
            continue
        found = item.own().get(name)
        if found is not None and found.kind != "bare":
            return Place.of(item, found.at)
        init = item.method("__init__")
        if init is not None and any(param.name == name for param in init.params):
            return Place.of(item, init.at)
    return None


def place_of_part(model: Module, path: str) -> Place | None:
    """Return where ``__init__`` makes a part of a model: for an element of a list, where it makes the list;
    None where no class of known source does."""
    while path:
        holder_path, _, name = path.rpartition(".")
        holder = module_tree.submodule(model, holder_path)
        found = _assignment(holder.cls, name) if isinstance(holder, Module) else None
        if found is not None:
            return found
        path = holder_path
    return None


def _assignment(cls: object, name: str) -> Place | None:
    for item in cls.mro if isinstance(cls, Class) else ():
        if not isinstance(item, Class):
            continue
        init = item.method("__init__")
        for statement in statements(init.body) if init is not None else ():
            match statement:
                case Assign(targets=given):
                    pass
                case AnnAssign(target=target):
                    given = [target]
                case _:
                    continue
            stored = (one for target in given for one in targets(target))
            if any(isinstance(one, Attr) and one.name == name for one in stored):
                return Place.of(item, statement.at)
    return None
