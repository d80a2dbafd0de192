"""Names that differ in running numbers alone are written as one."""

from __future__ import annotations

import pytest

from tie_lint.tiemap.folding import Row, fold


@pytest.mark.parametrize(
    ("rows", "folded"),
    [
        ([("a.0", "b.1"), ("a.1", "b.2"), ("a.2", "b.3")], [("a.{0..2}", "b.{1..3}")]),
        ([(f"l.{n}.weight",) for n in range(12)], [("l.{0..11}.weight",)]),
        ([("shared", "l.0.w"), ("shared", "l.1.w")], [("shared", "l.{0..1}.w")]),
        ([("a.0",), ("a.2",)], [("a.0",), ("a.2",)]),
        ([("a.0.b.0",), ("a.1.b.1",)], [("a.0.b.0",), ("a.1.b.1",)]),
        ([("a.0", "b.0"), ("a.1", "b.1"), ("a.2", "b.1")], [("a.{0..1}", "b.{0..1}"), ("a.2", "b.1")]),
        ([("a",)], [("a",)]),
        ([(f"l.{n}.{x}",) for n in range(3) for x in "qk"], [("l.{0..2}.k",), ("l.{0..2}.q",)]),
        ([(f"l.{n}.e.{m}",) for n in range(3) for m in range(2)], [("l.{0..2}.e.{0..1}",)]),
        (
            [("l.0.e.0",), ("l.0.e.1",), ("l.1.e.0",), ("l.1.e.1",), ("l.2.e.0",)],
            [("l.{0..1}.e.{0..1}",), ("l.2.e.0",)],
        ),
        ([], []),
    ],
)
def test_what_is_folded(rows: list[Row], folded: list[Row]) -> None:
    assert [names for names, _ in fold(rows)] == folded


def test_all_that_was_folded_is_kept() -> None:
    rows = [("a.0",), ("a.1",), ("b",)]
    assert [row for _, run in fold(reversed(rows)) for row in run] == rows
