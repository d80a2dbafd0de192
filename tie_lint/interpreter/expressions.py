"""Lowered expressions, evaluated over symbolic values."""

from __future__ import annotations

from collections.abc import Callable
from types import NoneType
from typing import Any

from tie_lint.cause import Cause
from tie_lint.interpreter import attributes
from tie_lint.interpreter.aliases import aliases_of
from tie_lint.interpreter.arguments import add_keywords, function_of_lambda, spread
from tie_lint.interpreter.base_values import (
    ANYTHING_KNOWN,
    UNBOUND,
    External,
    Given,
    Native,
    RaisedError,
    Spread,
    Unknown,
    Value,
    cause_of,
    present,
)
from tie_lint.interpreter.branches import havoc_calls
from tie_lint.interpreter.budget import granted
from tie_lint.interpreter.builtin_functions import BUILTINS
from tie_lint.interpreter.builtin_types import iterate, truth_of
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.comparisons import compare
from tie_lint.interpreter.comprehensions import comprehension, hashable, hashed
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.freshness import ANYTHING, Gift, either, gift_of_value, new_origin
from tie_lint.interpreter.laziness import may_matter
from tie_lint.interpreter.operators import binary, unary
from tie_lint.interpreter.origins import one_of
from tie_lint.interpreter.plain import UncomputedError, formatted, printed
from tie_lint.interpreter.spot import because, here
from tie_lint.interpreter.subscripts import get_item
from tie_lint.interpreter.unnamed_attributes import given_attribute
from tie_lint.interpreter.values import Env, Instance, Module, Super, may_give_module
from tie_lint.python import nodes
from tie_lint.python.walk import is_name

# -- names and attributes ---------------------------------------------------------------------------------


def _name(interp: Interpreter, expr: nodes.Name, env: Env) -> Value:
    name = expr.name
    inner: Env | None = env
    while inner is not None:  # as `Env.find` does: half of all evaluations come here
        if name in inner.names:
            return inner.names[name]
        inner = inner.parent
    value = env.scope.lookup(name)
    if value is not UNBOUND:
        return value
    if name in BUILTINS:
        return BUILTINS[name]
    if name == "__class__" and env.owner is not None:
        return env.owner
    if name in ("__name__", "__file__"):
        return env.scope.dotted
    return Unknown(f"the name {name}", module=True)


def _attr(interp: Interpreter, expr: nodes.Attr, env: Env) -> Value:
    base = interp.ev(expr.base, env)
    try:
        return present(attributes.get_attr(interp, base, expr.name))
    except RaisedError as error:
        if (
            error.kind != "AttributeError"
            or not isinstance(base, Instance)
            or error.kind in interp.provided_for
        ):
            raise
        symbol = given_attribute(interp, base, expr.name)
        if symbol is None:
            raise
        if not (interp.doubts or interp.sampled or interp.loading):
            interp.given.append(Given(base.cls.leaf, expr.name, error.cause, env.scope.path is None))
        return symbol


def _index(interp: Interpreter, expr: nodes.Index, env: Env) -> Value:
    return present(get_item(interp, interp.ev(expr.base, env), interp.ev(expr.index, env)))


def _slice(interp: Interpreter, expr: nodes.Slice, env: Env) -> Value:
    parts = [None if part is None else interp.ev(part, env) for part in (expr.lower, expr.upper, expr.step)]
    if any(isinstance(part, Unknown) for part in parts):
        return Unknown("a slice")
    return slice(*parts)


# -- calls ------------------------------------------------------------------------------------------------


def _call(interp: Interpreter, expr: nodes.Call, env: Env) -> Value:
    if is_name(expr.function, "super"):
        return _super(interp, expr, env)
    function = interp.ev(expr.function, env)
    kwargs: dict[str, Value] = {}
    args = _arguments(interp, expr.args, env, kwargs)
    for keyword in expr.keywords:
        value = interp.ev(keyword.value, env)
        add_keywords(kwargs, spread(value) if keyword.name is None else {keyword.name: value})
    if type(function) is Native and function.reads_environment:
        kwargs["env"] = env
    return interp.call(function, args, kwargs)


def _arguments(
    interp: Interpreter, items: list[nodes.Expr], env: Env, kwargs: dict[str, Value]
) -> list[Value]:
    """Positional arguments. From unknown ``*items`` on, ``Spread.ITEMS`` stands for all that follow."""
    args: list[Value] = []
    for item in items:
        starred = type(item) is nodes.Star
        if not starred and (not kwargs or Spread.ITEMS not in kwargs):
            args.append(interp.ev(item, env))
            continue
        value = interp.ev(item.value if type(item) is nodes.Star else item, env)
        inner = iterate(interp, value) if starred else [value]
        if inner is None or Spread.ITEMS in kwargs:
            rest = [*kwargs.get(Spread.ITEMS, []), value]
            kwargs[Spread.ITEMS] = rest
        else:
            args.extend(inner)
    return args


