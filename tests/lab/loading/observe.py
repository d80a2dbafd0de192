"""What the installed ``transformers`` makes of the folders of one class."""

# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import json
import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
import transformers
from safetensors.torch import save_file

from tests.lab.loading.rows import ROWS, Model, Row, with_flag
from tests.lab.loading.tiny import small_configs
from tests.lab.truth.build import force_tie, model_class
from tests.lab.truth.observe import ties

MOST_PARAMETERS = 6_000_000
WARNINGS = {
    "with different values": "parts",
    "seem corrupted": "corrupted",
    "newly initialized": "new",
    "MISSING": "new",
    "size mismatch": "mismatch",
    "MISMATCH": "mismatch",
}
"""A piece of what the library says → the word that stands for it in the records."""


def observe(module: str, name: str) -> dict[str, Any] | None:
    """The record of one class; None where it is never tied. Raises what making it small raises."""
    cls = model_class(module, name)
    plain, tied = _models(cls)
    groups = ties(tied)
    if not groups:
        return None
    with tempfile.TemporaryDirectory() as folder:
        where = Path(folder)
        tied.save_pretrained(where)
        kept = _stored_names(where)
        config = json.loads((where / "config.json").read_text(encoding="utf-8"))
    matter = sorted({name for group in groups for name in group})
    state = _distinct(plain)
    spelled = _spelled(plain, state)
    state = {spelled[name]: value for name, value in state.items()}
    sources = {spelled[target]: spelled[source] for target, source in _sources(groups, kept, spelled).items()}
    model = Model(tuple(state), sources, plain.base_model_prefix)
    rows = {
        row.name: _load(cls, config, row, model, state, matter)
        for row in ROWS
        if not row.several or len(set(model.sources.values())) < len(model.sources)
    }
    stored = [spelled[name] for name in matter if name in spelled]
    shapes = {name: list(state[name].shape) for name in stored}
    outcomes = [json.dumps(outcome) for outcome in rows.values()]
    different = list(dict.fromkeys(outcomes))
    return {
        "module": module,
        "class": name,
        "config": config,
        "names": _telling(list(state), stored),
        "shapes": shapes,
        "sources": model.sources,
        "prefix": model.prefix,
        "ties_if_tied": groups,
        "ties_if_untied": ties(plain),
        "mapping": getattr(tied, "all_tied_weights_keys", None),
        "spelled": {name: spelled[name] for name in matter if spelled.get(name, name) != name},
        "outcomes": [json.loads(outcome) for outcome in different],
        "rows": {row: different.index(outcome) for row, outcome in zip(rows, outcomes, strict=True)},
    }


def _telling(names: list[str], matter: list[str]) -> list[str]:
    """The names that matter, and of the others the first of each child of the model."""
    firsts = {name.partition(".")[0]: name for name in reversed(names) if name not in matter}
    return [name for name in names if name in matter or name in firsts.values()]


def _models(cls: Any) -> tuple[Any, Any]:
    """The class untied and tied, of the smallest config that makes it."""
    error: Exception | None = None
    for config in small_configs(cls):
        try:
            with torch.device("meta"):
                size = sum(parameter.numel() for parameter in cls(_forced(config, False)).parameters())
            if size > MOST_PARAMETERS:
                raise ValueError(f"{size} parameters")
            return cls(_forced(config, False)), cls(_forced(config, True))
        except Exception as caught:
            error = caught
    raise error or TypeError("no small config")


def _forced(config: Any, tied: bool) -> Any:
    copied = type(config)(**config.to_dict())
    force_tie(copied, tied)
    return copied


def _stored_names(folder: Path) -> set[str]:
    from safetensors import safe_open

    with safe_open(folder / "model.safetensors", "pt") as file:
        return set(file.keys())


