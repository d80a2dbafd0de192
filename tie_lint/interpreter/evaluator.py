"""The symbolic run: lowered statements and expressions, evaluated over symbolic values.

Nothing is imported or executed: this walks facts. Bounds: :data:`MOST_STEPS` evaluations per run
(:data:`MOST_HARMLESS_STEPS` in a call that is handed plain values only),
:data:`MOST_ROUNDS` rounds of a loop and :data:`DEEPEST_CALL` nested calls; past them the run ends with
``ExhaustedError`` and everything not yet known stays unknown.
"""

from __future__ import annotations

from collections.abc import Callable
from types import NoneType
from typing import Any, NamedTuple

from tie_lint.cause import Cause
from tie_lint.compiled import mypyc_attr
from tie_lint.interpreter import attribute_changes, attributes, instantiation
from tie_lint.interpreter.aliases import chosen_from, doubt_called
from tie_lint.interpreter.arguments import bind, refuse
from tie_lint.interpreter.assignments import store
from tie_lint.interpreter.base_values import (
    ExhaustedError,
    External,
    Given,
    MadeInit,
    Native,
    RaisedError,
    Spread,
    Unknown,
    Value,
)
from tie_lint.interpreter.branches import Returned
from tie_lint.interpreter.budget import budget, tick, whole
from tie_lint.interpreter.builtin_types import python_method, truth_of
from tie_lint.interpreter.classes import Attribute, Class
from tie_lint.interpreter.comprehensions import MOST_ROUNDS
from tie_lint.interpreter.context import Trace
from tie_lint.interpreter.declared import names_with
from tie_lint.interpreter.expressions import EXPRESSIONS
from tie_lint.interpreter.generators import Generator, yielding
from tie_lint.interpreter.initialization import made_init
from tie_lint.interpreter.namespace import Namespace, Resolver
from tie_lint.interpreter.origins import of_call
from tie_lint.interpreter.reads import UNTOLD, Read
from tie_lint.interpreter.spot import SPOT, Standing, because, here
from tie_lint.interpreter.statements import STATEMENTS
from tie_lint.interpreter.symbols import Symbol
from tie_lint.interpreter.twins import Pending
from tie_lint.interpreter.values import Bound, Env, Function, Instance, Lambda, Module, holds_module
from tie_lint.python.nodes import Expr, Parameter, Yield, YieldFrom
from tie_lint.python.statements import ClassDef, FunctionFacts, Global, Nonlocal, Stmt
from tie_lint.python.walk import DEFINED, walk

__all__ = ["DEEPEST_CALL", "MOST_HARMLESS_STEPS", "MOST_ROUNDS", "MOST_STEPS", "Evaluator"]

MOST_STEPS = 500_000
MOST_HARMLESS_STEPS = 10_000
DEEPEST_CALL = 90


