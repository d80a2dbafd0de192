"""What becomes of source text: statements with their places, and expressions."""

from __future__ import annotations

import sys
import textwrap
from typing import Any

import pytest

from tests.tiny_models import ties, weights
from tie_lint.python.expressions import DEEPEST
from tie_lint.python.nodes import (
    Attr,
    Binary,
    Bool,
    Const,
    Expr,
    Format,
    FString,
    Keyword,
    Name,
    Opaque,
    Star,
)
from tie_lint.python.statements import Assign, ExprStmt, FunctionFacts, If, Return, Stmt
from tie_lint.python.visitor import lower_class, lower_expression, lower_function, lower_statements
from tie_lint.python.walk import walk

NAME = ["name", "x"]
X = Name("x")

EXPRESSIONS: list[tuple[str, list[Any]]] = [
    ("x", NAME),
    ("None", ["const", None]),
    ("1_000", ["const", 1000]),
    ("1.5", ["const", 1.5]),
    ("'a' 'b'", ["const", "ab"]),
    ("'a' f'b{x}'", ["fstr", [["const", "ab"], NAME]]),
    ("f'a{x}b'", ["fstr", [["const", "a"], NAME, ["const", "b"]]]),
    ("f'{x!r}'", ["fstr", [["format", NAME, "r", []]]]),
    ("f'{x=}'", ["fstr", [["const", "x="], ["format", NAME, "r", []]]]),
    ("f'{x:>{x}}'", ["fstr", [["format", NAME, None, [["const", ">"], NAME]]]]),
    ("b'a' b'b'", ["literal", "bytes", "b'ab'"]),
    ("1j", ["literal", "complex", "1j"]),
    ("...", ["literal", "ellipsis", "..."]),
    ("x.y.z", ["attr", ["attr", NAME, "y"], "z"]),
    ("x(1, *y, k=2, **z)", ["call", NAME, [["const", 1], ["star", ["name", "y"]]],
                            [["k", ["const", 2]], [None, ["name", "z"]]]]),
    ("x[1:, 2]", ["index", NAME, ["tuple", [["slice", ["const", 1], None, None], ["const", 2]]]]),
    ("x[1,]", ["index", NAME, ["tuple", [["const", 1]]]]),
    ("{**x, 'a': 1}", ["dict", [[None, NAME], [["const", "a"], ["const", 1]]]]),
    ("x or x or x", ["bool", "or", [NAME, NAME, NAME]]),
    ("(x or x) or x", ["bool", "or", [["bool", "or", [NAME, NAME]], NAME]]),
    ("x < x <= x", ["cmp", NAME, [["<", NAME], ["<=", NAME]]]),
    ("x if x else x", ["if", NAME, NAME, NAME]),
    ("[x for x in x if x]", ["comp", "list", NAME, [[NAME, NAME, [NAME]]]]),
    ("{x: x for x in x}", ["comp", "dict", [NAME, NAME], [[NAME, NAME, []]]]),
    ("lambda x=1: x", ["lambda", [["x", "pos", ["const", 1], None]], NAME]),
    ("(y := x)", ["walrus", "y", NAME]),
    ("-x", ["un", "-", NAME]),
    ("x\n  + x", ["bin", "+", NAME, NAME]),
    ("await x", ["await", NAME]),
    ("[x async for x in x]", ["comp", "list", NAME, [[NAME, NAME, [], True]]]),
    ("(yield)", ["yield", None]),
    ("(yield x)", ["yield", NAME]),
    ("(yield from x)", ["yield from", NAME]),
]  # fmt: skip
if sys.version_info >= (3, 11):
    EXPRESSIONS.append(("x[*x]", ["index", NAME, ["tuple", [["star", NAME]]]]))


@pytest.mark.parametrize(("text", "facts"), EXPRESSIONS, ids=[text for text, _ in EXPRESSIONS])
def test_an_expression(text: str, facts: list[Any]) -> None:
    assert lower_expression(text).as_json() == facts
    assert value_of(f"y = (\n    {text}\n)").as_json() == facts
    assert Expr.from_json(facts) == lower_expression(text)


def value_of(text: str) -> Expr:
    """Return what a text assigns, lowered."""
    (stmt,) = lower_statements(text, 1)
    assert isinstance(stmt, Assign)
    return stmt.value


