"""The symbolic run: lowered statements and expressions, evaluated over symbolic values.

Nothing is imported or executed: this walks facts. Bounds: :data:`MOST_STEPS` evaluations per run
(:data:`MOST_HARMLESS_STEPS` in a call that is handed plain values only),
:data:`MOST_ROUNDS` rounds of a loop and :data:`DEEPEST_CALL` nested calls; past them the run ends with
``ExhaustedError`` and everything not yet known stays unknown.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from tie_lint.model import objects, tensors
from tie_lint.model.classes import Class, assigned_names
from tie_lint.model.decorators import decorated
from tie_lint.model.python_natives import BUILTINS, iterate, python_method, truth_of
from tie_lint.model.sharing import may_matter
from tie_lint.model.values import (
    Bound,
    Env,
    ExhaustedError,
    External,
    Function,
    Instance,
    Lambda,
    Module,
    Native,
    Param,
    RaisedError,
    Super,
    Tensor,
    Unknown,
    Value,
    holds_module,
)
from tie_lint.python.facts import Expr, FunctionFacts, Stmt

if TYPE_CHECKING:
    from tie_lint.model.project import Project, Scope

MOST_STEPS = 3_000_000
MOST_HARMLESS_STEPS = 10_000
MOST_ROUNDS = 5_000
DEEPEST_CALL = 90

_BREAK, _CONTINUE = "break", "continue"


class Returned:
    """What a body hands back when it met a ``return``."""

    __slots__ = ("value",)

    def __init__(self, value: Value) -> None:
        self.value = value


class Interpreter:
    """Runs facts within one project (local files plus one release of the library)."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.contract = project.contract
        self.steps = 0
        self.limit = MOST_STEPS
        self.depth = 0
        self.doubts: list[str] = []
        """Reasons why the objects of this run may share more, or less, than the run saw."""
        self.class_values: dict[tuple[Class, str], Value] = {}
        self.events: list[tuple[str, Module, Any]] = []
        """What happened to models, in order: ``("post_init", model, span of the call)`` and the like."""
        self.call_at: Any = None
        self._statements: dict[str, Callable[[Stmt, Env], Any]] = {
            "assign": self._assign,
            "ann": self._ann,
            "aug": self._aug,
            "expr": self._expr,
            "return": self._return,
            "if": self._if,
            "for": self._for,
            "while": self._while,
            "with": self._with,
            "try": self._try,
            "raise": self._raise,
            "del": self._del,
            "assert": self._assert,
            "break": lambda stmt, env: _BREAK,
            "continue": lambda stmt, env: _CONTINUE,
            "def": self._def,
            "import": self._import,
            "opaque": self._opaque_statement,
        }
        self._expressions: dict[str, Callable[[Expr, Env], Value]] = {
            "const": lambda expr, env: expr[1],
            "name": self._name,
            "attr": self._attr,
            "call": self._call,
            "index": self._index,
            "slice": self._slice,
            "list": lambda expr, env: self._items(expr[1], env),
            "tuple": self._tuple,
            "set": self._set,
            "dict": self._dict,
            "bin": self._bin,
            "un": self._un,
            "cmp": self._cmp,
            "bool": self._bool,
            "if": self._conditional,
            "fstr": self._fstr,
            "comp": self._comp,
            "lambda": lambda expr, env: Lambda(expr[1], expr[2], env),
            "walrus": self._walrus,
            "opaque": lambda expr, env: Unknown(expr[1]),
        }

    # -- module level ---------------------------------------------------------------------------------

    def fresh(self) -> None:
        """Forget what belongs to the last run: steps, doubts, events and mutable class attributes."""
        self.steps, self.limit, self.depth = 0, MOST_STEPS, 0
        self.doubts, self.events, self.class_values = [], [], {}

    def guarded(self, work: Callable[[], Value]) -> Value:
        """Run something whose failure only makes its own value unknown."""
        depth = self.depth
        try:
            return work()
        except RaisedError as error:
            return Unknown(str(error))
        finally:
            self.depth = depth

    def module_value(self, stmt: Stmt, name: str, scope: Scope) -> Value:
        """The value that a module-level assignment gives to a name."""

        def work() -> Value:
            env = Env({}, scope)
            self.run([stmt], env)
            return env.names.get(name, Unknown(f"{scope.dotted}.{name}"))

        return self.guarded(work)

    def update(self, stmt: Stmt, env: Env) -> None:
        """Run a module-level statement that changes a value in place."""
        self.guarded(lambda: self.run([stmt], env))

    def condition(self, test: Expr, scope: Scope) -> bool | None:
        """The truth of a module-level condition; None where it cannot be known."""
        return truth_of(self.guarded(lambda: self.ev(test, Env({}, scope))))

    def base_class(self, expr: Expr, env: Env) -> Value:
        """The class that a base expression means: a ``Class``, an ``External`` or ``Unknown``."""
        value = self.guarded(lambda: self.ev(expr, env))
        return value if isinstance(value, Class | External) else Unknown("a base that is no class")

    # -- calls ----------------------------------------------------------------------------------------

    def call(self, function: Value, args: list[Value], kwargs: dict[str, Value]) -> Value:
        """Call a value."""
        match function:
            case Native():
                return function.call(self, args, kwargs)
            case Bound():
                return self.call(function.function, [function.this, *args], kwargs)
            case Function():
                return self.call_function(function, args, kwargs)
            case Class():
                return objects.instantiate(self, function, args, kwargs)
            case Lambda():
                env = Env({}, function.env.scope, function.env)
                self.bind(function.params, args, kwargs, env, "lambda")
                return self.ev(function.body, env)
            case External():
                return objects.call_external(self, function, args, kwargs)
            case Module() | Instance():
                return self._call_object(function, args, kwargs)
            case Unknown():
                self.doubt_arguments(function.why, args, kwargs)
                return Unknown(f"{function.why}(…)", module=function.module)
        if callable(function):
            return python_method(self, function, args, kwargs)
        raise RaisedError("TypeError", f"{type(function).__name__} is not callable")

    def _call_object(self, target: Module | Instance, args: list[Value], kwargs: dict[str, Value]) -> Value:
        if isinstance(target, Module):
            return Unknown(f"a call of {target!r}")
        method = objects.find_method(self, target, "__call__")
        return Unknown(f"a call of {target!r}") if method is None else self.call(method, args, kwargs)

    def call_method(self, target: Value, name: str, *args: Value, **kwargs: Value) -> Value:
        """Call a method of an object by name."""
        return self.call(objects.get_attr(self, target, name), list(args), kwargs)

    def call_function(self, function: Function, args: list[Value], kwargs: dict[str, Value]) -> Value:
        """Run an interpreted function."""
        self.depth += 1
        if self.depth > DEEPEST_CALL:
            raise ExhaustedError(f"calls nest deeper than {DEEPEST_CALL}")
        facts = function.facts
        env = Env({}, function.scope, function.closure, function.owner, args[0] if args else None)
        self.bind(facts.params, args, kwargs, env, facts.name)
        harmless = function.closure is None and all(_plain(value) for value in [*args, *kwargs.values()])
        result = self._run_harmless(facts, env) if harmless else self.run(facts.body, env)
        self.depth -= 1
        return result.value if isinstance(result, Returned) else None

    def _run_harmless(self, facts: FunctionFacts, env: Env) -> Any:
        """A function that is handed plain values only can tie nothing: long sums are not worth following."""
        limit, depth = self.limit, self.depth
        self.limit = min(limit, self.steps + MOST_HARMLESS_STEPS)
        try:
            return self.run(facts.body, env)
        except ExhaustedError:
            if self.limit == limit:
                raise
            self.depth = depth
            return Returned(Unknown(f"the result of {facts.name}, which was not followed to its end"))
        finally:
            self.limit = limit

    def bind(
        self, params: list[list[Any]], args: list[Value], kwargs: dict[str, Value], env: Env, name: str
    ) -> None:
        """Bind arguments to parameters, as Python does."""
        rest, given, names = list(args), dict(kwargs), env.names
        for param, kind, default, _ in params:
            if kind == "pos" and rest:
                names[param] = rest.pop(0)
            elif kind == "*":
                names[param], rest = tuple(rest), []
            elif kind == "**":
                names[param], given = given, {}
            elif param in given:
                names[param] = given.pop(param)
            elif default is not None:
                names[param] = self.ev(default, Env({}, env.scope, env.parent))
            elif "**" in kwargs or "*" in kwargs:
                names[param] = Unknown(f"{name}({param})")
            else:
                raise RaisedError("TypeError", f"{name}() misses the argument {param!r}")
        given.pop("**", None)
        given.pop("*", None)
        if rest or given:
            extra = f"{name}() got unexpected arguments {[*given] or len(rest)}"
            raise RaisedError("TypeError", extra)

    def doubt_arguments(self, why: str, args: list[Value], kwargs: dict[str, Value]) -> None:
        """Note that code that is not read got hold of modules, and may have tied or changed them."""
        if holds_module([*args, *kwargs.values()]):
            self.doubts.append(f"{why} is given a module or parameter")

    # -- statements -----------------------------------------------------------------------------------

    def run(self, body: list[Stmt], env: Env) -> Any:
        """Run statements; the result is None, a loop signal, or a :class:`Returned`."""
        for stmt in body:
            result = self._statements[stmt[0]](stmt, env)
            if result is not None:
                return result
        return None

    def _assign(self, stmt: Stmt, env: Env) -> None:
        value = self.ev(stmt[3], env)
        for target in stmt[2]:
            self.store(target, value, env, stmt[1])

    def _ann(self, stmt: Stmt, env: Env) -> None:
        if stmt[4] is not None:
            self.store(stmt[2], self.ev(stmt[4], env), env, stmt[1])

    def _aug(self, stmt: Stmt, env: Env) -> None:
        _, at, target, sign, value = stmt
        current, change = self.ev(target, env), self.ev(value, env)
        if sign == "+" and isinstance(current, list) and isinstance(change, list | tuple):
            current.extend(change)
            self.store(target, current, env, at)
        else:
            self.store(target, self.binary(sign, current, change), env, at)

    def store(self, target: Expr, value: Value, env: Env, at: Any = None) -> None:
        """Assign a value to a target."""
        match target:
            case ["name", name]:
                env.names[name] = value
            case ["attr", base, name]:
                objects.set_attr(self, self.ev(base, env), name, value, at)
            case ["index", base, index]:
                objects.set_item(self, self.ev(base, env), self.ev(index, env), value)
            case ["tuple" | "list", items]:
                self._unpack(items, value, env, at)
            case ["star", inner]:
                self.store(inner, value, env, at)

    def _unpack(self, items: list[Expr], value: Value, env: Env, at: Any) -> None:
        values = iterate(self, value)
        starred = next((i for i, item in enumerate(items) if item[0] == "star"), None)
        if values is None:
            for item in items:
                self.store(item, Unknown("part of an unknown"), env, at)
            return
        if starred is not None:
            after = len(items) - starred - 1
            middle = values[starred : len(values) - after]
            values = [*values[:starred], middle, *values[len(values) - after :]]
        if len(values) != len(items):
            raise RaisedError("ValueError", "cannot unpack")
        for item, part in zip(items, values, strict=True):
            self.store(item, part, env, at)

    def _expr(self, stmt: Stmt, env: Env) -> None:
        self.call_at = stmt[1]
        self.ev(stmt[2], env)

    def _return(self, stmt: Stmt, env: Env) -> Returned:
        return Returned(None if stmt[2] is None else self.ev(stmt[2], env))

    def _if(self, stmt: Stmt, env: Env) -> Any:
        test = self.ev(stmt[2], env)
        truth = truth_of(test)
        if truth is None:
            return self._either(stmt, test, env)
        return self.run(stmt[3] if truth else stmt[4], env)

    def _either(self, stmt: Stmt, test: Unknown, env: Env) -> Any:
        """An ``if`` whose condition is unknown: whatever either branch may change becomes unknown.

        A branch that only raises is taken as not taken: a model that cannot be built ties nothing.
        """
        then, otherwise = stmt[3], stmt[4]
        if _only_raises(then):
            return self.run(otherwise, env)
        if otherwise and _only_raises(otherwise):
            return self.run(then, env)
        self._blur([*then, *otherwise], env, test.why)
        if _returns(then) or _returns(otherwise):
            self.doubts.append(f"a return depends on {test.why}")
            return Returned(Unknown(test.why, module=True))
        return None

    def _blur(self, body: list[Stmt], env: Env, why: str) -> None:
        for name, _ in assigned_names(body):
            env.names[name] = Unknown(why, module=True)
        for target, called in _attribute_effects(body):
            owner = self.ev(target[1], env)
            if isinstance(owner, Module | Instance) and target[0] == "attr":
                objects.set_attr(self, owner, target[2], Unknown(why, module=called))
            elif isinstance(owner, Unknown) and target[-1] not in ("requires_grad", "data"):
                self.doubts.append(f"an effect depends on {why}")
        if _calls_on_self(body):
            self.doubts.append(f"a call depends on {why}")

    def _for(self, stmt: Stmt, env: Env) -> Any:
        _, _, target, iterable, body, orelse = stmt
        values = iterate(self, self.ev(iterable, env))
        if values is None:
            self._blur(body, env, "a loop over an unknown")
            return None
        for rounds, value in enumerate(values):
            if rounds >= MOST_ROUNDS:
                raise ExhaustedError(f"a loop of more than {MOST_ROUNDS} rounds")
            self.store(target, value, env)
            result = self.run(body, env)
            if result == _BREAK:
                return None
            if isinstance(result, Returned):
                return result
        return self.run(orelse, env)

    def _while(self, stmt: Stmt, env: Env) -> Any:
        _, _, test, body, orelse = stmt
        for _ in range(MOST_ROUNDS):
            truth = truth_of(self.ev(test, env))
            if truth is None:
                self._blur(body, env, "a loop with an unknown condition")
                return None
            if not truth:
                return self.run(orelse, env)
            result = self.run(body, env)
            if result == _BREAK:
                return None
            if isinstance(result, Returned):
                return result
        raise ExhaustedError(f"a loop of more than {MOST_ROUNDS} rounds")

    def _with(self, stmt: Stmt, env: Env) -> Any:
        for item, target in stmt[2]:
            value = self.ev(item, env)
            if target is not None:
                self.store(target, value if isinstance(value, Unknown) else Unknown("a context"), env)
        return self.run(stmt[3], env)

    def _try(self, stmt: Stmt, env: Env) -> Any:
        _, _, body, handlers, orelse, final = stmt
        depth = self.depth
        try:
            result = self.run(body, env)
            if result is None:
                result = self.run(orelse, env)
        except RaisedError as error:
            self.depth = depth
            result = self._handle(error, handlers, env)
        finished = self.run(final, env)
        return result if finished is None else finished

    def _handle(self, error: RaisedError, handlers: list[Any], env: Env) -> Any:
        for kind, name, body in handlers:
            if kind is None or self._catches(self.ev(kind, env), error):
                if name is not None:
                    env.names[name] = Unknown(str(error))
                env.names["__error__"] = error
                return self.run(body, env)
        raise error

    def _catches(self, kind: Value, error: RaisedError) -> bool:
        kinds = kind if isinstance(kind, tuple) else (kind,)
        wanted = {item.leaf if isinstance(item, Class | External) else "Exception" for item in kinds}
        return bool(wanted & _ancestors(error.kind))

    def _raise(self, stmt: Stmt, env: Env) -> None:
        if stmt[2] is None or stmt[2][0] == "name":
            current = env.find("__error__")
            if current is not None:
                raise current.names["__error__"]
        expr = stmt[2] or ["name", "RuntimeError"]
        kind = self.ev(expr[1] if expr[0] == "call" else expr, env)
        message = self.ev(expr[2][0], env) if expr[0] == "call" and expr[2] else ""
        name = kind.leaf if isinstance(kind, Class | External) else "Exception"
        raise RaisedError(name, message if isinstance(message, str) else "")

    def _del(self, stmt: Stmt, env: Env) -> None:
        for target in stmt[2]:
            match target:
                case ["name", name]:
                    env.names.pop(name, None)
                case ["attr", base, name]:
                    objects.delete_attr(self, self.ev(base, env), name)
                case ["index", base, index]:
                    objects.delete_item(self, self.ev(base, env), self.ev(index, env))

    def _assert(self, stmt: Stmt, env: Env) -> None:
        if truth_of(self.ev(stmt[2], env)) is False:
            raise RaisedError("AssertionError")

    def _def(self, stmt: Stmt, env: Env) -> None:
        facts = FunctionFacts.from_json(stmt[2])
        env.names[facts.name] = decorated(self, Function(facts, env.scope, env.owner, env))

    def _import(self, stmt: Stmt, env: Env) -> None:
        for name, module, level, attribute in stmt[2]:
            env.names[name] = self.project.imported(env.scope, module, level, attribute)

    def _opaque_statement(self, stmt: Stmt, env: Env) -> None:
        if stmt[2] not in ("Global", "Nonlocal", "ClassDef"):
            self.doubts.append(f"a statement that is not understood: {stmt[2]}")

    # -- expressions ----------------------------------------------------------------------------------

    def ev(self, expr: Expr, env: Env) -> Value:
        """Evaluate an expression."""
        self.steps += 1
        if self.steps > self.limit:
            raise ExhaustedError(f"more than {self.limit} steps")
        return self._expressions[expr[0]](expr, env)

    def _name(self, expr: Expr, env: Env) -> Value:
        name = expr[1]
        found = env.find(name)
        if found is not None:
            return found.names[name]
        value = env.scope.lookup(name)
        if value is not None:
            return value
        if name in BUILTINS:
            return BUILTINS[name]
        if name == "__class__" and env.owner is not None:
            return env.owner
        if name in ("__name__", "__file__"):
            return env.scope.dotted
        return Unknown(f"the name {name}", module=True)

    def _attr(self, expr: Expr, env: Env) -> Value:
        return objects.get_attr(self, self.ev(expr[1], env), expr[2])

    def _call(self, expr: Expr, env: Env) -> Value:
        if expr[1] == ["name", "super"]:
            return self._super(expr, env)
        function = self.ev(expr[1], env)
        args = self._items(expr[2], env)
        kwargs: dict[str, Value] = {}
        for key, value_expr in expr[3]:
            value = self.ev(value_expr, env)
            if key is not None:
                kwargs[key] = value
            elif isinstance(value, dict):
                kwargs.update({name: item for name, item in value.items() if isinstance(name, str)})
            elif isinstance(value, Instance) and isinstance(value.data, dict):
                kwargs.update(value.data)
            elif value is not None:
                kwargs["**"] = Unknown("unknown keyword arguments")
        if isinstance(function, Native) and function.name in _WITH_ENV:
            kwargs["__env__"] = env
        return self.call(function, args, kwargs)

    def _super(self, expr: Expr, env: Env) -> Value:
        if len(expr[2]) == 2:
            after, this = self.ev(expr[2][0], env), self.ev(expr[2][1], env)
        else:
            holder: Env | None = env
            while holder is not None and holder.owner is None:
                holder = holder.parent
            if holder is None:
                return Unknown("super() outside a class")
            after, this = holder.owner, _first_argument(holder)
        return Super(after, this) if isinstance(after, Class) else Unknown("super() of an unknown class")

    def _items(self, items: list[Expr], env: Env) -> list[Value]:
        values: list[Value] = []
        for item in items:
            if item[0] == "star":
                inner = iterate(self, self.ev(item[1], env))
                if inner is None:
                    values.append(Unknown("unknown items"))
                else:
                    values.extend(inner)
            else:
                values.append(self.ev(item, env))
        return values

    def _tuple(self, expr: Expr, env: Env) -> Value:
        return tuple(self._items(expr[1], env))

    def _set(self, expr: Expr, env: Env) -> Value:
        return _hashed(set, self._items(expr[1], env))

    def _dict(self, expr: Expr, env: Env) -> Value:
        result: dict[Any, Value] = {}
        for key_expr, value_expr in expr[1]:
            value = self.ev(value_expr, env)
            if key_expr is None:
                inner = value.data if isinstance(value, Instance) else value
                if not isinstance(inner, dict):
                    return Unknown("a mapping with unknown parts")
                result.update(inner)
                continue
            key = self.ev(key_expr, env)
            if not _hashable(key):
                return Unknown("a mapping with unknown keys")
            result[key] = value
        return result

    def _index(self, expr: Expr, env: Env) -> Value:
        return objects.get_item(self, self.ev(expr[1], env), self.ev(expr[2], env))

    def _slice(self, expr: Expr, env: Env) -> Value:
        parts = [None if part is None else self.ev(part, env) for part in expr[1:]]
        if any(isinstance(part, Unknown) for part in parts):
            return Unknown("a slice")
        return slice(*parts)

    def _bin(self, expr: Expr, env: Env) -> Value:
        return self.binary(expr[1], self.ev(expr[2], env), self.ev(expr[3], env))

    def binary(self, sign: str, left: Value, right: Value) -> Value:
        """A binary operation; unknown where an operand is, or where the result would be too large."""
        function = _BINARY.get(sign)
        if isinstance(left, Tensor | Param) or isinstance(right, Tensor | Param):
            return tensors.binary(sign, left, right)
        if function is None or not (_plain(left) and _plain(right)) or _too_large(sign, left, right):
            return Unknown(f"an operation {sign}")
        try:
            return function(left, right)
        except ZeroDivisionError as error:
            raise RaisedError("ZeroDivisionError", str(error)) from error
        except (TypeError, ValueError, OverflowError) as error:
            return Unknown(f"an operation {sign}: {error}")

    def _un(self, expr: Expr, env: Env) -> Value:
        value = self.ev(expr[2], env)
        if expr[1] == "not":
            truth = truth_of(value)
            return Unknown(value.why) if truth is None else not truth
        if isinstance(value, int | float):
            return -value if expr[1] == "-" else value if expr[1] == "+" else ~int(value)
        return Unknown(f"an operation {expr[1]}")

    def _cmp(self, expr: Expr, env: Env) -> Value:
        left = self.ev(expr[1], env)
        for sign, right_expr in expr[2]:
            right = self.ev(right_expr, env)
            result = self.compare(sign, left, right)
            if result is not True:
                return result
            left = right
        return True

    def compare(self, sign: str, left: Value, right: Value) -> Value:
        """One comparison: True, False or unknown."""
        if isinstance(left, Unknown) or isinstance(right, Unknown):
            return Unknown(left.why if isinstance(left, Unknown) else right.why)
        if sign in ("is", "is not"):
            return objects.same(left, right) == (sign == "is")
        if sign in ("in", "not in"):
            found = objects.contains(self, right, left)
            return found if isinstance(found, Unknown) else found == (sign == "in")
        if sign in ("==", "!="):
            equal = objects.equal(left, right)
            return equal if isinstance(equal, Unknown) else equal == (sign == "==")
        try:
            return bool(_COMPARE[sign](left, right))
        except (TypeError, KeyError):
            return Unknown(f"a comparison {sign}")

    def _bool(self, expr: Expr, env: Env) -> Value:
        stop = expr[1] == "or"
        unknown: Unknown | None = None
        value: Value = None
        for item in expr[2]:
            value = self.ev(item, env)
            truth = truth_of(value)
            if truth is None:
                unknown = unknown or value
            elif truth is stop:
                return value if unknown is None or stop is False else unknown
        return value if unknown is None else unknown

    def _conditional(self, expr: Expr, env: Env) -> Value:
        test = self.ev(expr[1], env)
        truth = truth_of(test)
        if truth is None:
            return self._either_value(expr, test, env)
        return self.ev(expr[2] if truth else expr[3], env)

    def _either_value(self, expr: Expr, test: Unknown, env: Env) -> Unknown:
        """One of two values. It matters to a tie only if one of them may hold or be something shared."""
        return Unknown(test.why, module=any(self._may_share(part, env) for part in expr[2:4]))

    def _may_share(self, expr: Expr, env: Env) -> bool:
        value = self.ev(expr, env)
        if isinstance(value, Unknown):
            return value.module
        if isinstance(value, Module):
            return expr[0] != "call" or (isinstance(value.cls, Class) and may_matter(self, value))
        return isinstance(value, Param)

    def _fstr(self, expr: Expr, env: Env) -> Value:
        parts = [self.ev(part, env) for part in expr[1]]
        if all(isinstance(part, str | int | float | None) for part in parts):
            return "".join(str(part) for part in parts)
        return Unknown("a string with unknown parts")

    def _comp(self, expr: Expr, env: Env) -> Value:
        _, kind, element, clauses = expr
        inner = Env({}, env.scope, env)
        rows = self._comprehend(element, clauses, inner)
        try:
            values = list(rows)
        except _UnknownIterationError as error:
            return Unknown(error.why, module=True)
        if kind == "dict":
            return dict(values) if all(_hashable(key) for key, _ in values) else Unknown("unknown keys")
        return _hashed(set, values) if kind == "set" else values

    def _comprehend(self, element: Any, clauses: list[Any], env: Env) -> Iterator[Value]:
        if not clauses:
            if isinstance(element[0], list):
                yield (self.ev(element[0], env), self.ev(element[1], env))
            else:
                yield self.ev(element, env)
            return
        target, iterable, conditions = clauses[0]
        values = iterate(self, self.ev(iterable, env))
        if values is None:
            raise _UnknownIterationError("a comprehension over an unknown")
        for rounds, value in enumerate(values):
            if rounds >= MOST_ROUNDS:
                raise ExhaustedError(f"a comprehension of more than {MOST_ROUNDS} rounds")
            self.store(target, value, env)
            truths = [truth_of(self.ev(condition, env)) for condition in conditions]
            if None in truths:
                raise _UnknownIterationError("a comprehension with an unknown condition")
            if all(truths):
                yield from self._comprehend(element, clauses[1:], env)

    def _walrus(self, expr: Expr, env: Env) -> Value:
        value = self.ev(expr[2], env)
        env.names[expr[1]] = value
        return value


