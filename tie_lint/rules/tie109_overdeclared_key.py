from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tie_lint.edits.proposal import Proposal
from tie_lint.edits.source import Source
from tie_lint.edits.tied_keys import declare
from tie_lint.library.target import Target
from tie_lint.remedies.intended_ties import intended_by_getters, intended_ties
from tie_lint.remedies.tied_mapping import keeps_entries, mapping_of
from tie_lint.rules import Problem, rule, when_asked
from tie_lint.rules.part import given

if TYPE_CHECKING:
    from tie_lint.tiemap.view import ModelView

EFFECT = "the parameter is replaced by one of another shape and the forward pass fails"


@rule(
    "TIE109",
    "overdeclared-key",
    fix="sometimes",
    severity="error",
    applies=lambda contract: contract.ties_by == "keys",
)
def overdeclared_key(view: ModelView, target: Target) -> Iterator[Problem]:
    """An entry of `_tied_weights_keys` ties a parameter that nothing should tie.

    ## What it does

    Looks for entries of the mapping that tie a parameter to itself, or to one of another kind: for example a
    bias to a matrix, because a key for the weight matches both.

    ## Why is this bad

    From transformers 5 every entry is carried out. A bias that a pattern ties to the embedding matrix is
    lost and the forward pass fails; a parameter that is tied to itself stays on the
    meta device when a checkpoint lacks it.

    ## Example

    ```python
    from torch import nn
    from transformers import PretrainedConfig, PreTrainedModel


    class AcmeConfig(PretrainedConfig):
        model_type = "acme"

        def __init__(self, vocab_size=100, hidden_size=16, tie_word_embeddings=True, **kwargs):
            self.vocab_size = vocab_size
            self.hidden_size = hidden_size
            self.tie_word_embeddings = tie_word_embeddings
            super().__init__(tie_word_embeddings=tie_word_embeddings, **kwargs)


    class AcmePreTrainedModel(PreTrainedModel):
        config_class = AcmeConfig
        base_model_prefix = "model"


    class AcmeModel(AcmePreTrainedModel):
        def __init__(self, config):
            super().__init__(config)
            self.words = nn.Embedding(config.vocab_size, config.hidden_size)
            self.post_init()

        def get_input_embeddings(self):
            return self.words

        def set_input_embeddings(self, value):
            self.words = value


    class AcmeForCausalLM(AcmePreTrainedModel):
        _tied_weights_keys = {"head": "model.words"}

        def __init__(self, config):
            super().__init__(config)
            self.model = AcmeModel(config)
            self.head = nn.Linear(config.hidden_size, config.vocab_size)
            self.post_init()

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

        def __init__(self, vocab_size=100, hidden_size=16, tie_word_embeddings=True, **kwargs):
            self.vocab_size = vocab_size
            self.hidden_size = hidden_size
            self.tie_word_embeddings = tie_word_embeddings
            super().__init__(tie_word_embeddings=tie_word_embeddings, **kwargs)


    class AcmePreTrainedModel(PreTrainedModel):
        config_class = AcmeConfig
        base_model_prefix = "model"


    class AcmeModel(AcmePreTrainedModel):
        def __init__(self, config):
            super().__init__(config)
            self.words = nn.Embedding(config.vocab_size, config.hidden_size)
            self.post_init()

        def get_input_embeddings(self):
            return self.words

        def set_input_embeddings(self, value):
            self.words = value


    class AcmeForCausalLM(AcmePreTrainedModel):
        _tied_weights_keys = {"head.weight": "model.words.weight"}

        def __init__(self, config):
            super().__init__(config)
            self.model = AcmeModel(config)
            self.head = nn.Linear(config.hidden_size, config.vocab_size)
            self.post_init()

        def get_output_embeddings(self):
            return self.head

        def set_output_embeddings(self, new_embeddings):
            self.head = new_embeddings
    ```

    ## Example: a key that is its own source

    ```python
    from torch import nn
    from transformers import GemmaModel, GemmaPreTrainedModel


    class AcmeForCausalLM(GemmaPreTrainedModel):
        _tied_weights_keys = {
            "head.weight": "model.embed_tokens.weight",
            "model.embed_tokens.weight": "model.embed_tokens.weight",
        }

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
        _tied_weights_keys = {
            "head.weight": "model.embed_tokens.weight",
        }

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

    From 5.0 on. Up to 4.57 a key only lets `save_pretrained()` drop a copy of a shared matrix, and one that
    covers more does no harm.

    ## Fix safety

    Declares the ties that the code asks for and no others. The fix is safe if tie-lint knows everything
    that the model ties, and no other tie is lost.
    """
    if not (view.tied_keys.reshaped or view.tied_keys.self_tied) or view.ties.opts_out:
        return
    for found in view.tied_keys.reshaped:
        if len(found.before) != len(found.after):
            yield Problem(
                view.place("_tied_weights_keys"),
                f"{view.name}._tied_weights_keys ties {found.target}, of shape {list(found.before)},"
                f" to {found.source}, of shape {list(found.after)}",
                *when_asked(view.config.asks_by_default, EFFECT),
                functools.partial(_fix, view),
                rests_on=given("TIE109", view, "_tied_weights_keys", found.target),
            )
    for name in view.tied_keys.self_tied:
        yield Problem(
            view.place("_tied_weights_keys"),
            f"{view.name}._tied_weights_keys ties {name} to itself",
            "a checkpoint that lacks it leaves it on the meta device, and the forward pass fails",
            "warning",
            functools.partial(_fix, view),
            rests_on=given("TIE109", view, "_tied_weights_keys", name),
        )


def _fix(view: ModelView, source: Source) -> Iterator[Proposal]:
    cls = source.class_at(view.at)
    if cls is None or not view.declares("_tied_weights_keys"):
        return
    for groups in (intended_ties(view), intended_by_getters(view)):
        mapping = None if groups is None else mapping_of(view, groups, list(view.tied_keys.value))
        if mapping is not None and keeps_entries(view, mapping):
            yield Proposal.of(*declare(source, cls, mapping))
