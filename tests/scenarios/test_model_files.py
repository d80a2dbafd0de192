"""Model files whose comments say what is to be found.

``# expect: TIE001`` (several codes with commas) on the line of the finding; ``# expect[4.51.3]: TIE001``
where only that release has it. What a comment claims was seen by running the class in that release.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.examples import findings

MODEL_FILES = Path(__file__).parent / "model_files"
EXPECT = re.compile(r"# expect(?:\[(?P<release>[^\]]+)\])?: (?P<codes>TIE\d+(?:, TIE\d+)*)")


def expected(text: str, release: str) -> set[tuple[int, str]]:
    """Line and code of everything that the comments expect."""
    return {
        (number, code)
        for number, line in enumerate(text.splitlines(), start=1)
        for found in EXPECT.finditer(line)
        if found["release"] in (None, release)
        for code in found["codes"].split(", ")
    }


@pytest.mark.parametrize("release", ["4.51.3", "5.23.0"])
@pytest.mark.parametrize("path", sorted(MODEL_FILES.rglob("*.py")), ids=lambda path: path.stem)
def test_a_model_file(path: Path, release: str) -> None:
    text = path.read_text(encoding="utf-8")
    found = {(finding.line, finding.code) for finding in findings(path, text, release)}
    assert found == expected(text, release)