class _UnknownIterationError(Exception):
    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


_WITH_ENV = frozenset({"locals"})

_BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "**": operator.pow,
    "|": operator.or_,
    "&": operator.and_,
    "^": operator.xor,
    "<<": operator.lshift,
    ">>": operator.rshift,
}

_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}

_EXCEPTIONS = {
    "NotImplementedError": "RuntimeError",
    "ModuleNotFoundError": "ImportError",
    "KeyError": "LookupError",
    "IndexError": "LookupError",
    "ZeroDivisionError": "ArithmeticError",
    "FileNotFoundError": "OSError",
}


def _ancestors(kind: str) -> set[str]:
    found = {kind, "Exception", "BaseException"}
    while kind in _EXCEPTIONS:
        kind = _EXCEPTIONS[kind]
        found.add(kind)
    return found


def _first_argument(env: Env) -> Value:
    return env.this


def _plain(value: Value) -> bool:
    return isinstance(value, int | float | str | list | tuple | dict | set | frozenset)


def _too_large(sign: str, left: Value, right: Value) -> bool:
    """Whether an operation could eat memory: hostile input must not."""
    if sign == "*":
        for items, count in ((left, right), (right, left)):
            if isinstance(items, str | list | tuple) and isinstance(count, int):
                return len(items) * count > 1_000_000
    if sign in ("**", "<<") and isinstance(left, int) and isinstance(right, int):
        return right > 64 or abs(left) > 1 << 32
    return sign == "%" and isinstance(left, str)


