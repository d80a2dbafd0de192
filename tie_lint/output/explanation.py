"""Explanations for people (the chain, what comes of it, and a tree) and for programs (JSON)."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, TextIO

from tie_lint.cause import Cause, with_cell
from tie_lint.output.escape import printable
from tie_lint.output.json import write_array
from tie_lint.output.sizes import in_words
from tie_lint.output.stretches import ROWS, stretches
from tie_lint.output.terminal import Piece, can_show, to_file, write_pieces
from tie_lint.pipeline.explanation import Explanation
from tie_lint.record import NamedTuple

if TYPE_CHECKING:
    from tie_lint.loading.outcome import Loaded, Prediction


class Strokes(NamedTuple):
    """What trees and marks are drawn with."""

    branch: str
    last: str
    trunk: str
    is_marked: str
    yes: str
    no: str
    unknown: str = "?"
    unneeded: str = "-"

    def mark(self, holds: bool | str) -> str:
        """Return the mark of a link or answer."""
        if isinstance(holds, bool):
            return self.yes if holds else self.no
        return self.unknown if holds == "unknown" else self.unneeded


DRAWN = Strokes("├─ ", "└─ ", "│  ", "←", "✓", "✗")
ASCII = Strokes("|- ", "`- ", "|  ", "<-", "+", "x")
"""For streams whose encoding lacks the others."""

COLOURS = {True: "green", False: "red", "unknown": "yellow", "unneeded": ""}
MECHANISMS = {
    "mapping": "_tied_weights_keys",
    "getters": "the getters",
    "module": "one module",
    "assignment": "assignment",
    "hook": "a hook",
}
"""What makes a tie, in words."""
MOST_CAUSES = 3
"""How many causes of an unknown fact are shown."""
MOST_LINES = 8
"""How many lines of a fix are shown."""
WIDTH = 24
"""That of the names of links and answers."""

Lines = list[list[Piece]]


def write_json(explanations: Iterable[Explanation], stream: TextIO) -> None:
    """Write one array, one object per class and target."""
    write_array([explanation.facts for explanation in explanations], "explanations", stream)


def write_text(explanations: Iterable[Explanation], stream: TextIO) -> None:
    """Write each class as soon as all its targets are there: one block for those that agree, and below them
    what differs from release to release."""
    strokes = DRAWN if can_show("".join(DRAWN), stream) else ASCII
    by_class = itertools.groupby(explanations, lambda one: (one.facts["path"], one.facts["class"]))
    for number, (_, found) in enumerate(by_class):
        if number:
            stream.write("\n")
        for line in _of_class(list(found), strokes):
            write_pieces(line, stream)


def _of_class(found: list[Explanation], strokes: Strokes) -> Iterator[list[Piece]]:
    blocks: list[tuple[list[str], Explanation, Lines]] = []
    for explanation in found:
        body = list(_block(explanation, strokes))
        release = str(explanation.facts["transformers"])
        same = next((block for block in blocks if block[2] == body), None)
        if same is not None:
            same[0].append(release)
        else:
            blocks.append(([release], explanation, body))
    for releases, explanation, body in blocks:
        yield _header(explanation, releases)
        yield from body
    if len(found) > 1:
        yield from _strip(found, strokes)


def _header(explanation: Explanation, releases: list[str]) -> list[Piece]:
    known, source = explanation.facts, explanation.facts["transformers_from"]
    asked_by = f" ({source})" if source else ""
    return [
        (printable(str(known["class"])), "bold"),
        (printable(f"  {with_cell(known['path'], known['cell'])}:{known['line']}"), ""),
        (f"  transformers {', '.join(releases)}{asked_by}", "cyan"),
    ]


def _block(explanation: Explanation, strokes: Strokes) -> Iterator[list[Piece]]:
    known = explanation.facts
    for link in known["chain"]:
        yield from _link(link, known["findings"], strokes)
    for name, answer in known["outcome"].items():
        yield _marked(answer["holds"], name, str(answer["text"]), strokes)
    for label, text in _rows(explanation):
        yield [(f"    {label:<{WIDTH}}", "blue"), ("\n".join(map(printable, text.split("\n"))), "")]
    linked = {index for link in known["chain"] for index in link["findings"]}
    for index, finding in enumerate(known["findings"]):
        if index not in linked:
            yield from _finding(finding)
    tree = known["tree"]
    if tree is not None and _matters(tree):
        yield [(f"  {printable(tree['name'])}", "")]
        for text in _below(tree, "", strokes, known["shared"]):
            yield [(f"  {printable(text)}", "")]


# -- the chain ------------------------------------------------------------------------------------------


def _marked(holds: bool | str, name: str, text: str, strokes: Strokes) -> list[Piece]:
    return [
        (f"  {strokes.mark(holds)} ", COLOURS[holds]),
        (f"{name:<{WIDTH}}", "blue"),
        (printable(text), ""),
    ]


def _link(link: dict[str, Any], findings: list[dict[str, Any]], strokes: Strokes) -> Iterator[list[Piece]]:
    only = "" if "tie" in link["serves"] else f"(to {' and '.join(link['serves'])})"
    place = "dim" if link["line"] is None else f"dim {to_file(link['path'])}"
    notes = [(note, style) for note, style in ((only, "dim"), (printable(where(link)), place)) if note]
    said = _marked(link["holds"], link["link"], str(link["text"]), strokes)
    yield [*said, *(piece for note in notes for piece in (("  ", ""), note))]
    for index in link["findings"]:
        yield from _finding(findings[index])


def where(link: dict[str, Any]) -> str:
    """Return where a link is said: a line of a file, or the class of the library that it comes from."""
    if link["path"] is None:
        return ""
    if link["line"] is not None:
        return f"{with_cell(link['path'], link['cell'])}:{link['line']}"
    return "inherited" if link["path"].startswith(BASE) else f"from {link['owner']}"


BASE = "transformers.modeling_utils."
"""Where the library's own base classes are; which of them it is differs from release to release."""


