"""Which classes are mutated, and all their mutants.

Every class that ties in a release (by default or with the flag forced on, as its recorded truth says) is
taken, with all the classes of its file that it rests on and the config classes of its package that the file
speaks of. A mutant is one of these with one piece broken.
"""

from __future__ import annotations

import ast
import functools
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.lab.mutants.operators import Operator, all_operators
from tests.lab.mutants.reachable import classes, reach
from tests.lab.mutants.source_edits import parsed
from tests.lab.truth.records import load

RELEASES = ("4.51.3", "5.23.0")
MODELS = "transformers.models."


@dataclass(frozen=True, order=True)
class Mutant:
    """One class with one piece broken. The module is that of the models, below ``transformers.models``."""

    module: str
    operator: str
    class_name: str

    @property
    def how(self) -> Operator:
        """The operator itself."""
        return all_operators()[self.operator]

    def file(self, package: Path) -> Path:
        """The file that is changed, in the folder of the package ``transformers``."""
        models = source_file(package, self.module)
        if self.how.where == "modeling":
            return models
        return next(path for path in _config_files(models) if self.class_name in classes(_read(path)))

    def text(self, package: Path) -> str:
        """That file's text with this mutation."""
        mutated = self.how.mutate(_read(self.file(package)), self.class_name)
        assert mutated is not None, f"{self} has nothing to mutate"
        return mutated


@functools.cache
def tying(release: str) -> dict[str, list[str]]:
    """By module below ``transformers.models``, the classes that tie."""
    found: dict[str, list[str]] = defaultdict(list)
    for truth in load(release):
        if (truth.ties or truth.ties_if_tied) and truth.module.startswith(MODELS):
            found[truth.module.removeprefix(MODELS)].append(truth.class_name)
    return dict(found)


def source_file(package: Path, module: str) -> Path:
    """A module's file in the folder of the package ``transformers``."""
    return package.joinpath("models", *module.split(".")).with_suffix(".py")


def mutants(package: Path, release: str, module: str) -> Iterator[Mutant]:
    """Every mutant of a module, by operator and in the order of the file."""
    models = source_file(package, module)
    text = _read(models)
    concerned = frozenset().union(*(reach(text, name) for name in tying(release)[module]))
    places = [(text, name) for name in classes(text) if name in concerned]
    spoken_of = {node.id for node in _names(text)}
    configs = [
        (written, name)
        for written in map(_read, _config_files(models))
        for name in classes(written)
        if name in spoken_of
    ]
    for name, operator in all_operators().items():
        for written, class_name in places if operator.where == "modeling" else configs:
            mutated = operator.mutate(written, class_name)
            if mutated is not None and mutated != written:
                yield Mutant(module, name, class_name)


def concerned_by(text: str, class_name: str, among: list[str]) -> list[str]:
    """Those of the classes that rest on one, which itself comes first if it is among them."""
    resting = [name for name in among if class_name in reach(text, name)]
    return sorted(resting, key=lambda name: name != class_name)


def config_text(models: Path) -> str:
    """The text of the config files of a modeling file's package."""
    return "\n".join(map(_read, _config_files(models)))


def _config_files(models: Path) -> list[Path]:
    return sorted(models.parent.glob("configuration_*.py"))


@functools.lru_cache(maxsize=64)
def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _names(text: str) -> Iterator[ast.Name]:
    return (node for node in ast.walk(parsed(text)) if isinstance(node, ast.Name))
