"""What a model class does that breaking a piece could change, as plain values to compare.

Everything happens on the meta device, with few layers. Each aspect has a short name; ``-if-tied`` and
``-if-untied`` mark what was seen with the tie flag forced.

- ``build``: the error that building raises
- ``ties``, ``output-getter``: as in the recorded truth
- ``saves``: whether ``save_pretrained`` would accept the model
- ``input-getter``: likewise, where it returns an embedding at all
- ``shapes``: the embeddings and linear layers whose weight has not the shape that they were made for
- ``resize``: whether ``resize_token_embeddings`` fails; ``resize-input`` and ``resize-output``: which
  parameters of embeddings, and which others, it gives more rows
- ``load``: what loading what was saved reports missing or unexpected, and the ties of the loaded model
- ``cross-load``: the same when the family's backbone is saved and this class loaded, and the other way round;
  ``cross-load-unsaved`` where one of the two cannot be saved, with all the names of its state dict

Loading takes most of the time: only where the model is tied, by its flag or, as built by default, against it,
since an untied one shows no more; crosswise in either case, since some models cannot be saved once tied.
"""

# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import contextlib
from collections.abc import Container, Iterator
from typing import Any
from unittest import mock

import transformers
from torch import nn
from transformers import PreTrainedModel

from tests.lab.mutants.comparison import Behaviour
from tests.lab.mutants.loading import kept_names, loaded
from tests.lab.truth.build import already_says, build_on_meta, default_config, force_tie, nested_configs
from tests.lab.truth.observe import getter_path, short, ties

COSTLY = frozenset(["load", "cross-load"])
MORE_ROWS = 8
LAYERS = 2
LAYER_COUNTS = (
    *("num_hidden_layers", "num_layers", "n_layer", "n_layers", "encoder_layers", "decoder_layers"),
    *("num_encoder_layers", "num_decoder_layers", "depth"),
)
"""Config fields that only repeat the same structure."""


def config_of(cls: Any, small: bool) -> Any:
    """The class's default config; with few layers where ``small`` says so."""
    config = default_config(cls)
    for _, current in nested_configs(config) if small else ():
        for name in LAYER_COUNTS:
            value = vars(current).get(name)
            if isinstance(value, int) and value > LAYERS:
                setattr(current, name, LAYERS)
    return config


def shrinks(cls: Any) -> bool:
    """Whether the class can be built with few layers and ties something then, if it ties anything."""
    try:
        small, whole = ties(built(cls, True, True)), None
    except Exception:
        return False
    if not small:
        whole = ties(built(cls, True, False))
    return not whole


def backbone_of(cls: Any, small: bool) -> Any:
    """The class that ``AutoModel`` makes of the class's config, or else that of its base model; or None."""
    found = None
    with contextlib.suppress(ValueError):  # the mapping may name a class that its package does not export
        found = transformers.MODEL_MAPPING.get(cls.config_class, None)
    if found is cls or not isinstance(found, type):
        found = type(built(cls, small, None).base_model)
    return None if found is cls else found


def behaviour(
    cls: Any,
    backbone: Any,
    small: bool,
    forced: bool = True,
    costly: Container[str] = COSTLY,
) -> Behaviour:
    """Everything about the class; without ``forced`` only under its config's own flag.

    Of the costly aspects only those named. Never raises: what the library raises is behaviour.
    """
    config = config_of(cls, small)
    says = next((tied for tied in (True, False) if already_says(config, tied)), None)
    found = _under(cls, backbone, small, None, says, costly)
    for tied, suffix in ((True, "-if-tied"), (False, "-if-untied")):
        if forced and tied is not says:
            aspects = _under(cls, backbone, small, tied, tied, costly)
            found |= {f"{name}{suffix}": value for name, value in aspects.items()}
    return found


def built(cls: Any, small: bool, tied: bool | None) -> Any:
    """The class's model, with the tie flag forced unless that is None."""
    return initialised(cls, flagged(cls, small, tied))


def initialised(cls: Any, config: Any) -> Any:
    """The class's model with that config, and with the ties that its ``_init_weights()`` makes."""
    model = build_on_meta(cls, config)
    if "_init_weights" in vars(cls):
        _initialise(model)
    return model


