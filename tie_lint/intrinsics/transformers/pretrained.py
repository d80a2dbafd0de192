"""``PreTrainedModel``, per contract: what construction, the getters and the tie do in each era.

Written after ``modeling_utils.py`` of 4.51.3, 4.57.6 and 5.23.0; what differs between releases is asked
of the :class:`~tie_lint.library.contract.Contract`, never of a version number.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from tie_lint.interpreter import register
from tie_lint.interpreter.attribute_changes import set_attr
from tie_lint.interpreter.attributes import attribute_of, get_attr
from tie_lint.interpreter.base_values import UNBOUND, Native, RaisedError, Spread, Unknown, Value
from tie_lint.interpreter.builtin_types import truth_of
from tie_lint.interpreter.classes import Attribute, Class
from tie_lint.interpreter.inheritance import lookup
from tie_lint.interpreter.laziness import may_matter
from tie_lint.interpreter.roots import ROOTS, Root
from tie_lint.interpreter.spot import users_span
from tie_lint.interpreter.values import Instance, Module
from tie_lint.intrinsics.stdlib.copying import copied
from tie_lint.intrinsics.torch import module_tree
from tie_lint.intrinsics.torch.escape_analysis import may_escape
from tie_lint.intrinsics.transformers.context import Interpreter
from tie_lint.intrinsics.transformers.fp32_modules import check_kept_modules
from tie_lint.intrinsics.transformers.helpers import HELPERS
from tie_lint.intrinsics.transformers.trace import Downloaded, InheritedGetter, InitWeights, PostInit
from tie_lint.intrinsics.transformers.tying_by_getters import tie_by_getters, tie_or_clone
from tie_lint.intrinsics.transformers.tying_by_keys import expanded_keys, tie_by_keys
from tie_lint.library.names import CONFIG_BASES, PRETRAINED_MODEL
from tie_lint.python.effects import hands_attributes_on

# -- construction -------------------------------------------------------------------------------------


def _init(interp: Interpreter, model: Module, config: Value = UNBOUND, *args: Value, **kwargs: Value) -> None:
    """``PreTrainedModel.__init__``: holds the config and settles the attention implementation."""
    if config is UNBOUND and Spread.KEYWORDS in kwargs:
        config = Unknown("the argument config")
    if config is UNBOUND:
        missing = "PreTrainedModel.__init__() missing 1 required positional argument: 'config'"
        raise RaisedError("TypeError", missing)
    if config is None or isinstance(config, (str, int)):
        raise RaisedError("ValueError", "Parameter config should be an instance of class `PretrainedConfig`")
    model.begun, attrs = True, model.attrs
    attrs["config"] = config
    attrs["warnings_issued"] = {}
    attrs["name_or_path"] = ""
    attrs["generation_config"] = Unknown("a generation config")
    attrs["loss_type"] = None
    if isinstance(config, Instance):
        _settle_attention(interp, model, config)


def _settle_attention(interp: Interpreter, model: Module, config: Instance) -> None:
    if config.attrs.get("_attn_implementation_internal") is None:
        supported = truth_of(attribute_of(interp, model, "_supports_sdpa"))
        config.attrs["_attn_implementation_internal"] = "sdpa" if supported else "eager"
    if config.attrs.get("_experts_implementation_internal") is None:
        config.attrs["_experts_implementation_internal"] = "eager"


def _post_init(interp: Interpreter, model: Module) -> None:
    interp.trace.events.append(PostInit(model, interp.call_at))
    if _is_deferred(interp, model):
        return
    if interp.contract.ties_by == "keys":
        expand_keys(interp, model)
    interp.call_method(model, "init_weights")
    interp.decided_by(
        "checks_kept_modules", lambda checks: _check_kept_modules(interp, model) if checks else None
    )


def expand_keys(interp: Interpreter, model: Module) -> None:
    """Set ``all_tied_weights_keys``: the model's own keys, and those of the models inside."""
    expanded = interp.call_method(model, "get_expanded_tied_weights_keys", all_submodels=False)
    if isinstance(expanded, dict):
        expanded = dict(expanded)
        for name, child in model.children():
            below = attribute_of(interp, child, "all_tied_weights_keys") if not _plain_layer(child) else None
            if isinstance(below, Unknown):
                interp.doubt(below.why)
            elif below:
                expanded.update({f"{name}.{key}": f"{name}.{value}" for key, value in below.items()})
    model.attrs["all_tied_weights_keys"] = expanded


