from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tie_lint.edits.proposal import Proposal
from tie_lint.edits.source import Source
from tie_lint.edits.tied_keys import complete, declare
from tie_lint.library.target import Target
from tie_lint.remedies.intended_ties import intended_by_getters, intended_ties, joined
from tie_lint.remedies.tied_mapping import missing_entries
from tie_lint.rules import Problem, enumerated, rule
from tie_lint.rules.part import given

if TYPE_CHECKING:
    from tie_lint.tiemap.view import ModelView


@rule(
    "TIE302",
    "dead-tie-hook",
    fix="sometimes",
    severity="error",
    applies=lambda contract: not contract.runs_tie_hooks,
)
def dead_tie_hook(view: ModelView, target: Target) -> Iterator[Problem]:
    """A `_tie_weights` hook, which transformers 5 never calls.

    ## What it does

    Looks for `_tie_weights` methods of a model or of its layers that would share parameters which
    `_tied_weights_keys` does not tie. A hook that is there for transformers 4 beside a mapping that says
    the same is fine.

    ## Why is this bad

    Up to 4.57 `tie_weights()` calls the hook of every module. From 5.0 it does not: what the hook ties
    stays untied, and no error says so.

    ## Example

    ```python
    import torch
    from torch import nn
    from transformers import GemmaModel, GemmaPreTrainedModel


    class AcmeForCausalLM(GemmaPreTrainedModel):
        _tied_weights_keys = {"head.weight": "model.embed_tokens.weight"}

        def __init__(self, config):
            super().__init__(config)
            self.model = GemmaModel(config)
            self.head = nn.Linear(config.hidden_size, config.vocab_size)
            self.bias = nn.Parameter(torch.zeros(config.vocab_size))
            self.post_init()

        def _tie_weights(self):
            self.head.bias = self.bias

        def get_output_embeddings(self):
            return self.head

        def set_output_embeddings(self, new_embeddings):
            self.head = new_embeddings
    ```

    ## Use instead

    ```python
    import torch
    from torch import nn
    from transformers import GemmaModel, GemmaPreTrainedModel


    class AcmeForCausalLM(GemmaPreTrainedModel):
        _tied_weights_keys = {
            "head.weight": "model.embed_tokens.weight",
            "head.bias": "bias",
        }

        def __init__(self, config):
            super().__init__(config)
            self.model = GemmaModel(config)
            self.head = nn.Linear(config.hidden_size, config.vocab_size)
            self.bias = nn.Parameter(torch.zeros(config.vocab_size))
            self.post_init()

        def _tie_weights(self):
            self.head.bias = self.bias

        def get_output_embeddings(self):
            return self.head

        def set_output_embeddings(self, new_embeddings):
            self.head = new_embeddings
    ```

    ## Releases

    From 5.0 on. The hook may stay for 4.x.

    ## Fix safety

    Adds what the hook ties to the mapping, and keeps the hook for the releases that call it. The fix is
    safe if the mapping then makes the ties that the hook makes, and no others.
    """
    for hook in view.lifecycle.dead_hooks:
        names = enumerated(hook.group)
        yield Problem(
            hook.at,
            f"{hook.owner.leaf}._tie_weights() is never called,"
            f" and {view.name}._tied_weights_keys does not tie {names}",
            "they are silently untied",
            "error" if view.config.asks_by_default else "warning",
            functools.partial(_fix, view, hook.group),
            rests_on=given("TIE302", view, "_tied_weights_keys", str(hook.group)),
        )


def _fix(view: ModelView, group: list[str], source: Source) -> Iterator[Proposal]:
    """Entries for what the hook ties, as the releases that call it show; else for what it was seen to tie."""
    cls, declared = source.class_at(view.at), view.tied_keys.value or {}
    if cls is None or not isinstance(declared, dict):
        return
    for groups in (intended_by_getters(view), joined([group, *(intended_ties(view) or ())])):
        missing = missing_entries(view, groups or [])
        if view.declares("_tied_weights_keys"):
            yield Proposal.of(*complete(source, cls, missing))
        else:
            yield Proposal.of(*declare(source, cls, {**declared, **missing}))
