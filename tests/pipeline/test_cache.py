"""With a cache and without, with one process and with several, a run reports the same."""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import Write
from tie_lint.finding import Finding
from tie_lint.library.target import Targets
from tie_lint.pipeline import cache_key, check, checker, workers
from tie_lint.pipeline.cache import LONG_UNUSED
from tie_lint.pipeline.cache_rows import FIELDS
from tie_lint.pipeline.file_job import FileJob
from tie_lint.pipeline.report import Report, RunOptions
from tie_lint.pipeline.resolver import Resolved
from tie_lint.python.disk import Disk, fingerprint
from tie_lint.settings import Settings

TARGETS = Targets(("5.23.0",), "this test")

CONFIG = """
from transformers import PreTrainedConfig

class AcmeConfig(PreTrainedConfig):
    vocab_size: int = 32
    hidden_size: int = 8
    tie_word_embeddings: bool = True
"""

BASE = """
from torch import nn
from transformers import PreTrainedModel
from .config import AcmeConfig

class AcmePreTrainedModel(PreTrainedModel):
    config_class = AcmeConfig
    base_model_prefix = "model"

class AcmeModel(AcmePreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.embed_tokens = nn.Embedding(config.vocab_size, config.hidden_size)
        self.post_init()
"""

HEAD = """
from torch import nn
from .base import AcmeModel, AcmePreTrainedModel

class AcmeForCausalLM(AcmePreTrainedModel):
    _tied_weights_keys = {"lm_head.weight": "model.embed_tokens.weight"}

    def __init__(self, config):
        super().__init__(config)
        self.model = AcmeModel(config)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()
"""

OTHER = """
from pkg.head import AcmeForCausalLM

class OtherForCausalLM(AcmeForCausalLM):
    base_model_prefix = "model"
"""

FILES = {"pkg/__init__.py": "", "pkg/config.py": CONFIG, "pkg/base.py": BASE, "pkg/head.py": HEAD}
FILES |= {"pkg/other.py": OTHER, "pkg/alone.py": HEAD.replace("from .base", "from pkg.base"), "setup.py": ""}

CHANGES = [
    ("pkg/config.py", "tie_word_embeddings: bool = True", "tie_word_embeddings: bool = False"),
    ("pkg/config.py", "vocab_size: int = 32", "words: int = 32"),
    ("pkg/base.py", 'prefix = "model"', 'prefix = "transformer"'),
    ("pkg/base.py", "embed_tokens", "wte"),
    ("pkg/base.py", "        self.post_init()", "        pass"),
    ("pkg/base.py", "from .config", "from .sub.config"),
    ("pkg/head.py", "lm_head.weight", "head.weight"),
    ("pkg/head.py", "    _tied", "    _untied"),
    (
        "pkg/head.py",
        "class AcmeForCausalLM(AcmePreTrainedModel):",
        "class AcmeForCausalLM(AcmePreTrainedModel:",
    ),
    ("pkg/head.py", "(AcmePreTrainedModel):", "(AcmePreTrainedModel):  # noqa"),
    ("pkg/other.py", 'prefix = "model"', 'prefix = "transformer"'),
    ("pkg/other.py", "from pkg.head", "from head"),
]


def _look(folder: Path, cache: Path | None, settings: Settings | None = None, jobs: int = 1) -> Report:
    settings = settings or Settings(folder)
    if cache is not None:
        settings = settings._replace(cache_dir=str(cache))
    resolved = Resolved(settings, TARGETS)
    return check.check_files([folder], resolved, options=RunOptions(jobs, cache is not None))


def test_all_that_tells_of_a_finding_is_kept() -> None:
    shown_otherwise = {"path"}
    assert set(Finding.fields) - shown_otherwise == set(FIELDS)


def _told(report: Report) -> tuple[object, ...]:
    return report.findings, report.model_files, sorted(report.lines)


@pytest.fixture
def package(write: Write, folder: Path) -> Path:
    for name, text in FILES.items():
        write(name, text)
    return folder


def _edits(package: Path, chance: random.Random) -> Iterator[Callable[[], object]]:
    """Random edits, without end."""

    def turn(name: str, one: str, two: str) -> None:
        path = package / name
        text = path.read_text() if path.exists() else FILES[name]
        path.write_text(text.replace(one, two) if one in text else text.replace(two, one))

    def move(name: str) -> None:
        path = package / name
        path.unlink() if path.exists() else path.write_text(FILES[name])

    def new(name: str, text: str) -> None:
        path = package / name
        path.parent.mkdir(exist_ok=True)
        path.unlink() if path.exists() else path.write_text(text)

    while True:
        what = chance.randrange(4)
        if what < 2:
            change = chance.choice(CHANGES)
            yield lambda change=change: turn(*change)  # type: ignore[misc]
        elif what == 2:
            name = chance.choice(list(FILES))
            yield lambda name=name: move(name)  # type: ignore[misc]
        else:
            name = chance.choice(
                ["pkg/sub/config.py", "head.py", "pkg/sub/__init__.py", "pkg/base/__init__.py"]
            )
            text = {"config.py": CONFIG, "head.py": HEAD, "__init__.py": ""}[Path(name).name]
            yield lambda name=name, text=text: new(name, text)  # type: ignore[misc]


