"""The checkpoint of a folder: one file, shards, pickles."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from tests.checkpoint.writing import write_shapes
from tie_lint.checkpoint.checkpoint import Checkpoint, find_checkpoint
from tie_lint.checkpoint.errors import CheckpointError


def _sharded(folder: Path, shards: dict[str, dict[str, tuple[int, ...]]]) -> Path:
    for name, shapes in shards.items():
        write_shapes(folder / name, shapes)
    table = {tensor: name for name, shapes in shards.items() for tensor in shapes}
    (folder / "model.safetensors.index.json").write_text(json.dumps({"weight_map": table}))
    return folder


def _found(folder: Path) -> Checkpoint:
    found = find_checkpoint(folder)
    assert found is not None
    return found


def test_a_folder_without_weights_has_no_checkpoint(tmp_path: Path) -> None:
    assert find_checkpoint(tmp_path) is None


def test_one_file_is_taken_before_an_index(tmp_path: Path) -> None:
    _sharded(tmp_path, {"model-1.safetensors": {"b": (2,)}})
    write_shapes(tmp_path / "model.safetensors", {"a": (1,)})
    found = _found(tmp_path)
    assert found.names == ["a"]
    assert "a" in found
    assert "b" not in found


def test_shards_are_one_checkpoint(tmp_path: Path) -> None:
    found = _found(_sharded(tmp_path, {"one.safetensors": {"a": (1,)}, "two.safetensors": {"b": (2, 3)}}))
    assert found.names == ["a", "b"]
    tensor = found.tensor("b")
    assert tensor is not None
    assert (tensor.shape, tensor.path.name) == ((2, 3), "two.safetensors")
    assert found.tensor("c") is None
    assert [tensor.name for tensor in found.tensors()] == ["a", "b"]


def test_a_shard_that_lacks_what_the_index_says_is_told(tmp_path: Path) -> None:
    _sharded(tmp_path, {"one.safetensors": {"a": (1,), "b": (1,)}})
    write_shapes(tmp_path / "one.safetensors", {"a": (1,)})
    with pytest.raises(CheckpointError, match=r"does not hold 'b', which model.safetensors.index.json says"):
        _found(tmp_path).tensor("b")


def test_a_missing_shard_is_told(tmp_path: Path) -> None:
    _sharded(tmp_path, {"one.safetensors": {"a": (1,)}})
    (tmp_path / "one.safetensors").unlink()
    with pytest.raises(CheckpointError, match=r"names 'one.safetensors', which is not there"):
        find_checkpoint(tmp_path)


def test_a_shard_whose_name_is_too_long_is_told_as_missing(tmp_path: Path) -> None:
    index = {"weight_map": {"a": "x" * 5_000}}
    (tmp_path / "model.safetensors.index.json").write_text(json.dumps(index))
    with pytest.raises(CheckpointError, match=r"names 'x{200}', which is not there"):
        find_checkpoint(tmp_path)


@pytest.mark.parametrize(
    "shard", ["../other.safetensors", "/etc/passwd", "a\0b.safetensors", "\ud800", "", 7, None]
)
def test_an_index_names_files_of_its_folder_only(tmp_path: Path, shard: object) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    write_shapes(tmp_path / "other.safetensors", {"a": (1,)})
    (folder / "model.safetensors.index.json").write_text(json.dumps({"weight_map": {"a": shard}}))
    with pytest.raises(CheckpointError, match=r"outside the model's folder|which no file can be called"):
        find_checkpoint(folder)


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    _sharded(folder, {"one.safetensors": {"a": (1,)}})
    (folder / "one.safetensors").rename(tmp_path / "elsewhere.safetensors")
    (folder / "one.safetensors").symlink_to(tmp_path / "elsewhere.safetensors")
    with pytest.raises(CheckpointError, match="is outside the model's folder"):
        find_checkpoint(folder)


def test_a_link_to_a_blob_of_the_cache_is_followed(tmp_path: Path) -> None:
    snapshot, blobs = tmp_path / "models--a--b" / "snapshots" / "0123", tmp_path / "models--a--b" / "blobs"
    snapshot.mkdir(parents=True)
    blobs.mkdir()
    write_shapes(blobs / "ff", {"a": (1,)})
    (snapshot / "model.safetensors").symlink_to("../../blobs/ff")
    assert _found(snapshot).names == ["a"]


def test_a_link_to_nothing_is_told(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").symlink_to("gone")
    with pytest.raises(CheckpointError, match="cannot be opened: No such file"):
        _ = _found(tmp_path).names


def test_of_pickles_only_an_index_tells_names(tmp_path: Path) -> None:
    (tmp_path / "pytorch_model-1.bin").write_bytes(b"never read")
    table = {"weight_map": {"a": "pytorch_model-1.bin"}}
    (tmp_path / "pytorch_model.bin.index.json").write_text(json.dumps(table))
    found = _found(tmp_path)
    assert (found.names, found.has_names, found.has_shapes, found.tensor("a")) == (["a"], True, False, None)
    (tmp_path / "pytorch_model.bin").write_bytes(b"never read")
    found = _found(tmp_path)
    assert (found.names, found.has_names, found.has_shapes) == ([], False, False)


def test_four_hundred_thousand_names_take_less_than_a_second(tmp_path: Path) -> None:
    shards = [f"model-{number:05}-of-00100.safetensors" for number in range(100)]
    names = [f"model.layers.{n}.mlp.experts.{n % 256}.up_proj.weight" for n in range(400_000)]
    table = {name: shards[number % 100] for number, name in enumerate(names)}
    for name in names[:100]:
        write_shapes(tmp_path / table[name], {name: ()})
    (tmp_path / "model.safetensors.index.json").write_text(json.dumps({"weight_map": table}))
    start = time.process_time()
    found = _found(tmp_path)
    assert len(found.names) == 400_000
    assert found.tensor("model.layers.3.mlp.experts.3.up_proj.weight") is not None
    assert time.process_time() - start < 1
