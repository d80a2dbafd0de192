"""What statements change beside the object that they construct, by their text alone.

Errs on the side of saying that they do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tie_lint.python.nodes import (
    Attr,
    Bool,
    Call,
    Const,
    Dict,
    Expr,
    IfExpr,
    Index,
    List,
    Name,
    Opaque,
    Set,
    Tuple,
    Walrus,
)
from tie_lint.python.statements import (
    AnnAssign,
    Assign,
    AugAssign,
    ClassDef,
    Def,
    Delete,
    For,
    FunctionFacts,
    Global,
    Nonlocal,
    Stmt,
)
from tie_lint.python.walk import assigned_names, calls, expressions, is_name, statements, targets

CHANGING = frozenset(
    {"append", "extend", "insert", "remove", "pop", "popitem", "clear", "reverse", "sort", "update"}
    | {"setdefault", "add", "discard", "__setitem__"}
)
"""Methods of lists, dicts and sets that change them."""

_CHANGING_ANY = CHANGING | {"register_module", "add_module", "register_parameter"}
"""The same, and those of modules."""
_TENSOR_ATTRIBUTES = frozenset({"data", "requires_grad", "grad"})
_LOOKS_UP = frozenset({"getattr", "iter", "next", "type", "vars"})
"""Functions that hand out what they found rather than something new."""


def act_outside(body: list[Stmt], fresh: Iterable[str], shared: Iterable[str]) -> bool:
    """Return whether a method's body changes what others hold: arguments, globals, classes.

    ``fresh`` are the parameters that are made anew for each call (``*args``, ``**kwargs``), ``shared`` the
    class attributes that instances have in common.
    """
    flat = list(statements(body))
    if any(isinstance(stmt, (ClassDef, Global, Nonlocal)) for stmt in flat):
        return True
    own, common = {"self", *fresh}, set(shared)
    changed = [place for stmt in flat for place in _changed_places(stmt) if _is_outside(place, own, common)]
    if not changed:
        return False
    own.update(_made_names(flat))
    return any(_is_outside(place, own, common) for place in changed)


def changed_attributes(function: FunctionFacts) -> set[tuple[str, str]] | None:
    """Return the names and their attributes that a function's body changes, but for what it made itself; None
    where it changes anything else. Those of its module stand beside an empty name."""
    fresh = [param.name for param in function.params if param.kind in ("*", "**")]
    flat = list(statements(function.body))
    if any(isinstance(stmt, Nonlocal) for stmt in flat):
        return None
    of_module = {name for stmt in flat if isinstance(stmt, Global) for name in stmt.names}
    found = {("", name) for name, _ in assigned_names(function.body) if name in of_module}
    own = {*fresh, *_made_names(flat)} - of_module
    for place in (place for stmt in flat for place in _changed_places(stmt)):
        if _is_outside(place, own, set()):
            attribute = _attribute_around(place)
            if attribute is None:
                return None
            found.add(attribute)
    return found


def _attribute_around(place: Attr | Index) -> tuple[str, str] | None:
    """The name and its attribute that a place is, or lies in; None for another place."""
    base: Expr = place
    while isinstance(base, (Attr, Index)):
        if isinstance(base, Attr) and isinstance(base.base, Name):
            return base.base.name, base.name
        base = base.base
    return None


def _made_names(body: list[Stmt]) -> Iterator[str]:
    """Yield the local names that are only ever given something new."""
    made: dict[str, bool] = {}
    for stmt in body:
        if isinstance(stmt, Assign):
            for name, value in (pair for target in stmt.targets for pair in _given(target, stmt.value)):
                made[name] = made.get(name, True) and _is_new(value)
        elif isinstance(stmt, For):
            made.update((name, False) for name, _ in _given(stmt.target, stmt.iterable))
    return (name for name, new in made.items() if new)


def _given(target: Expr, value: Expr) -> Iterator[tuple[str, Expr]]:
    """Yield the names that an assignment binds, each with what it is given, or part of."""
    if isinstance(target, Name):
        yield target.name, value
    elif isinstance(target, (Tuple, List)):
        values = [value] * len(target.items)
        if isinstance(value, (Tuple, List)) and len(value.items) == len(target.items):
            values = value.items
        for item, part in zip(target.items, values, strict=True):
            yield from _given(item, part)


def _is_new(value: Expr) -> bool:
    if isinstance(value, Call):
        return not (isinstance(value.function, Name) and value.function.name in _LOOKS_UP)
    return not isinstance(value, (Name, Attr, Index, IfExpr, Bool, Walrus, Opaque))


def _changed_places(stmt: Stmt) -> Iterator[Attr | Index]:
    """Yield the attributes, items and containers that a statement itself changes."""
    match stmt:
        case Assign(targets=given) | Delete(targets=given):
            yield from (place for target in given for place in _places(target))
        case AugAssign(target=target) | AnnAssign(target=target):
            yield from _places(target)
    for call in calls([stmt.function] if isinstance(stmt, Def) else expressions(stmt)):
        match call:
            case Call(Attr(base, method)) if method in _CHANGING_ANY:
                yield Index(base, base)
            case Call(Name("setattr" | "delattr"), [base, *_]):
                yield Index(base, base)


def _places(target: Expr) -> Iterator[Attr | Index]:
    for place in targets(target):
        if isinstance(place, Index) or (isinstance(place, Attr) and place.name not in _TENSOR_ATTRIBUTES):
            yield place


def _is_outside(place: Attr | Index, own: set[str], shared: set[str]) -> bool:
    """Return whether an attribute or item belongs to something that is not the method's own."""
    base = place.base
    while isinstance(base, (Attr, Index)):
        if (
            isinstance(base, Attr)
            and is_name(base.base, "self")
            and (base.name in shared or base.name == "__class__")
        ):
            return True
        base = base.base
    return not isinstance(base, (List, Dict, Set)) and not (isinstance(base, Name) and base.name in own)


def assigns_attributes(body: list[Stmt]) -> bool:
    """Return whether a body assigns an attribute, other than a tensor's ``data``, more than a mark."""
    return any(
        isinstance(target, Attr) and target.name not in ("data", "requires_grad", "gradient_checkpointing")
        for stmt in statements(body)
        if isinstance(stmt, Assign) and not (isinstance(stmt.value, Const) and stmt.value.value is not None)
        for target in stmt.targets
    )


def hands_attributes_on(body: list[Stmt]) -> bool:
    """Return whether a body gives an object what an attribute of another holds: ``a.weight = b.weight``."""
    return any(
        isinstance(target, Attr) and isinstance(stmt.value, Attr) and target.name != "data"
        for stmt in statements(body)
        if isinstance(stmt, Assign)
        for target in stmt.targets
    )
