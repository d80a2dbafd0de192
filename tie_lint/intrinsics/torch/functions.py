"""Functions of torch, and calls of its classes."""

from __future__ import annotations

import math

from tie_lint.interpreter.base_values import External, Native, Value
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.register import (
    CONSTANTS,
    TRANSPARENT_DECORATORS,
    external_attribute,
    family,
    intrinsic,
)
from tie_lint.interpreter.roots import READ_PACKAGES
from tie_lint.interpreter.unnamed_attributes import put_unnamed
from tie_lint.interpreter.unread_names import OF_THE_MACHINE
from tie_lint.interpreter.values import Module, Param, Tensor, storage_of
from tie_lint.intrinsics.stdlib.functions import handing_on, of_math
from tie_lint.intrinsics.torch import tensors
from tie_lint.intrinsics.torch.layer_classes import layer_class
from tie_lint.intrinsics.torch.modules import method
from tie_lint.intrinsics.torch.tensor_makers import Call
from tie_lint.library.names import NN_MODULE

READ_PACKAGES.add("torch")
TRANSPARENT_DECORATORS.append("torch.")
CONSTANTS["torch.__version__"] = "2.13.0"
CONSTANTS.update({"torch.pi": math.pi, "torch.inf": math.inf, "numpy.pi": math.pi, "numpy.inf": math.inf})
CONSTANTS.update(
    (f"torch.{alias}", external_attribute("torch", name))
    for alias, name in {
        "half": "float16",
        "float": "float32",
        "double": "float64",
        "short": "int16",
        "int": "int32",
        "long": "int64",
        "chalf": "complex32",
        "cfloat": "complex64",
        "cdouble": "complex128",
    }.items()
)
OF_THE_MACHINE.update({"torch.backends.", "torch.version."})


@family("torch.", "numpy.")
def _of_torch(name: str) -> Native | None:
    """A layer to be made, its ``__init__``, or a function that makes tensors or computes with them."""
    cls = layer_class(name)
    if cls is not None:
        return Native(name, _making(cls))
    owner, _, last = name.rpartition(".")
    if (last == "__init__" or owner == NN_MODULE) and (made := method(owner, last)) is not None:
        return made
    computed = tensors.function(name.partition(".")[2])
    return None if computed is None else Native(name, computed)


@intrinsic(f"{NN_MODULE}.__setattr__")
def _set_past_the_class(interp: Interpreter, module: Value, name: Value, value: Value) -> None:
    """``nn.Module.__setattr__``: past what the module's own class makes of it."""
    if isinstance(module, Module) and isinstance(name, str):
        module.attrs[name] = value
    else:
        put_unnamed(interp, module, name, value)


def _making(cls: External) -> Call:
    init = method(cls.name, "__init__")

    def make(interp: Interpreter, *args: Value, **kwargs: Value) -> Value:
        layer = Module(cls)
        if init is not None:
            init.function(interp, layer, *args, **kwargs)
        return layer

    return make


@family("torch.nn.init.", "transformers.initialization.", replaces_source=True)
def _filling(name: str) -> Native | None:
    return Native(name, lambda interp, tensor, *args, **kwargs: tensor)


family("numpy.")(of_math)
family("torch.")(handing_on)


@intrinsic("torch.jit.is_scripting", "torch.jit.is_tracing")
def _is_compiled(interp: Interpreter) -> bool:
    """What builds a model is plain Python: only what it computes is ever compiled."""
    return False


@intrinsic("torch.nn.Parameter", "torch.nn.parameter.Parameter")
def _parameter(interp: Interpreter, data: Value = None, requires_grad: Value = True) -> Value:
    return Param(data.shape, storage=storage_of(data)) if isinstance(data, (Param, Tensor)) else Param(None)


@intrinsic("torch.nn.Buffer")
def _buffer(interp: Interpreter, data: Value = None, *, persistent: Value = True) -> Value:
    return Tensor(getattr(data, "shape", None), buffer=True)


@intrinsic("torch.nn.utils.parametrizations.weight_norm")
def _weight_norm(interp: Interpreter, module: Value, name: Value = "weight", dim: Value = 0) -> Value:
    """``parametrizations.weight_norm``: the weight becomes two parameters below ``parametrizations``."""
    if isinstance(module, Module) and isinstance(name, str) and name in module.attrs:
        del module.attrs[name]
        holder, inner = Module(External("torch.nn.ModuleDict")), Module(External("torch.nn.ModuleList"))
        inner.attrs.update(original0=Param(None), original1=Param(None))
        holder.attrs[name] = inner
        module.attrs["parametrizations"] = holder
    return module


@intrinsic("torch.nn.utils.weight_norm")
def _old_weight_norm(interp: Interpreter, module: Value, name: Value = "weight", dim: Value = 0) -> Value:
    """``torch.nn.utils.weight_norm``: the weight becomes ``weight_g`` and ``weight_v``."""
    if isinstance(module, Module) and isinstance(name, str) and name in module.attrs:
        del module.attrs[name]
        module.attrs.update({f"{name}_g": Param(None), f"{name}_v": Param(None)})
    return module


@intrinsic("torch.nn.utils.skip_init")
def _skip_init(interp: Interpreter, module_cls: Value, *args: Value, **kwargs: Value) -> Value:
    """``torch.nn.utils.skip_init(cls, …)``: a module whose class must take a ``device``."""
    return interp.call(module_cls, list(args), {"device": None, **kwargs})
