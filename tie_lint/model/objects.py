"""Objects: attributes and items read, set and deleted; classes instantiated; names compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tie_lint.model import configs, natives, tensors
from tie_lint.model.classes import NN_MODULE, Attribute, Class
from tie_lint.model.decorators import binding_kind, decorated
from tie_lint.model.python_natives import (
    BUILTIN_TYPES,
    builtin_attribute,
    construct_builtin,
    iterate,
    truth_of,
)
from tie_lint.model.values import (
    Bound,
    Env,
    External,
    Function,
    Instance,
    Lambda,
    Marker,
    Module,
    Native,
    Param,
    RaisedError,
    Super,
    Tensor,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from tie_lint.model.interpreter import Interpreter

# -- attributes ---------------------------------------------------------------------------------------


def get_attr(run: Interpreter, target: Value, name: str) -> Value:
    """``target.name``. Raises ``RaisedError("AttributeError")`` where it certainly does not exist."""
    from tie_lint.model.project import Scope

    match target:
        case Module():
            return _module_attr(run, target, name)
        case Instance():
            return _instance_attr(run, target, name)
        case Class():
            return _class_attr(run, target, name)
        case Super():
            return _super_attr(run, target, name)
        case Scope():
            return run.project.attribute(target, name)
        case External():
            return natives.external_attr(target, name)
        case Unknown():
            return Unknown(f"{target.why}.{name}", module=target.module)
        case Param() | Tensor():
            return tensors.attribute(target, name)
        case Function() | Bound() | Lambda() | Native():
            return Unknown(f"a function's {name}")
        case Marker():
            known = (target.name, name) in (("device", "type"), ("signature", "parameters"))
            return target.detail if known else Unknown(f"{target.name}.{name}")
    return builtin_attribute(run, target, name)


def _module_attr(run: Interpreter, module: Module, name: str) -> Value:
    attrs = module.attrs
    if name in attrs:
        return attrs[name]
    if name == "__class__":
        return module.cls
    if name == "__dict__" or name in ("_modules", "_parameters", "_buffers"):
        return natives.module_table(module, name)
    found = _from_class(run, module, name)
    if found is not _MISSING:
        return found
    if module.opaque is not None:
        return Unknown(f"?{module.opaque}", module=True)
    raise RaisedError("AttributeError", f"{module.cls.leaf!r} object has no attribute {name!r}")


def _instance_attr(run: Interpreter, instance: Instance, name: str) -> Value:
    if instance.cls.is_config:
        name = configs.mapped_name(run, instance.cls, name)
    if name in instance.attrs:
        return instance.attrs[name]
    if name == "__class__":
        return instance.cls
    if name == "__dict__":
        return instance.attrs
    found = _from_class(run, instance, name)
    if found is not _MISSING:
        return found
    if instance.data is not None:
        return builtin_attribute(run, instance.data, name)
    raise RaisedError("AttributeError", f"{instance.cls.leaf!r} object has no attribute {name!r}")


_MISSING = Marker("missing")


def _from_class(run: Interpreter, this: Module | Instance, name: str) -> Value:
    """An attribute that the class gives to its instance; ``_MISSING`` where it certainly gives none."""
    cls = this.cls
    if isinstance(cls, External):
        native = natives.native_method(cls.name, name) or natives.native_method(NN_MODULE, name)
        return _MISSING if native is None else _bind(run, this, cls, native, name)
    found = lookup(run, cls, name)
    if found is not None:
        return _bind(run, this, *found, name)
    if lookup(run, cls, "__getattr__") is not None and cls.method("__getattr__") is not None:
        return Unknown(f"?{cls.leaf}.__getattr__({name})", module=True)
    foreign = next(cls.foreign_bases(), None)
    if foreign is not None:
        return Unknown(f"?{foreign} may define {name}", module=True)
    return _MISSING


def lookup(run: Interpreter, cls: Class, name: str, after: Class | None = None) -> tuple[Any, Any] | None:
    """The first of a class's MRO (after ``after``) that gives an attribute: ``(owner, what it gives)``.

    What it gives is an :class:`Attribute` of the source, or a :class:`Native` of ours that stands for it.
    """
    key = f"lookup {name}"
    if after is None and key in cls.kept:
        return cls.kept[key]  # type: ignore[no-any-return]
    found = _lookup(cls, name, after)
    if after is None:
        cls.kept[key] = found
    return found


def _lookup(cls: Class, name: str, after: Class | None) -> tuple[Any, Any] | None:
    mro = cls.mro
    if after is not None:
        names = [item.name for item in mro]
        mro = mro[names.index(after.name) + 1 :] if after.name in names else []
    for item in mro:
        native = natives.native_method(item.name, name)
        if native is not None:
            return item, native
        if isinstance(item, Class):
            own = item.own().get(name)
            if own is not None and own.kind != "bare":
                return item, own
    return None


def _bind(run: Interpreter, this: Value, owner: Any, found: Native | Attribute, name: str) -> Value:
    """What reading an attribute of the class through an instance (or the class itself) gives."""
    if isinstance(found, Native):
        return run.call(found, [this], {}) if found.is_property else Bound(found, this)
    if found.kind == "value":
        return class_value(run, owner, name, found)
    if found.kind == "unknown":
        return Unknown(f"{owner.leaf}.{name}")
    facts = owner.method(name)
    if facts is None:
        return Unknown(f"{owner.leaf}.{name} was left out")
    function: Value = Function(facts, owner.scope, owner)
    kinds = {binding_kind(decorator) for decorator in facts.decorators}
    if None in kinds:
        function = decorated(run, function)
    if "staticmethod" in kinds:
        return function
    if "classmethod" in kinds:
        return Bound(function, this if isinstance(this, Class) else this.cls)
    if "classproperty" in kinds:
        return run.call(function, [this if isinstance(this, Class) else this.cls], {})
    if isinstance(this, Class):
        return Marker("property", function) if kinds & _PROPERTIES else function
    return run.call(function, [this], {}) if kinds & _PROPERTIES else Bound(function, this)


_PROPERTIES = frozenset({"property", "cached_property"})


def class_value(run: Interpreter, owner: Class, name: str, found: Attribute) -> Value:
    """The value of a class-level assignment. Mutable values live as long as the run."""
    key = (owner, name)
    if key in run.class_values:
        return run.class_values[key]
    expr: Any = found.value
    if expr[0] == "const":
        return expr[1]
    env = Env({}, owner.scope)
    run.class_values[key] = Unknown(f"{owner.leaf}.{name} depends on itself")
    for used in _names_in(expr):
        other = owner.own().get(used)
        if other is not None and other.kind == "value" and used != name:
            env.names[used] = class_value(run, owner, used, other)
    value = run.guarded(lambda: run.ev(expr, env))
    if isinstance(value, Marker) and value.name == "property":
        value = Unknown(f"{owner.leaf}.{name} is a property")
    if name == "sub_configs_defaults" and owner.is_config:
        value = configs.sub_config_specs(run, value)
    run.class_values[key] = value
    return value


def _names_in(expr: Any) -> set[str]:
    if isinstance(expr, list):
        if len(expr) == 2 and expr[0] == "name" and isinstance(expr[1], str):
            return {expr[1]}
        return {name for item in expr for name in _names_in(item)}
    return set()


def _class_attr(run: Interpreter, cls: Class, name: str) -> Value:
    if name in ("__name__", "__qualname__"):
        return cls.leaf
    if name == "__module__":
        return cls.scope.dotted
    if name == "__mro__":
        return tuple(cls.mro)
    if name == "config_class":
        return configs.config_class(run, cls) or None
    if name == "__init__" and configs.has_made_init(cls):
        return Marker(name, configs.init_parameters(cls))
    found = lookup(run, cls, name)
    if found is not None:
        return _bind(run, cls, *found, name)
    foreign = "object" if name.startswith("__") else next(cls.foreign_bases(), None)
    unread = any(isinstance(item, External) and item.name != NN_MODULE for item in cls.mro)
    if foreign is not None or unread:
        return Unknown(f"?{cls.leaf}.{name}")
    raise RaisedError("AttributeError", f"type object {cls.leaf!r} has no attribute {name!r}")


def _super_attr(run: Interpreter, target: Super, name: str) -> Value:
    this = target.this
    cls = this if isinstance(this, Class) else getattr(this, "cls", None)
    if not isinstance(cls, Class):
        return Unknown("super() of an unknown")
    if name == "__init__":
        made = configs.super_init(run, target)
        if made is not None:
            return made
    found = lookup(run, cls, name, target.after)
    if found is not None:
        return _bind(run, this, *found, name)
    if isinstance(this, Instance) and this.data is not None and name != "__init__":
        return builtin_attribute(run, this.data, name)
    foreign = next(target.after.foreign_bases(), None)
    if foreign is not None:
        return Unknown(f"?{foreign} may define {name}", module=True)
    if name.startswith("__"):
        return object_method(name, this)
    raise RaisedError("AttributeError", f"'super' object has no attribute {name!r}")


def object_method(name: str, this: Value) -> Native:
    """A method of ``object`` that ``super()`` reaches: it takes attributes as they are."""

    def get(run: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
        if isinstance(this, Instance | Module) and args[0] in this.attrs:
            return this.attrs[args[0]]
        return get_attr(run, this, args[0])

    def set_(run: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> None:
        if isinstance(this, Instance | Module):
            this.attrs[args[0]] = args[1]

    def nothing(run: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> None:
        return None

    return Native(name, {"__getattribute__": get, "__setattr__": set_}.get(name, nothing))


def find_method(run: Interpreter, target: Module | Instance, name: str) -> Value | None:
    """A method of an object's class, bound; None where the class has none."""
    found = _from_class(run, target, name)
    return None if found is _MISSING else found