def _check_kept_modules(interp: Interpreter, model: Module) -> None:
    check_kept_modules(interp, model, attribute_of(interp, model, "_keep_in_fp32_modules"))


def _is_deferred(interp: Interpreter, model: Module) -> bool:
    """Whether this run puts off what ties the model, to see what the model shares by itself."""
    return interp.trace.all_deferred or (
        interp.trace.deferred is not None and interp.trace.deferred is model.cls
    )


def _plain_layer(module: Module) -> bool:
    """A module that is certainly no model, and need not be built to know that it declares nothing."""
    return not isinstance(module.cls, Class) or (module.build is not None and not module.cls.is_model)


def _init_weights(interp: Interpreter, model: Module) -> None:
    interp.trace.events.append(InitWeights(model, interp.call_at))
    if _is_deferred(interp, model):
        return
    initialize_modules(interp, model)
    if interp.contract.ties_by == "getters" and isinstance(config := model.attrs.get("config"), Instance):
        _check_initialized(interp, config)
    if interp.contract.ties_by == "keys":
        interp.call_method(model, "tie_weights", recompute_mapping=False)
    else:
        interp.call_method(model, "tie_weights")


def _check_initialized(interp: Interpreter, config: Instance) -> None:
    """Raise what a config raises that lacks what the library's own constructor gives it.

    A tree of transformers that is checked under another release has a base config of its own, and it gives
    its configs what it says.
    """
    if any(
        isinstance(one, Class) and one.name in CONFIG_BASES and one.scope.path is None
        for one in config.cls.mro
    ):
        get_attr(interp, config, "pruned_heads")


def initialize_modules(interp: Interpreter, model: Module) -> None:
    """Call ``_init_weights`` for every module, inner ones first, where it gives one what another has."""
    found = lookup(model.cls, "_init_weights") if isinstance(model.cls, Class) else None
    if found is None or not isinstance(found[0], Class) or not isinstance(found[1], Attribute):
        return
    facts = found[0].method("_init_weights")
    if facts is not None and hands_attributes_on(facts.body):
        for module in reversed(module_tree.distinct_modules(model, partial(may_matter, interp))):
            interp.call_method(model, "_init_weights", module)


# -- getters ------------------------------------------------------------------------------------------


def _resolved(interp: Interpreter, model: Module, path: str) -> Value:
    """What a dotted default path finds below a model; None where it finds nothing."""
    value: Value = model
    for part in path.split("."):
        value = attribute_of(interp, value, part)
        if value is None or isinstance(value, Unknown):
            return value
    return value


def _found_by_default(interp: Interpreter, model: Module, paths: tuple[str, ...]) -> tuple[str, bool, Value]:
    """The first of the inherited getter's paths where something is: ``(dotted path, whether to ask the getter
    of what is there, what that is)``.
    """
    layer = attribute_of(interp, model, "_input_embed_layer", "embed_tokens")
    prefix = attribute_of(interp, model, "base_model_prefix", "")
    if isinstance(layer, Unknown) or isinstance(prefix, Unknown):
        return "", False, Unknown("where the inherited getter looks", module=True)
    for path in paths:
        below = path.removesuffix("()").format(layer=layer, base=prefix or "")
        found = _resolved(interp, model, below) if below else None
        if found is not None and found is not model:
            return below, path.endswith("()"), found
    return "", False, None


def _get_input_embeddings(interp: Interpreter, model: Module) -> Value:
    interp.trace.events.append(InheritedGetter(model))
    delegates, found = interp.decided_by(
        "input_getter_default", lambda paths: _found_by_default(interp, model, paths)[1:]
    )
    if found is None:
        raise RaisedError("NotImplementedError", f"get_input_embeddings of {model.cls.leaf}")
    if delegates and not isinstance(found, Unknown):
        return interp.call_method(found, "get_input_embeddings")
    return found


def _set_input_embeddings(interp: Interpreter, model: Module, value: Value) -> None:
    path, delegates, found = interp.decided_by(
        "input_getter_default", lambda paths: _found_by_default(interp, model, paths)
    )
    if found is None or not path:
        raise RaisedError("NotImplementedError", f"set_input_embeddings of {model.cls.leaf}")
    if delegates:
        interp.call_method(found, "set_input_embeddings", value)
    else:
        parent, _, name = path.rpartition(".")
        set_attr(interp, _resolved(interp, model, parent) if parent else model, name, value)


