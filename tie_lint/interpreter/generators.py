"""Generators: functions that hand out values one by one, run only as far as somebody asks.

What stands between two ``yield`` runs when the next value is asked for, as in Python: in the midst of what
others do, or never. Statements that hold a ``yield`` are run here, all others where they always are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from collections.abc import Generator as Steps
from typing import Any

from tie_lint.cause import Cause
from tie_lint.interpreter.assignments import store
from tie_lint.interpreter.base_values import Native, RaisedError, Unknown, UnknownItemsError, Value, cause_of
from tie_lint.interpreter.branches import Returned, havoc
from tie_lint.interpreter.budget import tick
from tie_lint.interpreter.builtin_types import iterate, listed, one_by_one, truth_of
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.contexts import enter, leave
from tie_lint.interpreter.register import HANDLERS, Handler
from tie_lint.interpreter.spot import SPOT, Standing, because, here
from tie_lint.interpreter.statements import BREAK, handler_of
from tie_lint.interpreter.symbols import sample_of
from tie_lint.interpreter.values import Env
from tie_lint.python.nodes import Expr, Yield, YieldFrom
from tie_lint.python.statements import (
    AnnAssign,
    Assign,
    ClassDef,
    ExprStmt,
    For,
    FunctionFacts,
    If,
    Import,
    Return,
    Stmt,
    Try,
    While,
    With,
)
from tie_lint.python.walk import DEFINED, expressions, statements, walk

Signal = Any
"""What running statements gives: None, a loop signal, or a ``Returned``."""


def yielding(body: list[Stmt]) -> frozenset[int]:
    """Return the identities of the statements of a function's body that hold a ``yield``."""
    return frozenset(id(stmt) for stmt in statements(body) if _yields(stmt))


def _yields(part: Stmt | Expr) -> bool:
    return any(isinstance(node, (Yield, YieldFrom)) for node in walk(part, (*DEFINED, ClassDef)))


class Generator:
    """What calling a generator function gives: an iterator, for those who run it and for Python."""

    __slots__ = ("_at", "_course", "_env", "_interp", "_is_running", "_steps", "lost")

    def __init__(self, interp: Interpreter, facts: FunctionFacts, env: Env, holding: frozenset[int]) -> None:
        self._interp, self._env, self._at = interp, env, facts.at
        self._course = _Course(interp, facts, env, holding)
        self._steps = self._course.to_its_end()
        self._is_running = False
        self.lost: Cause | None = None
        """Why nobody knows what comes next, from when that is so."""

    def __iter__(self) -> Iterator[Value]:
        return self

    def __next__(self) -> Value:
        """Return the next value. Raises ``UnknownItemsError`` where nobody knows it."""
        return self.send(None)

    def send(self, value: Value) -> Value:
        """Return the next value, with one for the ``yield`` that is waiting."""
        return self._resume(lambda: self._steps.send(value))

    def throw(self, error: RaisedError) -> Value:
        """Return the next value after an error at the ``yield`` that is waiting."""
        return self._resume(lambda: self._steps.throw(error))

    def close(self) -> None:
        """End it where it is."""
        self._steps.close()

    def _resume(self, step: Callable[[], Value]) -> Value:
        if self.lost is not None:
            raise UnknownItemsError(self.lost)
        if self._is_running:
            raise RaisedError("ValueError", "generator already executing")
        interp = self._interp
        depth, attempts, provided = interp.depth, interp.attempts, interp.provided_for
        interp.attempts += self._course.has_handlers
        self._is_running = True
        tick()
        try:
            with Standing(self._at, self._env):
                try:
                    return step()
                finally:
                    self._at = SPOT.at
        except UnknownItemsError as error:
            self.lost = error.why
            raise
        finally:
            self._is_running = False
            interp.depth, interp.attempts, interp.provided_for = depth, attempts, provided