def set_attr(run: Interpreter, target: Value, name: str, value: Value, at: Any = None) -> None:
    """``target.name = value``."""
    if isinstance(target, Instance):
        if target.cls.is_config:
            name = configs.mapped_name(run, target.cls, name)
        setter = lookup(run, target.cls, f"{name}.setter")
        if setter is not None:
            run.call(_bind(run, target, *setter, f"{name}.setter"), [value], {})
        else:
            target.attrs[name] = value
    elif isinstance(target, Module):
        if isinstance(target.cls, Class):
            setter = lookup(run, target.cls, f"{name}.setter")
            if setter is not None:
                run.call(_bind(run, target, *setter, f"{name}.setter"), [value], {})
                return
        if at is not None and isinstance(value, Module | Param):
            run.events.append((f"set {name}", target, at))
        target.attrs[name] = value
    elif isinstance(target, Class):
        run.class_values[target, name] = value
    elif isinstance(target, Unknown) and isinstance(value, Module | Param):
        run.doubts.append(f"{target.why} is given a module or parameter")


def delete_attr(run: Interpreter, target: Value, name: str) -> None:
    """``del target.name``."""
    if isinstance(target, Module | Instance):
        if name not in target.attrs:
            raise RaisedError("AttributeError", name)
        del target.attrs[name]


