"""TIE507 says of an adapter what PEFT made of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.checkpoint.writing import write_shapes
from tests.folders import EMBEDDING, SMALL, Stored, write_folder
from tests.lab.loading.peft_records import CASES, records
from tie_lint.api import Configuration, check_paths

RECORDED = [
    (release, name, case) for release, found in records().items() for name, case in found["cases"].items()
]


def test_every_case_was_recorded() -> None:
    assert [found["cases"].keys() for found in records().values()] == [CASES.keys()] * 2


@pytest.mark.parametrize("with_file", [True, False], ids=["with its tensors", "with its config alone"])
@pytest.mark.parametrize(("release", "name", "case"), RECORDED, ids=[f"{r} {n}" for r, n, _ in RECORDED])
def test_what_parts_or_changes_a_tie_is_found(
    tmp_path: Path, release: str, name: str, case: dict[str, Any], with_file: bool
) -> None:
    write_folder(tmp_path, {**SMALL, "tie_word_embeddings": True}, {EMBEDDING: Stored([100, 16])})
    (tmp_path / "adapter_config.json").write_text(json.dumps(case["adapter_config"]), encoding="utf-8")
    if with_file:
        write_shapes(tmp_path / "adapter_model.safetensors", case["stored"])
    report = check_paths([tmp_path], Configuration(isolated=True, transformers=release))
    told = " ".join(finding.message for finding in report.findings)
    assert ("a merged model is untied" in told) == (not case["tied once merged"])
    assert ("is not the one that was trained" in told) == (not case["merged as trained"])
    assert len(report.findings) == (case["tied once merged"], case["merged as trained"]).count(False)
