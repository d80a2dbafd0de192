"""The ties of one class as a Mermaid diagram, which READMEs on GitHub and the Hub draw."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TextIO

from tie_lint.output.explanation import MECHANISMS
from tie_lint.output.one_class import newest_of_one_class
from tie_lint.pipeline.explanation import Explanation


def write_mermaid(explanations: Iterable[Explanation], stream: TextIO) -> None:
    """Write the diagram of one class under its newest target. Raises ``UsageError`` for several classes."""
    known = newest_of_one_class(explanations, "mermaid").facts
    stream.write("\n".join(_lines(known)) + "\n")


def _lines(known: dict[str, Any]) -> Iterator[str]:
    title = f"{known['class']}, transformers {known['transformers']}"
    yield "flowchart LR"
    yield f'  subgraph model["{_label(title)}"]'
    shares = [] if isinstance(known["shared"], str) else known["shared"]
    asked = known["chain"][0]["holds"] is True
    numbers: dict[str, int] = {}
    edges = []
    for share in shares:
        if not (share["made"] or asked):
            continue
        for name in (share["source"], *(tie["target"] for tie in share["ties"])):
            if name not in numbers:
                numbers[name] = len(numbers)
                shape = f"<br/>{' x '.join(map(str, share['shape']))}" if share["shape"] else ""
                yield f'    p{numbers[name]}["{_label(name)}{shape}"]'
        for tie in share["ties"]:
            ends = numbers[share["source"]], numbers[tie["target"]]
            edge = (
                f'p{ends[0]} ==>|"by {MECHANISMS[tie["by"]]}"| p{ends[1]}'
                if share["made"]
                else _unmade(*ends)
            )
            edges.append(f"  {edge}")
    if not numbers:
        yield f'    none["{_label(known["outcome"]["tied"]["text"])}"]'
    yield "  end"
    yield from edges


def _unmade(source: int, target: int) -> str:
    return f'p{source} -.->|"wanted, not made"| p{target}'


PLAIN = " ._,{}()='-:/"
"""Characters beside letters and digits that mean nothing inside a label in quotes."""


def _label(text: str) -> str:
    """Text of others in a label: whatever might mean something to Mermaid or HTML is written as a number."""
    return "".join(char if char.isalnum() or char in PLAIN else f"#{ord(char)};" for char in text)
