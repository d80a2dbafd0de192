"""The tool is held to what real loads did; the whole of it by ``python -m tests.lab.loading.agree``."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.lab.loading.agree import RIGHT, UNKNOWN, WRONG, judge_class, records, releases
from tie_lint.library.index import library
from tie_lint.project.project import Project

EVERY = 24
"""Of so many classes one is judged here."""


@pytest.mark.parametrize("release", releases())
def test_loads_are_told_right(release: str) -> None:
    project = Project(library(release, installed=False))
    verdicts = [verdict for record in records(release)[::EVERY] for verdict in judge_class(project, record)]
    counted = Counter(verdict.answer for verdict in verdicts)
    assert [verdict for verdict in verdicts if verdict.answer == WRONG] == []
    assert counted[RIGHT] > 100 * counted[UNKNOWN]


@pytest.mark.parametrize("release", releases())
def test_enough_classes_are_recorded(release: str) -> None:
    assert len(records(release)) >= 150
