from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tie_lint.library.contract import Contract
from tie_lint.rules import Problem, rule

if TYPE_CHECKING:
    from tie_lint.model.view import ModelView

LAPSES = {
    "never": "never calls self.post_init()",
    "conditional": "calls self.post_init() only behind a condition",
    "init_weights": "calls self.init_weights() in place of self.post_init()",
}


@rule("TIE005", "missing-post-init")
def missing_post_init(view: ModelView, contract: Contract) -> Iterator[Problem]:
    """A model's `__init__` does not always reach `self.post_init()`.

    ## What it does

    Looks for an `__init__` that never calls `self.post_init()`, calls it only behind a condition, or calls
    `self.init_weights()` in its place. A call made by the `__init__` of a base class counts.

    ## Why is this bad

    `post_init()` initialises the weights and ties them. Up to transformers 4.57 a model without it comes
    out of its constructor untied; saved and loaded again, its head changes. From 5.0 it also sets the
    attributes that `from_pretrained` reads, and loading raises `AttributeError`.

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

        def get_output_embeddings(self):
            return self.lm_head
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
    ```

    ## Releases

    - Up to 4.57 only models that tie are reported, and `init_weights()` is as good as `post_init()`.
    - From 5.0 every model needs `post_init()`, and `init_weights()` before it raises `AttributeError`.
    """
    excused = view.post_init == "init_weights" and contract.init_weights_suffices
    if not view.own_init or view.post_init not in LAPSES or excused:
        return
    message = f"{view.name}.__init__ {LAPSES[view.post_init]}"
    if contract.post_init_needed_by == "every model":
        yield Problem(view.at, message, "loading it raises AttributeError")
    elif view.post_init_ties and not view.opts_out and not view.is_component:
        yield Problem(view.at, message, "it is built untied", "error" if view.asks_by_default else "warning")
