"""Building a model class with its default config on the meta device, tied as its release ties it.

**Forcing.** ``config_class()`` is constructed first, with no arguments. Then ``tie_word_embeddings`` is set
by plain ``setattr`` on that config and, recursively, on every nested config: every value of ``vars(config)``
that is itself a ``PretrainedConfig``. A config that is reached only through a property, a list, a dict or
code in the model's ``__init__`` is not forced. Only then is the model built.

**No weights.** Parameters are created on the meta device and weight initialisation is switched off, but
``post_init`` runs as it is, so that whatever ties at construction in that release ties here.
"""

# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any
from unittest import mock

import torch
import transformers
from transformers import PreTrainedModel, modeling_utils

#: The base class of all configs, under whichever spelling this release has.
ConfigBase: Any = transformers.PretrainedConfig

TIE_FLAG = "tie_word_embeddings"
#: A function of the library that returns the device models are being built on, ``None`` for no special one.
NOTICES_DEVICE = "get_torch_context_manager_or_global_device"


def model_class(module: str, name: str) -> Any:
    """The class object of that name, importing its module."""
    return getattr(importlib.import_module(module), name)


#: Counts that some configs leave None, since no two checkpoints agree; nothing can be built without.
COMPLETED = {"vocab_size": 33}


def default_config(cls: Any) -> Any:
    """The class's default config, completed; raises what the library raises when there is none."""
    if cls.config_class is None:
        raise TypeError("no config_class")
    config = cls.config_class()
    complete(config)
    return config


def complete(config: Any) -> None:
    """Set the counts that a config leaves open."""
    for field, number in COMPLETED.items():
        if vars(config).get(field, number) is None:
            setattr(config, field, number)


def nested_configs(config: Any) -> Iterator[tuple[str, Any]]:
    """The config and everything it holds, as (dotted path, config), each object once."""
    seen: set[int] = set()

    def walk(path: str, current: Any) -> Iterator[tuple[str, Any]]:
        if id(current) in seen:
            return
        seen.add(id(current))
        yield path, current
        for name, value in list(vars(current).items()):
            if isinstance(value, ConfigBase):
                yield from walk(f"{path}.{name}" if path else name, value)

    return walk("", config)


def force_tie(config: Any, tied: bool) -> None:
    """Set the tie flag on the config and on every nested config (see the module docstring)."""
    for _, current in nested_configs(config):
        setattr(current, TIE_FLAG, tied)


def already_says(config: Any, tied: bool) -> bool:
    """Whether forcing would change nothing, so that the variant equals the default build."""
    return all(vars(current).get(TIE_FLAG) is tied for _, current in nested_configs(config))


def build_on_meta(cls: Any, config: Any) -> Any:
    """Build the model without weights; everything ``post_init`` does besides initialising happens."""
    try:
        return _build(cls, config, on_cpu=("linspace",))
    except NotImplementedError as error:
        if "meta tensor" not in str(error):
            raise
        return _build(cls, config, on_cpu=("linspace", "tensor"))


def _build(cls: Any, config: Any, on_cpu: tuple[str, ...]) -> Any:
    with ExitStack() as stack:
        for patch in (*without_initialisation(), *(defaulting_to_cpu(name) for name in on_cpu)):
            stack.enter_context(patch)
        stack.enter_context(torch.device("meta"))
        return cls(config)


def without_initialisation() -> list[Any]:
    """Patches that stop weights being filled in, in every release, and leave ``tie_weights`` alone.

    The library's own means are of no use: ``no_init_weights`` of 4.x skips tying as well, and so does 5.0
    where it notices the meta device, which is why the device is kept from it.
    """
    names = [name for name in ("initialize_weights", "_initialize_weights") if hasattr(PreTrainedModel, name)]
    patches = [mock.patch.object(PreTrainedModel, name, _nothing) for name in names]
    if hasattr(modeling_utils, NOTICES_DEVICE):
        patches.append(mock.patch.object(modeling_utils, NOTICES_DEVICE, _nothing))
    return patches


def _nothing(*args: Any, **kwargs: Any) -> None:
    return None


def defaulting_to_cpu(name: str) -> Any:
    """Let ``torch.linspace(...).item()``, the usual way to spell a drop-path schedule, work under meta."""
    real: Callable[..., Any] = getattr(torch, name)

    def factory(*args: Any, **kwargs: Any) -> Any:
        return real(*args, **{"device": "cpu", **kwargs})

    return mock.patch.object(torch, name, factory)


#: Counts that only repeat the same structure, and what a class that is too big is cut down to.
SHRINKABLE = {"num_hidden_layers": 4}


def shrink(config: Any) -> dict[str, Any]:
    """Cut the config and its nested configs down; returns dotted field → new value for the record."""
    done: dict[str, Any] = {}
    for path, current in nested_configs(config):
        for name, small in SHRINKABLE.items():
            value = vars(current).get(name)
            if isinstance(value, int) and value > small:
                setattr(current, name, small)
                done[f"{path}.{name}" if path else name] = small
    return done