# -- items --------------------------------------------------------------------------------------------


def get_item(run: Interpreter, target: Value, index: Value) -> Value:
    """``target[index]``."""
    if isinstance(target, Unknown) or isinstance(index, Unknown):
        if isinstance(target, Unknown):
            return Unknown(f"an item of {target.why}", module=target.module)
        return Unknown(f"an item under {index.why}", module=may_give_module(target))
    if isinstance(target, External | Class):
        return target  # a generic alias: `OrderedDict[str, int]`
    if isinstance(target, Module):
        return natives.module_item(run, target, index)
    if isinstance(target, Tensor | Param):
        return tensors.item(target, index)
    if isinstance(target, Instance):
        method = find_method(run, target, "__getitem__")
        if method is not None:
            return run.call(method, [index], {})
        target = target.data
    if isinstance(target, dict | list | tuple | str | range):
        try:
            return target[index]
        except KeyError as error:
            raise RaisedError("KeyError", str(error)) from error
        except IndexError as error:
            raise RaisedError("IndexError", str(error)) from error
        except TypeError as error:
            return Unknown(str(error))
    return Unknown(f"an item of a {type(target).__name__}")


def may_give_module(value: Value) -> bool:
    """Whether a value, or an item of it, may be a module or something that makes one."""
    if isinstance(value, list | tuple):
        return any(may_give_module(item) for item in value)
    if isinstance(value, dict):
        return any(may_give_module(item) for item in value.values())
    if isinstance(value, Unknown):
        return value.module
    return not isinstance(value, bool | int | float | str | None | range | Tensor)


def set_item(run: Interpreter, target: Value, index: Value, value: Value) -> None:
    """``target[index] = value``."""
    if isinstance(target, Module) and isinstance(index, str | int):
        target.attrs[str(index)] = value
    elif isinstance(target, Instance) and isinstance(target.data, dict):
        target.data[index] = value
    elif isinstance(target, dict | list) and not isinstance(index, Unknown | slice):
        try:
            target[index] = value
        except (IndexError, TypeError) as error:
            raise RaisedError(type(error).__name__, str(error)) from error
    elif isinstance(value, Module | Param):
        run.doubts.append("a module is put under an unknown key")


def delete_item(run: Interpreter, target: Value, index: Value) -> None:
    """``del target[index]``."""
    if isinstance(target, Module) and isinstance(index, int):
        items = [item for name, item in target.attrs.items() if name.isdigit()]
        del items[index]
        for name in [name for name in target.attrs if name.isdigit()]:
            del target.attrs[name]
        target.attrs.update({str(i): item for i, item in enumerate(items)})
    elif isinstance(target, dict | list) and not isinstance(index, Unknown):
        try:
            del target[index]
        except (KeyError, IndexError, TypeError) as error:
            raise RaisedError(type(error).__name__, str(error)) from error


