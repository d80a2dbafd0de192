"""``PreTrainedModel``, per contract: what construction, the getters and the tie do in each era.

Written after ``modeling_utils.py`` of 4.51.3, 4.57.6 and 5.23.0; what differs between releases is asked
of the :class:`~tie_lint.library.contract.Contract`, never of a version number.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import cycle

from tie_lint.interpreter import register
from tie_lint.interpreter.attribute_changes import set_attr
from tie_lint.interpreter.attributes import get_attr
from tie_lint.interpreter.base_values import Native, RaisedError, Unknown, Value
from tie_lint.interpreter.builtin_types import truth_of
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.laziness import may_matter
from tie_lint.interpreter.roots import ROOTS, Root
from tie_lint.interpreter.values import Instance, Module, Param, Tensor
from tie_lint.intrinsics.stdlib.copying import copied
from tie_lint.intrinsics.torch import module_tree
from tie_lint.intrinsics.torch.escape_analysis import may_escape
from tie_lint.intrinsics.transformers.context import Interpreter
from tie_lint.intrinsics.transformers.fp32_modules import check_kept_modules
from tie_lint.intrinsics.transformers.trace import InheritedGetter, InitWeights, PostInit, Reshaped, Tied
from tie_lint.library.names import PRETRAINED_MODEL

# -- construction -------------------------------------------------------------------------------------


def _init(interp: Interpreter, model: Module, config: Value = None, *args: Value, **kwargs: Value) -> None:
    """``PreTrainedModel.__init__``: holds the config and settles the attention implementation."""
    if config is None or isinstance(config, (str, int)):
        raise RaisedError("ValueError", "Parameter config should be an instance of class `PretrainedConfig`")
    attrs = model.attrs
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


def attribute_of(interp: Interpreter, target: Value, name: str, default: Value = None) -> Value:
    """``getattr(target, name, default)``."""
    try:
        return get_attr(interp, target, name)
    except RaisedError as error:
        if error.kind == "AttributeError":
            return default
        raise


def _post_init(interp: Interpreter, model: Module) -> None:
    interp.trace.events.append(PostInit(model, interp.call_at))
    if _is_deferred(interp, model):
        return
    if interp.contract.ties_by == "keys":
        expanded = interp.call_method(model, "get_expanded_tied_weights_keys", all_submodels=False)
        if isinstance(expanded, dict):
            expanded = dict(expanded)
            for name, child in model.children():
                below = (
                    attribute_of(interp, child, "all_tied_weights_keys") if not _plain_layer(child) else None
                )
                if isinstance(below, Unknown):
                    interp.doubts.append(below.why)
                elif below:
                    expanded.update({f"{name}.{key}": f"{name}.{value}" for key, value in below.items()})
        model.attrs["all_tied_weights_keys"] = expanded
    interp.call_method(model, "init_weights")
    if interp.contract.checks_kept_modules:
        check_kept_modules(interp, model, attribute_of(interp, model, "_keep_in_fp32_modules"))


def _is_deferred(interp: Interpreter, model: Module) -> bool:
    """Whether this run puts off what ties the model, to see what the model shares by itself."""
    return interp.trace.deferred is not None and interp.trace.deferred is model.cls


def _plain_layer(module: Module) -> bool:
    """A module that is certainly no model, and need not be built to know that it declares nothing."""
    return not isinstance(module.cls, Class) or (module.build is not None and not module.cls.is_model)


def _init_weights(interp: Interpreter, model: Module) -> None:
    interp.trace.events.append(InitWeights(model, interp.call_at))
    if _is_deferred(interp, model):
        return
    if interp.contract.ties_by == "keys":
        interp.call_method(model, "tie_weights", recompute_mapping=False)
    else:
        interp.call_method(model, "tie_weights")


# -- getters ------------------------------------------------------------------------------------------


def _resolved(interp: Interpreter, model: Module, path: str) -> Value:
    """What a dotted default path finds below a model; None where it finds nothing."""
    value: Value = model
    for part in path.split("."):
        value = attribute_of(interp, value, part)
        if value is None or isinstance(value, Unknown):
            return value
    return value


def _default_paths(interp: Interpreter, model: Module) -> list[tuple[str, bool]]:
    """The paths of the inherited getter: ``(dotted path, whether to ask the getter of what is there)``."""
    layer = attribute_of(interp, model, "_input_embed_layer", "embed_tokens")
    prefix = attribute_of(interp, model, "base_model_prefix", "")
    if isinstance(layer, Unknown) or isinstance(prefix, Unknown):
        return [("?", False)]
    paths = [path.format(layer=layer, base=prefix or "") for path in interp.contract.input_getter_default]
    return [(path.removesuffix("()"), path.endswith("()")) for path in paths]


def _get_input_embeddings(interp: Interpreter, model: Module) -> Value:
    interp.trace.events.append(InheritedGetter(model))
    for path, delegates in _default_paths(interp, model):
        if path == "?":
            return Unknown("where the inherited getter looks", module=True)
        found = _resolved(interp, model, path) if path else None
        if isinstance(found, Unknown):
            return found
        if found is None or found is model:
            continue
        return interp.call_method(found, "get_input_embeddings") if delegates else found
    raise RaisedError("NotImplementedError", f"get_input_embeddings of {model.cls.leaf}")


def _set_input_embeddings(interp: Interpreter, model: Module, value: Value) -> None:
    for path, delegates in _default_paths(interp, model):
        found = _resolved(interp, model, path) if path and path != "?" else None
        if found is None or found is model:
            continue
        if delegates:
            interp.call_method(found, "set_input_embeddings", value)
        else:
            parent, _, name = path.rpartition(".")
            set_attr(interp, _resolved(interp, model, parent) if parent else model, name, value)
        return
    raise RaisedError("NotImplementedError", f"set_input_embeddings of {model.cls.leaf}")


def _get_output_embeddings(interp: Interpreter, model: Module) -> Value:
    name = interp.contract.output_getter_default
    head = None if name is None else attribute_of(interp, model, name)
    if head is None:
        return None
    try:
        interp.call_method(model, "get_input_embeddings")
    except RaisedError as error:
        if error.kind == "NotImplementedError":
            return None
        raise
    return head


def _set_output_embeddings(interp: Interpreter, model: Module, new_embeddings: Value) -> None:
    name = interp.contract.output_getter_default
    if name is None:
        raise RaisedError("AttributeError", f"{model.cls.leaf} has no attribute 'set_output_embeddings'")
    if get_attr(interp, model, name) is not None:
        model.attrs[name] = new_embeddings


# -- tying by getters: up to 4.57 -----------------------------------------------------------------------


def _tie_weights(
    interp: Interpreter, model: Module, missing_keys: Value = None, recompute_mapping: Value = True
) -> None:
    if interp.contract.ties_by == "keys":
        _tie_by_keys(interp, model, recompute_mapping)
        return
    modules = module_tree.distinct_modules(model, lambda module: may_matter(interp, module))
    if interp.contract.ties_submodels:
        for module in modules:
            if isinstance(module.cls, Class) and module.cls.is_model:
                interp.call_method(module, "tie_embeddings_and_encoder_decoder")
            _run_hook(interp, module)
        return
    _tie_embeddings(interp, model)
    for module in modules:
        _run_hook(interp, module)


def _run_hook(interp: Interpreter, module: Module) -> None:
    if (
        not isinstance(module.cls, Class)
        or not interp.contract.runs_tie_hooks
        or not may_matter(interp, module)
    ):
        return
    hook = attribute_of(interp, module, "_tie_weights")
    if isinstance(hook, Unknown):
        interp.doubts.append(hook.why)
    elif hook is not None:
        interp.call(hook, [], {})


def tie_flag(interp: Interpreter, config: Value) -> bool | None:
    """What the release reads as ``tie_word_embeddings`` of a model's config; None where unknown."""
    if interp.contract.tie_flag_source == "text_config" and isinstance(config, Instance):
        config = interp.call_method(config, "get_text_config", decoder=True)
    return truth_of(attribute_of(interp, config, "tie_word_embeddings", interp.contract.tie_flag_default))


