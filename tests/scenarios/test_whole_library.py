"""The library, as released, goes through the pipeline."""

from __future__ import annotations

import pytest

from tests.corpus import sources
from tie_lint.library.target import Targets
from tie_lint.pipeline.check import check_files
from tie_lint.pipeline.resolver import Resolved
from tie_lint.settings import Settings

SHARE = 16
"""Of so many folders one is checked, another one in each release."""


@pytest.mark.parametrize(("release", "first"), [("4.51.3", 1), ("5.23.0", 6)])
def test_every_file_is_read(release: str, first: int) -> None:
    models = sources(release) / "transformers" / "models"
    families = sorted(path for path in models.iterdir() if path.is_dir())[first::SHARE]
    report = check_files(families, Resolved(Settings(models), Targets((release,), "")))
    assert report.model_files > 15
    assert report.failures == []
    assert [finding for finding in report.findings if finding.code == "TIE900"] == []
