"""What a name of a package that is not read may stand for, by the way it is written.

Classes are ``CapWords``. Anything else may be a number, a string or a flag (``sys.platform``,
``flags.USE_X``), of which neither the truth is known nor what it equals; but not ``None``, as what a module
has only if something else is installed is looked for in an ``except`` clause, not asked whether it is there.
"""

from __future__ import annotations

import functools

from tie_lint.interpreter.base_values import External, Value
from tie_lint.interpreter.roots import READ_PACKAGES

OF_THE_MACHINE: set[str] = set()
"""How the names begin, in packages whose names are known, that hang on the machine."""


def may_be_plain(value: Value) -> bool:
    """Return whether a value is a name that may stand for a number, a string, a flag or a container."""
    return type(value) is External and _may_be_constant(value.name)


def hangs_on_machine(value: Value) -> bool:
    """Return whether a value is a name of which one machine has something and another has not."""
    return type(value) is External and value.name.startswith(tuple(OF_THE_MACHINE))


def may_be_lacking(owner: Value, value: Value) -> bool:
    """Return whether what reading an attribute gives stands for a name that its module may not have."""
    if type(value) is not External:
        return False
    module, _, _ = value.name.rpartition(".")
    if type(owner) is External:
        return owner.name == module and module.partition(".")[0] not in READ_PACKAGES
    return getattr(owner, "dotted", None) == module


@functools.lru_cache(maxsize=8192)
def _may_be_constant(name: str) -> bool:
    package, _, rest = name.partition(".")
    leaf = rest.rpartition(".")[2]
    if not rest:
        return False  # a module
    if leaf.startswith("__"):
        return leaf.endswith("__")
    if package in READ_PACKAGES:
        return name.startswith(tuple(OF_THE_MACHINE))
    is_class = leaf.lstrip("_")[:1].isupper() and not leaf.isupper()
    return not is_class
