"""Whether expressions call what may give a module, by their text alone.

Errs on the side of saying that they do.
"""

from __future__ import annotations

from tie_lint.interpreter.namespace import Namespace
from tie_lint.intrinsics.torch.numbers import PACKAGES, is_number
from tie_lint.python.node import Node
from tie_lint.python.nodes import Attr, Call, Expr, Name
from tie_lint.python.walk import children

_PURE = frozenset(
    {"int", "float", "len", "max", "min", "str", "bool", "range", "getattr", "hasattr", "isinstance", "round"}
    | {"abs", "sum", "tuple", "dict", "set", "sorted", "list", "zip", "enumerate", "reversed", "any", "all"}
)


def makes_module(value: Expr, numbers: set[str], scope: Namespace) -> bool:
    """Return whether an expression calls something that may give a module; ``numbers`` are names that hold
    numbers."""
    return has_call(value) and not is_number(value, numbers, scope)


def has_call(node: Node) -> bool:
    """Return whether an expression calls something that may give a module."""
    match node:
        case Call(Name("partial") | Attr(_, "partial"), args, keywords):  # which is for making several
            return any(map(has_call, args)) or any(has_call(keyword.value) for keyword in keywords)
        case Call(Name(name), args, keywords) if name in _PURE:
            return any(map(has_call, args)) or any(has_call(keyword.value) for keyword in keywords)
        case Call(Attr(Name(name)), args) if name in PACKAGES:
            return any(map(has_call, args))
        case Call(Attr(tensor), args) if _is_tensor(tensor):
            return has_call(tensor) or any(map(has_call, args))
        case Call():
            return True
    return any(map(has_call, children(node)))


def _is_tensor(node: Expr) -> bool:
    """Return whether an expression calls what hands out numbers, or goes on from there."""
    match node:
        case Call(Attr(Name(name))) if name in PACKAGES:
            return True
        case Call(Attr(inner)):
            return _is_tensor(inner)
    return False
