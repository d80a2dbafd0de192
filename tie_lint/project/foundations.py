"""What the names of a module stand on: the bases of a class, what an alias stands for.

A chain of a thousand classes is legal Python: it is looked up from its far end, not by recursion.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tie_lint.python.facts import ModuleFacts
from tie_lint.python.nodes import Name
from tie_lint.python.statements import Assign

LONGEST = 25
"""The longest chain that is left to recursion."""


def chain_below(facts: ModuleFacts, name: str, is_known: Callable[[str], bool]) -> list[str]:
    """Return the names that a name stands on, in the order to look them up in; none where they are few."""
    found: list[str] = []
    seen, todo = {name}, [*_foundations(facts, name)]
    while todo:
        below = todo.pop()
        if below not in seen and not is_known(below):
            seen.add(below)
            found.append(below)
            todo += _foundations(facts, below)
    return found[::-1] if len(found) > LONGEST else []


def _foundations(facts: ModuleFacts, name: str) -> Iterator[str]:
    for binding in facts.bindings(name)[-1:]:
        exprs = facts.class_facts(binding.detail).bases if binding.kind == "class" else []
        if isinstance(binding.detail, Assign):
            exprs = [binding.detail.value]
        yield from (expr.name for expr in exprs if isinstance(expr, Name))