def _finding(finding: dict[str, Any]) -> Iterator[list[Piece]]:
    colour = "red" if finding["severity"] == "error" else "yellow"
    yield [(f"      {finding['code']}", f"bold {colour}"), (f" {printable(finding['message'])}", "")]
    for place in finding["related"]:
        where = printable(f"{with_cell(place['path'], place['cell'])}:{place['line']}")
        said = f": {printable(place['text'])}"
        yield [("      ", ""), (where, f"dim {to_file(place['path'])}"), (said, "dim")]
    for text in fix_lines(finding):
        yield [(f"      {printable(text)}", "green")]


def fix_lines(finding: dict[str, Any]) -> list[str]:
    """Return the lines that the fix of a finding writes, after a heading; nothing where there is none."""
    fix = finding["fix"]
    if fix is None:
        return []
    lines = [line for edit in fix["edits"] for line in edit["text"].splitlines() if line.strip()]
    if len(lines) > MOST_LINES:
        lines[MOST_LINES:] = [f"... {len(lines) - MOST_LINES} more lines"]
    shown = [f"+ {line}" for line in lines] or ["- some text is taken out"]
    first = min((edit["start"]["line"] for edit in fix["edits"]), default=None)
    where = "" if first is None else f" in line {first}"
    return [f"{'a safe' if fix['safe'] else 'an unsafe'} fix{where}:", *shown]


# -- what comes of it -----------------------------------------------------------------------------------


def _rows(explanation: Explanation) -> Iterator[tuple[str, str]]:
    known = explanation.facts
    yield "role", str(known["role"])
    if known["raises"]:
        yield "construction", _raising(known["raises"])
    else:
        yield from _ties(explanation)
    if explanation.folder is not None:
        yield "config.json", str(explanation.folder.config.path)
        yield "loaded from the folder", _outcome(explanation.folder.prediction)


def _raising(error: dict[str, Any]) -> str:
    return f"raises {error['text']} ({Cause(**error).place})"


def _ties(explanation: Explanation) -> Iterator[tuple[str, str]]:
    known, reasons = explanation.facts, explanation.reasons
    if any(known["bytes_saved"].values()):
        sizes = known["bytes_saved"].items()
        yield "the ties save", ", ".join(f"{in_words(size)} as {dtype}" for dtype, size in sizes)
    yield "ties", _with_reason(_groups(known["shared"]), reasons.get("ties"))
    if explanation.folder is not None:
        by_default = known["ties_by_default"]
        yield "ties by default", by_default if isinstance(by_default, str) else _names(by_default or [])
    if known["raises_if_tied"]:
        yield "ties if asked", f"none: construction {_raising(known['raises_if_tied'])}"
    elif known["ties_if_tied"] != known["ties"]:
        tied = _with_reason(_groups(known["shared_if_tied"]), reasons.get("ties_if_tied"))
        yield "ties if asked", tied
    for fact in ("input_embeddings", "output_embeddings", "saves"):
        if known[fact] == "unknown":
            yield fact.replace("_", " "), _with_reason("unknown", reasons.get(fact))


INDENT = "\n" + " " * (WIDTH + 4)


def _groups(shares: list[dict[str, Any]] | str) -> str:
    if isinstance(shares, str):
        return shares
    made = [share for share in shares if share["made"]]
    return INDENT.join(map(described, made)) or "none"


