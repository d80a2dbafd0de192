"""Tying up to 4.57: the output embedding is given the input embedding's weight (``modeling_utils.py``)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import partial

from tie_lint.interpreter.attribute_changes import set_attr
from tie_lint.interpreter.attributes import attribute_of, get_attr
from tie_lint.interpreter.base_values import RaisedError, Unknown, Value, cause_of
from tie_lint.interpreter.builtin_types import truth_of
from tie_lint.interpreter.classes import Attribute, Class
from tie_lint.interpreter.inheritance import lookup
from tie_lint.interpreter.laziness import may_matter
from tie_lint.interpreter.reads import tell
from tie_lint.interpreter.spot import because
from tie_lint.interpreter.values import Bound, Instance, Module, Param
from tie_lint.intrinsics.torch import module_tree
from tie_lint.intrinsics.transformers.context import Interpreter
from tie_lint.intrinsics.transformers.trace import FLAG, Tied
from tie_lint.intrinsics.transformers.tying_by_keys import doubt_flag, note_shapes


def tie_by_getters(interp: Interpreter, model: Module) -> None:
    """Tie what the getters hand out, then call the hooks of the modules; release by release in that order."""
    modules = module_tree.distinct_modules(model, partial(may_matter, interp))
    if isinstance(model.attrs.get("config"), Instance) and not all(
        _is_headless(interp, one) for one in modules if isinstance(one.cls, Class) and one.cls.is_model
    ):
        tell(interp, FLAG)  # before models inside are asked, which hangs on the release

    def makes_a_difference(ties: bool) -> bool:
        return ties and not (interp.supposing and all(_ties_nothing(interp, model, one) for one in modules))

    if interp.decided_by("ties_submodels", makes_a_difference):
        for module in modules:
            if isinstance(module.cls, Class) and module.cls.is_model:
                interp.call_method(module, "tie_embeddings_and_encoder_decoder")
            _run_hook(interp, module)
        return
    tie_embeddings(interp, model)
    for module in modules:
        _run_hook(interp, module)


def _ties_nothing(interp: Interpreter, model: Module, module: Module) -> bool:
    """Whether it makes no difference that a module of a model is asked to tie itself, too."""
    if not isinstance(module.cls, Class) or not module.cls.is_model:
        return True
    helper = lookup(module.cls, "tie_embeddings_and_encoder_decoder")
    if helper is None or isinstance(helper[1], Attribute):
        return False
    if module is not model and interp.contract.ties_encoder_to_decoder:
        _tie_encoder_decoder(interp, module)
    return module is model or _head_to_tie(interp, module) is None


def _run_hook(interp: Interpreter, module: Module) -> None:
    if (
        not isinstance(module.cls, Class)
        or not interp.contract.runs_tie_hooks
        or not may_matter(interp, module)
    ):
        return
    hook = attribute_of(interp, module, "_tie_weights")
    if isinstance(hook, Unknown):
        interp.doubt(hook.why)
    elif hook is not None:
        interp.call(hook, [], {})


def tie_flag(interp: Interpreter, config: Value) -> bool | None:
    """Return what the release reads as ``tie_word_embeddings`` of a model's config; None where unknown."""
    default = interp.contract.tie_flag_default

    def read(source: str) -> bool | None:
        asked = config
        if source == "text_config" and isinstance(config, Instance):
            asked = interp.call_method(config, "get_text_config", decoder=True)
        return truth_of(attribute_of(interp, asked, "tie_word_embeddings", default))

    return interp.decided_by("tie_flag_source", read)


def tie_embeddings(interp: Interpreter, model: Module) -> None:
    """Tie the output embedding to the input embedding, where the config asks for it."""
    output = _head_to_tie(interp, model)
    if isinstance(output, Unknown):
        interp.doubt(because("the output embeddings: {}", output.why))
    elif output is not None:
        source = interp.call_method(model, "get_input_embeddings")
        helper = lookup(model.cls, "_tie_or_clone_weights") if isinstance(model.cls, Class) else None
        if helper is not None and isinstance(helper[1], Attribute):
            interp.call_method(model, "_tie_or_clone_weights", output, source)
        else:
            tie_or_clone(interp, model, output, source)
    if interp.contract.ties_encoder_to_decoder:
        _tie_encoder_decoder(interp, model)


def _head_to_tie(interp: Interpreter, model: Module) -> Value:
    """The output embedding, where the config asks for a tie; None where it does not, or there is none."""
    with _unnoticed(interp) if _is_headless(interp, model) else nullcontext():
        flag = tie_flag(interp, model.attrs.get("config", Unknown("the config")))
    if flag is None:
        doubt_flag(interp, model)
    return interp.call_method(model, "get_output_embeddings") if flag else None


def _is_headless(interp: Interpreter, model: Module) -> bool:
    """Whether the library's own getter finds no output embedding, so that it makes no difference whether the
    config asks for a tie."""
    getter = lookup(model.cls, "get_output_embeddings") if isinstance(model.cls, Class) else None
    if getter is None or isinstance(getter[1], Attribute):
        return False
    found = attribute_of(interp, model, "get_output_embeddings")
    if not isinstance(found, Bound) or found.function is not getter[1]:
        return False  # the model has one of its own
    return interp.decided_by("output_getter_default", partial(_has_none, interp, model))


def _has_none(interp: Interpreter, model: Module, head: str | None) -> bool:
    return head is None or attribute_of(interp, model, head) is None


@contextmanager
def _unnoticed(interp: Interpreter) -> Iterator[None]:
    """Have nobody told that the flag is read, unless reading it raises something."""
    reads, flag_read = interp.reads, interp.trace.flag_read
    mark = 0 if reads is None else len(reads)
    yield
    interp.trace.flag_read = flag_read
    if reads is not None:
        del reads[mark:]


def _tie_encoder_decoder(interp: Interpreter, model: Module) -> None:
    """``config.tie_encoder_decoder``: its walk over both stacks is not followed, only noticed."""
    config = model.attrs.get("config")
    wanted = [
        attribute_of(interp, config, name, False) for name in ("is_encoder_decoder", "tie_encoder_decoder")
    ]
    if all(truth_of(value) is not False for value in wanted):
        interp.doubt("tie_encoder_decoder")


def tie_or_clone(interp: Interpreter, model: Module, output: Value, source: Value) -> None:
    """Give one module the weight of another, as ``_tie_or_clone_weights`` does."""
    if isinstance(output, Unknown) or isinstance(source, Unknown):
        interp.doubt(cause_of(output if isinstance(output, Unknown) else source))
        return
    if isinstance(source, Param):
        raise RaisedError("AttributeError", "'Parameter' object has no attribute 'weight'")
    weight = get_attr(interp, source, "weight")
    if isinstance(weight, Unknown):
        interp.doubt(because("the weight of a tie's source: {}", weight.why))
    if isinstance(output, Module):
        interp.trace.events.append(Tied(output, output.attrs.get("weight")))
        note_shapes(interp, output, "weight", output.attrs.get("weight"), weight)
    set_attr(interp, output, "weight", weight)
    if isinstance(output, Module) and "out_features" in output.attrs and isinstance(source, Module):
        count = source.attrs.get("num_embeddings")
        if count is not None:
            output.attrs["out_features"] = count
