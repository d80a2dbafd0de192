"""What becomes of source text: statements with their places, and expressions."""

from __future__ import annotations

import ast
import textwrap
from typing import Any

import pytest

from tests.tiny_models import ties, weights
from tie_lint.python.facts import Expr
from tie_lint.python.visitor import (
    DEEPEST,
    TooDeepError,
    lower_class,
    lower_expression,
    lower_function,
    lower_statements,
)

NAME: Expr = ["name", "x"]

EXPRESSIONS: list[tuple[str, Expr]] = [
    ("x", NAME),
    ("None", ["const", None]),
    ("1_000", ["const", 1000]),
    ("1.5", ["const", 1.5]),
    ("'a' 'b'", ["fstr", [["const", "a"], ["const", "b"]]]),
    ("f'a{x}b'", ["fstr", [["const", "a"], NAME, ["const", "b"]]]),
    ("f'{x!r}'", ["fstr", [["opaque", "format"]]]),
    ("b'a'", ["opaque", "bytes"]),
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
    ("await x", ["opaque", "Await"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "facts"), EXPRESSIONS, ids=[text for text, _ in EXPRESSIONS])
def test_an_expression(text: str, facts: Expr) -> None:
    assert lower_expression(text) == facts
    assert lower_statements(f"y = (\n    {text}\n)", 1)[0][3] == facts


STATEMENTS: list[tuple[str, list[Any]]] = [
    ("a = b = x", ["assign", [["name", "a"], ["name", "b"]], NAME]),
    ("a, *b = x", ["assign", [["tuple", [["name", "a"], ["star", ["name", "b"]]]]], NAME]),
    ("a: x = x", ["ann", ["name", "a"], NAME, NAME]),
    ("a: x", ["ann", ["name", "a"], NAME, None]),
    ("a @= x", ["aug", ["name", "a"], "@", NAME]),
    ("x()", ["expr", ["call", NAME, [], []]]),
    ("del a, b", ["del", [["name", "a"], ["name", "b"]]]),
    ("del (a, b)", ["del", [["name", "a"], ["name", "b"]]]),
    ("assert x, 'no'", ["assert", NAME]),
    ("raise x from None", ["raise", NAME]),
    ("import a.b as c, d.e", ["import", [["c", "a.b", 0, None], ["d", "d", 0, None]]]),
    ("from . import a", ["import", [["a", "", 1, "a"]]]),
    ("global a", ["opaque", "Global"]),
    ("match x:\n    case _: pass", ["opaque", "Match"]),
]


@pytest.mark.parametrize(("text", "facts"), STATEMENTS, ids=[text for text, _ in STATEMENTS])
def test_a_statement(text: str, facts: list[Any]) -> None:
    (found,) = lower_statements(text, 7)
    last = text.split("\n")[-1]
    assert found == [facts[0], [7, 1, 7 + text.count("\n"), len(last) + 1], *facts[1:]]


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

    assert _without_places(lower_statements(text, 1)) == [
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
    assert found.decorators == [["attr", NAME, "y"]]
    assert [param[:2] for param in found.params] == [
        ["self", "pos"], ["a", "pos"], ["b", "pos"], ["c", "*"], ["d", "kw"], ["e", "kw"], ["f", "**"],
    ]  # fmt: skip
    assert [param[2:] for param in found.params[2:3] + found.params[5:6]] == [
        [["const", 1], NAME], [NAME, None],
    ]  # fmt: skip
    assert found.body == [
        ["assign", [12, 9, 12, 16], [["name", "ä"]], ["const", "ö"]],
        ["return", [12, 18, 12, 26], ["name", "ä"]],
    ]


def test_a_class_of_which_lines_were_left_out() -> None:
    found = lower_class("class A(x, *x, metaclass=x):\n    a = 1\n    b = 2", 5, [5, 9, 20])
    assert found.bases == [NAME, ["star", NAME]]
    assert found.keywords == [["metaclass", NAME]]
    assert [stmt[1][0] for stmt in found.body] == [9, 20]


def test_too_deep_for_the_native_parser() -> None:
    with pytest.raises(TooDeepError):
        lower_statements("a = " + "[" * DEEPEST + "]" * DEEPEST, 1)


def test_what_others_hang_on_shared_nodes_does_not_matter() -> None:
    """Older releases of pyflakes note each node's parent, and all trees of a process share ``ast.Load()``."""
    (context,) = [node for node in ast.walk(ast.parse("x")) if isinstance(node, ast.Load)]
    context.parent = ast.parse("a = " + "[" * DEEPEST + "]" * DEEPEST)  # type: ignore[attr-defined]
    try:
        assert lower_statements("a = x", 1)[0][3] == NAME
    finally:
        del context.parent  # type: ignore[attr-defined]


def test_equal_texts_are_no_equal_functions() -> None:
    """Two functions with the same default in the same words have one each, evaluated once."""
    before = """
        def first(kept=[nn.Linear(8, 32, bias=False)]):
            return kept[0]

        def second(kept=[nn.Linear(8, 32, bias=False)]):
            return kept[0]
    """
    assert ties("self.a, self.b, self.c = first(), first(), second()", before=before) == weights("a", "b")
