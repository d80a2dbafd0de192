from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tie_lint.edits.proposal import Proposal
from tie_lint.edits.source import Source
from tie_lint.edits.tied_keys import declare
from tie_lint.library.target import Target
from tie_lint.loading.emptied import emptied_by_keys
from tie_lint.remedies.intended_ties import intended_ties
from tie_lint.remedies.tied_mapping import mapping_of
from tie_lint.rules import Problem, rule
from tie_lint.rules.alike import groups_named
from tie_lint.rules.part import given

if TYPE_CHECKING:
    from tie_lint.tiemap.view import ModelView


@rule(
    "TIE112",
    "key-for-the-source",
    fix="sometimes",
    severity={"4.40": "warning", "4.51": "error"},
    applies=lambda contract: contract.ties_by == "getters",
)
def key_for_the_source(view: ModelView, target: Target) -> Iterator[Problem]:
    """A key of `_tied_weights_keys` names the source of the tie: the embedding, and not the head.

    ## What it does

    Looks for keys that name the weight of the input embedding, and follows what `save_pretrained()` leaves
    out and what `from_pretrained()` makes of the rest.

    ## Why is this bad

    `save_pretrained()` leaves out the names that the keys match, as long as another name of the tie is left.
    `tie_weights()` gives the head the weight of the input embedding. Where that is the name that was left
    out, the head gets a weight that no checkpoint has: after a load both stay on the meta device, what was
    stored under the head's name is lost, and the first forward pass fails.

    ## Example

    ```python
    from torch import nn
    from transformers import GemmaModel, GemmaPreTrainedModel


    class AcmeForCausalLM(GemmaPreTrainedModel):
        _tied_weights_keys = {"model.embed_tokens.weight": "head.weight"}

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

    A release of 4.x reads the keys of a mapping as it reads a list of them.

    ## Releases

    - From 4.51 to 4.57 all loads build the model on the meta device.
    - Up to 4.50 only those with `low_cpu_mem_usage=True`, a `device_map` or quantisation: a warning.
    - From 5.0 whichever name a checkpoint lacks is tied to the one that it has;
      [TIE111](tie111_mapping_order.md) reports a mapping the wrong way round.

    ## Fix safety

    Declares the targets of the tie. The fix is safe if tie-lint knows everything that the model ties, and the
    model is then saved and loaded with all that was stored.
    """
    by_default = emptied_by_keys(view)
    groups = by_default or emptied_by_keys(view, tied=True)
    if not groups:
        return
    source = f"{view.embeddings.input_path}.weight"
    effect = f"from_pretrained() leaves {groups_named(groups)} on the meta device"
    asked = [] if by_default else ["tie_word_embeddings=True"]
    needs = " and ".join([*asked, *([] if target.contract.loads_on_meta else ["low_cpu_mem_usage=True"])])
    yield Problem(
        view.place("_tied_weights_keys"),
        f"{view.name}._tied_weights_keys names {source}, which tie_weights() takes as the source, so that"
        " checkpoints lack it",
        f"with {needs} {effect}" if needs else effect,
        "warning" if needs else "error",
        functools.partial(_fix, view),
        rests_on=given("TIE112", view, "_tied_weights_keys", source),
    )


def _fix(view: ModelView, source: Source) -> Iterator[Proposal]:
    cls, groups = source.class_at(view.at), intended_ties(view)
    if cls is not None and groups and view.declares("_tied_weights_keys"):
        mapping = mapping_of(view, groups)
        as_it_is = mapping if isinstance(view.tied_keys.value, dict) else list(mapping)
        yield Proposal.of(*declare(source, cls, as_it_is))
