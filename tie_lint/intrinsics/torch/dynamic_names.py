"""Where code may get at classes that it does not name: ``eval(text)``, ``getattr(layers, name)``."""

from __future__ import annotations

from collections import Counter

from tie_lint.interpreter.base_values import UNBOUND, External, Value
from tie_lint.intrinsics.torch.bodies import Nodes
from tie_lint.intrinsics.torch.module_names import is_module
from tie_lint.intrinsics.torch.numbers import is_of_config
from tie_lint.python.nodes import Attr, Call, Expr, Index, Name
from tie_lint.python.statements import Assign

_BUILTINS = frozenset({"eval", "exec", "vars", "globals", "locals", "__import__"})
_PACKAGES = frozenset({"importlib", "inspect", "operator", "sys"})
"""Whose functions hand out what text names."""
_METHODS_OF_DATA = frozenset({*dir(str), *dir(list), *dir(dict)})
_METHODS_OF_CONFIGS = frozenset({"get_text_config", "to_dict", "to_diff_dict", "to_json_string"})


def reads_anything(named: dict[str, Value], nodes: Nodes) -> bool:
    """Return whether code may call what none of its names means; ``named`` is what they mean."""
    alone = Counter(node.name for node in nodes.of(Name))
    for node in nodes.of(Attr):
        if node.name == "__dict__":
            return True
        if isinstance(node.base, Name):
            alone[node.base.name] -= 1
    if any(_is_held_by_config(call.function) for call in nodes.of(Call)):
        return True
    of_config = {name for stmt in nodes.of(Assign) for name in _given_by_config(stmt)}
    if of_config and any(_is_one(call.function, of_config) for call in nodes.of(Call)):
        return True
    return any(_may_be_anything(name, value, alone[name] > 0) for name, value in named.items())


def _may_be_anything(name: str, value: Value, alone: bool) -> bool:
    """``alone`` says whether the name stands without an attribute somewhere."""
    if isinstance(value, External):
        return value.name.partition(".")[0] in _PACKAGES
    return name in _BUILTINS if value is UNBOUND else alone and is_module(value)


def _given_by_config(stmt: Assign) -> list[str]:
    """The local names that are given what a config holds."""
    given = isinstance(stmt.value, (Attr, Index)) and _is_held_by_config(stmt.value)
    return [target.name for target in stmt.targets if given and isinstance(target, Name)]


def _is_one(node: Expr, names: set[str]) -> bool:
    return isinstance(node, Name) and node.name in names


def _is_held_by_config(function: Expr) -> bool:
    """Whether what is called is something that a config holds, and no method of a config or of plain data."""
    if isinstance(function, Attr) and function.name in _METHODS_OF_DATA | _METHODS_OF_CONFIGS:
        return False
    return isinstance(function, (Attr, Index)) and is_of_config(function.base)
