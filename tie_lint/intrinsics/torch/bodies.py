"""Statements that construction may run, and what is asked about them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any, TypeVar, cast

from tie_lint.interpreter.base_values import Value
from tie_lint.interpreter.namespace import Namespace
from tie_lint.interpreter.values import Env
from tie_lint.intrinsics.torch.module_calls import has_call
from tie_lint.intrinsics.torch.numbers import numbers, plain_parameters
from tie_lint.python.node import Node
from tie_lint.python.nodes import Call, Expr, Name, Parameter
from tie_lint.python.statements import FunctionFacts, Stmt
from tie_lint.python.walk import is_name, last_name, walk

N = TypeVar("N", bound=Node)


class Nodes:
    """What statements and expressions hold, by type."""

    def __init__(self, held: Iterable[Node]) -> None:
        self._kinds: dict[type[Node], list[Any]] = {}
        for node in walk(held):
            self._kinds.setdefault(type(node), []).append(node)

    def of(self, kind: type[N]) -> list[N]:
        """Return those of a type, outer before inner, in the order of the source."""
        return self._kinds.get(kind, [])

    def have(self, *kinds: type[Node]) -> bool:
        """Return whether there is one of some types."""
        return any(kind in self._kinds for kind in kinds)


class Body:
    """Statements that construction may run."""

    def __init__(
        self,
        scope: Namespace,
        stmts: list[Stmt],
        facts: FunctionFacts | None = None,
        method: str | None = None,
        fresh: Iterable[str] = (),
    ) -> None:
        """``facts`` are those of the function that they are the body of, if they are one; ``method`` is the
        name that they are called by, if it is one of the class; ``fresh`` are parameters that are made for
        them."""
        self.scope, self.stmts, self.method = scope, stmts, method
        self._is_function = facts is not None
        self._is_decorated = facts is not None and bool(facts.decorators)
        self.params: Sequence[Parameter] = () if facts is None else facts.params
        self.fresh = {*fresh, *(param.name for param in self.params if param.kind in ("*", "**"))}
        """The parameters that are made for them: ``*args``, ``**kwargs``."""
        self.plain = [] if facts is None else plain_parameters(facts)
        """The parameters that are numbers or texts, as their annotations say."""
        self.defaults = [param.default for param in self.params if param.default is not None]
        self.remembers = any(map(has_call, self.defaults)) or (facts is not None and _remembers(facts))
        """Whether they may give again what they gave, or were given: a default is made once."""

    def runs_by(self, run: set[str]) -> bool:
        """Return whether they are run where these methods of the class are, or where an attribute is read: as
        the value that it has, or a property."""
        if self.method is None:
            return False
        return self.method in run or not self._is_function or self._is_decorated

    @cached_property
    def nodes(self) -> Nodes:
        """All that they hold, with the defaults."""
        return Nodes([*self.stmts, *self.defaults])

    @cached_property
    def times(self) -> Counter[str]:
        """How often each name is there."""
        return Counter([node.name for node in self.nodes.of(Name)])

    @cached_property
    def numbers(self) -> set[str]:
        """The names that hold numbers, as far as that is seen."""
        return numbers(self.scope, self.stmts, self.plain)


def _remembers(facts: FunctionFacts) -> bool:
    """Whether a decorator of a method has it give again what it gave."""
    made = [one.function if isinstance(one, Call) else one for one in facts.decorators]
    return any(last_name(decorator) in _REMEMBERING for decorator in made)


_REMEMBERING = frozenset({"lru_cache", "cache", "cached_property"})


def is_own(base: Expr) -> bool:
    """Return whether an expression is ``self`` or ``super()``."""
    return is_name(base, "self") or (isinstance(base, Call) and is_name(base.function, "super"))


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
