from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tie_lint.edits.proposal import Proposal
from tie_lint.edits.source import Source
from tie_lint.edits.tied_keys import give_source, put_last, turn_entry
from tie_lint.intrinsics.torch import module_tree
from tie_lint.library.target import Target
from tie_lint.remedies.accessors import class_inside
from tie_lint.rules import Problem, enumerated, rule, when_asked
from tie_lint.rules.part import given

if TYPE_CHECKING:
    from tie_lint.tiemap.view import ModelView

MISPLACED = "checkpoints hold the matrix under the source's name, and a backbone loaded from one lacks it"
EFFECT = "the target keeps the matrix that its source had before, at the latest when a checkpoint is loaded"


@rule(
    "TIE111",
    "mapping-order",
    fix="sometimes",
    severity="error",
    applies=lambda contract: contract.ties_by == "keys",
)
def mapping_order(view: ModelView, target: Target) -> Iterator[Problem]:
    """An entry of the mapping takes the wrong tensor as its source.

    ## What it does

    Follows `_tied_weights_keys`, those of the models inside included, in the order in which the library ties
    them, and looks for

    - a source that is the target of a later entry,
    - a target in the backbone whose source is outside of it, and
    - the head before an embedding of the same source, where the config ties whatever it is told.

    ## Why is this bad

    The library ties one entry after the other. The first target is tied to what its source was before the
    later entry replaced it: to a matrix that nothing else uses. That happens when the model is built or, if a
    model inside has tied its part before, when a checkpoint is loaded.

    A checkpoint holds a shared matrix under the name of its source. If that is the head and not the embedding
    of the backbone, a backbone that is loaded from the checkpoint has a newly initialised embedding.

    A source that a checkpoint lacks is taken from the first target that it has. If that is the head, the
    embeddings get its matrix. That harms models whose head is their own, and a config that sets
    `tie_word_embeddings=True` itself has those loaded as if they were tied.

    ## Example

    ```python
    from torch import nn
    from transformers import GemmaModel, GemmaPreTrainedModel


    class AcmeForCausalLM(GemmaPreTrainedModel):
        _tied_weights_keys = {
            "head.weight": "words.weight",
            "words.weight": "model.embed_tokens.weight",
        }

        def __init__(self, config):
            super().__init__(config)
            self.model = GemmaModel(config)
            self.words = nn.Embedding(config.vocab_size, config.hidden_size)
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
        _tied_weights_keys = {
            "head.weight": "model.embed_tokens.weight",
            "words.weight": "model.embed_tokens.weight",
        }

        def __init__(self, config):
            super().__init__(config)
            self.model = GemmaModel(config)
            self.words = nn.Embedding(config.vocab_size, config.hidden_size)
            self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
            self.post_init()

        def get_output_embeddings(self):
            return self.head

        def set_output_embeddings(self, new_embeddings):
            self.head = new_embeddings
    ```

    ## Example: target and source the wrong way round

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

    ## Example: the head before the embeddings

    ```python
    from torch import nn
    from transformers import GemmaConfig, GemmaModel, GemmaPreTrainedModel


    class AcmeConfig(GemmaConfig):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.tie_word_embeddings = True


    class AcmeForCausalLM(GemmaPreTrainedModel):
        config_class = AcmeConfig
        _tied_weights_keys = {
            "head.weight": "model.embed_tokens.weight",
            "words.weight": "model.embed_tokens.weight",
        }

        def __init__(self, config):
            super().__init__(config)
            self.model = GemmaModel(config)
            self.words = nn.Embedding(config.vocab_size, config.hidden_size)
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
    from transformers import GemmaConfig, GemmaModel, GemmaPreTrainedModel


    class AcmeConfig(GemmaConfig):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.tie_word_embeddings = True


    class AcmeForCausalLM(GemmaPreTrainedModel):
        config_class = AcmeConfig
        _tied_weights_keys = {
            "words.weight": "model.embed_tokens.weight",
            "head.weight": "model.embed_tokens.weight",
        }

        def __init__(self, config):
            super().__init__(config)
            self.model = GemmaModel(config)
            self.words = nn.Embedding(config.vocab_size, config.hidden_size)
            self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
            self.post_init()

        def get_output_embeddings(self):
            return self.head

        def set_output_embeddings(self, new_embeddings):
            self.head = new_embeddings
    ```

    ## Releases

    From 5.0 on. Up to 4.57 the sources are not read.

    ## Fix safety

    Gives the first entry the source of the later one, swaps target and source, or puts the head last, if the
    mapping is written out in the source. The fix is safe if tie-lint knows everything that the model ties. If
    the later entry belongs to a model inside, that entry may be the wrong way round: swapping it is an unsafe
    fix.
    """
    for name, source in view.tied_keys.misordered:
        yield Problem(
            view.place("_tied_weights_keys"),
            f"{view.name}._tied_weights_keys ties {name} to {source} before {source} itself is tied;"
            " give both the same source",
            *when_asked(view.config.asks_by_default, EFFECT),
            functools.partial(_fix, view, name, source),
            rests_on=given("TIE111", view, "_tied_weights_keys", name),
        )
    for name, source in view.tied_keys.misplaced_sources:
        yield Problem(
            view.place("_tied_weights_keys"),
            f"{view.name}._tied_weights_keys ties {name} of the backbone to {source} outside of it:"
            " target and source are the wrong way round",
            *when_asked(view.config.asks_by_default, MISPLACED),
            functools.partial(_turn, view, name),
            rests_on=given("TIE111", view, "_tied_weights_keys", name),
        )
    after = view.lifecycle.embeddings_after_head
    if after:
        head = f"{view.embeddings.head}.weight"
        yield Problem(
            view.place("_tied_weights_keys"),
            f"{view.name}._tied_weights_keys names {head} before {enumerated(after)},"
            f" and {view.config.name} ties even where it is told not to",
            f"a checkpoint with a head of its own and without {view.tied_keys.source_of(head)}"
            " has the head's matrix for embedding when loaded",
            "warning",
            functools.partial(_put_last, view, head),
            rests_on=given("TIE111", view, "_tied_weights_keys", head),
        )


def _put_last(view: ModelView, head: str, source: Source) -> Iterator[Proposal]:
    cls = source.class_at(view.at)
    if cls is not None:
        yield Proposal.of(*put_last(source, cls, head))


def _fix(view: ModelView, target: str, middle: str, source: Source) -> Iterator[Proposal]:
    cls, right = source.class_at(view.at), view.tied_keys.source_of(middle)
    if cls is not None and right is not None:
        own = isinstance(view.tied_keys.value, dict) and middle in view.tied_keys.value
        for path in () if own else module_tree.around(middle)[1:]:
            part = class_inside(view, path)
            inner = None if part is None else source.class_at(part.facts.at)
            if inner is not None:
                turned = turn_entry(source, inner, middle.removeprefix(f"{path}."))
                yield Proposal.of(*turned, certain=False)
        yield Proposal.of(*give_source(source, cls, target, right), certain=own)


def _turn(view: ModelView, target: str, source: Source) -> Iterator[Proposal]:
    cls = source.class_at(view.at)
    if cls is not None:
        yield Proposal.of(*turn_entry(source, cls, target))
