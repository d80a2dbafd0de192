"""What the library built of the models in ``models``, as data."""

from __future__ import annotations

from pathlib import Path

from tests.lab.truth.records import Truth, decode

HERE = Path(__file__).parent
MODELS = HERE / "models"


def files() -> list[Path]:
    """The files with models."""
    return sorted(MODELS.glob("*.py"))


def record_file(release: str) -> Path:
    """The committed file of a release."""
    return HERE / f"{release}.jsonl"


def releases() -> list[str]:
    """The releases that were asked."""
    return sorted(path.stem for path in HERE.glob("*.jsonl"))


def load(release: str) -> list[Truth]:
    """What a release made of each model class."""
    return [decode(line, Truth) for line in record_file(release).read_text(encoding="utf-8").splitlines()]
