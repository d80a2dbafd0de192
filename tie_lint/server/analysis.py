"""What is known of the open files of an editor: findings, fixes and explanations of texts that are not saved.

Nothing is kept from one text to the next but the library's facts: a check reads the files anew, and takes the
texts of open ones from the editor. It is to be called from one thread.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tie_lint.api import Configuration
from tie_lint.finding import Finding
from tie_lint.fix.fixer import Fixer
from tie_lint.pipeline.exclusion import Exclusion
from tie_lint.pipeline.failure import Failure
from tie_lint.pipeline.garbage import no_collections
from tie_lint.pipeline.linter import Checked, Linter
from tie_lint.pipeline.prefilter import may_hold_models
from tie_lint.python.text import UnreadableSourceError
from tie_lint.server.open_files import OpenFile

if TYPE_CHECKING:
    from tie_lint.pipeline.document import Document
    from tie_lint.pipeline.explanation import FreshExplanation
    from tie_lint.pipeline.resolver import Resolver
    from tie_lint.tiemap.view import ModelView

Texts = Mapping[Path, str]
"""The texts of the open files."""


@dataclass
class Analysis:
    """One state of a file, checked with what the other open files held."""

    file: OpenFile
    texts: Texts
    linter: Linter | None = None
    """None where the settings exclude the file."""
    checked: Checked | None = None
    fixed: list[Finding] | None = None
    """The findings with their fixes, once somebody has asked."""
    seen_by_fixes: frozenset[str] = frozenset()
    """The files that these depend on."""

    @property
    def document(self) -> Document:
        """What was checked."""
        return self.file.document

    @property
    def findings(self) -> list[Finding]:
        """What is wrong with the text."""
        return [] if self.checked is None else self.checked.findings

    @property
    def failures(self) -> tuple[Failure, ...]:
        """Internal errors on the way."""
        return () if self.checked is None else self.checked.failures

    def depends_on(self, path: Path) -> bool:
        """Return whether another file could have made a difference."""
        name = str(path.absolute())
        return self.checked is not None and (name in self.checked.seen or name in self.seen_by_fixes)

    def with_fixes(self) -> list[Finding]:
        """Return the findings, each with its fix where it has one."""
        if self.fixed is None:
            fixer = self._fixer()
            self.fixed = [] if fixer is None else fixer.with_fixes()
            self.seen_by_fixes = frozenset() if fixer is None else frozenset(fixer.trials.importers_seen)
        return self.fixed

    def fixed_safely(self) -> tuple[str, dict[Path, str]]:
        """Return the text after all safe fixes, and those of other files that they edit."""
        fixer = self._fixer()
        if fixer is None or not self.findings:
            return self.document.text, {}
        result = fixer.fix(unsafe=False)
        return result.text, result.others

    def _fixer(self) -> Fixer | None:
        if self.linter is None or self.checked is None:
            return None
        return Fixer(self.linter, self.document, self.checked)

    def views(self) -> list[ModelView]:
        """Return the model classes under the newest target, in the order of the file."""
        if self.checked is None or not self.checked.views:
            return []
        newest = list(self.checked.views)[-1]
        return sorted(self.checked.views[newest], key=lambda view: view.at[0])

    def in_all_targets(self, view: ModelView) -> list[ModelView]:
        """Return a class under every target that has it, from the oldest to the newest."""
        every = [] if self.checked is None else self.checked.views.values()
        return [other for views in every for other in views if other.name == view.name]

    def view_of(self, finding: Finding) -> ModelView | None:
        """Return the class that a finding is about, under the newest target that it holds for."""
        views = {} if self.checked is None else self.checked.views
        of_class = [one for one in views.get(finding.transformers[-1], ()) if one.name == finding.class_name]
        return of_class[0] if of_class else None

    def text_of(self, path: Path) -> str:
        """Return the text of another file: the editor's, or what is on the disk; "" where there is none."""
        open_texts = {other.absolute(): text for other, text in self.texts.items()}
        if path.absolute() in open_texts or self.linter is None:
            return open_texts.get(path.absolute(), "")
        try:
            return self.linter.document(path).text
        except UnreadableSourceError:
            return ""

    def explain(self, view: ModelView) -> FreshExplanation:
        """Explain a class, with the fixes of its findings where these are known."""
        from tie_lint.interpreter.budget import class_budget
        from tie_lint.pipeline.explanation import explain_view

        with class_budget(view_seconds(self.linter)):
            return explain_view(self.document, view, self.fixed or self.findings)


def view_seconds(linter: Linter | None) -> float:
    """Return how long a class may take."""
    return float("inf") if linter is None else linter.class_time_limit


class Analyzer:
    """Checks texts, each with the settings and targets of its file."""

    def __init__(self, configuration: Configuration) -> None:
        """``configuration`` are the editor's settings for a folder; they go before those of files."""
        self._configuration = configuration
        self._resolver: Resolver = configuration.resolver()

    def forget_settings(self) -> None:
        """Read settings and requirements anew: a file of theirs has changed."""
        self._resolver = self._configuration.resolver()

    def analyze(self, file: OpenFile, texts: Texts) -> Analysis:
        """Check a file as it is open. Raises ``UsageError`` for settings that make no sense."""
        path, document = file.path, file.document
        if not may_hold_models(document.text) or Exclusion(self._resolver).match(path):
            return Analysis(file, texts)
        others = {str(other.absolute()): one for other, one in texts.items() if other != path}
        readable = {other: one for other, one in others.items() if _is_python(one)}
        linter = Linter(*self._resolver.of(path), texts=readable)
        try:
            with no_collections():
                return Analysis(file, texts, linter, linter.check(document))
        except UnreadableSourceError as error:
            return Analysis(file, texts, linter, linter.unreadable(document, error))
        except Exception as error:
            failed = Checked(0, [], failures=(Failure.of(error, document.shown),))
            return Analysis(file, texts, linter, failed)


@functools.lru_cache(maxsize=64)
def _is_python(text: str) -> bool:
    """Whether a text can be read by others: while it cannot, the disk's counts."""
    from tie_lint.python.outline import parse

    try:
        parse(text)
    except UnreadableSourceError:
        return False
    return True
