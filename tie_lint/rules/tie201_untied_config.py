from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tie_lint.edits.config_flag import declare_flag, is_denied_elsewhere
from tie_lint.edits.proposal import Proposal
from tie_lint.edits.source import Source
from tie_lint.library.target import Target
from tie_lint.remedies.intended_ties import local_config
from tie_lint.rules import Problem, rule
from tie_lint.rules.part import Part, in_class

if TYPE_CHECKING:
    from tie_lint.tiemap.view import ModelView


@rule(
    "TIE201",
    "untied-config",
    fix="sometimes",
    severity="error",
    applies=lambda contract: not contract.tie_flag_default,
)
def untied_config(view: ModelView, target: Target) -> Iterator[Problem]:
    """The model declares what it ties, and its config never says whether to tie.

    ## What it does

    Looks for

    - models with `_tied_weights_keys`, or that hold one for the same config, whose config class has no
      `tie_word_embeddings`,
    - models whose own code reads `config.tie_word_embeddings` where the config has none,
    - models without a head whose `_tied_weights_keys` give the table of a part the weight of their own, and
      whose config says `tie_word_embeddings=False`, which is meant for a head, and
    - models whose config says by a field of its own to tie (`tie_codebooks=True`) and keeps
      `tie_word_embeddings` at False, which is all that the library reads.

    ## Why is this bad

    Up to transformers 4.57 every config had `tie_word_embeddings`, and it was True unless it was set. From
    5.0 a config that says nothing reads as False: the same code that tied its head leaves it untied, without
    any warning. Code that reads the flag itself gets no such default: building the model raises
    `AttributeError`.

    ## Example

    ```python
    from torch import nn
    from transformers import PretrainedConfig, PreTrainedModel


    class AcmeConfig(PretrainedConfig):
        model_type = "acme"

        def __init__(self, vocab_size=100, hidden_size=16, **kwargs):
            self.vocab_size = vocab_size
            self.hidden_size = hidden_size
            super().__init__(**kwargs)


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

    ## Use instead

    ```python
    from torch import nn
    from transformers import PretrainedConfig, PreTrainedModel


    class AcmeConfig(PretrainedConfig):
        model_type = "acme"

        def __init__(self, vocab_size=100, hidden_size=16, tie_word_embeddings=True, **kwargs):
            self.vocab_size = vocab_size
            self.hidden_size = hidden_size
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

    ## Example: the table of an encoder

    ```python
    from torch import nn
    from transformers import PretrainedConfig, PreTrainedModel


    class AcmeConfig(PretrainedConfig):
        model_type = "acme"

        def __init__(self, vocab_size=100, hidden_size=16, tie_word_embeddings=False, **kwargs):
            self.vocab_size = vocab_size
            self.hidden_size = hidden_size
            super().__init__(tie_word_embeddings=tie_word_embeddings, **kwargs)


    class AcmePreTrainedModel(PreTrainedModel):
        config_class = AcmeConfig
        base_model_prefix = "model"


    class AcmeStack(AcmePreTrainedModel):
        def __init__(self, config):
            super().__init__(config)
            self.embed_tokens = nn.Embedding(config.vocab_size, config.hidden_size)
            self.post_init()

        def get_input_embeddings(self):
            return self.embed_tokens

        def set_input_embeddings(self, value):
            self.embed_tokens = value


    class AcmeEncoderModel(AcmePreTrainedModel):
        _tied_weights_keys = {"encoder.embed_tokens.weight": "shared.weight"}

        def __init__(self, config):
            super().__init__(config)
            self.shared = nn.Embedding(config.vocab_size, config.hidden_size)
            self.encoder = AcmeStack(config)
            self.post_init()

        def get_input_embeddings(self):
            return self.shared

        def set_input_embeddings(self, value):
            self.shared = value
            self.encoder.set_input_embeddings(value)
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
            super().__init__(tie_word_embeddings=tie_word_embeddings, **kwargs)


    class AcmePreTrainedModel(PreTrainedModel):
        config_class = AcmeConfig
        base_model_prefix = "model"


    class AcmeStack(AcmePreTrainedModel):
        def __init__(self, config):
            super().__init__(config)
            self.embed_tokens = nn.Embedding(config.vocab_size, config.hidden_size)
            self.post_init()

        def get_input_embeddings(self):
            return self.embed_tokens

        def set_input_embeddings(self, value):
            self.embed_tokens = value


    class AcmeEncoderModel(AcmePreTrainedModel):
        _tied_weights_keys = {"encoder.embed_tokens.weight": "shared.weight"}

        def __init__(self, config):
            super().__init__(config)
            self.shared = nn.Embedding(config.vocab_size, config.hidden_size)
            self.encoder = AcmeStack(config)
            self.post_init()

        def get_input_embeddings(self):
            return self.shared

        def set_input_embeddings(self, value):
            self.shared = value
            self.encoder.set_input_embeddings(value)
    ```

    ## Releases

    From 5.0 on. The attribute works in 4.x as well.

    ## Fix safety

    Declares `tie_word_embeddings` with the default True: as a field, or as a parameter that is passed to
    `super().__init__()`. The fix is safe if the ties that result are those of 4.x, and no other config of
    that file sets False. There is no fix for a config that says False: it may be that of a head, too.
    """
    if view.ties.rely_on_old_default:
        part = view.ties.part_that_declares
        what = "declares" if part is None else f"holds a model as self.{part} that declares"
        yield Problem(
            view.at,
            f"{view.name} {what} what it ties, but {view.config.name} has no tie_word_embeddings,"
            " which reads as False",
            "the model is silently untied",
            fix=functools.partial(_fix, view),
            rests_on=_part(view),
        )
    elif view.config.lacks_flag:
        yield Problem(
            view.at,
            f"{view.name} reads tie_word_embeddings, which {view.config.lacks_flag} does not have",
            "building the model raises AttributeError",
            fix=functools.partial(_fix, view),
            rests_on=_part(view),
        )
    elif view.ties.part_left_apart is not None:
        yield Problem(
            view.at,
            f"{view.name} declares that {view.ties.part_left_apart} has the weight of its input"
            f" embedding, but {view.config.name} says tie_word_embeddings=False",
            "they are two tables, as built and as loaded",
        )
    elif view.ties.switch_without_effect is not None:
        yield Problem(
            view.at,
            f"{view.name} declares what it ties, and {view.config.name} says"
            f" {view.ties.switch_without_effect}=True, but keeps tie_word_embeddings at False,"
            " which is all that the library reads",
            "the model is silently untied",
        )


def _part(view: ModelView) -> Part | None:
    """The config, which all its models have to do with."""
    config = local_config(view)
    return None if config is None else in_class("TIE201", config, view.config.lacks_flag or "")


def _fix(view: ModelView, source: Source) -> Iterator[Proposal]:
    """The flag in the config class, in whichever file of the project that is."""
    config = local_config(view)
    if config is None or config.scope.path is None:
        return
    path = None if config.scope is view.cls.scope else config.scope.path
    there = source if path is None else source.other(path)
    cls = None if there is None else there.class_at(config.facts.at)
    if there is not None and cls is not None:
        certain = not is_denied_elsewhere(there, cls)
        yield Proposal.of(*declare_flag(there, cls), certain=certain, path=path)
