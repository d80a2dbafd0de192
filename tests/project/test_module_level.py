"""Statements of a module that change what its names mean."""

from __future__ import annotations

import pytest

from tests.interpreter.in_python import holds


@pytest.mark.parametrize(
    ("definitions", "expression"),
    [
        ("x = 1\nx += 1", "x == 2"),
        ("x = 'a'\nx *= 3", "x == 'aaa'"),
        ("x = (1,)\nx += (2,)", "x == (1, 2)"),
        ("x = y = 3\nx += 1", "(x, y) == (4, 3)"),
        ("d = {}\nd |= {'a': 1}", "d == {'a': 1}"),
        ("d = {'a': []}\nd['a'].append(1)", "d == {'a': [1]}"),
        ("d = {'a': {}}\nd['a']['b'] = 1", "d == {'a': {'b': 1}}"),
        ("d = {}\nd.setdefault('a', []).append(1)", "d == {'a': [1]}"),
        ("d = {'a': 1}\ndel d['a']", "d == {}"),
        ("a = [1, 2]\ndel a[0]", "a == [2]"),
        ("a = [1, 2, 3]\na[1:2] = []", "a == [1, 3]"),
        ("a = [1, 2, 3]\na[0], a[1] = a[1], a[0]", "a == [2, 1, 3]"),
        ("a = [[0], [0]]\na[0][0] = 1", "a == [[1], [0]]"),
        ("x = 1\nfor i in range(3):\n    x += i", "x == 4"),
        ("x = 0\nwhile x < 3:\n    x += 1", "x == 3"),
        ("x = []\nfor i in range(3):\n    if i != 1:\n        x.append(i)", "x == [0, 2]"),
        ("x = []\nfor i in range(2):\n    x.append(i)\n    x.append(i)", "x == [0, 0, 1, 1]"),
        ("class A:\n    n = 0\nA.n += 5", "A.n == 5"),
        ("class A:\n    d = {}\nA.d['a'] = 1", "A.d == {'a': 1}"),
        ("class A:\n    def __init__(self): self.x = []\na = A()\na.x.append(2)", "a.x == [2]"),
        ("class A:\n    def __init__(self): self.x = 1\na = A()\na.x += 2", "a.x == 3"),
    ],
)
def test_it_is_as_in_python(definitions: str, expression: str) -> None:
    assert holds("pass", expression, f"{definitions}\n") is True


@pytest.mark.parametrize("change", ["x.append(1)", "x += [1]", "x[:] = [1]", "del x[0]"])
def test_what_may_have_changed_is_unknown(change: str) -> None:
    definitions = f"import os\nx = [2]\nif os.getpid():\n    {change}\n"
    assert holds("pass", "x is not None", definitions) is None