def _tie_embeddings(interp: Interpreter, model: Module) -> None:
    flag = tie_flag(interp, model.attrs.get("config", Unknown("the config")))
    if flag is None:
        interp.doubts.append(f"tie_word_embeddings of {model.cls.leaf}")
    elif flag:
        output = interp.call_method(model, "get_output_embeddings")
        if isinstance(output, Unknown):
            interp.doubts.append(f"the output embeddings of {model.cls.leaf}: {output.why}")
        elif output is not None:
            interp.call_method(
                model, "_tie_or_clone_weights", output, interp.call_method(model, "get_input_embeddings")
            )
    if interp.contract.ties_encoder_to_decoder:
        _tie_encoder_decoder(interp, model)


def _tie_encoder_decoder(interp: Interpreter, model: Module) -> None:
    """``config.tie_encoder_decoder``: its walk over both stacks is not followed, only noticed."""
    config = model.attrs.get("config")
    wanted = [
        attribute_of(interp, config, name, False) for name in ("is_encoder_decoder", "tie_encoder_decoder")
    ]
    if all(truth_of(value) is not False for value in wanted):
        interp.doubts.append("tie_encoder_decoder")


def _note_shapes(interp: Interpreter, holder: Module, name: str, before: Value, after: Value) -> None:
    if isinstance(before, Param) and isinstance(after, Param) and before.shape and after.shape:
        sizes = [*before.shape, *after.shape]
        if before.shape != after.shape and all(isinstance(size, int) for size in sizes):
            interp.trace.events.append(Reshaped(holder, name, before.shape, after, after.shape))


