from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tie_lint.edits.accessors import add_getter, give_accessors, pass_on_accessors
from tie_lint.edits.proposal import Proposal
from tie_lint.edits.source import Source
from tie_lint.finding import Severity
from tie_lint.library.target import Target
from tie_lint.remedies.accessors import aliases_of, has_accessor, is_only_choice, part_that_hands_out
from tie_lint.rules import Problem, rule
from tie_lint.rules.certainty import agrees_with_setter, belongs_to_submodel, is_one_of_several_inside
from tie_lint.rules.part import getter
from tie_lint.tiemap.accessors import End
from tie_lint.tiemap.embeddings import Getter
from tie_lint.tiemap.post_init import Reached

if TYPE_CHECKING:
    from tie_lint.tiemap.view import ModelView


@rule("TIE002", "missing-input-embeddings", fix="sometimes", severity={"4.40": "error", "5.0": "warning"})
def missing_input_embeddings(view: ModelView, target: Target) -> Iterator[Problem]:
    """A backbone has a token embedding that `get_input_embeddings` does not return.

    ## What it does

    Looks for models with a token embedding whose `get_input_embeddings`, inherited or their own, raises
    `NotImplementedError` or returns `None`. Where models ask each other for the embedding, the one that
    lacks the answer is reported. So is a model whose own `get_output_embeddings` asks a part that the config
    decides on, where the inherited `get_input_embeddings` raises.

    These need no getter, unless they have a setter of their own (a class that lets its embedding be
    replaced is expected to return it, too):

    - a component that is only used inside another model;
    - a model that leaves its embedding to a part with a config of its own.

    ## Why is this bad

    The getters of the models with a head ask the backbone for its embedding. When the backbone has no
    answer, `tie_weights()` fails or ties nothing, and `resize_token_embeddings()` raises
    `NotImplementedError`.

    ## Example

    ```python
    from torch import nn
    from transformers import GemmaPreTrainedModel


    class AcmeModel(GemmaPreTrainedModel):
        def __init__(self, config):
            super().__init__(config)
            self.tokens = nn.Embedding(config.vocab_size, config.hidden_size)
            self.post_init()
    ```

    ## Use instead

    ```python
    from torch import nn
    from transformers import GemmaPreTrainedModel


    class AcmeModel(GemmaPreTrainedModel):
        def __init__(self, config):
            super().__init__(config)
            self.tokens = nn.Embedding(config.vocab_size, config.hidden_size)
            self.post_init()

        def get_input_embeddings(self):
            return self.tokens

        def set_input_embeddings(self, value):
            self.tokens = value
    ```

    ## Releases

    - Up to 4.53 the inherited getter asks the attribute named by `base_model_prefix` and finds nothing in the
      backbone itself: every backbone needs its own.
    - From 4.54 it first looks for `self.embed_tokens`, or the attribute that `_input_embed_layer` names.
    - From 5.0 it also looks inside `self.embeddings` and `self.model`, from 5.9 inside `self.language_model`.

    ## Fix safety

    Adds the getter below `__init__`, in the style of the file, and a setter where the class has only the
    library's. A getter that is added beside a setter of the class's own returns what that setter sets.

    The fix is safe if:

    - the embedding is the only one of its shape, and
    - tie-lint knows everything that the models of the file tie.

    It is unsafe if one of these holds:

    - The class's own setter gives the new embedding to several modules, or to another one.
    - Other modules have the embedding's weight, and no setter of the class says which of them is meant.
    - The class has no such setter, the embedding lies in a model inside, and other embeddings of its size
      have weights of their own.
    - The embedding lies in a model of another file that this file does not name: the config may decide
      which model that is.
    """
    if view.unreached.path and not view.embeddings.works_under(target.newest, End.INPUT):
        returns_none = view.embeddings.input_getter is Getter.RETURNS_NONE
        ending = "returns None" if returns_none else "raises"
        effect, severity = _of_setter(view) if view.unreached.is_only_set else _of_backbone(view, target)
        yield Problem(
            view.at,
            f"{view.name}.get_input_embeddings() {ending} and should return self.{view.unreached.path}",
            effect,
            severity,
            functools.partial(_fix, view),
            rests_on=getter("TIE002", view, "get_input_embeddings", view.unreached.path),
        )
    elif view.unreached.part is not None:
        yield Problem(
            view.at,
            f"{view.name}.get_input_embeddings() raises and should return"
            f" self.{view.unreached.part}.get_input_embeddings(): its get_output_embeddings() asks that part",
            *_of_part(view, target),
        )


def _of_part(view: ModelView, target: Target) -> tuple[str, Severity]:
    by_getters = target.contract.ties_by == "getters" and view.models.post_init is Reached.ALWAYS
    if by_getters and view.unreached.is_open_part:
        return (
            "building it raises NotImplementedError where the config of that part asks for a tie",
            "warning",
        )
    if by_getters and view.models.failure_when_tied:
        return (
            f"building it raises {view.models.failure_when_tied} where its config asks for a tie",
            "warning",
        )
    if view.resize_code.replaces_library:
        return "code that asks it for its token embedding fails", "warning"
    return "resize_token_embeddings() fails", "warning"


def _of_backbone(view: ModelView, target: Target) -> tuple[str, Severity]:
    tied_otherwise = view.unreached.is_of_language_model or view.holders_tie
    if target.contract.ties_by == "getters" and not tied_otherwise:
        severity: Severity = "error" if view.config.asks_by_default is not False else "warning"
        return "neither it nor models built on it can tie a head or resize their embeddings", severity
    return "resize_token_embeddings() fails for it and for models built on it", "warning"


def _of_setter(view: ModelView) -> tuple[str, Severity]:
    if view.models.fails:
        return f"building it raises {view.models.failure}", "error"
    if view.resize_code.replaces_library:
        return "code that asks it for its token embedding fails", "warning"
    return "resize_token_embeddings() fails before it comes to set_input_embeddings()", "warning"


def _fix(view: ModelView, source: Source) -> Iterator[Proposal]:
    cls, embedding = source.class_at(view.at), view.unreached.path
    if cls is not None and embedding is not None:
        setter = not has_accessor(view, "set_input_embeddings")
        edits = give_accessors(source, cls, "input", embedding, setter, aliases_of(view, embedding))
        certain = agrees_with_setter(view, cls, embedding) and is_only_choice(view, embedding)
        if view.declares("set_input_embeddings"):
            yield Proposal.of(*add_getter(source, cls, "input"), certain=certain)
        elif is_one_of_several_inside(view, embedding):
            certain = False
        part = part_that_hands_out(view, End.INPUT, embedding)
        if part is not None:
            yield Proposal.of(pass_on_accessors(source, cls, "input", part, setter), certain=False)
        yield Proposal.of(*edits, certain=certain and not belongs_to_submodel(view, source, embedding))