def _super(interp: Interpreter, expr: nodes.Call, env: Env) -> Value:
    if len(expr.args) == 2:
        after, this = interp.ev(expr.args[0], env), interp.ev(expr.args[1], env)
    else:
        holder: Env | None = env
        while holder is not None and holder.owner is None:
            holder = holder.parent
        if holder is None:
            return Unknown("super() outside a class", module=True)
        after, this = holder.owner, holder.this
    return Super(after, this) if isinstance(after, Class) else Unknown("super() of an unknown", module=True)


# -- literals ---------------------------------------------------------------------------------------------


def items_of(interp: Interpreter, items: list[nodes.Expr], env: Env) -> list[Value] | None:
    """Return the items of a literal, which all are evaluated; None where it spreads something unknown."""
    values: list[Value] = []
    known = True
    for item in items:
        if type(item) is nodes.Star:
            inner = iterate(interp, interp.ev(item.value, env))
            known = known and inner is not None
            values.extend(inner or ())
        else:
            values.append(interp.ev(item, env))
    return values if known else None


def _sequence(kind: Callable[[list[Value]], Value]) -> Callable[[Interpreter, Any, Env], Value]:
    def evaluate(interp: Interpreter, expr: nodes.List | nodes.Tuple | nodes.Set, env: Env) -> Value:
        values = items_of(interp, expr.items, env)
        if values is None:
            return Unknown("unknown items", module=True, aliases=ANYTHING_KNOWN)
        return kind(values)

    return evaluate


def _dict(interp: Interpreter, expr: nodes.Dict, env: Env) -> Value:
    result: dict[Any, Value] = {}
    lost = ""
    for pair in expr.pairs:
        key = None if pair.key is None else interp.ev(pair.key, env)
        value = interp.ev(pair.value, env)
        if pair.key is None:
            inner = value.data if isinstance(value, Instance) else value
            if isinstance(inner, dict) and granted(len(inner)):
                result.update(inner)
            else:
                lost = "a mapping with unknown parts"
        elif isinstance(key, Unknown) or hashable(key):
            result[key] = value
        else:
            lost = "a mapping with unknown keys"
    return Unknown(lost, module=True, aliases=ANYTHING_KNOWN) if lost else result


def _fstr(interp: Interpreter, expr: nodes.FString, env: Env) -> Value:
    parts = [interp.ev(part, env) for part in expr.parts]
    if all(isinstance(part, (str, int, float, NoneType)) for part in parts):
        texts = [printed(part) for part in parts]
        if None not in texts:
            return "".join(filter(None, texts))
    why = next((part.why for part in parts if isinstance(part, Unknown)), here("a string with unknown parts"))
    known = [part if isinstance(part, str) else "" for part in parts]
    return Unknown(because("a string with {}", why), ends=(known[0], known[-1] if len(known) > 1 else ""))


# -- operators and choices ----------------------------------------------------------------------------------


def _bin(interp: Interpreter, expr: nodes.Binary, env: Env) -> Value:
    operations = [expr]
    while type(operations[-1].left) is nodes.Binary:  # a sum of a thousand nests that deep
        operations.append(operations[-1].left)
    value = interp.ev(operations[-1].left, env)
    for operation in reversed(operations):
        value = binary(interp, operation.operator, value, interp.ev(operation.right, env))
    return value


def _un(interp: Interpreter, expr: nodes.Unary, env: Env) -> Value:
    value = interp.ev(expr.operand, env)
    if expr.operator != "not":
        return unary(expr.operator, value)
    truth = truth_of(value)
    return Unknown(cause_of(value)) if truth is None else not truth


def _cmp(interp: Interpreter, expr: nodes.Compare, env: Env) -> Value:
    left = interp.ev(expr.left, env)
    for number, comparison in enumerate(expr.rest):
        right = interp.ev(comparison.right, env)
        result = compare(interp, comparison.operator, left, right)
        if result is not True:
            for other in expr.rest[number + 1 :] if isinstance(result, Unknown) else ():
                havoc_calls(interp, other.right, env, result.why)
            return result
        left = right
    return True


def _bool(interp: Interpreter, expr: nodes.Bool, env: Env) -> Value:
    """``and`` and ``or``. After an unknown operand the result is one of those that follow, or itself."""
    stop = expr.operator == "or"
    candidates: list[Value] = []
    why: Cause | str = ""
    for item in expr.items:
        try:
            value = _supposed(interp, item, env, why) if candidates else interp.ev(item, env)
        except RaisedError:
            if not candidates:
                raise
            return one_of(interp, candidates, why)
        truth = truth_of(value)
        if truth is None:
            candidates.append(value)
            why = why or cause_of(value)
        elif truth is stop or item is expr.items[-1]:
            if not candidates or (truth is False and stop is False):
                return value
            return one_of(interp, [*candidates, value], why)
    if len(candidates) == 1 and candidates[0] is value:
        return value
    return one_of(interp, candidates, why)


