"""The tie map of every model class under the paths, per target: what ``tie-lint explain`` shows."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tie_lint.checkpoint.config_file import may_describe_model
from tie_lint.checkpoint.errors import CheckpointError
from tie_lint.errors import UsageError
from tie_lint.library.modular import generated, is_template
from tie_lint.pipeline.check import StandardInput
from tie_lint.pipeline.discovery import CONFIG, Found, find_files
from tie_lint.pipeline.document import Document
from tie_lint.pipeline.exclusion import Exclusion
from tie_lint.pipeline.explanation import Explanation, FreshExplanation, explain_view
from tie_lint.pipeline.failure import Failure
from tie_lint.pipeline.file_job import CheckedFile, FixAction
from tie_lint.pipeline.garbage import GARBAGE, no_collections
from tie_lint.pipeline.linters import Linters
from tie_lint.pipeline.prefilter import may_hold_models
from tie_lint.pipeline.reading import document_of, read_document
from tie_lint.pipeline.report import in_this_process
from tie_lint.pipeline.resolver import Resolved
from tie_lint.python.text import UnreadableSourceError
from tie_lint.record import NamedTuple

if TYPE_CHECKING:
    from tie_lint.finding import Finding
    from tie_lint.pipeline.file_resolver import FileResolver
    from tie_lint.pipeline.kept_explanations import KeptExplanations
    from tie_lint.pipeline.linter import Linter
    from tie_lint.pipeline.model_folder import FolderChecker
    from tie_lint.tiemap.view import ModelView


class Explanations:
    """Explanations of a run, worked out one after the other as they are asked for."""

    def __init__(
        self,
        paths: Sequence[str],
        resolver: FileResolver,
        *,
        comparing: bool = True,
        offer: FixAction | None = None,
        stdin: StandardInput | None = None,
        begin: Callable[[], bool] = in_this_process,
        cached: bool = False,
    ) -> None:
        """``offer`` is what gives findings their fixes, ``stdin`` the text that the path ``-`` stands for.

        ``cached`` says whether explanations of files that earlier runs have left are used, and kept.

        ``begin`` is called before something is worked out, and says whether each file is tried in a process
        of its own first.
        """
        self._stdin, self._begin = stdin, begin
        self._kept: dict[int, KeptExplanations] | None = {} if cached else None
        self.failures: list[Failure] = []
        """Internal errors so far, because of which explanations are missing."""
        self.warnings: list[str] = []
        """The files so far that could not be read, and what is to be said of targets."""
        self._paths, self._resolver, self._comparing, self._offer = paths, resolver, comparing, offer
        self._linters = Linters()
        self._checkers: dict[int, FolderChecker] = {}
        self._names: set[str] = set()
        """The model classes that were met."""
        self._explained: set[tuple[str, str]] = set()
        """The files and classes that a folder was explained with."""

    def __iter__(self) -> Iterator[Explanation]:
        """Explain every model class of ``PATH`` or the one of ``PATH::Class``, for every target.

        Raises ``UsageError`` for a path or class that is not there, or a named file that cannot be read.
        """
        for explanations in self.of_each():
            yield from explanations

    def of_each(self) -> Iterator[list[Explanation]]:
        """Yield the same for one folder or file after the other; nothing for many of them."""
        exclusion = Exclusion(self._resolver)
        for item in self._paths:
            name, _, class_name = item.partition("::")
            found = False
            if name == "-" and self._stdin is not None:
                there = Found([(self._stdin.path, True)], [])
            else:
                there = find_files([Path(name)], exclusion, self.warnings)
            for folder in (file.parent for file in there.configs if file.name == CONFIG):
                explanations = self._tried(
                    str(folder), partial(self._explain_folder, Path(name), folder, class_name)
                )
                found = found or bool(explanations)
                yield explanations
            for path, named in there.sources:
                explanations = self._known(path, class_name) or self._tried(
                    str(path), partial(self._explain_file, path, named, class_name)
                )
                found = found or bool(explanations)
                yield explanations
            if class_name and not (found or self.failures):
                raise UsageError(f"{name}: no model class {class_name}{_near(class_name, self._names)}")

    def _known(self, path: Path, class_name: str) -> list[Explanation]:
        """Return what an earlier run has left of a file; nothing where that is not all."""
        kept = self._kept_like(path)
        real = os.path.realpath(path)
        return [
            one
            for one in (kept.find(path, class_name) if kept else ())
            if (real, one.facts["class"]) not in self._explained
        ]

    def _kept_like(self, path: Path) -> KeptExplanations | None:
        if self._kept is None or (self._stdin is not None and path is self._stdin.path):
            return None
        from tie_lint.pipeline.kept_explanations import KeptExplanations

        resolved = self._resolved(path)
        if id(resolved) not in self._kept:
            self._kept[id(resolved)] = KeptExplanations(resolved)
        return self._kept[id(resolved)]

    def _tried(self, shown: str, explain: Callable[[], Iterator[Explanation]]) -> list[Explanation]:
        """Return the explanations of a folder or file; none and a failure where they kill a process."""
        if self._begin():
            from tie_lint.pipeline.processes import ProcessDiedError, alone

            try:
                alone(_try, explain)
            except ProcessDiedError as error:
                died = f"the process that explained it died ({error})"
                self.failures.append(Failure(shown, None, died, ""))
                return []
        with no_collections():
            return list(explain())

    def _explain_folder(self, path: Path, folder: Path, class_name: str) -> Iterator[Explanation]:
        """Explain what is loaded from a folder, which was found at a path."""
        from tie_lint.pipeline.model_folder import FolderChecker

        resolved = self._resolved(folder / CONFIG)
        if id(resolved) not in self._checkers:
            self._checkers[id(resolved)] = FolderChecker(*resolved, comparing=self._comparing)
        try:
            for explanation in self._checkers[id(resolved)].explain(folder, class_name, self.warnings):
                self._explained.add((os.path.realpath(explanation.view.path), explanation.view.name))
                yield explanation
        except CheckpointError as error:
            if error.path == folder / CONFIG and not may_describe_model(error.path):
                return
            if folder in (path, path.parent):
                raise UsageError(str(error)) from error
            self.warnings.append(f"{error}; not read")
        except Exception as error:
            self.failures.append(Failure.of(error, str(folder)))

    def _resolved(self, path: Path) -> Resolved:
        """Return the settings and targets of a file; what is to be said of them is a warning."""
        resolved = self._resolver.of(path)
        self.warnings += [one for one in resolved.targets.warnings if one not in self.warnings]
        return resolved

    def _explain_file(self, path: Path, named: bool, class_name: str) -> Iterator[Explanation]:
        resolved = self._resolved(path)
        linter = self._linters[self._linters.number(resolved)]
        disk = linter.projects.disk
        if is_template(path, disk):
            if named:
                self.warnings.append(f"{path}: left out, its models are generated into {generated(path)}")
            return
        if self._stdin is not None and path is self._stdin.path:
            document = document_of(path, os.path.normpath(path), self._stdin.data)
        else:
            document = read_document(path, disk)
        GARBAGE.add(document.size)
        failures = len(self.failures)
        try:
            checked = self._checked(document, named, linter, class_name)
        except UnreadableSourceError as error:
            if named:
                raise UsageError(f"{path}: {error}") from error
            self.warnings.append(f"{document.shown}: not read, {error}")
            return
        except Exception as error:
            self.failures.append(Failure.of(error, document.shown))
            return
        self._names.update(view.name for view in checked.views)
        wanted = [view for view in checked.views if class_name in ("", view.name)]
        done = []
        for explanation in self._explain_views(document, wanted, checked.findings, resolved):
            done.append(explanation)
            yield explanation
        kept = self._kept_like(path)
        if kept and done and len(self.failures) == failures:
            from tie_lint.pipeline.kept_explanations import ExplainedFile

            kept.keep(path, class_name, ExplainedFile(done, _seen(document, linter, checked.seen)))

    def _explain_views(
        self, document: Document, views: Iterable[ModelView], findings: Sequence[Finding], resolved: Resolved
    ) -> Iterator[FreshExplanation]:
        from tie_lint.interpreter.budget import class_budget, file_budget

        seconds, path = resolved.settings.class_time_limit, os.path.realpath(document.path)
        source = resolved.targets.source if resolved.targets.asked_by else None
        with file_budget(seconds, len(resolved.targets.releases)):
            for view in sorted(views, key=lambda view: view.at[0]):
                if (path, view.name) in self._explained:
                    continue
                try:
                    with class_budget(seconds):
                        explanation = explain_view(document, view, findings, source)
                    yield explanation
                except Exception as error:
                    self.failures.append(Failure.of(error, document.shown, view.name))

    def _checked(self, document: Document, named: bool, linter: Linter, class_name: str) -> _Checked:
        """Return the models of a file, for every target, its findings, and what they depend on.

        Of one class that nothing is found about, the others need not be checked. Where something is found,
        fixes hang on all that is. Raises ``UnreadableSourceError``.
        """
        if not named and not may_hold_models(document.text):
            return _Checked([], [], frozenset())
        for project in linter.projects.of(document.path)[0].values():
            project.file(document.path, document.text)
        checked = linter.check(document, asked=partial(_asked_for, class_name))
        if class_name and (checked.findings or checked.failures):
            checked = linter.check(document)
        findings, seen = checked.findings, checked.seen
        self.failures += checked.failures
        if self._offer is not None and checked.offers:
            result = self._offer(linter, CheckedFile(document, checked))
            for path in result.seen:
                linter.projects.disk.fingerprint(path)
            findings, seen = result.findings, seen | result.seen
            self.failures += result.failures
        return _Checked([view for views in checked.views.values() for view in views], findings, seen)


class _Checked(NamedTuple):
    views: list[ModelView]
    findings: Sequence[Finding]
    seen: frozenset[str]


def _asked_for(class_name: str, models: list[ModelView]) -> set[str]:
    """The classes of a file that one is explained by; all where that is not known, or none is named."""
    from tie_lint.pipeline.chain import explained_by
    from tie_lint.pipeline.outcomes import every

    if not class_name:
        return every(models)
    found = [view.attempt(partial(explained_by, view)) for view in models if view.name == class_name]
    return every(models) if None in found else set[str]().union(*filter(None, found))


def _seen(document: Document, linter: Linter, checked: Iterable[str]) -> dict[str, str | None]:
    """Return the files that the explanations of a document depend on, once they are worked out."""
    projects, sought = linter.projects.of(document.path)
    reached = (project.seen_from(document.path) for project in projects.values())
    names = {str(document.path.absolute()), *checked}.union(sought, *reached)
    return linter.projects.disk.fingerprints(names)


def _try(explain: Callable[[], Iterator[Explanation]]) -> None:
    """Do all that explaining does, of which an exception is told by who does it again."""
    with suppress(Exception):
        for _ in explain():
            """Each is worked out when it is asked for."""


MOST_NAMES = 8


def _near(asked: str, names: Iterable[str]) -> str:
    """Name the classes that one which is not there may stand for: those of like names, or a few others."""
    import difflib

    known = sorted(names)
    near = [name for name in known if asked.lower() in name.lower()]
    near = near or difflib.get_close_matches(asked, known, MOST_NAMES) or known
    if not near:
        return ""
    more = f" and {len(near) - MOST_NAMES} more" if len(near) > MOST_NAMES else ""
    return f"; there are {', '.join(near[:MOST_NAMES])}{more}"
