"""A kind of value that a room above the interpreter brings: what its handler answers is what comes of it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.tiny_models import built, ties, weights
from tie_lint.interpreter.base_values import Native, Value
from tie_lint.interpreter.register import FUNCTIONS, HANDLERS, Handler, function


@dataclass
class Size:
    """A number that is only known by its name."""

    name: str


class _SizeHandler(Handler):
    def item(self, interp: object, value: Value, index: Value) -> Value:
        return Size(f"{value.name}[{index}]")

    def binary(self, sign: str, left: Value, right: Value) -> Value:
        if not isinstance(right, int):
            return NotImplemented
        return Size(f"{left.name} {sign} {right}")

    def unary(self, sign: str, value: Value) -> Value:
        return Size(f"{sign}{value.name}")


@pytest.fixture(autouse=True)
def _size(monkeypatch: pytest.MonkeyPatch) -> None:
    """``torch.size_of_a_test()`` gives a size of the name n."""
    monkeypatch.setitem(HANDLERS, Size, _SizeHandler())
    sized = Native("torch.size_of_a_test", lambda interp: Size("n"))
    monkeypatch.setitem(FUNCTIONS, "torch.size_of_a_test", sized)
    function.cache_clear()


def _shape(size: str) -> list[Value]:
    model = built(f"n = torch.size_of_a_test()\nself.x = nn.Linear(8, {size})").construction.model
    assert model is not None
    weight = model.attrs["x"].attrs["weight"]
    return list(weight.shape)


@pytest.mark.parametrize(
    ("size", "name"), [("n", "n"), ("n * 2", "n * 2"), ("-n", "-n"), ("n[0] + 1", "n[0] + 1")]
)
def test_its_handler_answers(size: str, name: str) -> None:
    assert _shape(size) == [Size(name), 8]


def test_what_it_does_not_answer_is_unknown() -> None:
    (out, _) = _shape("n + 'a'")
    assert out.why.text == "an operation +"


def test_its_truth_is_unknown_if_it_says_nothing() -> None:
    init = "n = torch.size_of_a_test()\nself.x = nn.Linear(8, 8, bias=False)\nself.y = self.x"
    assert ties(init) == weights("x", "y")
    assert ties(f"{init}\nif n:\n    self.y = nn.Linear(8, 8, bias=False)") is None
