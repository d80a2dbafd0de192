"""What may be run where code calls what its names mean, or what that holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tie_lint.interpreter.base_values import Value
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.namespace import Namespace
from tie_lint.interpreter.values import Function, Instance, Lambda
from tie_lint.intrinsics.torch.construction_bodies import Body, Closure, Nodes, body_of, fresh_parameters
from tie_lint.intrinsics.torch.numbers import plain_parameters
from tie_lint.python.nodes import Attr, Call, LambdaExpr, Name
from tie_lint.python.statements import NOWHERE, Def, ExprStmt, FunctionFacts, Stmt


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
        yield _body(Closure.of(value.scope, value.closure), value.facts.body, value.facts)
    elif isinstance(value, Lambda):
        stmts: list[Stmt] = [ExprStmt(NOWHERE, value.body)]
        yield Body(Closure.of(value.env.scope, value.env), stmts, Nodes(stmts), [], [])
    elif isinstance(value, Class) and not (value.is_module or value.is_config):
        for item in value.mro:
            if isinstance(item, Class):
                for name in dict.fromkeys([*item.facts.method_names(), *item.own()]):
                    facts = item.method(name) if item.facts.has_method(name) else None
                    body = _body(item.scope, body_of(item, name) or [], facts)
                    if facts is not None and not _AUTOGRAD.isdisjoint(value.names):
                        body.fresh.extend(param.name for param in facts.params[:1])
                    yield body


def inner_bodies(one: Body) -> Iterator[Body]:
    """Yield the functions inside a body: what these are called by is not looked at."""
    for node in one.nodes.of(Def):
        yield _body(one.scope, node.function.body, node.function)
    for lambda_ in one.nodes.of(LambdaExpr):
        stmts: list[Stmt] = [ExprStmt(NOWHERE, lambda_.body)]
        yield Body(one.scope, stmts, Nodes(stmts), [], [])


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
            yield _body(item.scope, body, item.method(name))
            return


_AUTOGRAD = frozenset({"torch.autograd.Function", "torch.autograd.function.Function"})
"""Whose methods are first given what torch makes for each call."""


def _body(scope: Namespace, stmts: list[Stmt], facts: FunctionFacts | None) -> Body:
    """The body of a function, or a value that a class has: what that calls was made once for all."""
    if facts is None:
        nodes = Nodes(stmts)
        return Body(scope, stmts, nodes, [], [], nodes.have(Call))
    nodes = Nodes(stmts, facts)
    return Body(scope, stmts, nodes, fresh_parameters(facts), plain_parameters(facts), params=facts.params)
