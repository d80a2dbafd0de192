"""The plugin inside the real flake8."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests import forked
from tests.conftest import Write
from tests.examples import BAD, GOOD, LINE

pytest.importorskip("flake8")

DRIVER = """
import multiprocessing
import sys

from flake8.main.cli import main

if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    sys.exit(main(sys.argv[2:]))
"""

FOUND = f":{LINE}:7: TIE001 AcmeForCausalLM"


def flake8(*arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    """Run it in the working directory, on TIE codes only."""
    ended = forked.run(forked.FLAKE8, "--select=TIE", *arguments, text=text)
    return subprocess.CompletedProcess(arguments, ended.code, ended.out, ended.err)


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_several_workers(write: Write, method: str) -> None:
    driver = write("driver.py", DRIVER)
    for number in range(4):
        write(f"models/acme{number}.py", BAD if number % 2 else GOOD)
    command = [sys.executable, str(driver), method, "--select=TIE", "--jobs=2", "models"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.stderr == ""
    assert [line.partition(":")[0] for line in run.stdout.splitlines()] == [
        str(Path("models/acme1.py")),
        str(Path("models/acme3.py")),
    ]
    assert all(FOUND in line for line in run.stdout.splitlines())


def test_classes_are_resolved_across_files(write: Write) -> None:
    write("models/__init__.py", "")
    write("models/base.py", "from transformers import GemmaPreTrainedModel as AcmeBase\n")
    head = BAD.replace(
        "import GemmaModel, GemmaPreTrainedModel", "import GemmaModel\nfrom .base import AcmeBase"
    )
    write("models/acme.py", head.replace("(GemmaPreTrainedModel)", "(AcmeBase)"))
    run = flake8("--jobs=2", "models")
    assert f":{LINE + 1}:7: TIE001 AcmeForCausalLM" in run.stdout


def test_noqa(write: Write) -> None:
    header = "class AcmeForCausalLM(GemmaPreTrainedModel):"
    write("one.py", BAD.replace(header, f"{header}  # noqa: TIE001"))
    write(
        "two.py", BAD.replace(header, "class AcmeForCausalLM(\n    GemmaPreTrainedModel,\n):  # noqa: TIE001")
    )
    write("three.py", BAD.replace(header, f"{header}  # noqa: TIE002"))
    assert [line.partition(":")[0] for line in flake8().stdout.splitlines()] == ["./three.py"]
    assert len(flake8("--disable-noqa").stdout.splitlines()) == 3


def test_standard_input(folder: Path) -> None:
    run = flake8("-", "--stdin-display-name=models/acme.py", text=BAD)
    assert run.stdout.startswith(f"models/acme.py{FOUND}")


def test_options_in_flake8_s_own_file(write: Write) -> None:
    write("acme.py", BAD)
    write(".flake8", "[flake8]\ntie-transformers = 4.51.3\n")
    assert "not tied to the input embeddings" in flake8().stdout
    write(".flake8", "[flake8]\ntie-transformers = >=5\n")
    assert "resize_token_embeddings()" in flake8().stdout


def test_the_releases_are_told_where_not_all_are_hit(write: Write) -> None:
    write("acme.py", BAD)
    run = flake8("--tie-transformers=>=4.45,<6")
    assert "(4.45-4.57); with tie_word_embeddings=False" in run.stdout
    write("acme.py", BAD.replace('{"head.weight": "model.embed_tokens.weight"}', '["head.weight"]'))
    run = flake8("--tie-transformers=>=4.45,<6")
    assert [line[-6:] for line in run.stdout.splitlines() if "TIE301" in line] == [" (5.x)"]


def test_comments_that_silence_nothing_are_found_on_request(write: Write) -> None:
    write("acme.py", GOOD.replace("(GemmaPreTrainedModel):", "(GemmaPreTrainedModel):  # noqa: TIE001"))
    assert flake8().stdout == ""
    assert "TIE902 the comment silences TIE001" in flake8("--extend-select=TIE902").stdout


def test_options_on_the_command_line(write: Write) -> None:
    write("acme.py", BAD)
    assert "not tied to the input embeddings" in flake8("--tie-transformers=4.51.3").stdout


def test_the_projects_settings_count_where_flake8_is_told_nothing(write: Write) -> None:
    write("acme.py", BAD)
    write("pyproject.toml", '[tool.tie-lint]\ntransformers = "4.51.3"\n')
    assert "not tied to the input embeddings" in flake8().stdout


@pytest.mark.parametrize("arguments", [["--tie-transformers=four"], ["--tie-tied-weights-keys=base"]])
def test_a_bad_option_is_an_error_without_a_traceback(write: Write, arguments: list[str]) -> None:
    write("acme.py", BAD)
    run = flake8(*arguments)
    assert run.returncode != 0
    assert "Traceback" not in run.stderr
    assert "four" in run.stdout or "base" in run.stderr


def test_a_bad_settings_file_is_an_error_without_a_traceback(write: Write) -> None:
    write("acme.py", BAD)
    write("pyproject.toml", "[tool.tie-lint]\nslect = []\n")
    run = flake8("--jobs=2", "acme.py", "acme.py")
    assert "slect" in run.stdout
    assert "Traceback" not in run.stderr


MISTAKEN = """
import sys
import tie_lint.pipeline.linter as linter
from flake8.main.cli import main

real = linter.Linter.check

def check(self, document, noqa=True):
    return 1 // 0 if document.path.name == "worse.py" else real(self, document, noqa)

linter.Linter.check = check
sys.exit(main(["--jobs=1", "."]))
"""


def test_an_internal_error_about_one_file_costs_neither_flake8_nor_other_files(write: Write) -> None:
    write("acme.py", BAD)
    write("worse.py", f"import os\n{BAD}")
    run = subprocess.run([sys.executable, "-c", MISTAKEN], capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert f"./acme.py{FOUND}" in run.stdout
    assert "./worse.py:1:1: F401" in run.stdout and "worse.py:2:" not in run.stdout
    assert run.stderr.startswith("tie-lint: internal error: worse.py: ZeroDivisionError")
    assert run.stderr.count("\n") == 1


MISMADE = """
import sys
import tie_lint.api
from flake8.main.cli import main

tie_lint.api.source_checker = lambda *_, **__: 1 // 0
sys.exit(main(["--jobs=1", "--tie-transformers=5.23.0", "."]))
"""


def test_an_internal_error_about_all_files_does_not_cost_flake8(write: Write) -> None:
    write("acme.py", BAD)
    write("worse.py", f"import os\n{BAD}")
    run = subprocess.run([sys.executable, "-c", MISMADE], capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert "./worse.py:1:1: F401" in run.stdout and "TIE" not in run.stdout
    assert run.stderr.startswith("tie-lint: internal error: ZeroDivisionError")
    assert run.stderr.count("\n") == 1


def test_nothing_is_imported_for_files_that_hold_no_model(write: Write) -> None:
    for number in range(3):
        write(f"ordinary{number}.py", "import os\n\n\nclass Ordinary:\n    path = os.curdir\n")
    program = "import sys; from flake8.main.cli import main; main(['--jobs=1', '.']); print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    imported = set(run.stdout.split())
    assert "tie_lint.flake8_plugin" in imported
    assert not {"packaging", "tie_lint.pipeline.linter", "tie_lint.rules"} & imported


def test_it_names_itself() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "flake8", "--version"], capture_output=True, text=True, check=True
    )
    assert "tie-lint: " in run.stdout
