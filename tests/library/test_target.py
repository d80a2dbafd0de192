"""From a wish, or a project without one, to releases."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Write
from tie_lint.errors import UsageError
from tie_lint.library.contract import contract_of
from tie_lint.library.installed import installed_tree
from tie_lint.library.releases import KNOWN, NEWEST
from tie_lint.library.target import INSTALLED, NEWEST_KNOWN, Policy, Targets, find_targets


@pytest.mark.parametrize(
    ("asked", "releases"),
    [
        ("4.51.3", ("4.51.3",)),
        ("==4.51.3", ("4.51.3",)),
        ("4.46.0", ("4.46.0",)),
        ("4.51", ("4.51.3",)),
        ("4", ("4.48.3", "4.50.3", "4.53.3", "4.55.4", "4.57.6")),
        (">=4.45,<6", ("4.48.3", "4.50.3", "4.53.3", "4.55.4", "4.57.6", "5.8.1", NEWEST)),
        (" >= 4.50 , < 4.55 ", ("4.50.3", "4.53.3", "4.54.1")),
        ("~=4.51.0", ("4.51.3",)),
        ("<4.41", ("4.40.2",)),
    ],
)
def test_one_target_for_each_era_in_the_range(asked: str, releases: tuple[str, ...]) -> None:
    assert find_targets(asked, Path("/")).releases == releases


@pytest.mark.parametrize("asked", ["four", "", ">=5,<4", "===four", ">=4.45;<6"])
def test_no_range_and_an_empty_range_are_refused(asked: str) -> None:
    with pytest.raises(UsageError, match="transformers"):
        find_targets(asked, Path("/"))


@pytest.mark.parametrize("asked", ["4.31.0", "==4.31.*", "<4.40", "<4"])
def test_older_releases_come_with_a_warning(asked: str) -> None:
    targets = find_targets(asked, Path("/"))
    assert contract_of(targets.releases[0]) == contract_of("4.40.0")
    assert "older than any supported" in targets.warnings[0]


@pytest.mark.parametrize("asked", ["99.0.0", ">=99", ">99"])
def test_newer_releases_come_with_a_warning(asked: str) -> None:
    targets = find_targets(asked, Path("/"))
    assert contract_of(targets.releases[0]) == contract_of(NEWEST)
    assert "newer than any known" in targets.warnings[0]


def test_a_range_that_begins_too_early_says_so() -> None:
    assert "from 4.40 on" in find_targets(">=4.30,<6", Path("/")).warnings[0]


def test_the_projects_own_requirement(write: Write, folder: Path) -> None:
    path = write("pyproject.toml", '[project]\ndependencies = ["transformers>=4.50,<4.55"]\n')
    targets = find_targets(None, folder)
    assert targets.releases == ("4.50.3", "4.53.3", "4.54.1")
    assert targets.source == f"{path.name} [project]"


@pytest.mark.parametrize(
    ("config", "releases"),
    [
        ('{"transformers_version": "4.51.3"}', ("4.51.3",)),
        ('{"transformers_version": "4.46.0.dev0"}', ("4.46.0",)),
        ('{"transformers_version": "99.0"}', (NEWEST,)),
    ],
)
def test_the_release_that_a_config_beside_was_saved_with(
    write: Write, folder: Path, config: str, releases: tuple[str, ...]
) -> None:
    write("config.json", config)
    targets = find_targets(None, folder)
    assert (targets.releases, targets.asked_by) == (releases, ", from transformers_version of config.json")
    write("requirements.txt", "transformers==4.50.0")
    assert find_targets(None, folder).releases == ("4.50.0",)


@pytest.mark.parametrize(
    "config",
    [
        *("{", "[]", "[" * 100_000 + '"transformers_version"', '{"transformers_version": 5}'),
        *('{"transformers_version": "4.6.0"}', '{"transformers_version": "x"}'),
    ],
)
def test_a_config_that_says_no_release_is_none(write: Write, folder: Path, config: str) -> None:
    write("config.json", config)
    assert find_targets(None, folder).releases == (NEWEST,)


def test_ranges_of_which_any_will_do() -> None:
    assert find_targets("==4.50.* || >=5.2,<5.4", Path("/")).releases == ("4.50.3", "5.3.0")
    with pytest.raises(UsageError, match="neither a release"):
        find_targets(">=4.50 || four", Path("/"))


@pytest.mark.parametrize("wrong", ["==" + "9" * 5_000, ">=9,<8", "==4." + "9" * 5_000])
def test_a_requirement_that_no_release_meets_is_a_warning_and_the_next_counts(
    folder: Path, write: Write, wrong: str
) -> None:
    write("requirements.txt", f"transformers{wrong}\n")
    write("requirements-test.txt", "transformers==4.50.0\n")
    targets = find_targets(None, folder)
    assert targets.releases == ("4.50.0",)
    assert len(targets.warnings) <= 1
    with pytest.raises(UsageError, match="transformers: "):
        find_targets(wrong, folder)


def test_a_tree_of_the_library_is_its_own_target(folder: Path, write: Write) -> None:
    write("pyproject.toml", '[project]\ndependencies = ["transformers==4.50.0"]\n')
    tree = write("lib/transformers/__init__.py", '__version__ = "5.25.0.dev0"\n').parent
    models = write("lib/transformers/models/acme/modeling_acme.py", "").parent
    for start in (tree, models):
        assert find_targets(None, start).releases == ("5.25.0.dev0",)
    assert find_targets("4.51.3", models).releases == ("4.51.3",)
    assert find_targets(None, folder).releases == ("4.50.0",)


@pytest.mark.parametrize("below", ["transformers", "src/transformers"])
def test_a_checkout_of_the_library_is_its_own_target(folder: Path, write: Write, below: str) -> None:
    write(f"{below}/__init__.py", '__version__ = "5.23.0"\n')
    assert find_targets(None, folder).releases == ("5.23.0",)


def test_a_folder_that_is_only_called_so_is_no_library(folder: Path, write: Write) -> None:
    tree = write("transformers/__init__.py", "from .blocks import Block\n").parent
    write("pyproject.toml", '[project]\ndependencies = ["transformers==4.50.0"]\n')
    assert find_targets(None, tree).releases == ("4.50.0",)


@pytest.fixture
def import_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that is all that Python imports from."""
    found = tmp_path / "site-packages"
    found.mkdir()
    installed_tree.cache_clear()
    with monkeypatch.context() as patched:
        patched.setattr(sys, "path", [str(found)])
        yield found
    installed_tree.cache_clear()


