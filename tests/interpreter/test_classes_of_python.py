"""Objects of classes that derive from those of Python, and what such classes may do."""

from __future__ import annotations

import pytest

from tests.interpreter.in_python import holds

DEFINITIONS = """
import abc, collections, functools
from typing import NamedTuple, TypedDict, Protocol, Generic, TypeVar
from collections import UserDict, UserList
class L(list):
    def first(self): return self[0]
class L2(list):
    def __init__(self, n): super().__init__(range(n))
class D(dict):
    def __missing__(self, k): return k + "!"
class D2(dict):
    def __getitem__(self, k): return 7
class St(str):
    def shout(self): return self.upper() + "!"
class In(int): pass
class Fl(float): pass
class Tu(tuple): pass
class Se(set): pass
class M(type):
    def __new__(m, n, b, d): d["tag"] = 1; return super().__new__(m, n, b, d)
    def __call__(cls, *a): o = super().__call__(*a); o.extra = 2; return o
    def shared(cls): return 5
    @property
    def prop(cls): return 6
class A(metaclass=M): pass
class Desc:
    def __set_name__(self, o, n): self.n = n
    def __get__(self, o, t=None): return self.n + "!"
    def __set__(self, o, v): o.__dict__["stored"] = v
class Des:
    foo = Desc()
class Sl:
    __slots__ = ("x",)
class Ab(abc.ABC):
    @abc.abstractmethod
    def f(self): ...
class Co(Ab):
    def f(self): return 4
class P(NamedTuple):
    x: int
    y: int = 2
    def s(self): return self.x + self.y
class Td(TypedDict, total=False):
    a: int
class Pr(Protocol):
    def f(self): ...
T = TypeVar("T")
class Ge(Generic[T]):
    def __init__(self, v): self.v = v
class Ud(UserDict): pass
class Ul(UserList): pass
class It:
    def __iter__(self): yield 1; yield 2
class Ix:
    def __getitem__(self, i):
        if i > 2: raise IndexError
        return i
class Ct(collections.Counter): pass
class Od(collections.OrderedDict): pass
class Dd(collections.defaultdict): pass
Nt = collections.namedtuple("Nt", "a b")
class Nt2(collections.namedtuple("Nt2", "a b")):
    def s(self): return self.a + self.b
class Ex(ValueError):
    def __init__(self, m, c): super().__init__(m); self.c = c
class Sing:
    inst = None
    def __new__(cls):
        if cls.inst is None: cls.inst = object.__new__(cls)
        return cls.inst
class Va:
    def __init__(self): self.d = {}
    def __getattr__(self, n):
        try: return self.__dict__["d"][n]
        except KeyError: raise AttributeError(n)
    def __setattr__(self, n, v):
        if n == "d": object.__setattr__(self, n, v)
        else: self.d[n] = v
class Cm:
    @functools.cached_property
    def v(self): return 3
    @functools.lru_cache()
    def w(self): return 4
    @property
    def x(self): return 5
    @x.deleter
    def x(self): pass
class Cmp:
    def __init__(self, v): self.v = v
    def __lt__(self, o): return self.v < o.v
    def __eq__(self, o): return self.v == o.v
Cmp = functools.total_ordering(Cmp)
"""


@pytest.mark.parametrize(
    ("body", "expression"),
    [
        ("a = D(a=1)", 'a["b"] == "b!"'),
        ("a = D(a=1)", 'a.get("b") is None'),
        ("a = D(a=1)", '"b" not in a'),
        ("a = D2(a=1)", 'a["a"] == 7'),
        ("a = D2(a=1)", 'a.get("a") == 1'),
        ("a = D(a=1)", 'dict(a) == {"a": 1}'),
        ('a = D(a=1); a["c"] = 2', 'a["c"] == 2'),
        ("a = D(a=1); a.update(q=2)", "len(a) == 2"),
        ("a = D(a=1)", 'a == {"a": 1}'),
        ("a = D(a=1)", 'list(a.items()) == [("a", 1)]'),
        ("a = Co()", "a.f() == 4"),
        ("a = Td(a=1)", 'a["a"] == 1'),
        ("a = Td(a=1)", 'a == {"a": 1}'),
        ("a = Ge(3)", "a.v == 3"),
        ("a = Ge[int](3)", "a.v == 3"),
        ("a = Ud(a=1)", 'a["a"] == 1'),
        ("a = Ud(a=1)", 'a.data == {"a": 1}'),
        ("a = It()", "list(a) == [1, 2]"),
        ("a = It()", "sum(a) == 3"),
        ("a = Od(a=1)", 'list(a) == ["a"]'),
        ("a = Va(); a.q = 4", "a.q == 4"),
        ("a = Va(); a.q = 4", 'a.d == {"q": 4}'),
        ("a = Va()", 'not hasattr(a, "zz")'),
        ("a = Cm()", "a.v + a.w() + a.x == 12"),
        ("a = frozenset([1]) | {2}", "a == {1, 2}"),
    ],
)
def test_it_is_as_in_python(body: str, expression: str) -> None:
    assert holds(body, expression, DEFINITIONS) is True


