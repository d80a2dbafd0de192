"""Whether a constructor always reaches ``self.post_init()``."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from tie_lint.interpreter.classes import Class, definer
from tie_lint.intrinsics.transformers.trace import InitWeights, PostInit
from tie_lint.library.names import PRETRAINED_MODEL
from tie_lint.python.nodes import Attr, Bool, Call, Compare, Comparison, Const, Expr, Name, Unary
from tie_lint.python.statements import (
    ExprStmt,
    For,
    FunctionFacts,
    If,
    Raise,
    Return,
    Stmt,
    Try,
    While,
    With,
)
from tie_lint.python.walk import assigned_names, is_name, names, walk

if TYPE_CHECKING:
    from tie_lint.intrinsics.transformers.context import Interpreter


class Reached(Enum):
    """How a constructor reaches ``self.post_init()``."""

    ALWAYS = auto()
    CONDITIONAL = auto()
    """Only behind a condition."""
    OVERRIDDEN = auto()
    """It calls one that takes the place of the library's and does not call that."""
    INIT_WEIGHTS = auto()
    """It calls ``init_weights()`` in its place."""
    NEVER = auto()


_MOST_CALLS = 8
"""How deep calls are followed."""


def reaches_post_init(interp: Interpreter, cls: Class, happened: set[type], in_doubt: bool) -> Reached | None:
    """Return how the constructor reaches ``self.post_init()``; None where that is not known.

    ``happened`` names what a run with the config's defaults did to the model, which may be more where it is
    ``in_doubt``. A call that the run met counts as reached unless the text puts it behind a condition. A
    condition is none that is the same for all models of the class in a release: it asks for parameters with
    defaults, which the library leaves at these, or for the release itself.
    """
    always, sometimes = _method_calls(cls, cls, "__init__", "post_init", _MOST_CALLS)
    if PostInit in happened:
        return Reached.CONDITIONAL if sometimes and not always else Reached.ALWAYS
    if sometimes:
        if always and overriding(cls):
            return Reached.OVERRIDDEN
        return None if always and in_doubt else Reached.CONDITIONAL
    if in_doubt and _names(cls, "post_init"):
        return None  # it may be called by another name
    return Reached.INIT_WEIGHTS if InitWeights in happened else Reached.NEVER


def _names(cls: Class, method: str) -> bool:
    """Whether the user's code of a class names a method, as an attribute or in a string."""
    bodies = (
        item.method(name)
        for item in cls.mro
        if isinstance(item, Class) and item.scope.path is not None
        for name in item.facts.method_names()
    )
    nodes = (node for facts in bodies if facts is not None for node in walk(facts.body))
    return any(
        node.name == method if isinstance(node, Attr) else isinstance(node, Const) and node.value == method
        for node in nodes
    )


def overriding(cls: Class) -> Class | None:
    """Return the class whose ``post_init`` takes the place of the library's."""
    found = cls.find("post_init")
    owner = None if found is None else found[0]
    return owner if isinstance(owner, Class) and owner.name != PRETRAINED_MODEL else None


def _method_calls(cls: Class, start: Class, method: str, called: str, depth: int) -> tuple[bool, bool]:
    """Whether a method (looked up from ``start`` on) calls ``self.<called>()``: always, and at all."""
    if start is cls:
        owner = definer(cls, method)
        first = len(cls.mro) if owner is None else cls.mro.index(owner)
    else:
        first = [item.name for item in cls.mro].index(start.name)
    for item in cls.mro[first:]:
        if isinstance(item, Class) and item.name != PRETRAINED_MODEL and item.facts.has_method(method):
            facts = item.method(method)
            return (
                (False, False)
                if facts is None or not depth
                else _body_calls(cls, item, facts, facts.body, called, depth)
            )
    return False, False


