"""The module tree of a built model as plain data: what pictures and trees are drawn from."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import TypeGuard

from tie_lint.interpreter.base_values import ExhaustedError
from tie_lint.interpreter.budget import budget
from tie_lint.interpreter.values import Module, Param
from tie_lint.intrinsics.torch import module_tree
from tie_lint.record import NamedTuple

Marks = Mapping[str, tuple[str, ...]]
"""What is to be said of a module or parameter, by its dotted path."""


MOST_NODES = 50_000
"""Nobody looks at more; modules that hold each other twice have as many names as there are ways to them."""
LARGEST_SIZE = 2**63


def is_counted(size: object) -> TypeGuard[int]:
    """Return whether a size is a number that a tensor can have."""
    return isinstance(size, int) and 0 <= size < LARGEST_SIZE


class Node(NamedTuple):
    """A module or parameter, or several in a list that are alike."""

    name: str
    """The last part of its path; ``{0..11}`` for several."""
    kind: str
    """The class of a module; empty for a parameter."""
    shape: tuple[int | None, ...] | None
    """That of the parameter, or of the module's ``weight``; None stands for a size that is not known."""
    marks: tuple[str, ...] = ()
    children: tuple[Node, ...] = ()

    @property
    def matters(self) -> bool:
        """Whether it, or something in it, is marked."""
        return bool(self.marks) or any(child.matters for child in self.children)


def outline(model: Module, name: str, marks: Marks) -> Node:
    """Return the tree of a model as far as the run has built it; what waits to be built has no children.

    What is alike in a list is one node: of the same class, with the same parts and the same marks. Raises
    ``ExhaustedError`` past :data:`MOST_NODES` and where the time of the class is spent.
    """
    return _node(model, name, "", marks, (), itertools.count())


def _node(
    value: Module | Param, name: str, path: str, marks: Marks, above: tuple[int, ...], count: Iterator[int]
) -> Node:
    budget().tick()
    if next(count) > MOST_NODES:
        raise ExhaustedError(f"more than {MOST_NODES} modules and parameters")
    own = marks.get(path, ())
    if isinstance(value, Param):
        return Node(name, "", _shape(value), own)
    if value.build is not None or id(value) in above or len(above) > module_tree.DEEPEST:
        return Node(name, value.cls.leaf, None, own)
    lead = f"{path}." if path else ""
    children = [
        _node(child, key, f"{lead}{key}", marks, (*above, id(value)), count)
        for key, child in value.attrs.items()
        if isinstance(child, Module | Param)
    ]
    weight = value.attrs.get("weight")
    shape = _shape(weight) if isinstance(weight, Param) else None
    return Node(name, value.cls.leaf, shape, own, tuple(_folded(children)))


def _shape(weight: Param) -> tuple[int | None, ...] | None:
    shape = tuple(size if is_counted(size) else None for size in weight.shape or ())
    return shape or None


def _folded(children: list[Node]) -> Iterator[Node]:
    """Yield the nodes, those that are alike and numbered one after the other as one."""
    run: list[Node] = []
    for child in children:
        if run and not _follows(run[-1], child):
            yield _one(run)
            run = []
        run.append(child)
    if run:
        yield _one(run)


def _follows(one: Node, two: Node) -> bool:
    numbered = one.name.isdecimal() and two.name.isdecimal() and int(two.name) == int(one.name) + 1
    return numbered and one._replace(name="") == two._replace(name="")


def _one(run: list[Node]) -> Node:
    return run[0] if len(run) == 1 else run[0]._replace(name=f"{{{run[0].name}..{run[-1].name}}}")
