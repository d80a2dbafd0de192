"""Edits of a text."""

from __future__ import annotations

import ast

import pytest

from tie_lint.edits.edit import Places, apply
from tie_lint.edits.source import Source
from tie_lint.finding import Edit


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_other_character_stays(newline: str) -> None:
    text = newline.join(["ä = 1  # ünï", "\tb = 2\x0c", "c"])
    edits = [Edit(1, 5, 1, 6, "10"), Edit(3, 2, 3, 2, "!")]
    assert apply(text, edits) == newline.join(["ä = 10  # ünï", "\tb = 2\x0c", "c!"])


def test_an_edit_over_several_lines() -> None:
    assert apply("a\nb\nc\n", [Edit(1, 2, 3, 1, "-")]) == "a-c\n"


def test_the_same_edit_twice_is_made_once() -> None:
    edit = Edit(1, 1, 1, 1, "x")
    assert apply("a", [edit, edit]) == "xa"


@pytest.mark.parametrize(
    ("one", "other", "answer"),
    [
        (Edit(1, 1, 1, 3, "x"), Edit(1, 4, 1, 5, "y"), False),
        (Edit(1, 1, 1, 3, "x"), Edit(1, 3, 1, 5, "y"), True),
        (Edit(2, 1, 2, 1, "x"), Edit(2, 1, 2, 1, "y"), True),
        (Edit(2, 1, 2, 1, "x"), Edit(2, 1, 2, 1, "x"), False),
        (Edit(1, 1, 4, 1, "x"), Edit(2, 1, 2, 9, "y"), True),
    ],
)
def test_overlap(one: Edit, other: Edit, answer: bool) -> None:
    for first, second in ((one, other), (other, one)):
        places = Places()
        places.add([first])
        assert places.overlap([second]) is answer


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_something_can_be_inserted_after_a_statement_that_goes(newline: str) -> None:
    text = newline.join(["def f():", "    a = 1", "    b = 2  # gone", "", "", "c = 3", ""])
    source = Source(text)
    (function,) = (node for node in source.tree.body if isinstance(node, ast.FunctionDef))
    edits = [source.remove(function.body[1]), source.insert_after(3, "    # after")]
    expected = newline.join(["def f():", "    a = 1", "    # after", "", "", "c = 3", ""])
    assert apply(text, edits) == expected