def _initialise(model: Any) -> None:
    """Let a class's own ``_init_weights()`` tie what it may: building on the meta device leaves it out."""
    for module in model.modules():
        with contextlib.suppress(NotImplementedError, RuntimeError):  # of what needs numbers
            model._init_weights(module)
    model.tie_weights()


def _under(
    cls: Any, backbone: Any, small: bool, forced: bool | None, says: bool | None, costly: Container[str]
) -> Behaviour:
    """The aspects under one flag; ``says`` is what all configs inside then say, None if they differ."""
    try:
        model = built(cls, small, forced)
    except Exception as error:
        return {"build": short(error)}
    found: Behaviour = {
        "ties": ties(model),
        "input-getter": _embedding(model),
        "output-getter": getter_path(model, lambda: model.get_output_embeddings()),
        "shapes": sorted(_misshapen(model)),
    }
    names, found["saves"] = written = written_names(model)
    is_tied = says or (says is False and forced is None and bool(found["ties"]))
    if is_tied and found["saves"] and "load" in costly:
        found["load"] = loaded(cls, flagged(cls, small, forced), model, names)
    if backbone is not None and "cross-load" in costly:
        found |= _cross_load(cls, backbone, small, forced, model, written)
    return found | dict(_resized(model))


def written_names(model: Any) -> tuple[list[str], bool]:
    """The names that saving keeps, and that it does; all that there are where the model cannot be saved."""
    try:
        return kept_names(model), True
    except OSError:
        raise  # this machine's doing: saving reserves addresses for all tensors
    except Exception:
        return list(model.state_dict()), False


def flagged(cls: Any, small: bool, tied: bool | None) -> Any:
    """The class's config, with the tie flag forced unless that is None."""
    config = config_of(cls, small)
    if tied is not None:
        force_tie(config, tied)
    return config


def _cross_load(
    cls: Any, backbone: Any, small: bool, tied: bool | None, model: Any, written: tuple[list[str], bool]
) -> Behaviour:
    try:
        other = build_on_meta(backbone, flagged(cls, small, tied))
    except Exception:
        return {}
    (names, saves), (their_names, they_save) = written, written_names(other)
    theirs = loaded(cls, flagged(cls, small, tied), other, their_names)
    ours = loaded(backbone, flagged(cls, small, tied), model, names)
    aspect = "cross-load" if saves and they_save else "cross-load-unsaved"
    return {aspect: {"from backbone": theirs, "into backbone": ours}}


def _embedding(model: Any) -> str | None:
    path = getter_path(model, lambda: model.get_input_embeddings())
    found = dict(model.named_modules(remove_duplicate=False)).get(path)
    return path if isinstance(found, nn.Embedding) else None


def _misshapen(model: Any) -> Iterator[str]:
    for name, module in model.named_modules():
        wanted = (
            (module.num_embeddings, module.embedding_dim)
            if isinstance(module, nn.Embedding)
            else (module.out_features, module.in_features)
            if isinstance(module, nn.Linear)
            else None
        )
        weight = getattr(module, "weight", None)
        if wanted is not None and weight is not None and tuple(weight.shape) != wanted:
            yield f"{name}: {list(weight.shape)} for {list(wanted)}"


@contextlib.contextmanager
def _without_means() -> Iterator[None]:
    """New rows need no numbers: an override need not take ``mean_resizing``, which would say so."""
    with contextlib.ExitStack() as stack:
        for name in vars(PreTrainedModel):
            if name.startswith("_init_added_") and name.endswith("_with_mean"):
                stack.enter_context(mock.patch.object(PreTrainedModel, name, lambda *args, **kwargs: None))
        yield


def _resized(model: Any) -> Iterator[tuple[str, Any]]:
    try:
        rows = model.get_input_embeddings().weight.shape[0] + MORE_ROWS
    except Exception:
        rows = getattr(model.config, "vocab_size", None) or MORE_ROWS
    try:
        with _without_means():
            model.resize_token_embeddings(rows)
    except Exception:
        yield "resize", "fails"
        return
    modules = dict(model.named_modules(remove_duplicate=False))
    grown: dict[bool, list[str]] = {True: [], False: []}
    for name, value in model.state_dict().items():
        if value.ndim and value.shape[0] == rows:
            grown[isinstance(modules.get(name.rpartition(".")[0]), nn.Embedding)].append(name)
    yield "resize-input", sorted(grown[True])
    yield "resize-output", sorted(grown[False])
