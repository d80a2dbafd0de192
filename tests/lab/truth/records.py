"""The recorded truth, as data: what the library itself did with each of its model classes.

``load("4.51.3")`` reads a committed file. Nothing here needs torch or transformers.

A file is a header line and then one line per class, sorted by module and class. To keep lines short, what the
forced variants share with the default is left out; ``decode`` puts it back.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

HERE = Path(__file__).parent

#: Groups of parameter names that are one parameter: each group sorted, and the groups sorted.
Partition = list[list[str]]


@dataclass(frozen=True)
class Header:
    """Where and when a file was recorded."""

    transformers: str
    torch: str
    python: str
    date: str
    extras: list[str]
    built: int
    not_built: int
    unimportable: dict[str, str]


@dataclass(frozen=True)
class Truth:
    """One class. With ``error`` set the class cannot be built and nothing below it is known.

    What a getter returns is written as a dotted path, or ``None`` where it returned ``None``. Anything else
    starts with ``!``: ``"!NotImplementedError"`` it raised that, ``"!tuple"`` it returned an object of that
    type, ``"!foreign"`` it returned a module that is not part of the model. ``base_model`` is ``""`` where
    the model is its own backbone. ``saves`` is about the build with the tie flag forced on, ``saves_default``
    and ``saves_if_untied`` are about the other two; ``None`` where that build failed.
    """

    module: str
    class_name: str
    error: str | None = None
    shrunk: dict[str, Any] = field(default_factory=dict)
    tie_word_embeddings: bool | None = None
    base_model_prefix: str | None = None
    base_model: str | None = None
    input_embeddings: str | None = None
    output_embeddings: str | None = None
    ties: Partition | None = None
    ties_if_tied: Partition | None = None
    ties_if_untied: Partition | None = None
    error_if_tied: str | None = None
    error_if_untied: str | None = None
    saves_default: bool | None = None
    saves: bool | None = None
    saves_if_untied: bool | None = None
    save_error_default: str | None = None
    save_error: str | None = None
    save_error_if_untied: str | None = None

    @property
    def built(self) -> bool:
        """Whether the library could build the class with its default config."""
        return self.error is None


AnyTruth = TypeVar("AnyTruth", bound=Truth)


def truth_file(release: str) -> Path:
    """The committed file of a release."""
    return HERE / f"{release}.jsonl"


def load(release: str) -> list[Truth]:
    """Every class of a release, in file order."""
    return [decode(line, Truth) for line in _lines(release)[1:]]


def load_header(release: str) -> Header:
    """The first line of a release's file."""
    return Header(**json.loads(_lines(release)[0]))


def _lines(release: str) -> list[str]:
    return truth_file(release).read_text(encoding="utf-8").splitlines()


#: A key left out of a built class's line has the value of this other key.
SAME_AS = {
    "ties_if_tied": "ties",
    "ties_if_untied": "ties",
    "saves_default": "saves",
    "saves_if_untied": "saves",
    "save_error_default": "save_error",
    "save_error_if_untied": "save_error",
}
#: Any other key is left out when it has its default; these are not, because for them null is an answer.
ALWAYS = (
    "tie_word_embeddings",
    "base_model_prefix",
    "base_model",
    "input_embeddings",
    "output_embeddings",
    "ties",
)


def encode(truth: Truth) -> str:
    """The line of a class."""
    values = vars(truth)
    line = {"module": truth.module, "class": truth.class_name}
    for name, value in values.items():
        if name in ("module", "class_name"):
            continue
        if name in SAME_AS:
            written = value != values[SAME_AS[name]]
        else:
            written = bool(value) or (truth.built and name in (*ALWAYS, "saves"))
        if written:
            line[name] = value
    return json.dumps(line)


def decode(text: str, kind: type[AnyTruth]) -> AnyTruth:
    """The inverse of ``encode``."""
    line = json.loads(text)
    values = {("class_name" if name == "class" else name): value for name, value in line.items()}
    if "error" not in values:
        for name, other in SAME_AS.items():
            values.setdefault(name, values.get(other))
    return kind(**values)
