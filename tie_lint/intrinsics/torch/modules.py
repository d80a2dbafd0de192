"""Methods of ``nn.Module``, and modules as values."""

from __future__ import annotations

from tie_lint.interpreter.base_values import External, Native, RaisedError, Unknown, Value
from tie_lint.interpreter.builtin_types import truth_of
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.register import (
    HANDLERS,
    HARMLESS_ATTRIBUTES,
    HARMLESS_METHODS,
    WELL_KNOWN,
    Handler,
    method_family,
)
from tie_lint.interpreter.unnamed_attributes import put_unnamed
from tie_lint.interpreter.values import Module, Param, Tensor, storage_of
from tie_lint.intrinsics.torch import module_tree
from tie_lint.intrinsics.torch.applying import apply
from tie_lint.intrinsics.torch.assignment import refuse
from tie_lint.intrinsics.torch.containers import CONTAINERS, Call, extend, numbered
from tie_lint.intrinsics.torch.layer_attributes import OF_EVERY_MODULE, may_have
from tie_lint.intrinsics.torch.layer_classes import is_layer
from tie_lint.intrinsics.torch.layers import construct
from tie_lint.intrinsics.torch.tables import TABLES, own_dict, table
from tie_lint.library.names import NN_MODULE

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


def _set_submodule(
    interp: Interpreter, module: Module, target: Value, given: Value, strict: Value = False
) -> None:
    path, _, name = target.rpartition(".") if isinstance(target, str) else ("", "", "")
    owner = _get_submodule(interp, module, path) if path else module
    if isinstance(owner, Module) and name:
        owner.attrs[name] = given
    else:
        put_unnamed(interp, module, target, given)


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
    "set_submodule": _set_submodule,
    "apply": apply,
    "load_state_dict": _load_state_dict,
    **dict.fromkeys(
        {"to", "half", "float", "double", "bfloat16", "eval", "train", "cuda", "cpu"}
        | {"requires_grad_", "type", "to_empty", "xpu", "ipu", "mtia"},
        _return_self,
    ),
    **dict.fromkeys(
        {"zero_grad", "register_forward_hook", "register_forward_pre_hook"}
        | {"register_full_backward_hook", "register_state_dict_pre_hook"}
        | {"_register_load_state_dict_pre_hook", "register_load_state_dict_post_hook"}
        | {"_register_state_dict_hook", "reset_parameters", "_reset_parameters"}
        | {"share_memory", "compile", "register_backward_hook", "register_full_backward_pre_hook"}
        | {"register_load_state_dict_pre_hook", "register_state_dict_post_hook", "set_extra_state"},
        _nothing,
    ),
    **dict.fromkeys(
        {"state_dict", "buffers", "named_buffers", "forward", "__call__", "extra_repr"}
        | {"_get_name", "get_buffer", "get_extra_state"},
        lambda interp, module, *args, **kwargs: Unknown("a method of nn.Module"),
    ),
}


HARMLESS_METHODS.update(
    {"to", "half", "float", "double", "bfloat16", "eval", "train", "cuda", "cpu", "requires_grad_", "type"}
    | {"register_buffer", "children", "named_children", "modules", "named_modules", "parameters"}
    | {"named_parameters", "get_submodule", "get_parameter", "zero_grad"}
)
HARMLESS_ATTRIBUTES.update({"requires_grad", "data"})


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
    table = CONTAINERS.get(leaf, {})
    if name in table:
        return Native(name, table[name])
    if leaf == "Module" and name == "training":
        return _TRAINING
    if leaf == "Module" and name in _MODULE:
        return Native(name, _MODULE[name])
    if leaf == "Module":
        return _unmodelled(leaf, name) if name in OF_EVERY_MODULE else None
    if name == "__init__" and is_layer(cls):
        return Native(name, lambda interp, module, *args, **kwargs: construct(module, cls, args, kwargs))
    is_of_module = name.startswith("__") or name in _MODULE or name in OF_EVERY_MODULE
    return _unmodelled(leaf, name) if is_layer(cls) and not is_of_module and may_have(leaf, name) else None


def _unmodelled(cls: str, name: str) -> Native:
    return Native(name, lambda interp, module: Unknown(f"{cls}.{name}"), "property")


# -- modules as values --------------------------------------------------------------------------------

WELL_KNOWN.add(NN_MODULE)


class _ModuleHandler(Handler):
    def give(self, value: Module, name: str, given: Value) -> None:
        refuse(value, name, given)

    def attribute(self, interp: Interpreter, value: Module, name: str) -> Value:
        """``__dict__``, and the tables that a module keeps what is registered in."""
        return table(value, name) if name in TABLES else own_dict(value)

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
        values = [value.attrs[name] for name in numbered(value)] or list(value.attrs.values())
        if isinstance(index, slice):
            part = Module(value.cls)
            extend(interp, part, values[index])
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
