"""Dicts whose items are attributes, as small packages bring them: configs are made of such.

Written after chanfig 0.0.117 and easydict 1.14. Some turn dicts that they are given into their own
kind: what comes of those stays unknown.
"""

from __future__ import annotations

from tie_lint.interpreter.attributes import class_value
from tie_lint.interpreter.base_values import Native, Spread, Unknown, Value
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.register import METHODS
from tie_lint.interpreter.roots import ATTRIBUTE_DICTS
from tie_lint.interpreter.spot import because
from tie_lint.interpreter.values import Instance

ATTRIBUTE_DICTS.update({"chanfig.FlatDict", "easydict.EasyDict"})


def _init(interp: Interpreter, this: Instance, *args: Value, **kwargs: Value) -> None:
    """What it is given, then what the bodies of its classes give and it was not given."""
    defaults = _defaults(interp, this.cls)
    given = [
        *(arg.attrs if isinstance(arg, Instance) and arg.data is arg.attrs else arg for arg in args),
        kwargs,
    ]
    for items in given:
        if isinstance(items, dict) and Spread.KEYWORDS not in items:
            for name, value in items.items():
                this.put(name, Unknown(f"{this.cls.leaf}.{name}") if isinstance(value, dict) else value)
        elif items is not None:
            why = items.why if isinstance(items, Unknown) else "items that are not known"
            names = {*defaults, *this.attrs}
            this.attrs.update(
                {name: Unknown(because(f"{this.cls.leaf}.{name} of {{}}", why)) for name in names}
            )
    for name, value in defaults.items():
        if name not in this.attrs:
            this.put(name, value)


def _defaults(interp: Interpreter, cls: Class) -> dict[str, Value]:
    """What the bodies of a class and of those above it give to their names, those above first."""
    owners = [item for item in reversed(cls.mro) if isinstance(item, Class)]
    return {
        name: class_value(interp, owner, name, attribute)
        for owner in owners
        for name, attribute in owner.own().items()
        if attribute.kind == "value" and not name.startswith("__")
    }


for _name in ATTRIBUTE_DICTS:
    METHODS[_name] = {"__init__": Native("__init__", _init)}
