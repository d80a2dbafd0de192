"""`select`, `ignore` and `per-file-ignores`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tie_lint.errors import UsageError
from tie_lint.pipeline.selection import Selection
from tie_lint.settings import Settings


def reported(select: list[str], ignore: list[str]) -> list[str]:
    selection = Selection(Settings(Path(), tuple(select), ignore=tuple(ignore)))
    return [code for code in ("TIE001", "TIE002", "TIE900") if selection.reports(code, Path("a.py"))]


@pytest.mark.parametrize(
    ("select", "ignore", "codes"),
    [
        (["TIE"], [], ["TIE001", "TIE002", "TIE900"]),
        (["TIE001"], [], ["TIE001", "TIE900"]),
        (["tie001"], [], ["TIE001", "TIE900"]),
        (["TIE"], ["TIE001"], ["TIE002", "TIE900"]),
        (["TIE001"], ["TIE"], ["TIE001"]),
        (["TIE001"], ["TIE00"], ["TIE001", "TIE900"]),
        (["TIE001"], ["TIE001"], ["TIE900"]),
    ],
)
def test_the_longer_prefix_wins(select: list[str], ignore: list[str], codes: list[str]) -> None:
    assert reported(select, ignore) == codes


@pytest.mark.parametrize("prefix", ["E501", "TIE0011", "TIE8", ""])
@pytest.mark.parametrize("key", ["select", "ignore"])
def test_a_prefix_of_no_code_is_refused(key: str, prefix: str) -> None:
    with pytest.raises(UsageError, match=key):
        Selection(Settings(Path())._replace(**{key: (prefix,)}))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("per_file", "path", "is_reported"),
    [
        ({"tests/": ("TIE",)}, "tests/a.py", False),
        ({"tests/*.py": ("TIE001",)}, "tests/a.py", False),
        ({"*.py": ("TIE002",)}, "tests/a.py", True),
        ({"tests/": ("TIE",)}, "src/a.py", True),
        ({"legacy.py": ("TIE00",)}, "deep/in/legacy.py", False),
    ],
)
def test_per_file_ignores(
    tmp_path: Path, per_file: Mapping[str, tuple[str, ...]], path: str, is_reported: bool
) -> None:
    selection = Selection(Settings(tmp_path, per_file_ignores=per_file))
    assert selection.reports("TIE001", tmp_path / path) is is_reported


def test_an_unknown_code_per_file_names_its_pattern(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"per-file-ignores.*a\.py"):
        Selection(Settings(tmp_path, per_file_ignores={"a.py": ("X",)}))
