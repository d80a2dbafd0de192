from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tie_lint.edits.proposal import Proposal
from tie_lint.edits.source import Source
from tie_lint.edits.tied_keys import declare
from tie_lint.library.target import Target
from tie_lint.remedies.intended_ties import intended_by_getters
from tie_lint.remedies.tied_mapping import mapping_of
from tie_lint.rules import Problem, rule
from tie_lint.rules.part import lacking

if TYPE_CHECKING:
    from tie_lint.tiemap.view import ModelView


@rule(
    "TIE305",
    "tie-lost-in-5",
    fix="sometimes",
    severity="error",
    applies=lambda contract: contract.ties_by == "keys",
)
def tie_lost_in_5(view: ModelView, target: Target) -> Iterator[Problem]:
    """A model ties its head under the older releases of a range, and silently not from 5.0 on.

    ## What it does

    For a range of releases on both sides of 5.0: builds the model with its default config under the newest
    one before 5.0 and under those from 5.0 on, and reports a head that has the weight of the input
    embeddings in the one and its own in the others. Where another rule says what lost the tie, a list of
    keys (TIE301), a hook that nobody calls (TIE302) or keys that a config turns off (TIE201), that is
    reported alone.

    ## Why is this bad

    Checkpoints that 4.x saved have no tensor for the head. From 5.0 it is initialised at random when they are
    loaded, with a warning and no error.

    ## Example

    ```python
    from torch import nn
    from transformers import PretrainedConfig, PreTrainedModel


    class AcmeConfig(PretrainedConfig):
        model_type = "acme"

        def __init__(self, vocab_size=40, hidden_size=16, **kwargs):
            self.vocab_size = vocab_size
            self.hidden_size = hidden_size
            super().__init__(**kwargs)


    class AcmeForCausalLM(PreTrainedModel):
        config_class = AcmeConfig

        def __init__(self, config):
            super().__init__(config)
            self.embed = nn.Embedding(config.vocab_size, config.hidden_size)
            self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
            self.post_init()

        def get_input_embeddings(self):
            return self.embed

        def set_input_embeddings(self, value):
            self.embed = value

        def get_output_embeddings(self):
            return self.head

        def set_output_embeddings(self, new_embeddings):
            self.head = new_embeddings
    ```

    ## Use instead

    ```python
    from torch import nn
    from transformers import PretrainedConfig, PreTrainedModel


    class AcmeConfig(PretrainedConfig):
        model_type = "acme"

        def __init__(self, vocab_size=40, hidden_size=16, tie_word_embeddings=True, **kwargs):
            self.vocab_size = vocab_size
            self.hidden_size = hidden_size
            self.tie_word_embeddings = tie_word_embeddings
            super().__init__(tie_word_embeddings=tie_word_embeddings, **kwargs)


    class AcmeForCausalLM(PreTrainedModel):
        config_class = AcmeConfig
        _tied_weights_keys = {"head.weight": "embed.weight"}

        def __init__(self, config):
            super().__init__(config)
            self.embed = nn.Embedding(config.vocab_size, config.hidden_size)
            self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
            self.post_init()

        def get_input_embeddings(self):
            return self.embed

        def set_input_embeddings(self, value):
            self.embed = value

        def get_output_embeddings(self):
            return self.head

        def set_output_embeddings(self, new_embeddings):
            self.head = new_embeddings
    ```

    ## Releases

    From 5.0, and only for a range that begins before it. What 4.x code needs is in
    [Moving to transformers 5](../migration.md).

    ## Fix safety

    Never safe, and in two steps: the fix declares the keys with the sources that the tie had in 4.x; what the
    config is to say is TIE201's finding then.
    """
    if target.older is None or view.models.fails or view.ties.opts_out or _is_explained(view):
        return
    if view.embeddings.head is None or view.ties.head_is_shared or not view.ties_head_under(target.older):
        return
    if view.tied_keys.declared and not view.config.is_known:
        return  # its config may say in 5.x what the library's base config says up to 4.57
    yield Problem(
        view.at,
        f"{view.name} ties {view.embeddings.head} to the input embeddings up to 4.57 and not from 5.0 on:"
        f" {_why(view)}",
        "the head of a checkpoint that 4.x saved is newly initialised",
        fix=functools.partial(_fix, view),
        rests_on=lacking("TIE305", view, view.embeddings.head, "tie"),
    )


def _why(view: ModelView) -> str:
    if view.config.has_no_flag and view.config.is_known:
        return "its config has no tie_word_embeddings, which now reads as False"
    if view.config.asks_by_default is False:
        return "its config says tie_word_embeddings=False where 5.x looks"
    return "no _tied_weights_keys ties it"


def _is_explained(view: ModelView) -> bool:
    """Whether another rule reports what loses the tie in this release."""
    keys = view.tied_keys
    return bool(
        view.ties.rely_on_old_default
        or view.ties.missing
        or (keys.value is not None and not isinstance(keys.value, dict))
        or keys.unmatched
        or view.lifecycle.dead_hooks
        or view.lifecycle.left_out_by_override
        or view.lifecycle.late_modules
        or view.ties.made_by_post_init
    )


def _fix(view: ModelView, source: Source) -> Iterator[Proposal]:
    cls, groups = source.class_at(view.at), intended_by_getters(view)
    if cls is not None and groups and view.tied_keys.value is None:
        yield Proposal.of(*declare(source, cls, mapping_of(view, groups)), certain=False)
