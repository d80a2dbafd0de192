"""`# noqa`, as flake8 reads it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Write
from tests.examples import BAD
from tie_lint.api import Configuration, check_paths
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
        "# noqa: TIE",
        "# noqa: E501,TIE001",
        "# noqa: E501, TIE001 because the head is shared elsewhere",
        "# noqa: E501 TIE001",
        "# noqa : E501",
    ],
)
def test_the_comment_silences_its_line(comment: str) -> None:
    assert silenced(f"a = 1\nb = 2  {comment}\nc = 3\n") == [2]


@pytest.mark.parametrize(
    "comment", ["# noqa: TIE002", "# noqa: tie001", "# noqa: E501", "#noqa", "# no qa", "'# noq'"]
)
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
    assert silenced("# flake8: noqa: TIE002\na = 1\n") == [1, 2, 3], "flake8 knows no codes for files"
    assert silenced("a = 1  # flake8: noqa\n") == []
    assert silenced("# tie-lint: ignore-file\na = 1\n") == [1, 2, 3]
    assert silenced("x = 1\n# tie-lint: ignore-file[TIE002, TIE0]\n") == [1, 2, 3]
    assert silenced("# tie-lint: ignore-file[TIE002]\na = 1\n") == []
    assert silenced("a = 1  # tie-lint: ignore-file\n") == []


@pytest.mark.parametrize(
    ("comment", "lines"),
    [
        ("# tie-lint: ignore", [2]),
        ("# tie-lint: ignore[TIE001]", [2]),
        ("# tie-lint:ignore[TIE002,TIE001]", [2]),
        ("# tie-lint: ignore[tie0]", [2]),
        ("# tie-lint: ignore[TIE002]", []),
        ("# tie-lint: ignored", []),
        ("# tie-lint: ignore[TIE001", []),
        ("# type: ignore", []),
        ("# type: ignore  # tie-lint: ignore[TIE001]", [2]),
        ("# noqa: E501  # tie-lint: ignore[TIE001]", [2]),
    ],
)
def test_the_tool_s_own_comment(comment: str, lines: list[int]) -> None:
    assert silenced(f"a = 1\nb = 2  {comment}\nc = 3\n") == lines


SPELLINGS = [
    *("# noqa", "# NOQA", "#noqa", "# noqa:TIE001", "# noqa: TIE001", "# noqa:  TIE001", "# noqa : TIE002"),
    *("# noqa: TIE", "# noqa: TIE002", "# noqa: TIE002,TIE001", "# noqa: TIE002 TIE001", "# noqa: tie001"),
    *("# noqa: E501TIE001", "# noqa: TIE001 why", "# noqa: why TIE001", "# noqa:TIE002,", "# noqa TIE002"),
    *(
        "# a # noqa: TIE001",
        "# noqa: TIE0",
        "# noqa: TIE002,\tTIE001",
        "## noqa",
        "# no qa",
        "# noqa:E,TIE001",
    ),
]
FILE_SPELLINGS = [
    *(
        "# flake8: noqa",
        "# flake8:noqa",
        "# flake8= noqa",
        "# FLAKE8: NOQA",
        "#flake8: noqa",
        "   # flake8: noqa",
    ),
    *("# flake8: noqa: TIE002", "# flake8: noqa because", "x = 1  # flake8: noqa", "# flake8 noqa"),
]


def test_every_spelling_is_read_as_flake8_reads_it(write: Write) -> None:
    """The comments stand where both look: on the line of the class, and on lines of their own."""
    pytest.importorskip("flake8")
    header = "class AcmeForCausalLM(GemmaPreTrainedModel):"
    for number, spelling in enumerate(SPELLINGS):
        write(f"inline{number:02}.py", BAD.replace(header, f"{header}  {spelling}"))
    for number, spelling in enumerate(FILE_SPELLINGS):
        write(f"whole{number:02}.py", f"{spelling}\n{BAD}")
    report = check_paths(["."], Configuration(transformers="5.23.0"))
    ours = {finding.path for finding in report.findings}
    # Not the plugin, which reads comments itself: a plugin that reports a class on its line and no more.
    write("local.py", PLUGIN)
    write(".flake8", "[flake8:local-plugins]\nextension =\n    TIE0 = local:Plugin\npaths = .\n")
    command = [
        sys.executable,
        "-m",
        "flake8",
        "--config=.flake8",
        "--select=TIE001",
        ".",
    ]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    theirs = {Path(line.partition(":")[0]).name for line in run.stdout.splitlines() if "told" in line}
    names = {
        *(path.name for path in Path().glob("inline*.py")),
        *(path.name for path in Path().glob("whole*.py")),
    }
    assert {name for name in names if name in theirs} == {name for name in names if name in ours}
    assert 5 < len(theirs) < len(names) - 5


PLUGIN = """
import ast


class Plugin:
    name, version = "local", "1"

    def __init__(self, tree):
        self.tree = tree

    def run(self):
        for node in self.tree.body:
            if isinstance(node, ast.ClassDef) and node.name.startswith("Acme"):
                yield node.lineno, 6, "TIE001 told", type(self)
"""


def unused(text: str, *asked: str) -> list[tuple[int, tuple[str, ...]]]:
    """The comments that silence nothing but TIE001 on line 1."""
    comments = NoqaComments(text)
    comments.silences("TIE001", 1)
    asked = asked or ("TIE001", "TIE002", "TIE")
    return [(one.comment.line, one.codes) for one in comments.unused(lambda code: code in asked)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a = 1  # noqa: TIE001\n", []),
        ("a = 1  # noqa: TIE001, TIE002\n", [(1, ("TIE002",))]),
        ("a = 1\nb = 1  # noqa: TIE001\n", [(2, ("TIE001",))]),
        ("a = 1\nb = 1  # noqa\n", []),
        ("a = 1\nb = 1  # noqa: E501\n", []),
        ("a = 1\nb = 1  # tie-lint: ignore\n", [(2, ())]),
        ("a = 1\n# tie-lint: ignore-file[TIE002]\n", [(2, ("TIE002",))]),
        ("# tie-lint: ignore-file\n", []),
        ("# flake8: noqa\nb = 1  # noqa: TIE003\n", []),
    ],
)
def test_what_silences_nothing(text: str, found: list[tuple[int, tuple[str, ...]]]) -> None:
    assert unused(text) == found


def test_text_that_does_not_tokenize_is_read_line_by_line() -> None:
    assert silenced("class A(B):  # noqa\n    x = (\n") == [1]
