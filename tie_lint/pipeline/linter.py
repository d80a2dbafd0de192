"""The one pipeline that every front end calls: a file's text, the models in it, the rules, the findings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from tie_lint.finding import Finding
from tie_lint.library.modular import class_lines, generated, is_template, template, template_of
from tie_lint.library.target import Policy, Targets
from tie_lint.library.tree import library_beside
from tie_lint.pipeline.discovery import CONFIG
from tie_lint.pipeline.document import Document, TextDocument
from tie_lint.pipeline.failure import Failure
from tie_lint.pipeline.noqa import NoqaComments
from tie_lint.pipeline.outcomes import Asked, Inquiry, Views, every
from tie_lint.pipeline.problems import Problems
from tie_lint.pipeline.reading import read_document
from tie_lint.pipeline.result import NotFollowed
from tie_lint.pipeline.selection import Selection
from tie_lint.pipeline.surroundings import Surroundings
from tie_lint.python.disk import Disk, is_file
from tie_lint.python.text import UnreadableSourceError
from tie_lint.record import Data, field, replace
from tie_lint.rules import Rule, all_rules
from tie_lint.settings import LARGEST_FILE, Settings

if TYPE_CHECKING:
    from tie_lint.edits.proposal import FixOffer
    from tie_lint.project.project import Project
    from tie_lint.tiemap.view import ModelView


def open_project(
    release: str, disk: Disk, tree: str | None, unsaved: Mapping[Path, str], others: Iterable[str] = ()
) -> Project:
    """Return the files and one release of the library as one project; only here is known how to make it.

    ``others`` are releases that are asked the same. ``unsaved`` are texts that stand for those of files.
    Raises ``UnreadableSourceError`` for one of them.
    """
    from tie_lint.library.index import library
    from tie_lint.project.project import Project

    project = Project(library(release), disk, tree, map(library, others))
    for path, text in unsaved.items():
        project.file(path, text)
    return project


class Projects:
    """The projects that files are resolved in, kept between files.

    Files that have a copy of the library's own source beside them, or are in it, have a project of their own.
    """

    def __init__(
        self,
        releases: Iterable[str],
        unsaved: Mapping[Path, str] | None = None,
        largest: int = LARGEST_FILE,
        texts: Mapping[str, str] | None = None,
    ) -> None:
        self.disk = Disk(largest, texts)
        self._releases, self._unsaved = tuple(releases), unsaved or {}
        self._known: dict[tuple[str, str | None], Project] = {}

    def of(self, path: Path) -> tuple[dict[str, Project], list[str]]:
        """Return a file's projects by release, and the files that were looked for to find them.

        Raises ``UnreadableSourceError`` for an unsaved text.
        """
        tree, sought = library_beside(str(path.absolute()), self.disk)
        for release in self._releases:
            if (release, tree) not in self._known:
                others = [other for other in self._releases if other != release]
                self._known[release, tree] = open_project(release, self.disk, tree, self._unsaved, others)
        return {release: self._known[release, tree] for release in self._releases}, sought

    def let_go(self) -> None:
        """Hold no model any more. Files stay known."""
        for project in self._known.values():
            project.let_go()


Offers = Mapping[Finding, tuple["FixOffer", ...]]
"""Findings, each with what may become its fix, as the targets' rules offer it, oldest release first."""


class Checked(Data):
    """What was found in one file: how many model classes it holds, and what is wrong with them."""

    models: int
    findings: list[Finding]
    offers: Offers = field(default_factory=dict)
    views: Mapping[str, list[ModelView]] = field(default_factory=dict)
    """The models, by release."""
    seen: frozenset[str] = frozenset()
    """The files, there or not, that the result depends on beside the settings; never less than these."""
    failures: tuple[Failure, ...] = ()
    """Internal errors, because of which findings may be missing."""
    not_followed: tuple[NotFollowed, ...] = ()
    """The models that could not be followed as far as the rules need, in a release."""


