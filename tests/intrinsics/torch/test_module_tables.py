"""What modules keep their parts in, and other ways to get at a module: as 5.23.0 has it."""

from __future__ import annotations

import pytest

from tests.tiny_models import ERAS, mapped

MODEL = """
class Model(TinyPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.a = nn.Linear(4, 4, bias=False)
        STATEMENTS
"""


def groups(statements: str) -> list[list[str]] | None:
    """The names that are one parameter; None where that is unknown."""
    text = MODEL.replace("STATEMENTS", statements.replace("; ", "\n        "))
    found = mapped(text, "Model", ERAS[-1])
    assert found.raises is None
    return None if found.ties is None else sorted(sorted(group) for group in found.ties)


@pytest.mark.parametrize(
    "statements",
    [
        'self.b = vars(self)["_modules"]["a"]',
        'self.b = self.__dict__["_modules"]["a"]',
        'self._modules.setdefault("b", self.a)',
        "self._modules.update(b=self.a)",
        "self.b = sorted([self.a], key=lambda m: 1)[0]",
    ],
)
def test_one_module_under_two_names(statements: str) -> None:
    assert groups(statements) == [["a.weight", "b.weight"]]


@pytest.mark.parametrize(
    "statements",
    [
        "self.b = nn.Embedding(4, 4, _weight=self.a.weight)",
        'self.__dict__["b"] = self.a',
        'self.c = self.a; self._modules.pop("c")',
        'self.c = self.a; del self._modules["c"]',
        "self.b = nn.Module(); self.b.x = nn.Linear(4, 4); self.b._modules.clear(); self.c = self.b",
    ],
)
def test_nothing_is_shared(statements: str) -> None:
    assert groups(statements) == []


@pytest.mark.parametrize(
    "statements",
    [
        "self.b = nn.Linear(4, 4); self.b.__dict__.update(self.a.__dict__)",
        'self.b = nn.Linear(4, 4); exec("self.b.weight = self.a.weight")',
        "self.b = max([self.a], key=id)",
        "self.b = itertools.chain([self.a]).__next__()",
    ],
)
def test_what_is_not_followed_is_unknown(statements: str) -> None:
    assert groups(statements) is None
