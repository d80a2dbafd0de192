"""What is taken as installed, and functions of the library that change no model."""

from __future__ import annotations

import re
import sys

from tie_lint.interpreter.base_values import External, Field, Native, Sentinel, Unknown, Value
from tie_lint.interpreter.namespace import Namespace
from tie_lint.interpreter.register import (
    DECORATORS,
    TRANSPARENT_DECORATORS,
    attribute_family,
    family,
    intrinsic,
    method,
)
from tie_lint.interpreter.roots import READ_PACKAGES
from tie_lint.interpreter.values import Env, Module
from tie_lint.intrinsics.stdlib.functions import without_modules
from tie_lint.intrinsics.torch.devices import CPU
from tie_lint.intrinsics.transformers.context import Interpreter

READ_PACKAGES.add("transformers")
TRANSPARENT_DECORATORS.extend(["transformers.", "deepspeed.", "huggingface_hub.dataclasses.strict"])
DECORATORS["huggingface_hub.dataclasses.as_validated_field"] = Native(
    "a field", lambda interp, **options: Field(options)
)

# -- what is installed --------------------------------------------------------------------------------

INSTALLED = frozenset(
    {"torch", "transformers", "numpy", "huggingface_hub", "safetensors", "tokenizers", "packaging"}
    | {"typing_extensions"}
)
"""Third-party packages that a model file can count on. Where the code itself provides for the absence of
others (``try: import … except ImportError``), they may be there or not."""


@intrinsic("importlib.util.find_spec")
def _find_spec(interp: Interpreter, name: Value, package: Value = None) -> Value:
    head = name.partition(".")[0] if isinstance(name, str) else ""
    is_there = head in INSTALLED or head in sys.stdlib_module_names
    return Sentinel(f"the spec of {head}") if is_there else Unknown(f"whether {name} is installed")


@intrinsic("importlib.metadata.version", "importlib_metadata.version")
def _version(interp: Interpreter, distribution_name: Value) -> Value:
    return interp.resolver.release if distribution_name == "transformers" else Unknown("a version")


@intrinsic("transformers.utils.import_utils.get_torch_version")
def _torch_version(interp: Interpreter) -> Value:
    """From 5.0 it remembers what it returned, as what hands out a module again might: this hands out none."""
    return Unknown("a version")


_AVAILABLE = re.compile(r"\.is_(\w+)_available$")
_PRESENT = frozenset(
    {"torch", "torch_sdpa", "torch_fx", "torch_flex_attn", "safetensors", "tokenizers", "accelerate"}
)


_ABSENT = frozenset({"is_torch_less_or_equal", "is_deepspeed_zero3_enabled", "is_fsdp_managed_module"})


@family("", replaces_source=True)
def _availability(name: str) -> Native | None:
    """``is_…_available()`` of any package: only torch and what comes with it is taken as present.

    The library is followed as it is without the others. Code of the user's that asks for them provides for
    both, and is followed both ways.
    """
    found = _AVAILABLE.search(name)
    leaf = name.rpartition(".")[2]
    if found is not None:
        answer = found.group(1) in _PRESENT
    elif leaf in ("is_torch_greater_or_equal", "is_torch_greater_or_equal_than"):
        answer = True
    elif leaf in _ABSENT or leaf.startswith("is_flash_attn_greater_or_equal"):
        answer = False
    else:
        return None

    def call(interp: Interpreter, *args: Value, env: Env | None = None, **kwargs: Value) -> Value:
        asks_for_package = found is not None and not answer and env is not None and _is_users(env.scope)
        return Unknown(f"whether {found.group(1)} is installed") if found and asks_for_package else answer

    return Native(name, call, reads_environment=True)


def _is_users(scope: Namespace) -> bool:
    return scope.path is not None and not scope.dotted.startswith("transformers.")


# -- functions of the library -------------------------------------------------------------------------


@family("transformers.")
def _helpers(name: str) -> Native | None:
    """A function of a module that is not read makes no modules; a class may."""
    return None if name.rpartition(".")[2][:1].isupper() else without_modules(name)


@intrinsic("transformers.models.auto.auto_factory.auto_class_update")
def _first(interp: Interpreter, cls: Value = None, *args: Value, **kwargs: Value) -> Value:
    return cls


# What a model needs is taken as present; and the hooks of 5.x have every layer of a backbone tell what it
# returns, which changes none.
@intrinsic(
    "transformers.utils.import_utils.requires_backends",
    "transformers.utils.output_capturing.maybe_install_capturing_hooks",
)
def _nothing(interp: Interpreter, *args: Value, **kwargs: Value) -> None:
    return None


@intrinsic("transformers.utils.logging.get_logger")
def _no_logger(interp: Interpreter, *args: Value) -> Value:
    return External("transformers.logger")


@attribute_family("transformers.")
def _of_logger(target: str, name: str) -> Value | None:
    if target.rpartition(".")[2] in ("logger", "logging"):
        return Native(name, _nothing)
    return None


# -- what a model that is built on the CPU with default settings answers ------------------------------


@method("transformers.modeling_utils.ModuleUtilsMixin", "dtype", kind="property")
def _dtype(interp: Interpreter, model: Module) -> Value:
    return External("torch.float32")


@method("transformers.modeling_utils.ModuleUtilsMixin", "device", kind="property")
def _device(interp: Interpreter, model: Module) -> Value:
    return CPU
