"""What tie-lint says of folders in the layout of the Hub is what their loads did."""

from __future__ import annotations

import math
import shutil
from pathlib import Path

import pytest

from tests.checkpoint.writing import write_tensors
from tests.lab.loading.hub_records import EMBEDDING, HEAD, HUB, LAYER, STATES, folders, records, releases
from tie_lint.api import Configuration, explain_paths

SHAPES = {HEAD: (60, 8), EMBEDDING: (60, 8), f"{LAYER}.weight": (8, 8), f"{LAYER}.bias": (8,)}


@pytest.mark.parametrize("release", releases())
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", [folder.name for folder in folders()])
def test_a_load_is_told_right(name: str, state: str, release: str, tmp_path: Path) -> None:
    folder = tmp_path / name
    shutil.copytree(HUB / name, folder)
    stored = [*STATES[state], f"{LAYER}.weight", f"{LAYER}.bias"]
    write_tensors(
        folder / "model.safetensors",
        {
            tensor: ("F32", SHAPES[tensor], bytes([0, 0, number + 1, 63]) * math.prod(SHAPES[tensor]))
            for number, tensor in enumerate(stored)
        },
    )
    configuration = Configuration(isolated=True, transformers=release)
    (found,) = [item for item in explain_paths([str(folder)], configuration) if item.folder is not None]
    real, prediction = records(release)[name][state], found.folder.prediction if found.folder else None
    assert prediction is not None
    if "raises" in real:
        assert prediction.raises.startswith(real["raises"])
        return
    assert prediction.loaded is not None, prediction
    said = {name: origin.name or origin.kind for name, origin in prediction.loaded.origins.items()}
    for name, origin in zip([HEAD, EMBEDDING], real["origin"], strict=True):
        assert said.get(name, origin) == {None: "new", "meta": "empty"}.get(origin, origin)
    assert prediction.loaded.groups == real["groups"]


def test_every_folder_is_recorded() -> None:
    for release in releases():
        assert records(release).keys() == {folder.name for folder in folders()}
