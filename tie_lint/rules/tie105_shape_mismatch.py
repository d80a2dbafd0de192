from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tie_lint.library.target import Target
from tie_lint.rules import Problem, rule, when_asked
from tie_lint.rules.part import Part, made

if TYPE_CHECKING:
    from tie_lint.tiemap.tied_keys import Misfit
    from tie_lint.tiemap.view import ModelView

EFFECT_OF_ROWS = "the head is replaced by a matrix of another number of rows, and gives as many scores"
EFFECT = "the head is replaced by a matrix of the wrong shape and the forward pass fails"


@rule("TIE105", "shape-mismatch", fix="never", severity="error")
def shape_mismatch(view: ModelView, target: Target) -> Iterator[Problem]:
    """The two ends of a tie have different shapes.

    ## What it does

    Looks for ties that put a weight where one of another shape was: a head that is wider or narrower than
    the embedding it is tied to, or one whose rows are no tokens.

    ## Why is this bad

    The library ties without a look at the shapes: the head's own matrix is replaced by the embedding's. The
    model builds, and the first forward pass raises `RuntimeError` because the shapes cannot be multiplied.
    A head with a few rows of its own gives a score for each token instead. (One that has a row for each token
    and some more or less, as for padding, does no such harm and is not reported.)

    ## Example

    ```python
    from torch import nn
    from transformers import GemmaModel, GemmaPreTrainedModel


    class AcmeForCausalLM(GemmaPreTrainedModel):
        _tied_weights_keys = {"head.weight": "model.embed_tokens.weight"}

        def __init__(self, config):
            super().__init__(config)
            self.model = GemmaModel(config)
            self.head = nn.Linear(2 * config.hidden_size, config.vocab_size, bias=False)
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
            self.project = nn.Linear(2 * config.hidden_size, config.hidden_size, bias=False)
            self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
            self.post_init()

        def get_output_embeddings(self):
            return self.head

        def set_output_embeddings(self, new_embeddings):
            self.head = new_embeddings
    ```

    ## Releases

    The same in every supported release.

    ## Fix safety

    There is no fix: only the author knows which of the two shapes is right.
    """
    wrong = view.wrong_embeddings
    if (
        not view.tied_keys.reshaped
        or view.ties.opts_out
        or wrong.output
        or wrong.of_other_rows
        or wrong.input
    ):
        return  # TIE103 and TIE104 name the end that should not be tied at all
    for found in view.tied_keys.reshaped:
        if len(found.before) == len(found.after):
            same_width = found.before[1:] == found.after[1:]
            if same_width and _has_row_for_each_token(view, found.target):
                continue
            yield Problem(
                view.at,
                f"{view.name} ties {found.target}, of shape {list(found.before)}, to {found.source},"
                f" of shape {list(found.after)}",
                *when_asked(view.config.asks_by_default, EFFECT_OF_ROWS if same_width else EFFECT),
                rests_on=_made_elsewhere(view, found),
            )


def _made_elsewhere(view: ModelView, found: Misfit) -> Part | None:
    """The end of a tie that another class makes: all models that hold that have the same mismatch."""
    shapes = f"{found.before} {found.after}"
    parts = (made("TIE105", view, name.rpartition(".")[0], shapes) for name in (found.target, found.source))
    return next((part for part in parts if part is not None and part.place.owner != view.name), None)


def _has_row_for_each_token(view: ModelView, name: str) -> bool:
    """Whether a parameter follows the vocabulary before anything is tied; also where that is not known."""
    found, path = view.embeddings.untied_vocabulary, name.rpartition(".")[0]
    return found is None or path in {**found.heads, **found.embeddings, **found.others}
