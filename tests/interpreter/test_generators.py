"""Generators, iterators and contexts do what Python's do: each snippet is run by both."""

from __future__ import annotations

import textwrap

import pytest

from tests.interpreter.test_as_python_does import followed, run_by_python
from tests.tiny_models import FAMILY, built, ties, weights
from tie_lint.interpreter.base_values import Unknown

GENERATORS = {
    "values, in order": "def g():\n    yield 1\n    yield 2\ndef f():\n    return list(g()), [*g()]",
    "no more than is asked for": """
def g(done):
    done.append("a")
    yield 1
    done.append("b")
    yield 2
    done.append("c")
def f():
    done = []
    it = g(done)
    first = next(it)
    before = [*done]
    second = next(it)
    return first, before, second, done, next(it, "end"), done
""",
    "nothing that is not asked for": """
def g(done):
    done.append("a")
    yield 1
def f():
    done = []
    g(done)
    return done
""",
    "in turns with who asks": """
def g(seen):
    for i in range(4):
        seen.append(("made", i))
        yield i
def f():
    seen = []
    for x in g(seen):
        seen.append(("used", x))
        if x == 2:
            break
    return seen
""",
    "without an end": """
import itertools
def count(n):
    while True:
        yield n
        n += 1
def f():
    it = count(3)
    pairs = list(zip("abc", it))
    some = list(itertools.islice(it, 2))
    for x in it:
        if x > 11:
            break
    return pairs, some, x, next(it), list(zip(itertools.count(), "xy"))
""",
    "enumerate, chain, star, unpacking, dict": """
import itertools
def g():
    yield from "ab"
def f():
    a, b = g()
    first, *rest = g()
    return (list(enumerate(g(), 1)), a, b, first, rest, [*g()], dict(enumerate(g())),
            list(itertools.chain(g(), [1], g())), list(itertools.chain.from_iterable(["ab", g()])),
            sorted(g()), sum(len(x) for x in g()), "b" in g(), max(g()))
""",
    "yield from, with what it returns": """
def inner():
    got = yield 1
    yield got
    return 7
def outer():
    result = yield from inner()
    yield result
    yield from [8, 9]
def f():
    it = outer()
    return next(it), it.send("sent"), list(it)
""",
    "send": """
def g():
    total = 0
    while True:
        more = yield total
        if more is None:
            return
        total += more
def f():
    it = g()
    next(it)
    return it.send(3), it.send(4), next(it, "over")
""",
    "return, and what comes after the end": """
def g(n):
    yield 1
    if n:
        return
    yield 2
def f():
    it = g(1)
    return list(it), list(it), list(g(0))
""",
    "try, except and finally": """
def g(done):
    try:
        yield 1
        {}["x"]
    except KeyError:
        yield "caught"
    finally:
        done.append("last")
    yield 2
def f():
    done = []
    return list(g(done)), done
""",
    "loops with else, continue and break": """
def g():
    for i in range(5):
        if i == 1:
            continue
        if i == 3:
            break
        yield i
    else:
        yield "no"
    n = 2
    while n:
        yield n
        n -= 1
    else:
        yield "else"
def f():
    return list(g())
""",
    "a method, a closure and a generator of generators": """
class A:
    n = 2
    def items(self):
        def inner(k):
            for i in range(k):
                yield (self.n, i)
        for k in range(self.n):
            yield from inner(k + 1)
def f():
    return list(A().items())
""",
    "any and all stop as soon as they can": """
def g(seen):
    for x in (0, 1, 2):
        seen.append(x)
        yield x
def f():
    seen = []
    return any(g(seen)), all(g(seen)), seen
""",
    "a class that hands out items": """
class Items:
    def __init__(self, n):
        self.n = n
    def __iter__(self):
        for i in range(self.n):
            yield i
    def __len__(self):
        return self.n
class Down:
    def __init__(self, n):
        self.n = n
    def __iter__(self):
        return self
    def __next__(self):
        if not self.n:
            raise StopIteration
        self.n -= 1
        return self.n
def f():
    down = Down(5)
    return list(Items(3)), len(Items(4)), [x for x in Down(3)], next(down), list(down)
""",
    "starmap, repeat and cycle": """
import itertools
def f():
    turns = itertools.cycle("ab")
    taken = [next(turns), next(turns), next(turns), *(x for x, _ in zip(turns, "xyz"))]
    return list(itertools.starmap(max, [(1, 2), (4, 3)])), list(itertools.repeat("a", 2)), taken
""",
}

