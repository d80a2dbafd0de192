"""Code that is there to tie and is not reached: hooks of 4.x under 5.x, and what an override leaves out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from tie_lint.model import tree
from tie_lint.model.calls import passes_on
from tie_lint.model.classes import Class
from tie_lint.model.pretrained import METHODS
from tie_lint.model.sharing import may_matter
from tie_lint.model.tiemap import Construction, attempt, construct, shared_parameters
from tie_lint.model.values import Module
from tie_lint.python.facts import Span

if TYPE_CHECKING:
    from tie_lint.model.interpreter import Interpreter

HOOK = "_tie_weights"


@dataclass(frozen=True, slots=True)
class DeadHook:
    """A ``_tie_weights`` that is never called."""

    owner: Class
    group: list[str]
    """Names that it would make one."""

    @property
    def at(self) -> Span:
        """Where it is defined."""
        facts = self.owner.method(HOOK)
        return self.owner.facts.at if facts is None else facts.at


def dead_hooks(run: Interpreter, cls: Class, asked: Construction) -> list[DeadHook]:
    """The hooks that would share more of a model that asks for ties, if they were called.

    ``asked`` is such a model, which is left as it is. Empty where it cannot be told.
    """
    if run.contract.runs_tie_hooks or asked.model is None or not any(_with_hook(run, asked.model)):
        return []
    built = construct(run, cls, True)
    model, before = built.model, shared_parameters(run, built)[0]
    if model is None or before is None:
        return []
    found: list[DeadHook] = []
    for module, owner in _with_hook(run, model):
        if attempt(run, partial(_revived, run, module)) is None:
            return []
        after = shared_parameters(run, built)[0]
        if after is None:
            return []
        new = [group for group in after if group not in before]
        if new and owner not in [hook.owner for hook in found]:
            found.append(DeadHook(owner, new[0]))
        before = after
    return found


def _with_hook(run: Interpreter, model: Module) -> Iterator[tuple[Module, Class]]:
    """The modules that have the hook, each with the class that defines it."""
    for module in tree.distinct_modules(model, lambda item: may_matter(run, item)):
        if isinstance(module.cls, Class) and may_matter(run, module):
            for item in module.cls.mro:
                if isinstance(item, Class) and item.facts.has_method(HOOK):
                    yield module, item
                    break


def _revived(run: Interpreter, module: Module) -> bool:
    """Call the hook with the library's old helpers at its disposal."""
    before = run.contract
    run.contract = before._replace(runs_tie_hooks=True)
    try:
        run.call_method(module, HOOK)
    finally:
        run.contract = before
    return True


def left_out_by_override(run: Interpreter, cls: Class) -> list[str]:
    """A group of names that the library's own ``tie_weights()`` would share and the class's override does
    not, in a model that asks for ties; empty where there is none or it cannot be told."""
    facts = cls.method("tie_weights") if "tie_weights" in cls.own() else None
    if facts is None or passes_on(facts.body, "tie_weights"):
        return []
    built = construct(run, cls, True)
    model, before = built.model, shared_parameters(run, built)[0]
    if model is None or before is None:
        return []

    def tie() -> bool:
        METHODS["tie_weights"](run, [model], {})
        return True

    after = shared_parameters(run, built)[0] if attempt(run, tie) else None
    return next((group for group in after or [] if group not in before), [])
