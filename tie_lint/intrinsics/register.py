"""Which of our functions stands for which name of torch or the library."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tie_lint.interpreter.base_values import External, Marker, Native, Unknown, Value
from tie_lint.interpreter.classes import CONFIG_BASES, PRETRAINED_MODEL, Class
from tie_lint.interpreter.values import Bound, Function, Instance, Module, Param, Tensor
from tie_lint.intrinsics.torch import functions, modules, tensors
from tie_lint.intrinsics.transformers import auto, configs, pretrained

if TYPE_CHECKING:
    from tie_lint.interpreter.context import Interpreter

module_item = modules.item

_MIXIN = "transformers.modeling_utils.EmbeddingAccessMixin"
_UTILITIES = "transformers.modeling_utils.ModuleUtilsMixin"
_SETTLED = {
    "dtype": Native("dtype", lambda interp, args, kwargs: External("torch.float32"), is_property=True),
    "device": Native("device", lambda interp, args, kwargs: tensors.CPU, is_property=True),
}
"""What a model that is built on the CPU with default settings answers."""
_MIXIN_METHODS = frozenset(
    {"get_input_embeddings", "set_input_embeddings", "get_output_embeddings", "set_output_embeddings"}
)


CLASS_METHODS = frozenset({"from_config", "_from_config", "from_pretrained", "from_dict", "for_model"})
"""Our stand-ins for class methods."""


@functools.lru_cache(maxsize=8192)
def native_method(cls: str, name: str) -> Native | None:
    """Our stand-in for a method that the class of that dotted name defines; None where there is none."""
    if cls == _UTILITIES and name in _SETTLED:
        return _SETTLED[name]
    if cls == PRETRAINED_MODEL or (cls == _MIXIN and name in _MIXIN_METHODS):
        return pretrained.method(name)
    if cls in CONFIG_BASES:
        return configs.NATIVE_METHODS.get(name)
    if cls in auto.METHODS:
        return auto.METHODS[cls].get(name)
    if cls.startswith("torch.nn."):
        return modules.method(cls, name)
    return None


def native_constructor(cls: Class) -> Callable[..., Value] | None:
    """Our stand-in for calling a class of the library; None where its source is run."""
    return auto.CONSTRUCTORS.get(cls.name)


def module_table(module: Module, name: str) -> Value:
    """``module._modules`` and its like; what is put there or taken away is put or taken from the module."""
    kinds: dict[str, Any] = {"_modules": Module, "_parameters": Param, "_buffers": Tensor}
    if name not in kinds:
        return module.hidden
    return _Table(module, kinds[name])


class _Table(dict[str, Value]):
    def __init__(self, module: Module, kind: type) -> None:
        super().__init__({key: value for key, value in module.attrs.items() if isinstance(value, kind)})
        self._module = module

    def __setitem__(self, key: str, value: Value) -> None:
        super().__setitem__(key, value)
        self._module.attrs[key] = value

    def __delitem__(self, key: str) -> None:
        super().__delitem__(key)
        del self._module.attrs[key]

    def pop(self, key: str, *default: Value) -> Value:
        self._module.attrs.pop(key, None)
        return super().pop(key, *default)

    def update(self, *args: Any, **kwargs: Value) -> None:
        super().update(*args, **kwargs)
        self._module.attrs.update(*args, **kwargs)


def external_attr(target: External, name: str) -> Value:
    """An attribute of a name that is not read."""
    return _external_attr(target.name, name)


@functools.lru_cache(maxsize=8192)
def _external_attr(target: str, name: str) -> Value:
    dotted, leaf = f"{target}.{name}", target.rpartition(".")[2]
    if dotted in _CONSTANTS:
        return _CONSTANTS[dotted]
    if target.startswith("transformers.") and leaf in ("logger", "logging"):
        return Native(name, lambda interp, args, kwargs: None)
    return leaf if name == "__name__" else External(dotted)


_CONSTANTS: dict[str, Value] = {
    "math.pi": 3.141592653589793,
    "math.inf": float("inf"),
    "torch.__version__": "2.13.0",
}


def _plain_setattr(target: Value, name: str, value: Value) -> Value:
    """``object.__setattr__``: past ``nn.Module``, which then knows nothing of what it holds."""
    if isinstance(target, Module):
        target.hidden[name] = value
    elif isinstance(target, Instance):
        target.put(name, value)
    return None


def _signature(interp: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    """``inspect.signature``: the names of the parameters are all that is kept of it."""
    names = parameter_names(args[0]) if args else None
    if names is None:
        return Unknown("a signature")
    return Marker("signature", {name: Unknown(f"the parameter {name}") for name in names})


def parameter_names(function: Value) -> list[str] | None:
    """The names of a function's parameters; None where they are unknown."""
    if isinstance(function, Bound):
        names = parameter_names(function.function)
        return None if names is None else names[1:]
    if isinstance(function, Function):
        return [param[0] for param in function.facts.params]
    if isinstance(function, Class):
        names = configs.init_parameters(function)
        return None if names is None else names[1:]
    return function.detail if isinstance(function, Marker) and function.name == "__init__" else None


