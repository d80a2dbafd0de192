from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tie_lint.edits.attributes import set_attribute
from tie_lint.edits.proposal import Proposal
from tie_lint.edits.source import Source
from tie_lint.library.target import Target
from tie_lint.rules import Problem, rule

if TYPE_CHECKING:
    from tie_lint.tiemap.view import ModelView


@rule("TIE003", "missing-base-model-prefix", fix="sometimes", severity="error")
def missing_base_model_prefix(view: ModelView, target: Target) -> Iterator[Problem]:
    """An init base class declares no usable `base_model_prefix`.

    ## What it does

    Looks for direct subclasses of `PreTrainedModel` that hold a family together and whose
    `base_model_prefix` is absent or empty.

    ## Why is this bad

    `base_model_prefix` names the attribute under which the models with a head hold the backbone. The
    inherited `get_input_embeddings` finds the embedding through it, and `from_pretrained` uses it to
    load a checkpoint of the backbone into a model with a head, and the other way round. Without it the
    lookup ends at the model itself, and such a checkpoint loads nothing: every weight is newly
    initialised, with no more than a warning.

    ## Example

    ```python
    from torch import nn
    from transformers import GemmaConfig, PreTrainedModel


    class AcmePreTrainedModel(PreTrainedModel):
        config_class = GemmaConfig


    class AcmeModel(AcmePreTrainedModel):
        def __init__(self, config):
            super().__init__(config)
            self.embed_tokens = nn.Embedding(config.vocab_size, config.hidden_size)
            self.post_init()

        def get_input_embeddings(self):
            return self.embed_tokens

        def set_input_embeddings(self, value):
            self.embed_tokens = value


    class AcmeForSequenceClassification(AcmePreTrainedModel):
        def __init__(self, config):
            super().__init__(config)
            self.acme = AcmeModel(config)
            self.score = nn.Linear(config.hidden_size, config.num_labels)
            self.post_init()

        def get_input_embeddings(self):
            return self.acme.embed_tokens
    ```

    ## Use instead

    ```python
    from torch import nn
    from transformers import GemmaConfig, PreTrainedModel


    class AcmePreTrainedModel(PreTrainedModel):
        config_class = GemmaConfig
        base_model_prefix = "acme"


    class AcmeModel(AcmePreTrainedModel):
        def __init__(self, config):
            super().__init__(config)
            self.embed_tokens = nn.Embedding(config.vocab_size, config.hidden_size)
            self.post_init()

        def get_input_embeddings(self):
            return self.embed_tokens

        def set_input_embeddings(self, value):
            self.embed_tokens = value


    class AcmeForSequenceClassification(AcmePreTrainedModel):
        def __init__(self, config):
            super().__init__(config)
            self.acme = AcmeModel(config)
            self.score = nn.Linear(config.hidden_size, config.num_labels)
            self.post_init()

        def get_input_embeddings(self):
            return self.acme.embed_tokens
    ```

    ## Releases

    The same in every supported release. From 4.54 the inherited getter also looks in other places, so
    there a missing prefix shows first when a checkpoint of the backbone is loaded.

    ## Fix safety

    Adds the attribute. The fix is safe if tie-lint knows everything that the models of the file tie, and
    only the missing ties change.
    """
    if view.prefix.missing is not None and not view.lifecycle.loads_itself:
        declares = "an empty" if view.declares("base_model_prefix") else "no"
        yield Problem(
            view.place("base_model_prefix"),
            f'{view.name} declares {declares} base_model_prefix, which should be "{view.prefix.missing}"',
            "checkpoints of the models built on it do not load into the backbone"
            if view.prefix.heads_have_one
            else "checkpoints of the backbone do not load into the models built on it",
            fix=functools.partial(_fix, view),
        )


def _fix(view: ModelView, source: Source) -> Iterator[Proposal]:
    cls = source.class_at(view.at)
    if cls is not None:
        yield Proposal.of(
            set_attribute(source, cls, "base_model_prefix", source.quoted(view.prefix.missing or ""))
        )
