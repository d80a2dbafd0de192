"""Functions of plain values give what Python gives: each snippet is run by both."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

import pytest

from tests.tiny_models import CLASSIC
from tie_lint.interpreter.base_values import Unknown
from tie_lint.library.index import library
from tie_lint.project.project import Project

KINDS = """
SEEN = [
    0, 1, True, None, 2.5, "a", "ab", "", [], [1], [1, 2], (1, 2, 3), ["a", [1, 2]], {}, {"x": 1}, range(2),
    {"x": 1, "y": {"z": [5]}}, {1, 2}, Point(1, 2), Point(0, 0), Named(1, 2), Other(),
]
"""
MATCH = (
    """
from dataclasses import dataclass

@dataclass
class Point:
    x: int
    y: int

class Named:
    __match_args__ = ("first", "second")

    def __init__(self, first, second):
        self.first, self.second = first, second

class Other:
    x = 9
"""
    + KINDS
    + """
def sort_out(value):
    match value:
        CASES
    return "nothing"

def f():
    return [sort_out(value) for value in SEEN]
"""
)
CASES = {
    "constants": ["None: return 'none'", "True: return 'true'", "1 | 2: return 'one'", "'a': return 'a'"],
    "a number that is a truth": ["True: return 't'", "0: return 'zero'", "1: return 'one'"],
    "a capture": ["[x]: return x", "{'x': y}: return y", "other: return str(type(other).__name__)"],
    "sequences": [
        "[]: return 'empty'",
        "[1, *rest]: return rest",
        "(first, [*_, last]): return (first, last)",
    ],
    "a star in the middle": ["[a, *b, c]: return (a, b, c)"],
    "a mapping": ["{'x': 1, **rest}: return rest", "{'y': {'z': [n]}}: return n", "{}: return 'any'"],
    "a mapping inside": ["{'y': {'z': [n]}}: return n"],
    "a class": ["Point(x=0): return 'on y'", "Point(1, y): return y", "Named(a, second=b): return a + b"],
    "an attribute of the class": ["Other(x=9): return 'nine'", "Point(z=1): return 'absent'"],
    "built-in classes": [
        "bool(): return 'b'",
        "int(n): return n",
        "str() as s: return s",
        "list(): return 'l'",
    ],
    "as": ["[int() as a, int() as b]: return a * b", "(1 | 2.5) as n: return n"],
    "a guard": [
        "[int(a), int(b)] if a < b: return 'up'",
        "str(s) if s: return s",
        "_ if not value: return 'false'",
    ],
    "or with captures": ["[x] | {'x': x}: return x"],
    "a dotted name": ["Other.x: return 9", "_: return 0"],
    "no return": ["[x]: pass", "_: return 1"],
}

SNIPPETS = {
    **{
        f"match: {name}": MATCH.replace("CASES", "\n        ".join(f"case {case}" for case in cases))
        for name, cases in CASES.items()
    },
    "match in a loop": """
def f():
    found = []
    for value in [1, [2], "stop", 3]:
        match value:
            case [x]:
                found.append(x)
                continue
            case "stop":
                break
        found.append(value)
    return found
""",
    "global": """
COUNT = 0
def step():
    global COUNT, MADE
    COUNT += 1
    MADE = [COUNT]
def f():
    step()
    step()
    return COUNT, MADE
""",
    "a global that is deleted": """
COUNT = 1
def drop():
    global COUNT
    del COUNT
    COUNT = 5
def f():
    drop()
    return COUNT
""",
    "a global behind a local of the same name": """
X = 1
def f():
    X = 2
    def inner():
        global X
        X = 3
        return X
    def outer():
        return X
    return inner(), outer(), X
""",
    "global of what loops, imports and definitions bind": """
def bind():
    global i, json, inner, first
    for i in range(3):
        pass
    import json
    def inner():
        return 7
    first, *_ = "ab"
def f():
    bind()
    return i, inner(), first
""",
    "nonlocal": """
def f():
    count, seen = 0, []
    def step(by):
        nonlocal count
        count += by
        def deeper():
            nonlocal count, seen
            count *= 2
            seen = [*seen, count]
        deeper()
        return count
    return step(1), step(2), count, seen
""",
}


def followed(text: str) -> Any:
    """What the interpreter makes of ``f()``."""
    interp = Project(library(CLASSIC, installed=False))
    scope = interp.file(Path("/nowhere/snippet.py"), text)
    return interp.interpreter.call(scope.lookup("f"), [], {})


def run_by_python(text: str) -> Any:
    names: dict[str, Any] = {"__name__": __name__}
    exec(compile(text, "snippet", "exec", dont_inherit=True), names)
    return names["f"]()


@pytest.mark.parametrize("text", SNIPPETS.values(), ids=SNIPPETS)
def test_it_gives_what_python_gives(text: str) -> None:
    assert followed(textwrap.dedent(text)) == run_by_python(textwrap.dedent(text))


UNKNOWN = {
    "a subject": "def f():\n    match input():\n        case 'a': x = 1\n        case _: x = 2\n    return x",
    "a part": "def f():\n    match [1, input()]:\n        case [1, 'a']: return 1\n    return 2",
    "a guard": "def f():\n    match 1:\n        case n if input(): return 1\n    return 2",
}


@pytest.mark.parametrize("text", UNKNOWN.values(), ids=UNKNOWN)
def test_what_depends_on_an_unknown_is_unknown(text: str) -> None:
    assert isinstance(followed(text), Unknown)


def test_a_case_that_cannot_match_leaves_nothing_unknown() -> None:
    text = """
def f():
    x = 0
    match [1, input()]:
        case [2, _]: x = 1
        case {}: x = 2
        case [_, "a"]: raise ValueError
    return x
"""
    assert followed(text) == 0


KNOWN_ENDS = {
    "the beginning": "f'abc{input()}'.startswith('ab')",
    "another beginning": "f'abc{input()}'.startswith(('x', 'abd'))",
    "one of two beginnings": "f'abc{input()}'.startswith(('x', 'abc'))",
    "the end": "f'{input()}xyz'.endswith('yz')",
    "another end": "f'{input()}xyz'.endswith('az')",
}
PAST_THEM = {
    "past the beginning": "f'abc{input()}'.startswith(('x', 'abcd'))",
    "past the end": "f'{input()}xyz'.endswith('wxyz')",
    "in the middle": "f'abc{input()}xyz'.startswith('bc', 1)",
}


@pytest.mark.parametrize("expression", KNOWN_ENDS.values(), ids=KNOWN_ENDS)
def test_a_string_of_known_ends_says_how_it_begins_and_ends(
    expression: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("builtins.input", lambda: "anything")
    text = f"def f():\n    return {expression}"
    assert followed(text) is run_by_python(text)


@pytest.mark.parametrize("expression", PAST_THEM.values(), ids=PAST_THEM)
def test_it_does_not_say_more_than_is_known(expression: str) -> None:
    assert isinstance(followed(f"def f():\n    return {expression}"), Unknown)
