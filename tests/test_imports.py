"""What starting up may import."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.conftest import Write

HEAVY = {"libcst", "rich", "packaging", "pathspec", "tie_lint.interpreter", "tie_lint.pipeline.linter"}
UNUSED = {
    "libcst",
    "rich",
    "packaging.requirements",
    "pathspec",
    "tie_lint.interpreter",
    "tie_lint.pipeline.linter",
    "hashlib",
    "dataclasses",
    "shutil",
}


@pytest.mark.parametrize(
    "code",
    [
        "import tie_lint.flake8_plugin",
        "import tie_lint.cli; tie_lint.cli.parser().format_help()",
    ],
)
def test_starting_up_is_cheap(code: str) -> None:
    program = f"import sys; before = set(sys.modules); {code}; print(*set(sys.modules) - before)"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not HEAVY & set(run.stdout.split())


def test_a_run_that_finds_all_in_the_cache_imports_little(write: Write) -> None:
    write("model.py", "from transformers import PreTrainedModel\n\nclass Model(PreTrainedModel):\n    pass\n")
    arguments = ["check", "model.py", "--transformers", "5.23.0", "--cache-dir", "kept", "--jobs", "1"]
    program = f"import sys; from tie_lint.cli import main; main({arguments}); print(*sys.modules)"
    for _ in range(2):
        run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not UNUSED & set(run.stdout.split())
