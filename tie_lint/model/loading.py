"""What ``from_pretrained`` does to ties: shares that a constructor makes by hand, and the order of a mapping.

Loading builds the model on the meta device and gives every name of the checkpoint a parameter of its own
(4.51.3 and 5.23.0, ``modeling_utils.py``, ``_load_state_dict_into_meta_model`` and ``_move_missing_keys…``).
What stays one after that is what ties itself again: one module under two names, and what ``tie_weights()``
does when it is called at the end.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tie_lint.model import tree
from tie_lint.model.classes import Class
from tie_lint.model.sharing import may_matter
from tie_lint.model.tiemap import Construction, attempt, construct, shared_parameters
from tie_lint.model.values import Module, Param, Value

if TYPE_CHECKING:
    from tie_lint.model.interpreter import Interpreter

Groups = list[list[str]]


def lost_on_load(run: Interpreter, cls: Class, tied: bool | None, built: Construction) -> Groups | None:
    """The groups of names that are one parameter when the model is built and not when it is loaded.

    ``tied`` is what ``tie_word_embeddings`` is forced to, also in the model as built, which is left as it is.
    None where it cannot be told.
    """
    if not run.contract.loads_on_meta:
        return []
    before, model = shared_parameters(run, built)[0], built.model
    if not before or model is None:
        return None if before is None else []
    if not any(_is_shared_by_hand(run, built, group) for group in before):
        return []
    bare = construct(run, cls, tied, deferred=True)
    model = bare.model
    if model is None:
        return None
    _separate(run, model)
    if not _ties_again(run, model):
        return None
    after = shared_parameters(run, bare)[0]
    if after is None:
        return None
    one = {name: index for index, group in enumerate(after) for name in group}
    return [group for group in before if len({one.get(name, name) for name in group}) > 1]


def _is_shared_by_hand(run: Interpreter, built: Construction, group: list[str]) -> bool:
    """Whether an assignment in the source gave a module one of these parameters."""
    model = built.model
    assert model is not None
    given = {
        (id(module), what.removeprefix("set ")) for what, module, _ in built.events if what[:4] == "set "
    }
    for name in group:
        parent, _, leaf = name.rpartition(".")
        holder = tree.submodule(model, parent)
        if isinstance(holder, Module) and (id(holder), leaf) in given:
            return True
    return False


def _separate(run: Interpreter, model: Module) -> None:
    """Give every module parameters of its own."""
    seen: set[int] = set()
    for module in tree.distinct_modules(model, lambda item: may_matter(run, item)):
        if module.build is not None:
            continue
        for name, value in list(module.attrs.items()):
            if isinstance(value, Param):
                if id(value) in seen:
                    module.attrs[name] = value = Param(value.shape)
                seen.add(id(value))


def _ties_again(run: Interpreter, model: Module) -> bool:
    """Do what the library does about ties when it has loaded a model; whether that can be followed."""

    def work() -> bool:
        run.call_method(model, "post_init" if run.contract.ties_by == "keys" else "tie_weights")
        return True

    return attempt(run, work) is True


def misordered(mapping: Value) -> Iterator[tuple[str, str]]:
    """The ``(target, source)`` entries of an expanded mapping whose source is itself a target further on.

    They are tied to what the source was before: at once where nothing had tied it yet, and in any case when
    a checkpoint is loaded (5.23.0, ``modeling_utils.py``, ``tie_weights``).
    """
    if not isinstance(mapping, dict):
        return
    entries = list(mapping.items())
    for index, (target, source) in enumerate(entries):
        if source != target and any(source == later for later, _ in entries[index + 1 :]):
            yield target, source