def _conditional(interp: Interpreter, expr: nodes.IfExpr, env: Env) -> Value:
    test = interp.ev(expr.test, env)
    truth = truth_of(test)
    if truth is not None:
        return interp.ev(expr.then if truth else expr.otherwise, env)
    why = cause_of(test)
    # Either may be the value. Both are made and looked at, as a module that nobody else holds ties nothing
    # whichever it is; most conditional expressions choose between such. One that raises is not taken.
    values: list[tuple[nodes.Expr, Value]] = []
    since, remembered = Module.made, interp.remembered
    for part in (expr.then, expr.otherwise):
        try:
            values.append((part, _supposed(interp, part, env, why)))
        except RaisedError:
            if part is expr.otherwise and not values:
                raise
    if len(values) == 1:
        return values[0][1]
    kinds = [value for _, value in values]
    if all(isinstance(value, (External, Class, Unknown)) for value in kinds):
        return one_of(interp, kinds, why)
    since = since if remembered == interp.remembered else Module.made
    gift = either([_gift(interp, part, value, since) for part, value in values])
    return Unknown(why, module=gift.module, origin=gift.origin, aliases=aliases_of(kinds))


def _supposed(interp: Interpreter, expr: nodes.Expr, env: Env, why: str | Cause) -> Value:
    """Evaluate an expression that may not be evaluated: it is not certain that what it raises is raised, and
    that what it changes is changed."""
    depth, attempts = interp.depth, interp.attempts
    interp.attempts += 1
    try:
        value = interp.ev(expr, env)
    finally:
        interp.depth, interp.attempts = depth, attempts
    havoc_calls(interp, expr, env, why)
    return value


def _gift(interp: Interpreter, expr: nodes.Expr, value: Value, since: int) -> Gift:
    if isinstance(value, Unknown):
        return gift_of_value(interp, value)
    shared = _may_share(interp, expr, value) or (isinstance(value, Module) and value.number <= since)
    return ANYTHING if shared else Gift(isinstance(value, Module), new_origin())


def _may_share(interp: Interpreter, expr: nodes.Expr, value: Value) -> bool:
    """Whether one of two values matters to a tie: it may hold, or be, something shared."""
    if isinstance(value, Module):
        if not isinstance(expr, nodes.Call):
            return True
        return may_matter(interp, value) if isinstance(value.cls, Class) else bool(value.children())
    return may_give_module(value) and not isinstance(value, Native)


def _walrus(interp: Interpreter, expr: nodes.Walrus, env: Env) -> Value:
    value = interp.ev(expr.value, env)
    env.names[expr.name] = value
    return value


# -- what is unknown ----------------------------------------------------------------------------------------


def _format(interp: Interpreter, expr: nodes.Format, env: Env) -> Value:
    value = interp.ev(expr.value, env)
    spec = [interp.ev(part, env) for part in expr.spec]
    if not all(isinstance(part, (str, int)) for part in spec):
        return Unknown("a format")
    try:
        text = formatted(value, expr.conversion, "".join(map(str, spec)))
    except UncomputedError as error:
        return Unknown(str(error))
    return Unknown(because("{}, printed", cause_of(value))) if text is None else text


def _star(interp: Interpreter, expr: nodes.Star, env: Env) -> Value:
    """A star where nothing takes its items apart: in a subscript."""
    interp.ev(expr.value, env)
    return Unknown("unpacked items", module=True)


def _await(interp: Interpreter, expr: nodes.Await | nodes.YieldFrom, env: Env) -> Value:
    """What somebody else hands over: an awaited result, or what is sent to a generator."""
    value = interp.ev(expr.value, env)
    interp.doubt_arguments(f"an {type(expr).__name__.lower()}", [value], {})
    return Unknown(type(expr).__name__, module=True)


def _yield(interp: Interpreter, expr: nodes.Yield, env: Env) -> Value:
    if expr.value is not None:
        interp.doubt_arguments("a yield", [interp.ev(expr.value, env)], {})
    return Unknown("Yield", module=True)


EXPRESSIONS: dict[type[nodes.Expr], Callable[[Interpreter, Any, Env], Value]] = {
    nodes.Const: lambda interp, expr, env: expr.value,
    nodes.Literal: lambda interp, expr, env: Unknown(expr.kind),
    nodes.Name: _name,
    nodes.Attr: _attr,
    nodes.Call: _call,
    nodes.Index: _index,
    nodes.Slice: _slice,
    nodes.List: _sequence(list),
    nodes.Tuple: _sequence(tuple),
    nodes.Set: _sequence(hashed(set)),
    nodes.Dict: _dict,
    nodes.Star: _star,
    nodes.Binary: _bin,
    nodes.Unary: _un,
    nodes.Compare: _cmp,
    nodes.Bool: _bool,
    nodes.IfExpr: _conditional,
    nodes.FString: _fstr,
    nodes.Format: _format,
    nodes.Comprehension: comprehension,
    nodes.LambdaExpr: function_of_lambda,
    nodes.Walrus: _walrus,
    nodes.Await: _await,
    nodes.Yield: _yield,
    nodes.YieldFrom: _await,
    nodes.Opaque: lambda interp, expr, env: Unknown(expr.what, module=True),
}
"""How each kind of expression is evaluated."""
