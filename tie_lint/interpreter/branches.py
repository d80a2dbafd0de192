"""Statements that may or may not run: what they could change becomes unknown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tie_lint.cause import Cause
from tie_lint.interpreter import attribute_changes
from tie_lint.interpreter.aliases import doubt_attribute, doubt_called, doubt_item, doubt_method
from tie_lint.interpreter.base_values import External, Native, Unknown, Value
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.comparisons import contains
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.freshness import ANYTHING, Gift, either, gift_of, gift_of_value, gifts_to_names
from tie_lint.interpreter.implicit_effects import may_act
from tie_lint.interpreter.inheritance import lookup
from tie_lint.interpreter.origins import one_of
from tie_lint.interpreter.plain_effects import ANY, changed_by
from tie_lint.interpreter.register import HARMLESS_ATTRIBUTES, HARMLESS_METHODS
from tie_lint.interpreter.spot import because
from tie_lint.interpreter.subscripts import set_item
from tie_lint.interpreter.unnamed_attributes import put_unnamed
from tie_lint.interpreter.values import (
    Bound,
    Env,
    Function,
    Instance,
    Lambda,
    Module,
    PlainNamespace,
    holds_module,
)
from tie_lint.python.effects import CHANGING
from tie_lint.python.nodes import Attr, Call, Const, Expr, Index, Name, Star
from tie_lint.python.statements import (
    AnnAssign,
    Assign,
    AugAssign,
    Break,
    Continue,
    Delete,
    For,
    Raise,
    Return,
    Stmt,
    While,
)
from tie_lint.python.walk import assigned_names, blocks, calls, names, statements, targets


def only_raises(body: list[Stmt]) -> bool:
    """Return whether statements end by raising."""
    return bool(body) and isinstance(body[-1], Raise)


def leaves(body: list[Stmt]) -> bool:
    """Return whether statements may return from their function, or leave the loop around them."""
    todo = [(stmt, False) for stmt in body]
    while todo:
        stmt, in_loop = todo.pop()
        if isinstance(stmt, Return) or (isinstance(stmt, (Break, Continue)) and not in_loop):
            return True
        is_loop = isinstance(stmt, (For, While))
        todo += [(inner, in_loop or is_loop) for block in blocks(stmt) for inner in block]
    return False


class Returned:
    """What a body hands back when it met a ``return``."""

    __slots__ = ("value",)

    def __init__(self, value: Value) -> None:
        self.value = value


def join(interp: Interpreter, bodies: list[list[Stmt]], why: str | Cause, env: Env) -> Returned | Any:
    """Run branches one of which is taken, nobody knows which: whatever they may change becomes unknown.

    A branch that only raises is taken as not taken: a model that cannot be built ties nothing.
    """
    taken = [body for body in bodies if not only_raises(body)] or bodies[:1]
    if len(taken) < len(bodies) and interp.attempts:
        interp.doubt(because("whether an error is raised depends on {}", why))
    if len(taken) == 1:
        return interp.run(taken[0], env)
    if all(map(_only_hands_back, taken)):
        values = [interp.run(body, env).value for body in taken]
        return Returned(one_of(interp, values, why))
    # Where a branch may leave, the statements after the ``if`` may or may not run. To make all that they
    # could change unknown as well would say little: the function ends here, and the model is in doubt,
    # unless the function was handed nothing that could be tied.
    left = any(map(leaves, taken))
    if left and env.harmless is not None:
        havoc(interp, env.harmless, env, why, module=False)
    else:
        havoc(interp, [stmt for body in taken for stmt in body], env, why)
        if left:
            interp.doubt(because("a return depends on {}", why))
            if env.owner is not None:
                _may_get_more(interp, env.this, because("a return depends on {}", why))
    return Returned(Unknown(why, module=True)) if left else None


def _may_get_more(interp: Interpreter, this: Value, why: Cause) -> None:
    """Note that the object whose method may go on may have more attributes by then."""
    if isinstance(this, Module):
        this.opaque = this.opaque or why
    elif isinstance(this, Instance):
        put_unnamed(interp, this, Unknown(why), Unknown(why, module=this.given_module))


def _only_hands_back(body: list[Stmt]) -> bool:
    """Whether statements return something that is there already, and do no more."""
    return len(body) == 1 and isinstance(body[0], Return) and not any(True for _ in calls(body))


def havoc(interp: Interpreter, body: list[Stmt], env: Env, why: str | Cause, module: bool = True) -> None:
    """Make unknown all that the statements could change; ``module`` says that names may stand for modules."""
    called = list(calls(body))
    if may_act(body, env):
        interp.doubt(because("what special methods do depends on {}", why))
    known = [_called(interp, call, env) for call in called]  # before names that they use become unknown
    gifts = gifts_to_names(interp, body, env) if module else {}
    if any(isinstance(env.find_value(name), Iterator) for name in {*names(body)}):
        interp.doubt(because("how far an iterator is run depends on {}", why))
    for name, _ in assigned_names(body):
        gift = gifts.get(name, ANYTHING)
        env.names[name] = Unknown(why, module and gift.module, origin=gift.origin, aliases=gift.aliases)
    for call in called:
        _doubt_known(interp, call, env)
    for stmt in statements(body):
        if (
            isinstance(stmt, AugAssign)
            and isinstance(stmt.target, Name)
            and not isinstance(stmt.value, Const)
        ):
            doubt_item(interp, env.names[stmt.target.name])
    for target, value, deleted in _attribute_effects(body):
        gift = ANYTHING if value is None else gift_of(interp, value, env)
        _havoc_target(interp, target, gift, env, why, deleted)
    for function, call in zip(known, called, strict=True):
        if _sets(interp, function, call, env, why):
            continue
        if _has_effect(interp, function, call, env) or not _havoc_plain(interp, function, call, env, why):
            interp.doubt(because("a call depends on {}", why))


def _doubt_known(interp: Interpreter, call: Call, env: Env) -> None:
    """Note what a call may change under a name that is unknown, or has become so."""
    place = call.function.base if isinstance(call.function, Attr) else call.function
    value = None if any(True for _ in calls([place])) else _argument(interp, place, env)
    if isinstance(value, Unknown):
        doubt_called(interp, value)
        if isinstance(call.function, Attr):
            doubt_method(interp, value, call.function.name)


def _unknown(why: str | Cause, gift: Gift, absent: bool = False) -> Unknown:
    return Unknown(why, gift.module, absent, gift.origin, aliases=gift.aliases)


def havoc_calls(interp: Interpreter, expr: Expr, env: Env, why: str | Cause) -> None:
    """Make unknown what the calls in an expression have changed, which was evaluated on trial."""
    if may_act([expr], env):
        interp.doubt(because("what special methods do depends on {}", why))
    for call in calls([expr]):
        function = _called(interp, call, env)
        if _sets(interp, function, call, env, why):
            continue
        if _acts_on_known(function) or not _havoc_plain(interp, function, call, env, why):
            interp.doubt(because("a call depends on {}", why))


def _is_of_class(owner: Module | Instance, name: str) -> bool:
    """Whether a class gives an attribute to its objects, or takes it from them."""
    cls = owner.cls
    return isinstance(cls, Class) and any(lookup(cls, one) for one in (name, f"{name}.setter"))


def _havoc_target(
    interp: Interpreter, target: Attr | Index, gift: Gift, env: Env, why: str | Cause, deleted: bool
) -> None:
    """Make an attribute or item unknown that may be set, or ``deleted``: it may not be there then."""
    owner = interp.ev(target.base, env)
    (doubt_attribute if isinstance(target, Attr) else doubt_item)(interp, owner)
    if isinstance(owner, (Module, Instance)) and isinstance(target, Attr):
        gift = either([gift, gift_of_value(interp, owner.attrs.get(target.name))])  # which it may still be
        absent = (deleted or target.name not in owner.attrs) and not _is_of_class(owner, target.name)
        unknown = _unknown(why, gift, absent)
        attribute_changes.set_attr(interp, owner, target.name, unknown)
    elif isinstance(owner, (dict, list, Instance)) and isinstance(target, Index):
        items, index = owner.data if isinstance(owner, Instance) else owner, interp.ev(target.index, env)
        if deleted and isinstance(items, list):
            interp.doubt(because("how long a list is depends on {}", why))
        absent = isinstance(items, dict) and (deleted or contains(interp, items, index) is not True)
        unknown = _unknown(why, gift, absent)
        set_item(interp, owner, index, unknown)
    elif isinstance(owner, Unknown) and not gift.module:
        return  # what is no part of a model ties nothing
    elif not isinstance(target, Attr) or target.name not in HARMLESS_ATTRIBUTES:
        interp.doubt(because("an effect depends on {}", why))


# -- calls --------------------------------------------------------------------------------------------------


def _sets(interp: Interpreter, function: Value, call: Call, env: Env, why: str | Cause) -> bool:
    """Have ``setattr(target, name, value)`` set what nobody knows; False where its target is no plain one."""
    if not isinstance(function, (Native, External)) or function.name not in _SETTERS:
        return False
    values = [_argument(interp, arg, env) for arg in call.args[:2]]
    if len(values) != 2 or not isinstance(values[0], (Instance, PlainNamespace)):
        return False
    given = Unknown(why, module=any(_gives_module(interp, arg, env) for arg in call.args[2:]))
    if isinstance(values[1], str):
        attribute_changes.set_attr(interp, values[0], values[1], given)
    else:
        put_unnamed(interp, values[0], values[1], given)
    return True


_SETTERS = frozenset({"setattr", "builtins.object.__setattr__"})
_ANYTHING = _SETTERS | {"delattr", "__setattr__", "__delattr__"}
"""Functions that may change anything, whatever they are given."""


def _havoc_plain(interp: Interpreter, function: Value, call: Call, env: Env, why: str | Cause) -> bool:
    """Make unknown the attributes that a call may change; False where it may change more."""
    args = [ANY if any(calls([arg])) else _argument(interp, arg, env) for arg in call.args]
    handed = [arg for arg in args if isinstance(arg, (Bound, Function, Lambda))]  # which may be called
    for called, given in [(function, args), *((one, list[Value]()) for one in handed)]:
        changed = changed_by(called, given)
        if changed is None:
            return False
        for owner, name in changed:
            if not isinstance(owner, (Instance, PlainNamespace)):
                owner.assign(name, _unknown(why, ANYTHING))
                continue
            gift = gift_of_value(interp, owner.attrs.get(name))
            unknown = _unknown(why, gift)
            if isinstance(owner, Instance):
                attribute_changes.set_plain_attr(interp, owner, name, unknown)
            else:
                owner.attrs[name] = unknown
    return True


def _argument(interp: Interpreter, argument: Expr, env: Env) -> Value:
    return interp.guarded(lambda: interp.ev(argument.value if isinstance(argument, Star) else argument, env))


def _called(interp: Interpreter, call: Call, env: Env) -> Value:
    """What a call in a branch calls, where nothing has to be called to know."""
    if any(True for _ in calls([call.function])):
        return Unknown("a computed function", module=True)
    return interp.guarded(lambda: interp.ev(call.function, env))


def _has_effect(interp: Interpreter, function: Value, call: Call, env: Env) -> bool:
    """Whether calling something may change what is shared."""
    if _acts_on_known(function):
        return True
    if isinstance(function, (Class, External)):
        return False
    if isinstance(function, Native) and (not call.args or function.name in _READING):
        return False
    receiver = function.this if isinstance(function, Bound) else getattr(function, "__self__", None)
    of_ours = isinstance(function, Bound) and isinstance(function.function, Native)
    if of_ours or isinstance(receiver, (list, dict, set)):
        return False
    if isinstance(function, Bound) and isinstance(function.function, Function) and _is_harmless(function):
        return False
    if isinstance(receiver, Module):
        return True
    if isinstance(function, Unknown) and not function.module:
        return False
    if not isinstance(function, (Unknown, Function, Lambda, Bound, Native)):
        return False
    arguments = [*call.args, *(keyword.value for keyword in call.keywords)]
    return any(_gives_module(interp, argument, env) for argument in arguments)


def _changes_container(function: Value) -> bool:
    """Whether a function is a method of a list, dict or set that changes it."""
    of_container = isinstance(getattr(function, "__self__", None), (list, dict, set))
    return of_container and getattr(function, "__name__", "") in CHANGING


def _acts_on_known(function: Value) -> bool:
    """Whether a built-in function or method changes a known container, module or object."""
    if isinstance(function, Bound) and isinstance(function.function, Native):
        return isinstance(function.this, Module) and function.function.name not in HARMLESS_METHODS
    if isinstance(function, (Native, External)):
        return function.name in _ANYTHING
    return _changes_container(function)


def _is_harmless(method: Bound) -> bool:
    """Whether a method is the library's own override of one that ties nothing (``PreTrainedModel.half``)."""
    function = method.function
    return function.scope.path is None and function.facts.name in HARMLESS_METHODS


_READING = frozenset(
    {"isinstance", "issubclass", "getattr", "hasattr", "callable", "len", "any", "all", "print", "id", "hash"}
    | {"vars", "zip", "enumerate", "reversed", "range", "max", "min", "sum", "abs"}
)
"""Built-in functions that change nothing."""


def _gives_module(interp: Interpreter, argument: Expr, env: Env) -> bool:
    value = _argument(interp, argument, env)
    return holds_module(value) or (isinstance(value, Unknown) and value.module)


def _attribute_effects(body: list[Stmt]) -> Iterator[tuple[Attr | Index, Expr | None, bool]]:
    """The attributes and items that statements may change, the value where it is simply assigned, and
    whether they are deleted."""
    for stmt in statements(body):
        value: Expr | None = None
        match stmt:
            case Assign(targets=given, value=assigned):
                value = assigned if len(given) == 1 and isinstance(given[0], (Attr, Index)) else None
            case AugAssign(target=target) | AnnAssign(target=target):
                given = [target]
            case Delete(targets=given):
                pass
            case _:
                continue
        for target in given:
            places = (place for place in targets(target) if isinstance(place, (Attr, Index)))
            yield from ((place, value, isinstance(stmt, Delete)) for place in places)
