"""Each kind of file that says what a project requires."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.conftest import Write
from tie_lint.requirements.project import Requirements


def shown(folder: Path, warnings: list[str] | None = None) -> list[tuple[str, str]]:
    """What is stated and where, in the order in which it counts."""
    return [
        (one.specifier, one.shown)
        for one in Requirements().around(folder, [] if warnings is None else warnings)
    ]


CASES = [
    ("pyproject.toml", '[project]\ndependencies = ["transformers>=4.45"]', ">=4.45", "[project]"),
    (
        "pyproject.toml",
        '[dependency-groups]\ntest = [{include-group = "hf"}]\nhf = ["transformers<5"]',
        "<5",
        "[dependency-groups.hf]",
    ),
    (
        "pyproject.toml",
        '[tool.poetry.group.dev.dependencies]\ntransformers = "^5.1"',
        "==5.*,>=5.1",
        "[tool.poetry.group.dev.dependencies]",
    ),
    ("pyproject.toml", '[tool.uv]\ndev-dependencies = ["transformers<5"]', "<5", "[tool.uv]"),
    (
        "pyproject.toml",
        '[tool.pdm.dev-dependencies]\nt = ["transformers<5"]',
        "<5",
        "[tool.pdm.dev-dependencies.t]",
    ),
    (
        "pyproject.toml",
        '[tool.hatch.envs.test]\nextra-dependencies = ["transformers<5"]',
        "<5",
        "[tool.hatch.envs.test]",
    ),
    (
        "pyproject.toml",
        '[tool.pixi.dependencies]\ntransformers = "4.51.*"',
        "==4.51.*",
        "[tool.pixi.dependencies]",
    ),
    (
        "pyproject.toml",
        '[tool.pixi.feature.hf.pypi-dependencies]\ntransformers = {version = ">=4.45,<5"}',
        "<5,>=4.45",
        "[tool.pixi.feature.hf.pypi-dependencies]",
    ),
    ("pixi.toml", '[dependencies]\ntransformers = "==4.51.3"', "==4.51.3", "[dependencies]"),
    ("requirements/base.txt", "transformers==4.51.3", "==4.51.3", ""),
    ("requirements/dev.in", "transformers<5  # why", "<5", ""),
    ("requirements.in", "transformers<5", "<5", ""),
    (
        "setup.py",
        'from setuptools import setup\nHF = ["transformers[torch]>=4.45"]\nsetup(extras_require={"hf": HF})',
        ">=4.45",
        "",
    ),
    ("environment.yml", "dependencies:\n  - conda-forge::transformers=4.51\n", "==4.51.*", ""),
    ("environment.yml", "dependencies:\n  - transformers 4.51.3 py_0\n  - pip\n", "==4.51.3", ""),
    ("environment-gpu.yaml", "dependencies:\n  - pip:\n    - transformers>=5,<6\n", "<6,>=5", ""),
    ("environment.yml", "dependencies:\n  - transformers>=4.40,<4.41|>=5\n", "<4.41,>=4.40 || >=5", ""),
    (
        "uv.lock",
        '[[package]]\nname = "torch"\n[[package]]\nname = "transformers"\nversion = "5.1.0"',
        "==5.1.0",
        "",
    ),
    (
        "poetry.lock",
        '[[package]]\nname = "transformers"\nversion = "4.40.0"\n'
        '[[package]]\nname = "transformers"\nversion = "5.1.0"',
        "==4.40.0 || ==5.1.0",
        "",
    ),
    (
        "pixi.lock",
        "version: 6\nenvironments:\n  default:\n    packages:\n      linux-64:\n"
        "      - conda: https://conda.anaconda.org/conda-forge/noarch/transformers-4.40.0-pyhd8ed1ab_0.conda\n"
        "packages:\n- conda: https://conda.anaconda.org/conda-forge/noarch/transformers-4.51.3-pyhd8ed1ab_0.conda\n"
        "  sha256: 0123\n  depends:\n  - tokenizers >=0.21\n"
        "- conda: https://conda.anaconda.org/conda-forge/noarch/transformers-stream-5.1.0-pyhd8ed1ab_0.conda\n",
        "==4.51.3",
        "",
    ),
    (
        "pixi.lock",
        "version: 6\npackages:\n- pypi: https://files.pythonhosted.org/packages/aa/transformers-5.1.0-py3-none-any.whl\n"
        "  name: transformers\n  version: 5.1.0\n  requires_dist:\n  - filelock\n",
        "==5.1.0",
        "",
    ),
    (
        "pixi.lock",
        "version: 5\npackages:\n- kind: conda\n  name: transformers\n  version: 4.51.3\n",
        "==4.51.3",
        "",
    ),
    ("pylock.toml", '[[packages]]\nname = "transformers"\nversion = "5.1.0"', "==5.1.0", ""),
]


@pytest.mark.parametrize(("name", "text", "specifier", "table"), CASES)
def test_it_is_read_and_named(
    write: Write, folder: Path, name: str, text: str, specifier: str, table: str
) -> None:
    write(name, text)
    warnings: list[str] = []
    assert shown(folder, warnings) == [(specifier, f"{name} {table}".strip())]
    assert warnings == []


def test_files_that_requirements_include_count(write: Write, folder: Path) -> None:
    write("requirements.txt", "-r requirements/../pins/hf.txt\n-c pins/limits.txt\n-r requirements.txt\n")
    write("pins/hf.txt", "transformers>=4.45\n--requirement=other.txt\n")
    write("pins/other.txt", "transformers!=4.46.0\n-r hf.txt\n")
    write("pins/limits.txt", "transformers<5\n")
    assert shown(folder) == [(">=4.45,!=4.46.0,<5", "requirements.txt")]


def test_an_included_file_that_is_not_there_is_a_warning(write: Write, folder: Path) -> None:
    write("requirements.txt", "-r nowhere.txt\ntransformers==5.1.0\n")
    warnings: list[str] = []
    assert shown(folder, warnings) == [("==5.1.0", "requirements.txt")]
    assert len(warnings) == 1 and "nowhere.txt" in warnings[0]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("setup.cfg", "[options]\ninstall_requires = file: deps.txt\n"),
        ("pyproject.toml", '[tool.setuptools.dynamic]\ndependencies = {file = ["deps.txt"]}'),
        ("pyproject.toml", '[tool.hatch.metadata.hooks.requirements_txt]\nfiles = ["deps.txt"]'),
    ],
)
def test_files_that_a_build_reads_count(write: Write, folder: Path, name: str, text: str) -> None:
    write(name, text)
    write("deps.txt", "transformers==5.1.0\n")
    assert [specifier for specifier, _ in shown(folder)] == ["==5.1.0"]


def test_requirements_for_some_pythons_are_alternatives(write: Write, folder: Path) -> None:
    write(
        "requirements.txt",
        "transformers>=4.40\n"
        "transformers<5 ; python_version < '3.10'\n"
        "transformers>=5 ; python_version >= '3.10'\n",
    )
    assert shown(folder) == [("<5,>=4.40 || >=5,>=4.40", "requirements.txt")]


def test_uv_overrides_count_first_and_its_constraints_too(write: Write, folder: Path) -> None:
    write(
        "pyproject.toml",
        '[project]\ndependencies = ["transformers>=4.45"]\n'
        '[tool.uv]\nconstraint-dependencies = ["transformers<5"]\n',
    )
    assert shown(folder) == [(">=4.45,<5", "pyproject.toml [project]")]
    before = (folder / "pyproject.toml").read_text()
    write("pyproject.toml", before + 'override-dependencies = ["transformers==4.51.3"]')
    assert shown(folder)[0] == ("==4.51.3", "pyproject.toml [tool.uv]")


def test_a_lock_file_says_what_nobody_has_asked(write: Write, folder: Path) -> None:
    write("uv.lock", '[[package]]\nname = "transformers"\nversion = "5.1.0"')
    write("pyproject.toml", '[project]\ndependencies = ["transformers"]')
    assert shown(folder)[0] == ("==5.1.0", "uv.lock")
    write("pyproject.toml", '[project]\ndependencies = ["transformers<5"]')
    assert shown(folder)[0] == ("<5", "pyproject.toml [project]")


def test_setup_py_is_read_and_never_run(write: Write, folder: Path) -> None:
    write(
        "setup.py", "import sys\nopen('ran', 'w')\nREQUIRED = [f'transformers{1}', 'transformers==5.1.0']\n"
    )
    assert shown(folder) == [("==5.1.0", "setup.py")]
    assert not (folder / "ran").exists()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("environment.yml", "dependencies: [transformers=='"),
        ("environment.yml", "dependencies:\n  - transformers=four\n"),
        ("setup.py", "transformers ="),
        ("uv.lock", "transformers ="),
    ],
)
def test_what_cannot_be_read_is_a_warning(write: Write, folder: Path, name: str, text: str) -> None:
    write(name, text)
    warnings: list[str] = []
    assert shown(folder, warnings) == []
    assert len(warnings) == 1 and name in warnings[0]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("requirements.txt", "transformers" + " " * 2_000_000),
        ("pyproject.toml", f'[tool.poetry.dependencies]\ntransformers = "4{" " * 200_000}"'),
        ("environment.yml", "dependencies:\n" + "  - transformers\n" * 100_000),
        ("environment.yml", "dependencies: " + "[" * 50_000 + "transformers"),
        ("setup.py", "transformers = " + "[" * 50_000),
    ],
)
def test_input_that_is_meant_to_take_long_does_not(write: Write, folder: Path, name: str, text: str) -> None:
    write(name, text)
    before = time.process_time()
    assert shown(folder) == []
    assert time.process_time() - before < 5