def _spelled(model: Any, state: dict[str, Any]) -> dict[str, str]:
    """The name in the model → the name that a checkpoint gives it."""
    from safetensors.torch import load_file

    model.load_state_dict(state)
    with tempfile.TemporaryDirectory() as folder:
        try:
            model.save_pretrained(folder)
            saved = load_file(Path(folder) / "model.safetensors")
        except (OSError, RuntimeError):
            saved = {}
    by_value = {_digest(value): name for name, value in saved.items()}
    found = {name: by_value.get(_digest(value), name) for name, value in state.items()}
    plain = {name: name if name in saved else other for name, other in found.items()}
    return plain if len(set(plain.values())) == len(plain) else {name: name for name in state}


def _sources(groups: list[list[str]], kept: set[str], spelled: dict[str, str]) -> dict[str, str]:
    """Target → source, in the model: what saving drops, and what it keeps instead."""
    found: dict[str, str] = {}
    for group in groups:
        source = min((name for name in group if spelled.get(name, name) in kept), default=None)
        if source is not None:
            found |= {name: source for name in group if name != source}
    return found


def _distinct(model: Any) -> dict[str, Any]:
    """The model's state with values that no two names have in common."""
    generator = torch.Generator().manual_seed(0)
    return {
        name: torch.rand(value.shape, generator=generator) + 1 if value.is_floating_point() else value
        for name, value in model.state_dict().items()
    }


def _load(
    cls: Any, config: dict[str, Any], row: Row, model: Model, state: dict[str, Any], matter: list[str]
) -> dict[str, Any]:
    stored = row.stored(model)
    tensors = {
        name: _lengthened(state[value]) if name in stored.longer else state[value].clone()
        for name, value in stored.values.items()
    }
    with tempfile.TemporaryDirectory() as folder:
        where = Path(folder)
        save_file(tensors, where / "model.safetensors", metadata={"format": "pt"})
        (where / "config.json").write_text(json.dumps(with_flag(config, row.flag)), encoding="utf-8")
        return outcome(lambda: cls.from_pretrained(where, output_loading_info=True), tensors, matter)


def _lengthened(value: Any) -> Any:
    return torch.rand(value.shape[0] + 3, *value.shape[1:]) + 1


def outcome(load: Any, tensors: dict[str, Any], matter: list[str] | None) -> dict[str, Any]:
    """What a load gives: groups of names, what each name's values are, and what the library says.

    ``matter`` None stands for all the model's names; the origins stand in the same order.
    """
    with _said() as said:
        try:
            loaded, info = load()
        except Exception as error:
            return {"raises": type(error).__name__, "message": str(error)[:160]}
    by_value = {_digest(value): name for name, value in reversed(tensors.items())}
    named = dict(loaded.named_parameters(remove_duplicate=False))
    seen: dict[int, list[str]] = {}
    origin: dict[str, str | None] = {}
    for name in named if matter is None else matter:
        if name in named:
            seen.setdefault(id(named[name]), []).append(name)
            value = named[name]
            origin[name] = "meta" if value.is_meta else by_value.get(_digest(value.detach()))
    wanted = set(origin)
    missing = {key for key in info["missing_keys"] if key in wanted}
    mismatched = {key[0] if isinstance(key, tuple) else key for key in info["mismatched_keys"]}
    return {
        "groups": sorted(sorted(names) for names in seen.values() if len(names) > 1),
        "origin": list(origin.values()),
        "missing": sorted(missing),
        "mismatched": sorted(mismatched.intersection(wanted)),
        "says": sorted({word for piece, word in WARNINGS.items() if any(piece in text for text in said)}),
    }


def _digest(value: Any) -> tuple[Any, ...]:
    value = value.to(torch.float32).cpu().contiguous()
    return (tuple(value.shape), hash(value.numpy().tobytes()))


@contextmanager
def _said() -> Iterator[list[str]]:
    """What the library logs meanwhile."""
    said: list[str] = []

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append(record.getMessage())

    logger, handler = logging.getLogger("transformers"), Handler(logging.WARNING)
    before, logger.handlers = logger.handlers, [handler]
    try:
        yield said
    finally:
        logger.handlers = before


def release() -> str:
    """The installed release."""
    return str(transformers.__version__)
