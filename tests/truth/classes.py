"""Which model classes an installed ``transformers`` defines.

Every PyTorch modeling module is imported, and every ``PreTrainedModel`` subclass *written in* that module is
listed (a class imported from a sibling belongs to the sibling). Nothing here builds a model.
"""

# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import importlib
import importlib.util
import inspect
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

#: The only home of a model outside the ``modeling_*`` files.
EXTRA_MODULES = ("transformers.generation.watermarking",)


@dataclass(frozen=True, order=True)
class ClassName:
    """A model class by where it is written; the sort order of the truth files."""

    module: str
    name: str


@dataclass(frozen=True)
class Enumeration:
    """All model classes, and the modeling modules that cannot be imported here with the reason."""

    classes: list[ClassName]
    unimportable: dict[str, str]


def enumerate_classes() -> Enumeration:
    """Import every PyTorch modeling module and list the model classes each defines, sorted."""
    found: list[ClassName] = []
    unimportable: dict[str, str] = {}
    for module_name in sorted(_modeling_modules()):
        try:
            module = importlib.import_module(module_name)
        except Exception as error:
            unimportable[module_name] = f"{type(error).__name__}: {error}".splitlines()[0]
            continue
        found.extend(ClassName(module_name, name) for name in _models_defined_in(module))
    return Enumeration(sorted(found), unimportable)


def _modeling_modules() -> Iterator[str]:
    import transformers

    yield from (name for name in EXTRA_MODULES if importlib.util.find_spec(name))
    for info in pkgutil.iter_modules(transformers.__path__, "transformers."):
        if _is_torch_modeling(info.name):
            yield info.name
    yield from _modeling_modules_below("transformers.models")


def _modeling_modules_below(package_name: str) -> Iterator[str]:
    """Descend by search path rather than by import, so that one broken package does not hide the others."""
    spec = importlib.util.find_spec(package_name)
    if spec is None:
        return
    for info in pkgutil.iter_modules(spec.submodule_search_locations, package_name + "."):
        if info.ispkg:
            yield from _modeling_modules_below(info.name)
        elif _is_torch_modeling(info.name):
            yield info.name


def _is_torch_modeling(module_name: str) -> bool:
    stem = module_name.rpartition(".")[2]
    return stem.startswith("modeling_") and not stem.startswith(("modeling_tf_", "modeling_flax_"))


def _models_defined_in(module: Any) -> Iterator[str]:
    from transformers import PreTrainedModel

    for name, value in vars(module).items():
        if not inspect.isclass(value) or value.__module__ != module.__name__ or value.__name__ != name:
            continue
        if issubclass(value, PreTrainedModel) and value is not PreTrainedModel:
            yield name
