"""The library's table of renamings, read from its code."""

from __future__ import annotations

from tie_lint.library.index import library
from tie_lint.loading.conversions import conversion_table
from tie_lint.loading.transforms import Transform
from tie_lint.project.project import Project


def test_the_tables_of_5_x_are_read() -> None:
    table = conversion_table(Project(library("5.24.0", installed=False)).interpreter)
    assert table["llava"] is not None
    assert Transform("renaming", ("^language_model.lm_head",), ("lm_head",)) in table["llava"]
    assert table["gemma3"] == table["llava"]
    assert len([key for key, entry in table.items() if entry is None]) <= 3 < len(table)


def test_4_x_has_no_table() -> None:
    assert conversion_table(Project(library("4.51.3", installed=False)).interpreter) == {}
