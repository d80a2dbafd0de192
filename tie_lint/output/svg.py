"""The picture of one class as SVG, for docs and model cards: the tree that matters, an arc for each tie."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import Any, TextIO
from xml.sax.saxutils import escape

from tie_lint.output.explanation import DRAWN, made_by, marks_of, shape_of
from tie_lint.output.one_class import newest_of_one_class
from tie_lint.pipeline.explanation import Explanation
from tie_lint.record import NamedTuple

LINE, CHARACTER, INDENT, EDGE, LANE = 24, 7.8, 22, 16, 22
_STYLE = """
text { font: 13px ui-monospace, Menlo, Consolas, monospace; fill: #1f2328 }
.dim { fill: #59636e } .end { fill: #0969da }
.yes { fill: #1a7f37 } .no { fill: #cf222e } .unknown { fill: #9a6700 }
path { fill: none; stroke: #1a7f37; stroke-width: 2 } .trunk { stroke: #d1d9e0; stroke-width: 1 }
.unmade { stroke: #cf222e; stroke-dasharray: 7 5 }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 }
.dim { fill: #9198a1 } .end { fill: #58a6ff }
.yes { fill: #3fb950 } .no { fill: #f85149 } .unknown { fill: #d29922 }
path { stroke: #3fb950 } .trunk { stroke: #3d444d } .unmade { stroke: #f85149 }
}
"""


class Row(NamedTuple):
    """One line of the tree."""

    name: str
    kind: str
    note: str
    depth: int
    shares: tuple[int, ...]

    @property
    def end(self) -> float:
        """Where its text ends."""
        characters = len(self.name) + len(self.kind) + len(self.note) + 3
        return EDGE + self.depth * INDENT + characters * CHARACTER


def write_svg(explanations: Iterable[Explanation], stream: TextIO) -> None:
    """Write the picture of one class under its newest target. Raises ``UsageError`` for several classes."""
    known = newest_of_one_class(explanations, "svg").facts
    shares = [] if isinstance(known["shared"], str) else known["shared"]
    rows = [] if known["tree"] is None else [*_rows(known["tree"], 0, shares)]
    lane = max((row.end for row in rows), default=300.0) + LANE
    links = known["chain"]
    longest = max(len(link["link"]) + len(link["text"]) for link in links) + 4
    width = max(lane + LANE * len(shares) + 190, EDGE * 2 + longest * CHARACTER)
    height = EDGE * 2 + LINE * (len(rows) + len(links) + 3)
    name = str(known["class"])
    title = f"{name}, transformers {known['transformers']}: {known['outcome']['tied']['text']}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}" width="{width:.0f}"'
        f' height="{height}" role="img" aria-labelledby="title">',
        f'<title id="title">{_text(title)}</title>',
        f"<style>{_STYLE}</style>",
        _words(EDGE, EDGE + 12, [("", name), ("dim", f"transformers {known['transformers']}")]),
        *_drawn(rows),
        *_arcs(rows, shares, lane, links[0]["holds"] is True),
        *_chain(links, EDGE + 12 + LINE * (len(rows) + 1.5)),
        "</svg>",
    ]
    stream.write("\n".join(parts) + "\n")


def _rows(node: dict[str, Any], depth: int, shares: list[dict[str, Any]]) -> Iterator[Row]:
    for child in node["children"]:
        if _matters(child):
            shape = shape_of(child) if child["shape"] else ""
            kind = " ".join(part for part in (child["class"], shape) if part)
            numbers = tuple(int(mark[6:]) for mark in child["marks"] if mark.startswith("share"))
            ends = ", ".join(marks_of({**child, "marks": _ends(child)}, shares))
            yield Row(child["name"], kind, ends, depth + 1, numbers)
            yield from _rows(child, depth + 1, shares)


def _ends(node: dict[str, Any]) -> list[str]:
    return [mark for mark in node["marks"] if not mark.startswith("share")]


def _matters(node: dict[str, Any]) -> bool:
    return bool(node["marks"]) or any(map(_matters, node["children"]))


def _y(index: int) -> float:
    return EDGE + 12 + LINE * (index + 1)


def _drawn(rows: list[Row]) -> Iterator[str]:
    for index, row in enumerate(rows):
        x, y = EDGE + row.depth * INDENT, _y(index)
        above = next((at for at in range(index - 1, -1, -1) if rows[at].depth < row.depth), -1)
        yield f'<path class="trunk" d="M{x - 12} {_y(above) + 6:.0f}V{y - 4:.0f}H{x - 3}"/>'
        yield _words(x, y, [("", row.name), ("dim", row.kind), ("end", row.note)])


def _arcs(rows: list[Row], shares: list[dict[str, Any]], lane: float, asked: bool) -> Iterator[str]:
    for number, share in enumerate(shares):
        ends = [(row.end, _y(index) - 4) for index, row in enumerate(rows) if number in row.shares]
        if len(ends) < 2 or not (share["made"] or asked):
            continue
        kind = "" if share["made"] else ' class="unmade"'
        for one, two in itertools.pairwise(ends):
            yield (
                f'<path{kind} d="M{one[0]:.0f} {one[1]:.0f}H{lane - 8:.0f}Q{lane:.0f} {one[1]:.0f} {lane:.0f}'
                f" {one[1] + 8:.0f}V{two[1] - 8:.0f}Q{lane:.0f} {two[1]:.0f} {lane - 8:.0f} {two[1]:.0f}"
                f'H{two[0]:.0f}"/>'
            )
        words = ("yes", made_by(share)) if share["made"] else ("no", "wanted, not made")
        yield _words(lane + 8, (ends[0][1] + ends[-1][1]) / 2 + 4, [words])
        lane += LANE


def _chain(links: list[dict[str, Any]], y: float) -> Iterator[str]:
    colours = {True: "yes", False: "no", "unknown": "unknown", "unneeded": "dim"}
    for index, link in enumerate(links):
        mark = (colours[link["holds"]], DRAWN.mark(link["holds"]))
        yield _words(EDGE, y + LINE * index, [mark, ("", link["link"]), ("dim", link["text"])])


def _words(x: float, y: float, pieces: list[tuple[str, str]]) -> str:
    spans = " ".join(
        f'<tspan class="{kind}">{_text(text)}</tspan>' if kind else _text(text)
        for kind, text in pieces
        if text
    )
    return f'<text x="{x:.0f}" y="{y:.0f}">{spans}</text>'


def _text(text: str) -> str:
    """Text of others as XML: escaped, and without the characters that XML has no place for."""
    return escape("".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text))
