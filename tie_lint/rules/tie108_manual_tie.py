from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tie_lint.edits.assignment import remove_assignment
from tie_lint.edits.proposal import Proposal
from tie_lint.edits.source import Source
from tie_lint.library.target import Target
from tie_lint.rules import Problem, enumerated, rule

if TYPE_CHECKING:
    from tie_lint.tiemap.view import ModelView


@rule(
    "TIE108", "manual-tie", fix="sometimes", severity="error", applies=lambda contract: contract.loads_on_meta
)
def manual_tie(view: ModelView, target: Target) -> Iterator[Problem]:
    """A tie made by assignment in `__init__`, which loading undoes.

    ## What it does

    Looks for parameters that `__init__` assigns to two modules and that neither `tie_weights()` nor
    `_tied_weights_keys` ties again after a checkpoint has been loaded.

    ## Why is this bad

    `from_pretrained()` builds the model on the meta device and then gives each name a tensor of its own:
    the assignment is undone. The checkpoint holds the shared matrix once, so that one of its names is
    missing and comes back newly initialised. Training went well, and the loaded model gives noise.

    ## Example

    ```python
    from torch import nn
    from transformers import LlamaModel, LlamaPreTrainedModel


    class AcmeForCausalLM(LlamaPreTrainedModel):
        _tied_weights_keys = {"head.weight": "model.embed_tokens.weight"}

        def __init__(self, config):
            super().__init__(config)
            self.model = LlamaModel(config)
            self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
            self.head.weight = self.model.embed_tokens.weight
            self.post_init()

        def get_output_embeddings(self):
            return self.head

        def set_output_embeddings(self, new_embeddings):
            self.head = new_embeddings
    ```

    ## Use instead

    ```python
    from torch import nn
    from transformers import LlamaModel, LlamaPreTrainedModel


    class AcmeForCausalLM(LlamaPreTrainedModel):
        _tied_weights_keys = {"head.weight": "model.embed_tokens.weight"}

        def __init__(self, config):
            super().__init__(config)
            self.model = LlamaModel(config)
            self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
            self.post_init()

        def get_output_embeddings(self):
            return self.head

        def set_output_embeddings(self, new_embeddings):
            self.head = new_embeddings
    ```

    ## Releases

    From 4.51 on, where `from_pretrained()` always builds on the meta device. Before, it did so with
    `low_cpu_mem_usage=True`, a `device_map` or quantisation.

    A bias that a head holds twice (`self.decoder.bias = self.bias`) is tied again by a `_tie_weights` hook
    up to 4.57, and by an entry of `_tied_weights_keys` from 5.0.

    ## Fix safety

    Removes the assignment, where the library ties the two by itself. This is never safe: from then on the
    config decides whether they are tied.
    """
    for group in view.lifecycle.lost_on_load:
        yield Problem(
            view.at,
            f"{view.name} shares {enumerated(group)} by assignment in __init__,"
            " and nothing ties them again when a checkpoint is loaded",
            "from_pretrained() parts them; what the checkpoint lacks is newly initialised, or stays on meta",
            fix=functools.partial(_fix, view, group),
        )


def _fix(view: ModelView, group: list[str], source: Source) -> Iterator[Proposal]:
    """Where the library ties them as well, the assignment can go; but then the config decides."""
    cls = source.class_at(view.at)
    if cls is not None:
        yield Proposal.of(*remove_assignment(source, cls, group), certain=False)
