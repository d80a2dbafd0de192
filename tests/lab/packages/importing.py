"""Importing one module of a package, though the packages around it may not be fit to be imported here.

A package that imports everything from its ``__init__`` fails as a whole over one part that needs what is not
installed, or another release. Such a package is put in place empty: its other modules can be imported then.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType
from typing import Any


def model_class(folder: Path, module: str, name: str) -> Any:
    """The class object of that name; raises what its own module raises when it is imported."""
    parts = module.split(".")
    for count in range(1, len(parts)):
        _import_package(folder, ".".join(parts[:count]))
    return getattr(importlib.import_module(module), name)


def _import_package(folder: Path, name: str) -> None:
    try:
        importlib.import_module(name)
    except (Exception, SystemExit):
        package = ModuleType(name)
        setattr(package, "__version__", "0")  # noqa: B010 (modules ask for that of their package)
        package.__path__ = [str(folder.joinpath(*name.split(".")))]
        sys.modules[name] = package
        parent, _, leaf = name.rpartition(".")
        if parent:
            setattr(sys.modules[parent], leaf, package)