@mypyc_attr(allow_interpreted_subclasses=True)
class Evaluator:
    """Runs facts within one project (local files plus one release of the library)."""

    def __init__(self, resolver: Resolver, trace: Trace) -> None:
        self.resolver, self.trace, self.watched = resolver, trace, trace.watched
        self.steps, self.limit, self.depth = 0, MOST_STEPS, 0
        self.doubts: list[Cause] = []
        self.class_values: dict[tuple[Class, str], Value] = {}
        self.call_at: Any = None
        self.loading = 0
        self.sampled = False
        self.twins: dict[Class, Any] = {}
        self.pending: list[Pending] = []
        self.reads: list[Read] | None = None
        """What is read of the surroundings (:mod:`tie_lint.interpreter.reads`), while that is noted."""
        self.rebound = self.supposing = False
        """Whether this run has given a name of a module or class another value."""
        self.attempts = 0
        """How many ``try`` statements with handlers are around the code that runs."""
        self.late_errors: list[RaisedError] = []
        """What modules certainly raise that were built after the code that asked for them had gone on."""
        self.given: list[Given] = []
        self.provided_for: frozenset[str] = frozenset()
        """The errors that the code that runs provides for, as far as that matters (``try: import …``)."""
        self.defaults: dict[int, tuple[Parameter, Value]] = {}
        """Default arguments by the identity of their expression: they are evaluated once."""
        self.registries = False
        """Whether the run looked at something that modules may fill which nobody knows of."""
        self.remembered = 0
        """How often a function was called that may hand out what it handed out before."""
        self.memory: dict[object, dict[Any, Any]] = {}
        """What functions remember in this run, by function."""
        self._declarations: dict[int, tuple[list[Stmt], _Declared]] = {}

    # -- module level ---------------------------------------------------------------------------------

    def fresh(self) -> None:
        """Forget what belongs to the last run: steps, doubts, mutable class attributes, the trace."""
        self.steps, self.limit, self.depth = 0, MOST_STEPS, 0
        budget().refill()
        self.doubts, self.late_errors, self.given, self.class_values, self.attempts = [], [], [], {}, 0
        self.provided_for, self.sampled, self.defaults = frozenset(), False, {}
        self.rebound, self.registries, self.memory = False, False, {}
        self.trace.begin()
        self.resolver.forget()

    def guarded(self, work: Callable[[], Value]) -> Value:
        """Run something whose failure only makes its own value unknown."""
        depth, attempts = self.depth, self.attempts  # calls that an error leaves do not count themselves down
        self.attempts += 1
        try:
            return work()
        except RaisedError as error:
            return Unknown(error.cause)
        finally:
            self.depth, self.attempts = depth, attempts

    def module_value(self, stmt: Stmt, name: str, scope: Namespace) -> Value:
        """Return the value that a module-level assignment gives to a name."""

        def work() -> Value:
            env = Env({}, scope)
            self.run([stmt], env)
            return env.names.get(name, Unknown(f"{scope.dotted}.{name}", module=True))

        value, doubts = self.loaded(work)
        return Unknown(doubts[0], module=True) if doubts else value

    def loaded(self, work: Callable[[], Value]) -> tuple[Value, list[Cause]]:
        """Return what module-level code gives, and the doubts about it, which are not those of the model.

        Such code runs when its name is first asked for, in the midst of whatever asks. It has steps and
        doubts of its own: else the answer about a model would hang on who asked before.
        """
        before, self.doubts = self.doubts, []
        steps, limit = self.steps, self.limit
        self.steps, self.limit = 0, MOST_STEPS
        self.loading += 1
        try:
            with Standing(SPOT.at, SPOT.env, lasting=True):
                return self.guarded(work), self.doubts
        except ExhaustedError as error:
            return Unknown(error.cause, module=True), self.doubts
        finally:
            self.doubts = before
            self.steps, self.limit = steps, limit
            self.loading -= 1

    def update(self, stmt: Stmt, env: Env) -> list[Cause]:
        """Run a module-level statement that changes a value; return the doubts about that."""
        return self.loaded(lambda: self.run([stmt], env))[1]

    def condition(self, test: Expr, scope: Namespace) -> bool | None:
        """Return the truth of a module-level condition; None where it cannot be known."""
        return truth_of(self.loaded(lambda: self.ev(test, Env({}, scope)))[0])

    # -- calls ----------------------------------------------------------------------------------------

    def call(self, function: Value, args: list[Value], kwargs: dict[str, Value]) -> Value:
        """Call a value."""
        if kwargs and Spread.ITEMS in kwargs and isinstance(function, (Native, External)):
            # Ours are told of one unknown argument; how many there are cannot be said.
            args = [*args, Unknown("unknown items", module=True)]
            kwargs = {key: value for key, value in kwargs.items() if key is not Spread.ITEMS}
        caller = _CALLERS.get(type(function))
        if caller is not None:
            return caller(self, function, args, kwargs)
        if callable(function):
            return python_method(self, function, args, kwargs)
        if function is None:  # which may stand for what is not installed
            self.doubt("None is called")
        raise RaisedError("TypeError", f"{type(function).__name__!r} object is not callable")

    def _call_native(self, native: Native, args: list[Value], kwargs: dict[str, Value]) -> Value:
        """Call one of ours; what it was not made for (too few arguments, odd types) has an unknown result."""
        if kwargs and Spread.KEYWORDS in kwargs and not native.takes_any_keyword:
            kwargs = {key: value for key, value in kwargs.items() if key is not Spread.KEYWORDS}
        try:
            result = native.function(self, *args, **kwargs)
        # Linted code may hand over anything. What an intrinsic trips over costs this one value.
        except (ArithmeticError, AttributeError, LookupError, MemoryError, TypeError, ValueError) as error:
            why = here(f"{native.name}: {error}")
            self.doubt_arguments(why, args, kwargs)
            result = Unknown(why, module=True)
        return chosen_from(result, [*native.holds, *args])

    def _call_bound(self, method: Bound, args: list[Value], kwargs: dict[str, Value]) -> Value:
        return self.call(method.function, [method.this, *args], kwargs)

    def _call_unknown(self, function: Unknown, args: list[Value], kwargs: dict[str, Value]) -> Value:
        self.doubt_arguments(function.why, args, kwargs)
        doubt_called(self, function)
        may_be_module = function.module or isinstance(function, Symbol)  # a config may hold a class
        why, origin = because("{}(…)", function.why), of_call(function, args, kwargs)
        return Unknown(why, may_be_module, origin=origin, aliases=function.aliases)

    def _call_object(self, target: Module | Instance, args: list[Value], kwargs: dict[str, Value]) -> Value:
        if isinstance(target, Module):
            return Unknown(f"a call of {target!r}")
        method = attributes.find_method(self, target, "__call__")
        return Unknown(f"a call of {target!r}") if method is None else self.call(method, args, kwargs)

    def call_method(self, target: Value, name: str, *args: Value, **kwargs: Value) -> Value:
        """Call a method of an object by name."""
        return self.call(attributes.get_attr(self, target, name), list(args), kwargs)

    def set_attr(self, target: Value, name: str, value: Value) -> None:
        """Set an attribute of a value."""
        attribute_changes.set_attr(self, target, name, value)

    def find_method(self, target: Module | Instance, name: str) -> Value | None:
        """Return a method of an object; None where it has none."""
        return attributes.find_method(self, target, name)

    def class_value(self, owner: Class, name: str, found: Attribute) -> Value:
        """Return the value of a class attribute."""
        return attributes.class_value(self, owner, name, found)

    def call_function(self, function: Function, args: list[Value], kwargs: dict[str, Value]) -> Value:
        """Run an interpreted function."""
        self.depth += 1
        if self.depth > DEEPEST_CALL:
            raise ExhaustedError(f"calls nest deeper than {DEEPEST_CALL}")
        tick()
        if function.closure is not None and self.reads is not None:
            self.reads.append(UNTOLD)
        facts = function.facts
        declared = self._declared(facts.body)
        names = names_with(declared.elsewhere, function.scope, function.closure) if declared.elsewhere else {}
        env = Env(names, function.scope, function.closure, function.owner, args[0] if args else None)
        with Standing(facts.at, env):
            wrong = bind(self, facts.params, args, kwargs, env, _called(function), function.given_defaults)
        refuse(wrong)
        with Standing(facts.at, env):
            if declared.yielding:
                self.depth -= 1
                return Generator(self, facts, env, declared.yielding)
            harmless = function.closure is None and all(_plain(value) for value in [*args, *kwargs.values()])
            result = self._run_harmless(facts, env) if harmless else self.run(facts.body, env)
        self.depth -= 1
        return result.value if isinstance(result, Returned) else None

    def _call_made_init(self, init: MadeInit, args: list[Value], kwargs: dict[str, Value]) -> None:
        """``Config.__init__(self, …)`` where ``dataclass`` makes that."""
        if args and isinstance(args[0], Instance):
            made_init(self, args[0], init.owner, args[1:], kwargs)

    def _call_lambda(self, function: Lambda, args: list[Value], kwargs: dict[str, Value]) -> Value:
        self.depth += 1
        if self.depth > DEEPEST_CALL:
            raise ExhaustedError(f"calls nest deeper than {DEEPEST_CALL}")
        if self.reads is not None:
            self.reads.append(UNTOLD)
        env = Env({}, function.env.scope, function.env)
        refuse(bind(self, function.params, args, kwargs, env, "<lambda>()", function.given_defaults))
        value = self.ev(function.body, env)
        self.depth -= 1
        return value

    def _declared(self, body: list[Stmt]) -> _Declared:
        known = self._declarations.get(id(body))
        if known is None:  # the body is kept beside the answer, so that no other one gets its id
            known = self._declarations[id(body)] = body, _declared(body)
        return known[1]

    def _run_harmless(self, facts: FunctionFacts, env: Env) -> Any:
        """A function that is handed plain values only can tie nothing: long sums are not worth following."""
        limit, depth = self.limit, self.depth
        self.limit = min(limit, self.steps + MOST_HARMLESS_STEPS)
        env.harmless = facts.body
        try:
            return self.run(facts.body, env)
        except ExhaustedError:
            if self.limit == limit:
                raise
            self.depth = depth
            return Returned(Unknown(f"the result of {facts.name}, which was not followed to its end"))
        finally:
            self.limit = limit

    def doubt(self, why: str | Cause) -> None:
        """Note why the objects of this run may share more, or less, than the run saw."""
        self.doubts.append(why if isinstance(why, Cause) else here(why))

    def doubt_arguments(self, why: str | Cause, args: list[Value], kwargs: dict[str, Value]) -> None:
        """Note that code that is not read got hold of modules, and may have tied or changed them."""
        if holds_module([*args, *kwargs.values()]):
            self.doubt(because("{} is given a module or parameter", why))

    # -- bodies ---------------------------------------------------------------------------------------

    def run(self, body: list[Stmt], env: Env) -> Any:
        """Run statements; the result is None, a loop signal, or a :class:`Returned`."""
        for stmt in body:
            SPOT.at, SPOT.env = stmt.at, env
            result = STATEMENTS[type(stmt)](self, stmt, env)
            if result is not None:
                return result
        return None

    def store(self, target: Expr, value: Value, env: Env) -> None:
        """Assign a value to a target."""
        store(self, target, value, env)

    def ev(self, expr: Expr, env: Env) -> Value:
        """Evaluate an expression."""
        self.steps += 1
        if self.steps > self.limit:
            raise ExhaustedError(f"more than {self.limit} steps")
        return EXPRESSIONS[type(expr)](self, expr, env)


