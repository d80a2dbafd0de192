"""Calling a class: the object it makes, at once or when somebody looks into it."""

from __future__ import annotations

from types import NoneType

from tie_lint.interpreter.aliases import chosen_from
from tie_lint.interpreter.attributes import class_value, get_attr
from tie_lint.interpreter.base_values import PART, External, Inert, Unknown, Value
from tie_lint.interpreter.caches import Cache
from tie_lint.interpreter.classes import Class, has_metaclass, inherited, is_metaclass
from tie_lint.interpreter.constructors import BUILTIN_TYPES, construct_builtin
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.enumerations import MEMBERS, is_enumeration
from tie_lint.interpreter.initialization import initialize
from tie_lint.interpreter.laziness import may_bring, may_escape
from tie_lint.interpreter.origins import of_call
from tie_lint.interpreter.register import CONSTRUCTORS, FUNCTIONS, method_of
from tie_lint.interpreter.register import function as find_function
from tie_lint.interpreter.roots import ATTRIBUTE_DICTS
from tie_lint.interpreter.twins import Pending, wait
from tie_lint.interpreter.values import (
    Function,
    Instance,
    Module,
    PlainNamespace,
    Tensor,
    holds_module,
    parts,
)
from tie_lint.python.node import Node
from tie_lint.python.nodes import Attr, Call, Name
from tie_lint.python.statements import Return
from tie_lint.python.walk import is_name, statements, walk


def instantiate(interp: Interpreter, cls: Class, args: list[Value], kwargs: dict[str, Value]) -> Value:
    """Call a class."""
    native = CONSTRUCTORS.get(cls.name)
    if native is not None:
        return native(interp, cls, *args, **kwargs)
    if _is_made_otherwise(cls):
        factory = _factory(interp, cls)
        made = None if factory is None else interp.call(factory, [cls, *args], kwargs)
        if factory is not None and not _is_one(made, cls):
            return made
        interp.doubt_arguments(f"what makes a {cls.leaf}", args, kwargs)
        return Unknown(f"a {cls.leaf}, made by __new__ or a metaclass", module=True)
    if cls.is_module:
        return _new_module(interp, cls, args, kwargs)
    if _OF_UNKNOWN_BASE.of(cls, lambda: _has_unknown_base(cls)):
        interp.doubt_arguments(f"what a base of {cls.leaf} is", args, kwargs)
        return Unknown(f"a {cls.leaf}, whose base is not known", module=True)
    if is_enumeration(cls):
        return _member(interp, cls, args)
    if not cls.names.isdisjoint(_TYPED_DICTS):
        return construct_builtin(interp, "dict", args, kwargs)
    if not cls.names.isdisjoint(_NOT_MADE):
        return Unknown(f"a {cls.leaf}", module=True)
    instance = Instance(cls)
    if not cls.names.isdisjoint(_MAPPINGS):
        instance.data = construct_builtin(interp, "dict", args, kwargs)
        if isinstance(instance.data, Unknown):
            return instance.data
    if not cls.names.isdisjoint(ATTRIBUTE_DICTS):
        instance.data = instance.attrs
        interp.call_method(instance, "__init__", *args, **kwargs)
        return instance
    initialize(interp, instance, args, kwargs)
    return instance


def _has_unknown_base(cls: Class) -> bool:
    """Whether nobody knows what one of the bases is, so that it may be a module, as no dict is."""
    return cls.names.isdisjoint(_MAPPINGS) and any(
        isinstance(base, Unknown) for item in cls.mro if isinstance(item, Class) for base in item.bases
    )


_OF_UNKNOWN_BASE: Cache[bool] = Cache()


def _member(interp: Interpreter, cls: Class, args: list[Value]) -> Value:
    """The member of an enumeration that has a value."""
    for name, found in cls.own().items() if len(args) == 1 else ():
        member = class_value(interp, cls, name, found) if found.kind == "value" else None
        if isinstance(member, MEMBERS):
            value = member.value
            if member is args[0] or (type(value) is type(args[0]) and value == args[0]):
                return member
    return Unknown(f"a member of {cls.leaf}")


def _is_made_otherwise(cls: Class) -> bool:
    """Whether a metaclass or ``__new__`` of linted code decides what calling a class gives."""
    return inherited(_MADE_OTHERWISE, cls, _has_maker) is not None


_MADE_OTHERWISE: Cache[bool | None] = Cache()


def _has_maker(cls: Class) -> bool | None:
    if cls.scope.path is None:
        return None
    own = cls.facts.has_method("__new__") and not _makes_its_own(cls)
    return True if own or any(map(is_metaclass, cls.facts.keywords)) else None


