"""Containers that hold something unknown: what hangs on it is unknown, too.

Run in 5.23.0 with several values, what is shared hangs on which it is.
"""

from __future__ import annotations

import pytest

from tests.tiny_models import ERAS, mapped

MODEL = """
import json
import os


class Layer(nn.Module):
    def __init__(self, u):
        super().__init__()
        self.p = nn.Linear(4, 4)
        BODY

class Model(TinyPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.e = nn.Embedding(10, 4)
        self.layer = Layer(json.loads(os.environ["OPTIONS"]))
        self.post_init()

    def get_input_embeddings(self):
        return self.e
"""

#: What nobody knows of an unknown ``u``.
UNKNOWN = [
    '"share" in {u, "b"}',
    '"share" in {u: 1, "b": 2}',
    '"share" in (u, "b")',
    '"share" in frozenset([u])',
    '{u} & {"share"}',
    '{"share"} & {u}',
    '{u} - {"share"}',
    '{"share"} - {u}',
    '{u} ^ {"share"}',
    '{u} == {"share"}',
    '{u} != {"share"}',
    '{u} <= {"share"}',
    '{"share"} <= {u, "b"}',
    '{"share"}.issubset({u})',
    '{u}.issubset({"share"})',
    '{"share"}.isdisjoint({u})',
    '{u}.intersection({"share"})',
    '{"share"}.difference({u})',
    '{"a": u} == {"a": 1}',
    '{"a": u} != {"a": 1}',
    '{"a": [u]} == {"a": [1]}',
    '{u: 1} == {"a": 1}',
    '{u: 1}.get("share")',
    '{u: 1}.get("share", 0)',
    'len({u, "a"}) == 2',
    'len(list({u: 1, "a": 2})) == 2',
    'len([*{u: 1, "a": 2}.values()]) == 2',
    'sum({u: 1, "a": 2}.values()) == 3',
    'len([k for k in {u: 1, "a": 2}]) == 2',
    'len(list(dict.fromkeys([u, "a"]))) == 2',
    'next(iter({"a": 2, u: 1}.values())) == 2',
    'len(list(map(str, {u: 1, "a": 2}))) == 2',
    'len({u: 1, "a": 2}) == 2',
    "[u, 1].count(1) == 1",
    '[u, "a"].index("a") == 1',
    '(u, "a").index("a") == 1',
    'sorted([u, "a"])[0] == "a"',
    '[u, "a"] == ["share", "a"]',
    "(u, 1) < (2, 1)",
    '[u, "a"] > ["b"]',
    "max([u, 3]) == 3",
    "min(u, 3) == 3",
    "sum([u, 3]) == 3",
    "any([u, 0])",
    "all([u, 1])",
    '"a" in str(u)',
    'str(u) == "a"',
    'f"{u}" == "a"',
    '"%s" % u == "a"',
    '"-".join(["a", u]) == "a-b"',
    "isinstance(u, str)",
    "u is None",
    "u == u",
    "not u",
    "u or 1",
    "1 and u",
    "[i for i in [u, 1] if i == 1] == [1]",
    "len([i for i in [u, 1] if i == 1]) == 1",
    "list(filter(lambda i: i == 1, [u, 1])) == [1]",
    'len(dict([(u, 1), ("a", 2)])) == 2',
    '{"a": 0, u: 1}["a"]',
    "[1, 2][u] == 1",
    '"abc"[u] == "a"',
    '"abc".startswith(u)',
    'u.startswith("a")',
    "[0, 1][:u]",
    "range(u)",
    "len(range(u)) == 1",
    "0 < u < 5",
    "u > 1 or u <= 1",
    '{"a": 1}.items() <= {"a": u}.items()',
    '{"a"} < {u: 1}.keys()',
    '{"a": 1}.keys() & {u}',
    '{"a": 1}.keys() == {u}',
    "next((x for x in [u, 1] if x == 1), None) == 1",
    "next(iter([u]), None) == 1",
    'enumerate([u]) and dict(enumerate([u])) == {0: "a"}',
    "[*[u], 1] == [1, 1]",
    'sorted({u, "a"}) == ["a"]',
    "type(u) is int",
    "type(u) == str",
    "hash(u) == 1",
    "id(u) == 1",
    "callable(u)",
    'hasattr(u, "x")',
    'getattr(u, "x", 0)',
    "min([u], default=0) == 0",
    "round(u) == 1",
    "abs(u) == 1",
    "int(u) == 1",
    'u in ("a", "b")',
    'u not in ["a"]',
    "{True: 1}.get(u, 0)",
    "tuple([u]) == (1,)",
    'set("ab") >= {u}',
    "u[0]",
    "u.x",
    'u["k"] is None',
    "-u == 1",
    "[[u]] == [[1]]",
    "((u,),) == ((1,),)",
    '{"a": (u,)} == {"a": (1,)}',
    "[u] * 2 == [1, 1]",
    "[u] + [1] == [1, 1]",
    "[u] in [[1]]",
    "(u,) in {(1,)}",
    "(u,) in {(1,): 1}",
    "{(1,): 1}.get((u,))",
    "frozenset([u]) == frozenset([1])",
    "{frozenset([u])} == {frozenset([1])}",
    "[1].count(u) == 1",
    "[1, 2].index(u) == 0",
    "[x == 1 for x in {u}] == [True]",
    "{x: 1 for x in [u]} == {1: 1}",
    "{x for x in [u]} == {1}",
    "{1: u}.values() == 1 or 1 in {1: u}.values()",
    "(1, u) in {1: 2}.items()",
    '("a", 1) in {"a": u}.items()',
    '("a", 1) in {u: 1}.items()',
    '"a" in {u: 1}.keys()',
]
#: What is certain all the same.
CERTAIN = [
    ('"b" in {u: 1, "b": 2}', True),
    ('"b" in (u, "b")', True),
    ('{"a": u, "b": 1} == {"a": 1, "b": 2}', False),
    ("bool({u: 1})", True),
    ("[u] == []", False),
    ("any([u, 1])", True),
    ("all([u, 0])", False),
    ('{u: 1, "a": 0}["a"]', False),
    ("(lambda a, *b: b)(u, 1) == (1,)", True),
    ("divmod(7, 2) == (3, 1)", True),
    ("bool([u])", True),
    ("(1, (u, 2)) == (1, (3, 3))", False),
]
CHOICE = "self.q = self.p if ({}) else nn.Linear(4, 4)"


@pytest.mark.parametrize("expression", UNKNOWN)
def test_what_hangs_on_an_unknown_item_is_unknown(expression: str) -> None:
    text = MODEL.replace("BODY", CHOICE.format(expression))
    assert mapped(text, "Model", "5.23.0").ties is None


@pytest.mark.parametrize("release", ERAS)
@pytest.mark.parametrize(("expression", "holds"), CERTAIN)
def test_some_of_it_is_certain(expression: str, holds: bool, release: str) -> None:
    text = MODEL.replace("BODY", CHOICE.format(expression))
    assert bool(mapped(text, "Model", release).ties) is holds