def _tie_or_clone(interp: Interpreter, model: Module, output: Value, source: Value) -> None:
    if not interp.contract.runs_tie_hooks:
        raise RaisedError("AttributeError", "no attribute '_tie_or_clone_weights'")
    if isinstance(output, Unknown) or isinstance(source, Unknown):
        interp.doubts.append("the two ends of a tie")
        return
    if isinstance(source, Param):
        raise RaisedError("AttributeError", "'Parameter' object has no attribute 'weight'")
    weight = get_attr(interp, source, "weight")
    if isinstance(weight, Unknown):
        interp.doubts.append("the weight of a tie's source")
    if isinstance(output, Module):
        interp.trace.events.append(Tied(output, output.attrs.get("weight")))
        _note_shapes(interp, output, "weight", output.attrs.get("weight"), weight)
    set_attr(interp, output, "weight", weight)
    if isinstance(output, Module) and "out_features" in output.attrs and isinstance(source, Module):
        count = source.attrs.get("num_embeddings")
        if count is not None:
            output.attrs["out_features"] = count


# -- tying by keys: 5.x ---------------------------------------------------------------------------------

_COMMON_CASE = re.compile(r"^[A-Za-z0-9_\.]+(weight)|(bias)$")
"""5.23.0, ``get_expanded_tied_weights_keys``: entries taken as they are (the quirk is the library's)."""


def _expanded_keys(interp: Interpreter, model: Module, all_submodels: Value = False) -> Value:
    if truth_of(all_submodels):
        return _expanded_everywhere(interp, model)
    mapping = attribute_of(interp, model, "_tied_weights_keys")
    if mapping in (None, {}):
        return {}
    config = model.attrs.get("config", Unknown("the config"))
    flag = truth_of(attribute_of(interp, config, "tie_word_embeddings", False))
    if flag is None:
        interp.doubts.append(f"tie_word_embeddings of {model.cls.leaf}")
    if not flag:
        return {}
    if isinstance(mapping, Unknown) or not _known_mapping(mapping):
        interp.doubts.append(f"_tied_weights_keys of {model.cls.leaf}")
        return {}
    if not isinstance(mapping, dict):
        raise RaisedError("AttributeError", f"{type(mapping).__name__!r} object has no attribute 'keys'")
    if is_common_case(mapping):
        return dict(mapping)
    return _expanded_patterns(model, mapping)


def is_common_case(mapping: dict[str, str]) -> bool:
    """Whether 5.x takes a mapping as it is, or else matches its entries as patterns."""
    return all(_COMMON_CASE.match(entry) for entry in [*mapping, *mapping.values()])


def _known_mapping(mapping: Value) -> bool:
    items = [*mapping, *(mapping.values() if isinstance(mapping, dict) else ())]
    return all(isinstance(item, str) for item in items)


def _expanded_everywhere(interp: Interpreter, model: Module) -> Value:
    found: dict[str, str] = {}
    for prefix, module in module_tree.named_modules(model, lambda module: may_matter(interp, module)):
        if isinstance(module.cls, Class) and module.cls.is_model:
            below = interp.call_method(module, "get_expanded_tied_weights_keys", all_submodels=False)
            lead = f"{prefix}." if prefix else ""
            found.update({f"{lead}{key}": f"{lead}{value}" for key, value in below.items()})
    return found


def _expanded_patterns(model: Module, mapping: dict[str, str]) -> dict[str, str]:
    leads = [_lead(pattern) for pattern in [*mapping, *mapping.values()]]

    def wanted(path: str) -> bool:
        return any(_agree(lead, path) for lead in leads)

    names = [name for name, _ in module_tree.named_parameters(model, wanted=wanted)] + [
        name for name, _ in module_tree.named_buffers(model, wanted=wanted)
    ]
    expanded: dict[str, str] = {}
    for target, source in mapping.items():
        sources, targets = _matching(source, names), _matching(target, names)
        if not sources or not targets or len(targets) % len(sources) != 0:
            raise RaisedError(
                "ValueError",
                f"There is an issue with your definition of `tie_weights_keys` for {source}:{target}.",
            )
        for target_name, source_name in zip(targets, cycle(sources), strict=False):
            expanded[target_name] = expanded.get(source_name, source_name)
    return expanded