def described(share: dict[str, Any]) -> str:
    """Return a share in words: its names and what makes them one."""
    names = " = ".join([share["source"], *(tie["target"] for tie in share["ties"])])
    return f"{names} ({made_by(share)})"


def made_by(share: dict[str, Any]) -> str:
    """Return in words what makes the ties of a share."""
    return f"by {' and '.join(dict.fromkeys(MECHANISMS[tie['by']] for tie in share['ties']))}"


def _names(groups: list[list[str]]) -> str:
    return INDENT.join(" = ".join(group) for group in groups) or "none"


def _with_reason(text: str, causes: list[Cause] | None) -> str:
    shown = "; ".join(f"{cause.place}: {cause.text}" for cause in (causes or ())[:MOST_CAUSES])
    return f"{text} ({shown})" if shown and text == "unknown" else text


def _outcome(prediction: Prediction) -> str:
    """What a load makes of config.json and the checkpoint."""
    loaded = prediction.loaded
    if loaded is None:
        return f"raises {prediction.raises}" if prediction.raises else f"unknown ({prediction.reason})"
    return INDENT.join(_loaded(name, loaded) for name in sorted(loaded.origins)) or "no ties"


_VALUES = {"new": "newly initialised", "empty": "left without values"}


def _loaded(name: str, loaded: Loaded) -> str:
    """What becomes of one parameter."""
    origin = loaded.origins[name]
    text = f"{name}: {_VALUES.get(origin.kind) or f'stored as {origin.name}'}"
    if name in loaded.mismatched:
        stored, wanted = loaded.mismatched[name]
        text = f"{name}: mismatched, {list(stored)} stored for {list(wanted)}"
    others = next((group for group in loaded.groups if name in group), [])
    tied = [other for other in others if other != name]
    return f"{text}, tied to {', '.join(tied)}" if tied else text


# -- the tree -------------------------------------------------------------------------------------------

MARKS = {"input": "input embeddings", "output": "output embeddings", "head": "vocabulary head"}


def _matters(node: dict[str, Any]) -> bool:
    return bool(node["marks"]) or any(map(_matters, node["children"]))


def _below(
    node: dict[str, Any], indent: str, strokes: Strokes, shares: list[dict[str, Any]] | str
) -> Iterator[str]:
    """The part of the tree that leads to the embeddings and to what is tied."""
    children = [child for child in node["children"] if _matters(child)]
    for child in children:
        last = child is children[-1]
        kind = f": {child['class']}" if child["class"] else ""
        shape = "" if child["class"] is None or child["shape"] is None else f" {shape_of(child)}"
        marks = ", ".join(marks_of(child, shares))
        yield (
            f"{indent}{strokes.last if last else strokes.branch}{child['name']}{kind}{shape}"
            f"{f'  {strokes.is_marked} {marks}' if marks else ''}"
        )
        yield from _below(child, indent + ("   " if last else strokes.trunk), strokes, shares)


def shape_of(node: dict[str, Any]) -> str:
    """Return a shape as people write it, ``?`` for sizes that are not known."""
    return f"[{', '.join('?' if size is None else str(size) for size in node['shape'])}]"


def marks_of(node: dict[str, Any], shares: list[dict[str, Any]] | str) -> Iterator[str]:
    """Yield what is to be said of a node: which end it is, and which tie it belongs to."""
    for mark in node["marks"]:
        if mark == "head" and "output" in node["marks"]:
            continue
        word, _, number = mark.partition(" ")
        if word == "share" and not isinstance(shares, str):
            made = shares[int(number)]["made"]
            yield f"tie {int(number) + 1}" if made else "not tied"
        else:
            yield MARKS.get(mark, mark)


# -- the strip of releases --------------------------------------------------------------------------------


def _strip(found: list[Explanation], strokes: Strokes) -> Iterator[list[Piece]]:
    """A column for each stretch of releases that agree, a row for each thing that comes of the chain."""
    columns = stretches([explanation.facts for explanation in found])
    width = max(len(column.label) for column in columns) + 2
    heading = "".join(f"{column.label:<{width}}" for column in columns)
    yield [(f"    {'transformers':<{WIDTH}}", "blue"), (heading.rstrip(), "cyan")]
    for row in ROWS:
        pieces: list[Piece] = [(f"    {row:<{WIDTH}}", "blue")]
        for column in columns:
            holds = column.answers[row]
            pieces.append((f"{strokes.mark(holds):<{width}}", COLOURS[holds]))
        yield [*pieces[:-1], (pieces[-1][0].rstrip(), pieces[-1][1])]