def _hashable(value: Value) -> bool:
    return not isinstance(value, Unknown | list | dict | set)


def _hashed(kind: type, values: list[Value]) -> Value:
    return kind(values) if all(_hashable(value) for value in values) else Unknown("a set with unknown items")


def _only_raises(body: list[Stmt]) -> bool:
    return bool(body) and body[-1][0] == "raise"


def _returns(body: list[Stmt]) -> bool:
    for stmt in body:
        if stmt[0] in ("return", "raise", "break", "continue"):
            return stmt[0] == "return"
        if stmt[0] == "if" and (_returns(stmt[3]) or _returns(stmt[4])):
            return True
        if stmt[0] in ("for", "while", "with") and _returns(stmt[-2] if stmt[0] != "with" else stmt[3]):
            return True
    return False


def _attribute_effects(body: list[Stmt]) -> Iterator[tuple[Expr, bool]]:
    """The attribute and item targets that statements may assign, and whether a call gives the value."""
    for stmt in body:
        match stmt:
            case ["assign", _, targets, value]:
                for target in targets:
                    if target[0] in ("attr", "index"):
                        yield target, value[0] != "const"
            case ["aug", _, target, _, _] | ["ann", _, target, _, _]:
                if target[0] in ("attr", "index"):
                    yield target, True
            case ["if" | "while", _, _, inner, orelse]:
                yield from _attribute_effects([*inner, *orelse])
            case ["for", _, _, _, inner, orelse]:
                yield from _attribute_effects([*inner, *orelse])
            case ["with", _, _, inner]:
                yield from _attribute_effects(inner)
            case ["try", _, inner, handlers, orelse, final]:
                yield from _attribute_effects([*inner, *orelse, *final])
                for handler in handlers:
                    yield from _attribute_effects(handler[2])
            case ["del", _, targets]:
                for target in targets:
                    if target[0] in ("attr", "index"):
                        yield target, True


def _calls_on_self(body: list[Stmt]) -> bool:
    """Whether statements call something for its effect on a model: ``self.x(…)``, ``tie(self)``."""
    for stmt in body:
        match stmt:
            case ["expr", _, ["call", function, args, _]]:
                if _rooted_in_self(function) or any(_rooted_in_self(arg) for arg in args):
                    return True
            case ["if" | "while", _, _, inner, orelse]:
                if _calls_on_self([*inner, *orelse]):
                    return True
            case ["for", _, _, _, inner, _] | ["with", _, _, inner]:
                if _calls_on_self(inner):
                    return True
    return False


def _rooted_in_self(expr: Expr) -> bool:
    while expr[0] in ("attr", "index", "call"):
        expr = expr[1]
    return expr == ["name", "self"]
