"""Which files are mutated, and all their mutants."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.mutants.operators import OPERATORS

RELEASES = ("4.51.3", "5.23.0")
FAMILIES = (
    *("albert", "bart", "bert", "bloom", "distilbert", "electra", "esm", "gemma2", "gpt2", "gpt_neox"),
    *("llama", "mamba", "marian", "mistral", "opt", "phi", "qwen2", "roberta", "t5", "whisper"),
)


@dataclass(frozen=True, order=True)
class Mutant:
    """One piece of one class of one family's file, removed."""

    family: str
    operator: str
    class_name: str

    @property
    def code(self) -> str:
        """The code of the finding that it deserves if it breaks anything."""
        return OPERATORS[self.operator].code

    def text(self, released: str) -> str:
        """The file's text with this mutation."""
        mutated = OPERATORS[self.operator].mutate(released, self.class_name)
        assert mutated is not None, f"{self} has nothing to mutate"
        return mutated


def module_name(family: str) -> str:
    """The dotted name of a family's module."""
    return f"transformers.models.{family}.modeling_{family}"


def source_file(package: Path, family: str) -> Path:
    """A family's file in the folder of the package ``transformers``."""
    return package / "models" / family / f"modeling_{family}.py"


def mutants(package: Path, family: str) -> Iterator[Mutant]:
    """Every mutant of a family's file, by operator and in the order of the file."""
    text = source_file(package, family).read_text(encoding="utf-8")
    names = [node.name for node in ast.parse(text).body if isinstance(node, ast.ClassDef)]
    for name, operator in OPERATORS.items():
        for class_name in names:
            if operator.mutate(text, class_name) is not None:
                yield Mutant(family, name, class_name)
