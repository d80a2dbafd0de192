"""Saving a model without weights and loading its names again: what is missing, unexpected, tied.

Nothing is written and no tensor is read. ``save_pretrained`` runs to the point where bytes would be written,
and shows which names it keeps; ``from_pretrained`` gets a state dict of meta tensors under those names, and
leaves out moving and initialising what is missing.
"""

# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from typing import Any
from unittest import mock

import huggingface_hub.constants
import safetensors.torch
import torch
from transformers import PreTrainedModel, modeling_utils

from tests.lab.truth.build import defaulting_to_cpu, without_initialisation
from tests.lab.truth.observe import short, ties
from tests.lab.truth.records import Partition
from tests.lab.truth.saving import addressable, without_configs


def kept_names(model: Any) -> list[str]:
    """The names that ``save_pretrained`` writes. Raises what it raises."""
    state_dict = addressable(model.state_dict())
    kept: list[str] = []
    real = safetensors.torch.save_file

    def save_file(tensors: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        kept.extend(tensors)
        real(tensors, *args, **kwargs)

    if not state_dict:
        return []
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        for patch in (
            *without_configs(),
            mock.patch.object(safetensors.torch, "serialize_file", _nothing),
            mock.patch.object(modeling_utils, "safe_save_file", save_file),
            *_if_there("revert_weight_conversion", lambda model, state_dict: state_dict),
        ):
            stack.enter_context(patch)
        model.save_pretrained(folder, state_dict=state_dict)
    return sorted(kept)


def stay_offline() -> None:
    """Let nothing be fetched: a few models ask for more than their weights when they are loaded."""
    huggingface_hub.constants.HF_HUB_OFFLINE = True


def warm_up() -> None:
    """Make what 5.x makes once in every process that loads a model: its table of renamed checkpoints."""
    with contextlib.suppress(ImportError):
        from transformers import conversion_mapping

        conversion_mapping.get_checkpoint_conversion_mapping("")


def loaded(cls: Any, config: Any, saved: Any, names: list[str]) -> Any:
    """What loading those names of a saved model into the class reports, and the ties that come of it."""
    state_dict = {name: tensor for name, tensor in saved.state_dict().items() if name in set(names)}
    try:
        with _without_tensors():
            model, report = _from_pretrained(cls, config, state_dict)
    except Exception as error:
        return short(error)
    found = ties(model)
    return {
        "missing_keys": _by_tensor(report["missing_keys"], found),
        "unexpected_keys": _by_tensor(report["unexpected_keys"], ties(saved)),
        "ties": found,
    }


def _from_pretrained(cls: Any, config: Any, state_dict: dict[str, Any]) -> Any:
    """The model and the report; where the class wants more files than the weights, as if it did not."""
    given = {"config": config, "state_dict": state_dict, "output_loading_info": True}
    try:
        with _on_meta() if _loads_by_itself(cls) else contextlib.nullcontext():
            return cls.from_pretrained(None, **given)
    except OSError:
        return PreTrainedModel.from_pretrained.__func__(cls, None, **given)


@contextlib.contextmanager
def _on_meta() -> Iterator[None]:
    """Build as everywhere here, on the meta device and without filling in weights, which fails for some."""
    with ExitStack() as stack:
        for patch in without_initialisation():
            stack.enter_context(patch)
        stack.enter_context(torch.device("meta"))
        yield


def _loads_by_itself(cls: Any) -> bool:
    """Whether the class's ``from_pretrained`` goes without that of the library, which sets the device."""
    loader = cls.from_pretrained.__func__
    return loader is not PreTrainedModel.from_pretrained.__func__ and not (
        {"super", "from_pretrained"} & {*loader.__code__.co_names}
    )


def _by_tensor(names: Iterable[Any], groups: Partition) -> list[str]:
    """Each name by the first that its tensor goes by: of tied ones either may be the one that is told."""
    first = {name: group[0] for group in groups for name in group}
    return sorted({first.get(name, name) for name in map(str, names)})


@contextlib.contextmanager
def _without_tensors() -> Iterator[None]:
    """Stay on the meta device: 4.x is told so by the context, 5.x by not copying what it loads.

    What a constructor computes in passing 4.x leaves on the CPU.
    """
    with ExitStack() as stack:
        for owner, name, instead in _steps_with_tensors():
            if hasattr(owner, name):
                stack.enter_context(mock.patch.object(owner, name, instead))
        if not hasattr(modeling_utils, "convert_and_load_state_dict_in_model"):
            stack.enter_context(defaulting_to_cpu("linspace"))
            stack.enter_context(torch.device("meta"))
        yield


def _steps_with_tensors() -> Iterator[tuple[Any, str, Any]]:
    """The steps of loading that need tensors: whose they are, their names, and what stands for them."""
    yield PreTrainedModel, "_move_missing_keys_from_meta_to_cpu", _nothing
    yield PreTrainedModel, "_move_missing_keys_from_meta_to_device", _nothing
    yield PreTrainedModel, "_initialize_missing_keys", _nothing
    yield modeling_utils, "_load_state_dict_into_meta_model", lambda *args, **kwargs: (None, None)
    with contextlib.suppress(ImportError):
        from transformers import core_model_loading

        yield core_model_loading, "_materialize_copy", lambda tensor, device=None, dtype=None: tensor


def _if_there(name: str, replacement: Any) -> list[Any]:
    return [mock.patch.object(modeling_utils, name, replacement)] if hasattr(modeling_utils, name) else []


def _nothing(*args: Any, **kwargs: Any) -> None:
    return None
