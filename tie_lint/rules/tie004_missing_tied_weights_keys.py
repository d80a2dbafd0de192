from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tie_lint.library.contract import Contract
from tie_lint.rules import Problem, rule

if TYPE_CHECKING:
    from tie_lint.model.view import ModelView


@rule("TIE004", "missing-tied-weights-keys")
def missing_tied_weights_keys(view: ModelView, contract: Contract) -> Iterator[Problem]:
    """A model ties weights and declares no `_tied_weights_keys`.

    ## What it does

    Looks for models that tie parameters, or whose config asks for it, where neither the model nor its
    init base class declares `_tied_weights_keys`. With `tied-weights-keys = "init-base"` the init base
    class itself has to declare it.

    A model that says on purpose that it does not tie (`tie_word_embeddings=False` in its config, or
    `_tied_weights_keys = {}` under transformers 5) is left alone.

    ## Why is this bad

    Up to transformers 4.57 `save_pretrained()` raises `RuntimeError` on shared tensors that no key
    covers: the model trains and then cannot be saved. From 5.0 the keys are what ties: without them the
    head silently keeps weights of its own.

    ## Example

    ```python
    from torch import nn
    from transformers import GemmaModel, GemmaPreTrainedModel


    class AcmeForCausalLM(GemmaPreTrainedModel):
        def __init__(self, config):
            super().__init__(config)
            self.model = GemmaModel(config)
            self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
            self.post_init()

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

    - Up to 4.57 the attribute is a list of patterns; a mapping works too, since only its keys are read.
    - From 5.0 it is a mapping from each target to its source, and a list fails.
    """
    strict = contract.keys_wanted_on == "init-base"
    declared = view.tied_keys_on_init_base if strict else view.tied_keys_declared
    if declared is False and (view.saves is False or view.misses_tie) and not view.opts_out:
        base = view.init_base or "its init base class"
        who = f"{base} does not declare" if strict else f"neither it nor {base} declares"
        yield Problem(
            view.at,
            f"{view.name} ties weights, but {who} _tied_weights_keys",
            "save_pretrained() raises RuntimeError for the shared tensors"
            if view.saves is False
            else "the tie is never made",
        )
