"""Which model classes an installed ``transformers`` defines.

Every PyTorch modeling module is imported, and every ``PreTrainedModel`` subclass *written in* that module is
listed (a class imported from a sibling belongs to the sibling). Nothing here builds a model.
"""

# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
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
    """Found by looking at folders, so that a package that cannot be imported does not hide the others."""
    import transformers

    root = Path(transformers.__file__).parent
    for path in (*root.glob("modeling_*.py"), *root.glob("models/**/modeling_*.py")):
        if not path.stem.startswith(("modeling_tf_", "modeling_flax_")):
            yield ".".join(("transformers", *path.relative_to(root).with_suffix("").parts))
    for name in EXTRA_MODULES:
        if (root.parent / Path(*name.split("."))).with_suffix(".py").exists():
            yield name


def _models_defined_in(module: Any) -> Iterator[str]:
    from transformers import PreTrainedModel

    for name, value in vars(module).items():
        if not inspect.isclass(value) or value.__module__ != module.__name__ or value.__name__ != name:
            continue
        if issubclass(value, PreTrainedModel) and value is not PreTrainedModel:
            yield name
