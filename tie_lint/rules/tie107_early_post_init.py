from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tie_lint.edits.post_init import move_post_init
from tie_lint.edits.proposal import Proposal
from tie_lint.edits.source import Source
from tie_lint.library.target import Target
from tie_lint.rules import Problem, enumerated, rule, when_asked
from tie_lint.rules.part import given

if TYPE_CHECKING:
    from tie_lint.tiemap.view import ModelView


@rule("TIE107", "early-post-init", fix="sometimes", severity="error")
def early_post_init(view: ModelView, target: Target) -> Iterator[Problem]:
    """`__init__` calls `self.post_init()` before the head or the backbone exists.

    ## What it does

    Looks for constructors that set modules after the last `self.post_init()`, if the ties would be different
    with the call at the end.

    ## Why is this bad

    `post_init()` is what ties. What does not exist yet when it runs is not tied: a getter that is called
    too early raises `AttributeError`, an inherited one finds nothing and the head silently stays untied.

    ## Example

    ```python
    from torch import nn
    from transformers import GemmaModel, GemmaPreTrainedModel


    class AcmeForCausalLM(GemmaPreTrainedModel):
        _tied_weights_keys = {"head.weight": "model.embed_tokens.weight"}

        def __init__(self, config):
            super().__init__(config)
            self.model = GemmaModel(config)
            self.post_init()
            self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)

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

    ## Releases

    - Up to 4.57 the getters are called, and raise where they find nothing.
    - From 4.51 to 4.57 `ValueError` is raised where `_keep_in_fp32_modules` names what is not there yet.
    - From 5.0 the names of `_tied_weights_keys` are looked up, and raise where they are not there.

    ## Fix safety

    Moves the call to the end of `__init__`. The fix is safe if the ties that result are those that the code
    asks for. There is no fix for several calls, or for an `__init__` that returns early.
    """
    if not view.lifecycle.late_modules or view.ties.opts_out:
        return
    late = enumerated(f"self.{name}" for name in dict.fromkeys(view.lifecycle.late_modules))
    effect = f"building it raises {view.models.failure or 'AttributeError'}, or it is built untied"
    at_once = view.models.fails or view.config.asks_by_default
    yield Problem(
        view.place("__init__"),
        f"{view.name}.__init__ sets {late} after self.post_init(), which should be its last call",
        *when_asked(at_once, effect),
        functools.partial(_fix, view),
        rests_on=given("TIE107", view, "__init__", late),
    )


def _fix(view: ModelView, source: Source) -> Iterator[Proposal]:
    cls = source.class_at(view.at)
    if cls is not None:
        yield Proposal.of(*move_post_init(source, cls))
