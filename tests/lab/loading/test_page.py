"""The page shows what was recorded."""

from __future__ import annotations

from tests.lab.loading.table import PAGE, page


def test_the_table_is_fresh() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `python -m tests.lab.loading.table`"
