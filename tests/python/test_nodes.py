"""Each kind of node is known wherever lowered code is made, walked, stripped or run."""

from __future__ import annotations

import ast
from typing import Any

import pytest

from tie_lint.interpreter.expressions import EXPRESSIONS
from tie_lint.interpreter.statements import STATEMENTS
from tie_lint.library.strip_positions import strip
from tie_lint.python import expressions, nodes, statements, visitor
from tie_lint.python.node import Node
from tie_lint.python.nodes import Expr, Name
from tie_lint.python.statements import NOWHERE, ExprStmt, FunctionFacts, Pattern, Stmt
from tie_lint.python.walk import children, walk

EXPRESSION_KINDS: list[Any] = [*Expr.kinds.values()]
STATEMENT_KINDS: list[Any] = [*Stmt.kinds.values()]
PATTERN_KINDS: list[Any] = [*Pattern.kinds.values()]
KINDS = [*EXPRESSION_KINDS, *STATEMENT_KINDS, *PATTERN_KINDS]


def example(kind: Any) -> Any:
    """Return a node of a kind, with the name ``x`` wherever there is place for an expression."""
    return kind(*(_example_of(annotation) for annotation in kind.fields.values()))


def _example_of(annotation: str) -> Any:
    bare = annotation.removesuffix(" | None")
    plain: dict[str, Any] = {"str": "n", "int": 0, "bool": True, "Span": [1, 2, 3, 4], "Constant": 1}
    if bare in plain:
        return plain[bare]
    if bare in ("Expr", "Expr | Pair"):
        return Name("x")
    if bare == "Stmt":
        return ExprStmt([1, 2, 3, 4], Name("x"))
    if bare == "Pattern":
        return statements.ValuePattern(Name("x"))
    if "[" in bare:
        return [_example_of(bare.partition("[")[2].removesuffix("]"))]
    part = getattr(nodes, bare, None) or getattr(statements, bare)
    return example(part)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_node_survives_json(kind: Any) -> None:
    node = example(kind)
    family = next(one for one in (Expr, Stmt, Pattern) if issubclass(kind, one))
    assert family.from_json(node.as_json()) == node


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_the_walker_reaches_everything_in_a_node(kind: Any) -> None:
    node = example(kind)
    names = repr(node).count("Name('x')")
    assert sum(part == Name("x") for part in walk(node)) == names
    assert [*walk(node)][1:] == [part for child in children(node) for part in walk(child)]


@pytest.mark.parametrize("kind", [*STATEMENT_KINDS, FunctionFacts], ids=lambda kind: kind.__name__)
def test_the_bundle_strips_every_position(kind: Any) -> None:
    stripped = strip(example(kind))
    places = [
        getattr(part, name) for part in walk(stripped) for name in ("at", "extent") if hasattr(part, name)
    ]
    assert places == [NOWHERE] * len(places)
    assert type(stripped) is kind


def test_the_evaluator_knows_every_kind() -> None:
    assert EXPRESSIONS.keys() == set(EXPRESSION_KINDS)
    assert STATEMENTS.keys() == set(STATEMENT_KINDS)


SOURCE = """
a = b.c(1, *d, k=b"x", **e)[1:, ...] + 1j
a += -b if b and c < d else [*d]
a: int = (b, {b}, {b: c})
if (b := c): f"{b}{c!r}"; return [b for b in c]
for b in c: break
while b: continue
with b as c: lambda b: c
try: raise b
except c: pass
match a:
    case 1 | [b, *c] | {1: d} | e(f=g) as h: assert b
del a
global b
nonlocal c
import d
async def e(): await b; yield c
def f(): yield from c
class g: pass
"""


def test_the_lowering_makes_every_kind() -> None:
    """But for ``type`` statements, which older Pythons do not read."""
    deep = "h = " + "[" * 100 + "]" * 100
    made = {type(node) for node in walk(visitor.lower_statements(SOURCE + deep, 1))}
    assert {*KINDS} - made == {statements.TypeAliasStmt, statements.OpaqueStmt}


def test_the_lowering_knows_every_statement_of_python() -> None:
    kinds = {kind for kind in ast.stmt.__subclasses__() if kind.__module__ == "ast"}
    assert visitor.STATEMENTS.keys() == kinds


def test_the_lowering_knows_every_expression_of_python() -> None:
    """But for template strings, which only Python 3.14 reads: they are opaque."""
    kinds = {kind for kind in ast.expr.__subclasses__() if kind.__module__ == "ast"}
    assert {kind.__name__ for kind in kinds ^ expressions.EXPRESSIONS.keys()} <= {
        "TemplateStr",
        "Interpolation",
    }


def test_nodes_are_equal_by_value() -> None:
    assert example(nodes.Call) == example(nodes.Call)
    assert nodes.List([]) != nodes.Tuple([])
    assert nodes.Name("x") != "x"
    with pytest.raises(TypeError):
        hash(Name("x"))


def test_fields_are_all_there_are() -> None:
    node: Node = Name("x")
    with pytest.raises(AttributeError):
        node.other = 1  # type: ignore[attr-defined]