CONTEXTS = {
    "a generator as context": """
import contextlib
@contextlib.contextmanager
def note(done, name):
    done.append(("in", name))
    yield name * 2
    done.append(("out", name))
def f():
    done = []
    with note(done, "a") as x, note(done, "b"):
        done.append(x)
    return done
""",
    "a generator that holds an error back": """
from contextlib import contextmanager
@contextmanager
def ignore(done):
    try:
        yield
    except KeyError:
        done.append("held")
def f():
    done = []
    with ignore(done):
        {}["x"]
        done.append("never")
    try:
        with ignore(done):
            [][1]
    except IndexError:
        done.append("went on")
    return done
""",
    "a class": """
class Note:
    def __init__(self, done, hold):
        self.done, self.hold = done, hold
    def __enter__(self):
        self.done.append("in")
        return self.done
    def __exit__(self, kind, error, trace):
        self.done.append("out")
        return self.hold
def f():
    done = []
    with Note(done, False) as same:
        same.append("x")
    with Note(done, True):
        {}["x"]
    try:
        with Note(done, False):
            {}["x"]
    except KeyError:
        done.append("raised")
    return done
""",
}

STRINGS = {
    "%": "def f():\n    return '%s_%d' % ('a', 3), 'l%02d' % 7, '100%%' % (), '%5.1f' % 2.25, '%s' % None",
    "a format in an f-string": "def f():\n    x = 7\n    return f'{x:03d}', f'{x!r}{2.5:.2f}', f'{x:>{x}}'",
}


@pytest.mark.parametrize(
    "text",
    [*GENERATORS.values(), *CONTEXTS.values(), *STRINGS.values()],
    ids=[*GENERATORS, *CONTEXTS, *STRINGS],
)
def test_it_gives_what_python_gives(text: str) -> None:
    assert followed(textwrap.dedent(text)) == run_by_python(textwrap.dedent(text))


UNKNOWN = {
    "an unknown condition": (
        "def g():\n    yield 1\n    if input():\n        yield 2\ndef f():\n    return list(g())"
    ),
    "a loop over an unknown": (
        "def g():\n    for x in input():\n        yield 1\ndef f():\n    return [x for x in g()]"
    ),
    "what is changed behind an unknown condition": (
        "def g(a):\n    if input():\n        yield 1\n    a['x'] = 1\n"
        "def f():\n    a = {'x': 0}\n    list(g(a))\n    return a['x']"
    ),
    "a yield inside an expression": "def g():\n    x = [(yield 1)]\ndef f():\n    return next(g())",
}


@pytest.mark.parametrize("text", UNKNOWN.values(), ids=UNKNOWN)
def test_what_nobody_knows_of_a_generator_is_unknown(text: str) -> None:
    assert isinstance(followed(text), Unknown)


def test_the_items_before_an_unknown_condition_are_known() -> None:
    text = "def g():\n    yield 1\n    if input():\n        yield 2\ndef f():\n    return next(g())"
    assert followed(text) == 1


def test_a_loop_over_a_generator_has_the_rounds_that_are_known() -> None:
    before = "def make(x):\n    yield x\n    yield nn.Identity()\n    if input():\n        yield x"
    init = "x = nn.Linear(8, 8, bias=False)\nself.a = x\nself.l = nn.ModuleList()\n"
    assert ties(f"{init}for part in make(x):\n    self.l.append(part)", before=before) is None
    assert ties(f"{init}self.l.append(next(make(x)))", before=before) == weights("a", "l.0")


def test_a_module_of_a_generator_may_be_one_that_is_there() -> None:
    before = "def make(x):\n    yield x\n    yield nn.Linear(8, 8, bias=False)"
    init = "x = nn.Linear(8, 8, bias=False)\nself.a = x\nself.l = nn.ModuleList(make(x))"
    assert ties(init, before=before) == weights("a", "l.0")


def test_a_generator_that_is_not_followed_says_why() -> None:
    text = "import os\ndef make():\n    if os.getpid():\n        yield nn.Identity()"
    (cause, *_) = built("self.l = nn.ModuleList(make())", before=text).reasons["ties"]
    assert cause.text == "l: a list of modules: the items of make: os.getpid(…)"
    assert cause.line == FAMILY.count("\n") + text.split("\n").index("    if os.getpid():") + 1
