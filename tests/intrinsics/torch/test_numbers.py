"""Which local names can only be numbers or fresh tensors."""

from __future__ import annotations

from pathlib import Path

import pytest

from tie_lint.intrinsics.torch.numbers import numbers, plain_parameters, turns_numbers_into_numbers
from tie_lint.library.index import library
from tie_lint.project.project import Project

MODULE = """
import math
import os
import torch

def scaled(by, bound=1):
    if by <= bound:
        return 1.0
    return 0.1 * math.log(by)

def made(by):
    return Layer(by)

def one_of(specs, index):
    for spec in [specs] if isinstance(specs, dict) else specs:
        if index in spec["layers"]:
            return spec
    return None

class Block:
    def __init__(self, config, given, index: int, width: float | None = None, name: "str" = ""):
        {body}
"""


def found(*lines: str) -> set[str]:
    text = MODULE.format(body="\n        ".join(lines))
    scope = Project(library("5.23.0", installed=False)).file(Path("/nowhere/blocks.py"), text)
    facts = scope.class_("Block").method("__init__")
    assert facts is not None
    return numbers(scope, facts.body, plain_parameters(facts)) - {"index", "width"}


@pytest.mark.parametrize(
    "lines",
    [
        ["a = torch.arange(1, 9)[None, :]", "a = a.expand(3, -1).contiguous()"],
        ["a = config.rope['factor']"],
        ["a = self.config.rope.get('factor', 1)"],
        ["a = scaled(config.factor, bound=2) * -3"],
        ["if given:", "    a = max(config.size, 1)", "else:", "    a = None"],
        ["a = [x.item() for x in torch.linspace(0, config.rate, 4)]"],
        ["a = given.tolist()"],
        ["a = one_of(config.layers, index=index)"],
        ["a = index + width"],
        ["a = os.environ.get('INDEX', index)"],
    ],
)
def test_numbers(lines: list[str]) -> None:
    assert found(*lines) == {"a"}


@pytest.mark.parametrize(
    "lines",
    [
        ["a = given"],
        ["a = one_of(given, index)"],
        ["a = os.environ.get('LAYER', given)"],
        ["index = given", "a = index"],
        ["a = name"],
        ["a = given.get('layer')"],
        ["a = self.layer"],
        ["a = self.layers.pop()"],
        ["a = made(3)"],
        ["a = scaled(given)"],
        ["a = Layer(config)"],
        ["a = itertools.chain(given, given)"],
        ["a = torch.compile(given)"],
        ["a = torch.stack([Layer(config)])"],
        ["a = [one for one in given]"],
        ["a = [a for a in given]"],
        ["a = {one: 1 for one in given}"],
        ["a = 1", "a = given"],
        ["a = 1", "for a in given:", "    pass"],
        ["a = 1", "with given as a:", "    pass"],
        ["a = 1", "a += given"],
        ["a, a = 1, given"],
        ["if given:", "    a = torch.nn.Linear(1, 1)", "else:", "    a = 1"],
    ],
)
def test_what_may_be_a_module(lines: list[str]) -> None:
    assert found(*lines) == set()


FUNCTIONS = """
import math

def plain(given, size):
    found = given.get("scale", 1)
    return size * (scale(found) if found else 1)

def scale(by):
    return 0.1 * math.log(by)

def building(size):
    return Layer(size)

def changing(given):
    given["size"] = 1
    return 1

def one_of(specs, index):
    for spec in [specs] if isinstance(specs, dict) else specs:
        if index in spec["layers"]:
            return spec
    return None

class Block:
    def __init__(self, config, given, index: int, width: float | None = None, name: "str" = ""):
        {body}
"""


@pytest.mark.parametrize(
    ("line", "function", "answer"),
    [
        ("a = plain(config.rope, self.size ** -0.5)", "plain", True),
        ("a = plain(config.rope, given)", "plain", False),
        ("a = plain(config.rope, 1) + plain(given, 1)", "plain", False),
        ("a = call(plain)", "plain", False),
        ("a = building(1)", "building", False),
        ("a = changing(config.rope)", "changing", False),
    ],
)
def test_functions_of_numbers(line: str, function: str, answer: bool) -> None:
    project = Project(library("5.23.0", installed=False))
    scope = project.file(Path("/nowhere/blocks.py"), FUNCTIONS.format(body=line))
    facts = scope.class_("Block").method("__init__")
    assert facts is not None
    assert turns_numbers_into_numbers(scope, facts.body, numbers(scope, facts.body), function) is answer
