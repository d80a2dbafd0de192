"""Methods of ``nn.Module`` and of the containers of ``torch.nn``."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from tie_lint.interpreter.base_values import External, Native, RaisedError, Unknown, Value, cause_of
from tie_lint.interpreter.budget import granted
from tie_lint.interpreter.builtin_types import iterate, truth_of
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.register import (
    HANDLERS,
    HARMLESS_ATTRIBUTES,
    HARMLESS_METHODS,
    WELL_KNOWN,
    Handler,
    method_family,
)
from tie_lint.interpreter.spot import because
from tie_lint.interpreter.unnamed_attributes import put_unnamed
from tie_lint.interpreter.values import Module, Param, Tensor, storage_of
from tie_lint.intrinsics.torch import module_tree
from tie_lint.intrinsics.torch.applying import apply
from tie_lint.intrinsics.torch.assignment import refuse
from tie_lint.intrinsics.torch.layers import construct, is_layer
from tie_lint.intrinsics.torch.tables import Table
from tie_lint.library.names import NN_MODULE

Call = Callable[..., Value]


# -- nn.Module ----------------------------------------------------------------------------------------


def _return_self(interp: Interpreter, module: Module, *args: Value, **kwargs: Value) -> Value:
    return module


def _nothing(interp: Interpreter, module: Module, *args: Value, **kwargs: Value) -> None:
    return None


def _load_state_dict(
    interp: Interpreter, module: Module, state_dict: Value, strict: Value = True, assign: Value = False
) -> Value:
    """``load_state_dict``: it copies numbers, unless it is to take over the tensors that it is given."""
    if truth_of(assign) is not False:
        interp.doubt(f"load_state_dict of {module.cls.leaf} with assign=True")
    return Unknown("what load_state_dict gives")


def _register_module(interp: Interpreter, this: Module, name: Value, module: Value) -> None:
    if isinstance(name, str):
        this.attrs[name] = module
    else:
        put_unnamed(interp, this, name, module)


def _register_parameter(interp: Interpreter, module: Module, name: Value, param: Value) -> None:
    if isinstance(name, str):
        module.attrs[name] = Unknown(param.why, module=True) if isinstance(param, Unknown) else param
    else:
        put_unnamed(interp, module, name, param)


def _register_buffer(
    interp: Interpreter, module: Module, name: Value, tensor: Value, persistent: Value = True
) -> None:
    if isinstance(name, str):
        module.attrs[name] = None if tensor is None else _as_buffer(tensor, persistent is True)
    else:
        put_unnamed(interp, module, name, Tensor(None, buffer=True))


def _as_buffer(value: Value, is_stored: bool) -> Tensor:
    if not isinstance(value, (Tensor, Param)):
        return Tensor(None, buffer=True)
    return Tensor(value.shape, buffer=True, storage=storage_of(value) if is_stored else None)


def _named_parameters(
    interp: Interpreter,
    module: Module,
    prefix: Value = "",
    recurse: Value = True,
    remove_duplicate: Value = True,
) -> Value:
    return list(module_tree.named_parameters(module))


def _parameters(interp: Interpreter, module: Module, recurse: Value = True) -> Value:
    return Unknown("parameters")  # loops over them freeze or count: nothing that bears on a tie


def _named_children(interp: Interpreter, module: Module) -> Value:
    return module.children()


def _children(interp: Interpreter, module: Module) -> Value:
    return [child for _, child in module.children()]


def _named_modules(
    interp: Interpreter,
    module: Module,
    memo: Value = None,
    prefix: Value = "",
    remove_duplicate: Value = True,
) -> Value:
    return list(module_tree.named_modules(module))


def _modules(interp: Interpreter, module: Module) -> Value:
    return module_tree.distinct_modules(module)


def _get_submodule(interp: Interpreter, module: Module, target: Value) -> Value:
    found = module_tree.submodule(module, target) if isinstance(target, str) else Unknown("an unknown path")
    if found is None:
        raise RaisedError("AttributeError", f"{module.cls.leaf} has no attribute `{target}`")
    return found


def _get_parameter(interp: Interpreter, module: Module, target: Value) -> Value:
    found = module_tree.parameter(module, target) if isinstance(target, str) else Unknown("an unknown path")
    if found is None:
        raise RaisedError("AttributeError", f"{module.cls.leaf} has no attribute `{target}`")
    return found


_TRAINING = Native("training", lambda interp, module: True, "property")

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
    "apply": apply,
    "load_state_dict": _load_state_dict,
    **dict.fromkeys(
        {"to", "half", "float", "double", "bfloat16", "eval", "train", "cuda", "cpu"}
        | {"requires_grad_", "type"},
        _return_self,
    ),
    **dict.fromkeys(
        {"zero_grad", "register_forward_hook", "register_forward_pre_hook"}
        | {"register_full_backward_hook", "register_state_dict_pre_hook"}
        | {"_register_load_state_dict_pre_hook", "register_load_state_dict_post_hook"}
        | {"_register_state_dict_hook", "reset_parameters", "_reset_parameters"}
        | {"share_memory", "compile"},
        _nothing,
    ),
    **dict.fromkeys(
        {"state_dict", "buffers", "named_buffers", "forward", "__call__", "extra_repr"} | {"_get_name"},
        lambda interp, module, *args, **kwargs: Unknown("a method of nn.Module"),
    ),
}


HARMLESS_METHODS.update(
    {"to", "half", "float", "double", "bfloat16", "eval", "train", "cuda", "cpu", "requires_grad_", "type"}
    | {"register_buffer", "children", "named_children", "modules", "named_modules", "parameters"}
    | {"named_parameters", "get_submodule", "get_parameter", "zero_grad"}
)
HARMLESS_ATTRIBUTES.update({"requires_grad", "data"})

# -- containers ---------------------------------------------------------------------------------------


def _list_init(interp: Interpreter, module: Module, modules: Value = None) -> None:
    if modules is not None:
        _list_extend(interp, module, modules)


def _list_extend(interp: Interpreter, module: Module, modules: Value) -> None:
    items = [] if modules is None else iterate(interp, modules)
    if items is None or not granted(len(items)):
        module.opaque = because("a list of modules: {}", cause_of(modules))
        return
    count = _count(module)
    module.attrs.update({str(count + i): item for i, item in enumerate(items)})


def _numbered(module: Module) -> list[str]:
    return [name for name in module.attrs if name.isdigit()]


def _count(module: Module) -> int:
    """How many items a list has. As a rule it has nothing else, which is seen at once."""
    count = len(module.attrs)
    return count if str(count - 1) in module.attrs else len(_numbered(module))


def _list_append(interp: Interpreter, module: Module, value: Value) -> Value:
    module.attrs[str(_count(module))] = value
    return module


def _list_insert(interp: Interpreter, module: Module, index: Value, value: Value) -> None:
    names = _numbered(module)
    items = [module.attrs.pop(name) for name in names]
    items.insert(index if isinstance(index, int) else len(items), value)
    module.attrs.update({str(i): item for i, item in enumerate(items)})


def _length(interp: Interpreter, module: Module) -> Value:
    hidden = module.hidden_as()
    return len(module.attrs) if hidden is None else Unknown(hidden.why)


def _sequential_init(interp: Interpreter, module: Module, *items: Value) -> None:
    if len(items) == 1 and isinstance(items[0], dict):
        _put_all(interp, module, items[0].items())
    elif len(items) == 1 and isinstance(items[0], Unknown):
        module.opaque = because("a sequence of modules: {}", items[0].why)
    else:
        module.attrs.update({str(i): item for i, item in enumerate(items)})


def _dict_init(interp: Interpreter, module: Module, modules: Value = None) -> None:
    _dict_update(interp, module, modules)


def _dict_update(interp: Interpreter, module: Module, modules: Value) -> None:
    if isinstance(modules, dict):
        _put_all(interp, module, modules.items())
        return
    pairs = [] if modules is None else iterate(interp, modules)
    if pairs is None or not all(isinstance(pair, (tuple, list)) and len(pair) == 2 for pair in pairs):
        module.opaque = because("a mapping of modules: {}", cause_of(modules))
        return
    _put_all(interp, module, ((pair[0], pair[1]) for pair in pairs))


def _put_all(interp: Interpreter, module: Module, items: Iterable[tuple[Value, Value]]) -> None:
    for key, value in items:
        if isinstance(key, Unknown):
            put_unnamed(interp, module, key, value)
        else:
            module.attrs[str(key)] = value


def _dict_items(part: str) -> Call:
    def call(interp: Interpreter, module: Module) -> Value:
        return list(getattr(module.attrs, part)())

    return call


def _dict_pop(interp: Interpreter, module: Module, key: str) -> Value:
    if key not in module.attrs:
        raise RaisedError("KeyError", str(key))
    return module.attrs.pop(key)


def _contains(interp: Interpreter, module: Module, key: Value) -> Value:
    return key in module.attrs


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


@method_family("torch.nn.")
def method(cls: str, name: str) -> Native | None:
    """Return a method that a class of ``torch.nn`` brings itself; None where it brings none of that name."""
    found = _method(cls, name)
    return _beginning(found) if found is not None and name == "__init__" else found


def _beginning(init: Native) -> Native:
    """An ``__init__`` of ``torch.nn``, all of which call that of ``nn.Module``."""

    def begin(interp: Interpreter, module: Module, *args: Value, **kwargs: Value) -> Value:
        module.begun = True
        return init.function(interp, module, *args, **kwargs)

    return Native("__init__", begin)


def _method(cls: str, name: str) -> Native | None:
    leaf = cls.rpartition(".")[2]
    table = _CONTAINERS.get(leaf, {})
    if name in table:
        return Native(name, table[name])
    if leaf == "Module" and name == "training":
        return _TRAINING
    if leaf == "Module":
        return Native(name, _MODULE[name]) if name in _MODULE else None
    if name == "__init__" and is_layer(cls):
        return Native(name, lambda interp, module, *args, **kwargs: construct(module, cls, args, kwargs))
    return None


# -- modules as values --------------------------------------------------------------------------------

WELL_KNOWN.add(NN_MODULE)


class _ModuleHandler(Handler):
    def give(self, value: Module, name: str, given: Value) -> None:
        refuse(value, name, given)

    def attribute(self, interp: Interpreter, value: Module, name: str) -> Value:
        """``__dict__``, and the tables that a module keeps what is registered in."""
        kinds: dict[str, Any] = {"_modules": Module, "_parameters": Param, "_buffers": Tensor}
        return Table(value, kinds[name]) if name in kinds else value.hidden

    def item(self, interp: Interpreter, value: Module, index: Value) -> Value:
        if isinstance(index, str):
            if index in value.attrs:
                return value.attrs[index]
            hidden = value.hidden_as(index)
            if hidden is not None:
                return hidden
            raise RaisedError("KeyError", index)
        if type(index) is int and value.cls.name in _NUMBERED and value.hidden_as() is None:
            found = value.attrs.get(str(index), _MISSING)  # as ModuleList does: the name counts, no order
            if found is not _MISSING:
                return found
        values = [value.attrs[name] for name in _numbered(value)] or list(value.attrs.values())
        if isinstance(index, slice):
            part = Module(value.cls)
            _list_extend(interp, part, values[index])
            return part
        if not isinstance(index, int) or value.hidden_as():
            return Unknown("an item of a module", module=True)
        if not -len(values) <= index < len(values):
            if interp.sampled:
                return Unknown("an item past those that were looked at", module=True)
            raise RaisedError("IndexError", str(index))
        return values[index]

    def truth(self, value: Module) -> bool | None:
        """Containers are true when they hold something; other modules always."""
        if value.hidden_as() is not None and not value.children():
            return None
        return bool(value.children()) if value.cls.name in _SEQUENCES | _MAPPINGS else True

    def items(self, value: Module) -> list[Value] | None:
        if value.hidden_as() is not None:
            return None
        names = {value.cls.name} if isinstance(value.cls, External) else value.cls.names
        if names & _MAPPINGS:
            return list(value.attrs)
        if names & _SEQUENCES:
            return [item for item in value.attrs.values() if isinstance(item, (Module, Param, Unknown))]
        return None


_NUMBERED = frozenset({"torch.nn.ModuleList", "torch.nn.ParameterList"})
_MISSING = object()
_SEQUENCES = frozenset({"torch.nn.ModuleList", "torch.nn.Sequential", "torch.nn.ParameterList"})
_MAPPINGS = frozenset({"torch.nn.ModuleDict"})

HANDLERS[Module] = _ModuleHandler()
