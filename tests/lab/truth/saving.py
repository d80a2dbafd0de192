"""Whether ``save_pretrained`` would accept a model that has no weights.

The release's own code decides: ``save_pretrained`` runs up to the point where bytes would be written. What
it must not see is a meta tensor, since all of those have one address and it finds aliases by address. So it
is handed a state dict of CPU tensors laid over one reserved, never touched, stretch of address space, in
which two tensors overlap exactly when the meta tensors share a storage.
"""

# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import mmap
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any
from unittest import mock

import safetensors.torch
import torch
import transformers
from transformers import modeling_utils

#: Not in the ``mmap`` module; without it the kernel refuses to reserve more than there is memory.
MAP_NORESERVE = 0x4000
ALIGNMENT = 64


def refusal_to_save(model: Any) -> Exception | None:
    """What ``save_pretrained`` raises over the model's weights; ``None`` when it accepts them.

    A model without any weights has nothing to be refused, though 4.x and 5.x happen to fail on it.
    """
    state_dict = addressable(model.state_dict())
    if not state_dict:
        return None
    with ExitStack() as stack:
        directory = stack.enter_context(tempfile.TemporaryDirectory())
        for patch in _without_writing():
            stack.enter_context(patch)
        try:
            model.save_pretrained(directory, state_dict=state_dict)
        except Exception as error:
            return error
    return None


def _without_writing() -> list[Any]:
    """Stop at the last native call, and skip the renaming of 5.x: it copies tensors, after the check."""
    patches = [*without_configs(), mock.patch.object(safetensors.torch, "serialize_file", _nothing)]
    if hasattr(modeling_utils, "revert_weight_conversion"):
        patches.append(mock.patch.object(modeling_utils, "revert_weight_conversion", _same_state_dict))
    return patches


def without_configs() -> list[Any]:
    """Leave out writing the configs: a few cannot be written, which is no verdict on the weights."""
    classes = (transformers.PretrainedConfig, transformers.GenerationConfig)
    return [mock.patch.object(cls, "save_pretrained", _nothing) for cls in classes]


def _nothing(*args: Any, **kwargs: Any) -> None:
    return None


def _same_state_dict(model: Any, state_dict: Any) -> Any:
    return state_dict


def addressable(state_dict: dict[str, Any]) -> dict[str, Any]:
    """The same state dict with every meta tensor given an address of its own, shared as its storage is."""
    storages = {
        tensor.untyped_storage()._cdata: tensor.untyped_storage().nbytes()
        for tensor in state_dict.values()
        if isinstance(tensor, torch.Tensor) and tensor.device.type == "meta"
    }
    placed = dict(zip(storages, _cpu_storages(list(storages.values())), strict=True))
    return {name: _on(placed, tensor) for name, tensor in state_dict.items()}


def _cpu_storages(sizes: list[int]) -> Iterator[Any]:
    """One CPU storage per size, side by side in reserved memory; an empty one has no address, as ever."""
    flags = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | MAP_NORESERVE
    reserved = mmap.mmap(-1, sum(map(_padded, sizes)) + ALIGNMENT, flags=flags)
    offset = 0
    for size in sizes:
        if size:
            yield torch.frombuffer(reserved, dtype=torch.uint8, count=size, offset=offset).untyped_storage()
        else:
            yield torch.empty(0, dtype=torch.uint8, device="cpu").untyped_storage()
        offset += _padded(size)


def _padded(size: int) -> int:
    return -(-size // ALIGNMENT) * ALIGNMENT


def _on(placed: dict[int, Any], tensor: Any) -> Any:
    """The tensor's view, laid over the CPU storage that stands for its meta storage."""
    if not isinstance(tensor, torch.Tensor) or tensor.device.type != "meta":
        return tensor
    view = torch.empty(0, dtype=tensor.dtype, device="cpu")
    storage = placed[tensor.untyped_storage()._cdata]
    return view.set_(storage, tensor.storage_offset(), tensor.size(), tensor.stride())