_SILENT = (
    "warnings.",
    "logging.",
    "torch.cuda.",
    "torch._dynamo.",
    "torch.compiler.",
    "torch.fx.",
    "inspect.",
)


def call_external(
    interp: Interpreter, function: External, args: list[Value], kwargs: dict[str, Value]
) -> Value:
    """Call a name of a package that is not read."""
    name = function.name
    if name == "builtins.object.__setattr__" and len(args) == 3 and isinstance(args[1], str):
        return _plain_setattr(args[0], args[1], args[2])
    if name == "inspect.signature":
        return _signature(interp, args, kwargs)
    if name.partition(".")[0] in _READ_PACKAGES:
        return functions.call(interp, name, args, kwargs)
    if name.startswith(_SILENT) or _availability(name) is not None:
        answer = _availability(name)
        return Unknown(name) if answer is None else answer
    interp.doubt_arguments(name, args, kwargs)
    plain = name.startswith("transformers.") and not function.leaf[:1].isupper()
    return Unknown(f"{name}(…)", module=not plain and name.partition(".")[0] not in _WITHOUT_MODULES)


_WITHOUT_MODULES = frozenset(
    {"contextvars", "datetime", "hashlib", "json", "pathlib", "queue", "random", "secrets", "string"}
    | {"tempfile", "threading", "time", "uuid"}
)
"""Packages of the standard library that hand out no ``nn.Module`` and no class that makes one."""


_READ_PACKAGES = frozenset(
    {
        "torch",
        "argparse",
        "math",
        "copy",
        "functools",
        "itertools",
        "collections",
        "dataclasses",
        "packaging",
        "numpy",
        "os",
        "re",
        "types",
    }
)
_AVAILABLE = re.compile(r"\.is_(\w+)_available$")
_PRESENT = frozenset(
    {"torch", "torch_sdpa", "torch_fx", "torch_flex_attn", "safetensors", "tokenizers", "accelerate"}
)


def _availability(name: str) -> bool | None:
    """``is_…_available()``: only torch and what comes with it is taken as present; None for other names."""
    found = _AVAILABLE.search(name)
    if found is not None:
        return found.group(1) in _PRESENT
    leaf = name.rpartition(".")[2]
    if leaf in ("is_torch_greater_or_equal", "is_torch_greater_or_equal_than"):
        return True
    if leaf in ("is_torch_less_or_equal", "is_deepspeed_zero3_enabled", "is_fsdp_managed_module"):
        return False
    return None


def library_function(dotted: str) -> Native | None:
    """Our stand-in for a function of the library, by its dotted name; None where its source is run."""
    if not dotted.startswith("transformers."):
        return None
    answer = _availability(dotted)
    if answer is not None:
        return Native(dotted, lambda interp, args, kwargs: answer)
    known = _FUNCTIONS.get(dotted)
    return None if known is None else Native(dotted, known)


def _first(interp: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    return args[0] if args else kwargs.get("cls")


def _nothing(interp: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> None:
    return None


def _no_logger(interp: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    return External("transformers.logger")


_FUNCTIONS: dict[str, Callable[[Any, list[Value], dict[str, Value]], Value]] = {
    f"{auto.FACTORY}auto_class_update": _first,
    "transformers.utils.import_utils.requires_backends": _nothing,  # what a model needs is taken as present
    "transformers.utils.logging.get_logger": _no_logger,
    # It has every layer of a backbone tell what it returns, and changes none (5.x).
    "transformers.utils.output_capturing.maybe_install_capturing_hooks": _nothing,
}