def _get_output_embeddings(interp: Interpreter, model: Module) -> Value:
    head = interp.decided_by(
        "output_getter_default", lambda name: None if name is None else attribute_of(interp, model, name)
    )
    if head is None:
        return None
    try:
        source = interp.call_method(model, "get_input_embeddings")
    except RaisedError as error:
        if error.kind == "NotImplementedError":
            return None
        raise
    return Unknown("whether the input getter answers", module=True) if isinstance(source, Unknown) else head


def _set_output_embeddings(interp: Interpreter, model: Module, new_embeddings: Value) -> None:
    name = interp.contract.output_getter_default
    if name is None:
        raise RaisedError("AttributeError", f"{model.cls.leaf} has no attribute 'set_output_embeddings'")
    if get_attr(interp, model, name) is not None:
        model.attrs[name] = new_embeddings


# -- tying -----------------------------------------------------------------------------------------------


def _tie_weights(
    interp: Interpreter, model: Module, missing_keys: Value = None, recompute_mapping: Value = True
) -> None:
    if interp.contract.ties_by == "keys":
        if missing_keys != set():  # where none is, values that differ are kept apart
            tie_by_keys(interp, model, recompute_mapping)
    else:
        tie_by_getters(interp, model)


# -- the table ----------------------------------------------------------------------------------------


def _from_config(interp: Interpreter, cls: Class, config: Value = None, **kwargs: Value) -> Value:
    named = {key: value for key, value in kwargs.items() if key not in _CONTEXT_ARGUMENTS}
    if isinstance(config, Instance) and interp.contract.ties_by == "getters":
        config = copied(config)  # 4.x: `_from_config` copies what it is given
    attention = kwargs.get("attn_implementation")
    if isinstance(config, Instance) and attention is not None:
        config.attrs["_attn_implementation_internal"] = attention
    return interp.call(cls, [config], named)


_CONTEXT_ARGUMENTS = frozenset(
    {"torch_dtype", "dtype", "attn_implementation", "experts_implementation"}
    | {"use_flash_attention_2", "allow_all_kernels"}
)


def downloaded(interp: Interpreter, *args: Value, **kwargs: Value) -> Value:
    """``from_pretrained`` of a model class: another model, of which nothing is known."""
    if not interp.loading and not {"device_map", Spread.KEYWORDS} & kwargs.keys():
        interp.trace.events.append(Downloaded(users_span()))
    return Unknown("a downloaded model", module=True)


def _nothing(interp: Interpreter, *args: Value, **kwargs: Value) -> None:
    return None


def _input_embeddings(interp: Interpreter, model: Module, *args: Value, **kwargs: Value) -> Value:
    return interp.call_method(model, "get_input_embeddings")


METHODS: dict[str, Callable[..., Value]] = {
    "__init__": _init,
    "__init_subclass__": _nothing,
    "post_init": _post_init,
    "init_weights": _init_weights,
    "initialize_weights": _nothing,
    "tie_weights": _tie_weights,
    "_tie_embedding_weights": tie_or_clone,
    "get_expanded_tied_weights_keys": expanded_keys,
    "get_input_embeddings": _get_input_embeddings,
    "set_input_embeddings": _set_input_embeddings,
    "get_output_embeddings": _get_output_embeddings,
    "set_output_embeddings": _set_output_embeddings,
    "resize_token_embeddings": _input_embeddings,
    "_backward_compatibility_gradient_checkpointing": _nothing,
    "_initialize_weights": _nothing,
    "prune_heads": _nothing,
    "gradient_checkpointing_enable": _nothing,
    "enable_input_require_grads": _nothing,
    "_from_config": _from_config,
    "from_pretrained": downloaded,
}


register.HARMLESS_METHODS.update({"_init_weights", "_initialize_weights", "gradient_checkpointing_enable"})

_CLASS_METHODS = {"_from_config", "from_pretrained"}
_NATIVES = {
    name: Native(name, function, "class" if name in _CLASS_METHODS else "instance")
    for name, function in METHODS.items()
}
_GETTERS_AND_SETTERS = (
    *("get_input_embeddings", "set_input_embeddings"),
    *("get_output_embeddings", "set_output_embeddings"),
)

register.METHODS[PRETRAINED_MODEL] = {**_NATIVES, **HELPERS}
register.METHODS["transformers.modeling_utils.EmbeddingAccessMixin"] = {
    name: _NATIVES[name] for name in _GETTERS_AND_SETTERS
}
ROOTS[PRETRAINED_MODEL] = Root("model", may_escape=may_escape)
