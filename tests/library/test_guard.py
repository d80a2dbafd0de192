"""The guard: it knows every function that tie-lint stands for, and sees what matters of a change."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.corpus import sources
from tie_lint.library.bundled import bundled_releases
from tie_lint.library.guard import FUNCTIONS, Change, changes, digest, digests, measured, measured_before
from tie_lint.library.tree import PACKAGE, SourceTree

NAMES = {f"{module}.{name}" for module, names in FUNCTIONS.items() for name in names}
BEFORE = """\
def tie_weights(self, missing: bool = True) -> None:
    \"\"\"Tie.\"\"\"
    # how
    self.head.weight = self.embed.weight
"""


def of(text: str) -> str:
    return digest(ast.parse(text).body[0])


@pytest.mark.parametrize("release", ["4.51.3", "5.23.0"])
def test_the_record_is_what_the_release_has(release: str) -> None:
    assert digests(SourceTree(sources(release) / PACKAGE)) == measured()[release]


def test_every_bundled_release_was_measured() -> None:
    assert sorted(measured()) == sorted(bundled_releases())


def test_every_function_exists_somewhere() -> None:
    assert set().union(*measured().values()) == NAMES


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Tie.", "Say how."),
        ("# how", "# why"),
        (": bool", ": int"),
        (" -> None", ""),
        ("    self", "\n    self"),
    ],
)
def test_what_does_not_run_does_not_count(old: str, new: str) -> None:
    assert old in BEFORE
    assert of(BEFORE.replace(old, new)) == of(BEFORE)


@pytest.mark.parametrize(("old", "new"), [("True", "False"), ("head", "tail"), ("missing", "found")])
def test_what_runs_counts(old: str, new: str) -> None:
    assert of(BEFORE.replace(old, new)) != of(BEFORE)


def test_changes_are_named() -> None:
    assert changes({"a": "1", "b": "1", "c": "1"}, {"a": "1", "b": "2", "d": "1"}) == [
        Change("b", "changed"),
        Change("c", "gone"),
        Change("d", "new"),
    ]


def test_a_property_counts_by_its_getter(tmp_path: Path) -> None:
    text = "class ModuleUtilsMixin:\n    @property\n    def dtype(self):\n        return 1\n"
    setter = "    @dtype.setter\n    def dtype(self, value):\n        pass\n"
    found = []
    for body in (text, text + setter):
        (tmp_path / "modeling_utils.py").write_text(body)
        found.append(digests(SourceTree(tmp_path)))
    assert found[0] == found[1] != {}


def test_the_release_to_compare_with_is_the_nearest_older_one() -> None:
    assert measured_before("4.56.0") == "4.51.3"
    assert measured_before("5.99.0") == max(measured(), key=lambda release: [*map(int, release.split("."))])
    assert measured_before("4.40.0") is None