def test_the_installed_release(folder: Path, import_path: Path) -> None:
    installed = import_path / "transformers" / "__init__.py"
    installed.parent.mkdir()
    installed.write_text('"""Models."""\n\n__version__ = "4.50.1"\n', encoding="utf-8")
    assert find_targets(None, folder) == Targets(("4.50.1",), INSTALLED, oldest=("4.50.1",))


def test_the_newest_known_where_nothing_says_anything(folder: Path, import_path: Path) -> None:
    assert find_targets(None, folder) == Targets((NEWEST,), NEWEST_KNOWN)


def test_the_newest_known_where_what_is_installed_says_no_release(folder: Path, import_path: Path) -> None:
    (import_path / "transformers").mkdir()
    (import_path / "transformers" / "__init__.py").touch()
    assert find_targets(None, folder) == Targets((NEWEST,), NEWEST_KNOWN)


def test_releases_are_listed_in_order() -> None:
    def number(release: str) -> tuple[int, ...]:
        return tuple(map(int, release.split(".")))

    assert list(KNOWN) == sorted(set(KNOWN), key=number)


def test_each_target_knows_the_contract_of_the_newest() -> None:
    old, middle, new = Targets(("4.51.3", "5.22.0", "5.23.0"), "").each(Policy())
    assert {target.newest for target in (old, middle, new)} == {new.contract}
