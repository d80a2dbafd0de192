"""Modules that wait to be built: which of them must not, since they may tie something.

Most of a model's modules never matter to a tie. Building them would be most of the work of a run, so they are
built when somebody looks into them. Which may not wait is for the room to say that knows the library.
"""

from __future__ import annotations

from tie_lint.interpreter.caches import Cache
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.values import Module


def may_escape(interp: Interpreter, cls: Class) -> bool:
    """Return whether building a module of a class, given nothing, may change or share something."""
    known: bool | None = cls.kept.get(_ESCAPES)  # asked far more often than there are classes
    if known is not None:
        return known
    hooks = [root.may_escape for root in cls.roots if root.may_escape is not None]
    return _ESCAPES.put(cls, any(may(interp, cls) for may in hooks))


_ESCAPES: Cache[bool] = Cache()


def may_matter(interp: Interpreter, module: Module) -> bool:
    """Return whether to look into a module when all ties are gathered."""
    if module.build is None or not isinstance(module.cls, Class):
        return True
    return may_escape(interp, module.cls)
