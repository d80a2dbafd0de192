from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tie_lint.edits.proposal import Proposal
from tie_lint.edits.source import Source
from tie_lint.edits.tied_keys import complete, declare
from tie_lint.library.target import Target
from tie_lint.remedies.tied_mapping import mapping_of
from tie_lint.rules import Problem, rule, when_asked
from tie_lint.rules.alike import groups_named
from tie_lint.rules.part import Part, given
from tie_lint.tiemap.tied_keys import matching

if TYPE_CHECKING:
    from tie_lint.tiemap.view import ModelView


@rule("TIE106", "undeclared-tie", fix="sometimes", severity="error")
def undeclared_tie(view: ModelView, target: Target) -> Iterator[Problem]:
    """Parameters are shared but `_tied_weights_keys` does not cover them.

    ## What it does

    Looks for parameters that a model, once tied, has under several names of which `_tied_weights_keys`
    covers too few. (A model that declares no keys at all is TIE004's.)

    ## Why is this bad

    The file format of checkpoints knows no sharing: `save_pretrained()` may keep one name of a shared
    matrix and drop the others only where a key says so. Where none does, it raises `RuntimeError`.

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
            self.words = self.model.embed_tokens
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
        _tied_weights_keys = {
            "head.weight": "model.embed_tokens.weight",
            "words.weight": "model.embed_tokens.weight",
        }

        def __init__(self, config):
            super().__init__(config)
            self.model = GemmaModel(config)
            self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
            self.words = self.model.embed_tokens
            self.post_init()

        def get_output_embeddings(self):
            return self.head

        def set_output_embeddings(self, new_embeddings):
            self.head = new_embeddings
    ```

    ## Releases

    - Up to 4.57 a group of names is covered when patterns match all but one of them.
    - From 5.0 the keys of the mapping are such patterns.

    ## Fix safety

    Adds the missing names to the declaration, if it is written out in the source. The fix is safe if
    tie-lint knows everything that the model ties, and the model can then be saved. If a name is a leftover,
    remove it instead.
    """
    refused = view.ties.refused
    if not view.tied_keys.declared or not refused or view.ties.opts_out or view.family.is_component:
        return
    if target.contract.keys_form == "list" and view.tied_keys.unmatched:
        return  # TIE102 names the key that should have covered it
    if target.contract.keys_form == "mapping" and not isinstance(view.tied_keys.value, dict):
        return  # TIE301 says that it is no mapping
    if view.wrong_embeddings.output or view.wrong_embeddings.input:
        return  # TIE103 and TIE104 name the end that should not be shared at all
    at_once = view.ties.saves_by_default is False
    effect = "save_pretrained() raises RuntimeError"
    yield Problem(
        view.place("_tied_weights_keys"),
        f"{view.name} shares {groups_named(refused)}, which _tied_weights_keys does not cover",
        *when_asked(at_once, effect),
        functools.partial(_fix, view),
        rests_on=_part(view),
    )


def _part(view: ModelView) -> Part | None:
    """The declaration; where it is a list, what is to become of that covers what the list leaves out."""
    if isinstance(view.tied_keys.value, dict):
        return given("TIE106", view, "_tied_weights_keys", str(view.ties.refused))
    return given("TIE301", view, "_tied_weights_keys")


def _fix(view: ModelView, source: Source) -> Iterator[Proposal]:
    cls, keys = source.class_at(view.at), [key for key in view.tied_keys.value if isinstance(key, str)]
    if cls is None:
        return
    mapping = mapping_of(view, view.ties.refused, keys)
    if view.declares("_tied_weights_keys"):
        missing = {target: name for target, name in mapping.items() if not matching(keys, target)}
        yield Proposal.of(*complete(source, cls, missing))
    elif isinstance(view.tied_keys.value, dict):
        yield Proposal.of(*declare(source, cls, {**view.tied_keys.value, **mapping}))
