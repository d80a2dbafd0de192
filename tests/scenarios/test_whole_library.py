"""The library, as released, goes through the pipeline."""

from __future__ import annotations

import pytest

from tests.corpus import sources
from tie_lint.library.target import Targets
from tie_lint.pipeline.check import check_files
from tie_lint.pipeline.resolver import Resolved
from tie_lint.settings import Settings


@pytest.mark.parametrize("release", ["4.51.3", "5.23.0"])
def test_every_file_is_read(release: str) -> None:
    models = sources(release) / "transformers" / "models"
    families = sorted(path for path in models.iterdir() if path.is_dir())[::4]
    report = check_files(families, Resolved(Settings(models), Targets((release,), "")))
    assert report.model_files > 60
    assert report.failures == []
    assert [finding for finding in report.findings if finding.code == "TIE900"] == []
