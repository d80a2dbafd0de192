"""What a project's own files say about transformers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Write
from tie_lint.errors import UsageError
from tie_lint.library.requirement import project_requirement

POETRY = "[tool.poetry.dependencies]\ntransformers = "


@pytest.mark.parametrize(
    ("name", "text", "specifier"),
    [
        ("pyproject.toml", '[project]\ndependencies = ["torch", "transformers[torch]==4.51.3"]', "==4.51.3"),
        ("pyproject.toml", '[project.optional-dependencies]\nhf = ["transformers<5"]', "<5"),
        ("pyproject.toml", '[dependency-groups]\ndev = [{include-group = "x"}, "transformers<5"]', "<5"),
        ("pyproject.toml", POETRY + '"^4.40"', "==4.*,>=4.40"),
        ("pyproject.toml", POETRY + '"~4.51.2"', "==4.51.*,>=4.51.2"),
        ("pyproject.toml", POETRY + '"4.51.3"', "==4.51.3"),
        ("pyproject.toml", POETRY + '">=4.45,<6"', "<6,>=4.45"),
        ("pyproject.toml", POETRY + '{version = "^5.1", extras = ["torch"]}', "==5.*,>=5.1"),
        ("setup.cfg", "[options]\ninstall_requires =\n    torch\n    transformers>=4.45", ">=4.45"),
        ("setup.cfg", "[options.extras_require]\nhf = transformers>=4.45\n", ">=4.45"),
        ("requirements.txt", "-r base.txt\ntorch\nTransformers==4.51.3  # pinned\n", "==4.51.3"),
        ("requirements-dev.txt", "transformers==4.51.3 \\\n    --hash=sha256:00\n", "==4.51.3"),
        ("requirements.txt", "transformers==5.0.0 ; python_version > '3.9'\n", "==5.0.0"),
    ],
)
def test_it_is_found(write: Write, folder: Path, name: str, text: str, specifier: str) -> None:
    path = write(name, text)
    assert project_requirement(folder) == (specifier, path)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pyproject.toml", '[project]\ndependencies = ["transformers", "transformers-stream>=1"]'),
        ("pyproject.toml", POETRY + '"*"'),
        ("requirements.txt", "git+https://example.org/transformers\n# transformers==4.51.3\n"),
        ("setup.cfg", "no section\n"),
    ],
)
def test_no_version_says_nothing(write: Write, folder: Path, name: str, text: str) -> None:
    write(name, text)
    assert project_requirement(folder) is None


def test_the_nearest_directory_counts(write: Write, folder: Path) -> None:
    write("requirements.txt", "transformers==4.51.3")
    write("a/setup.cfg", "[options]\ninstall_requires = transformers==5.0.0")
    write("a/b/pyproject.toml", "[project]\nname = 'b'")
    assert project_requirement(folder / "a" / "b") == ("==5.0.0", folder / "a" / "setup.cfg")


def test_the_search_ends_at_the_repository(write: Write, folder: Path) -> None:
    write("requirements.txt", "transformers==4.51.3")
    (folder / "inner" / ".git").mkdir(parents=True)
    assert project_requirement(folder / "inner") is None


def test_broken_toml_is_an_error_that_names_the_file(write: Write, folder: Path) -> None:
    write("pyproject.toml", "[project\n")
    with pytest.raises(UsageError, match=r"pyproject\.toml"):
        project_requirement(folder)
