"""Model files with something changed that Python's grammar knows: the input that nobody writes by hand.

One mutant in ten is meant to be no Python; the others are drawn again until they parse. The same seed gives
the same text.
"""

from __future__ import annotations

import ast
import random
import re
import warnings
from collections.abc import Collection, Iterator
from pathlib import Path

from tests.lab.reliability.changes import BREAKING, EDITS, WHOLE, Edit
from tests.lab.reliability.spans import Source

TURN = 10
"""So many mutants of a file come one after another: its nodes are then looked up once."""
DRAWS = 4
"""How often a mutant that should be Python and is not is drawn again."""


def mutant(source: Source, seed: int) -> str:
    """Return a text with one to four changes, the same for the same seed."""
    rng = random.Random(seed)
    if rng.random() < 0.1:
        return rng.choice(BREAKING)(source.text, rng)
    text = source.text
    for _ in range(DRAWS):
        text = _changed(source, rng)
        if is_python(text):
            break
    return text


def _changed(source: Source, rng: random.Random) -> str:
    if rng.random() < 0.1:
        return rng.choice(WHOLE)(source.text, rng)
    wanted = rng.choice((1, 1, 2, 4))
    edits: list[Edit] = []
    for _ in range(wanted):
        edit = rng.choice(EDITS)(source, rng)
        if edit is not None and all(edit.end <= other.start or other.end <= edit.start for other in edits):
            edits.append(edit)
    text = source.text
    for edit in sorted(edits, key=lambda edit: edit.start, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def is_python(text: str) -> bool:
    """Whether a text parses."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False
    return True


def model_files(library: Path, count: int) -> list[Path]:
    """Return model files of an unpacked release of transformers, spread over it."""
    found = sorted(library.glob("models/*/modeling_*.py"))
    return found[:: max(len(found) // count, 1)][:count]


def standing_alone(path: Path) -> str:
    """Return the text of a model file of the library with absolute imports."""
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"^(\s*from) \.\.\.(\w)", r"\1 transformers.\2", text, flags=re.MULTILINE)
    text = re.sub(r"^(\s*from) \.\.\. import", r"\1 transformers import", text, flags=re.MULTILINE)
    text = re.sub(r"^(\s*from) \.\.(\w)", r"\1 transformers.models.\2", text, flags=re.MULTILINE)
    return re.sub(
        r"^(\s*from) \.(\w)", rf"\1 transformers.models.{path.parent.name}.\2", text, flags=re.MULTILINE
    )


def write_mutants(
    library: Path, files: int, count: int, folder: Path, but: Collection[str] = ()
) -> Iterator[Path]:
    """Write mutants of so many model files but those of these names, and yield the paths."""
    models = model_files(library, files)
    numbers = [number for number in range(count) if name_of(number) not in but]
    source, whose = None, None
    for place, number in enumerate(numbers):
        model = models[number // TURN % len(models)]
        if source is None or whose != model:
            source, whose = Source(standing_alone(model)), model
        path = folder / name_of(number)
        path.write_bytes(mutant(source, number).encode("utf-8", "surrogatepass"))
        yield path
        if place > 5_000:
            (folder / name_of(numbers[place - 5_000])).unlink()


def name_of(number: int) -> str:
    """Return the name of the file that holds a mutant."""
    return f"m{number}.py"
