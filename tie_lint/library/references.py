"""Which names a piece of lowered source refers to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from tie_lint.python.node import Node
from tie_lint.python.nodes import Attr, Call, Const, Name, Parameter
from tie_lint.python.statements import Alias, AnnAssign, Import
from tie_lint.python.walk import children

_BY_NAME = ("getattr", "hasattr", "setattr", "attrgetter")


@dataclass(slots=True)
class References:
    """Names read, attributes taken of anything, attributes taken of a plain name, and local imports.

    Annotations do not count: nothing that runs depends on them.
    """

    names: set[str] = field(default_factory=set)
    attributes: set[str] = field(default_factory=set)
    members: set[tuple[str, str]] = field(default_factory=set)
    imports: list[Alias] = field(default_factory=list)

    def add(self, nodes: Iterable[Node]) -> References:
        """Add what expressions, statements or parts of them refer to."""
        todo = [*nodes]
        while todo:
            node = todo.pop()
            match node:
                case Name(name):
                    self.names.add(name)
                case Attr(owner, name):
                    self.attributes.add(name)
                    if isinstance(owner, Name):
                        self.members.add((owner.name, name))
                case Call(Name(function), [_, Const(str(name)), *_]) if function in _BY_NAME:
                    self.attributes.add(name)
                case Import(names=bindings):
                    self.imports.extend(bindings)
                    continue
                case AnnAssign(target=target, value=value):
                    todo += [target] if value is None else [target, value]
                    continue
                case Parameter(default=default):
                    todo += [] if default is None else [default]
                    continue
            todo += children(node)
        return self
