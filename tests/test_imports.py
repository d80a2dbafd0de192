"""What starting up may import."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = {"libcst", "rich", "packaging", "pathspec", "tie_lint.model", "tie_lint.lint"}


@pytest.mark.parametrize(
    "code",
    [
        "import tie_lint.flake8_plugin",
        "import tie_lint.cli; tie_lint.cli._parser().format_help()",
    ],
)
def test_starting_up_is_cheap(code: str) -> None:
    program = f"import sys; before = set(sys.modules); {code}; print(*set(sys.modules) - before)"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not HEAVY & set(run.stdout.split())
