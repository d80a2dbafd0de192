"""Modules that wait to be built: which of them must not, since they may tie something.

Most of a model's modules never matter to a tie. Building them would be most of the work of a run, so they are
built when somebody looks into them. Which may not wait is for the room to say that knows the library.
"""

from __future__ import annotations

from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.values import Module


def may_escape(interp: Interpreter, cls: Class) -> bool:
    """Whether building a module of a class, given nothing, may change or share something."""
    for root in cls.roots:  # noqa: SIM110, as a generator takes twice the time, and this is asked very often
        if root.may_escape is not None and root.may_escape(interp, cls):
            return True
    return False


def may_matter(interp: Interpreter, module: Module) -> bool:
    """Whether to look into a module when all ties are gathered."""
    if module.build is None or not isinstance(module.cls, Class):
        return True
    return may_escape(interp, module.cls)