class Linter:
    """Settings and targets, and what was read for them."""

    def __init__(
        self,
        settings: Settings,
        targets: Targets,
        unsaved: Mapping[Path, str] | None = None,
        texts: Mapping[str, str] | None = None,
    ) -> None:
        """``unsaved`` are texts that stand for files and are checked with them; ``texts`` are those of files
        that are open elsewhere, read where they are asked for."""
        self._each = {target.release: target for target in targets.each(Policy(settings.tied_weights_keys))}
        self._selection = Selection(settings)
        self.projects = Projects(targets.releases, unsaved, settings.max_file_size, texts)
        self.settings, self._targets, self._unsaved = settings, targets, unsaved or {}
        self._texts = texts
        self.surroundings = Surroundings()
        self.class_time_limit, self.releases = settings.class_time_limit, len(self._each)

    def prepare(self) -> None:
        """Import and read now what checking any model takes."""
        self.projects.of(Path("model.py"))

    def afresh(self, unsaved: Mapping[Path, str] | None = None) -> Linter:
        """Return the same with nothing kept of any file, and with texts that stand for those of files."""
        return Linter(self.settings, self._targets, {**self._unsaved, **(unsaved or {})}, self._texts)

    def document(self, path: Path) -> Document:
        """Return another file, with the text that it is taken to have."""
        if path in self._unsaved:
            return TextDocument(path, self._unsaved[path])
        return read_document(path, Disk(self.settings.max_file_size, self._texts))

    def check(self, document: Document, noqa: bool = True, asked: Asked = every) -> Checked:
        """Check one file for every target. ``noqa`` says whether comments may silence findings, ``asked``
        which of its models are checked.

        A modular file whose models are generated into another file is left alone. Raises
        ``UnreadableSourceError`` where the document has no text.
        """
        path, text = document.path, document.text
        neighbour = generated(path) or template(path)
        beside = frozenset([] if neighbour is None else [str(neighbour.absolute())])
        if is_template(path, self.projects.disk):
            return Checked(0, [], seen=beside)
        try:
            projects, sought = self.projects.of(path)
            views = Views(
                projects,
                lambda project: list(self.models(project, path, text)),
                lambda project: list(self.unresolved(project, path)),
            )
            inquiry = Inquiry(document, self._rules(path), self._each, self.class_time_limit)
            outcomes = inquiry.outcomes(views, asked)
        except UnreadableSourceError as error:
            return replace(self.unreadable(document, error), seen=beside)
        problems = Problems()
        lost: dict[tuple[str, int], NotFollowed] = {}
        failures: list[Failure] = []
        for release, found_models in outcomes.items():
            for outcome in found_models:
                failures += outcome.failures
                for rule, name, problem in outcome.problems:
                    problems.add(rule, name, problem, release)
                for one in outcome.lost:
                    lost.setdefault((one.class_name, one.line), one)
        comments = NoqaComments(text if noqa else "")
        found = problems.findings(document.shown, self._targets, comments.silences)
        found = {**self._traced(document, found), **self._unused(document, comments)}
        offers = {finding: offered for finding, offered in found.items() if offered}
        seen = beside.union(sought, *(projects[release].seen_from(path) for release in views.made))
        models = max(map(len, outcomes.values()))
        return Checked(
            models, sorted(found), offers, views, seen, tuple(dict.fromkeys(failures)), tuple(lost.values())
        )

    def _unused(self, document: Document, comments: NoqaComments) -> Offers:
        """Return what is found about the comments, once all that they silence has been asked about.

        Beside a config.json, one may silence what holds under that.
        """
        problems = Problems()
        rules = [rule for rule in self._reported(document.path) if rule.of_comments]
        if rules and not is_file(document.path.parent / CONFIG):
            for unused in comments.unused(lambda code: self._asks(code, document.path)):
                for rule in rules:
                    for problem in rule.check(unused):
                        for release in self._each:
                            problems.add(rule, None, problem, release)
        return problems.findings(document.shown, self._targets)

    def _asks(self, prefix: str, path: Path) -> bool:
        """Whether all rules whose code begins so are asked; also where there is none."""
        codes = [code for code in all_rules() if code.startswith(prefix)]
        return all(self._selection.reports(code, path) or all_rules()[code].on_request for code in codes)

    def template(self, document: Document) -> Path | None:
        """Return the file that a document is generated from, which is where it is to be changed; or None."""
        if template(document.path) is None:
            return None
        return template_of(document.path, document.text, self.projects.disk)

    def _traced(self, document: Document, found: Offers) -> Offers:
        """Return findings that say where to change what a file is generated from."""
        origin = self.template(document)
        if origin is None:
            return found
        lines = class_lines(origin, self.projects.disk)

        def traced(finding: Finding) -> Finding:
            line = lines.get(finding.class_name or "")
            place = origin.name if line is None else f"{origin.name}:{line}"
            return replace(finding, notes=(*finding.notes, f"generated from {place}"))

        return {traced(finding): offers for finding, offers in found.items()}

    def models(self, project: Project, path: Path, text: str) -> Iterable[ModelView]:
        """Return the models of a file that are to be checked. Raises ``UnreadableSourceError``."""
        from tie_lint.tiemap.view import views

        return views(project, path, text)

    def unresolved(self, project: Project, path: Path) -> Iterable[ModelView]:
        """Return the classes of a file that look like models and whose base was not found."""
        from tie_lint.tiemap.view import unresolved_views

        return unresolved_views(project, path)

    def unreadable(self, document: Document, error: UnreadableSourceError) -> Checked:
        """Return what is said of a file that could not be read."""
        problems = Problems()
        for rule in self._rules(document.path, of_files=True):
            for problem in rule.check(error):
                for release in self._each:
                    problems.add(rule, None, problem, release)
        return Checked(0, list(problems.findings(document.shown, self._targets)))

    def _rules(self, path: Path, of_files: bool = False) -> list[Rule]:
        return [
            rule
            for rule in self._reported(path)
            if rule.of_files == of_files and not (rule.of_folders or rule.of_comments)
        ]

    def _reported(self, path: Path) -> list[Rule]:
        return [rule for rule in all_rules().values() if self._selection.reports(rule.code, path)]
