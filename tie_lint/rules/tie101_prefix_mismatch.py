from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tie_lint.edits.attributes import set_attribute
from tie_lint.edits.part import rename_part
from tie_lint.edits.proposal import Proposal
from tie_lint.edits.source import Source
from tie_lint.library.target import Target
from tie_lint.rules import Problem, rule
from tie_lint.rules.part import lacking

if TYPE_CHECKING:
    from tie_lint.tiemap.view import ModelView


@rule("TIE101", "prefix-mismatch", fix="sometimes", severity="error")
def prefix_mismatch(view: ModelView, target: Target) -> Iterator[Problem]:
    """A model holds its backbone under another attribute than `base_model_prefix` says.

    ## What it does

    Looks for models that hold the backbone of their family under one attribute while `base_model_prefix`
    names another, or is no attribute name at all (`"sew-d"`). Where all models of the file agree on the
    attribute, the prefix of the init base class is reported; otherwise the model.

    Looks also for models that take their prefix from a mixin (`GenericForSequenceClassification`) and hold
    the backbone by it, while their family has another.

    ## Why is this bad

    The library finds the backbone through the prefix. With a wrong one `base_model` is the model itself,
    the getters that a model inherits find nothing, and a checkpoint of the backbone loads into the model
    as if none of its weights were there: they stay random, with no more than a warning. A checkpoint of
    the model loads into the backbone in the same way, unless the backbone itself declares the right prefix.

    ## Example

    ```python
    from torch import nn
    from transformers import GemmaModel, GemmaPreTrainedModel


    class AcmeForCausalLM(GemmaPreTrainedModel):
        _tied_weights_keys = {"head.weight": "decoder.embed_tokens.weight"}

        def __init__(self, config):
            super().__init__(config)
            self.decoder = GemmaModel(config)
            self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
            self.post_init()

        def get_input_embeddings(self):
            return self.decoder.embed_tokens

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
        base_model_prefix = "decoder"
        _tied_weights_keys = {"head.weight": "decoder.embed_tokens.weight"}

        def __init__(self, config):
            super().__init__(config)
            self.decoder = GemmaModel(config)
            self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
            self.post_init()

        def get_input_embeddings(self):
            return self.decoder.embed_tokens

        def get_output_embeddings(self):
            return self.head

        def set_output_embeddings(self, new_embeddings):
            self.head = new_embeddings
    ```

    ## Releases

    The same in every supported release.

    ## Fix safety

    Declares the attribute's name as `base_model_prefix`: on the init base class if its models agree on the
    name, else on the model.

    The fix is safe if:

    - checkpoints then load both ways,
    - several models agree on the name, and
    - tie-lint knows everything that the models of the file tie, and nothing of it changes.

    With one model alone, either the prefix or the attribute may be the wrong one. From 5.0 the library also
    renames what it loads by rules that use the prefix.

    If the backbone has another prefix, declaring the name on one model is not enough: the model's own
    checkpoints would still not load into the backbone. The fix then renames the attribute to the prefix, in
    the model's methods and in the paths of its `_tied_weights_keys` and the like, if:

    - this model is the only one in its file that holds the backbone under a name of its own, and
    - other models hold it under the prefix, or this model declares the prefix itself.

    Renaming is never safe: **it changes the names in the model's checkpoints**. Checkpoints that were saved
    before no longer load, and uses of the attribute in other files have to be renamed by hand. If you have
    such checkpoints, declare the name as the model's own `base_model_prefix` instead. tie-lint does that,
    as an unsafe fix, where the file uses the attribute in a way that it cannot follow (`getattr`, a string
    in a method, another class).

    None is offered where a model with another config holds this one, a base of it, or its backbone, by the
    prefix: the checkpoints of that whole load into this model by it, and with another prefix no more
    (Llama4 and Mllama; [issue 34689](https://github.com/huggingface/transformers/issues/34689)).

    Where the prefix is a mixin's, the fix declares the family's on the model. It is unsafe in the same way:
    the mixin then holds the backbone by that name.
    """
    if view.lifecycle.loads_itself:
        return  # with which names is its own affair
    fix = functools.partial(_fix, view)
    if view.prefix.family_misnames:
        message = (
            f'{view.name} declares base_model_prefix = "{view.prefix.value}",'
            f" but the models built on it hold their backbone as self.{view.prefix.family_misnames}"
        )
        yield Problem(view.place("base_model_prefix"), message, _effect(view, "them", "theirs"), fix=fix)
    elif view.prefix.misnamed_backbone and not view.prefix.init_base_misnames:
        message = (
            f"{view.name} holds its backbone as self.{view.prefix.misnamed_backbone},"
            f' but its base_model_prefix is "{view.prefix.value}"'
        )
        part = lacking("TIE101", view, view.prefix.misnamed_backbone, "base_model_prefix")
        yield Problem(view.at, message, _effect(view, "it", "its own"), fix=fix, rests_on=part)
    elif view.prefix.held_otherwise and view.prefix.missing is None:  # which is TIE003's
        held, into = ("their backbone", "the backbone") if view.family.only_init_base else ("it", "it")
        message = (
            f'{view.name} declares base_model_prefix = "{view.prefix.value}",'
            f" but the models built on it hold {held} as self.{view.prefix.held_otherwise}"
        )
        effect = f"their checkpoints do not load into {into}"
        yield Problem(view.place("base_model_prefix"), message, effect, fix=fix)
    elif view.prefix.overruled:
        mixin, family = view.prefix.overruled
        yield Problem(
            view.at,
            f'{view.name} has base_model_prefix = "{view.prefix.value}" from {mixin},'
            f' but the models of {view.family.init_base} have "{family}"',
            f"checkpoints of models that hold the backbone as self.{family} do not load into it",
            fix=functools.partial(_family_prefix, view, family),
        )


def _effect(view: ModelView, model: str, models_own: str) -> str:
    into_model = f"checkpoints of the backbone do not load into {model}"
    if view.prefix.loads_into_backbone or view.prefix.may_be_renamed:
        return into_model
    return f"{into_model}, nor {models_own} into the backbone"


def _fix(view: ModelView, source: Source) -> Iterator[Proposal]:
    cls, name = (
        source.class_at(view.at),
        view.prefix.family_misnames or view.prefix.misnamed_backbone or view.prefix.held_otherwise,
    )
    if cls is not None and name is not None and not view.prefix.serves_composites:
        loads_both_ways = bool(view.prefix.family_misnames or view.prefix.loads_into_backbone)
        if not loads_both_ways and view.prefix.misnaming_classes:
            yield _renamed(view, source, name)
        edit = set_attribute(source, cls, "base_model_prefix", source.quoted(name))
        agreed = not view.prefix.family_misnames or view.prefix.is_misnamed_by_several
        yield Proposal.of(edit, certain=loads_both_ways and agreed)


def _family_prefix(view: ModelView, family: str, source: Source) -> Iterator[Proposal]:
    """The prefix by which a mixin then holds the backbone: not so in checkpoints that were saved before."""
    cls = source.class_at(view.at)
    if cls is not None:
        edit = set_attribute(source, cls, "base_model_prefix", source.quoted(family))
        yield Proposal.of(edit, certain=False)


def _renamed(view: ModelView, source: Source, name: str) -> Proposal:
    owners = {cls.leaf for cls in view.prefix.misnaming_classes}
    related = {item.name.rpartition(".")[2] for cls in view.prefix.misnaming_classes for item in cls.mro}
    return Proposal.of(*rename_part(source, owners, related, name, view.prefix.value), certain=False)
