from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tie_lint.edits.accessors import set_when_tied
from tie_lint.edits.proposal import Proposal
from tie_lint.edits.source import Source
from tie_lint.edits.tied_keys import declare
from tie_lint.finding import Edit
from tie_lint.library.target import Target
from tie_lint.remedies.intended_ties import intended_ties
from tie_lint.remedies.tied_mapping import (
    leaves_apart,
    lies_in_one_part,
    mapping_of,
    towards_decoder,
    with_counterparts,
    with_parts,
)
from tie_lint.rules import Problem, rule, when_asked
from tie_lint.rules.part import lacking
from tie_lint.tiemap.view import Role

if TYPE_CHECKING:
    from tie_lint.tiemap.view import ModelView

REFUSED = "save_pretrained() raises RuntimeError for the shared tensors"
UNTIED = "the tie is never made"
UNLISTED = "a model of the family that forgets its own keys ties nothing or cannot be saved"


@rule("TIE004", "missing-tied-weights-keys", fix="sometimes", severity="error")
def missing_tied_weights_keys(view: ModelView, target: Target) -> Iterator[Problem]:
    """A model ties weights and declares no `_tied_weights_keys`.

    ## What it does

    Looks for models that tie parameters, or whose config asks for it, where neither the model nor its
    init base class declares `_tied_weights_keys`. With `tied-weights-keys = "init-base"` the init base
    class itself has to declare it.

    A model that says on purpose that it does not tie (`tie_word_embeddings=False` in its config, or
    `_tied_weights_keys = {}` under transformers 5) is left alone.

    ## Why is this bad

    Up to transformers 4.57 `save_pretrained()` raises `RuntimeError` on shared tensors that no key
    covers: the model trains and then cannot be saved. From 5.0 the keys are what ties: without them the
    head silently keeps weights of its own.

    ## Example

    ```python
    from torch import nn
    from transformers import GemmaModel, GemmaPreTrainedModel


    class AcmeForCausalLM(GemmaPreTrainedModel):
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

    ## Releases

    - Up to 4.57 the attribute is a list of patterns; a mapping works too, since only its keys are read.
    - From 5.0 it is a mapping from each target to its source, and a list fails.

    ## Fix safety

    Adds the declaration with every tied name that no model inside declares: a list if all targets take one,
    else a mapping.

    The fix is safe if:

    - the ties are known under every target, and all of them come out as the code asks for,
    - no other token embedding of that size stays apart, and
    - no tie lies within a model inside, which would be the one to declare it.

    Where only a mapping could say so, an unsafe fix also declares what most likely is one parameter:

    - a bias that a head holds beside another one of its shape;
    - the embeddings of that size in the parts of a module that holds the tied one;
    - the model's only head.

    Where a mapping would tie a head to the embedding of an encoder and the decoder has an embedding of its
    own, the unsafe fix takes that of the decoder. The setting `tied-weights-keys = "init-base"` has no fix.
    """
    if target.policy.tied_weights_keys == "init-base":
        yield from _wanted_on_init_base(view)
        return
    if view.tied_keys.declared is not False or view.spelling.misspells("_tied_weights_keys"):
        return
    if view.wrong_embeddings.of_other_rows and not view.resize_code.replaces_library:
        return  # TIE103 names the getter that has the wrong module tied
    ties, refused = view.ties, view.ties.saves is False
    if (refused or ties.missing) and not view.family.is_component and not ties.opts_out:
        at_once = ties.saves_by_default is False if refused else view.config.asks_by_default
        effect = REFUSED if refused else UNTIED
        names = ties.refused[0] if ties.refused else [f"{view.embeddings.head}.weight"]
        yield Problem(
            view.at,
            f"{view.name} has weights to tie, but {_nobody(view)} _tied_weights_keys",
            *when_asked(at_once, effect),
            functools.partial(_fix, view),
            rests_on=lacking("TIE004", view, names[0], f"_tied_weights_keys {ties.refused}"),
        )


def _nobody(view: ModelView) -> str:
    """That none of the classes which should declare the keys does."""
    base = view.family.init_base
    return "does not declare" if base in (None, view.name) else f"neither it nor {base} declares"


def _fix(view: ModelView, source: Source) -> Iterator[Proposal]:
    """A list where the release takes one, as the other models of its time have it; else a mapping."""
    cls, groups = source.class_at(view.at), intended_ties(view)
    if cls is not None and groups:
        mapping = mapping_of(view, groups)
        more, inside = with_counterparts(view, mapping), lies_in_one_part(view, mapping)
        if view.interp.contract.keys_form == "list":
            yield Proposal.of(*declare(source, cls, list(mapping)), certain=not inside)
        else:
            guesses = (towards_decoder(view, mapping), with_parts(view, more), more)
            for guess in guesses:
                if guess and guess != mapping:
                    declared = declare(source, cls, guess)
                    yield Proposal.of(*declared, certain=False)
                    follows = _followed(view, source, cls, guess)
                    if follows:  # else resizing would leave the head as it is
                        yield Proposal.of(*declared, *follows, certain=False)
        certain = more == mapping and not leaves_apart(view, mapping) and not inside
        yield Proposal.of(*declare(source, cls, mapping), certain=certain)


def _followed(view: ModelView, source: Source, cls: ast.ClassDef, mapping: dict[str, str]) -> list[Edit]:
    """Have the setter of the head give the larger weight to what a mapping ties it to, where that is another
    embedding than the getter returns."""
    path = mapping.get(f"{view.embeddings.head}.weight", "").removesuffix(".weight")
    if path in ("", view.embeddings.input_path):
        return []
    return set_when_tied(source, cls, "set_output_embeddings", path)


def _wanted_on_init_base(view: ModelView) -> Iterator[Problem]:
    """The stricter reading, reported at the init base class, or at the model where that is elsewhere."""
    if view.tied_keys.on_init_base is not False or view.ties.opts_out:
        return
    if view.role is Role.INIT_BASE:
        if view.family_ties:
            message = f"models built on {view.name} tie weights, but it does not declare _tied_weights_keys"
            yield Problem(view.at, message, UNLISTED)
    elif not view.family.has_init_base_here and view.ties.when_asked:
        message = f"{view.name} ties weights, but {view.family.init_base} does not declare _tied_weights_keys"
        yield Problem(view.at, message, UNLISTED)
