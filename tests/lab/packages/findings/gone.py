"""Importing modules of a package that ask the library for what a release does not have (any more, or yet)."""

# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Callable
from typing import Any, TypedDict

from tests.lab.packages import stubs

#: How many names may be missing.
MOST = 12
#: A base of layers that there was not always.
LAYER = "GradientCheckpointingLayer"
LIBRARY = r"((?:transformers|huggingface_hub)[\w.]*)"
NAME = re.compile(rf"cannot import name '(\w+)' from '{LIBRARY}'")
MODULE = re.compile(rf"No module named '{LIBRARY}'")


def imported(load: Callable[[], Any]) -> Any:
    """What ``load`` returns, with stubs for what it misses in the library; raises what else it raises."""
    for _ in range(MOST):
        try:
            return load()
        except (ImportError, RuntimeError) as error:  # lazy packages make one of the other
            if not _put_in_place(str(error)):
                raise
    return load()


def _put_in_place(message: str) -> bool:
    name, module = NAME.search(message), MODULE.search(message)
    if name:
        setattr(importlib.import_module(name[2]), name[1], _stand_in(name[1], name[2]))
    elif module:
        made = stubs.StubModule(module[1])
        made.__path__ = []
        vars(made)[LAYER] = _stand_in(LAYER, module[1])
        sys.modules[module[1]] = made
    return bool(name or module)


def _stand_in(name: str, module: str) -> Any:
    """A stub; for a base of layers what that is to a model, for one of dictionaries another."""
    from torch import nn

    if name == LAYER:
        return nn.Module
    if name.endswith("Kwargs"):
        return TypedDict(name, {})  # type: ignore[operator]
    return stubs.stub(f"{module}.{name}")
