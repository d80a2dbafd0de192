"""Predict a load: build the class under its config.json, and give its parameters what the checkpoint has."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tie_lint.interpreter.base_values import RaisedError
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.regexes import TooCostlyError
from tie_lint.interpreter.values import Module, Param
from tie_lint.intrinsics.torch import module_tree
from tie_lint.loading.load import Load
from tie_lint.loading.outcome import Prediction, Stored
from tie_lint.loading.transforms import UntoldRenamingError
from tie_lint.python.nodes import Call
from tie_lint.python.statements import FunctionFacts, Return
from tie_lint.python.walk import calls, last_name, statements
from tie_lint.tiemap.construction import Construction, attempt, construct_as, shared_parameters
from tie_lint.tiemap.symmetric import UntoldError
from tie_lint.tiemap.tied_keys import expanded_keys

if TYPE_CHECKING:
    from tie_lint.intrinsics.transformers.context import Interpreter

Values = Mapping[str, Any]


def predict(interp: Interpreter, cls: Class, values: Values, stored: Stored | None) -> Prediction:
    """Return what ``cls.from_pretrained`` makes of a folder whose config.json holds ``values``.

    Without a checkpoint only what is tied in a model that is built with that config.
    """
    whole = construct_as(interp, cls, values)
    if whole.raised:
        return Prediction(None, raises=whole.raised)
    ties, _ = shared_parameters(interp, whole)
    asked, _ = shared_parameters(interp, construct_as(interp, cls, values, tied=True))
    if ties is None:
        return Prediction(None, "; ".join(map(str, whole.doubts[:3])) or "the model is not all known")
    mapping = {} if whole.model is None else expanded_keys(whole.model)
    found = Prediction(None, is_built=True, ties=ties, asked=asked or [], mapping=mapping)
    found.embedding = _weight(interp, whole, "get_input_embeddings")
    found.head = _weight(interp, whole, "get_output_embeddings")
    own = own_loading(cls) or (own_tying(cls) if interp.contract.ties_by == "keys" else None)
    if stored is None:
        found.reason = "there is no checkpoint whose names are known"
    elif not interp.contract.loads_on_meta:
        found.reason = "what releases before 4.51 load was not measured"
    elif own is not None:
        found.reason = f"{own} is the model's own"
    else:
        bare = construct_as(interp, cls, values, deferred=True)
        _load(interp, bare, stored, found, quantised=bool(values.get("quantization_config")))
    return found


def _weight(interp: Interpreter, built: Construction, getter: str) -> str | None:
    """The name of the weight of what a getter returns."""
    model = built.model
    module = None if model is None else attempt(interp, lambda: interp.call_method(model, getter))
    path = module_tree.path_of(model, module) if model is not None and isinstance(module, Module) else None
    if model is None or not path:
        return None
    return f"{path}.weight" if isinstance(module_tree.parameter(model, f"{path}.weight"), Param) else None


def _load(
    interp: Interpreter, bare: Construction, stored: Stored, found: Prediction, *, quantised: bool
) -> None:
    """Load the checkpoint into a model that is not tied yet, and note what comes of it."""
    if bare.model is None:
        found.reason = "; ".join(map(str, bare.doubts[:3])) or "the model cannot be built without being tied"
        return
    load = Load(interp, bare.model, stored)
    mapping = found.mapping
    groups = [*found.ties, *found.asked, [*mapping, *mapping.values()], found.ends]
    try:
        load.place({name for group in groups for name in group})
        found.loaded = load.by_keys(mapping) if interp.contract.ties_by == "keys" else load.by_getters()
        if found.loaded.mismatched and quantised:
            found.loaded, found.reason = None, "the checkpoint is quantised, and its sizes are others"
    except (UntoldError, UntoldRenamingError, TooCostlyError, re.error) as error:
        found.reason = str(error)
    except RaisedError as error:
        found.raises = str(error)


def own_loading(cls: Class) -> str | None:
    """Return a method that takes the place of the library's loading."""
    for item in cls.mro:
        if not isinstance(item, Class) or item.leaf == "PreTrainedModel":
            break
        for name in ("from_pretrained", "_load_pretrained_model", "_fix_state_dict_key_on_load"):
            if item.facts.has_method(name) and not _only_hands_on(item.method(name), name):
                return f"{item.leaf}.{name}"
    return None


def own_tying(cls: Class) -> str | None:
    """Return a ``tie_weights`` that does more than the library's, in a class that is not its own."""
    for item in cls.mro:
        if not isinstance(item, Class) or item.scope.dotted.startswith("transformers."):
            break
        if item.facts.has_method("tie_weights") and not _only_hands_on(
            item.method("tie_weights"), "tie_weights"
        ):
            return f"{item.leaf}.tie_weights"
    return None


def _only_hands_on(method: FunctionFacts | None, name: str) -> bool:
    """Whether a method returns what the one of the same name gives, and does nothing to it."""
    if method is None:
        return False
    values = [one.value for one in statements(method.body) if isinstance(one, Return)]
    handed_on = [isinstance(value, Call) and last_name(value.function) == name for value in values]
    asked = sum(last_name(call.function) == name for call in calls(method.body))
    return bool(values) and all(handed_on) and asked == len(values)
