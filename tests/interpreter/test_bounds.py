"""Hostile input ends, soon, and what was not reached is unknown."""

from __future__ import annotations

import time

import pytest

from tests.tiny_models import FAMILY, mapped, ties
from tie_lint.interpreter.budget import budget, class_budget
from tie_lint.interpreter.evaluator import DEEPEST_CALL, MOST_HARMLESS_STEPS, MOST_ROUNDS, MOST_STEPS

LINEAR = "nn.Linear(8, 8, bias=False)"

HOSTILE = {
    "an endless while": f"self.a = {LINEAR}\nwhile True:\n    self.b = self.a",
    "an endless while that does nothing": "while True:\n    pass",
    "a long loop": f"for i in range(10**9):\n    setattr(self, f'x{{i}}', {LINEAR})",
    "a long comprehension": f"self.a = nn.ModuleList([{LINEAR} for _ in range(10**9)])",
    "nested loops": "for i in range(5000):\n    for j in range(5000):\n        self.a = nn.Identity()",
    "a function that calls itself": "def f():\n    return f()\nself.a = f()",
    "a lambda that calls itself": "f = lambda: f()\nself.a = f()",
    "two functions that call each other": "def f():\n    return g()\ndef g():\n    return f()\nself.a = f()",
    "a module that builds itself": "self.a = Endless()",
    "a chain of properties": "self.a = Endless.again",
    "an endless generator": "self.a = nn.ModuleList(itertools.cycle([nn.Identity()]))",
}
BEFORE = """
class Endless(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = Endless()
        self.other = self.inner

    @property
    def again(self):
        return self.again
"""


@pytest.mark.parametrize("init", HOSTILE.values(), ids=HOSTILE)
def test_it_ends(init: str) -> None:
    start = time.process_time()
    ties(init, before=BEFORE)
    assert time.process_time() - start < 20


UNKNOWN = [name for name in HOSTILE if name not in ("a chain of properties", "an endless generator")]


@pytest.mark.parametrize("name", UNKNOWN)
def test_what_was_not_reached_is_unknown(name: str) -> None:
    assert ties(HOSTILE[name], before=BEFORE) is None


HARMLESS = {
    "a huge repetition": "self.n = [0] * 10**12",
    "a huge string": "self.n = 'x' * 10**12",
    "a repetition of a repetition": "n = 'x' * 10**5\nfor _ in range(60):\n    n = n + n\nself.n = n",
    "a huge power": "self.n = 9 ** 9 ** 9",
    "a large table": "self.n = [[i * j for j in range(600)] for i in range(1000)]",
    "a growing number": "n = 3\nfor _ in range(60):\n    n = n * n\nself.n = n",
    "a huge shift": "self.n = 1 << 10**9",
    "a huge product": "self.n = len(list(itertools.product(range(1000), repeat=9)))",
    "a huge tensor": "self.n = torch.linspace(0, 1, 10**12)",
    "a huge format": "self.n = '%1000000000d' % 1",
    "a long sum in a helper": (
        "def f(n):\n    s = 0\n    while n:\n        n -= 1\n        s += n\n    return s\nself.n = f(4000)"
    ),
}


@pytest.mark.parametrize("init", HARMLESS.values(), ids=HARMLESS)
def test_a_number_that_is_too_large_leaves_the_ties_known(init: str) -> None:
    start = time.process_time()
    found = ties(f"self.a = {LINEAR}\nself.b = self.a\n{init}")
    assert found == [["a.weight", "b.weight"]]
    assert time.process_time() - start < 20


TABLES = {
    "known": "[[i * j for j in range(600)] for i in range(1000)]",
    "one line": "[i * 2 for i in range(6000)]",
    "two clauses": "[i * j for i in range(600) for j in range(1000)]",
}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_a_table_that_is_too_large_is_given_up_at_once(table: str) -> None:
    """The positions of Marian are 512 rows of 1 024: all rounds that are run are for nothing."""
    assert 0 < _rounds(table) - _rounds("[]") < 100


def _rounds(table: str) -> int:
    """The rounds and calls of all runs of a model that makes a table."""
    with class_budget(float("inf")):
        found = mapped(f"class Model(TinyModel):\n{_with_table(table)}", "Model")
        assert found.input_embeddings == "embed_tokens"
        return budget()._ticks


def _with_table(table: str) -> str:
    lines = ["def __init__(self, config):", "    super().__init__(config)", f"    self.table = {table}"]
    return "\n".join(f"    {line}" for line in lines)


SMALL_TABLES = {
    "rows that grow": "[[j for j in range(i)] for i in range(90)]",
    "rows of another length each": "[[j for j in range(n)] for n in [2000] + [1] * 90]",
    "a condition": "[[j for j in range(200)] for i in range(90) if i > 85]",
    "a condition inside": "[[j for j in range(40) if i > 85] for i in range(90)]",
    "a choice": "[[j for j in range(200)] if i > 85 else i for i in range(90)]",
    "a table in the condition": "[i for i in range(90) if len([j for j in range(50)]) == 50]",
    "rows that grow, in two clauses": "[i for i in range(90) for j in range(i)]",
}


@pytest.mark.parametrize("table", SMALL_TABLES.values(), ids=SMALL_TABLES)
def test_a_table_is_known_whose_size_hangs_on_its_rows(table: str) -> None:
    init = f"self.a = {LINEAR}\nif len({table}) == {len(eval(table))}:\n    self.b = self.a"
    assert ties(init) == [["a.weight", "b.weight"]]


def test_a_class_that_is_its_own_base() -> None:
    assert (
        mapped("class A(A):\n    pass\nclass B(TinyModel):\n    pass", "B").input_embeddings == "embed_tokens"
    )


def test_a_class_that_refers_to_itself() -> None:
    text = "class A(nn.Module):\n    inner = None\nA.inner = A\nclass B(TinyModel):\n    x = A.inner"
    assert mapped(text, "B").input_embeddings == "embed_tokens"


def test_modules_that_import_each_other(tmp_path: object) -> None:
    from pathlib import Path

    from tests.tiny_models import CLASSIC
    from tie_lint.interpreter.classes import Class
    from tie_lint.library.index import library
    from tie_lint.project.project import Project
    from tie_lint.tiemap.tie_map import tie_map

    folder = Path(str(tmp_path))
    (folder / "__init__.py").write_text("")
    (folder / "one.py").write_text("from .two import X, Two\nclass One(Two):\n    pass\n")
    (folder / "two.py").write_text("from .one import X, One\n" + FAMILY + "class Two(TinyModel):\n    pass\n")
    project = Project(library(CLASSIC, installed=False))
    scope = project.file(folder / "one.py")
    cls = scope.lookup("One")
    assert isinstance(cls, Class)
    assert tie_map(project.interpreter, cls).input_embeddings == "embed_tokens"
    assert scope.lookup("X") is not cls


def test_the_names_below_a_module_that_holds_itself_have_no_end() -> None:
    assert ties(f"self.a = nn.Module()\nself.a.b = self.a\nself.a.c = {LINEAR}\nself.d = self.a.c") is None


def test_the_bounds_are_the_documented_ones() -> None:
    assert (MOST_STEPS, MOST_HARMLESS_STEPS, MOST_ROUNDS, DEEPEST_CALL) == (500_000, 10_000, 5_000, 90)
