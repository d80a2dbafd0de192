from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tie_lint.edits.accessors import give_accessors, redirect
from tie_lint.edits.proposal import Proposal
from tie_lint.edits.source import Source
from tie_lint.library.target import Target
from tie_lint.remedies.accessors import aliases_of, has_accessor
from tie_lint.rules import Problem, rule
from tie_lint.rules.certainty import belongs_to_submodel, is_whole_setter
from tie_lint.rules.part import getter, given

if TYPE_CHECKING:
    from tie_lint.tiemap.view import ModelView


@rule("TIE103", "wrong-output-embeddings", fix="sometimes", severity={"4.40": "error", "5.0": "warning"})
def wrong_output_embeddings(view: ModelView, target: Target) -> Iterator[Problem]:
    """`get_output_embeddings` returns something that is not the vocabulary head.

    ## What it does

    Looks for models that have a vocabulary head (a module whose `weight` has the shape of the embedding
    matrix) and whose `get_output_embeddings()` returns another module, of another shape; or the input
    embedding itself, where `_tied_weights_keys` declares the head. In models without a vocabulary head it
    looks for a getter that returns a module with another number of rows, such as the one row of a reward.

    ## Why is this bad

    Up to transformers 4.57 `tie_weights()` gives the embedding matrix to what the getter returns: that
    module now has a weight it cannot work with, and the real head is not tied. In every release
    `resize_token_embeddings()` fails or resizes the wrong module.

    ## Example

    ```python
    from torch import nn
    from transformers import GemmaModel, GemmaPreTrainedModel


    class AcmeForCausalLM(GemmaPreTrainedModel):
        _tied_weights_keys = {"head.weight": "model.embed_tokens.weight"}

        def __init__(self, config):
            super().__init__(config)
            self.model = GemmaModel(config)
            self.transform = nn.Linear(config.hidden_size, config.hidden_size, bias=False)
            self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
            self.post_init()

        def get_output_embeddings(self):
            return self.transform

        def set_output_embeddings(self, new_embeddings):
            self.transform = new_embeddings
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
            self.transform = nn.Linear(config.hidden_size, config.hidden_size, bias=False)
            self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
            self.post_init()

        def get_output_embeddings(self):
            return self.head

        def set_output_embeddings(self, new_embeddings):
            self.head = new_embeddings
    ```

    ## Example: the head of a reward

    ```python
    from torch import nn
    from transformers import LlamaModel, LlamaPreTrainedModel


    class AcmeRewardModel(LlamaPreTrainedModel):
        def __init__(self, config):
            super().__init__(config)
            self.model = LlamaModel(config)
            self.reward = nn.Linear(config.hidden_size, 1, bias=False)
            self.post_init()

        def get_output_embeddings(self):
            return self.reward

        def set_output_embeddings(self, new_embeddings):
            self.reward = new_embeddings
    ```

    ## Use instead

    ```python
    from torch import nn
    from transformers import LlamaModel, LlamaPreTrainedModel


    class AcmeRewardModel(LlamaPreTrainedModel):
        def __init__(self, config):
            super().__init__(config)
            self.model = LlamaModel(config)
            self.reward = nn.Linear(config.hidden_size, 1, bias=False)
            self.post_init()
    ```

    ## Releases

    - Up to 4.57 the wrong module is tied.
    - From 5.0 the mapping does the tying and only resizing goes wrong.

    ## Fix safety

    Makes the getter return the vocabulary head, and the setter set it.

    The fix is safe if:

    - only the tie to the wrong module is lost,
    - tie-lint knows everything that the model ties,
    - the head does not lie in a model of another file that this file does not name (the config may decide
      which model that is), and
    - a setter that is added is safe by the rules of `TIE401`.

    There is no fix for a getter with several `return`s, and none where there is no vocabulary head.
    """
    if view.wrong_embeddings.output:
        ties_wrongly = target.contract.ties_by == "getters"
        yield Problem(
            view.place("get_output_embeddings"),
            f"{view.name}.get_output_embeddings() returns self.{view.wrong_embeddings.output},"
            f" which is not the vocabulary head self.{view.wrong_embeddings.right_head}",
            "building it raises AttributeError"
            if view.models.fails
            else "the embedding matrix is tied to the wrong module"
            if ties_wrongly
            else "resize_token_embeddings() fails or resizes the wrong module",
            "error" if ties_wrongly and view.config.asks_by_default else "warning",
            functools.partial(_fix, view),
            rests_on=getter("TIE103", view, "get_output_embeddings", view.wrong_embeddings.right_head),
        )
    elif view.wrong_embeddings.of_other_rows and not view.resize_code.replaces_library:
        path, shape, tokens = view.wrong_embeddings.of_other_rows
        at_once = target.contract.ties_by == "getters" and view.config.asks_by_default is True
        yield Problem(
            view.place("get_output_embeddings"),
            f"{view.name}.get_output_embeddings() returns self.{path}, of shape {list(shape)}: no head of a"
            f" vocabulary of {tokens}",
            "it is replaced by the embedding matrix when the model is built"
            if at_once
            else "resize_token_embeddings() fails, or replaces it by one with a row for each token",
            "error" if at_once else "warning",
            rests_on=given("TIE103", view, "get_output_embeddings", path),
        )


def _fix(view: ModelView, source: Source) -> Iterator[Proposal]:
    cls, right = source.class_at(view.at), view.wrong_embeddings.right_head
    if cls is not None and right is not None:
        certain = not belongs_to_submodel(view, source, right)
        if view.declares("get_output_embeddings"):
            yield Proposal.of(*redirect(source, cls, "get_output_embeddings", right), certain=certain)
        else:
            setter = not has_accessor(view, "set_output_embeddings")
            edits = give_accessors(source, cls, "output", right, setter, aliases_of(view, right))
            certain = certain and (not setter or is_whole_setter(view, source, right))
            yield Proposal.of(*edits, certain=certain)
