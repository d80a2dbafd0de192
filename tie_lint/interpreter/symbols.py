"""Symbols: unknown values with an identity, so that two sizes can be one although nobody knows it.

A symbol is named by where it comes from (``AcmeConfig.vocab_size``), and what is computed from symbols is a
symbol again, named by the formula. Two with one name are equal; of two with different names nothing is known.
"""

from __future__ import annotations

import re
from typing import Any

from tie_lint.interpreter.base_values import Unknown, Value
from tie_lint.interpreter.register import HANDLERS, Handler

ROUNDS = 2
"""How many rounds of a loop over a symbol are run: what the items of more share, two of them show."""

LONGEST_NAME = 200
"""The length of a formula from which on it is no longer kept."""


class Symbol(Unknown):
    """An unknown value that is known by its name."""

    __slots__ = ("rounds",)

    def __init__(self, name: str, rounds: list[Value] | None = None) -> None:
        super().__init__(name)
        self.rounds = rounds
        """The first items, where they are known although their number is not."""

    @property
    def name(self) -> str:
        """What identifies the symbol."""
        return self.why.text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Symbol) and self.name == other.name

    def __hash__(self) -> int:
        return hash(self.name)

    def __repr__(self) -> str:
        return f"Symbol({self.name!r})"


def is_size(value: Value) -> bool:
    """Return whether a value is a number, or a symbol, which stands for one where one is needed."""
    return isinstance(value, (int, Symbol))


def sample_of(interp: Any, value: Value) -> list[Value] | None:
    """Return the first items of something whose number of items is a symbol; None where it is none.

    The run notes that it went on with them: an item further on may be there all the same.
    """
    if not isinstance(value, Symbol):
        return None
    interp.sampled = True
    return value.rounds or [Symbol(f"{value.name}[{index}]") for index in range(ROUNDS)]


def is_vocabulary(size: Value, others: str) -> bool:
    """Return whether a size follows a vocabulary: a symbol of such a name, or a sum with one.

    ``others`` is the one name of that kind which means something else.
    """
    if not isinstance(size, Symbol):
        return False
    names = [name.rpartition(".")[2] for name in re.findall(r"[\w.]+", size.name)]
    found = {name for name in names if name == "vocab_size" or name.endswith("_vocab_size")}
    return len(found) == 1 and others not in found and not set(size.name) & set("*/%[")


class _SymbolHandler(Handler):
    def attribute(self, interp: Any, value: Symbol, name: str) -> Value:
        return Symbol(f"{value.name}.{name}")

    def item(self, interp: Any, value: Symbol, index: Value) -> Value:
        plain = isinstance(index, (int, str, Symbol)) and not isinstance(index, bool)
        if not plain:
            return Unknown(f"an item of {value.name}")
        return Symbol(f"{value.name}[{index.name if isinstance(index, Symbol) else repr(index)}]")

    def binary(self, sign: str, left: Value, right: Value) -> Value:
        if not all(isinstance(side, (int, float, Symbol)) for side in (left, right)):
            return NotImplemented
        names = [side.name if isinstance(side, Symbol) else repr(side) for side in (left, right)]
        if sum(map(len, names)) > LONGEST_NAME:
            return Unknown(f"an operation {sign}")
        return Symbol(f"({names[0]} {sign} {names[1]})")

    def unary(self, sign: str, value: Symbol) -> Value:
        return Symbol(f"({sign}{value.name})")

    def truth(self, value: Symbol) -> None:
        return None


HANDLERS[Symbol] = _SymbolHandler()
