"""Small programs, written at random from templates and by the number of the program always the same.

``<i>`` stands for a number, ``<l>`` for a list of numbers, ``<d>`` for a dict, ``<s>`` for a string, ``<L>``
for a list of lists and ``<b>`` for a truth; ``<I>`` and ``<N>`` for a name that holds a number or a list.
"""

from __future__ import annotations

import random
import re
import textwrap

NAMES = {"I": ["a", "n"], "N": ["b", "m"]}
LEAVES = {
    "i": ["a", "n", "0", "1", "5", "-1"],
    "l": ["b", "m", "[]", "[1, 2, 3]", "[4, 4]"],
    "d": ["c", "{}", "{'x': 1, 'y': 2}"],
    "s": ["s", "t", "''", "'ab'", "'x'"],
    "L": ["e", "[[1], [2, 3]]"],
    "b": ["q", "True", "False"],
}
EXPRESSIONS = {
    "i": """
        (<i> + <i>)
        (<i> * <i>)
        len(<l>)
        len(<s>)
        len(<d>)
        sum(<l>)
        (<i> if <b> else <i>)
        <d>.get(<s>, <i>)
        max(<l> + [<i>])
        (<i> // 2)
        (<i> % 3)
        (<l> + [<i>])[-1]
        abs(<i>)
        min(<i>, <i>)
        int(<b>)
        <l>.count(<i>)
        plus(<i>)
        times(<i>, k=<i>)
        (lambda z: z + <i>)(<i>)
        o.x
        o.inc(<i>)
        next(iter(<l> + [<i>]))
        <s>.find('x')
        sum(1 for z in <l> if z > <i>)
        (<b> and <i> or <i>)
        {**<d>, 'x': <i>}['x']
        K().get(<i>)
    """,
    "l": """
        (<l> + <l>)
        [z + 1 for z in <l> if <b>]
        sorted(<l>)
        <l>[1:]
        <l>[::-1]
        list(range(3))
        [<i>, <i>]
        list(<d>.values())
        (<l> * 2)
        [z for y in <L> for z in y]
        list(map(lambda z: z * 2, <l>))
        fresh(<l>)
        list(filter(None, <l>))
        list(reversed(<l>))
        <l>.copy()
        [*<l>, <i>]
        (<l> or <l>)
        list(steps(<i>))
        o.items
        [(y := <i>), y]
        list(dict.fromkeys(<l>))
        given(*<l>)
        sorted(<l>, key=lambda z: -z)
    """,
    "d": """
        {<s>: <i>}
        dict(x=<i>)
        {**<d>, 'k': <i>}
        {str(z): z for z in <l>}
        dict(<d>)
        (<d> | <d>)
        named(**{'w': <i>})
        {k: v + 1 for k, v in <d>.items()}
        (<d> if <b> else <d>)
        dict(zip('pq', <l>))
        <d>.copy()
    """,
    "s": """
        (<s> + <s>)
        str(<i>)
        f'{<i>}-{s}'
        <s>.upper()
        <s>[:2]
        ','.join(<d>)
        ('%s' % <i>)
        <s>.replace('x', 'yy')
        (<s> or 'd')
        repr(<l>)[:5]
        type(<i>).__name__
    """,
    "L": """
        [<l>, <l>]
        [z[:] for z in <L>]
        (<L> + [<l>])
        [[z] for z in <l>]
        <L>[::-1]
        ([<l>] * 2)
    """,
    "b": """
        (<i> < <i>)
        (<l> == <l>)
        (not <b>)
        (<i> in <l>)
        (<s> in <d>)
        (<b> and <b>)
        (<b> or <b>)
        bool(<l>)
        bool(<d>)
        any(z > 1 for z in <l>)
        all(<l>)
        isinstance(<i>, (str, int))
        hasattr(o, <s>)
        (<i> is None)
        (<l> is b)
    """,
}
STATEMENTS = """
    <I> = <i>
    <N> = <l>
    c = <d>
    s = <s>
    t = <s>
    e = <L>
    q = <b>
    <I> += <i>
    <N> += <l>
    <N> *= 2
    <N>.append(<i>)
    c[<s>] = <i>
    c.update(<d>)
    c |= <d>
    e.append(<l>)
    a, n = <i>, <i>
    b, m = m, b
    <N>.extend(<l>)
    m = b
    e = [b, m]
    <N>.insert(0, <i>)
    o.x = <i>
    o.items.append(<i>)
    c.setdefault(<s>, <i>)
    <N>.sort(reverse=<b>)
    b[0:1] = <l>
    c.pop(<s>, None)
    if b: <I> = b.pop()
    e = [[*z, <i>] for z in <L>]
"""
BLOCKS = (
    "if <b>:\n    <+>\nelse:\n    <+>",
    "for <I> in <l>[:3]:\n    <+>\n    <+>",
    "for k, v in list(<d>.items()):\n    <+>\nelse:\n    <+>",
    "try:\n    <+>\n    raise KeyError\nexcept LookupError as error:\n    <+>\nfinally:\n    <+>",
    "try:\n    try:\n        <+>\n        raise KeyError\n    finally:\n        <+>\nexcept Exception: pass",
    "with Within() as <N>:\n    <+>",
    "w = 0\nwhile w < 3:\n    w += 1\n    if <b>: continue\n    <+>",
    "def h(z, y=<i>, *r, k=<i>):\n    z += y\n    return [z, k, *r]\n<N> = h(<i>, 2, 3)",
    "h = lambda z, y=<I>: z + y + <I>\n<I> = h(<i>)",
    "class Z(K):\n    z = <i>\n    def get(self, y): return super().get(y) + self.z\n<I> = Z().get(<i>)",
    "match a:\n    case 0: n = 1\n    case 1 | 2: n = 2\n    case _: n = 3",
)
DEFINITIONS = """
class O:
    x = 1
    def __init__(self): self.items = []
    def inc(self, n): self.x += n; return self.x
class K:
    z = 3
    def get(self, y): return y + K.z
class Within:
    def __enter__(self): return [7]
    def __exit__(self, *error): return False
def plus(x): return x + 1
def times(x, *r, k=2): return x * k
def fresh(x): x = list(x); x.append(9); return x
def given(*r): return list(r)
def named(**kw): return kw
def steps(n):
    for i in range(min(abs(n), 3)): yield i
"""
BEGINNING = "a, n, b, m, c, s, t, e, q, o = 1, 2, [1, 2], [3], {'x': 1}, 'ab', 'x', [[1], [2]], True, O()"
END = "return [a, n, b, m, c, s, t, e, q, o.items, o.x]"


