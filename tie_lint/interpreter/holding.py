"""What a value holds: the items of tables, the attributes of objects, the functions behind methods."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tie_lint.interpreter.base_values import Native, Value
from tie_lint.interpreter.values import Bound, Instance, Unbound, parts


def held_by(value: Value, is_whole: Callable[[Value], bool] | None = None) -> Iterator[Value]:
    """Yield a value and what it holds, at any depth, and the classes of objects, each once.

    ``is_whole`` says of what one need not look into.
    """
    todo, seen = [*parts(value)], set[int]()
    while todo:
        item = todo.pop()
        if id(item) in seen:
            continue
        seen.add(id(item))
        yield item
        held: list[Value] = []
        if is_whole is not None and is_whole(item):
            continue
        if isinstance(item, Bound):
            held = [item.function, item.this]
        elif isinstance(item, Unbound):
            held = [item.function]
        elif isinstance(item, Native):
            held = [*item.holds]
        elif isinstance(item, Instance):
            held = [item.cls, *item.attrs.values()]
        todo += [one for other in held for one in parts(other)]
