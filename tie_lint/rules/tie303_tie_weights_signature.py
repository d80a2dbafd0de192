from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tie_lint.edits.override import call_super, pass_arguments_on, remove_delegate
from tie_lint.edits.proposal import Proposal
from tie_lint.edits.source import Source
from tie_lint.library.target import Target
from tie_lint.rules import Problem, enumerated, rule, when_asked

if TYPE_CHECKING:
    from tie_lint.tiemap.view import ModelView

UNTIED = "the head is silently untied"


@rule("TIE303", "tie-weights-signature", fix="sometimes", severity="error")
def tie_weights_signature(view: ModelView, target: Target) -> Iterator[Problem]:
    """An override of `tie_weights` that transformers 5 cannot call, or that leaves out what the library does.

    ## What it does

    Looks for a `tie_weights` of the class's own that takes neither `missing_keys` and `recompute_mapping`
    nor `**kwargs`, and for one that does not call `super().tie_weights()` and ties less than that would.

    ## Why is this bad

    Under transformers 5 `post_init()` calls `tie_weights(recompute_mapping=False)` and `from_pretrained()`
    also passes `missing_keys`. An override that does not take them raises `TypeError` when the model is
    built. In every release, an override that neither calls `super().tie_weights()` nor ties the head itself
    leaves it untied.

    ## Example (from 5.0)

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

        def tie_weights(self):
            super().tie_weights()

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

        def tie_weights(self, *args, **kwargs):
            super().tie_weights(*args, **kwargs)

        def get_output_embeddings(self):
            return self.head

        def set_output_embeddings(self, new_embeddings):
            self.head = new_embeddings
    ```

    ## Example: nothing ties

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
            self.tied = True

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

        def tie_weights(self, *args, **kwargs):
            super().tie_weights(*args, **kwargs)
            self.tied = True

        def get_output_embeddings(self):
            return self.head

        def set_output_embeddings(self, new_embeddings):
            self.head = new_embeddings
    ```

    ## Releases

    The arguments are passed from 5.0 on; `*args, **kwargs` serves 4.x as well.

    ## Fix safety

    Changes a method that takes only `self`: it then takes `*args, **kwargs` and passes them on. Removes a
    method that only calls that of a model inside, which the library does by itself. The fix is safe if
    tie-lint knows everything that the model ties, and nothing of it changes.

    Where `super().tie_weights()` is not called, the fix adds the call. That is never safe. There is no fix
    for other signatures.
    """
    if view.lifecycle.tie_weights_lacks:
        yield Problem(
            view.place("tie_weights"),
            f"{view.name}.tie_weights() does not take {' and '.join(view.lifecycle.tie_weights_lacks)};"
            f" {'pass' if view.lifecycle.tie_weights_calls_super else 'let it take'} *args, **kwargs"
            f"{' on to super().tie_weights()' if view.lifecycle.tie_weights_calls_super else ''}",
            "building or loading the model raises TypeError",
            fix=functools.partial(_fix, view),
        )
    elif view.lifecycle.left_out_by_override and not view.ties.opts_out and not view.lifecycle.removed_head:
        yield Problem(
            view.place("tie_weights"),
            f"{view.name}.tie_weights() does not call super().tie_weights(),"
            f" and leaves {enumerated(view.lifecycle.left_out_by_override)} untied",
            *when_asked(view.config.asks_by_default, UNTIED),
            functools.partial(_fix_untied, view),
        )


def _fix(view: ModelView, source: Source) -> Iterator[Proposal]:
    cls = source.class_at(view.at)
    if cls is not None:
        yield Proposal.of(*remove_delegate(source, cls, "tie_weights"))
        yield Proposal.of(*pass_arguments_on(source, cls, "tie_weights"))


def _fix_untied(view: ModelView, source: Source) -> Iterator[Proposal]:
    cls = source.class_at(view.at)
    if cls is not None:
        yield Proposal.of(*call_super(source, cls, "tie_weights"), certain=False)
