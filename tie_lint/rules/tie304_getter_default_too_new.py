from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tie_lint.edits.accessors import give_accessors
from tie_lint.edits.proposal import Proposal
from tie_lint.edits.source import Source
from tie_lint.library.target import Target
from tie_lint.remedies.accessors import aliases_of, has_accessor, is_only_choice
from tie_lint.rules import Problem, rule
from tie_lint.rules.part import getter
from tie_lint.tiemap.accessors import End
from tie_lint.tiemap.embeddings import Getter

if TYPE_CHECKING:
    from tie_lint.tiemap.view import ModelView

FAILURES = (Getter.RETURNS_NONE, Getter.RETURNS_PARENT, Getter.RAISES)


@rule(
    "TIE304",
    "getter-default-too-new",
    fix="sometimes",
    severity="error",
    applies=lambda contract: contract.output_getter_default is None,
)
def getter_default_too_new(view: ModelView, target: Target) -> Iterator[Problem]:
    """The model relies on an inherited getter that only the newer ones of its releases have.

    ## What it does

    Where a project supports a range of releases: looks for models that define no `get_output_embeddings` or
    `get_input_embeddings` because newer releases find `lm_head` or the embedding by themselves, while an
    older release of the range does not.

    ## Why is this bad

    Under the older release the inherited getter returns None, or raises: the head is not tied there. The
    same code with the same config gives two different models.

    ## Example

    ```python
    from torch import nn
    from transformers import GemmaModel, GemmaPreTrainedModel


    class AcmeForCausalLM(GemmaPreTrainedModel):
        _tied_weights_keys = {"lm_head.weight": "model.embed_tokens.weight"}

        def __init__(self, config):
            super().__init__(config)
            self.model = GemmaModel(config)
            self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
            self.post_init()
    ```

    ## Use instead

    ```python
    from torch import nn
    from transformers import GemmaModel, GemmaPreTrainedModel


    class AcmeForCausalLM(GemmaPreTrainedModel):
        _tied_weights_keys = {"lm_head.weight": "model.embed_tokens.weight"}

        def __init__(self, config):
            super().__init__(config)
            self.model = GemmaModel(config)
            self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
            self.post_init()

        def get_output_embeddings(self):
            return self.lm_head

        def set_output_embeddings(self, new_embeddings):
            self.lm_head = new_embeddings
    ```

    ## Releases

    - Up to 4.53 a model has to define both getters, or its backbone has to.
    - From 4.54 the inherited ones return `lm_head` and the embedding that `_input_embed_layer` names.

    ## Fix safety

    Adds the getter below `__init__`, in the style of the file, and a setter where the class has only the
    library's. The fix is safe if the getter returns the only module of its shape, and tie-lint knows
    everything that the models of the file tie.
    """
    newer = target.newest
    if newer is None:
        return
    late = f"and relies on an inherited one that comes with {newer.since}"
    embeddings = view.embeddings
    headless = embeddings.output_getter in FAILURES and embeddings.has_head and not view.ties.head_is_tied
    if headless and embeddings.works_under(newer, End.OUTPUT):
        yield Problem(
            view.at,
            f"{view.name} has no get_output_embeddings() {late}",
            "the head is not tied to the input embeddings here",
            "error" if view.config.asks_by_default else "warning",
            functools.partial(_fix, view, End.OUTPUT, view.embeddings.head),
            rests_on=getter("TIE304", view, "get_output_embeddings", embeddings.head),
        )
    if view.unreached.path and embeddings.works_under(newer, End.INPUT):
        yield Problem(
            view.at,
            f"{view.name} has no get_input_embeddings() {late}",
            "models built on it cannot tie their head or resize their embeddings here",
            "warning" if view.config.asks_by_default is False else "error",
            functools.partial(_fix, view, End.INPUT, view.unreached.path),
            rests_on=getter("TIE304", view, "get_input_embeddings", view.unreached.path),
        )


def _fix(view: ModelView, end: End, path: str | None, source: Source) -> Iterator[Proposal]:
    cls = source.class_at(view.at)
    if cls is not None and path is not None:
        setter = not has_accessor(view, end.setter)
        edits = give_accessors(source, cls, end.value, path, setter, aliases_of(view, path))
        yield Proposal.of(*edits, certain=is_only_choice(view, path))
