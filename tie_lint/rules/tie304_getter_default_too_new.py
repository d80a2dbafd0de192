from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tie_lint.library.contract import Contract
from tie_lint.rules import Problem, rule

if TYPE_CHECKING:
    from tie_lint.model.view import ModelView

FAILURES = ("returns-none", "returns-parent", "raises")


@rule("TIE304", "getter-default-too-new", applies=lambda contract: contract.output_getter_default is None)
def getter_default_too_new(view: ModelView, contract: Contract) -> Iterator[Problem]:
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
    """
    newer = contract.newest
    if newer is None:
        return
    late = f"and relies on an inherited one that comes with {newer.since}"
    headless = view.output_getter in FAILURES and view.has_vocabulary_head and not view.head_is_tied
    if headless and view.works_under(newer, "output_embeddings"):
        yield Problem(
            view.at,
            f"{view.name} has no get_output_embeddings() {late}",
            "the head is not tied to the input embeddings here",
            "error" if view.asks_by_default else "warning",
        )
    if view.unreached_embedding and view.works_under(newer, "input_embeddings"):
        yield Problem(
            view.at,
            f"{view.name} has no get_input_embeddings() {late}",
            "models built on it cannot tie their head or resize their embeddings here",
            "warning" if view.asks_by_default is False else "error",
        )