def contains(run: Interpreter, container: Value, item: Value) -> Value:
    """``item in container``: True, False or unknown."""
    if isinstance(container, Instance):
        method = find_method(run, container, "__contains__")
        if method is not None:
            truth = truth_of(run.call(method, [item], {}))
            return Unknown("an unknown membership") if truth is None else truth
        if isinstance(container.data, dict):
            return item in container.data
        if container.cls.is_config:
            return item in container.attrs
    if isinstance(container, str | dict | set | frozenset | range):
        try:
            return item in container
        except TypeError:
            return Unknown("an unknown membership")
    items = iterate(run, container)
    if items is None:
        return Unknown("an unknown membership")
    answers = [equal(candidate, item) for candidate in items]
    if True in answers:
        return True
    return next((answer for answer in answers if isinstance(answer, Unknown)), False)


def same(left: Value, right: Value) -> bool:
    """``left is right`` for known values."""
    if isinstance(left, External) and isinstance(right, External):
        return left.name == right.name
    if isinstance(left, bool | int | str | None) or isinstance(right, bool | int | str | None):
        return type(left) is type(right) and left == right
    return left is right


def equal(left: Value, right: Value) -> Value:
    """``left == right``: True, False or unknown."""
    if isinstance(left, Unknown):
        return left
    if isinstance(right, Unknown):
        return right
    if isinstance(left, External) and isinstance(right, External):
        return left.name == right.name
    if isinstance(left, Tensor | Param) or isinstance(right, Tensor | Param):
        return Unknown("a comparison of tensors")
    if isinstance(left, list | tuple) and type(left) is type(right):
        if len(left) != len(right):
            return False
        answers = [equal(one, two) for one, two in zip(left, right, strict=True)]
        return next((answer for answer in answers if answer is not True), True)
    return bool(left == right)


# -- construction -------------------------------------------------------------------------------------


def instantiate(run: Interpreter, cls: Class, args: list[Value], kwargs: dict[str, Value]) -> Value:
    """Call a class."""
    native = natives.native_constructor(cls)
    if native is not None:
        return native(run, cls, args, kwargs)
    if cls.is_module:
        return _new_module(run, cls, args, kwargs)
    if any(name.startswith("enum.") for name in cls.names):
        return Unknown(f"a member of {cls.leaf}")
    instance = Instance(cls)
    if not cls.names.isdisjoint(_MAPPINGS):
        instance.data = construct_builtin(run, "dict", args, kwargs)
        if isinstance(instance.data, Unknown):
            return instance.data
    configs.initialize(run, instance, args, kwargs)
    return instance


_MAPPINGS = frozenset({"builtins.dict", "collections.OrderedDict", "collections.UserDict"})


def _new_module(run: Interpreter, cls: Class, args: list[Value], kwargs: dict[str, Value]) -> Module:
    """A module of an interpreted class.

    It is built at once when it is a model or is handed modules or parameters to hold; otherwise nothing
    inside it can be shared with the outside, and it waits until somebody looks.
    """

    def build(module: Module) -> None:
        depth = run.depth
        run.call_method(module, "__init__", *args, **kwargs)
        run.depth = depth

    if cls.is_model or _could_share([*args, *kwargs.values()]):
        module = Module(cls)
        build(module)
        return module
    return Module(cls, _later(run, cls, build))


def _later(run: Interpreter, cls: Class, build: Any) -> Any:
    def pending(module: Module) -> None:
        try:
            build(module)
        except RaisedError as error:
            module.opaque = f"{cls.leaf}: {error}"

    return pending


def _could_share(value: Value) -> bool:
    """Whether code that gets a value could put something of the outside into a module with it."""
    if isinstance(value, list | tuple):
        return any(_could_share(item) for item in value)
    if isinstance(value, dict):
        return any(_could_share(item) for item in value.values())
    return isinstance(value, Module | Param | Lambda | Function | Bound)


def call_external(run: Interpreter, function: External, args: list[Value], kwargs: dict[str, Value]) -> Value:
    """Call a name of a package that is not read."""
    name = function.name
    if name.startswith("builtins."):
        leaf = function.leaf
        return construct_builtin(run, leaf, args, kwargs) if leaf in BUILTIN_TYPES else Unknown(leaf)
    return natives.call_external(run, function, args, kwargs)