def _lead(pattern: str) -> str:
    """Letters that all names start with which a pattern matches; a dot among them stands for any letter."""
    found = _PLAIN_START.match("" if "|" in pattern else pattern.lstrip("^"))
    return "" if found is None else found.group()


_PLAIN_START = re.compile(r"(?:[\w.](?![?*+{]))*")


def _agree(lead: str, path: str) -> bool:
    """Whether a name that goes on from a path may start as a pattern does."""
    return all(one in (".", two) for one, two in zip(lead, path, strict=False))


def _matching(pattern: str, names: list[str]) -> list[str]:
    try:
        wanted = re.compile("^" + pattern)
    except re.error as error:
        raise RaisedError("error", str(error)) from error
    return sorted({name for name in names if wanted.search(name)})


def _tie_by_keys(interp: Interpreter, model: Module, recompute_mapping: Value) -> None:
    if truth_of(recompute_mapping) is False:
        mapping = attribute_of(interp, model, "all_tied_weights_keys")
        if mapping is None:
            raise RaisedError("AttributeError", "no attribute 'all_tied_weights_keys'")
    else:
        mapping = interp.call_method(model, "get_expanded_tied_weights_keys", all_submodels=True)
    if not isinstance(mapping, dict):
        interp.doubts.append("the mapping of tied weights")
        return
    for target, source in mapping.items():
        _tie_pair(interp, model, target, source)


def _tie_pair(interp: Interpreter, model: Module, target: str, source: str) -> None:
    weight = module_tree.parameter(model, source)
    parent, _, name = target.rpartition(".")
    holder = module_tree.submodule(model, parent)
    if isinstance(weight, Unknown) or isinstance(holder, Unknown):
        interp.doubts.append(f"the tie of {target} to {source}")
    elif weight is None:
        raise RaisedError("AttributeError", f"`{source}` is neither a parameter, buffer, nor extra state.")
    elif not isinstance(holder, Module):
        raise RaisedError("AttributeError", f"{model.cls.leaf} has no attribute `{parent}`")
    else:
        known = holder.attrs.get(name)
        if known is not None and not isinstance(known, (Param, Tensor, Unknown)):
            raise RaisedError("TypeError", f"cannot assign a parameter as `{name}`")
        _note_shapes(interp, holder, name, known, weight)
        holder.attrs[name] = weight


# -- the table ----------------------------------------------------------------------------------------


def _from_config(interp: Interpreter, cls: Class, config: Value = None, **kwargs: Value) -> Value:
    named = {key: value for key, value in kwargs.items() if key not in _CONTEXT_ARGUMENTS}
    if isinstance(config, Instance) and interp.contract.ties_by == "getters":
        config = copied(config)  # 4.x: `_from_config` copies what it is given
    return interp.call(cls, [config], named)


_CONTEXT_ARGUMENTS = frozenset(
    {"torch_dtype", "dtype", "attn_implementation", "experts_implementation"}
    | {"use_flash_attention_2", "allow_all_kernels"}
)


def _downloaded(interp: Interpreter, *args: Value, **kwargs: Value) -> Value:
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
    "tie_embeddings_and_encoder_decoder": _tie_embeddings,
    "_tie_or_clone_weights": _tie_or_clone,
    "_tie_embedding_weights": _tie_or_clone,
    "get_expanded_tied_weights_keys": _expanded_keys,
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
    "from_pretrained": _downloaded,
}


_CLASS_METHODS = {"_from_config", "from_pretrained"}
_NATIVES = {
    name: Native(name, function, "class" if name in _CLASS_METHODS else "instance")
    for name, function in METHODS.items()
}
_GETTERS_AND_SETTERS = (
    *("get_input_embeddings", "set_input_embeddings"),
    *("get_output_embeddings", "set_output_embeddings"),
)

register.METHODS[PRETRAINED_MODEL] = _NATIVES
register.METHODS["transformers.modeling_utils.EmbeddingAccessMixin"] = {
    name: _NATIVES[name] for name in _GETTERS_AND_SETTERS
}
ROOTS[PRETRAINED_MODEL] = Root("model", may_escape=may_escape)
