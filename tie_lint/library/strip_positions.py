"""Facts without what the bundled index has no use for: positions, log lines, documentation."""

from __future__ import annotations

import re

from tie_lint.python.facts import NOWHERE, ClassFacts, Expr, FunctionFacts, Stmt

_TALKERS = ("logger", "warnings")
_DOCUMENTING = re.compile(r"auto_(?:class_)?docstring|(?:add|replace|apply)_\w*docstrings?\w*")


def lean_class(facts: ClassFacts) -> ClassFacts:
    """A class without its methods, all of them counted as left out."""
    return ClassFacts(
        facts.name,
        NOWHERE,
        facts.bases,
        facts.keywords,
        _lean_decorators(facts.decorators),
        lean_statements(facts.body),
        {},
        NOWHERE,
        skipped=frozenset(facts.method_names()),
    )


def lean_function(facts: FunctionFacts) -> FunctionFacts:
    """A function whose statements stand nowhere."""
    body = lean_statements(facts.body)
    return FunctionFacts(facts.name, NOWHERE, facts.params, _lean_decorators(facts.decorators), body, NOWHERE)


def lean_statements(body: list[Stmt]) -> list[Stmt]:
    """Statements without positions and without those that only tell somebody something."""
    return [lean_statement(stmt) for stmt in body if not _talks(stmt)]


def lean_statement(stmt: Stmt) -> Stmt:
    """One statement without positions, at any depth."""
    kind, _, *rest = stmt
    match kind, rest:
        case "if" | "while" | "for", [*head, body, orelse]:
            return [kind, NOWHERE, *head, lean_statements(body), lean_statements(orelse)]
        case "with", [items, body]:
            return [kind, NOWHERE, items, lean_statements(body)]
        case "try", [body, handlers, orelse, final]:
            caught = [[what, name, lean_statements(inner)] for what, name, inner in handlers]
            blocks = [lean_statements(block) for block in (body, orelse, final)]
            return [kind, NOWHERE, blocks[0], caught, *blocks[1:]]
        case "def", [function]:
            return [kind, NOWHERE, lean_function(FunctionFacts.from_json(function)).as_json()]
    return [kind, NOWHERE, *rest]


def _talks(stmt: Stmt) -> bool:
    """Whether a statement only logs or warns."""
    match stmt:
        case ["expr", _, ["call", ["attr", ["name", str(name)], _], _, _]]:
            return name in _TALKERS
    return False


def _lean_decorators(decorators: list[Expr]) -> list[Expr]:
    """Decorators without those that return what they get and only write its docstring."""
    return [decorator for decorator in decorators if not _DOCUMENTING.fullmatch(_applied(decorator))]


def _applied(decorator: Expr) -> str:
    """The plain name of a decorator, called or not."""
    match decorator:
        case ["call", ["name", str(name)], _, _] | ["name", str(name)]:
            return name
    return ""
