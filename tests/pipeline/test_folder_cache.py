"""Results of folders are kept as long as nothing that they depend on changes."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.folders import EMBEDDING, HEAD, SMALL, Stored, write_folder
from tests.lab.loading.hub_records import HUB
from tie_lint.api import Configuration, check_paths
from tie_lint.pipeline import model_folder
from tie_lint.pipeline.report import Report
from tie_lint.python import disk

ALONE = {EMBEDDING: Stored([100, 16])}


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The configs whose folders were checked, and not known from an earlier run."""
    found: list[Path] = []
    real = model_folder.FolderChecker.check

    def check(self: Any, path: Path) -> Any:
        found.append(path)
        return real(self, path)

    monkeypatch.setattr(model_folder.FolderChecker, "check", check)
    monkeypatch.setattr(disk, "FRESH", 0)
    return found


def run(folder: Path, **more: Any) -> Report:
    settings = Configuration(isolated=True, transformers="5.24.0", cache_dir=str(folder.parent / "cache"))
    time.sleep(0.02)  # files have changed before, by every clock
    return check_paths([folder], settings, cache=True, **more)


def seen(report: Report) -> list[Any]:
    return [*[one.as_json() for one in report.findings], report.warnings, report.model_files]


def test_a_second_run_says_the_same_and_looks_into_no_folder(tmp_path: Path, checked: list[Path]) -> None:
    folder = tmp_path / "models"
    write_folder(folder / "one", SMALL, ALONE)
    write_folder(folder / "two", {**SMALL, "architectures": ["NoSuchModel"]}, ALONE)
    write_folder(folder / "three", {**SMALL, "tie_word_embeddings": True}, {**ALONE, HEAD: Stored([100, 16])})
    first = run(folder)
    assert len(checked) == 3 and first.findings and first.warnings
    checked.clear()
    second = run(folder)
    assert (checked, seen(second)) == ([], seen(first))
    assert {**second.lines} == {**first.lines}
    run(folder, comparing=False)
    assert len(checked) == 3


CHANGES: dict[str, Callable[[Path], object]] = {
    "config.json": lambda folder: _edit(folder / "config.json", tie_word_embeddings=True),
    "a tensor's values": lambda folder: _flip_last_byte(folder / "model.safetensors"),
    "another checkpoint": lambda folder: (folder / "model.safetensors").rename(folder / "other.safetensors"),
    "an index": lambda folder: (folder / "model.safetensors.index.json").write_text("{}", encoding="utf-8"),
    "code beside it": lambda folder: (folder / "modeling_llama.py").write_text("x = 1", encoding="utf-8"),
}


def _edit(path: Path, **values: Any) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), **values}), encoding="utf-8")


def _flip_last_byte(path: Path) -> None:
    """Change a file and neither its size nor its time."""
    before = path.stat()
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_folder_is_checked_again_when_something_changes(
    tmp_path: Path, checked: list[Path], change: Callable[[Path], object]
) -> None:
    folder = write_folder(tmp_path / "model", SMALL, ALONE)
    run(folder)
    change(folder)
    checked.clear()
    run(folder)
    assert len(checked) == 1
    checked.clear()
    run(folder)
    assert checked == []


def test_a_folder_with_code_is_checked_again_when_its_config_class_changes(
    tmp_path: Path, checked: list[Path]
) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    for file in (HUB / "deffalse-jabsent-list").iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    first = run(folder)
    checked.clear()
    assert (seen(run(folder)), checked) == (seen(first), [])
    configuration = folder / "configuration_acme.py"
    text = configuration.read_text(encoding="utf-8")
    configuration.write_text(text + "\n# another\n", encoding="utf-8")
    run(folder)
    assert len(checked) == 1


def test_an_adapter_is_checked_again_when_its_model_changes(tmp_path: Path, checked: list[Path]) -> None:
    base = write_folder(tmp_path / "base", {**SMALL, "tie_word_embeddings": True}, ALONE)
    folder = tmp_path / "adapter"
    folder.mkdir()
    adapter = {"peft_type": "LORA", "modules_to_save": ["lm_head"], "base_model_name_or_path": str(base)}
    (folder / "adapter_config.json").write_text(json.dumps(adapter), encoding="utf-8")
    assert [one.code for one in run(folder).findings] == ["TIE507"]
    checked.clear()
    assert ([one.code for one in run(folder).findings], checked) == (["TIE507"], [])
    _edit(base / "config.json", tie_word_embeddings=False)
    assert run(folder).findings == []


def test_what_changed_while_it_was_looked_at_is_not_kept(tmp_path: Path, checked: list[Path]) -> None:
    folder = write_folder(tmp_path / "model", SMALL, ALONE)
    later = time.time() + 60
    os.utime(folder / "model.safetensors", (later, later))
    run(folder)
    run(folder)
    assert len(checked) == 2
