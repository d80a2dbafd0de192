"""Constructors that ask for more memory or time than there is: bounded in bytes and seconds, not in steps."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.hostile.bounded import MAPPING, answers
from tests.hostile.texts import EMBEDDING, HEAD, LAYER, family
from tie_lint.api import Configuration, check_paths

ONE_VALUE = {
    "a doubled deepcopy": "x = [0] * 1000\nfor i in range(100): x = copy.deepcopy([x, x])",
    "a width that is an argument": "self.x = '{:{}}'.format('a', 3000000000)",
    "a width": "self.x = '{:>3000000000}'.format('a')",
    "a huge width": "self.x = '{:>99999999999}'.format('a')",
    "a width in an f-string": "self.x = f'{1:>3000000000}'",
    "a width with %": "self.x = '%3000000000d' % 1",
    "a doubled format": "x = 'aa'\nfor i in range(60): x = '{0}{0}'.format(x)\nself.x = x",
    "a doubled f-string": "x = 'aa'\nfor i in range(60): x = f'{x}{x}'\nself.x = x",
    "a doubled join": "x = 'aa'\nfor i in range(60): x = x.join([x, x, x])\nself.x = x",
    "a doubled replace": "x = 'aa'\nfor i in range(60): x = x.replace('a', 'aa')\nself.x = x",
    "a doubled list": "x = [0]\nfor i in range(60): x = x + x\nself.x = x",
    "a list that grows by itself": "x = [0]\nfor i in range(60): x += x\nself.x = x",
    "a list extended by itself": "x = [0]\nfor i in range(60): x.extend(x)\nself.x = x",
    "a doubled literal": "x = [0]\nfor i in range(60): x = [*x, *x]\nself.x = x",
    "a doubled upper": "x = 'ß' * 900000\nfor i in range(60): x = x.upper() + x\nself.x = x",
    "a membership in a huge range": "self.x = 1.5 in range(10**30)",
    "an index of a huge range": "self.x = range(10**30).index",
    "an endless join": "self.x = ''.join(itertools.cycle(['a']))",
    "an endless superset": "self.x = {'a'}.issuperset(itertools.cycle(['a']))",
    "an endless set": "self.x = set(itertools.cycle(['a']))",
    "a huge tensor of numbers": "self.x = [x.item() for x in torch.linspace(0, 1, 10**9)]",
    "an endless chain": "self.x = list(itertools.chain.from_iterable(itertools.repeat([1])))",
    "a part of what has no end": "self.x = next(itertools.islice(itertools.repeat(0), 10**12, None))",
    "a least common multiple": "self.x = math.lcm(*range(1, 10**5))",
    "a huge product": "self.x = list(itertools.product([1, 2], repeat=10**9))",
    "a product of many": "self.x = list(itertools.product(range(1000), range(1000), range(1000)))",
    "a rounded number": "self.x = round(5, -10**9)",
    "a rounded number of some size": "self.x = round(5, -10**7)",
    "a huge tensor": "self.x = [x for x in torch.zeros(10**9)]",
    "a tensor without end": "self.x = [x for x in torch.zeros(10**20, 3)]",
    "a doubled tuple, compared": (
        "x = ()\ny = ()\nfor i in range(60): x = (x, x); y = (y, y)\nself.x = x == y"
    ),
    "a doubled tuple, hashed": "x = ()\nfor i in range(60): x = (x, x)\nself.x = {x: 1}",
    "a doubled tuple, in a set": "x = ()\nfor i in range(60): x = (x, x)\nself.x = {x}",
    "a doubled tuple, told": "x = ()\nfor i in range(60): x = (x, x)\nself.x = str(x)",
    "a doubled dict": "x = {}\nfor i in range(60): x = {'a': x, 'b': x}\nself.x = copy.deepcopy(x)",
    "a filled string": "self.x = 'a'.zfill(3 * 10**9)",
    "a centred string": "self.x = 'a'.center(3 * 10**9)",
    "a long list that is repeated": "self.x = [[0] * 1000000 for _ in range(5000)]",
    "a long range that is repeated": "self.x = [list(range(100000)) for _ in range(5000)]",
    "a string of many strings": "self.x = ['a' * 1000000 + str(i) for i in range(5000)]",
    "a number that is multiplied": "x = 3\nfor i in range(4000): x = x * x\nself.x = x",
}
"""What costs the value that is made, and leaves the rest of the model known."""


@pytest.mark.parametrize("init", ONE_VALUE.values(), ids=ONE_VALUE)
def test_a_bomb_costs_one_value(tmp_path: Path, init: str) -> None:
    found = answers(tmp_path, family(backbone=init)).classes["Head"]
    assert (found["input_embeddings"], found["output_embeddings"]) == (EMBEDDING, HEAD)


HELD_TWICE = {
    "tuples": "x{0} = (x{1}, x{1})",
    "lists": "x{0} = [x{1}, x{1}]",
    "dicts": "x{0} = {{1: x{1}, 2: x{1}}}",
    "objects": "x{0} = Pair(x{1})",
}
PAIR = "class Pair:\n    def __init__(self, x): self.a = self.b = x\n"


@pytest.mark.parametrize("line", HELD_TWICE.values(), ids=HELD_TWICE)
def test_what_a_module_holds_twice_at_each_of_40_levels(tmp_path: Path, line: str) -> None:
    levels = "".join(f"{line.format(level + 1, level)}\n" for level in range(40))
    found = answers(tmp_path, f"{PAIR}x0 = [1]\n{levels}{family(head='self.x = x40')}")
    assert found.classes["Head"]["output_embeddings"] == HEAD


ERRORS = {
    "a range of nothing": "self.x = [i for i in range()]",
    "a division by zero": "self.x = divmod(1, 0)",
    "a bad field": "self.x = '{a.b.c}'.format(a=1)",
    "a bad attribute": "self.x = '{0.foo}'.format('a')",
    "a number of 5000 digits in an f-string": f"self.x = f'{{0x{'f' * 5_000}}}'",
    "a number of 5000 digits as a string": f"self.x = str(0x{'f' * 5_000})",
    "a string of 5000 digits as a number": f"self.x = int('{'9' * 5_000}')",
    "an insertion at 10**20": "x = []\nx.insert(10**20, 1)",
    "a pop at 10**20": "x = [1]\nx.pop(10**20)",
    "an item at 10**20": "self.x = [1][10**20]",
    "a slice with a string": "self.x = [1]['a':]",
    "a product by a negative number": "self.x = list(itertools.product([1, 2], repeat=-1))",
    "an empty product by a negative number": "self.x = list(itertools.product([], repeat=-1))",
    "the length of a huge range": "self.x = len(range(10**20))",
    "a split of 10**20": "self.x = 'abc'.split('b', 10**20)",
    "a fill of 10**20": "self.x = 'a'.zfill(10**20)",
    "an infinite integer": "self.x = int(float('inf'))",
    "no number": "self.x = int(float('nan'))",
    "a huge float": "self.x = float(10**400)",
    "a huge quotient": "self.x = 10**400 / 3",
    "a step of zero": "self.x = range(1, 2, 0)",
    "a bad pattern": "self.x = re.compile('(')",
    "a pattern with a huge repetition": "self.x = re.compile('a{99999999999999999999}')",
    "a shift by a negative number": "self.x = 1 << -1",
    "a zero to a negative power": "self.x = 0.0 ** -1",
    "a sorted mixture": "self.x = sorted([1, 'a', None])",
    "an empty maximum": "self.x = max([])",
    "the square root of a negative number": "self.x = math.sqrt(-1)",
    "the root of a huge number": "self.x = math.sqrt(10**400)",
}
"""What raises in Python, or may: the model is not built, or its value is unknown."""


@pytest.mark.parametrize("init", ERRORS.values(), ids=ERRORS)
def test_an_error_of_the_linted_code_is_no_error_of_the_linter(tmp_path: Path, init: str) -> None:
    found = answers(tmp_path, family(backbone=init)).classes["Head"]
    assert found["input_embeddings"] in (EMBEDDING, "unknown") or found["raises"]


ENDLESS = {
    "a huge loop": "for i in range(10**20): self.x = i",
    "450000 sorted lists": "for i in range(5000):\n    for j in range(90): x = sorted(range(100000))",
    "1000 layers that are one": f"self.x = nn.Sequential(*[{LAYER}] * 1000)",
    "10000 layers that are one": f"self.x = nn.Sequential(*[{LAYER}] * 10000)",
    "doubled modules": f"x = {LAYER}\nfor i in range(60): x = nn.ModuleList([x, x])\nself.x = x",
    "10**20 layers": f"self.layers = nn.ModuleList([{LAYER} for _ in range(10**20)])",
}


@pytest.mark.parametrize("init", ENDLESS.values(), ids=ENDLESS)
def test_what_is_not_followed_to_its_end_is_unknown_or_right(tmp_path: Path, init: str) -> None:
    found = answers(tmp_path, family(backbone=init), class_time_limit=0.1).classes["Head"]
    assert found["input_embeddings"] in (EMBEDDING, "unknown")
    assert found["output_embeddings"] in (HEAD, "unknown")


def test_10_to_the_20_layers_by_default(tmp_path: Path) -> None:
    layers = f"self.layers = nn.ModuleList([{LAYER} for _ in range(config.num_hidden_layers)])"
    text = family(backbone=layers).replace("num_hidden_layers=2", "num_hidden_layers=10**20")
    assert answers(tmp_path, text).classes["Head"]["output_embeddings"] in (HEAD, "unknown")


def test_a_vocabulary_of_5000_digits(tmp_path: Path) -> None:
    text = family().replace("vocab_size=100", f"vocab_size=0x{'f' * 5_000}")
    assert answers(tmp_path, text).classes["Head"]["output_embeddings"] in (HEAD, "unknown")


def _classes(count: int, init: str) -> str:
    """Return a file of so many backbones that do this."""
    classes = family(backbone=init).partition("class Head")[0]
    head, _, backbone = classes.rpartition("\n\n\nclass ")
    name = backbone.partition("(")[0]
    return head + "".join(f"\n\n\nclass {name}{number}{backbone[len(name) :]}" for number in range(count))


def test_a_hundred_bombs_in_a_file_make_no_more_than_a_few(tmp_path: Path) -> None:
    text = _classes(100, "self.x = [list(range(100000)) for _ in range(5000)]")
    assert len(answers(tmp_path, text).classes) >= 100


def test_a_hundred_endless_classes_take_no_longer_than_a_few(tmp_path: Path) -> None:
    endless = "x = 0\nfor i in range(5000):\n    for j in range(5000): x = x + 1"
    (tmp_path / "pyproject.toml").write_text("[tool.tie-lint]\nclass-time-limit = 0.1\n", encoding="utf-8")
    (tmp_path / "m.py").write_text(_classes(100, endless), encoding="utf-8")
    start = os.times()
    report = check_paths(
        [tmp_path / "m.py"], Configuration(tmp_path / "pyproject.toml", transformers=MAPPING)
    )
    assert os.times().user - start.user < 5
    assert any("for one file" in cause.text for lost in report.not_followed for cause in lost.causes)