class _Course:
    """The body of a generator, as it is run piece by piece."""

    def __init__(self, interp: Interpreter, facts: FunctionFacts, env: Env, holding: frozenset[int]) -> None:
        self.interp, self.facts, self.env, self.holding = interp, facts, env, holding
        self.has_handlers = any(isinstance(stmt, Try) and stmt.handlers for stmt in statements(facts.body))

    def to_its_end(self) -> Steps[Value, Value, Value]:
        result = yield from self.run(self.facts.body)
        return result.value if isinstance(result, Returned) else None

    def run(self, body: list[Stmt]) -> Steps[Value, Value, Signal]:
        for stmt in body:
            SPOT.at, SPOT.env = stmt.at, self.env
            if id(stmt) not in self.holding:
                result = self.interp.run([stmt], self.env)
            else:
                kind = _KINDS.get(type(stmt))
                if kind is None:
                    raise self.lost(f"a yield in {type(stmt).__name__}")
                result = yield from kind(self, stmt)
            if result is not None:
                return result
        return None

    def value(self, expr: Expr) -> Steps[Value, Value, Value]:
        interp = self.interp
        match expr:
            case Yield(value):
                return (yield None if value is None else interp.ev(value, self.env))
            case YieldFrom(value):
                source = interp.ev(value, self.env)
                items = source if isinstance(source, Iterator) else iterate(interp, source)
                if items is None:
                    raise self.lost(because("the items of {}", cause_of(source)))
                return (yield from items)
        if _yields(expr):
            raise self.lost("a yield inside an expression")
        return interp.ev(expr, self.env)

    def lost(self, why: str | Cause) -> UnknownItemsError:
        """Return the error for where it is not known which statements run next: all that any of them could
        change may be so.
        """
        cause = why if isinstance(why, Cause) else here(why)
        havoc(self.interp, self.facts.body, self.env, cause)
        return UnknownItemsError(because(f"the items of {self.facts.name}: {{}}", cause))

    def truth(self, test: Value) -> bool:
        truth = truth_of(test)
        if truth is None:
            raise self.lost(cause_of(test))
        return truth

    # -- statements -----------------------------------------------------------------------------------

    def expression(self, stmt: ExprStmt) -> Steps[Value, Value, Signal]:
        yield from self.value(stmt.value)

    def assign(self, stmt: Assign | AnnAssign) -> Steps[Value, Value, Signal]:
        assert stmt.value is not None
        value = yield from self.value(stmt.value)
        for target in stmt.targets if isinstance(stmt, Assign) else [stmt.target]:
            store(self.interp, target, value, self.env, stmt.at)

    def return_(self, stmt: Return) -> Steps[Value, Value, Signal]:
        assert stmt.value is not None
        return Returned((yield from self.value(stmt.value)))

    def choose(self, stmt: If) -> Steps[Value, Value, Signal]:
        truth = self.truth((yield from self.value(stmt.test)))
        return (yield from self.run(stmt.body if truth else stmt.orelse))

    def loop_over(self, stmt: For) -> Steps[Value, Value, Signal]:
        source = yield from self.value(stmt.iterable)
        values = None if stmt.is_async else sample_of(self.interp, source) or one_by_one(self.interp, source)
        if values is None:
            raise self.lost(because("a loop over {}", cause_of(source)))
        for value in values:
            tick()
            store(self.interp, stmt.target, value, self.env)
            result = yield from self.run(stmt.body)
            if result == BREAK:
                return None
            if isinstance(result, Returned):
                return result
        return (yield from self.run(stmt.orelse))

    def loop_while(self, stmt: While) -> Steps[Value, Value, Signal]:
        while self.truth((yield from self.value(stmt.test))):
            tick()
            result = yield from self.run(stmt.body)
            if result == BREAK:
                return None
            if isinstance(result, Returned):
                return result
        return (yield from self.run(stmt.orelse))

    def with_(self, stmt: With) -> Steps[Value, Value, Signal]:
        if any(map(_yields, expressions(stmt))):
            raise self.lost("a yield in a context")
        contexts = enter(self.interp, stmt, self.env)
        try:
            result = yield from self.run(stmt.body)
        except RaisedError as error:
            leave(self.interp, contexts, error)
            return None
        leave(self.interp, contexts, None)
        return result

    def attempt(self, stmt: Try) -> Steps[Value, Value, Signal]:
        if any(isinstance(inner, Import) for inner in stmt.body):
            raise self.lost("a yield beside an import that may fail")
        depth = self.interp.depth
        try:
            result = yield from self.run(stmt.body)
            if result is None:
                result = yield from self.run(stmt.orelse)
        except RaisedError as error:
            self.interp.depth = depth
            result = yield from self.run(handler_of(self.interp, error, stmt.handlers, self.env))
        finished = yield from self.run(stmt.final)
        return result if finished is None else finished


_KINDS: dict[type[Stmt], Callable[[_Course, Any], Steps[Value, Value, Signal]]] = {
    ExprStmt: _Course.expression,
    Assign: _Course.assign,
    AnnAssign: _Course.assign,
    Return: _Course.return_,
    If: _Course.choose,
    For: _Course.loop_over,
    While: _Course.loop_while,
    With: _Course.with_,
    Try: _Course.attempt,
}
"""How each kind of statement is run that holds a ``yield``."""


class _GeneratorHandler(Handler):
    def attribute(self, interp: Interpreter, value: Generator, name: str) -> Value:
        match name:
            case "send":
                return Native(name, lambda interp, sent: _answer(lambda: value.send(sent)))
            case "__next__":
                return Native(name, lambda interp: _answer(lambda: next(value)))
            case "__iter__":
                return Native(name, lambda interp: value)
            case "close":
                return Native(name, lambda interp: value.close())
        return super().attribute(interp, value, name)

    def items(self, value: Generator) -> list[Value] | None:
        return listed(value)

    def truth(self, value: Generator) -> bool:
        return True

    def class_names(self, value: Generator) -> frozenset[str]:
        kinds = [f"{room}.{name}" for room in ("typing", "collections.abc") for name in _ITERATORS]
        return frozenset({"types.GeneratorType", *kinds})


_ITERATORS = ("Generator", "Iterator", "Iterable")


def _answer(step: Callable[[], Value]) -> Value:
    try:
        return step()
    except StopIteration:
        raise RaisedError("StopIteration") from None
    except UnknownItemsError as error:
        return Unknown(error.why, module=True)


HANDLERS[Generator] = _GeneratorHandler()
