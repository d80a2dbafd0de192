"""What a project's own files say about transformers."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.conftest import Write
from tie_lint.requirements.project import Requirements


def first(start: Path, warnings: list[str]) -> tuple[str, Path] | None:
    """The nearest requirement."""
    stated = next(Requirements().around(start, warnings), None)
    return None if stated is None else (stated.specifier, stated.path)


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
        ("pyproject.toml", POETRY + '">=4.45 <6"', "<6,>=4.45"),
        ("pyproject.toml", POETRY + '"^4.40,<4.52"', "<4.52,==4.*,>=4.40"),
        ("pyproject.toml", POETRY + '"^4.40 || ^5.0"', "==4.*,>=4.40 || ==5.*,>=5.0"),
        (
            "pyproject.toml",
            POETRY + '[{version = "~4.40", python = "<3.9"}, {version = "^5.0", python = ">=3.9"}]',
            "==4.40.*,>=4.40 || ==5.*,>=5.0",
        ),
        ("setup.cfg", "[options]\ninstall_requires =\n    torch\n    transformers>=4.45", ">=4.45"),
        ("setup.cfg", "[options.extras_require]\nhf = transformers>=4.45\n", ">=4.45"),
        ("requirements.txt", "-r base.txt\ntorch\nTransformers==4.51.3  # pinned\n", "==4.51.3"),
        ("requirements-dev.txt", "transformers==4.51.3 \\\n    --hash=sha256:00\n", "==4.51.3"),
        ("requirements.txt", "transformers==5.0.0 ; python_version > '3.9'\n", "==5.0.0"),
    ],
)
def test_it_is_found(write: Write, folder: Path, name: str, text: str, specifier: str) -> None:
    path = write(name, text)
    assert first(folder, []) == (specifier, path)


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
    assert first(folder, []) is None


def test_the_nearest_directory_counts(write: Write, folder: Path) -> None:
    write("requirements.txt", "transformers==4.51.3")
    write("a/setup.cfg", "[options]\ninstall_requires = transformers==5.0.0")
    write("a/b/pyproject.toml", "[project]\nname = 'b'")
    assert first(folder / "a" / "b", []) == ("==5.0.0", folder / "a" / "setup.cfg")


def test_the_search_ends_at_the_repository(write: Write, folder: Path) -> None:
    write("requirements.txt", "transformers==4.51.3")
    (folder / "inner" / ".git").mkdir(parents=True)
    assert first(folder / "inner", []) is None


def _broken(name: str, folder: Path) -> None:
    path = folder / name
    if name == "directory.txt":
        (folder / "requirements-directory.txt").mkdir()
    elif name == "dangling.txt":
        (folder / "requirements-dangling.txt").symlink_to("nowhere")
    elif name == "pipe.txt":
        os.mkfifo(folder / "requirements-pipe.txt")
    else:
        path.write_text("[transformers\n" if name == "pyproject.toml" else "no section: transformers\n")


@pytest.mark.parametrize("name", ["pyproject.toml", "setup.cfg", "directory.txt", "dangling.txt", "pipe.txt"])
def test_a_file_of_others_that_cannot_be_read_is_a_warning_and_the_next_counts(
    write: Write, folder: Path, name: str
) -> None:
    _broken(name, folder)
    path = write("requirements-zzzzzzzzzzzzzzzz.txt", "transformers==4.51.3")
    warnings: list[str] = []
    assert first(folder, warnings) == ("==4.51.3", path)
    assert len(warnings) == 1 and name.partition(".")[0] in warnings[0]


@pytest.mark.parametrize(
    "text",
    [
        "project = 5",
        "[project]\ndependencies = 5",
        "[project]\noptional-dependencies = [1]",
        "[project.optional-dependencies]\nhf = 'transformers'",
        "dependency-groups = 1.5",
        "[tool]\npoetry = []",
        "[tool.poetry]\ndependencies = 'transformers'",
        POETRY + "5",
        POETRY + "{version = 4.40}",
        POETRY + "'four'",
    ],
)
def test_what_is_not_as_expected_is_a_warning_and_the_next_counts(
    write: Write, folder: Path, text: str
) -> None:
    write("pyproject.toml", f"{text}  # transformers")
    path = write("requirements.txt", "transformers==4.51.3")
    warnings: list[str] = []
    assert first(folder, warnings) == ("==4.51.3", path)
    assert len(warnings) == 1 and "pyproject.toml" in warnings[0]


def test_a_file_that_is_nested_without_end_is_a_warning(write: Write, folder: Path) -> None:
    write("pyproject.toml", "transformers = " + "[" * 100_000 + "]" * 100_000)
    warnings: list[str] = []
    assert first(folder, warnings) is None
    assert "nested too deeply" in warnings[0]