@pytest.mark.parametrize("seed", range(4))
def test_after_any_edits_a_cached_run_reports_what_a_cold_one_does(package: Path, seed: int) -> None:
    chance = random.Random(seed)
    edits = _edits(package, chance)
    cache = package / ".cache"
    for _ in range(12):
        for _ in range(chance.randrange(3)):
            next(edits)()
        wanted = _told(_look(package, None))
        assert _told(_look(package, cache)) == wanted
        assert _told(_look(package, cache)) == wanted


def test_what_nothing_has_changed_for_is_not_checked_again(package: Path, checked: list[str]) -> None:
    cache = package / ".cache"
    _look(package, cache)
    assert sorted(checked) == ["alone.py", "base.py", "config.py", "head.py", "other.py"]
    for name, text, again in [
        ("pkg/other.py", OTHER + "\n", ["other.py"]),
        ("pkg/head.py", HEAD + "\n", ["head.py", "other.py"]),
        ("pkg/base.py", BASE + "\n", ["alone.py", "base.py", "head.py", "other.py"]),
        ("pkg/nobody.py", "", []),
        ("setup.py", "x = 1", []),
    ]:
        checked.clear()
        (package / name).write_text(text)
        _look(package, cache)
        assert sorted(checked) == again
        checked.clear()
        _look(package, cache)
        assert checked == []


def test_a_file_that_appears_counts(package: Path, checked: list[str]) -> None:
    cache = package / ".cache"
    (package / "pkg" / "base.py").write_text(BASE.replace("from .config", "from .sub.config"))
    _look(package, cache)
    checked.clear()
    (package / "pkg" / "sub").mkdir()
    (package / "pkg" / "sub" / "config.py").write_text(CONFIG)
    _look(package, cache)
    assert sorted(checked) == ["alone.py", "base.py", "config.py", "head.py", "other.py"]


def test_settings_and_targets_have_outcomes_of_their_own(package: Path) -> None:
    cache = package / ".cache"
    some = Settings(package, select=("TIE001",))
    (package / "pkg" / "head.py").write_text(HEAD.replace("    _tied", "    _untied"))
    for settings in (Settings(package), some, Settings(package), some._replace(ignore=("TIE001",))):
        wanted = _told(_look(package, None, settings))
        for _ in range(2):
            assert _told(_look(package, cache, settings)) == wanted


@pytest.mark.parametrize("part", ["tool_key", "run_key"])
def test_another_tool_or_run_judges_anew(
    package: Path, checked: list[str], monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    cache = package / ".cache"
    _look(package, cache)
    count = len(checked)
    monkeypatch.setattr(cache_key, part, lambda *arguments: "another")
    _look(package, cache)
    assert len(checked) == 2 * count


def test_the_tool_is_known_by_its_own_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache_key, "PACKAGE", tmp_path)
    before = cache_key.tool_key(TARGETS)
    assert cache_key.tool_key(TARGETS) == before
    (tmp_path / "rule.py").write_text("")
    assert cache_key.tool_key(TARGETS) != before
    monkeypatch.setattr("sys.version", "4.0")
    (tmp_path / "rule.py").unlink()
    assert cache_key.tool_key(TARGETS) != before


def test_the_tool_is_known_by_what_rewrites_methods_in_fixes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "rewriter"
    package.mkdir()
    (package / "__init__.py").write_text("raise SystemExit")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(cache_key, "REWRITER", "rewriter")
    before = cache_key.tool_key(TARGETS)
    assert cache_key.tool_key(TARGETS) == before
    (package / "__init__.py").write_text("raise SystemExit  # another release")
    assert cache_key.tool_key(TARGETS) != before


