"""torch: methods of ``nn.Module`` and its containers, tensor makers and small functions."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tie_lint.model import tensors, tree
from tie_lint.model.configs import copied
from tie_lint.model.layers import construct, is_layer
from tie_lint.model.python_natives import MOST_ITEMS, iterate
from tie_lint.model.sharing import assigns_attributes
from tie_lint.model.tensors import CPU
from tie_lint.model.values import (
    Bound,
    External,
    Function,
    Instance,
    Marker,
    Module,
    Native,
    Param,
    RaisedError,
    Tensor,
    Unknown,
    Value,
    holds_module,
)

if TYPE_CHECKING:
    from tie_lint.model.interpreter import Interpreter

Call = Callable[[Any, list[Value], dict[str, Value]], Value]


# -- nn.Module ----------------------------------------------------------------------------------------


def _return_self(run: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    return args[0]


def _nothing(run: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> None:
    return None


def _register_module(run: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> None:
    module, name = args[0], _argument(args, kwargs, 1, "name")
    value = _argument(args, kwargs, 2, "module")
    if isinstance(name, str):
        module.attrs[name] = value
    else:
        run.doubts.append("a module is registered under an unknown name")


def _register_parameter(run: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> None:
    name, value = _argument(args, kwargs, 1, "name"), _argument(args, kwargs, 2, "param")
    if isinstance(name, str):
        args[0].attrs[name] = Unknown(value.why, module=True) if isinstance(value, Unknown) else value
    else:
        run.doubts.append("a parameter is registered under an unknown name")


def _register_buffer(run: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> None:
    name, value = _argument(args, kwargs, 1, "name"), _argument(args, kwargs, 2, "tensor")
    if isinstance(name, str):
        known = isinstance(value, Tensor | Param)
        args[0].attrs[name] = None if value is None else Tensor(value.shape if known else None, buffer=True)


def _apply(run: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    """``module.apply(function)``: only functions that assign attributes can share anything."""
    function = _argument(args, kwargs, 1, "fn")
    inner = function.function if isinstance(function, Bound) else function
    if isinstance(inner, Function) and any(assigns_attributes(inner.facts.body)):
        run.doubts.append(f"{inner.facts.name} is applied to every module")
    return args[0]


def _argument(args: list[Value], kwargs: dict[str, Value], index: int, name: str) -> Value:
    return args[index] if len(args) > index else kwargs.get(name)


def _named_parameters(run: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    return list(tree.named_parameters(args[0]))


def _parameters(run: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    return Unknown("parameters")  # loops over them freeze or count: nothing that bears on a tie


def _named_children(run: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    return args[0].children()


def _children(run: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    return [child for _, child in args[0].children()]


def _named_modules(run: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    return list(tree.named_modules(args[0]))


def _modules(run: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    return tree.distinct_modules(args[0])


def _get_submodule(run: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    found = tree.submodule(args[0], args[1]) if isinstance(args[1], str) else Unknown("an unknown path")
    if found is None:
        raise RaisedError("AttributeError", f"{args[0].cls.leaf} has no attribute `{args[1]}`")
    return found


def _get_parameter(run: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    found = tree.parameter(args[0], args[1]) if isinstance(args[1], str) else Unknown("an unknown path")
    if found is None:
        raise RaisedError("AttributeError", f"{args[0].cls.leaf} has no attribute `{args[1]}`")
    return found


_TRAINING = Native("training", lambda run, args, kwargs: True, is_property=True)

_MODULE: dict[str, Call] = {
    "__init__": _nothing,
    "add_module": _register_module,
    "register_module": _register_module,
    "register_parameter": _register_parameter,
    "register_buffer": _register_buffer,
    "named_parameters": _named_parameters,
    "parameters": _parameters,
    "named_children": _named_children,
    "children": _children,
    "named_modules": _named_modules,
    "modules": _modules,
    "get_submodule": _get_submodule,
    "get_parameter": _get_parameter,
    "apply": _apply,
    **dict.fromkeys(
        "to half float double bfloat16 eval train cuda cpu requires_grad_ type".split(), _return_self
    ),
    **dict.fromkeys(
        """zero_grad register_forward_hook register_forward_pre_hook register_full_backward_hook
        register_state_dict_pre_hook _register_load_state_dict_pre_hook register_load_state_dict_post_hook
        _register_state_dict_hook reset_parameters _reset_parameters load_state_dict share_memory compile""".split(),
        _nothing,
    ),
    **dict.fromkeys(
        "state_dict buffers named_buffers forward __call__ extra_repr _get_name".split(),
        lambda run, args, kwargs: Unknown("a method of nn.Module"),
    ),
}


# -- containers ---------------------------------------------------------------------------------------


def _list_init(run: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> None:
    if len(args) > 1 or kwargs:
        _list_extend(run, [args[0], _argument(args, kwargs, 1, "modules")], {})


def _list_extend(run: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> None:
    module, given = args[0], args[1]
    items = [] if given is None else iterate(run, given)
    if items is None:
        module.opaque = "a list of unknown modules"
        return
    count = len(_numbered(module))
    module.attrs.update({str(count + i): item for i, item in enumerate(items)})


def _numbered(module: Module) -> list[str]:
    return [name for name in module.attrs if name.isdigit()]


def _list_append(run: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    module = args[0]
    module.attrs[str(len(_numbered(module)))] = args[1]
    return module


def _list_insert(run: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> None:
    module, index, value = args[:3]
    names = _numbered(module)
    items = [module.attrs.pop(name) for name in names]
    items.insert(index if isinstance(index, int) else len(items), value)
    module.attrs.update({str(i): item for i, item in enumerate(items)})


def _length(run: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    return Unknown("a length") if args[0].opaque else len(args[0].attrs)


def _sequential_init(run: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> None:
    module, items = args[0], args[1:]
    if len(items) == 1 and isinstance(items[0], dict):
        module.attrs.update(items[0])
    elif len(items) == 1 and isinstance(items[0], Unknown):
        module.opaque = "a sequence of unknown modules"
    else:
        module.attrs.update({str(i): item for i, item in enumerate(items)})


def _dict_init(run: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> None:
    if len(args) > 1 or kwargs:
        _dict_update(run, [args[0], _argument(args, kwargs, 1, "modules")], {})


def _dict_update(run: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> None:
    module, given = args[0], args[1]
    if isinstance(given, dict):
        module.attrs.update({str(key): value for key, value in given.items()})
        return
    pairs = [] if given is None else iterate(run, given)
    if pairs is None or not all(isinstance(pair, tuple | list) and len(pair) == 2 for pair in pairs):
        module.opaque = "a mapping of unknown modules"
        return
    module.attrs.update({str(pair[0]): pair[1] for pair in pairs})


def _dict_items(part: str) -> Call:
    def call(run: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
        return list(getattr(args[0].attrs, part)())

    return call


def _dict_pop(run: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    if args[1] not in args[0].attrs:
        raise RaisedError("KeyError", str(args[1]))
    return args[0].attrs.pop(args[1])


def _contains(run: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    return args[1] in args[0].attrs


_LIST: dict[str, Call] = {
    "__init__": _list_init,
    "append": _list_append,
    "extend": _list_extend,
    "insert": _list_insert,
    "__len__": _length,
}
_DICT: dict[str, Call] = {
    "__init__": _dict_init,
    "update": _dict_update,
    "keys": _dict_items("keys"),
    "values": _dict_items("values"),
    "items": _dict_items("items"),
    "pop": _dict_pop,
    "__len__": _length,
    "__contains__": _contains,
}
_CONTAINERS: dict[str, dict[str, Call]] = {
    "ModuleList": _LIST,
    "ParameterList": _LIST,
    "Sequential": {**_LIST, "__init__": _sequential_init},
    "ModuleDict": _DICT,
    "ParameterDict": _DICT,
}


def method(cls: str, name: str) -> Native | None:
    """A method that a class of ``torch.nn`` brings itself; None where it brings none of that name."""
    leaf = cls.rpartition(".")[2]
    table = _CONTAINERS.get(leaf, {})
    if name in table:
        return Native(name, table[name])
    if leaf == "Module" and name == "training":
        return _TRAINING
    if leaf == "Module":
        return Native(name, _MODULE[name]) if name in _MODULE else None
    if name == "__init__" and is_layer(cls):
        return Native(name, lambda run, args, kwargs: construct(args[0], cls, args[1:], kwargs))
    return None


def item(run: Interpreter, module: Module, index: Value) -> Value:
    """``module[index]`` of a container."""
    if isinstance(index, str):
        if index in module.attrs:
            return module.attrs[index]
        raise RaisedError("KeyError", index)
    values = [module.attrs[name] for name in _numbered(module)] or list(module.attrs.values())
    if isinstance(index, slice):
        part = Module(module.cls)
        _list_extend(run, [part, values[index]], {})
        return part
    if not isinstance(index, int) or module.opaque:
        return Unknown("an item of a module", module=True)
    if not -len(values) <= index < len(values):
        raise RaisedError("IndexError", str(index))
    return values[index]


# -- functions ----------------------------------------------------------------------------------------


def call(run: Interpreter, name: str, args: list[Value], kwargs: dict[str, Value]) -> Value:
    """Call a function or class of torch, math, copy and their like."""
    known = _FUNCTIONS.get(name)
    if known is not None:
        return known(run, args, kwargs)
    if is_layer(name):
        layer = Module(External(f"torch.nn.{name.rpartition('.')[2]}"))
        native = method(layer.cls.name, "__init__")
        if native is not None:
            native.call(run, [layer, *args], kwargs)
        return layer
    owner, _, last = name.rpartition(".")
    if last == "__init__" and args and isinstance(args[0], Module) and (made := method(owner, last)):
        return made.call(run, args, kwargs)
    package, _, leaf = name.partition(".")
    computed = tensors.function(leaf) if package in ("torch", "numpy") else None
    if computed is not None:
        return computed(run, args, kwargs)
    if package in ("math", "numpy"):
        return _math(leaf, args)
    if name.startswith(("torch.nn.init.", "torch.nn.utils.")):
        return args[0] if args else None
    run.doubt_arguments(name, args, kwargs)
    return Unknown(f"{name}(…)", module=holds_module([*args, *kwargs.values()]))


def _math(name: str, args: list[Value]) -> Value:
    function = getattr(math, name, None)
    if (
        function is None
        or not all(isinstance(arg, int | float) for arg in args)
        or name in ("factorial", "comb", "perm")
    ):
        return Unknown(f"math.{name}")
    try:
        return function(*args)
    except (ValueError, OverflowError, TypeError) as error:
        return Unknown(str(error))


def _parameter(run: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    source = _argument(args, kwargs, 0, "data")
    return Param(source.shape if isinstance(source, Param | Tensor) else None)


def _buffer(run: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    source = _argument(args, kwargs, 0, "data")
    return Tensor(getattr(source, "shape", None), buffer=True)


def _deepcopy(run: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    return _copied_module(args[0], {}) if isinstance(args[0], Module) else _copied_values(args[0])


def _copied_values(value: Value) -> Value:
    if isinstance(value, list | tuple) and any(isinstance(item, Module) for item in value):
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


def _copy(run: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    value = args[0]
    if isinstance(value, Instance):
        twin = Instance(value.cls)
        twin.attrs, twin.data = dict(value.attrs), value.data
        return twin
    return value.copy() if isinstance(value, list | dict | set) else value


def _partial(run: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    function, *bound = args

    def later(run: Interpreter, more: list[Value], named: dict[str, Value]) -> Value:
        return run.call(function, [*bound, *more], {**kwargs, **named})

    return Native("partial", later)


def _ordered_dict(run: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    from tie_lint.model.python_natives import construct_builtin

    return construct_builtin(run, "dict", args, kwargs)


def _field(run: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    return Marker("field", kwargs)


def _property(run: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    return Marker("property", args[0] if args else None)


def _weight_norm(run: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    """``parametrizations.weight_norm``: the weight becomes two parameters below ``parametrizations``."""
    module, name = args[0], _argument(args, kwargs, 1, "name") or "weight"
    if isinstance(module, Module) and isinstance(name, str) and name in module.attrs:
        del module.attrs[name]
        holder, inner = Module(External("torch.nn.ModuleDict")), Module(External("torch.nn.ModuleList"))
        inner.attrs.update(original0=Param(None), original1=Param(None))
        holder.attrs[name] = inner
        module.attrs["parametrizations"] = holder
    return module


def _old_weight_norm(run: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    """``torch.nn.utils.weight_norm``: the weight becomes ``weight_g`` and ``weight_v``."""
    module, name = args[0], _argument(args, kwargs, 1, "name") or "weight"
    if isinstance(module, Module) and isinstance(name, str) and name in module.attrs:
        del module.attrs[name]
        module.attrs.update({f"{name}_g": Param(None), f"{name}_v": Param(None)})
    return module


def _prod(run: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    items = [args[0]] if isinstance(args[0], int | float) else iterate(run, args[0])
    if items is None or not all(isinstance(value, int | float) for value in items):
        return Unknown("a product")
    return math.prod(items)


def _product(run: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    pools = [iterate(run, arg) for arg in args]
    known = [pool for pool in pools if pool is not None]
    repeat = kwargs.get("repeat", 1)
    if (
        len(known) < len(pools)
        or not isinstance(repeat, int)
        or math.prod(map(len, known)) ** repeat > MOST_ITEMS
    ):
        return Unknown("a product", module=True)
    return list(itertools.product(*known, repeat=repeat))


def _chain(run: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    parts = [iterate(run, arg) for arg in args]
    known = [item for part in parts if part is not None for item in part]
    return Unknown("a chain of unknowns", module=True) if None in parts else known


def _cycle(run: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    items = iterate(run, args[0])
    return Unknown("a cycle") if items is None else itertools.cycle(items)


def _device(run: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    kind = _argument(args, kwargs, 0, "type")
    return CPU if kind == "cpu" else Marker("device", kind if isinstance(kind, str) else Unknown("a device"))


def _cpu(run: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    return CPU


def _pattern(run: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    if len(args) != 1 or kwargs or not isinstance(args[0], str):
        return Unknown("a pattern")
    try:
        return re.compile(args[0])
    except re.error as error:
        raise RaisedError("error", str(error)) from error


def _version(run: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    from packaging.version import InvalidVersion, Version

    try:
        return Version(args[0]) if isinstance(args[0], str) else Unknown("an unknown version")
    except InvalidVersion:
        return Unknown("an unknown version")


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
    "itertools.cycle": _cycle,
    "itertools.product": _product,
    "itertools.chain": _chain,
    "torch.device": _device,
    "torch.get_default_device": _cpu,
    "math.prod": _prod,
    "numpy.prod": _prod,
    "re.compile": _pattern,
    "packaging.version.parse": _version,
    "packaging.version.Version": _version,
}
