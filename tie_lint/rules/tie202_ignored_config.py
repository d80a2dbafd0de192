from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tie_lint.edits.proposal import Proposal
from tie_lint.edits.source import Source
from tie_lint.edits.tied_keys import complete, declare
from tie_lint.library.target import Target
from tie_lint.remedies.intended_ties import intended_ties
from tie_lint.remedies.tied_mapping import keeps_entries, mapping_of, missing_entries
from tie_lint.rules import Problem, rule

if TYPE_CHECKING:
    from tie_lint.tiemap.view import ModelView


@rule("TIE202", "ignored-config", fix="sometimes", severity="error")
def ignored_config(view: ModelView, target: Target) -> Iterator[Problem]:
    """The model ties, or does not tie, whatever its config says.

    ## What it does

    Looks for

    - models whose config asks for a tie by default, and whose code declares one but never makes it, or leaves
      it to the config of a part that asks for none, be it one that `__init__` makes (from 5.0), and
    - models whose head is tied, or removed by `tie_weights()`, even if `tie_word_embeddings` is False.

    ## Why is this bad

    The config is what users read and set, and what tools rely on. A model that says
    `tie_word_embeddings=True` and has a head of its own trains two matrices, where its config speaks of one.
    A model that ties although its config says False loses the head of a checkpoint that has one: loading
    replaces it by the embedding.

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

        def tie_weights(self, *args, **kwargs):
            self.head.weight = self.model.embed_tokens.weight

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

    ## Example: nothing ties the head (from 5.0)

    ```python
    from torch import nn
    from transformers import GemmaModel, GemmaPreTrainedModel


    class AcmeForCausalLM(GemmaPreTrainedModel):
        _tied_weights_keys = {"words.weight": "model.embed_tokens.weight"}

        def __init__(self, config):
            super().__init__(config)
            self.model = GemmaModel(config)
            self.words = nn.Embedding(config.vocab_size, config.hidden_size)
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
            "words.weight": "model.embed_tokens.weight",
            "head.weight": "model.embed_tokens.weight",
        }

        def __init__(self, config):
            super().__init__(config)
            self.model = GemmaModel(config)
            self.words = nn.Embedding(config.vocab_size, config.hidden_size)
            self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
            self.post_init()

        def get_output_embeddings(self):
            return self.head

        def set_output_embeddings(self, new_embeddings):
            self.head = new_embeddings
    ```

    ## Releases

    - Up to 4.57 the getters decide what is tied, from 5.0 `_tied_weights_keys`.
    - A tie that loading undoes is TIE108's.

    ## Fix safety

    Adds the entry that `_tied_weights_keys` lacks. The fix is safe if the ties that result are those that
    the code asks for. There is no fix for a tie that is made whatever the config says.
    """
    if view.lifecycle.never_ties_head:
        yield Problem(
            view.at,
            f"{view.name}: the config says tie_word_embeddings=True, but nothing ties {view.embeddings.head}"
            " to the input embeddings",
            "the head is silently untied",
            fix=functools.partial(_fix, view),
        )
    elif view.lifecycle.left_to_part:
        yield Problem(
            view.at,
            f"{view.name}: {view.config.name} says tie_word_embeddings=True, but whether"
            f" {view.embeddings.head} is tied is left to the config of a part, which says False",
            "the setting is ignored",
            "warning",
        )
    elif view.config.asks_by_default and view.own_configs.untied_head is not None:
        yield Problem(
            view.at,
            f"{view.name}: {view.config.name} says tie_word_embeddings=True, but whether"
            f" {view.own_configs.untied_head} is tied is left to a config that __init__ makes for the part,"
            " which says False",
            "the setting is ignored",
            "warning",
        )
    elif view.lifecycle.always_ties_head:
        kept = view.lifecycle.keeps_own_head
        yield Problem(
            view.at,
            f"{view.name} ties {view.embeddings.head} even where the config says tie_word_embeddings=False",
            f"the setting is ignored{WHERE_NONE_IS if kept else AND_LOST}",
            "warning" if kept or view.config.asks_by_default else "error",
        )
    elif view.own_configs.tied_head is not None:
        yield Problem(
            view.at,
            f"{view.name} ties {view.own_configs.tied_head} even where {view.config.name} says"
            " tie_word_embeddings=False: that is left to a config that __init__ makes for the part",
            "the setting is ignored",
            "warning",
        )
    elif view.lifecycle.removed_head is not None:
        yield Problem(
            view.at,
            f"{view.name}.tie_weights() removes {view.lifecycle.removed_head} even where the config says"
            " tie_word_embeddings=False",
            "from_pretrained() calls it, and a checkpoint with a head of its own loses it",
            "warning" if view.config.asks_by_default else "error",
        )


AND_LOST = ", and a checkpoint with a head of its own loses it"
WHERE_NONE_IS = " but for a checkpoint with a head of its own"


def _fix(view: ModelView, source: Source) -> Iterator[Proposal]:
    cls = source.class_at(view.at)
    if cls is not None and isinstance(view.tied_keys.value, dict):
        missing = missing_entries(view, intended_ties(view) or [])
        yield Proposal.of(*complete(source, cls, missing))
        mapping = mapping_of(view, intended_ties(view) or [], list(missing))
        if keeps_entries(view, mapping):
            yield Proposal.of(*declare(source, cls, mapping))