def _makes_its_own(cls: Class) -> bool:
    """Whether the ``__new__`` of a class does no more than ``return super().__new__(cls)``, at its end."""
    facts = cls.method("__new__")
    returned = [
        stmt.value for stmt in statements([] if facts is None else facts.body) if type(stmt) is Return
    ]
    match returned:
        case [Call(Attr(Call(Name("super")), "__new__"), [Name(first), *_])]:
            return facts is not None and first == facts.params[0].name and len(facts.body) == 1
    return False


def _factory(interp: Interpreter, cls: Class) -> Function | None:
    """The ``__new__`` of a class that is itself all that makes what calling the class gives.

    It asks no other ``__new__``, and no metaclass stands before it.
    """
    found = None if has_metaclass(cls) else get_attr(interp, cls, "__new__")
    is_all = isinstance(found, Function) and not any(map(_asks_another, walk(found.facts.body)))
    return found if is_all else None


def _asks_another(node: Node) -> bool:
    return is_name(node, "super") or (isinstance(node, Attr) and node.name == "__new__")


def _is_one(made: Value, cls: Class) -> bool:
    """Whether what was made may be an object of the class, whose ``__init__`` Python then calls."""
    if isinstance(made, (Module, Instance)):
        return isinstance(made.cls, Class) and cls in made.cls.mro
    return isinstance(made, Unknown)


_TYPED_DICTS = frozenset({"typing.TypedDict", "typing_extensions.TypedDict"})
_NOT_MADE = frozenset(
    {
        *("typing.NamedTuple", "collections.UserList", "collections.UserString", "collections.deque"),
        *("collections.Counter", "collections.ChainMap", "collections.defaultdict"),
        *(
            f"builtins.{kind.__name__}"
            for kind in (list, tuple, set, frozenset, str, bytes, int, float, complex)
        ),
    }
)
"""Bases whose objects hold what no attribute says."""
_MAPPINGS = frozenset({"builtins.dict", "collections.OrderedDict", "collections.UserDict"})


def _new_module(interp: Interpreter, cls: Class, args: list[Value], kwargs: dict[str, Value]) -> Module:
    """A module of an interpreted class.

    It is built at once when it is a model, is handed modules or parameters to hold, or when its text says
    that its construction may share something; otherwise it waits until somebody looks.
    """

    if cls.is_model or _could_share([*args, *kwargs.values()]):
        module, depth = _bare(cls), interp.depth
        interp.call_method(module, "__init__", *args, **kwargs)
        interp.depth = depth
        return module
    pending = Pending(interp, cls, args, kwargs, interp.attempts > 0)
    if may_escape(interp, cls) or any(may_bring(interp, value) for value in (*args, *kwargs.values())):
        module = _bare(cls)
        pending.build(module)
        return module
    module = _bare(cls)
    module.build = pending
    wait(module, args)
    return module


def _bare(cls: Class) -> Module:
    """A module before its ``__init__`` runs. Whether that is begun as it has to be is seen where all is read
    that may begin it."""
    module = Module(cls)
    module.begun = not _BEGUN_BY_OURS.of(cls, lambda: all(map(_has_init, cls.mro)))
    return module


_BEGUN_BY_OURS: Cache[bool] = Cache()


def _has_init(base: Value) -> bool:
    """Whether it is known what the ``__init__`` of a class does, where it has one."""
    if isinstance(base, External):
        return base.name in _WITHOUT_INIT or method_of(base.name, "__init__") is not None
    return isinstance(base, Class)


_WITHOUT_INIT = frozenset({"builtins.object", "abc.ABC", "typing.Generic", "typing.Protocol"})


def _could_share(value: Value) -> bool:
    """Whether code that gets a value could put something of the outside into a module with it."""
    if isinstance(value, (list, tuple, dict)):
        return any(_could_share(item) for item in parts(value))
    if isinstance(value, (Instance, PlainNamespace)):
        return holds_module(value)
    if isinstance(value, Unknown):
        return bool(value.aliases & PART)
    return not isinstance(value, _SHARES_NOTHING)


_SHARES_NOTHING = (bool, int, float, str, NoneType, range, Class, External, Tensor, Inert)


def call_external(
    interp: Interpreter, function: External, args: list[Value], kwargs: dict[str, Value]
) -> Value:
    """Call a name of a package that is not read."""
    name = function.name
    if name.startswith("builtins.") and name not in FUNCTIONS:
        leaf = function.leaf
        made = construct_builtin(interp, leaf, args, kwargs) if leaf in BUILTIN_TYPES else Unknown(leaf)
        return chosen_from(made, args)
    native = find_function(name)
    if native is not None:
        return interp.call(native, args, kwargs)
    interp.doubt_arguments(name, args, kwargs)
    return Unknown(f"{name}(…)", module=True, origin=of_call(function, args, kwargs))
