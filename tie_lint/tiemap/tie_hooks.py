"""Code that is there to tie and is not reached: hooks of 4.x under 5.x, and what an override leaves out."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from tie_lint.interpreter.classes import Class, definer
from tie_lint.interpreter.laziness import may_matter
from tie_lint.interpreter.values import Module
from tie_lint.intrinsics.torch import module_tree
from tie_lint.intrinsics.transformers.pretrained import METHODS
from tie_lint.python.calls import calls_own, passes_on
from tie_lint.python.statements import Span
from tie_lint.record import Data
from tie_lint.tiemap.construction import Construction, attempt, changeable, shared_parameters, tie

if TYPE_CHECKING:
    from tie_lint.intrinsics.transformers.context import Interpreter

HOOK = "_tie_weights"


class DeadHook(Data):
    """A ``_tie_weights`` that is never called."""

    owner: Class
    group: list[str]
    """Names that it would make one."""

    @property
    def at(self) -> Span:
        """Where it is defined."""
        facts = self.owner.method(HOOK)
        return self.owner.facts.at if facts is None else facts.at


def dead_hooks(interp: Interpreter, cls: Class, asked: Construction) -> list[DeadHook]:
    """Return the hooks that would share more of a model that asks for ties, if they were called.

    ``asked`` is such a model, which is left as it is. Empty where it is not known.
    """
    if interp.contract.runs_tie_hooks or asked.model is None or not any(_with_hook(interp, asked.model)):
        return []
    built = changeable(interp, cls, True)
    model, before = built.model, shared_parameters(interp, built)[0]
    if model is None or before is None:
        return []
    found: list[DeadHook] = []
    for module, owner in _with_hook(interp, model):
        if attempt(interp, partial(_revived, interp, module)) is None:
            return []
        after = shared_parameters(interp, built)[0]
        if after is None:
            return []
        new = [group for group in after if group not in before]
        if new and owner not in [hook.owner for hook in found]:
            found.append(DeadHook(owner, new[0]))
        before = after
    return found


def _with_hook(interp: Interpreter, model: Module) -> Iterator[tuple[Module, Class]]:
    """The modules that have the hook, each with the class that defines it, but those that ask it themselves
    when they are to tie."""
    for module in module_tree.distinct_modules(model, partial(may_matter, interp)):
        if isinstance(module.cls, Class) and may_matter(interp, module):
            owner, ties = definer(module.cls, HOOK), definer(module.cls, "tie_weights")
            facts = None if ties is None else ties.method("tie_weights")
            if owner is not None and not (facts is not None and calls_own(facts.body, HOOK)):
                yield module, owner


def _revived(interp: Interpreter, module: Module) -> bool:
    """Call the hook with the library's old helpers at its disposal."""
    with interp.under(interp.contract._replace(runs_tie_hooks=True)):
        interp.call_method(module, HOOK)
    return True


def left_out_by_override(interp: Interpreter, cls: Class) -> list[str]:
    """Return a group of names that the library's own ``tie_weights()`` would share and the class's override
    does not, in a model that asks for ties; empty where there is none or it is not known."""
    facts = cls.method("tie_weights") if "tie_weights" in cls.own() else None
    if facts is None or passes_on(facts.body, "tie_weights"):
        return []
    built = changeable(interp, cls, True)
    model = built.model
    if model is None or not tie(interp, model):  # `__init__` need not have asked the override
        return []
    before = shared_parameters(interp, built)[0]
    if before is None:
        return []

    def tie_as_the_library() -> bool:
        METHODS["tie_weights"](interp, model)
        return True

    after = shared_parameters(interp, built)[0] if attempt(interp, tie_as_the_library) else None
    return next((group for group in after or [] if group not in before), [])