STATEMENTS: list[tuple[str, list[Any]]] = [
    ("a = b = x", ["assign", [["name", "a"], ["name", "b"]], NAME]),
    ("a, *b = x", ["assign", [["tuple", [["name", "a"], ["star", ["name", "b"]]]]], NAME]),
    ("a: x = x", ["ann", ["name", "a"], NAME, NAME]),
    ("a: x", ["ann", ["name", "a"], NAME, None]),
    ("a @= x", ["aug", ["name", "a"], "@", NAME]),
    ("x()", ["expr", ["call", NAME, [], []]]),
    ("del a, b", ["del", [["name", "a"], ["name", "b"]]]),
    ("del (a, b)", ["del", [["name", "a"], ["name", "b"]]]),
    ("assert x, 'no'", ["assert", NAME, ["const", "no"]]),
    ("raise x from None", ["raise", NAME, ["const", None]]),
    ("import a.b as c, d.e", ["import", [["c", "a.b", 0, None], ["d", "d", 0, None]]]),
    ("from . import a", ["import", [["a", "", 1, "a"]]]),
    ("global a, b", ["global", ["a", "b"]]),
    ("nonlocal a", ["nonlocal", ["a"]]),
    ("raise x from y", ["raise", NAME, ["name", "y"]]),
    ("async for a in x: pass", ["for", ["name", "a"], NAME, [], [], True]),
    ("async with x: pass", ["with", [[NAME, None]], [], True]),
    ("class A(x, *x, k=x): pass", ["class", "A", [NAME, ["star", NAME]], [["k", NAME]], [], []]),
]
if sys.version_info >= (3, 11):
    STATEMENTS.append(("try: pass\nexcept* x: pass", ["try", [], [[NAME, None, []]], [], [], True]))


@pytest.mark.parametrize(("text", "facts"), STATEMENTS, ids=[text for text, _ in STATEMENTS])
def test_a_statement(text: str, facts: list[Any]) -> None:
    (found,) = lower_statements(text, 7)
    last = text.split("\n")[-1]
    placed = [facts[0], [7, 1, 7 + text.count("\n"), len(last) + 1], *facts[1:]]
    assert found.as_json() == placed
    assert Stmt.from_json(placed) == found


PATTERNS: list[tuple[str, list[Any]]] = [
    ("1", ["value", ["const", 1]]),
    ("None", ["value", ["const", None]]),
    ("x.y", ["value", ["attr", NAME, "y"]]),
    ("_", ["as", None, None]),
    ("a", ["as", None, "a"]),
    ("[a, *b]", ["sequence", [["as", None, "a"], ["star", "b"]]]),
    ("{1: a, **b}", ["mapping", [["const", 1]], [["as", None, "a"]], "b"]),
    ("x(a, b=_)", ["class", NAME, [["as", None, "a"]], ["b"], [["as", None, None]]]),
    ("1 | 2 as a", ["as", ["or", [["value", ["const", 1]], ["value", ["const", 2]]]], "a"]),
]


@pytest.mark.parametrize(("text", "facts"), PATTERNS, ids=[text for text, _ in PATTERNS])
def test_a_pattern(text: str, facts: list[Any]) -> None:
    (found,) = lower_statements(f"match x:\n    case {text} if x: x", 1)
    body = [["expr", [2, 17 + len(text), 2, 18 + len(text)], NAME]]
    assert found.as_json() == ["match", [1, 1, 2, 18 + len(text)], NAME, [[facts, NAME, body]]]
    assert Stmt.from_json(found.as_json()) == found


def test_what_says_nothing_is_left_out() -> None:
    assert lower_statements('"""Says nothing."""\npass\n...', 1) == []


def _without_places(stmt: Any) -> Any:
    if isinstance(stmt, list) and len(stmt) > 1 and isinstance(stmt[1], list) and stmt[1][:1] != ["name"]:
        places = len(stmt[1]) == 4 and all(type(item) is int for item in stmt[1])
        return [_without_places(part) for i, part in enumerate(stmt) if not (places and i == 1)]
    return [_without_places(part) for part in stmt] if isinstance(stmt, list) else stmt


def test_statements_with_bodies() -> None:
    text = textwrap.dedent(
        """\
        if x: a()
        elif x: pass
        else: b()
        for x in x: continue
        else: c()
        while x: break
        with x as x, (x): d()
        try: e()
        except x as y: f()
        except (x, x): pass
        else: g()
        finally: h()
        """
    )

    def call(name: str) -> list[Any]:
        return ["expr", ["call", ["name", name], [], []]]

    lowered = [stmt.as_json() for stmt in lower_statements(text, 1)]
    assert _without_places(lowered) == [
        ["if", NAME, [call("a")], [["if", NAME, [], [call("b")]]]],
        ["for", NAME, NAME, [["continue"]], [call("c")]],
        ["while", NAME, [["break"]], []],
        ["with", [[NAME, NAME], [NAME, None]], [call("d")]],
        ["try", [call("e")], [[NAME, "y", [call("f")]], [["tuple", [NAME, NAME]], None, []]],
         [call("g")], [call("h")]],
    ]  # fmt: skip


