"""Explanations for people (a table and a tree) and for programs (JSON)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple, TextIO

from tie_lint.cause import Cause
from tie_lint.interpreter.values import Instance, Module, Param
from tie_lint.intrinsics.torch import module_tree
from tie_lint.output.escape import printable
from tie_lint.output.json import write_array
from tie_lint.output.terminal import Piece, can_show, write_pieces
from tie_lint.pipeline.explanation import Explanation

if TYPE_CHECKING:
    from tie_lint.loading.outcome import Loaded, Prediction


class Strokes(NamedTuple):
    """What the tree is drawn with."""

    branch: str
    last: str
    trunk: str
    leads_to: str
    is_marked: str


DRAWN = Strokes("├─ ", "└─ ", "│  ", "→", "←")
ASCII = Strokes("|- ", "`- ", "|  ", "->", "<-")
"""For streams whose encoding lacks the others."""

MOST_CAUSES = 3
"""How many causes of an unknown fact are shown."""

MARKS = {"input_embeddings": "input embeddings", "output_embeddings": "output embeddings"}


def write_json(explanations: Iterable[Explanation], stream: TextIO) -> None:
    """Write one array, one object per class and target."""
    write_array([explanation.facts for explanation in explanations], "explanations", stream)


def write_text(explanations: Iterable[Explanation], stream: TextIO) -> None:
    """Write each explanation as it comes, a blank line between them."""
    for number, explanation in enumerate(explanations):
        if number:
            stream.write("\n")
        for line in _lines(explanation, DRAWN if can_show("".join(DRAWN), stream) else ASCII):
            write_pieces(line, stream)


def _lines(explanation: Explanation, strokes: Strokes) -> Iterator[list[Piece]]:
    known = explanation.facts
    yield [
        (printable(str(known["class"])), "bold"),
        (printable(f"  {known['path']}:{known['line']}"), ""),
        (f"  transformers {known['transformers']}{_asked_by(explanation)}", "cyan"),
    ]
    for label, text in _rows(explanation, strokes):
        yield [(f"  {label:<18}", "blue"), ("\n".join(map(printable, text.split("\n"))), "")]
    for text in _branches(explanation, strokes):
        yield [(f"  {printable(text)}", "")]


def _rows(explanation: Explanation, strokes: Strokes) -> Iterator[tuple[str, str]]:
    known, reasons = explanation.facts, explanation.reasons
    yield "role", str(known["role"])
    yield "config", f"{known['config_class'] or 'unknown'}{_flag(explanation)}"
    yield "base_model_prefix", f"{known['base_model_prefix']!r}{_base(explanation, strokes)}"
    if explanation.ties.construction.raised:
        yield "construction", f"raises {explanation.ties.construction.raised}"
        return
    for end, label in MARKS.items():
        yield label, _with_reason(str(known[end] or "none"), reasons.get(end))
    yield "ties", _with_reason(_groups(explanation.ties.ties), reasons.get("ties"))
    if explanation.folder is not None:
        by_default = known["ties_by_default"]
        yield "ties by default", by_default if isinstance(by_default, str) else _groups(by_default)
    if explanation.ties.ties_if_tied != explanation.ties.ties:
        tied = _with_reason(_groups(explanation.ties.ties_if_tied), reasons.get("ties_if_tied"))
        yield "ties if asked", tied
    yield "can be saved", _with_reason(_answer(explanation.ties.saves), reasons.get("saves"))
    if explanation.folder is not None:
        yield "config.json", str(explanation.folder.config.path)
        yield "loaded", _outcome(explanation.folder.prediction)


def _asked_by(explanation: Explanation) -> str:
    source = explanation.facts["transformers_from"]
    return f" ({source})" if source else ""


def _outcome(prediction: Prediction) -> str:
    """What a load makes of config.json and the checkpoint."""
    loaded = prediction.loaded
    if loaded is None:
        return f"raises {prediction.raises}" if prediction.raises else f"unknown ({prediction.reason})"
    return ("\n" + " " * 20).join(_loaded(name, loaded) for name in sorted(loaded.origins)) or "no ties"


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


def _answer(saves: bool | None) -> str:
    if saves is None:
        return "unknown"
    return "yes" if saves else "no: save_pretrained() refuses it once tied"


def _flag(explanation: Explanation) -> str:
    model = explanation.ties.construction.model
    config = None if model is None else model.attrs.get("config")
    if not isinstance(config, Instance):
        return ""
    flag = config.attrs.get("tie_word_embeddings")
    return " (says nothing about tie_word_embeddings)" if flag is None else f" (tie_word_embeddings={flag})"


def _base(explanation: Explanation, strokes: Strokes) -> str:
    return f" {strokes.leads_to} self.{explanation.ties.base_model}" if explanation.ties.base_model else ""


def _with_reason(text: str, causes: list[Cause] | None) -> str:
    shown = "; ".join(f"{cause.place}: {cause.text}" for cause in (causes or ())[:MOST_CAUSES])
    return f"{text} ({shown})" if shown and text == "unknown" else text


def _groups(groups: list[list[str]] | None) -> str:
    if groups is None:
        return "unknown"
    return ("\n" + " " * 20).join(" = ".join(group) for group in groups) or "none"


def _branches(explanation: Explanation, strokes: Strokes) -> Iterator[str]:
    """The part of the module tree that leads to the embeddings and to what is tied."""
    model = explanation.ties.construction.model
    if model is None:
        return
    marks = _marks(explanation)
    if marks:
        yield explanation.view.name
        yield from _below(model, "", "", marks, strokes)


def _marks(explanation: Explanation) -> dict[str, list[str]]:
    """What is to be said of a dotted path: which end of the tie it is, which group it belongs to."""
    marks: dict[str, list[str]] = {}
    for end, label in MARKS.items():
        path = getattr(explanation.ties, end)
        if path:
            marks.setdefault(path, []).append(label)
    for number, group in enumerate(explanation.ties.ties or (), start=1):
        for name in group:
            marks.setdefault(name, []).append(f"tie {number}")
    return marks


def _below(
    module: Module, path: str, indent: str, marks: dict[str, list[str]], strokes: Strokes
) -> Iterator[str]:
    names = [name for name in _children(module) if _leads(f"{path}{name}", marks)]
    for name in names:
        last = name == names[-1]
        value = module.attrs[name]
        branch = strokes.last if last else strokes.branch
        yield f"{indent}{branch}{name}{_kind(value)}{_described(f'{path}{name}', marks, strokes)}"
        if isinstance(value, Module):
            deeper = indent + ("   " if last else strokes.trunk)
            yield from _below(value, f"{path}{name}.", deeper, marks, strokes)


def _children(module: Module) -> list[str]:
    return [name for name, value in module.attrs.items() if isinstance(value, Module | Param)]


def _leads(path: str, marks: dict[str, list[str]]) -> bool:
    return any(mark == path or mark.startswith(f"{path}.") for mark in marks)


def _kind(value: object) -> str:
    if isinstance(value, Module):
        weight = value.attrs.get("weight") if module_tree.only_built(value) else None
        return f": {value.cls.leaf}{_shape(weight)}"
    return ""


def _shape(weight: object) -> str:
    if not isinstance(weight, Param) or not weight.shape:
        return ""
    return f" [{', '.join(str(size) if isinstance(size, int) else '?' for size in weight.shape)}]"


def _described(path: str, marks: dict[str, list[str]], strokes: Strokes) -> str:
    return f"  {strokes.is_marked} {', '.join(marks[path])}" if path in marks else ""
