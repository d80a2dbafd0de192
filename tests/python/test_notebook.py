"""A notebook as one text of Python, and back."""

from __future__ import annotations

import ast
import json

import pytest

from tie_lint.python.cells import Place
from tie_lint.python.notebook import Notebook
from tie_lint.python.text import UnreadableSourceError


def notebook(*sources: str | list[str], language: str = "python") -> bytes:
    cells: list[object] = [{"cell_type": "code", "metadata": {}, "source": source} for source in sources]
    about = {"language_info": {"name": language}}
    return json.dumps({"cells": cells, "metadata": about, "nbformat": 4}, indent=1).encode()


def code(source: str) -> str:
    """The Python of a notebook with one cell, without the line above it."""
    text = Notebook(notebook(source)).cells.text
    ast.parse(text)
    return text.partition("\n")[2].removesuffix("\n")


@pytest.mark.parametrize(
    "source",
    [
        "a != b",
        "s = '''\n%no magic\n!none\n'''",
        "z = (1\n % 2)",
        "print('what?')  # is it?",
        "await q\nasync for x in y: pass",
        "x = (y\n  != z)",
    ],
)
def test_python_stays_as_it_is(source: str) -> None:
    assert code(source) == source


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("%matplotlib inline\nx = 1", ["pass", "x = 1"]),
        ("!ls \"it's (\nx = 1", ["pass", "x = 1"]),
        ("!pip install \\\n  acme\nx = 1", ["pass", "#", "x = 1"]),
        ("files = !ls\nmodel?\nmodel.forward??\n?model", ["pass"] * 4),
        ("if x:\n    %time y\nelse:\n    z", ["if x:", "    pass", "else:", "    z"]),
        ("pip install -q acme\ntime = 1\ncd ..", ["pass", "time = 1", "pass"]),
        (",print a b\n;print a b\n/print a, b", ["pass"] * 3),
        ("%%bash\necho (\n", ["#"] * 3),
        ("%%time\nx = 1", ["pass", "x = 1"]),
        ("s = '''\n%a\n'''\n%b", ["s = '''", "%a", "'''", "pass"]),
    ],
)
def test_what_only_ipython_understands_is_hidden_and_comes_back(source: str, shown: list[str]) -> None:
    seen = [line.partition("# cell")[0].rstrip() or line[:1] for line in code(source).split("\n")]
    assert seen == shown
    data = notebook(source, source.splitlines(keepends=True))
    assert Notebook(data).with_text(Notebook(data).cells.text).encode() == data


def test_lines_are_counted_in_their_cell() -> None:
    found = Notebook(notebook("a\nb", [], "c\n")).cells
    where = {line: found.place(number) for number, line in enumerate(found.text.split("\n"), 1)}
    assert [where[name] for name in "abc"] == [Place(1, 1), Place(1, 2), Place(3, 1)]
    assert found.source(3) == "c\n"


def test_only_the_cells_that_changed_are_written_and_lines_keep_their_spelling() -> None:
    data = notebook("a = 'é'\n", ["x = 1\n", "y = 2"], "z = '\u2603'\n").replace(b'"y = 2"', b'"\\u0079 = 2"')
    changed = Notebook(data).cells.text.replace("x = 1\n", "x = 1\nw = 'é'\n")
    expected = data.replace(b'"x = 1\\n",\n', b'"x = 1\\n",\n    "w = \'\xc3\xa9\'\\n",\n')
    assert Notebook(data).with_text(changed).encode() == expected


@pytest.mark.parametrize("source", ["x = 1\n# cell 7\ny = 2", "# cell-\n# cell 1\n"])
def test_comments_that_look_like_the_lines_between_cells_are_the_author_s(source: str) -> None:
    found = Notebook(notebook(source, source)).cells
    assert found.sources(found.text) == {1: source, 2: source}


def test_a_text_that_lost_a_line_between_cells_is_not_taken_apart() -> None:
    found = Notebook(notebook("x", "y"))
    with pytest.raises(ValueError, match="told apart"):
        found.with_text(found.cells.text.replace("# cell 2\n", ""))


def test_code_of_another_language_is_none() -> None:
    assert not Notebook(notebook("x <- 1", language="R")).cells.text


@pytest.mark.parametrize(
    "data",
    [
        b"{",
        b"[]",
        b"\xff",
        b'{"worksheets": []}',
        b'{"cells": [{"cell_type": "code"}]}',
        b'{"cells": [{"cell_type": "code", "source": 5}]}',
        b'{"cells": [{"cell_type": "code", "source": ["x", 5]}]}',
        b'{"cells": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    ],
)
def test_what_is_no_notebook_is_told(data: bytes) -> None:
    with pytest.raises(UnreadableSourceError, match="not a notebook"):
        Notebook(data)


def test_the_last_of_equal_names_counts_as_it_does_for_json() -> None:
    data = b'{"cells": 1, "cells": [7, {"cell_type": "code", "source": "", "source": ["a = 1"]}]}'
    assert Notebook(data).cells.sources(Notebook(data).cells.text) == {2: "a = 1"}
    assert Notebook(data).with_text(Notebook(data).cells.text.replace("1", "2")) == (
        data.decode().replace("a = 1", "a = 2")
    )
