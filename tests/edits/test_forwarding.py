"""Methods that are made to pass their arguments on; all else of them stays."""

from __future__ import annotations

import pytest

from tie_lint.edits.edit import apply
from tie_lint.edits.override import pass_arguments_on
from tie_lint.edits.source import Source


def rewritten(method: str) -> str:
    source = Source(f"class A(B):\n{method}\n    x = 1\n")
    edits = pass_arguments_on(source, source.classes[0], "tie_weights")
    text = apply(source.text, edits)
    assert text.startswith("class A(B):\n")
    assert text.endswith("\n    x = 1\n")
    return text.removeprefix("class A(B):\n").removesuffix("\n    x = 1\n")


PLAIN = """\
    def tie_weights(self):
        super().tie_weights()"""
LAID_OUT = """\
    @decorated  # above
    def tie_weights( self ) -> None:  # one
        '''
  a
'''
        # two
        self.a()  ;  super().tie_weights( )  # three"""
INNER = """\
    def tie_weights(
        self,  # me
    ):
        def tie_weights(x):
            super().tie_weights()"""
CALLED = "super().tie_weights(*args, **kwargs)"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (PLAIN, PLAIN.replace("(self", "(self, *args, **kwargs").replace("super().tie_weights()", CALLED)),
        (
            LAID_OUT,
            LAID_OUT.replace("( self )", "( self,  *args, **kwargs)").replace("( )", "( *args, **kwargs)"),
        ),
        (INNER, INNER.replace("    ):", "    *args, **kwargs):").replace("super().tie_weights()", CALLED)),
    ],
)
def test_comments_and_layout_stay(before: str, after: str) -> None:
    assert rewritten(before) == after


def test_line_ends_stay() -> None:
    source = Source("class A(B):\r\n    def tie_weights(self):\r\n        super().tie_weights()\r\n")
    text = apply(source.text, pass_arguments_on(source, source.classes[0], "tie_weights"))
    assert text.count("\r\n") == text.count("\n") == 3


@pytest.mark.parametrize(
    "expression",
    [
        " and ".join(["a"] * 1600),
        "+".join("a" * 4900),
        "''" * 4900,
        "a" + ".a" * 4900,
        "a" + "()" * 4900,
        "\n ".join(["a"] * 4900),
        "-" * 4900 + "a",
    ],
)
def test_what_nests_too_deeply_is_left_alone(expression: str) -> None:
    try:
        source = Source(f"class A(B):\n    def tie_weights(self):\n        ({expression})\n")
    except Exception:
        return
    assert pass_arguments_on(source, source.classes[0], "tie_weights") == []


def test_a_long_method_is_left_alone() -> None:
    body = "        self.a = 1\n" * 1000
    source = Source(f"class A(B):\n    def tie_weights(self):\n{body}")
    assert pass_arguments_on(source, source.classes[0], "tie_weights") == []
