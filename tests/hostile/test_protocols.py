"""Protocols of Python that ask themselves without end: no method of the linted code costs a class."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hostile.bounded import answers
from tests.hostile.texts import family

METHODS = {
    "== asks itself": ("def __eq__(self, other): return self == other", "x == x"),
    "hash asks itself": ("def __hash__(self): return hash(self)", "{x: 1}"),
    "bool asks itself": ("def __bool__(self): return not self", "1 if x else 2"),
    "len asks itself": ("def __len__(self): return len(self)", "len(x)"),
    "iter asks itself": ("def __iter__(self): return iter(self)", "list(x)"),
    "an endless iterator": ("def __iter__(self):\n        while True: yield Own()", "[*x]"),
    "in asks itself": ("def __contains__(self, one): return one in self", "1 in x"),
    "a call calls itself": ("def __call__(self): return self()", "x()"),
    "str asks itself": ("def __str__(self): return str(self)", "f'{x}{str(x)}'"),
    "format asks itself": ("def __format__(self, spec): return format(self, spec)", "f'{x:>{9}}'"),
    "an index asks itself": ("def __index__(self): return range(self)[0]", "[0][x]"),
    "getattr asks itself": ("def __getattr__(self, name): return getattr(self, name + 'x')", "x.y"),
    "getattribute asks itself": ("def __getattribute__(self, name): return self.__dict__[name]", "x.y"),
    "a class's item is its item": ("def __class_getitem__(cls, item): return cls[item]", "Own[1]"),
    "a generator of itself": ("def deep(self): yield from self.deep()", "list(x.deep())"),
    "Ackermann": (
        "def f(self, m, n): return n + 1 if m == 0 else self.f(m - 1, self.f(m, n - 1) if n else 1)",
        "x.f(4, 2)",
    ),
}


@pytest.mark.parametrize(("method", "use"), METHODS.values(), ids=METHODS)
def test_a_method_that_asks_itself_costs_no_class(tmp_path: Path, method: str, use: str) -> None:
    text = f"class Own:\n    {method}\n{family(head=f'x = Own(){chr(10)}self.x = {use}')}"
    assert {"Backbone", "Head"} <= {*answers(tmp_path, text, class_time_limit=0.3).classes}


BASES = {
    "entries of the bases without end": (
        "class Own:\n    def __mro_entries__(self, bases): return (Own(),) * 3\n",
        "Own(), SmallPreTrainedModel",
    ),
    "a namespace that prepares itself": (
        "class Meta(type):\n    @classmethod\n    def __prepare__(meta, name, bases):\n"
        "        return {name: meta.__prepare__(name, bases)}\n",
        "SmallPreTrainedModel, metaclass=Meta",
    ),
    "a subclass for each subclass": (
        "class Own:\n    def __init_subclass__(cls, **kwargs): cls.x = type('X', (cls,), {})\n",
        "Own, SmallPreTrainedModel, size=1",
    ),
}


@pytest.mark.parametrize(("before", "bases"), BASES.values(), ids=BASES)
def test_odd_bases_cost_no_other_class(tmp_path: Path, before: str, bases: str) -> None:
    text = before + family().replace("class Head(SmallPreTrainedModel)", f"class Head({bases})")
    assert {"Backbone", "Head"} <= {*answers(tmp_path, text, class_time_limit=0.3).classes}
