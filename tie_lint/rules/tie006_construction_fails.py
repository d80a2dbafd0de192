from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tie_lint.cause import nearest_first
from tie_lint.intrinsics.transformers.helpers import LAST_WITH_HELPERS
from tie_lint.library.target import Target
from tie_lint.record import replace
from tie_lint.rules import Problem, enumerated, rule
from tie_lint.rules.part import Part
from tie_lint.tiemap.family import model_classes
from tie_lint.tiemap.places import Place

if TYPE_CHECKING:
    from tie_lint.interpreter.base_values import Given
    from tie_lint.project.lacked_imports import LackedImport
    from tie_lint.tiemap.certain_failure import CertainFailure
    from tie_lint.tiemap.view import ModelView


@rule("TIE006", "construction-fails", fix="never", severity="error")
def construction_fails(view: ModelView, target: Target) -> Iterator[Problem]:
    """Building or loading the model raises, at least where its config asks for the tie.

    ## What it does

    Builds the model and reports what is certain to end that:

    - the file imports a module, class or function of the library that this release does not have, under no
      condition;
    - `__init__`, or what it calls, uses a helper of the library that this release does not have:
      `tie_embeddings_and_encoder_decoder` and `_tie_or_clone_weights`; a warning where that takes a config
      with `tie_word_embeddings=True`, and the default is another;
    - `__init__` calls `from_pretrained` of another model, which from 5.0 on raises while the model is loaded;
    - whatever the config says, a statement raises: a call with an argument too few or too many, an attribute
      that is not there, a key that a dict does not have, a part that is assigned before `super().__init__()`.
      The message has the error and its line. An error that a config with other values, or with more of them,
      does not bring is none: some models have to be told what to be;
    - the config's class does not declare what every config has up to 4.57 alone, such as `pad_token_id`;
    - from 5.0 on, building the model with its default config raises, and the newest 4.x release of the range
      builds it, or the newest there is where the range has none.

    What other rules explain, such as a list for `_tied_weights_keys` (TIE301), is reported by them alone.

    ## Why is this bad

    The model cannot be used in this release.

    ## Example (from 5.0)

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
            self.tie_embeddings_and_encoder_decoder()

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

    ## Example: a call that does not fit

    ```python
    from torch import nn
    from transformers import GemmaModel, GemmaPreTrainedModel


    class AcmeHead(nn.Linear):
        def __init__(self, config, bias):
            super().__init__(config.hidden_size, config.vocab_size, bias=bias)


    class AcmeForCausalLM(GemmaPreTrainedModel):
        _tied_weights_keys = {"head.weight": "model.embed_tokens.weight"}

        def __init__(self, config):
            super().__init__(config)
            self.model = GemmaModel(config)
            self.head = AcmeHead(config)
            self.post_init()

        def get_output_embeddings(self):
            return self.head

        def set_output_embeddings(self, new_embeddings):
            self.head = new_embeddings

        def forward(self, input_ids):
            return self.head(self.model(input_ids)[0])
    ```

    ## Use instead

    ```python
    from torch import nn
    from transformers import GemmaModel, GemmaPreTrainedModel


    class AcmeHead(nn.Linear):
        def __init__(self, config, bias):
            super().__init__(config.hidden_size, config.vocab_size, bias=bias)


    class AcmeForCausalLM(GemmaPreTrainedModel):
        _tied_weights_keys = {"head.weight": "model.embed_tokens.weight"}

        def __init__(self, config):
            super().__init__(config)
            self.model = GemmaModel(config)
            self.head = AcmeHead(config, bias=False)
            self.post_init()

        def get_output_embeddings(self):
            return self.head

        def set_output_embeddings(self, new_embeddings):
            self.head = new_embeddings

        def forward(self, input_ids):
            return self.head(self.model(input_ids)[0])
    ```

    ## Example: what a config no longer has (from 5.0)

    ```python
    from torch import nn
    from transformers import PretrainedConfig, PreTrainedModel


    class AcmeConfig(PretrainedConfig):
        model_type = "acme"

        def __init__(self, vocab_size=40, hidden_size=16, **kwargs):
            super().__init__(**kwargs)
            self.vocab_size = vocab_size
            self.hidden_size = hidden_size


    class AcmeModel(PreTrainedModel):
        config_class = AcmeConfig

        def __init__(self, config):
            super().__init__(config)
            self.embed_tokens = nn.Embedding(config.vocab_size, config.hidden_size, config.pad_token_id)
            self.post_init()

        def get_input_embeddings(self):
            return self.embed_tokens

        def set_input_embeddings(self, value):
            self.embed_tokens = value

        def forward(self, input_ids):
            return self.embed_tokens(input_ids)
    ```

    ## Use instead

    ```python
    from torch import nn
    from transformers import PretrainedConfig, PreTrainedModel


    class AcmeConfig(PretrainedConfig):
        model_type = "acme"

        def __init__(self, vocab_size=40, hidden_size=16, pad_token_id=0, **kwargs):
            super().__init__(pad_token_id=pad_token_id, **kwargs)
            self.vocab_size = vocab_size
            self.hidden_size = hidden_size


    class AcmeModel(PreTrainedModel):
        config_class = AcmeConfig

        def __init__(self, config):
            super().__init__(config)
            self.embed_tokens = nn.Embedding(config.vocab_size, config.hidden_size, config.pad_token_id)
            self.post_init()

        def get_input_embeddings(self):
            return self.embed_tokens

        def set_input_embeddings(self, value):
            self.embed_tokens = value

        def forward(self, input_ids):
            return self.embed_tokens(input_ids)
    ```

    ## Releases

    - `tie_embeddings_and_encoder_decoder` is there in 4.56 and 4.57 alone, `_tie_or_clone_weights` up to
      4.57.
    - From 5.0 a config has `pad_token_id`, `is_decoder`, `max_length` and the like only if its class
      declares them.
    - From 5.0 a model is loaded under `torch.device("meta")`, where another `from_pretrained` raises unless
      it is given a `device_map`. Build the part from its config instead: `AutoModel.from_config(…)`.

    ## Fix safety

    There is no fix: what is meant instead cannot be told.
    """
    if view.lacked_import is not None:
        yield from _unimported(view, view.lacked_import)
        return
    always, tied = view.failures.lacked_helper, view.failures.lacked_helper_when_tied
    lacked = always or tied
    if lacked is not None:
        gone = f"which transformers has up to {LAST_WITH_HELPERS} alone"
        yield Problem(
            view.at if lacked.at is None else lacked.at,
            f"{view.name} uses {lacked.name}(), {gone if target.contract.ties_by == 'keys' else NOT_YET}",
            f"{'' if always else 'with tie_word_embeddings=True '}building it raises AttributeError",
            "error" if always else "warning",
            rests_on=Part("TIE006", Place.of(view.cls, lacked.at), lacked.name) if lacked.at else None,
        )
    elif view.failures.nested_load is not None and not view.lifecycle.loads_itself:
        yield Problem(
            view.failures.nested_load,
            f"{view.name}.__init__ loads another model by from_pretrained(),"
            " and is itself built without values when it is loaded",
            "from_pretrained() of it raises RuntimeError",
        )
    elif view.config.lacks_flag is None:  # which TIE201 reports
        yield from _certain(view, target)