def test_whatever_the_cache_holds_is_no_harm(package: Path) -> None:
    cache = package / ".cache"
    wanted = _told(_look(package, cache))
    (path,) = cache.iterdir()
    whole = path.read_bytes()
    good = whole.partition(b"\n")[2]
    data = json.loads(good)
    chance = random.Random(1)
    bad = [b"", b"\x80\x04.", b"null", b"[[" * 100_000, good[: len(good) // 2], good.replace(b"pkg", b"\xff")]
    odd: list[object] = [None, 1, [], {}, "x", [[1]]]
    bad += [json.dumps({**data, key: value}).encode() for key in data for value in odd]
    broken: list[object] = [
        None,
        [1, 2],
        "x",
        [1, False, [[None]], [0]],
        [1, False, [], [9999]],
        [1, False, [], "x"],
    ]
    for outcome in broken:
        outcomes = dict.fromkeys(data["outcomes"], outcome)
        bad.append(json.dumps({**data, "outcomes": outcomes}).encode())
    for _ in range(20):
        place = chance.randrange(len(good))
        bad.append(good[:place] + bytes([chance.randrange(256)]) + good[place + chance.randrange(2) :])
    for content in bad:
        path.write_bytes(f"{fingerprint(content)}\n".encode() + content)
        report = _look(package, cache)
        # A well-formed lie about a finding is believed; nothing else changes anything.
        if _told(report) != wanted:
            assert set(json.loads(content)) == set(data)


def test_a_cache_that_is_not_what_was_written_is_thrown_away(package: Path, checked: list[str]) -> None:
    cache = package / ".cache"
    _look(package, cache)
    (path,) = cache.iterdir()
    good = path.read_bytes()
    path.write_bytes(good.replace(b"[1,false", b"[2,false"))
    assert path.read_bytes() != good
    checked.clear()
    _look(package, cache)
    assert checked, "it was not believed"
    assert path.read_bytes() == good


def test_a_cache_is_not_read_or_written_through_a_link(package: Path, checked: list[str]) -> None:
    cache = package / ".cache"
    _look(package, cache)
    (path,) = cache.iterdir()
    elsewhere = package / "elsewhere.json"
    path.rename(elsewhere)
    path.symlink_to(elsewhere)
    before = elsewhere.read_bytes()
    checked.clear()
    _look(package, cache)
    assert checked, "the link was not followed"
    assert elsewhere.read_bytes() == before and not path.is_symlink()


def test_two_runs_write_one_cache(package: Path, checked: list[str]) -> None:
    cache = package / ".cache"
    resolved = Resolved(Settings(package, cache_dir=str(cache)), TARGETS)
    check.check_files([package / "pkg" / "head.py"], resolved, options=RunOptions(1, True))
    check.check_files([package / "pkg" / "base.py"], resolved, options=RunOptions(1, True))
    checked.clear()
    both = [package / "pkg" / name for name in ("head.py", "base.py")]
    check.check_files(both, resolved, options=RunOptions(1, True))
    assert checked == []
    assert [path.suffix for path in cache.iterdir()] == [".json"]


def test_caches_that_nobody_uses_are_removed(package: Path) -> None:
    cache, long_ago = package / ".cache", time.time() - LONG_UNUSED - 60
    _look(package, cache)
    (used,) = cache.iterdir()
    names = ["0" * 32 + ".json", "0" * 32 + ".17.tmp", "notes.json"]
    for path in (used, *(cache / name for name in names)):
        path.touch()
        os.utime(path, (long_ago, long_ago))
    _look(package, cache)
    assert used.stat().st_mtime > long_ago
    assert len(list(cache.iterdir())) == 4
    (package / "pkg" / "head.py").write_text(HEAD + "\n")
    _look(package, cache)
    assert sorted(path.name for path in cache.iterdir()) == sorted([used.name, "notes.json"])


def test_a_folder_that_cannot_be_written_is_no_cache(package: Path) -> None:
    (package / "cache").write_text("in the way")
    assert _told(_look(package, package / "cache")) == _told(_look(package, None))


def test_a_file_that_changes_under_way_is_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "file.py"
    path.write_text("one")
    disk = Disk()
    disk.read(str(path))
    path.write_text("two")
    disk.read(str(path))
    assert Disk().fingerprint(str(path)) not in disk.fingerprints([str(path)]).values()
    assert disk.fingerprints([str(path)]) != {str(path): Disk().fingerprint(str(path))}


def test_several_processes_report_what_one_does(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(2):
        for name, text in FILES.items():
            path = package / f"more{number}" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text.replace("    _tied", "    _untied") if number % 2 else text)
    (package / "broken.py").write_text("class PreTrained(:")
    (package / "latin.py").write_bytes(b"# caf\xe9\nclass PreTrained: pass")
    wanted = _told(_look(package, None))
    monkeypatch.setattr(checker, "MOST_READ", 1)
    assert _told(_look(package, None)) == wanted
    monkeypatch.setattr(workers, "WORTH_A_PROCESS", 1)
    assert _told(_look(package, package / ".cache", jobs=2)) == wanted
    assert _told(_look(package, package / ".cache", jobs=2)) == wanted
    assert wanted[0]


def test_batches_hold_every_file_once_neighbours_together_and_the_largest_first() -> None:
    tasks = [
        FileJob(Path(f"folder{number % 7}/file{number}.py"), "", False, number * 1000)
        for number in range(100)
    ]
    found = workers.batches(tasks, 2)
    assert sorted(task.path for batch in found for task in batch) == sorted(task.path for task in tasks)
    assert all(len({task.path.parent for task in batch}) == 1 for batch in found)
    sizes = [sum(task.size for task in batch) for batch in found]
    assert sizes == sorted(sizes, reverse=True)
    assert len(found) >= 2 * workers.BATCHES