def test_a_method_in_its_class() -> None:
    text = '    @x.y\n    async def ü(self, a, /, b: x = 1, *c, d, e=x, **f):\n        ä = "ö"; return ä\n'
    found = lower_function(text, 10)
    assert (found.name, found.at, found.extent) == ("ü", [11, 15, 11, 16], [10, 5, 12, 26])
    assert found.is_async
    assert found.decorators == [Attr(X, "y")]
    assert [(param.name, param.kind) for param in found.params] == [
        ("self", "pos"), ("a", "pos"), ("b", "pos"), ("c", "*"), ("d", "kw"), ("e", "kw"), ("f", "**"),
    ]  # fmt: skip
    assert [(param.default, param.annotation) for param in found.params[2:3] + found.params[5:6]] == [
        (Const(1), X), (X, None),
    ]  # fmt: skip
    assert found.body == [
        Assign([12, 9, 12, 16], [Name("ä")], Const("ö")),
        Return([12, 18, 12, 26], Name("ä")),
    ]
    assert FunctionFacts.from_json(found.as_json()) == found


def test_a_class_of_which_lines_were_left_out() -> None:
    found = lower_class("class A(x, *x, metaclass=x):\n    a = 1\n    b = 2", 5, [5, 9, 20])
    assert found.bases == [X, Star(X)]
    assert found.keywords == [Keyword("metaclass", X)]
    assert [stmt.at[0] for stmt in found.body] == [9, 20]


def test_only_the_expression_is_lost_that_nests_too_deeply() -> None:
    deep = "[" * (DEEPEST + 1) + "]" * (DEEPEST + 1)
    first, second = lower_statements(f"a = {deep}\nb = x", 1)
    assert isinstance(first, Assign)
    assert isinstance(second, Assign)
    assert first.value == Opaque("nested too deeply")
    assert second.value == X
    assert not any(isinstance(node, Opaque) for node in walk(value_of(f"a = {deep[1:-1]}")))


MANY = 1000


@pytest.mark.parametrize("word", ["and", "or"])
def test_a_long_chain_of_conditions(word: str) -> None:
    chain = f" {word} ".join(["x"] * 10 * MANY)
    assert value_of(f"a = {chain}") == Bool(word, [X for _ in range(10 * MANY)])


def test_a_long_sum() -> None:
    value: Expr = value_of("a = " + " + ".join(["x"] * MANY))
    for _ in range(MANY - 1):
        assert isinstance(value, Binary)
        assert value.right == X
        value = value.left
    assert value == X


def test_many_adjacent_strings() -> None:
    assert value_of("a = (" + "\n".join(["'b'"] * 10 * MANY) + ")") == Const("b" * 10 * MANY)
    found = value_of("a = " + " ".join(["f'{x}b{x!r}'"] * MANY))
    assert isinstance(found, FString)
    assert found.parts == [X, Const("b"), Format(X, "r", [])] * MANY


def test_long_chains_in_each_other_end_somewhere() -> None:
    text = "x"
    for _ in range(DEEPEST):
        text = "(" + " and ".join([text, *["x"] * MANY]) + ")"
    assert value_of(f"a = {text}") == Opaque("nested too deeply")


def test_many_arms() -> None:
    text = "if x: a()\n" + "elif x: a()\n" * (MANY // 2)
    (stmt,) = lower_statements(text, 1)
    for _ in range(MANY // 2):
        assert isinstance(stmt, If)
        assert [type(inner) for inner in stmt.body] == [ExprStmt]
        (stmt,) = stmt.orelse


@pytest.mark.parametrize("deep", ["x" + ".y" * 900, "x" + "()" * 900, "x" + "[0]" * 900, "-" * 900 + "x"])
def test_what_nests_in_the_source_too(deep: str) -> None:
    assert value_of(f"a = {deep}") == Opaque("nested too deeply")


def test_equal_texts_are_no_equal_functions() -> None:
    """Two functions with the same default in the same words have one each, evaluated once."""
    before = """
        def first(kept=[nn.Linear(8, 32, bias=False)]):
            return kept[0]

        def second(kept=[nn.Linear(8, 32, bias=False)]):
            return kept[0]
    """
    assert ties("self.a, self.b, self.c = first(), first(), second()", before=before) == weights("a", "b")