def _unimported(view: ModelView, lacked: LackedImport) -> Iterator[Problem]:
    """That the file cannot be imported, at the first of its models."""
    if next(model_classes(view.cls.scope)) is view.cls:
        what = lacked.module if lacked.name is None else f"{lacked.name} in {lacked.module}"
        yield Problem(
            view.at,
            f"{view.name} and all that its file defines cannot be imported: transformers {lacked.known} has"
            f" {what}, and this release does not",
            f"importing the file raises {'ImportError' if lacked.name else 'ModuleNotFoundError'}",
        )


def _certain(view: ModelView, target: Target) -> Iterator[Problem]:
    """What ends the construction by itself: whatever the config says, or with what it says by default where
    that was enough for an older release."""
    failures = view.failures
    if failures.certain is not None:
        yield _problem(view, failures.certain, ", whatever its config says")
        return
    lost = view.lost_in_5(target)
    if lost is None:
        return
    failure = failures.by_default if lost.field is None else failures.without(lost.field)
    why = f"and {lost.older} builds it" if lost.older else "which every config has up to 4.57 alone"
    if failure is not None:
        given = f" and {enumerated(lost.given)}" if lost.given else ""
        problem = _problem(view, failure, f"{BY_DEFAULT}{given}", f", {why}")
        yield replace(problem, rests_on=_config_without(view, lost.field))


def _problem(view: ModelView, failure: CertainFailure, when: str, why: str = "") -> Problem:
    others = failure.names[1:]
    also = f"; so {'does' if len(others) == 1 else 'do'} {enumerated(others)}" if others else ""
    place = nearest_first([failure.error], str(view.path.absolute()), view.path.name)[0].place
    return Problem(
        view.at if failure.at is None else failure.at,
        f"{view.name} cannot be built{when}",
        f"{place} raises {failure.error.text.removesuffix(': ')}{why}{also}",
    )


def _config_without(view: ModelView, field: Given | None) -> Part | None:
    """What a config lacks, whichever model that ends and whichever part of it asks."""
    if field is None:
        return None
    return Part("TIE006", Place(str(view.path.absolute()), 1, field.owner), field.name)


BY_DEFAULT = " with the defaults of its config"
NOT_YET = "which this release does not have yet"
