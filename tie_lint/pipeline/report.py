"""What a run comes to, and how it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from tie_lint.pipeline.document import Document
from tie_lint.pipeline.failure import Failure
from tie_lint.pipeline.result import Fixes, NotFollowed
from tie_lint.python.text import UnreadableSourceError
from tie_lint.record import NamedTuple

if TYPE_CHECKING:
    from tie_lint.finding import Finding
    from tie_lint.library.target import Targets


class Diff(NamedTuple):
    """The text of a file before and after its fixes."""

    path: Path
    old: str
    new: str


class Report:
    """The findings in order, the lines of the files they are in, and what was checked."""

    def __init__(
        self,
        targets: Iterable[Targets] = (),
        findings: Iterable[Finding] = (),
        lines: Mapping[str, list[str]] | None = None,
        model_files: int = 0,
    ) -> None:
        self.targets = list(targets)
        """What the model files were checked against, each once."""
        self.findings, self.model_files = list(findings), model_files
        self.lines = dict(lines or {})
        """By where findings are; missing for a file that could not be read."""
        self.targets_of: dict[str, Targets] = {}
        """The targets of files, by the path that findings have."""
        self.quiet = False
        """Whether only the findings are to be written."""
        self.known = 0
        """How many findings are left out because the baseline has them."""
        self.fixed_text: bytes | None = None
        """What fixes make of the text from standard input."""
        self.models = 0
        """How many model classes there are."""
        self.not_followed: list[NotFollowed] = []
        """Those that could not be followed as far as the rules need, with paths as findings have them."""
        self.fixed: list[Finding] = []
        """What is no longer there because it was fixed."""
        self.diffs: list[Diff] = []
        """What would be written."""
        self.warnings: list[str] = []
        """Directories that could not be looked into; what was to be fixed and was not, and why."""
        self.failures: list[Failure] = []
        """Internal errors, because of which findings may be missing."""

    def keep_lines(self, document: Document, findings: Iterable[Finding]) -> None:
        """Keep the lines that the findings of a document point at, where it can be read."""
        with suppress(UnreadableSourceError):
            for finding in findings:
                if finding.where not in self.lines:
                    self.lines[finding.where] = document.shown_lines(finding)


def in_this_process() -> bool:
    """Begin to work without another process for each file."""
    return False


class RunOptions(NamedTuple):
    """How a run is done. The findings are the same."""

    processes: int = 1
    """How many processes may check files."""
    cached: bool = False
    """Whether results of earlier runs are used and kept."""
    comparing: bool = True
    """Whether the values of checkpoints are compared, or only their headers read."""
    begin: Callable[[], bool] = in_this_process
    """Is called before something is worked out; returns whether each file gets a process of its own."""
    progress: Callable[[int, int], None] | None = None
    """Is told after every file how many are done, and how many there are."""
    fixes: Fixes = "each"
    """Which fixes are asked for, if any are."""
    changed: frozenset[str] | None = None
    """Report only on these files, by their real paths, and on what depends on them."""
