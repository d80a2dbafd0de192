from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tie_lint.edits.proposal import Proposal
from tie_lint.edits.rename import is_used, rename_member
from tie_lint.edits.source import Source
from tie_lint.library.target import Target
from tie_lint.rules import Problem, rule
from tie_lint.rules.part import given
from tie_lint.tiemap.embeddings import Getter
from tie_lint.tiemap.resizing import Setter

if TYPE_CHECKING:
    from tie_lint.tiemap.view import ModelView

EFFECTS = {
    "_tied_weights_keys": "its ties are not declared: saving fails up to 4.57, and from 5.0 nothing is tied",
    "base_model_prefix": "the library goes by the inherited prefix instead",
}


@rule("TIE110", "misspelt-attribute", fix="sometimes", severity="error")
def misspelt_attribute(view: ModelView, target: Target) -> Iterator[Problem]:
    """A name that is almost one which the library reads.

    ## What it does

    Looks for attributes and methods of a model whose name is one or two letters away from
    `_tied_weights_keys`, `base_model_prefix`, or one of the four getters and setters of the embeddings,
    where the class does not have the right one.

    ## Why is this bad

    Python takes any name. The library does not find what it looks for and goes on without it: it cannot
    save the model, or ties nothing.

    ## Example

    ```python
    from torch import nn
    from transformers import GemmaModel, GemmaPreTrainedModel


    class AcmeForCausalLM(GemmaPreTrainedModel):
        tied_weights_keys = {"head.weight": "model.embed_tokens.weight"}

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

    ## Releases

    The same in every supported release.

    ## Fix safety

    Renames the attribute or method. The fix is safe if nothing else in the file uses the wrong name, and
    the ties that result are those that the code asks for.
    """
    for name, right in view.spelling.misspelt.items():
        if _is_missed(view, right):
            yield Problem(
                view.place(name),
                f"{view.name} has {name}, which nothing reads; did you mean {right}?",
                EFFECTS.get(right, "the library calls the inherited one instead"),
                "error" if _is_missed_at_once(view, right) else "warning",
                functools.partial(_fix, view, name, right),
                rests_on=given("TIE110", view, name),
            )


def _is_missed(view: ModelView, right: str) -> bool:
    """Whether the model cannot do without the right one."""
    match right:
        case "_tied_weights_keys":
            return view.ties.saves is False or bool(view.ties.missing) or view.spelling.misspelt_keys_tie
        case "base_model_prefix":
            return bool(view.prefix.missing or view.prefix.misnamed_backbone)
        case "get_input_embeddings":
            return bool(view.unreached.path)
        case "get_output_embeddings":
            return bool(view.embeddings.has_head) and view.embeddings.output_getter is not Getter.WORKS
    return Setter.WORKS not in (view.resizing.output_setter, view.resizing.input_setter)


def _is_missed_at_once(view: ModelView, right: str) -> bool:
    """Whether it cannot do without it as its config stands."""
    if right == "_tied_weights_keys":
        return view.ties.saves_by_default is False or bool(
            (view.ties.missing or view.spelling.misspelt_keys_tie) and view.config.asks_by_default
        )
    return not right.startswith("set_") and view.config.asks_by_default is not False


def _fix(view: ModelView, name: str, right: str, source: Source) -> Iterator[Proposal]:
    cls = source.class_at(view.at)
    if cls is not None:
        yield Proposal.of(*rename_member(source, cls, name, right), certain=not is_used(source, name))
