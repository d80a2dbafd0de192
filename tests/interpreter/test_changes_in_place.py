"""Containers that are changed: by operators, under keys that nobody knows, in code that may not run."""

from __future__ import annotations

import pytest

from tests.interpreter.in_python import MODEL, holds
from tests.tiny_models import ERAS, mapped


@pytest.mark.parametrize(
    ("body", "expression"),
    [
        ("a = [1]; b = a; b *= 2", "a == [1, 1]"),
        ("a = [1]; b = a; b += (2,)", "a == [1, 2]"),
        ("a = {1}; b = a; b |= {2}", "a == {1, 2}"),
        ("a = {1, 2}; b = a; b -= {1}", "a == {2}"),
        ("a = {1, 2}; b = a; b &= {1}", "a == {1}"),
        ("a = {1, 2}; b = a; b ^= {1}", "a == {2}"),
        ("a = {'x': 1}; b = a; b |= {'y': 2}", "len(a) == 2"),
        ("a = (1,); b = a; b += (2,)", "a == (1,)"),
        ("a = [3, 1, 2]; a.sort(reverse=True)", "a == [3, 2, 1]"),
        ("a = ['bb', 'a']; a.sort(key=len)", "a == ['a', 'bb']"),
        ("a = [1, 2, 3]; a[1:] = [9]", "a == [1, 9]"),
        ("a = sorted([(2, 'a'), (1, 'b')], key=lambda x: x[0])", "a[0] == (1, 'b')"),
        ("a = max(['a', 'bbb', 'cc'], key=len)", "a == 'bbb'"),
        ("a = min([], default=4)", "a == 4"),
        ("a = sum([[1], [2]], [])", "a == [1, 2]"),
        ("a = dict.fromkeys('ab', 0)", "a == {'a': 0, 'b': 0}"),
        ("a = repr({'x': [1, None]})", "a == \"{'x': [1, None]}\""),
        ("a = str([1, 'b'])", "a == \"[1, 'b']\""),
        ("a = {}; b = {a.setdefault('x', 1): a.setdefault('x', 2)}", "b == {1: 1}"),
    ],
)
def test_it_is_as_in_python(body: str, expression: str) -> None:
    assert holds(body.replace("; ", "\n"), expression) is True


FINALLY = """try:
    try: raise IndexError
    except ValueError: pass
    finally: n = 1
except LookupError: pass"""
ELSE = """n = 0
try:
    try: pass
    except ValueError: n = 1
    else: raise ValueError
except ValueError: n += 5"""


@pytest.mark.parametrize(
    ("body", "expression"),
    [
        (FINALLY, "n == 1"),
        ("try: n = 1\nexcept ValueError: n = 2\nelse: n = 3", "n == 3"),
        (ELSE, "n == 5"),
    ],
)
def test_errors_run_what_they_have_to(body: str, expression: str) -> None:
    assert holds(body, expression) is True


def said(body: str, expression: str) -> bool | None:
    """Whether an expression is found to hold; None where that is unknown."""
    lines = body.replace("; ", "\n").replace("\n", "\n        ")
    text = MODEL.replace("BODY", lines).replace("EXPRESSION", expression)
    found = mapped(f"from package import unknown\n{text}", "Model", ERAS[-1])
    assert found.raises is None
    return None if found.ties is None else bool(found.ties)


@pytest.mark.parametrize(
    ("body", "expression"),
    [
        ("c = {'x': 1}\nif unknown(): c['z'] = 3", "c == {'x': 1}"),
        ("c = {'x': 1}\nif unknown(): c['z'] = 3", "'z' in c"),
        ("c = {'x': 1}\nif unknown(): c['z'] = 3", "len(c) == 2"),
        ("c = {'x': 1}\nif unknown(): c['z'] = 3", "list(c) == ['x']"),
        ("c = {}\nif unknown(): c['z'] = 3", "c"),
        ("c = {'x': 1}\nif unknown(): del c['x']", "'x' in c"),
        ("c = [1, 2]\nif unknown(): del c[0]", "len(c) == 2"),
        ("if unknown(): self.z = 3", "hasattr(self, 'z')"),
        ("c = {'x': 1}; c.pop(unknown(), None)", "'x' in c"),
        ("c = {'x': 1}; c.setdefault(unknown(), 2)", "len(c) == 1"),
        ("c = {'x': 1}; del c[unknown()]", "'x' in c"),
        ("c = {1}; c.discard(unknown())", "1 in c"),
        ("c = [1]; d = c; d += unknown()", "c == [1]"),
        ("c = [1]; d = c; d *= unknown()", "c == [1]"),
        ("c = {1}; d = c; d |= unknown()", "c == {1}"),
        ("c = []; d = [*unknown(), c.append(1)]", "d == c"),
        ("c = []; d = [c.append(1) for x in unknown() if c.append(2)]", "c == []"),
    ],
)
def test_what_may_have_changed_is_unknown(body: str, expression: str) -> None:
    assert said(body, expression) is None


@pytest.mark.parametrize(
    ("body", "expression"),
    [
        ("c = {'x': 1}\nif unknown(): c['z'] = 3", "c['x'] == 1 and 'x' in c and 'y' not in c"),
        ("c = {'x': 1}\nif unknown(): c['z'] = 3", "c"),
        ("c = {'x': 1}\nif unknown(): c['x'] = 3", "'x' in c and len(c) == 1"),
        ("c = {}\nif unknown(): c['z'] = 3\ndef f(x=1, **kw): return x", "f(**c) == 1"),
        ("c = {}\nif unknown(): c['z'] = 3\ndef f(): return 1", "f(**c) == 1"),
        ("c = []; d = {**unknown(), 'k': c.append(1)}", "c == [1]"),
    ],
)
def test_what_did_not_change_is_known(body: str, expression: str) -> None:
    assert said(body, expression) is True


@pytest.mark.parametrize(
    "call",
    [
        "[1].sort(foo=1)",
        "[1].sort(1)",
        "[1].sort(key=3)",
        "c.setdefault()",
        "c.pop()",
        "c.setdefault([])",
        "sorted([1], foo=1)",
        "max()",
        "max([1], key=3)",
        "sum(1)",
        "ord()",
        "repr()",
        "dict.fromkeys()",
        "dict.fromkeys([[]])",
        "[1].__setitem__()",
        "hasattr(c)",
        "vars(1, 2)",
        "exec()",
    ],
)
def test_wrong_arguments_are_no_internal_errors(call: str) -> None:
    body = f"c = {{'x': 1}}\nif unknown(): c['z'] = 3\ntry: {call}\nexcept Exception: pass"
    lines = body.replace("\n", "\n        ")
    text = MODEL.replace("BODY", lines).replace("EXPRESSION", "True")
    assert mapped(f"from package import unknown\n{text}", "Model", ERAS[-1]).raises is None
