"""The default config of a class, made once and copied for every run that starts from it."""

from __future__ import annotations

import contextlib

from tie_lint.interpreter.base_values import Inert, Value
from tie_lint.interpreter.caches import Cache
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.snapshot import LASTING, UncopyableError, copy_of
from tie_lint.interpreter.spot import Standing
from tie_lint.interpreter.values import Env, Instance
from tie_lint.intrinsics.transformers import configs
from tie_lint.intrinsics.transformers.context import Interpreter
from tie_lint.record import Data

TOKENS = 32
"""The size of a vocabulary that a config leaves to the tokenizer: None, with which nothing can be built."""


class _Made(Data):
    """What ``cls()`` gave in a run that had done nothing else, and what it left behind in that run."""

    config: Value
    class_values: dict[tuple[Class, str], Value]
    steps: int


_MADE: Cache[_Made] = Cache()


def default_config(interp: Interpreter, cls: Class) -> Value:
    """Return the config that ``cls()`` gives at the beginning of a run. Raises what making it raises."""
    at, env = cls.facts.at, Env({}, cls.scope, owner=cls)
    with interp.resolver.asked_by(cls.scope), Standing(at, env, lasting=True):
        return _default_config(interp, cls)


def _default_config(interp: Interpreter, cls: Class) -> Value:
    made = _MADE.get(cls)
    if made is None:
        return _make(interp, cls)
    memo: dict[int, Value] = {}
    interp.class_values = copy_of(made.class_values, memo)
    interp.steps = made.steps
    return copy_of(made.config, memo)


def _make(interp: Interpreter, cls: Class) -> Value:
    """Make the config; keep copies for later runs where all it did can be copied."""
    config = configs.default(interp, cls)
    if isinstance(config, Instance) and config.attrs.get("vocab_size", TOKENS) is None:
        config.attrs["vocab_size"] = TOKENS
    if are_lasting(interp) and not interp.doubts and not interp.trace.events:
        memo: dict[int, Value] = {}
        with contextlib.suppress(UncopyableError):
            made = _Made(copy_of(config, memo), copy_of(interp.class_values, memo), interp.steps)
            _MADE.put(cls, made)
    return config


def are_lasting(interp: Interpreter) -> bool:
    """Return whether no run changes what the parameters are by default that this run has evaluated."""
    return all(type(value) in LASTING or isinstance(value, Inert) for _, value in interp.defaults.values())
