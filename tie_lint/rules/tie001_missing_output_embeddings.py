from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tie_lint.edits.accessors import asked_part, give_accessors, pass_on_accessors, redirect, returned
from tie_lint.edits.proposal import Proposal
from tie_lint.edits.source import Source
from tie_lint.library.target import Target
from tie_lint.remedies.accessors import (
    aliases_of,
    class_inside,
    has_accessor,
    is_only_choice,
    named_beside,
    part_that_hands_out,
)
from tie_lint.rules import Problem, rule
from tie_lint.rules.certainty import belongs_to_submodel, is_whole_setter
from tie_lint.rules.part import getter
from tie_lint.tiemap.accessors import End
from tie_lint.tiemap.embeddings import Getter
from tie_lint.tiemap.resizing import Setter

if TYPE_CHECKING:
    from tie_lint.tiemap.view import ModelView

GETTER = "get_output_embeddings"
FAILURES = (Getter.RETURNS_NONE, Getter.RETURNS_PARENT, Getter.RAISES)


@rule("TIE001", "missing-output-embeddings", fix="sometimes", severity={"4.40": "error", "5.0": "warning"})
def missing_output_embeddings(view: ModelView, target: Target) -> Iterator[Problem]:
    """A model has a vocabulary head that `get_output_embeddings` does not return.

    ## What it does

    Looks for models with a vocabulary head: a module whose `weight` has the shape of the embedding matrix,
    or, where no module has, at least a row for each token. Reports such a model if its
    `get_output_embeddings`

    - returns `None`,
    - raises, or
    - is the inherited one and returns a module that only holds the head.

    ## Why is this bad

    The library reaches the head through this getter alone. Up to transformers 4.57, `tie_weights()` ties
    what the getter returns: with nothing to tie, the head keeps its own random weights, nothing fails,
    and the checkpoint is missing a matrix or has one too many. In every release
    `resize_token_embeddings()` asks it for the head, and without an answer resizes the input side only.

    ## Example

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

    - Up to 4.53 the inherited getter returns `None`: every model with a vocabulary head needs its own.
    - From 4.54 it returns `self.lm_head` where there is one: only a head of another name needs a getter.
    - From 5.0 the tie is made by `_tied_weights_keys`; the getter still serves `resize_token_embeddings()`.

    ## Fix safety

    Adds the getter below `__init__`, in the style of the file, and a setter where the class has only the
    library's. The head is then tied where the config asks for it.

    The fix is safe if:

    - the head is the only module of its shape, and
    - tie-lint knows everything that the models of the file tie.

    It is unsafe if one of these holds:

    - The getter names a module beside the head. The unsafe fix then returns that module.
    - A setter is added that may have to do more than assign the head (see `TIE401`).
    - The head lies in a model of another file that this file does not name: the config may decide which
      model that is.
    """
    embeddings = view.embeddings
    reachable = target.contract.ties_by == "getters" or embeddings.input_getter not in FAILURES
    if embeddings.output_getter not in FAILURES or not reachable or view.spelling.misspells(GETTER):
        return
    if embeddings.works_under(target.newest, End.OUTPUT):
        return  # TIE304 says which releases have a default that finds it
    unties = target.contract.ties_by == "getters" and not view.lifecycle.head_stays_tied
    effect = _effect(view, unties)
    if embeddings.has_head and effect:
        yield Problem(
            view.at,
            f"{view.name}.get_output_embeddings() {embeddings.output_getter.value}"
            f" and should return self.{embeddings.head}",
            effect,
            "error" if unties and view.config.asks_by_default else "warning",
            functools.partial(_fix, view),
            rests_on=getter(_rule(embeddings.output_getter), view, GETTER, embeddings.head),
        )


def _rule(getter: Getter) -> str:
    """The rule that is about what the getter returns, where that is a module."""
    return "TIE103" if getter is Getter.RETURNS_PARENT else "TIE001"


def _fix(view: ModelView, source: Source) -> Iterator[Proposal]:
    cls, head = source.class_at(view.at), view.embeddings.head
    if cls is not None and head is not None:
        yield from _instead(view, source, cls, head)
        setter = not has_accessor(view, "set_output_embeddings")
        edits = give_accessors(source, cls, "output", head, setter, aliases_of(view, head))
        certain = is_only_choice(view, head) and named_beside(view, head, _named(cls)) is None
        certain = certain and not (setter and not is_whole_setter(view, source, head))
        certain = certain and not belongs_to_submodel(view, source, head)
        part = part_that_hands_out(view, End.OUTPUT, head)
        if part is not None:
            yield Proposal.of(pass_on_accessors(source, cls, "output", part, setter), certain=False)
        yield Proposal.of(*edits, certain=certain)


def _instead(view: ModelView, source: Source, cls: ast.ClassDef, head: str) -> Iterator[Proposal]:
    """Yield what the getter's own text suggests: to correct the getter of the part that it asks, or to return
    the module beside the head whose name it gives."""
    asked = asked_part(cls, GETTER)
    part = None if asked is None else class_inside(view, asked)
    inner = None if part is None else source.class_at(part.facts.at)
    if inner is not None and head.startswith(f"{asked}."):
        yield Proposal.of(*redirect(source, inner, GETTER, head.removeprefix(f"{asked}.")), certain=False)
    beside = named_beside(view, head, _named(cls))
    if beside is not None and beside != view.embeddings.input_path:
        yield Proposal.of(*redirect(source, cls, GETTER, beside), certain=False)


def _named(cls: ast.ClassDef) -> str:
    return returned(cls, GETTER) or ""


def _effect(view: ModelView, unties: bool) -> str | None:
    """What comes of it; None where the model ties its head by other means, whatever the config says."""
    if view.models.fails and view.embeddings.output_getter is Getter.RAISES:
        return "building it raises AttributeError"
    if unties and view.embeddings.head_is_unfit and view.config.asks_by_default is not False:
        return None  # handed out it would be tied, and break
    if unties and not view.embeddings.head_is_unfit:
        effect = "the head is not tied to the input embeddings"
        if view.ties.head_is_shared:
            effect = "from_pretrained() unties the head"
        return effect if view.config.asks_by_default else f"with tie_word_embeddings=True {effect}"
    if view.resize_code.does_without(GETTER):
        return None
    if view.embeddings.output_getter is not Getter.RETURNS_NONE:
        return "resize_token_embeddings() fails"
    effect = "resize_token_embeddings() leaves the head at its old size"
    if view.resizing.input_setter is Setter.RAISES:
        effect = f"once set_input_embeddings() works, {effect}"
    if not (view.lifecycle.head_stays_tied and view.ties.head_is_shared):
        return effect
    stays_behind = not view.ties.head_grows_anyway
    return f"with tie_word_embeddings=False {effect}" if stays_behind else None
