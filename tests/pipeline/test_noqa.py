"""`# noqa`, as flake8 reads it."""

from __future__ import annotations

import pytest

from tie_lint.pipeline.noqa import NoqaComments


def silenced(text: str, code: str = "TIE001") -> list[int]:
    """The lines on which the code is silenced."""
    suppressions = NoqaComments(text)
    return [line for line in range(1, text.count("\n") + 2) if suppressions.silences(code, line)]


@pytest.mark.parametrize(
    "comment",
    [
        "# noqa",
        "# NoQA",
        "#  comes before  # noqa",
        "# noqa: TIE001",
        "# noqa:TIE001",
        "# noqa: tie001",
        "# noqa: TIE",
        "# noqa: E501,TIE001",
        "# noqa: E501, TIE001 because the head is shared elsewhere",
        "# noqa: E501 TIE001",
        "# noqa : E501",
    ],
)
def test_the_comment_silences_its_line(comment: str) -> None:
    assert silenced(f"a = 1\nb = 2  {comment}\nc = 3\n") == [2]


@pytest.mark.parametrize("comment", ["# noqa: TIE002", "# noqa: E501", "#noqa", "# no qa", "'# noq'"])
def test_other_comments_silence_nothing(comment: str) -> None:
    assert silenced(f"a = 1  {comment}\n") == []


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("class A(\n    B,  # noqa\n):\n    x = 1\n", [1, 2, 3]),
        ("class A(\n    B,\n):  # noqa: TIE001\n    x = 1\n", [1, 2, 3]),
        ("keys = {\n    1: 2,\n    3: 4,\n}  # noqa\nother = 5\n", [1, 2, 3, 4]),
        ('text = """\n"""  # noqa\n', [1, 2]),
        ("total = 1 + \\\n    2  # noqa\n", [1, 2]),
        ("# noqa\nclass A(B):\n    x = 1\n", []),
        ("@decorated\nclass A(B):  # noqa\n    x = 1\n", [2]),
        ("def f():\n    # noqa\n    x = 1\n", []),
        ("a = 1  # noqa\r\nb = 2\r\n", [1]),
    ],
)
def test_the_comment_counts_for_its_whole_statement(text: str, lines: list[int]) -> None:
    assert silenced(text) == lines


def test_a_whole_file() -> None:
    assert silenced("# flake8: noqa\na = 1\nb = 2\n") == [1, 2, 3, 4]
    assert silenced("# flake8: noqa: TIE001\na = 1\n") == [1, 2, 3]
    assert silenced("# flake8: noqa: TIE002\na = 1\n") == []
    assert silenced("a = 1  # flake8: noqa\n") == []


def test_text_that_does_not_tokenize_is_read_line_by_line() -> None:
    assert silenced("class A(B):  # noqa\n    x = (\n") == [1]
