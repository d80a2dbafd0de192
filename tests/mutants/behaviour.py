"""What a model class does that deleting a piece could change, as plain values to compare.

Each aspect has a short name. ``-if-tied`` and ``-if-untied`` mark what was seen with the tie flag forced.

- ``build``: the error that building raises
- ``ties``, ``saves``, ``output-getter``: as in the recorded truth, on the meta device
- ``input-getter``: likewise, where it returns an embedding at all
- ``resize``: whether ``resize_token_embeddings`` fails; ``resize-input`` and ``resize-output``: which
  parameters of embeddings, and which others, it gives more rows
- ``round-trip``: what ``from_pretrained`` reports missing, unexpected or changed after ``save_pretrained``
- ``cross-load``: the same when the family's backbone is saved and this class loaded, and the other way round

All from ``resize`` on use tiny models with real weights.
"""

# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from typing import Any

import torch
import transformers
from torch import nn

from tests.mutants.tiny import tiny_config
from tests.truth.build import already_says, build_on_meta, default_config, force_tie, shrink
from tests.truth.observe import getter_path, short, ties
from tests.truth.saving import refusal_to_save

Behaviour = dict[str, Any]

MORE_ROWS = 8


def behaviour(cls: Any) -> Behaviour:
    """Everything about the class. Never raises: what the library raises is behaviour."""
    found: Behaviour = {}
    for tied, suffix in ((None, ""), (True, "-if-tied"), (False, "-if-untied")):
        if tied is None or not already_says(_config(cls), tied):
            found |= _named(suffix, _on_meta(cls, tied))
        if tied is not None and found.get(f"build{suffix}") is None:
            found |= _named(_suffix(cls, tied), _with_weights(cls, tied))
    return found


def involved(cls: Any) -> list[str]:
    """The classes of its module that a model of the class is made of, with their bases.

    A change to any other class cannot matter to this one. Empty for a class that builds nothing.
    """
    modules = list(build_on_meta(cls, _config(cls)).modules())
    if len(modules) == 1:
        return []
    classes = {base for module in modules for base in type(module).__mro__}
    return sorted(found.__name__ for found in classes if found.__module__ == cls.__module__)


def changes(before: Behaviour, after: Behaviour) -> list[str]:
    """The aspects in which two behaviours differ; a failed build hides all the others of its kind."""
    failures = {name for name in {*before, *after} if _is_failure(name)}
    found = {name for name in failures if before.get(name) != after.get(name)}
    return sorted(found | {name for name in before if name in after and before[name] != after[name]})


def _is_failure(name: str) -> bool:
    """Whether an aspect is there only when something fails."""
    return name.split("-if-")[0] in ("build", "resize")


def _suffix(cls: Any, tied: bool) -> str:
    """What a forced flag is called: nothing where the config says the same by itself."""
    if bool(getattr(_config(cls), "tie_word_embeddings", False)) == tied:
        return ""
    return "-if-tied" if tied else "-if-untied"


def _named(suffix: str, aspects: Behaviour) -> Behaviour:
    return {f"{name}{suffix}": value for name, value in aspects.items()}


def _config(cls: Any) -> Any:
    """The default config with fewer layers, or a tiny one where the default is not meant to be built."""
    config = default_config(cls)
    if getattr(config, "vocab_size", 0) is None:
        return tiny_config(cls)
    shrink(config)
    return config


def _on_meta(cls: Any, tied: bool | None) -> Behaviour:
    config = _config(cls)
    if tied is not None:
        force_tie(config, tied)
    try:
        model = build_on_meta(cls, config)
    except Exception as error:
        return {"build": short(error)}
    return {
        "ties": ties(model),
        "saves": refusal_to_save(model) is None,
        "input-getter": _embedding(model),
        "output-getter": getter_path(model, lambda: model.get_output_embeddings()),
    }


def _embedding(model: Any) -> str | None:
    path = getter_path(model, lambda: model.get_input_embeddings())
    found = dict(model.named_modules(remove_duplicate=False)).get(path)
    return path if isinstance(found, nn.Embedding) else None


def _with_weights(cls: Any, tied: bool) -> Behaviour:
    try:
        model = _tiny(cls, tied)
    except Exception as error:
        return {"build": short(error)}
    found = dict(_resized(model))
    found |= dict(_round_trip(cls, tied))
    backbone = transformers.MODEL_MAPPING.get(cls.config_class, None)
    if backbone is not None and backbone is not cls:
        found["cross-load"] = [_loaded(backbone, cls, tied), _loaded(cls, backbone, tied)]
    return found


def _tiny(cls: Any, tied: bool) -> Any:
    config = tiny_config(cls)
    force_tie(config, tied)
    torch.manual_seed(0)
    return cls(config)


def _resized(model: Any) -> Iterator[tuple[str, Any]]:
    rows = model.config.vocab_size + MORE_ROWS
    try:
        model.resize_token_embeddings(rows, mean_resizing=False)
    except Exception:
        yield "resize", "fails"
        return
    modules = dict(model.named_modules(remove_duplicate=False))
    grown: dict[bool, list[str]] = {True: [], False: []}
    for name, value in model.state_dict().items():
        if value.ndim and value.shape[0] == rows:
            grown[isinstance(modules[name.rpartition(".")[0]], nn.Embedding)].append(name)
    yield "resize-input", grown[True]
    yield "resize-output", grown[False]


def _round_trip(cls: Any, tied: bool) -> Iterator[tuple[str, Any]]:
    model = _tiny(cls, tied)
    with tempfile.TemporaryDirectory() as folder:
        if _error(lambda: model.save_pretrained(folder)) is not None:
            return  # that is the aspect "saves"
        try:
            loaded, report = cls.from_pretrained(folder, output_loading_info=True)
        except Exception as error:
            yield "round-trip", short(error)
            return
    before, after = model.state_dict(), loaded.state_dict()
    changed = [name for name, value in before.items() if name not in after or not _same(value, after[name])]
    yield "round-trip", [*_lacking(report), changed]


def _loaded(saved: Any, cls: Any, tied: bool) -> Any:
    """What loading one class from another's checkpoint reports; None where that cannot be saved."""
    model = _tiny(saved, tied)
    with tempfile.TemporaryDirectory() as folder:
        if _error(lambda: model.save_pretrained(folder)) is not None:
            return None
        try:
            return _lacking(cls.from_pretrained(folder, output_loading_info=True)[1])
        except Exception as error:
            return short(error)


def _lacking(report: dict[str, Any]) -> list[list[str]]:
    return [sorted(map(str, report[kind])) for kind in ("missing_keys", "unexpected_keys", "mismatched_keys")]


def _same(one: Any, two: Any) -> bool:
    return bool(one.shape == two.shape and torch.equal(torch.nan_to_num(one), torch.nan_to_num(two)))


def _error(work: Callable[[], Any]) -> str | None:
    try:
        work()
    except Exception as error:
        return short(error)
    return None
