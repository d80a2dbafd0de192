"""The containers of ``torch.nn``: lists, sequences and mappings of modules or parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tie_lint.interpreter.base_values import RaisedError, Unknown, Value, cause_of
from tie_lint.interpreter.budget import granted
from tie_lint.interpreter.builtin_types import iterate
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.spot import because
from tie_lint.interpreter.subscripts import delete_item
from tie_lint.interpreter.unnamed_attributes import put_unnamed
from tie_lint.interpreter.values import Module

Call = Callable[..., Value]


def _list_init(interp: Interpreter, module: Module, modules: Value = None) -> None:
    if modules is not None:
        extend(interp, module, modules)


def extend(interp: Interpreter, module: Module, modules: Value) -> None:
    """Put what an iterable gives at the end of a list of modules."""
    items = [] if modules is None else iterate(interp, modules)
    if items is None or not granted(len(items)):
        module.opaque = because("a list of modules: {}", cause_of(modules))
        return
    count = _count(module)
    module.attrs.update({str(count + i): item for i, item in enumerate(items)})


def numbered(module: Module) -> list[str]:
    """Return the names of the items of a list."""
    return [name for name in module.attrs if name.isdigit()]


def _count(module: Module) -> int:
    """How many items a list has. As a rule it has nothing else, which is seen at once."""
    count = len(module.attrs)
    return count if str(count - 1) in module.attrs else len(numbered(module))


def _list_append(interp: Interpreter, module: Module, value: Value) -> Value:
    module.attrs[str(_count(module))] = value
    return module


def _list_insert(interp: Interpreter, module: Module, index: Value, value: Value) -> None:
    if not isinstance(index, int):
        interp.doubt("a module is put into a list of modules, nobody knows where")
        return
    items = [module.attrs.pop(name) for name in numbered(module)]
    items.insert(index, value)
    module.attrs.update({str(i): item for i, item in enumerate(items)})


def _list_pop(interp: Interpreter, module: Module, key: Value) -> Value:
    names = numbered(module)
    if not isinstance(key, int) or not -len(names) <= key < len(names):
        interp.doubt("an item that nobody knows is taken out of a list of modules")
        return Unknown("an item of a list of modules", module=True)
    taken = module.attrs[names[key]]
    delete_item(interp, module, key)
    return taken


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


def _dict_pop(interp: Interpreter, module: Module, key: Value) -> Value:
    if isinstance(key, Unknown) or module.hidden_as() is not None:
        return _not_followed(interp, module)
    if key not in module.attrs:
        raise RaisedError("KeyError", str(key))
    return module.attrs.pop(key)


def _dict_clear(interp: Interpreter, module: Module) -> None:
    module.attrs.clear()


def _dict_get(interp: Interpreter, module: Module, key: Value, default: Value = None) -> Value:
    if isinstance(key, Unknown) or module.hidden_as() is not None:
        return Unknown("an item of a mapping of modules", module=True)
    return module.attrs.get(key, default)


def _not_followed(interp: Interpreter, module: Module, *args: Value) -> Value:
    interp.doubt(f"a method of {module.cls.leaf} that is not modelled")
    return Unknown(f"what a method of {module.cls.leaf} gives", module=True)


def _contains(interp: Interpreter, module: Module, key: Value) -> Value:
    if isinstance(key, Unknown) or (module.hidden_as() is not None and key not in module.attrs):
        return Unknown("an unknown membership")
    return key in module.attrs


_LIST: dict[str, Call] = {
    "__init__": _list_init,
    "append": _list_append,
    "extend": extend,
    "insert": _list_insert,
    "pop": _list_pop,
    "__len__": _length,
}
_DICT: dict[str, Call] = {
    "__init__": _dict_init,
    "update": _dict_update,
    "keys": _dict_items("keys"),
    "values": _dict_items("values"),
    "items": _dict_items("items"),
    "pop": _dict_pop,
    "clear": _dict_clear,
    "__len__": _length,
    "__contains__": _contains,
}
CONTAINERS: dict[str, dict[str, Call]] = {
    "ModuleList": _LIST,
    "ParameterList": _LIST,
    "Sequential": {**_LIST, "__init__": _sequential_init},
    "ModuleDict": _DICT,
    "ParameterDict": {
        **_DICT,
        "get": _dict_get,
        **dict.fromkeys(("copy", "fromkeys", "popitem", "setdefault"), _not_followed),
    },
}
"""Their methods, by the class's name."""
