"""Settings and targets belong to the file: three packages that require different releases of transformers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest
import yaml

from tests import forked
from tests.examples import BAD
from tie_lint.api import Configuration, check_paths, check_source

Found = set[tuple[str, int, str, str]]

LIST_FORM = BAD.replace('{"head.weight": "model.embed_tokens.weight"}', '["head.weight"]')
"""Wrong in two ways, one of them from 5.0 on."""

PACKAGES = {"old": '"transformers==4.51.3"', "new": '"transformers>=5,<6"', "none": '"torch"'}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository of all packages, which no test changes: the ``.git`` ends every search upwards."""
    folder = tmp_path_factory.mktemp("monorepo")
    (folder / ".git").mkdir()
    return folder


@pytest.fixture(scope="module")
def packages(folder: Path) -> dict[str, Path]:
    """The model file of each package by its name."""
    found = {name: folder / name / "src" / name / "model.py" for name in PACKAGES}
    for name, requirement in PACKAGES.items():
        found[name].parent.mkdir(parents=True)
        found[name].write_text(LIST_FORM, encoding="utf-8")
        project = f'[project]\nname = "{name}"\ndependencies = [{requirement}]\n'
        (folder / name / "pyproject.toml").write_text(project, encoding="utf-8")
    (folder / "new" / "tie-lint.toml").write_text('ignore = ["TIE001"]\n', encoding="utf-8")
    return found


@pytest.fixture(autouse=True)
def _there(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)


def found_by_command(folder: Path, cwd: Path, *arguments: str, text: str = "") -> Found:
    """What a run of the command finds."""
    how = ["--no-cache", "--output-format", "json", *arguments]
    run = forked.run(forked.TIE_LINT, *how, cwd=cwd, text=text)
    assert run.code in (0, 1), run.err
    return {
        (
            str((cwd / one["path"]).relative_to(folder)),
            one["line"],
            one["code"],
            ",".join(one["transformers"]),
        )
        for one in json.loads(run.out)
    }


@pytest.fixture(scope="module")
def wanted(packages: dict[str, Path], folder: Path) -> dict[str, Found]:
    """What is to be found in each package; no two are alike."""
    found: dict[str, Found] = {name: set() for name in packages}
    for one in found_by_command(folder, folder, "."):
        found[one[0].split("/")[0]].add(one)
    assert {(code, releases) for _, _, code, releases in found["old"]} == {("TIE001", "4.51.3")}
    codes = {name: {code for _, _, code, _ in each} for name, each in found.items()}
    assert "TIE001" not in codes["new"] and "TIE301" in codes["new"]
    assert "TIE301" in codes["none"] and "4.51.3" not in {releases for *_, releases in found["none"]}
    return found


def subsets(names: list[str]) -> Iterator[tuple[str, ...]]:
    """Some of the names, in every way."""
    for size in range(1, len(names)):
        yield from combinations(names, size)


def in_places(packages: dict[str, Path], folder: Path) -> list[tuple[tuple[str, ...], Path]]:
    """Some packages from one directory or another, and all of them from each."""
    places = [folder, folder / "old", folder / "new" / "src"]
    some = [(chosen, places[number % 3]) for number, chosen in enumerate(subsets(list(packages)))]
    return [*some, *((tuple(packages), place) for place in places)]


def test_the_command_finds_the_same_from_every_directory_and_for_every_subset(
    packages: dict[str, Path], wanted: dict[str, Found], folder: Path
) -> None:
    for chosen, cwd in in_places(packages, folder):
        found = found_by_command(folder, cwd, *(str(packages[name]) for name in chosen))
        assert found == set().union(*(wanted[name] for name in chosen)), (chosen, cwd)


def test_standard_input_with_a_file_name_says_the_same(
    packages: dict[str, Path], wanted: dict[str, Found], folder: Path
) -> None:
    for name, path in packages.items():
        arguments = ("-", "--stdin-filename", str(path))
        assert found_by_command(folder, folder / "old", *arguments, text=LIST_FORM) == wanted[name]


def test_the_api_says_the_same(packages: dict[str, Path], wanted: dict[str, Found], folder: Path) -> None:
    reports = [check_paths(list(packages.values()))]
    reports += [check_source(LIST_FORM, path, Configuration()) for path in packages.values()]
    for part in (reports[:1], reports[1:]):
        found = {
            (str(Path(one.path).relative_to(folder)), one.line, one.code, ",".join(one.transformers))
            for report in part
            for one in report.findings
        }
        assert found == set().union(*wanted.values())


def test_the_hook_says_the_same_of_the_files_that_it_is_given(
    packages: dict[str, Path], wanted: dict[str, Found], folder: Path
) -> None:
    hooks = yaml.safe_load((Path(__file__).parents[2] / ".pre-commit-hooks.yaml").read_text())
    entry = next(hook["entry"] for hook in hooks if hook["id"] == "tie-lint")
    assert entry.split()[:2] == ["tie-lint", "check"]
    for chosen in [*subsets(list(packages)), tuple(packages)]:
        named = [str(packages[name].relative_to(folder)) for name in chosen]
        found = found_by_command(folder, folder, *entry.split()[2:], *named)
        assert found == set().union(*(wanted[name] for name in chosen)), chosen


def test_flake8_says_the_same(packages: dict[str, Path], wanted: dict[str, Found], folder: Path) -> None:
    pytest.importorskip("flake8")
    how = ["--select=TIE", "--jobs=1", "--tie-no-cache"]
    for chosen, cwd in in_places(packages, folder):
        named = [str(packages[name]) for name in chosen]
        run = forked.run(forked.FLAKE8, *how, *named, cwd=cwd)
        found = {(*line.split(":")[:2], line.split()[1]) for line in run.out.splitlines()}
        codes = {one for name in chosen for one in wanted[name]}
        assert found == {(str(folder / path), str(line), code) for path, line, code, _ in codes}, chosen


@pytest.mark.parametrize("opened", ["", "old", "new/src"])
def test_the_server_says_the_same(
    packages: dict[str, Path], wanted: dict[str, Found], folder: Path, opened: str
) -> None:
    pytest.importorskip("pygls")
    from tests.server.editor import Editor

    async def told() -> set[tuple[str, int, str]]:
        editor = Editor({})
        await editor.begin(folder / opened)
        found = set()
        for path in packages.values():
            diagnostics = await editor.diagnostics(editor.open(path, LIST_FORM))
            place = str(path.relative_to(folder))
            found |= {(place, one.range.start.line + 1, str(one.code)) for one in diagnostics}
        await editor.end()
        return found

    assert asyncio.run(told()) == {one[:3] for each in wanted.values() for one in each}


def test_the_summary_says_where_targets_come_from(packages: dict[str, Path], folder: Path) -> None:
    printed = forked.run(forked.TIE_LINT, "--no-cache", "old", "new", cwd=folder).out
    assert "transformers 4.51.3, from old/pyproject.toml [project]" in printed
    assert "from new/pyproject.toml [project]" in printed
