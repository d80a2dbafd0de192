from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from tie_lint.edits.accessors import expression, give_accessors, redirect, takers
from tie_lint.edits.proposal import Proposal
from tie_lint.edits.source import Source
from tie_lint.finding import Edit, Severity
from tie_lint.library.target import Target
from tie_lint.remedies.accessors import delegated_getter, embeddings_apart, has_accessor, instead_of
from tie_lint.rules import Problem, rule, when_asked
from tie_lint.rules.certainty import agrees_with_setter, belongs_to_submodel
from tie_lint.rules.part import Part, getter
from tie_lint.tiemap.embeddings import Getter

if TYPE_CHECKING:
    from tie_lint.tiemap.view import ModelView


@rule("TIE104", "wrong-input-embeddings", fix="sometimes", severity={"4.40": "error", "5.0": "warning"})
def wrong_input_embeddings(view: ModelView, target: Target) -> Iterator[Problem]:
    """`get_input_embeddings` returns something that is not the token embedding.

    ## What it does

    Looks for models whose `get_input_embeddings()` returns a module that is no token embedding, or a
    parameter, although the model has a token embedding: the one that fits the head which
    `get_output_embeddings()` returns or, without a head, the model's own. Where the model resizes with code
    of its own, that code knows what the getter returns: then the finding is reported only if the getter
    returns a whole model.

    ## Why is this bad

    Up to transformers 4.57 `tie_weights()` ties the head to what the getter returns: the head gets a
    weight of another shape, and the token embedding stays alone. In every release
    `resize_token_embeddings()` fails or resizes the wrong module.

    ## Example

    ```python
    from torch import nn
    from transformers import GemmaModel, GemmaPreTrainedModel


    class AcmeForCausalLM(GemmaPreTrainedModel):
        _tied_weights_keys = {"head.weight": "model.embed_tokens.weight"}

        def __init__(self, config):
            super().__init__(config)
            self.model = GemmaModel(config)
            self.positions = nn.Embedding(512, config.hidden_size)
            self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
            self.post_init()

        def get_input_embeddings(self):
            return self.positions

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
            self.positions = nn.Embedding(512, config.hidden_size)
            self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
            self.post_init()

        def get_input_embeddings(self):
            return self.model.embed_tokens

        def get_output_embeddings(self):
            return self.head

        def set_output_embeddings(self, new_embeddings):
            self.head = new_embeddings
    ```

    ## Releases

    - Up to 4.57 the wrong module is tied.
    - From 5.0 the mapping does the tying and only resizing goes wrong.

    ## Fix safety

    Makes the getter return the token embedding, and the setter set it.

    The fix is safe if:

    - only the tie to the wrong module is lost,
    - tie-lint knows everything that the model ties,
    - the model has no other token embedding of that size,
    - the class's own setter, where it has both, gives the new embedding to that module alone, and
    - the embedding does not lie in a model of another file that this file does not name (the config may
      decide which model that is).

    There is no fix for a getter with several `return`s.
    """
    has_head = view.embeddings.output_getter is Getter.WORKS
    if not has_head and delegated_getter(view, "get_input_embeddings"):
        return  # the finding is the backbone's
    if view.wrong_embeddings.input:
        found, right = view.wrong_embeddings.input
        yield Problem(
            view.place("get_input_embeddings"),
            f"{view.name}.get_input_embeddings() returns self.{found},"
            f" which is not the token embedding self.{right}",
            *_effect(view, target, has_head),
            functools.partial(_fix, view),
            rests_on=_part(view, right),
        )


def _part(view: ModelView, right: str) -> Part | None:
    """The getter that answers: the model's own or that of the backbone, which the library's asks."""
    asked = delegated_getter(view, "get_input_embeddings")
    if asked is None:
        return getter("TIE104", view, "get_input_embeddings", right)
    backbone, prefix = asked
    return getter("TIE104", view.of(backbone), "get_input_embeddings", right.removeprefix(f"{prefix}."))


def _effect(view: ModelView, target: Target, has_head: bool) -> tuple[str, Severity]:
    if target.contract.ties_by == "getters" and has_head:
        fails = view.models.failure_when_tied
        what = f"building it raises {fails}" if fails else "the head is tied to the wrong module"
        return when_asked(view.config.asks_by_default, what)
    if view.models.fails:
        return f"building it raises {view.models.failure}", "warning"
    if view.resize_code.replaces_library:
        return "code that asks it for its token embedding gets something else", "warning"
    return "resize_token_embeddings() fails or resizes the wrong module", "warning"


def _fix(view: ModelView, source: Source) -> Iterator[Proposal]:
    """Correct the getter that answers: the model's own, or that of the backbone. Add one where none does."""
    if view.wrong_embeddings.input is None:
        return
    cls = source.class_at(view.at) if view.declares("get_input_embeddings") else None
    first = [] if cls is None else takers(cls, "set_input_embeddings")[:1]
    paths = instead_of(view, view.wrong_embeddings.input[1])
    for path in sorted(paths, key=lambda path: expression(path) not in first):
        certain = (
            not embeddings_apart(view, path)
            and not belongs_to_submodel(view, source, path)
            and (cls is None or agrees_with_setter(view, cls, path))
        )
        yield from (Proposal.of(*edits, certain=certain) for edits in _led_to(view, source, path))


def _led_to(view: ModelView, source: Source, right: str) -> Iterator[Sequence[Edit | None]]:
    cls, asked = source.class_at(view.at), delegated_getter(view, "get_input_embeddings")
    if cls is None:
        return
    if view.declares("get_input_embeddings"):
        yield redirect(source, cls, "get_input_embeddings", right)
    elif asked is not None and right.startswith(f"{asked[1]}."):
        backbone = source.class_at(asked[0].facts.at)
        if backbone is not None:
            inside = right.removeprefix(f"{asked[1]}.")
            yield redirect(source, backbone, "get_input_embeddings", inside)
    else:
        setter = not has_accessor(view, "set_input_embeddings")
        yield give_accessors(source, cls, "input", right, setter)
