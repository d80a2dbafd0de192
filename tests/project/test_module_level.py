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


@pytest.mark.parametrize(
    ("definitions", "expression"),
    [
        ("a = 5\nb = a\na = 6", "b == 5"),
        ("a = 5\nb = [a]\na = 6", "b == [5]"),
        ("a = 5\ndef f(): return a\nb = f()\na = 6", "b == 5"),
        ("a = 5\ndef f(b=a): return b\na = 6", "f() == 5"),
        ("a = 5\nf = lambda b=a: b\na = 6", "f() == 5"),
        ("a = 5\nclass A:\n    x = a\na = 6", "A.x == 5"),
        ("x, y = 1, 2\nx, y = y, x", "(x, y) == (2, 1)"),
        ("a = [1]\nb = list(a)\na.append(2)", "b == [1]"),
        ("a = [1]\nb = len(a)\na.append(2)", "b == 1"),
        ("d = {'a': 1}\nb = d['a']\nd['a'] = 2", "b == 1"),
        ("d = {'a': 1}\nb = {**d}\nd['b'] = 2", "b == {'a': 1}"),
        ("a = [3, 1]\na.sort()\nb = a[0]\na.reverse()", "(a, b) == ([3, 1], 1)"),
    ],
)
def test_what_was_read_before_a_change_is_unknown(definitions: str, expression: str) -> None:
    assert holds("pass", expression, f"{definitions}\n") is None


@pytest.mark.parametrize(
    ("definitions", "expression"),
    [
        ("a = b = []\na.append(1)", "b == [1]"),
        ("d = {'a': []}\ne = d['a']\ne.append(1)", "d == {'a': [1]}"),
        ("d = {'a': []}\ne = dict(d)\ne['a'].append(1)", "d == {'a': [1]}"),
        ("a = []\nfor x in (a,):\n    x.append(1)", "a == [1]"),
        ("a = []\nadd = a.append\nadd(1)", "a == [1]"),
        ("a = []\n[a.append(i) for i in range(2)]", "a == [0, 1]"),
        ("a = []\nb = a.append(1) or 3", "a == [1]"),
        ("a = []\ndef f(x=a.append(1)): pass", "a == [1]"),
        ("a = []\nclass A:\n    x = a.append(1)", "a == [1]"),
        ("x = []\ndef f(v):\n    v.append(1)\n    return v\ny = f(x)", "x == [1]"),
        ("def f(v, seen=[]):\n    seen.append(v)\n    return seen\nx = f(1)\ny = f(2)", "len(x) == 2"),
    ],
)
def test_what_is_changed_by_another_name_is_unknown(definitions: str, expression: str) -> None:
    assert holds("pass", expression, f"{definitions}\n") is None


@pytest.mark.parametrize(
    ("definitions", "expression"),
    [
        ("x = 1\ndef f():\n    global x\n    x = 2\nf()", "x == 2"),
        ("n = 0\ndef f():\n    global n\n    n += 1\n    return n\na = f()\nb = f()", "(b, a) == (2, 1)"),
        ("it = iter([1, 2])\na = next(it)\nb = next(it)", "(b, a) == (2, 1)"),
        ("g = (i for i in range(3))\na = list(g)\nb = list(g)", "(len(b), len(a)) == (0, 3)"),
        ("from itertools import count\nc = count()\na = next(c)\nb = next(c)", "(b, a) == (1, 0)"),
        ("x = 1\nglobals()['x'] = 3", "x == 3"),
        ("x = 1\nglobals().update(x=3)", "x == 3"),
    ],
)
def test_what_hangs_on_when_it_is_made_is_unknown(definitions: str, expression: str) -> None:
    assert holds("pass", expression, f"{definitions}\n") is None


@pytest.mark.parametrize(
    ("definitions", "expression"),
    [
        ("x = 1\nx = x + 1\ny = x", "(x, y) == (2, 2)"),
        ("a = []\nb = a\na.append(1)", "b == [1]"),
        ("a = {'a': 1}\nb = dict(a)\nb['x'] = 1\nb.update(y=2)", "(a, b) == ({'a': 1}, dict(a=1, x=1, y=2))"),
        ("import copy\na = {'a': {}}\nb = copy.deepcopy(a)\nb['a']['b'] = 2", "a == {'a': {}}"),
        ("if len('a') == 1:\n    x = 1\n    y = x\nelse:\n    x = 2\n    y = x", "y == 1"),
        ("try:\n    import json\n    a = 1\nexcept ImportError:\n    a = 2\nb = a", "b == 1"),
        ("a = {'a': 1}\nfor k, v in a.items():\n    a[k] = v + 1", "a == {'a': 2}"),
        ("def make(n):\n    out = []\n    out.append(n)\n    return out\na = make(1)", "a == [1]"),
        ("d = {}\ndef put(k):\n    d[k] = 1\nput('a')\nput('b')", "d == {'a': 1, 'b': 1}"),
        ("f = lambda x: x + n\nn = 2\nv = f(1)", "v == 3"),
        ("class A:\n    x = 1\ndel A.x", "not hasattr(A, 'x')"),
    ],
)
def test_what_hangs_on_no_order_is_known(definitions: str, expression: str) -> None:
    assert holds("pass", expression, f"{definitions}\n") is True
