"""The statements that building a module of a class may run, as far as its text tells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar, cast

from tie_lint.interpreter.base_values import Value
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.namespace import Namespace
from tie_lint.interpreter.values import Env
from tie_lint.intrinsics.torch.numbers import plain_parameters
from tie_lint.python.node import Node
from tie_lint.python.nodes import Attr, Call, Expr, Parameter
from tie_lint.python.statements import NOWHERE, Def, ExprStmt, FunctionFacts, Stmt
from tie_lint.python.walk import expressions, is_name, last_name, statements, walk
from tie_lint.record import NamedTuple


class Closure:
    """The names of a module, and before them those of the functions that a function stands in."""

    def __init__(self, scope: Namespace, env: Env) -> None:
        self.module, self._env = scope, env

    @classmethod
    def of(cls, scope: Namespace, env: Env | None) -> Namespace:
        """Return where a function looks up its names."""
        return scope if env is None else cast(Namespace, cls(scope, env))

    def lookup(self, name: str) -> Value:
        """Return what a name means."""
        env: Env | None = self._env
        while env is not None:
            if name in env.names:
                return env.names[name]
            env = env.parent
        return self.module.lookup(name)


N = TypeVar("N", bound=Node)


class Nodes:
    """What statements hold, and the defaults of the function that they are the body of, by type."""

    def __init__(self, body: list[Stmt], facts: FunctionFacts | None = None) -> None:
        self._kinds: dict[type[Node], list[Any]] = {}
        more = [] if facts is None else [param.default for param in facts.params if param.default is not None]
        for node in walk([*body, *more]):
            self._kinds.setdefault(type(node), []).append(node)

    def of(self, kind: type[N]) -> list[N]:
        """Return those of a type, outer before inner, in the order of the source."""
        return self._kinds.get(kind, [])

    def have(self, *kinds: type[Node]) -> bool:
        """Return whether there is one of some types."""
        return any(kind in self._kinds for kind in kinds)


class Body(NamedTuple):
    """Statements that construction may run."""

    scope: Namespace
    """Their module."""
    stmts: list[Stmt]
    nodes: Nodes
    """All that they hold: many questions are asked about it."""
    fresh: list[str]
    """The parameters that are made for them."""
    plain: list[str]
    """The parameters that are numbers or texts, as their annotations say."""
    remembers: bool = False
    """Whether they are a method that gives again what it gave."""
    method: str | None = None
    """The name they are called by, if it is one of the class."""
    params: Sequence[Parameter] = ()
    """What they are given, if they are a function's."""


def construction(cls: Class) -> Iterator[Body]:
    """Yield the bodies that construction may run.

    ``__init__`` and whatever attributes of ``self`` they read: methods, and the values of class attributes.
    """
    todo, seen = ["__init__"], {"__init__"}
    while todo:
        name = todo.pop()
        for item in cls.mro:
            body = body_of(item, name) if isinstance(item, Class) else None
            if isinstance(item, Class) and body is not None:
                facts = item.method(name)
                nodes = Nodes(body, facts)
                fresh = [] if facts is None else fresh_parameters(facts)
                plain = [] if facts is None else plain_parameters(facts)
                remembers = facts is not None and _remembers(facts)
                params = () if facts is None else facts.params
                scope = Closure.of(item.scope, item.closure)
                yield Body(scope, body, nodes, fresh, plain, remembers, name, params)
                read = {node.name for node in nodes.of(Attr) if is_own(node.base)} - seen
                seen |= read
                todo.extend(sorted(read))


def used_results(body: list[Stmt]) -> Iterator[str]:
    """Yield the attributes of ``self`` and ``super()`` that statements read other than to call them and drop
    the result."""
    for stmt in statements(body):
        match stmt:
            case ExprStmt(value=Call(Attr(base), args, keywords)) if is_own(base):
                parts: list[Any] = [*args, *keywords]
            case Def(function=function):
                parts = [function]
            case _:
                parts = list(expressions(stmt))
        yield from (node.name for node in walk(parts) if type(node) is Attr and is_own(node.base))


def is_own(base: Expr) -> bool:
    """Return whether an expression is ``self`` or ``super()``."""
    return is_name(base, "self") or (isinstance(base, Call) and is_name(base.function, "super"))


def fresh_parameters(facts: FunctionFacts) -> list[str]:
    """Return the names of ``*args`` and ``**kwargs``, which are made for each call."""
    return [param.name for param in facts.params if param.kind in ("*", "**")]


def body_of(cls: Class, name: str) -> list[Stmt] | None:
    """Return the statements behind a name of a class's own body; None where it has no such name."""
    attribute = cls.own().get(name)
    if attribute is not None and attribute.kind == "value":
        return [ExprStmt(NOWHERE, attribute.value)]
    facts = cls.method(name) if cls.facts.has_method(name) else None
    return None if facts is None else facts.body


def _remembers(facts: FunctionFacts) -> bool:
    """Whether a decorator of a method has it give again what it gave."""
    made = [one.function if isinstance(one, Call) else one for one in facts.decorators]
    return any(last_name(decorator) in _REMEMBERING for decorator in made)


_REMEMBERING = frozenset({"lru_cache", "cache", "cached_property"})
