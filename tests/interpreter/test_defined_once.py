"""Functions are defined once, with their defaults; iterators hand out once."""

from __future__ import annotations

import pytest

from tests.interpreter.in_python import holds


@pytest.mark.parametrize(
    ("body", "expression"),
    [
        ('z = zip([1, 2, 3], "ab")\nr = (list(z), list(z))', "r == ([(1, 'a'), (2, 'b')], [])"),
        ("it = iter([1, 2, 3])\nr = [(a, b) for a, b in zip(it, it)]", "r == [(1, 2)]"),
        ("it = iter(range(5))\nr = (next(it), list(it), list(it))", "r == (0, [1, 2, 3, 4], [])"),
        ('e = enumerate("ab", 1)\nr = (next(e), list(e))', "r == ((1, 'a'), [(2, 'b')])"),
        ("r = list(reversed([1, 2, 3]))", "r == [3, 2, 1]"),
        ("fs = [lambda: i for i in range(3)]\nr = [f() for f in fs]", "r == [2, 2, 2]"),
        ("fs = [lambda i=i: i for i in range(3)]\nr = [f() for f in fs]", "r == [0, 1, 2]"),
        (
            "fs = []\nfor i in range(3):\n    def f(): return i\n    fs.append(f)\nr = [f() for f in fs]",
            "r == [2, 2, 2]",
        ),
        ("def f(x, acc=[]):\n    acc.append(x)\n    return acc\nf(1); r = f(2)", "r == [1, 2]"),
        (
            'def f(x, acc={}):\n    acc[x] = len(acc)\n    return dict(acc)\nf("a"); r = f("b")',
            "r == {'a': 0, 'b': 1}",
        ),
        (
            'from collections import OrderedDict\nd = OrderedDict(a=1, b=2)\nd.move_to_end("a")\nr = list(d)',
            "r == ['b', 'a']",
        ),
        ("a = 5\ndef f(a=a): return a\na = 6\nr = f()", "r == 5"),
        ("g = (i for i in range(3))\na = list(g)", "list(g) == []"),
        ("m = map(str, [1])\na = list(m)", "list(m) == []"),
        ("f = filter(None, [1])\na = list(f)", "list(f) == []"),
        ("r = reversed([1, 2])\na = next(r)", "(a, list(r)) == (2, [1])"),
        ("def f(a, b=[1].pop()): return b", "f(0) == 1"),
        ("x = 1\ndef f(b=x): return b\nx = 2", "f() == 1"),
        ("x = 1\nf = lambda *, b=x: b\nx = 2", "f() == 1"),
        ("def f(): pass\nfrom types import FunctionType", "isinstance(f, FunctionType)"),
        ("from collections.abc import Callable\ndef f(): pass", "isinstance(f, Callable)"),
        ("from collections.abc import Callable\na = isinstance(3, Callable)", "not a"),
        ("class K: pass", "isinstance(K, type)"),
        ("class K: pass", "issubclass(K, object)"),
        ("class K: pass\na = isinstance(K(), type)", "not a"),
    ],
)
def test_it_is_as_in_python(body: str, expression: str) -> None:
    assert holds(body, expression) is True