def program(number: int) -> str:
    """Return the text of a function ``work`` that returns what its names hold in the end."""
    chance = random.Random(number)
    body = [_statement(chance, 0) for _ in range(chance.randint(2, 7))]
    return "def work():\n" + textwrap.indent("\n".join([BEGINNING, *body, END]), "    ") + "\n"


def _expression(chance: random.Random, kind: str, depth: int) -> str:
    if kind in NAMES:
        return chance.choice(NAMES[kind])
    is_leaf = depth > 3 or chance.random() < 0.3
    template = chance.choice(LEAVES[kind] if is_leaf else _lines(EXPRESSIONS[kind]))
    return re.sub("<(.)>", lambda found: _expression(chance, found[1], depth + 1), template)


def _statement(chance: random.Random, depth: int) -> str:
    simple = depth > 2 or chance.random() < 0.55
    template = chance.choice(_lines(STATEMENTS) if simple else BLOCKS)

    def inner(found: re.Match[str]) -> str:
        return textwrap.indent(_statement(chance, depth + 1), found[1]).lstrip()

    filled = re.sub(r"(?m)^( *)<\+>", lambda found: found[1] + inner(found), template)
    return re.sub("<(.)>", lambda found: _expression(chance, found[1], 0), filled)


def _lines(templates: str) -> list[str]:
    return [line.strip() for line in templates.strip().splitlines()]
