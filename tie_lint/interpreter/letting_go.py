"""Letting go of the models that were built, once nobody asks about them.

What waits in a model holds the config it is to be built of, and that holds what waits. Memory that such
circles hold is freed only by collections, which take far longer than to undo the circles does.
"""

from __future__ import annotations

from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.spot import Standing
from tie_lint.interpreter.values import Instance


def let_go(interp: Interpreter) -> None:
    """Hold no model any more, and undo the circles in those that there were: nobody may look into them."""
    interp.fresh()
    interp.twins.clear()
    for pending in interp.pending:
        for value in pending.args:
            if isinstance(value, Instance):
                value.waiting.clear()
        pending.args, pending.kwargs, pending.standing = [], {}, _NOWHERE
    interp.pending.clear()


_NOWHERE = Standing([], None)
