from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tie_lint.edits.accessors import add_setter, copy_setter, set_when_tied
from tie_lint.edits.proposal import Proposal
from tie_lint.edits.source import Source
from tie_lint.library.target import Target
from tie_lint.remedies.accessors import aliases_of
from tie_lint.rules import Problem, rule
from tie_lint.rules.certainty import is_whole_setter
from tie_lint.tiemap.resizing import Setter

if TYPE_CHECKING:
    from tie_lint.tiemap.view import ModelView


@rule("TIE401", "missing-output-setter", fix="sometimes", severity="warning")
def missing_output_setter(view: ModelView, target: Target) -> Iterator[Problem]:
    """`set_output_embeddings` cannot replace the head.

    ## What it does

    Follows what `set_output_embeddings` does to the model, and checks whether `get_output_embeddings` then
    returns what was set. Only models that define the getter themselves are checked. Looks as well for

    - a parameter beside the head, such as a bias of its own, that `forward` uses and that keeps its old size,
      and
    - a head that `tie_weights()` gives the weight of another embedding than the one that is made larger, so
      that it has its old size again (from 5.0).

    ## Why is this bad

    `resize_token_embeddings()` makes a larger head and hands it to `set_output_embeddings()`. Where that
    does not exist it raises; where it has no effect the model keeps the old head, and new tokens can never
    be predicted.

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

        def get_output_embeddings(self):
            return self.head
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

    - Up to 4.53 there is no inherited setter. It is called where the embeddings are not tied.
    - From 4.54 the inherited one sets `lm_head`, and from 5.0 it is called always.

    ## Fix safety

    Adds a setter below the getter. It sets what the getter returns, if that is an attribute or what another
    getter returns. The fix is safe if tie-lint knows everything that the model ties, and nothing of it
    changes.

    It is unsafe if replacing the head may need more than an assignment:

    - A module around the head has a bias, or another parameter, as long as the vocabulary, or may use the
      head's bias under a name of its own.
    - The head is tied to another embedding than the getter returns.

    Even then it is safe if another class of the file has the same setter. If another class has the same
    getter and another setter, an unsafe fix copies that setter.

    Where `tie_weights()` gives the head its old size again, an unsafe fix has the setter give the larger
    weight to the embedding that the head is tied to, if the config asks for a tie.
    """
    setter = view.resizing.output_setter
    if view.wrong_embeddings.output or view.wrong_embeddings.of_other_rows:
        return  # TIE103 says that it is not the getter's module that wants replacing
    if setter in (Setter.RAISES, Setter.NO_EFFECT) and view.declares("get_output_embeddings"):
        effect = "fails" if setter is Setter.RAISES else "leaves the head at its old size"
        when = "" if target.contract.resizes_tied_head else " when the embeddings are not tied"
        yield Problem(
            view.place("get_output_embeddings"),
            f"{view.name} has get_output_embeddings(), but set_output_embeddings() {setter.value}",
            f"resize_token_embeddings() {effect}{when}",
            "warning",
            functools.partial(_fix, view),
        )
    elif view.resizing.left_behind and _is_here(view, "get_output_embeddings"):
        yield Problem(
            view.place("get_output_embeddings"),
            f"{view.name} has self.{view.resizing.left_behind} beside its head,"
            " which set_output_embeddings() does not replace",
            "resize_token_embeddings() leaves it at its old size, and forward() fails",
            "warning",
        )
    elif view.tied_keys.value and view.resizing.put_back and _is_here(view, "set_output_embeddings"):
        yield Problem(
            view.place("set_output_embeddings"),
            f"{view.name}.set_output_embeddings() replaces the head, and tie_weights() gives it the weight of"
            f" self.{view.resizing.put_back} again, which nothing replaces",
            "resize_token_embeddings() leaves the head at its old size",
            "warning",
            functools.partial(_follow, view),
        )


def _is_here(view: ModelView, method: str) -> bool:
    """Whether the class defines a method itself, or its own ``__init__`` where it has that of the library."""
    return view.declares(method) or (view.own_init and view.models.owner(method) is None)


def _follow(view: ModelView, source: Source) -> Iterator[Proposal]:
    """Have the setter give the embedding that the head is tied to the larger weight as well."""
    cls, path = source.class_at(view.at), view.resizing.put_back
    if cls is not None and path is not None:
        yield Proposal.of(*set_when_tied(source, cls, "set_output_embeddings", path), certain=False)


def _fix(view: ModelView, source: Source) -> Iterator[Proposal]:
    cls = source.class_at(view.at)
    if cls is not None:
        edits = add_setter(source, cls, "output", functools.partial(aliases_of, view))
        certain = is_whole_setter(view, source, view.embeddings.head or "")
        if not certain:
            yield Proposal.of(*copy_setter(source, cls, "output"), certain=False)
        yield Proposal.of(*edits, certain=certain)
