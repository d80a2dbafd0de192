"""What code reads of the modules that it imports: ``layers.Attention``."""

from __future__ import annotations

from collections.abc import Iterator

from tie_lint.interpreter.attributes import get_attr
from tie_lint.interpreter.base_values import Value
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.namespace import Namespace
from tie_lint.intrinsics.torch.bodies import Nodes
from tie_lint.python.nodes import Attr, Expr, Name
from tie_lint.python.statements import Import


def read_of_modules(
    interp: Interpreter, named: dict[str, Value], nodes: Nodes
) -> Iterator[tuple[Attr, Value]]:
    """Yield what is read of modules whose source is read, and of modules in these.

    ``named`` is what the names mean. Raises ``RaisedError`` where a module has no such name.
    """
    modules = {name: value for name, value in named.items() if is_module(value)}

    def meant(node: Expr) -> Value:
        """What an expression means; None where that is nothing of a module."""
        if isinstance(node, Name):
            return modules.get(node.name)
        base = meant(node.base) if isinstance(node, Attr) else None
        return get_attr(interp, base, node.name) if isinstance(node, Attr) and is_module(base) else None

    for node in nodes.of(Attr) if modules else ():
        value = meant(node)
        if value is not None:
            yield node, value


def imported_inside(interp: Interpreter, scope: Namespace, nodes: Nodes) -> dict[str, Value]:
    """Return what import statements inside functions bind, by name."""
    module = getattr(scope, "module", scope)
    aliases = [alias for node in nodes.of(Import) for alias in node.names]
    return {
        one.name: interp.resolver.imported(module, one.module, one.level, one.attribute) for one in aliases
    }


def is_module(value: Value) -> bool:
    """Return whether a value is a module whose source is read."""
    return hasattr(value, "dotted")  # which only a Namespace has
