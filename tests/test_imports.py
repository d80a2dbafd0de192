"""What starting up may import."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

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
    "shutil",
}
if sys.version_info < (3, 14):  # from then on argparse imports it, for its colours
    UNUSED.add("dataclasses")


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


def test_a_run_over_files_without_models_imports_little(write: Write) -> None:
    write("plain.py", "class Account:\n    pass\n")
    arguments = ["check", ".", "--isolated", "--transformers", "5.23.0", "--no-cache"]
    program = f"import sys; from tie_lint.cli import main; main({arguments}); print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not {*UNUSED, "tie_lint.rules"} & set(run.stdout.split())


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="packaging imports inspect there")
def test_a_run_that_finds_nothing_imports_no_dataclasses(write: Write) -> None:
    start = "# coding=utf-8\nfrom transformers import PreTrainedModel\n"
    write("model.py", f"{start}\nclass Model(PreTrainedModel):\n    pass\n")
    arguments = ["check", "model.py", "--no-cache", "--jobs", "1"]
    program = f"import sys; from tie_lint.cli import main; main({arguments}); print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "tie_lint.tiemap.view" in run.stdout.split()
    unused = {"dataclasses", "difflib", "importlib.metadata", "inspect", "libcst", "tokenize"}
    unused |= {"tie_lint.loading.load", "tie_lint.library.exports", "tie_lint.pipeline.comments"}
    assert not unused & set(run.stdout.split())


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="packaging imports inspect there")
@pytest.mark.parametrize("arguments", [["explain"], ["check", "--jobs", "1"]])
def test_explaining_and_working_out_fixes_import_no_dataclasses(write: Write, arguments: list[str]) -> None:
    example = Path(__file__).parents[1] / "docs" / "example" / "acme.py"
    write("model.py", example.read_text(encoding="utf-8"))
    arguments = [*arguments, "model.py", "--isolated", "--transformers", "4.51.3", "--no-cache"]
    program = f"import sys; from tie_lint.cli import main; main({arguments}); print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    imported = set(run.stdout.splitlines()[-1].split())
    assert "tie_lint.fix.fixer" in imported
    assert not {"dataclasses", "inspect", "libcst", "tempfile"} & imported


@pytest.mark.parametrize(
    ("output_format", "works_out"), [("github", False), ("gitlab", False), ("full", True)]
)
def test_fixes_are_worked_out_only_for_formats_that_tell_of_them(
    write: Write, output_format: str, works_out: bool
) -> None:
    example = Path(__file__).parents[1] / "docs" / "example" / "acme.py"
    write("model.py", example.read_text(encoding="utf-8"))
    arguments = ["check", "model.py", "--transformers", "4.51.3", "--no-cache", "--jobs", "1", "--isolated"]
    arguments += ["--output-format", output_format, "--output-file", "report"]
    program = f"import sys; from tie_lint.cli import main; print(main({arguments}), *sys.modules)"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.split()[0] == "1"
    assert ("tie_lint.fix.fixer" in run.stdout.split()) == works_out