@pytest.mark.parametrize(
    ("body", "expression"),
    [
        ("a = L([3]); a.append(5)", "len(a) == 2"),
        ("a = L([3]); a.append(5)", "a[-1] == 5"),
        ("a = L([3])", "a.first() == 3"),
        ("a = L2(3)", "len(a) == 3"),
        ("a = L2(3)", "a[2] == 2"),
        ("a = L([1, 2])", "sum(a) == 3"),
        ("a = L()", "not a"),
        ("a = L([1])", "isinstance(a, list)"),
        ("a = L([1])", "a == [1]"),
        ("a = L([1]) + [2]", "a == [1, 2]"),
        ("a = [x for x in L([1])]", "a == [1]"),
        ('a = St("a")', 'a.shout() == "A!"'),
        ('a = St("a")', 'a == "a"'),
        ('a = St("a")', 'a + "b" == "ab"'),
        ("a = In(3)", "a + 1 == 4"),
        ("a = In(3)", "a == 3"),
        ("a = In(3)", "isinstance(a, int)"),
        ("a = Fl(1.5)", "a * 2 == 3"),
        ("a = Tu((1, 2))", "a[1] == 2"),
        ("a = Tu((1, 2))", "len(a) == 2"),
        ("a = Se([1])", "1 in a"),
        ("a = Se([1]); a.add(2)", "len(a) == 2"),
        ("a = A", "a.tag == 1"),
        ("a = A()", "a.tag == 1"),
        ("a = A()", "a.extra == 2"),
        ("a = A", "a.shared() == 5"),
        ("a = A", "a.prop == 6"),
        ("a = Des()", 'a.foo == "foo!"'),
        ("a = P(1)", "a.y == 2"),
        ("a = P(1)", "a == (1, 2)"),
        ("a = P(1)", "a[0] == 1"),
        ("a = P(1)", "a.s() == 3"),
        ("x, y = P(1)", "y == 2"),
        ("a = P(1)._replace(x=3)", "a.x == 3"),
        ("a = P(1)._asdict()", 'a["y"] == 2'),
        ("a = P(1)", "len(a) == 2"),
        ("a = P(x=1, y=5)", "a.y == 5"),
        ("a = Ul([1])", "a[0] == 1"),
        ("a = Ul([1]); a.append(2)", "len(a) == 2"),
        ("a = Ix()", "list(a) == [0, 1, 2]"),
        ("a = Ix()", "2 in a"),
        ('a = Ct("aab")', 'a["a"] == 2'),
        ('a = Ct("aab")', 'a["z"] == 0'),
        ('a = Dd(list); a["x"].append(1)', 'a["x"] == [1]'),
        ("a = Nt(1, 2)", "a.b == 2"),
        ("a = Nt(1, b=2)", "a == (1, 2)"),
        ("a = Nt2(1, 2)", "a.s() == 3"),
        ("a = Nt2(1, 2)", "a[1] == 2"),
        ('try: raise Ex("m", 3)\nexcept ValueError as e: a = e.c', "a == 3"),
        ('try: raise Ex("m", 3)\nexcept Ex as e: a = str(e)', 'a == "m"'),
        ("a = Sing()", "a is Sing()"),
        ("a = Cmp(1)", "a <= Cmp(2)"),
        ("a = Cmp(1)", "max(a, Cmp(2)).v == 2"),
        ("from collections import deque; a = deque([1]); a.appendleft(0)", "list(a) == [0, 1]"),
        ('from collections import Counter; a = Counter("aa")', 'a["a"] == 2'),
        ('from collections import ChainMap; a = ChainMap({"a": 1}, {"b": 2})', 'a["b"] == 2'),
        ("import threading; a = threading.local(); a.x = 1", "a.x == 1"),
        ("import weakref; a = It(); b = weakref.ref(a)", "b() is a"),
        ("import queue; a = queue.Queue(); a.put(1)", "a.get() == 1"),
        ('a = memoryview(b"ab")', "a[0] == 97"),
        ('a = bytearray(b"ab"); a[0] = 99', 'a == b"cb"'),
        ("a = slice(1, 2)", "[1, 2, 3][a] == [2]"),
        ("a = complex(1, 2)", "a.real == 1"),
        ("from fractions import Fraction; a = Fraction(1, 2)", "a + a == 1"),
        ('from decimal import Decimal; a = Decimal("0.5")', "a * 2 == 1"),
    ],
)
def test_what_is_not_followed_is_unknown(body: str, expression: str) -> None:
    assert holds(body, expression, DEFINITIONS) is None
