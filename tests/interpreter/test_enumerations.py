"""Members of enumerations."""

from __future__ import annotations

import pytest

from tests.interpreter.in_python import holds

DEFINITIONS = """
from enum import Enum, IntEnum, auto, Flag
class C(Enum):
    RED = 1
    BLUE = "b"
    def lower(self): return self.name.lower()
    @property
    def twice(self): return self.value * 2
    @classmethod
    def default(cls): return cls.RED
class I(IntEnum):
    A = 1
    B = 2
class S(str, Enum):
    X = "x"
    Y = "y"
class U(Enum):
    A = auto()
    B = auto()
class Al(Enum):
    A = 1
    B = 1
class W(Enum):
    A = (1, 2)
    def __init__(self, a, b): self.a, self.b = a, b
class F(Flag):
    A = 1
    B = 2
"""


@pytest.mark.parametrize(
    "expression",
    [
        "C.RED.value == 1",
        'C.RED.name == "RED"',
        "C.RED is C.RED",
        "C.RED != C.BLUE",
        'C("b") is C.BLUE',
        'C["RED"] is C.RED',
        "C.RED != 1",
        'C.RED.lower() == "red"',
        "C.RED.twice == 2",
        "C.default() is C.RED",
        "I.A == 1",
        "I.B > I.A",
        "I(2) is I.B",
        "I.A + 1 == 2",
        'S.X == "x"',
        '"x" == S.X',
        'S("y") is S.Y',
        'S.X in ("x", "z")',
        'S.X.value == "x"',
        'S.X.upper() == "X"',
        "Al.A is Al.B",
        'Al.B.name == "A"',
        "W.A.value == (1, 2)",
        "isinstance(C.RED, C)",
        "isinstance(S.X, str)",
        "type(C.RED) is C",
        "{C.RED: 1}[C.RED] == 1",
        '{S.X: 1}.get("x") == 1',
        "C.RED == C(1)",
        'hasattr(C, "RED")',
        'getattr(C, "BLUE").value == "b"',
        "bool(C.RED)",
        "C.RED.value in (1, 2)",
        '{"x": 3}[S.X] == 3',
        'S.X.value in {"x"}',
        "I.A in (1, 2)",
        'I["B"].value == 2',
        'C.RED not in (1, "b")',
        "S(S.X) is S.X",
        'S.X.startswith("x")',
        'S.X + "a" == "xa"',
        "int(I.B) == 2",
        "range(I.B)[1] == 1",
        "[0, 5][I.A] == 5",
    ],
)
def test_it_is_as_in_python(expression: str) -> None:
    assert holds("pass", expression, DEFINITIONS) is True


@pytest.mark.parametrize(
    "expression",
    [
        "len(C) == 2",
        '[c.name for c in C] == ["RED", "BLUE"]',
        "C.RED in C",
        "U.B.value == 2",
        "W.A.a == 1",
        "F.A | F.B == F(3)",
        'C.__members__["RED"] is C.RED',
        "list(C)[0] is C.RED",
        "next(iter(C)) is C.RED",
        "[i for i in I] == [1, 2]",
        "max(I) == 2",
        '{c.value: c for c in C}["b"] is C.BLUE',
    ],
)
def test_what_is_not_followed_is_unknown(expression: str) -> None:
    assert holds("pass", expression, DEFINITIONS) is None
