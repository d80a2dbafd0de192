"""What may be run where code calls what its names mean, or what that holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tie_lint.interpreter.base_values import Value
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.values import Function, Instance, Lambda
from tie_lint.intrinsics.torch.bodies import Body, Closure, Nodes
from tie_lint.intrinsics.torch.construction_bodies import body_of
from tie_lint.python.nodes import Attr, Call, LambdaExpr, Name
from tie_lint.python.statements import NOWHERE, Def, ExprStmt, Stmt


def is_of_the_library(value: Value) -> bool:
    """Return whether a function, class or object is of the library and of no model family: what these make is
    made anew each time."""
    made_of = value.cls if isinstance(value, Instance) else value
    if not isinstance(made_of, (Function, Class)):
        return False
    dotted = made_of.scope.dotted
    return dotted.startswith("transformers.") and not dotted.startswith("transformers.models.")


def bodies_of(value: Value) -> Iterator[Body]:
    """Yield what may be run where a function is called, or a class that is no module's is made or used."""
    if isinstance(value, Function):
        yield Body(Closure.of(value.scope, value.closure), value.facts.body, value.facts)
    elif isinstance(value, Lambda):
        yield Body(Closure.of(value.env.scope, value.env), [ExprStmt(NOWHERE, value.body)])
    elif isinstance(value, Class) and not (value.is_module or value.is_config):
        autograd = not _AUTOGRAD.isdisjoint(value.names)
        for item in value.mro:
            if isinstance(item, Class):
                for name in dict.fromkeys([*item.facts.method_names(), *item.own()]):
                    yield _of_class(item, name, body_of(item, name) or [], autograd)


def _of_class(cls: Class, name: str, stmts: list[Stmt], autograd: bool = False) -> Body:
    """The body of a method, or a value that a class has: what that calls was made once for all."""
    scope = Closure.of(cls.scope, cls.closure)
    if not cls.facts.has_method(name):
        one = Body(scope, stmts)
        one.remembers = one.nodes.have(Call)
        return one
    facts = cls.method(name)
    first = [] if facts is None else facts.params[:1]
    return Body(scope, stmts, facts, fresh=[param.name for param in first if autograd])


def inner_bodies(one: Body) -> Iterator[Body]:
    """Yield the functions inside a body: what these are called by is not looked at."""
    for node in one.nodes.of(Def):
        yield Body(one.scope, node.function.body, node.function)
    for lambda_ in one.nodes.of(LambdaExpr):
        yield Body(one.scope, [ExprStmt(NOWHERE, lambda_.body)])


def methods_by_class(named: Mapping[str, Value], nodes: Nodes) -> Iterator[tuple[Class, str]]:
    """Yield the classes of modules whose own attributes are read, each with the name: ``Layer.make()``."""
    for node in nodes.of(Attr):
        cls = named.get(node.base.name) if isinstance(node.base, Name) else None
        if isinstance(cls, Class) and cls.is_module and not is_of_the_library(cls):
            yield cls, node.name


def body_of_method(cls: Class, name: str) -> Iterator[Body]:
    """Yield what a class runs for one of its attributes."""
    for item in cls.mro:
        body = body_of(item, name) if isinstance(item, Class) else None
        if isinstance(item, Class) and body is not None:
            yield _of_class(item, name, body)
            return


_AUTOGRAD = frozenset({"torch.autograd.Function", "torch.autograd.function.Function"})
"""Whose methods are first given what torch makes for each call."""
