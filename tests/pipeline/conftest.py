"""What tests of the pipeline share."""

from __future__ import annotations

import pytest

from tie_lint.pipeline import checker, file_job
from tie_lint.pipeline.file_job import FileJob, FixAction
from tie_lint.pipeline.linter import Linter
from tie_lint.pipeline.result import FileResult


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are checked."""
    names: list[str] = []
    real = file_job.check_file

    def check_file(linter: Linter, job: FileJob, action: FixAction | None) -> FileResult:
        names.append(job.path.name)
        return real(linter, job, action)

    monkeypatch.setattr(checker, "check_file", check_file)
    return names
