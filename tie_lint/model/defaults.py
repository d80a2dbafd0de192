"""The default config of a class, made once and copied for every run that starts from it."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tie_lint.model import configs
from tie_lint.model.classes import Class
from tie_lint.model.copies import LASTING, UncopyableError, twin
from tie_lint.model.values import Instance, Value

if TYPE_CHECKING:
    from tie_lint.model.interpreter import Interpreter

_KEY = "default config"

TOKENS = 32
"""The size of a vocabulary that a config leaves to the tokenizer: None, with which nothing can be built."""


@dataclass(frozen=True, slots=True)
class _Made:
    """What ``cls()`` gave in a run that had done nothing else, and what it left behind in that run."""

    config: Value
    class_values: dict[tuple[Class, str], Value]
    steps: int


def default_config(run: Interpreter, cls: Class) -> Value:
    """The config that ``cls()`` gives at the beginning of a run. Raises what making it raises."""
    with run.project.asked_by(cls.scope):
        return _default_config(run, cls)


def _default_config(run: Interpreter, cls: Class) -> Value:
    made: _Made | None = cls.kept.get(_KEY)
    if made is None:
        return _make(run, cls)
    memo: dict[int, Value] = {}
    run.class_values = twin(made.class_values, memo)
    run.steps = made.steps
    return twin(made.config, memo)


def _make(run: Interpreter, cls: Class) -> Value:
    """Make the config; keep copies for later runs where all it did can be copied."""
    config = configs.default(run, cls)
    if isinstance(config, Instance) and config.attrs.get("vocab_size", TOKENS) is None:
        config.attrs["vocab_size"] = TOKENS
    lasting = all(type(value) in LASTING for _, value in run.defaults.values())
    if lasting and not run.doubts and not run.events:
        memo: dict[int, Value] = {}
        with contextlib.suppress(UncopyableError):
            cls.kept[_KEY] = _Made(twin(config, memo), twin(run.class_values, memo), run.steps)
    return config
