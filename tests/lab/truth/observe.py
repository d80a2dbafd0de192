"""Reading the tie map off a model that has been built."""

# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import logging
import warnings
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import transformers
from torch import nn

from tests.lab.truth.build import (
    TIE_FLAG,
    already_says,
    build_on_meta,
    default_config,
    force_tie,
    model_class,
    shrink,
)
from tests.lab.truth.classes import ClassName
from tests.lab.truth.records import Partition, Truth
from tests.lab.truth.saving import refusal_to_save


def ties(model: Any) -> Partition:
    """Groups of parameter names that are one ``Parameter`` object; buffers do not count."""
    names: dict[int, list[str]] = defaultdict(list)
    for name, parameter in model.named_parameters(remove_duplicate=False):
        names[id(parameter)].append(name)
    return sorted(sorted(group) for group in names.values() if len(group) > 1)


def module_path(model: Any, module: Any) -> str | None:
    """The first name, in registration order, under which the model holds this very object.

    ``None`` for ``None``, ``"!foreign"`` for a module from elsewhere, ``"!<type>"`` for anything else.
    """
    if module is None:
        return None
    if not isinstance(module, nn.Module):
        return f"!{type(module).__name__}"
    for name, candidate in model.named_modules(remove_duplicate=False):
        if candidate is module:
            return str(name)
    return "!foreign"


def getter_path(model: Any, getter: Callable[[], Any]) -> str | None:
    """``module_path`` of what the getter returns; ``"!<exception type>"`` when it raises."""
    try:
        module = getter()
    except Exception as error:
        return f"!{type(error).__name__}"
    return module_path(model, module)


def quieten() -> None:
    """Silence the library's warnings: by the thousand, default configs deserve them."""
    warnings.simplefilter("ignore")
    transformers.logging.set_verbosity(logging.CRITICAL)
    transformers.logging.disable_progress_bar()


def observe(name: ClassName, shrunk: bool) -> Truth:
    """Everything recorded of one class. Never raises: what the library raises is part of the truth."""
    try:
        cls = model_class(name.module, name.name)
    except Exception as error:
        return Truth(name.module, name.name, error=short(error))
    return observe_built(name, cls, default_config, shrunk)


def observe_built(name: ClassName, cls: Any, make_config: Callable[[Any], Any], shrunk: bool) -> Truth:
    """Everything recorded of a class when it is built with that config, which is made anew for each build."""
    try:
        config = make_config(cls)
        flag = getattr(config, TIE_FLAG, None)
        same = {tied: already_says(config, tied) for tied in (True, False)}
        cuts = shrink(config) if shrunk else {}
        model = build_on_meta(cls, config)
    except Exception as error:
        return Truth(name.module, name.name, error=short(error))
    default = Variant.of(model)
    tied = default if same[True] else _forced(cls, make_config, True, shrunk)
    untied = default if same[False] else _forced(cls, make_config, False, shrunk)
    return Truth(
        name.module,
        name.name,
        shrunk=cuts,
        tie_word_embeddings=flag,
        base_model_prefix=model.base_model_prefix,
        base_model=getter_path(model, lambda: model.base_model),
        input_embeddings=getter_path(model, lambda: model.get_input_embeddings()),
        output_embeddings=getter_path(model, lambda: model.get_output_embeddings()),
        ties=default.ties,
        ties_if_tied=tied.ties,
        ties_if_untied=untied.ties,
        error_if_tied=tied.error,
        error_if_untied=untied.error,
        saves_default=default.saves,
        saves=tied.saves,
        saves_if_untied=untied.saves,
        save_error_default=default.save_error,
        save_error=tied.save_error,
        save_error_if_untied=untied.save_error,
    )


@dataclass(frozen=True)
class Variant:
    """One build of a class: with its config as it is, or with the tie flag forced."""

    error: str | None = None
    ties: Partition | None = None
    saves: bool | None = None
    save_error: str | None = None

    @classmethod
    def of(cls, model: Any) -> Variant:
        """What a built model shows."""
        partition = ties(model)
        refusal = refusal_to_save(model)
        return cls(ties=partition, saves=refusal is None, save_error=short(refusal) if refusal else None)


def _forced(cls: Any, make_config: Callable[[Any], Any], tied: bool, shrunk: bool) -> Variant:
    try:
        config = make_config(cls)
        force_tie(config, tied)
        if shrunk:
            shrink(config)
        return Variant.of(build_on_meta(cls, config))
    except Exception as error:
        return Variant(error=short(error))


def short(error: BaseException) -> str:
    """``Type: message`` on one line, the message cut at 160 characters."""
    return f"{type(error).__name__}: {' '.join(str(error).split())[:160]}"
