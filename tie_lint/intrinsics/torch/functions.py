"""Functions of torch, and of the parts of the standard library that construction uses."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tie_lint.interpreter.base_values import External, Marker, Native, RaisedError, Unknown, Value
from tie_lint.interpreter.builtin_types import MOST_ITEMS, iterate
from tie_lint.interpreter.values import Bound, Instance, Module, Param, Tensor, argument, holds_module
from tie_lint.intrinsics.torch import tensors
from tie_lint.intrinsics.torch.layers import layer_class
from tie_lint.intrinsics.torch.modules import method
from tie_lint.intrinsics.torch.tensors import CPU, META
from tie_lint.intrinsics.transformers.configs import copied

if TYPE_CHECKING:
    from tie_lint.interpreter.context import Interpreter

Call = Callable[[Any, list[Value], dict[str, Value]], Value]


def call(interp: Interpreter, name: str, args: list[Value], kwargs: dict[str, Value]) -> Value:
    """Call a function or class of torch, math, copy and their like."""
    known = _FUNCTIONS.get(name)
    if known is not None:
        return known(interp, args, kwargs)
    cls = layer_class(name)
    if cls is not None:
        layer = Module(cls)
        native = method(cls.name, "__init__")
        if native is not None:
            native.call(interp, [layer, *args], kwargs)
        return layer
    owner, _, last = name.rpartition(".")
    if last == "__init__" and args and isinstance(args[0], Module) and (made := method(owner, last)):
        return made.call(interp, args, kwargs)
    package, _, leaf = name.partition(".")
    computed = tensors.function(leaf) if package in ("torch", "numpy") else None
    if computed is not None:
        return computed(interp, args, kwargs)
    if package in ("math", "numpy"):
        return _math(leaf, args)
    if name.startswith("torch.nn.init."):
        return args[0] if args else None
    interp.doubt_arguments(name, args, kwargs)
    return Unknown(f"{name}(…)", module=holds_module([*args, *kwargs.values()]))


def _math(name: str, args: list[Value]) -> Value:
    function = getattr(math, name, None)
    if (
        function is None
        or not all(isinstance(arg, (int, float)) for arg in args)
        or name in ("factorial", "comb", "perm")
    ):
        return Unknown(f"math.{name}")
    try:
        return function(*args)
    except (ValueError, OverflowError, TypeError) as error:
        return Unknown(str(error))


def _parameter(interp: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    source = argument(args, kwargs, 0, "data")
    return Param(source.shape if isinstance(source, (Param, Tensor)) else None)


def _buffer(interp: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    source = argument(args, kwargs, 0, "data")
    return Tensor(getattr(source, "shape", None), buffer=True)


def _deepcopy(interp: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    return _copied_module(args[0], {}) if isinstance(args[0], Module) else _copied_values(args[0])


def _copied_values(value: Value) -> Value:
    if isinstance(value, (list, tuple)) and any(isinstance(item, Module) for item in value):
        memo: dict[int, Value] = {}
        return type(value)(
            _copied_module(item, memo) if isinstance(item, Module) else copied(item) for item in value
        )
    return copied(value)


def _copied_module(module: Module, memo: dict[int, Value]) -> Module:
    if id(module) in memo:
        known: Module = memo[id(module)]
        return known
    if module.build is not None:
        return Module(module.cls, module.build)
    twin = Module(module.cls)
    twin.opaque = module.opaque
    memo[id(module)] = twin
    for name, value in module.attrs.items():
        if isinstance(value, Module):
            value = _copied_module(value, memo)
        elif isinstance(value, Param):
            value = memo.setdefault(id(value), Param(value.shape))
        else:
            value = copied(value)
        twin.attrs[name] = value
    return twin


def _copy(interp: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    value = args[0]
    if isinstance(value, Instance):
        twin = Instance(value.cls)
        twin.attrs, twin.data, twin.given_module = dict(value.attrs), value.data, value.given_module
        return twin
    return value.copy() if isinstance(value, (list, dict, set)) else value


def _partial(interp: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    function, *bound = args

    def later(interp: Interpreter, more: list[Value], named: dict[str, Value]) -> Value:
        return interp.call(function, [*bound, *more], {**kwargs, **named})

    return Native("partial", later)


def _ordered_dict(interp: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    from tie_lint.interpreter.builtin_functions import construct_builtin

    return construct_builtin(interp, "dict", args, kwargs)


def _field(interp: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    return Marker("field", kwargs)


def _property(interp: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    return Marker("property", args[0] if args else None)


def _weight_norm(interp: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    """``parametrizations.weight_norm``: the weight becomes two parameters below ``parametrizations``."""
    module, name = args[0], argument(args, kwargs, 1, "name") or "weight"
    if isinstance(module, Module) and isinstance(name, str) and name in module.attrs:
        del module.attrs[name]
        holder, inner = Module(External("torch.nn.ModuleDict")), Module(External("torch.nn.ModuleList"))
        inner.attrs.update(original0=Param(None), original1=Param(None))
        holder.attrs[name] = inner
        module.attrs["parametrizations"] = holder
    return module


def _old_weight_norm(interp: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    """``torch.nn.utils.weight_norm``: the weight becomes ``weight_g`` and ``weight_v``."""
    module, name = args[0], argument(args, kwargs, 1, "name") or "weight"
    if isinstance(module, Module) and isinstance(name, str) and name in module.attrs:
        del module.attrs[name]
        module.attrs.update({f"{name}_g": Param(None), f"{name}_v": Param(None)})
    return module


def _skip_init(interp: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    """``torch.nn.utils.skip_init(cls, …)``: a module whose class must take a ``device``."""
    return interp.call(args[0], args[1:], {"device": None, **kwargs})


def _namespace(interp: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    known = not args and "**" not in kwargs
    return Marker("namespace", kwargs) if known else Unknown("a namespace", module=True)


def _method(interp: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    return Bound(args[0], args[1])


def _prod(interp: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    items = [args[0]] if isinstance(args[0], (int, float)) else iterate(interp, args[0])
    if items is None or not all(isinstance(value, (int, float)) for value in items):
        return Unknown("a product")
    return math.prod(items)


def _product(interp: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    pools = [iterate(interp, arg) for arg in args]
    known = [pool for pool in pools if pool is not None]
    repeat = kwargs.get("repeat", 1)
    if (
        len(known) < len(pools)
        or not isinstance(repeat, int)
        or math.prod(map(len, known)) ** repeat > MOST_ITEMS
    ):
        return Unknown("a product", module=True)
    return list(itertools.product(*known, repeat=repeat))


def _chain(interp: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    parts = [iterate(interp, arg) for arg in args]
    known = [item for part in parts if part is not None for item in part]
    return Unknown("a chain of unknowns", module=True) if None in parts else known


def _cycle(interp: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    items = iterate(interp, args[0])
    return Unknown("a cycle") if items is None else itertools.cycle(items)


def _device(interp: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    kind = argument(args, kwargs, 0, "type")
    if kind in ("cpu", "meta"):
        return CPU if kind == "cpu" else META
    return Marker("device", kind if isinstance(kind, str) else Unknown("a device"))


def _cpu(interp: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    return CPU


def _pattern(interp: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    if len(args) != 1 or kwargs or not isinstance(args[0], str):
        return Unknown("a pattern")
    try:
        return re.compile(args[0])
    except re.error as error:
        raise RaisedError("error", str(error)) from error


def _version(interp: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    from packaging.version import InvalidVersion, Version

    try:
        return Version(args[0]) if isinstance(args[0], str) else Unknown("an unknown version")
    except InvalidVersion:
        return Unknown("an unknown version")


def _environment(interp: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    """``os.getenv``: no variable is taken as set, as no optional package is taken as installed."""
    return argument(args, kwargs, 1, "default")


_FUNCTIONS: dict[str, Call] = {
    "torch.nn.Parameter": _parameter,
    "torch.nn.parameter.Parameter": _parameter,
    "torch.nn.Buffer": _buffer,
    "copy.deepcopy": _deepcopy,
    "copy.copy": _copy,
    "functools.partial": _partial,
    "collections.OrderedDict": _ordered_dict,
    "dataclasses.field": _field,
    "builtins.property": _property,
    "torch.nn.utils.parametrizations.weight_norm": _weight_norm,
    "torch.nn.utils.weight_norm": _old_weight_norm,
    "torch.nn.utils.skip_init": _skip_init,
    "argparse.Namespace": _namespace,
    "types.SimpleNamespace": _namespace,
    "types.MethodType": _method,
    "itertools.cycle": _cycle,
    "itertools.product": _product,
    "itertools.chain": _chain,
    "torch.device": _device,
    "torch.get_default_device": _cpu,
    "math.prod": _prod,
    "numpy.prod": _prod,
    "re.compile": _pattern,
    "os.getenv": _environment,
    "os.environ.get": _environment,
    "packaging.version.parse": _version,
    "packaging.version.Version": _version,
}
