from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tie_lint.edits.accessors import add_setter
from tie_lint.edits.proposal import Proposal
from tie_lint.edits.source import Source
from tie_lint.interpreter.classes import Class
from tie_lint.intrinsics.torch import module_tree
from tie_lint.library.target import Target
from tie_lint.remedies.accessors import aliases_of, embeddings_apart, parts_without
from tie_lint.rules import Problem, rule
from tie_lint.rules.part import in_class
from tie_lint.tiemap.resizing import Setter

if TYPE_CHECKING:
    from tie_lint.tiemap.view import ModelView

SETTER = "set_input_embeddings"


@rule("TIE402", "missing-input-setter", fix="sometimes", severity="warning")
def missing_input_setter(view: ModelView, target: Target) -> Iterator[Problem]:
    """`set_input_embeddings` cannot replace the token embedding.

    ## What it does

    Follows what `set_input_embeddings` does to the model, and checks whether `get_input_embeddings` then
    returns what was set. Only models are checked that define the getter themselves, or have that of the
    init base class of their file.

    ## Why is this bad

    `resize_token_embeddings()` makes a larger embedding and hands it to `set_input_embeddings()`. Where
    that does not exist it raises; where it has no effect the model keeps the old one, and new tokens are
    out of its range.

    ## Example

    ```python
    from torch import nn
    from transformers import PretrainedConfig, PreTrainedModel


    class AcmeConfig(PretrainedConfig):
        model_type = "acme"

        def __init__(self, vocab_size=100, hidden_size=16, tie_word_embeddings=True, **kwargs):
            self.vocab_size = vocab_size
            self.hidden_size = hidden_size
            self.tie_word_embeddings = tie_word_embeddings
            super().__init__(tie_word_embeddings=tie_word_embeddings, **kwargs)


    class AcmePreTrainedModel(PreTrainedModel):
        config_class = AcmeConfig
        base_model_prefix = "model"


    class AcmeModel(AcmePreTrainedModel):
        def __init__(self, config):
            super().__init__(config)
            self.words = nn.Embedding(config.vocab_size, config.hidden_size)
            self.post_init()

        def get_input_embeddings(self):
            return self.words


    class AcmeForCausalLM(AcmePreTrainedModel):
        _tied_weights_keys = {"head.weight": "model.words.weight"}

        def __init__(self, config):
            super().__init__(config)
            self.model = AcmeModel(config)
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
    from transformers import PretrainedConfig, PreTrainedModel


    class AcmeConfig(PretrainedConfig):
        model_type = "acme"

        def __init__(self, vocab_size=100, hidden_size=16, tie_word_embeddings=True, **kwargs):
            self.vocab_size = vocab_size
            self.hidden_size = hidden_size
            self.tie_word_embeddings = tie_word_embeddings
            super().__init__(tie_word_embeddings=tie_word_embeddings, **kwargs)


    class AcmePreTrainedModel(PreTrainedModel):
        config_class = AcmeConfig
        base_model_prefix = "model"


    class AcmeModel(AcmePreTrainedModel):
        def __init__(self, config):
            super().__init__(config)
            self.words = nn.Embedding(config.vocab_size, config.hidden_size)
            self.post_init()

        def get_input_embeddings(self):
            return self.words

        def set_input_embeddings(self, value):
            self.words = value


    class AcmeForCausalLM(AcmePreTrainedModel):
        _tied_weights_keys = {"head.weight": "model.words.weight"}

        def __init__(self, config):
            super().__init__(config)
            self.model = AcmeModel(config)
            self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
            self.post_init()

        def get_output_embeddings(self):
            return self.head

        def set_output_embeddings(self, new_embeddings):
            self.head = new_embeddings
    ```

    ## Releases

    - Up to 4.53 the inherited setter only passes the question on to the backbone.
    - From 4.54 it finds the embedding by the name that `_input_embed_layer` gives, `embed_tokens` by
      default.

    ## Fix safety

    Adds a setter below the getter. It sets what the getter returns, if that is an attribute or what another
    getter returns. If the model's own setter passes the embedding on to a part that has a getter and no
    setter, the setter is added to that part. The fix is safe if tie-lint knows everything that the model
    ties, and nothing of it changes.

    It is unsafe if the model has other token embeddings of that size. They then get the new weight too,
    which is a guess: all of them if the model itself holds one of them, else those in parts of the module
    that holds the embedding.
    """
    setter = view.resizing.input_setter
    if view.wrong_embeddings.input:
        return  # TIE104 says that it is not the getter's module that wants replacing
    if setter in (Setter.RAISES, Setter.NO_EFFECT) and _with_getter(view) is not None:
        yield Problem(
            view.place("get_input_embeddings"),
            f"{view.name} has get_input_embeddings(), but set_input_embeddings() {setter.value}",
            "resize_token_embeddings() fails"
            if setter is Setter.RAISES
            else "resize_token_embeddings() leaves the embedding at its old size",
            "warning",
            functools.partial(_fix, view),
            rests_on=in_class("TIE402", _without_setter(view), SETTER),
        )


def _with_getter(view: ModelView) -> Class | None:
    """The class that gives the getter: the model's own, or the init base class of its file; None where it is
    another."""
    owner, base = view.models.owner("get_input_embeddings"), view.family.init_base_class
    return owner if owner is view.cls or (owner is base and view.family.has_init_base_here) else None


def _without_setter(view: ModelView) -> Class:
    """The class that should have the setter: the init base class that has the getter, the backbone, where the
    library's own asks that, or the part that the model's own passes on to."""
    owner = _with_getter(view)
    if owner is not None and owner is not view.cls and not view.declares(SETTER):
        return owner
    lacking = parts_without(view, SETTER)
    if not view.declares(SETTER):
        backbone = view.family.models_in(view.cls).get(view.prefix.value)
        lacking = [cls for cls in lacking if backbone is not None and cls is backbone[0]]
    return lacking[0] if len(lacking) == 1 else view.cls


def _fix(view: ModelView, source: Source) -> Iterator[Proposal]:
    """The setter is added where it lacks: to the model, or to the part that the model's own passes on to."""
    lacking = parts_without(view, SETTER) if view.declares(SETTER) else [_with_getter(view) or view.cls]
    cls = source.class_at(lacking[0].facts.at) if len(lacking) == 1 else None
    if cls is None:
        return
    path = view.embeddings.input_path or ""
    aliases, apart = functools.partial(aliases_of, view), embeddings_apart(view, path)
    holders = [name.rpartition(".")[0] for name in (path, *apart)]
    others = [name for name in apart if "" in holders or module_tree.is_below(name, holders[0])]
    with_others = [(f"{name}.weight", "weight") for name in others]
    if with_others and cls is source.class_at(view.at):
        yield Proposal.of(*add_setter(source, cls, "input", lambda _: with_others), certain=False)
    yield Proposal.of(*add_setter(source, cls, "input", aliases), certain=not apart)
