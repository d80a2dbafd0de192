"""Loads that go wrong are found, sound ones raise no alarm; all of them: ``tests.lab.loading.alarms``."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.lab.loading.agree import records, releases
from tests.lab.loading.alarms import ALARM, FOUND, MISSED, SILENT, judge_class
from tie_lint.library.index import library
from tie_lint.project.project import Project

EVERY = 60
"""Of so many classes one is checked here."""


@pytest.mark.parametrize("release", releases())
def test_what_goes_wrong_is_found_and_nothing_else(release: str) -> None:
    project = Project(library(release, installed=False))
    verdicts = [verdict for record in records(release)[::EVERY] for verdict in judge_class(project, record)]
    counted = Counter(verdict.answer for verdict in verdicts)
    assert [verdict for verdict in verdicts if verdict.answer == ALARM] == []
    assert counted[FOUND] > 100 * counted[MISSED]
    assert counted[SILENT] > 0
