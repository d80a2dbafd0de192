"""Samples of what the programs do at length."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.examples import BAD
from tests.hostile.texts import family
from tests.lab.reliability import kills, mutation, page, sameness, traps
from tests.lab.reliability.changes import EDITS, Edit
from tests.lab.reliability.pool import kept, run
from tests.lab.reliability.spans import Source

RELEASE = "5.23.0"


def _mutants(folder: Path, count: int) -> list[Path]:
    paths = []
    for number in range(count):
        path = folder / f"m{number}.py"
        text = mutation.mutant(Source((family(), BAD)[number % 2]), number)
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        paths.append(path)
    return paths


def test_mutants_differ_from_their_file_and_are_the_same_for_the_same_seed() -> None:
    source = Source(family())
    texts = [mutation.mutant(source, seed) for seed in range(200)]
    assert texts == [mutation.mutant(source, seed) for seed in range(200)]
    assert len({*texts, family()}) > 150
    assert 170 < sum(map(mutation.is_python, texts)) < 200


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_leaves_python(edit: Callable[[Source, random.Random], Edit | None]) -> None:
    source, python = Source(f"{BAD}\nx = [1, 2] + [y]\nz = {1: 2}\n"), 0
    for seed in range(40):
        changed = edit(source, random.Random(seed))
        assert changed is not None
        text = source.text[: changed.start] + changed.text + source.text[changed.end :]
        python += mutation.is_python(text)
    assert python > 30


def test_what_was_tried_is_kept_and_counted_again(tmp_path: Path) -> None:
    paths, keep = _mutants(tmp_path, 4), tmp_path / "kept.jsonl"
    first = run(iter(paths[:2]), RELEASE, fixing=False, jobs=1, keep=keep)
    assert [Path(one["path"]) for one in kept(keep)] == paths[:2]
    both = run(iter(paths[2:]), RELEASE, fixing=False, jobs=1, keep=keep)
    assert (first.files, both.files) == (2, 4)


def test_no_mutant_breaks_it(tmp_path: Path) -> None:
    tally = run(iter(_mutants(tmp_path, 12)), RELEASE, fixing=True, jobs=1)
    assert tally.failures == []
    assert tally.files == 12 and tally.findings and tally.explained and tally.fixed


def test_a_worker_that_dies_costs_the_file_it_dies_of(tmp_path: Path) -> None:
    paths = _mutants(tmp_path, 3)
    paths[1] = tmp_path / "absent" / "m.py"
    tally = run(iter(paths), RELEASE, fixing=False, jobs=1)
    assert tally.files == 3 and [crash.split(":")[0] for crash in tally.crashed] == [str(paths[1])]


def test_mutants_are_reported_alike_in_every_way(tmp_path: Path) -> None:
    found = sameness.digests(tmp_path, [path.name for path in _mutants(tmp_path, 6)], RELEASE)
    assert len(found) == 8 and len(set(found.values())) == 1


def test_no_trap_is_sprung(tmp_path: Path) -> None:
    assert traps.lay(tmp_path / "traps", tmp_path / "mark") >= 45
    assert traps.sprung_by(tmp_path / "traps", tmp_path / "mark") == []


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_killed_fixes_tear_nothing(tmp_path: Path) -> None:
    counts = kills.kill_fixes(tmp_path / "fixes", 3, random.Random(0))
    assert counts["between two files"] + counts["while a file is written"] > 0
    assert (counts["torn"], counts["lost"], counts["left behind"]) == (0, 0, 0)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_killed_workers_and_parents_leave_nothing_running(tmp_path: Path) -> None:
    workers = kills.kill_workers(tmp_path / "workers", 1, random.Random(0))
    assert {name for name, count in workers.items() if count} <= kills.HARMLESS, workers
    parents = kills.kill_parents(tmp_path / "parents", 2, random.Random(0))
    assert (parents["killed"], parents["left running"]) == (2, 0)


def test_the_page_is_made_of_the_record() -> None:
    assert page.PAGE.read_text(encoding="utf-8") == page.text(page.counted())
