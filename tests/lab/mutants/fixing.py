"""The fixes of what the tool finds in a mutant and not in the file as released."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from tests.lab.mutants.mutant import source_file
from tests.lab.mutants.reachable import classes, reach
from tests.lab.mutants.records import Outcome
from tests.lab.mutants.repair import Repair
from tests.lab.mutants.verdict import package_of
from tie_lint.fix.fixer import Fixed, Fixer
from tie_lint.library.target import Targets
from tie_lint.pipeline.document import Document, TextDocument
from tie_lint.pipeline.linter import Checked, Linter
from tie_lint.pipeline.outcomes import Asked, every
from tie_lint.project.project import Project
from tie_lint.record import replace
from tie_lint.settings import Settings
from tie_lint.tiemap.view import ModelView


def repairs(release: str, outcome: Outcome) -> Iterator[Repair]:
    """What comes of a mutant by safe fixes, and what by all."""
    mutant, package = outcome.mutant, package_of(release)
    models, changed = source_file(package, mutant.module), mutant.file(package)
    text = models.read_text(encoding="utf-8")
    unsaved = {} if changed == models else {changed: mutant.text(package)}
    about = _related(text, mutant.class_name) if changed == models else None
    linter = _New(release, about, unsaved)
    start = mutant.text(package) if changed == models else text
    for how in ("safe", "unsafe"):
        found = Fixer(linter, TextDocument(models, start, models.name)).fix(how == "unsafe")
        codes = sorted({finding.code for finding in found.fixed})
        texts = _texts(package, models, found, unsaved) if codes else {}
        yield Repair(mutant, outcome.classes, how, texts, codes)


def _related(text: str, class_name: str) -> frozenset[str]:
    """The classes that a change to one, or the fixing of it, can matter to."""
    resting = frozenset(other for other in classes(text) if class_name in reach(text, other))
    return resting | reach(text, class_name)


def _texts(package: Path, models: Path, found: Fixed, unsaved: Mapping[Path, str]) -> dict[str, str]:
    """Every text that is not as released, or is that of the models, by its path below the package."""
    texts = {models: found.text, **unsaved, **found.others}
    return {path.relative_to(package).as_posix(): text for path, text in texts.items()}


class _Narrow(Linter):
    """Looks at some classes only."""

    def __init__(self, release: str, about: frozenset[str] | None, unsaved: Mapping[Path, str]) -> None:
        super().__init__(Settings(package_of(release)), Targets((release,), ""), unsaved)
        self._release, self._about = release, about

    def models(self, project: Project, path: Path, text: str) -> Iterable[ModelView]:
        found = super().models(project, path, text)
        return (view for view in found if self._about is None or view.name in self._about)

    def afresh(self, unsaved: Mapping[Path, str] | None = None) -> Linter:
        return type(self)(self._release, self._about, {**self._unsaved, **(unsaved or {})})


class _New(_Narrow):
    """And says nothing that it says of the file as released."""

    def check(self, document: Document, noqa: bool = True, asked: Asked = every) -> Checked:
        checked = super().check(document, noqa, asked)
        assert not checked.failures, checked.failures
        path = document.path
        new = [
            found
            for found in checked.findings
            if (found.code, found.message) not in _as_released(self._release, path, found.class_name or "")
        ]
        return replace(checked, findings=new)


@functools.lru_cache(maxsize=1024)
def _as_released(release: str, path: Path, class_name: str) -> frozenset[tuple[str, str]]:
    """What the tool finds in a class of a file as released: code and message."""
    document = TextDocument(path, path.read_text("utf-8"), path.name)
    checked = _Narrow(release, frozenset([class_name]), {}).check(document)
    return frozenset((found.code, found.message) for found in checked.findings)
