from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tie_lint.edits.post_init import add_post_init, free_post_init, replace_init_weights
from tie_lint.edits.proposal import Proposal
from tie_lint.edits.source import Source
from tie_lint.finding import Severity
from tie_lint.library.target import Target
from tie_lint.rules import Problem, rule
from tie_lint.tiemap.post_init import Reached

if TYPE_CHECKING:
    from tie_lint.tiemap.view import ModelView

LAPSES = {
    Reached.NEVER: "never calls self.post_init()",
    Reached.CONDITIONAL: "calls self.post_init() only behind a condition",
    Reached.OVERRIDDEN: "calls self.post_init(), but {owner} overrides it"
    " and does not reach super().post_init()",
    Reached.INIT_WEIGHTS: "calls self.init_weights() in place of self.post_init()",
}
FIXES = {
    Reached.NEVER: add_post_init,
    Reached.CONDITIONAL: free_post_init,
    Reached.INIT_WEIGHTS: replace_init_weights,
}


@rule("TIE005", "missing-post-init", fix="sometimes", severity="error")
def missing_post_init(view: ModelView, target: Target) -> Iterator[Problem]:
    """A model's `__init__` does not always reach `self.post_init()`.

    ## What it does

    Looks for an `__init__` that

    - never calls `self.post_init()`,
    - calls it only behind a condition,
    - calls one that a class of the project's own has put in its place, or
    - calls `self.init_weights()` instead.

    A call made by the `__init__` of a base class counts.

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

        def set_output_embeddings(self, new_embeddings):
            self.lm_head = new_embeddings
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

    ## Example: `init_weights()` in its place (from 5.0)

    ```python
    from torch import nn
    from transformers import GemmaModel, GemmaPreTrainedModel


    class AcmeForCausalLM(GemmaPreTrainedModel):
        _tied_weights_keys = {"head.weight": "model.embed_tokens.weight"}

        def __init__(self, config):
            super().__init__(config)
            self.model = GemmaModel(config)
            self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
            self.init_weights()

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

    - Up to 4.57 only models that tie are reported, and `init_weights()` is as good as `post_init()`.
    - A model with a `from_pretrained()` of its own, which does not always call that of `super()`, can do
      without, but not where another model of the file holds it: from 5.0 that one does not learn of its keys,
      and loses the tie when it is loaded.
    - From 5.0 every model needs `post_init()`, and `init_weights()` before it raises `AttributeError`.

    ## Fix safety

    Adds the call at the end of `__init__`, or puts it in the place of `init_weights()`. The fix is safe if
    tie-lint knows everything that the model ties. A call behind a condition is moved out of the condition.
    That is never safe: the condition may be intended. There is no fix for an `__init__` that returns early,
    nor for an override, nor for an `__init__` that has to be given parts of the model: the call would
    initialise them anew, which may be trained.
    """
    reached = view.models.post_init
    excused = reached is Reached.INIT_WEIGHTS and target.contract.init_weights_suffices
    if not view.own_init or reached not in LAPSES or excused or view.models.builds_nothing:
        return  # the models built on it call post_init() when they are whole
    fix = functools.partial(_fix, view)
    message = f"{view.name}.__init__ {LAPSES[reached].format(owner=view.models.post_init_override)}"
    needed = target.contract.post_init_needed_by == "every model"
    loader = view.lifecycle.own_loader
    loads = loader is None and not view.lifecycle.may_load_another_way
    if loads and view.lifecycle.fails_to_load:
        # `init_weights()` ties, and asks for what `post_init()` has not set.
        first = reached is Reached.INIT_WEIGHTS and view.models.failure == "AttributeError"
        doing = "building" if first else "loading"
        yield Problem(view.at, message, f"{doing} it raises AttributeError", fix=fix)
    elif needed and loader is not None and view.tied_keys.declared and view.family.is_held_without(loader):
        yield Problem(view.at, message, "a model that holds it loses its ties when it is loaded", fix=fix)
    elif view.ties.made_by_post_init and not view.ties.opts_out and not view.family.is_component:
        severity: Severity = "error" if view.config.asks_by_default else "warning"
        yield Problem(view.at, message, "it is built untied", severity, fix)


def _fix(view: ModelView, source: Source) -> Iterator[Proposal]:
    cls, reached = source.class_at(view.at), view.models.post_init
    if cls is not None and reached in FIXES:
        yield Proposal.of(*FIXES[reached](source, cls), certain=reached is not Reached.CONDITIONAL)