_CALLERS: dict[type, Callable[[Evaluator, Any, list[Value], dict[str, Value]], Value]] = {
    Native: Evaluator._call_native,
    Bound: Evaluator._call_bound,
    Function: Evaluator.call_function,
    Class: instantiation.instantiate,
    Lambda: Evaluator._call_lambda,
    MadeInit: Evaluator._call_made_init,
    External: instantiation.call_external,
    Module: Evaluator._call_object,
    Instance: Evaluator._call_object,
    Unknown: Evaluator._call_unknown,
    Symbol: Evaluator._call_unknown,
}
"""How each kind of value is called."""


def _plain(value: Value) -> bool:
    """Whether a value is made of numbers and strings."""
    if type(value) in _NUMBERS_AND_STRINGS:
        return True
    if not isinstance(value, _PERHAPS_PLAIN) or not whole(value):
        return False
    if isinstance(value, (list, tuple, set, frozenset)):
        return all(_plain(item) for item in value)
    if isinstance(value, dict):
        return all(_plain(item) for item in value.values())
    return True


def _called(function: Function) -> str:
    """What errors call a function."""
    name = f"{function.facts.name}()"
    return name if function.owner is None else f"{function.owner.leaf}.{name}"


_NUMBERS_AND_STRINGS = frozenset({int, float, str, bool, NoneType})
_PERHAPS_PLAIN = (list, tuple, set, frozenset, dict, int, float, str)


class _Declared(NamedTuple):
    """What a function is by the mere presence of a word in its body."""

    yielding: frozenset[int]
    """The identities of its statements that hold a ``yield``: it is a generator where it has any."""
    elsewhere: list[Global | Nonlocal]
    """Its ``global`` and ``nonlocal`` statements, which hold for all of it."""


def _declared(body: list[Stmt]) -> _Declared:
    found = [node for node in walk(body, (*DEFINED, ClassDef)) if isinstance(node, _DECLARING)]
    elsewhere = [node for node in found if isinstance(node, (Global, Nonlocal))]
    return _Declared(yielding(body) if len(found) > len(elsewhere) else frozenset(), elsewhere)


_DECLARING = (Global, Nonlocal, Yield, YieldFrom)
