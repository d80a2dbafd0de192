from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tie_lint.edits.proposal import Proposal
from tie_lint.edits.source import Source
from tie_lint.edits.tied_keys import declare, only_for_lists, set_in_place
from tie_lint.library.target import Target
from tie_lint.python.statements import Span
from tie_lint.remedies.intended_ties import counterpart, intended_by_getters, intended_ties
from tie_lint.remedies.tied_mapping import (
    leaves_apart,
    list_set_by_init,
    mapping_of,
    names_buffer,
    names_parameter,
    patterns_of,
)
from tie_lint.rules import Problem, rule
from tie_lint.rules.part import given
from tie_lint.tiemap.built_model import Groups
from tie_lint.tiemap.post_init import Reached
from tie_lint.tiemap.tied_keys import matching

if TYPE_CHECKING:
    from tie_lint.tiemap.view import ModelView


EFFECT_OF_SAVING = "save_pretrained() raises AttributeError"
EFFECT = f"{EFFECT_OF_SAVING}, and so does __init__ when the config asks for ties"
EFFECT_OF_NOTHING = "__init__ raises AttributeError when the config asks for ties"


@rule(
    "TIE301",
    "list-tied-weights-keys",
    fix="sometimes",
    severity="error",
    applies=lambda contract: contract.keys_form == "mapping",
)
def list_tied_weights_keys(view: ModelView, target: Target) -> Iterator[Problem]:
    """`_tied_weights_keys` is a list; transformers 5 wants a mapping from target to source.

    ## What it does

    Looks for `_tied_weights_keys` in the list form of transformers 4.

    ## Why is this bad

    Under transformers 5 the attribute is a mapping that says which parameter is tied to which. A list
    raises `AttributeError: 'list' object has no attribute 'keys'`, in `post_init()` if the config asks
    for ties and in `save_pretrained()` always.

    ## Example

    ```python
    from torch import nn
    from transformers import GemmaModel, GemmaPreTrainedModel


    class AcmeForCausalLM(GemmaPreTrainedModel):
        _tied_weights_keys = ["head.weight"]

        def __init__(self, config):
            super().__init__(config)
            self.model = GemmaModel(config)
            self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
            self.post_init()

        def get_output_embeddings(self):
            return self.head

        def set_output_embeddings(self, new_embeddings):
            self.head = new_embeddings
    ```

    ## Use instead

    ```python
    from torch import nn
    from transformers import GemmaModel, GemmaPreTrainedModel


    class AcmeForCausalLM(GemmaPreTrainedModel):
        _tied_weights_keys = {"head.weight": "model.embed_tokens.weight"}

        def __init__(self, config):
            super().__init__(config)
            self.model = GemmaModel(config)
            self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
            self.post_init()

        def get_output_embeddings(self):
            return self.head

        def set_output_embeddings(self, new_embeddings):
            self.head = new_embeddings
    ```

    ## Releases

    From 5.0 on. The mapping works in 4.40 to 4.57 as well, where only its keys are read.

    ## Fix safety

    Turns the list into a mapping. Each name that the list covers is a target. Its source is the name that
    it is tied to by the releases that take the list; if none of these is among the targets, by the newest
    of them. Patterns stay patterns if one module holds the counterparts of all that they match.

    The fix is safe if:

    - these ties are known,
    - all of them come out under every target, and
    - every entry names one of them.

    A list that `__init__` copies from a model inside, with its full names, is kept for the releases in
    which that model has a list: a mapping of that model takes effect by itself.

    Unsafe fixes are made of:

    - any other list that `__init__` makes;
    - a list that leaves a token embedding or a head of that size apart, which might be the source.

    There is no fix for a list with the name of a buffer: tie-lint does not know what buffers share.
    """
    by_init = list_set_by_init(view)
    if by_init is not None:
        yield Problem(
            by_init[1],
            f"{view.name}.__init__ makes _tied_weights_keys a list; it should map each target to its source",
            EFFECT if by_init[0] else EFFECT_OF_NOTHING,
            fix=functools.partial(_fix_init, view, *by_init),
        )
    elif view.declares("_tied_weights_keys") and isinstance(view.tied_keys.value, list | tuple | set):
        refuses = view.config.refuses_to_tie is not False or view.models.failure_when_tied is None
        if not view.tied_keys.value and refuses:
            return
        kind = type(view.tied_keys.value).__name__
        yield Problem(
            view.place("_tied_weights_keys"),
            f"{view.name}._tied_weights_keys is a {kind} and should map each target to its source",
            _effect(view),
            fix=functools.partial(_fix, view),
            rests_on=given("TIE301", view, "_tied_weights_keys"),
        )


def _effect(view: ModelView) -> str:
    """What comes of a list; a config may be asked for ties in vain, as a model inside takes its flag back."""
    if not view.tied_keys.value:
        return EFFECT_OF_NOTHING
    asked, reached = view.models.tied, view.models.post_init is Reached.ALWAYS
    builds = reached and asked.model is not None and not asked.doubts
    return EFFECT_OF_SAVING if builds else EFFECT


def _fix(view: ModelView, source: Source) -> Iterator[Proposal]:
    """The ties of the releases that took the list; where these are not known, what the code itself asks for.

    An entry that names a parameter which nothing ties is left out, and not without doubt.
    """
    cls, keys = source.class_at(view.at), [key for key in view.tied_keys.value if isinstance(key, str)]
    if cls is None:
        return
    for groups in (intended_by_getters(view), intended_ties(view)):
        if groups is not None:
            if not all(key.replace(".", "").isidentifier() for key in keys):
                yield Proposal.of(*declare(source, cls, patterns_of(groups, keys)))
            mapping, dropped = mapping_of(view, groups, keys), _dropped(groups, keys)
            if names_buffer(view, dropped):
                continue
            sources = {key: counterpart(view, key) for key in dropped}
            if sources and all(sources.values()):
                more = {key: found for key, found in sources.items() if found}
                yield Proposal.of(*declare(source, cls, {**mapping, **more}), certain=False)
            certain = not (
                any(names_parameter(view, key) for key in dropped)
                or _counts_layers(mapping, keys)
                or leaves_apart(view, mapping)
            )
            yield Proposal.of(*declare(source, cls, mapping), certain=certain)


def _dropped(groups: Groups, keys: list[str]) -> list[str]:
    """The entries that cover nothing of what is tied."""
    names = [name for group in groups for name in group]
    return [key for key in keys if not any(matching([key], name) for name in names)]


def _counts_layers(mapping: dict[str, str], keys: list[str]) -> bool:
    """Whether the mapping spells out numbers that the list does not; another config may have more of them."""
    numbered = [name for name in mapping if any(part.isdigit() for part in name.split("."))]
    return any(name not in keys for name in numbered)


def _fix_init(view: ModelView, keys: list[str], at: Span, source: Source) -> Iterator[Proposal]:
    """Where the list is that of a model inside under its full names: left to the releases that have one
    there, as a mapping there is carried out by itself. Else the mapping in its place."""
    yield Proposal.of(*only_for_lists(source, at))
    for groups in (intended_by_getters(view), intended_ties(view)):
        if groups is not None and not names_buffer(view, _dropped(groups, keys)):
            yield Proposal.of(*set_in_place(source, at, mapping_of(view, groups, keys)), certain=False)