def _body_calls(
    cls: Class, owner: Class, within: FunctionFacts, body: list[Stmt], called: str, depth: int
) -> tuple[bool, bool]:
    always = sometimes = False
    for stmt in body:
        one, two = _statement_calls(cls, owner, within, stmt, called, depth)
        always, sometimes = always or one, sometimes or one or two
        if isinstance(stmt, (Return, Raise)):
            break
    return always, sometimes


def _statement_calls(
    cls: Class, owner: Class, within: FunctionFacts, stmt: Stmt, called: str, depth: int
) -> tuple[bool, bool]:
    def body(part: list[Stmt]) -> tuple[bool, bool]:
        return _body_calls(cls, owner, within, part, called, depth)

    match stmt:
        case ExprStmt(value=Call(function, args)):
            return _call(cls, owner, function, args, called, depth)
        case If(_, test, then, otherwise):
            (one, some), (two, more) = body(then), body(otherwise)
            match _is_exactly(test, owner):
                case Class() as wanted:
                    return (one, some) if wanted is cls else (two, more)
            exits = bool(then) and isinstance(then[-1], Raise)
            either = _is_same_for_all(test, cls, within)  # the run shows which
            return (one or two) if either else (one and two) or (exits and two), some or more
        case With(body=inner):
            return body(inner)
        case Try(_, inner, handlers, orelse, final):
            (one, some), (two, more), (last, late) = body(inner), body(orelse), body(final)
            caught = any(body(handler.body)[1] for handler in handlers)
            return one or two or last, some or more or late or caught
        case For(body=inner, orelse=orelse) | While(body=inner, orelse=orelse):
            some, (always, more) = body(inner)[1], body(orelse)
            return always, some or more
    return False, False


def _is_exactly(test: Expr, owner: Class) -> Class | None:
    """The class that a condition compares that of ``self`` with; None where it does something else."""
    match test:
        case Compare(
            Call(Name("type"), [Name("self")], []) | Attr(Name("self"), "__class__"),
            [Comparison("is" | "==", Name(name))],
        ):
            found = owner.scope.lookup(name)
            return found if isinstance(found, Class) else None
        case Compare(
            Attr(Call(Name("type"), [Name("self")], []) | Attr(Name("self"), "__class__"), "__name__"),
            [Comparison("==", Const(str(name)))],
        ):
            found = owner.scope.lookup(name)
            return found if isinstance(found, Class) else None
    return None


def _is_same_for_all(test: Expr, cls: Class, within: FunctionFacts) -> bool:
    """Whether a condition hangs on nothing that a config says: on parameters with a constant as default, on
    what stands outside of the function, or on whether the class has a method.
    """
    match test:
        case Unary("not", operand):
            return _is_same_for_all(operand, cls, within)
        case Bool(_, items):
            return all(_is_same_for_all(item, cls, within) for item in items)
        case Call(Name("hasattr"), [Name("self"), Const(str(name))]):
            return cls.find(name) is not None
    given = {one.name for one in within.params if not isinstance(one.default, Const)}
    made = {name for name, _ in assigned_names(within.body)}
    return not (given | made) & set(names(test))


def _call(
    cls: Class, owner: Class, function: Expr, args: list[Expr], called: str, depth: int
) -> tuple[bool, bool]:
    match function:
        case Attr(Name("self"), name):
            if name == called:
                return True, True
            return _method_calls(cls, cls, name, called, depth - 1)
        case Attr(Call(Name("super")), name):
            after = _next_class(cls, owner)
            return (False, False) if after is None else _method_calls(cls, after, name, called, depth - 1)
        case Attr(Name(base), name) if args and is_name(args[0], "self"):
            found = owner.scope.lookup(base)
            if isinstance(found, Class) and found in cls.mro:
                return _method_calls(cls, found, name, called, depth - 1)
    return False, False


def _next_class(cls: Class, owner: Class) -> Class | None:
    names = [item.name for item in cls.mro]
    for item in cls.mro[names.index(owner.name) + 1 :]:
        if isinstance(item, Class):
            return item
    return None
