"""Helpers of ``PreTrainedModel`` that not every release has (modeling_utils.py, 4.51.3 to 5.23.0)."""

from __future__ import annotations

from collections.abc import Callable

from tie_lint.interpreter.base_values import Native, RaisedError, Value
from tie_lint.interpreter.values import Bound, Module
from tie_lint.intrinsics.transformers.context import Interpreter
from tie_lint.intrinsics.transformers.trace import Lacked
from tie_lint.intrinsics.transformers.tying_by_getters import tie_embeddings, tie_or_clone
from tie_lint.library.contract import Contract

LAST_WITH_HELPERS = "4.57"
"""The last minor release that has them."""


def _tie_or_clone(interp: Interpreter, model: Module, output: Value, source: Value) -> None:
    """The helper as the source calls it, which is an assignment by hand."""
    if isinstance(output, Module):
        interp.trace.assigned(output, "weight", interp.call_at)
    tie_or_clone(interp, model, output, source)


def _helper(name: str, function: Callable[..., Value], is_there: Callable[[Contract], bool]) -> Native:
    """A method that reading finds only where the release has it, so that ``hasattr`` is right about it."""

    def read(interp: Interpreter, model: Module, *args: Value) -> Value:
        if not is_there(interp.contract):
            interp.trace.events.append(Lacked(model, name))
            raise RaisedError("AttributeError", f"{model.cls.leaf!r} object has no attribute {name!r}")
        return function(interp, model, *args) if args else Bound(Native(name, function), model)

    return Native(name, read, "property")


HELPERS = {
    "tie_embeddings_and_encoder_decoder": _helper(
        "tie_embeddings_and_encoder_decoder",
        tie_embeddings,
        lambda contract: contract.ties_by == "getters" and contract.ties_submodels,
    ),
    "_tie_or_clone_weights": _helper(
        "_tie_or_clone_weights", _tie_or_clone, lambda contract: contract.runs_tie_hooks
    ),
}
