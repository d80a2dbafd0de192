"""Which parameters of what a class runs may be given a module: what calls hand over, by their text alone.

A layer that waits was itself handed no module. But it may make one and hand it to a function, to its base or
to a layer inside it, and that may keep it under two names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from tie_lint.interpreter.base_values import UNBOUND, External, Value
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.values import Function
from tie_lint.intrinsics.torch.bodies import Body, is_own
from tie_lint.intrinsics.torch.bound_modules import BoundModules
from tie_lint.intrinsics.torch.module_calls import has_call
from tie_lint.intrinsics.torch.sharing_bodies import shares
from tie_lint.python.nodes import Attr, Call, Expr, Name, Parameter, Star
from tie_lint.python.statements import FunctionFacts
from tie_lint.python.walk import names, root
from tie_lint.record import NamedTuple

Names = frozenset[str]
ANY: Names = frozenset({"*"})
"""Any parameter."""
NONE: Names = frozenset()


class Reached(NamedTuple):
    """A body, and its names."""

    bound: BoundModules
    gives: bool
    """Whether what it returns is used."""
    names: Mapping[str, Value]
    """What they mean."""
    attributes: list[tuple[Attr, Value]]
    """What is read of modules."""

    @property
    def body(self) -> Body:
        """The body itself."""
        return self.bound.body

    def means(self, node: Expr) -> Value:
        """Return what a name, or an attribute of a module, means; None where that is not known."""
        if isinstance(node, Name):
            return self.names.get(node.name)
        return next((value for attribute, value in self.attributes if attribute is node), None)


class Handing:
    """What is handed to the bodies that one class runs, and to those that it builds."""

    def __init__(self, reached: list[Reached], functions: dict[int, int], given: Names) -> None:
        """``functions`` are the numbers of the bodies of functions, by identity; the first body is given
        modules for the parameters ``given``."""
        self._reached, self._functions = reached, functions
        self._handed: list[Names] = [NONE for _ in reached]
        """The parameters of each body that may be modules."""
        self._classes: dict[str, Names] = {}
        self._elsewhere = False
        todo = [*range(len(reached))]
        if reached:
            self._handed[0] = given
        while todo:
            number = todo.pop()
            for target, parameters in self._hands_on(number):
                if not parameters <= self._handed[target]:
                    self._handed[target] |= parameters
                    todo.append(target)

    @property
    def shares(self) -> bool:
        """Whether a body may put what it is handed under two names."""
        both = zip(self._reached, self._handed, strict=True)
        return any(shares(one.bound, one.gives, _named(one.body, handed)) for one, handed in both if handed)

    def to(self, cls: Class) -> Names:
        """Return the parameters of a class that may be modules where it is built."""
        return ANY if self._elsewhere else self._classes.get(cls.name, NONE)

    def _hands_on(self, number: int) -> Iterator[tuple[int, Names]]:
        """Yield the bodies that one hands modules to, each with the parameters."""
        one = self._reached[number]
        giving = _Giving(one, self._handed[number])
        for call in one.body.nodes.of(Call):
            function = call.function
            start, called = root(function), one.means(function)
            if isinstance(one.names.get(start or ""), External) or not giving.hands_over(call):
                continue
            if isinstance(function, Attr) and is_own(function.base):
                yield from self._to_own(call, function.name, giving)
            elif isinstance(called, Function) and id(called) in self._functions:
                yield self._functions[id(called)], giving.parameters(call, called.facts.params)
            elif isinstance(called, Class) and called.is_module:
                found = giving.parameters(call, _init(called))
                self._classes[called.name] = self._classes.get(called.name, NONE) | found
            elif start is None or one.names.get(start, UNBOUND) is not UNBOUND:
                yield from self._to_any()

    def _to_own(self, call: Call, name: str, giving: _Giving) -> Iterator[tuple[int, Names]]:
        for number, other in enumerate(self._reached):
            if other.body.method == name:
                params = other.body.params
                if params:
                    yield number, giving.parameters(call, params[1:])
                else:
                    yield from self._to_any()  # a class, say, that the attribute holds

    def _to_any(self) -> Iterator[tuple[int, Names]]:
        """Hand modules to whatever no name tells."""
        self._elsewhere = True
        for number, other in enumerate(self._reached):
            if other.body.method is None:
                yield number, ANY


def _named(body: Body, handed: Names) -> Names:
    """The parameters of a body that are handed something."""
    if handed != ANY:
        return handed
    return frozenset(param.name for param in body.params) - {"self", "config"}


def _init(cls: Class) -> list[Parameter]:
    found = (item.method("__init__") for item in cls.mro if isinstance(item, Class) and _has_init(item))
    facts: FunctionFacts | None = next(found, None)
    return [] if facts is None else facts.params[1:]


def _has_init(cls: Class) -> bool:
    return cls.facts.has_method("__init__")


class _Giving:
    """What a body may hand over."""

    def __init__(self, one: Reached, handed: Names) -> None:
        self._bound, self._handed = one.bound, _named(one.body, handed)

    @cached_property
    def _likely(self) -> set[str]:
        return self._bound.likely(self._handed)

    @cached_property
    def _modules(self) -> set[str]:
        return self._bound.names(self._handed)

    def hands_over(self, call: Call) -> bool:
        """Return whether an argument may be a module."""
        return any(map(self._may_be, call.args)) or any(self._may_be(one.value) for one in call.keywords)

    def _may_be(self, argument: Expr) -> bool:
        named = {*names(argument)}
        if self._likely.isdisjoint(named) and not has_call(argument):
            return False
        return not self._modules.isdisjoint(named) or self._bound.makes(argument)

    def parameters(self, call: Call, params: Sequence[Parameter]) -> Names:
        """Return the parameters that are given what may be a module."""
        if any(isinstance(one, Star) for one in call.args) or any(one.name is None for one in call.keywords):
            return ANY
        by_place = [param.name for param in params if param.kind == "pos"]
        more = "".join(param.name for param in params if param.kind == "*")
        found = {
            by_place[place] if place < len(by_place) else more
            for place, one in enumerate(call.args)
            if self._may_be(one)
        }
        known = {param.name for param in params if param.kind in ("pos", "kw")}
        others = "".join(param.name for param in params if param.kind == "**")
        found |= {
            one.name if one.name in known else others
            for one in call.keywords
            if one.name and self._may_be(one.value)
        }
        return frozenset(found - {""})
