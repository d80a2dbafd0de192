"""Which local names can only be numbers or fresh tensors."""

from __future__ import annotations

from pathlib import Path

import pytest

from tie_lint.library.index import library
from tie_lint.model.numbers import numbers
from tie_lint.model.project import Project

MODULE = """
import math
import torch

def scaled(by, bound=1):
    if by <= bound:
        return 1.0
    return 0.1 * math.log(by)

def made(by):
    return Layer(by)

class Block:
    def __init__(self, config, given):
        {body}
"""


def found(*lines: str) -> set[str]:
    text = MODULE.format(body="\n        ".join(lines))
    scope = Project(library("5.23.0", installed=False)).file(Path("/nowhere/blocks.py"), text)
    facts = scope.class_("Block").method("__init__")
    assert facts is not None
    return numbers(scope, facts.body)


@pytest.mark.parametrize(
    "lines",
    [
        ["a = torch.arange(1, 9)[None, :]", "a = a.expand(3, -1).contiguous()"],
        ["a = config.rope['factor']"],
        ["a = self.config.rope.get('factor', 1)"],
        ["a = scaled(config.factor, bound=2) * -3"],
        ["if given:", "    a = max(config.size, 1)", "else:", "    a = None"],
    ],
)
def test_numbers(lines: list[str]) -> None:
    assert found(*lines) == {"a"}


@pytest.mark.parametrize(
    "lines",
    [
        ["a = given"],
        ["a = given.get('layer')"],
        ["a = self.layer"],
        ["a = self.layers.pop()"],
        ["a = made(3)"],
        ["a = scaled(given)"],
        ["a = Layer(config)"],
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
