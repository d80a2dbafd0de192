"""The recorder against the library itself, on models small enough to be built and saved for real.

Needs torch and transformers; skipped without them.
"""

# mypy: disable-error-code="import-not-found"

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

from tests.lab.truth.against_cpu import outcome, really_save  # noqa: E402
from tests.lab.truth.build import already_says, build_on_meta, force_tie  # noqa: E402
from tests.lab.truth.observe import getter_path, module_path, ties  # noqa: E402
from tests.lab.truth.saving import refusal_to_save  # noqa: E402

VOCABULARY, HIDDEN = 10, 4
Extra = Callable[[Any], None]


class Config(transformers.PretrainedConfig):  # type: ignore[misc,name-defined,unused-ignore]
    model_type = "recorded"

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.tie_word_embeddings = True


class Base(transformers.PreTrainedModel):  # type: ignore[misc,name-defined,unused-ignore]
    config_class = Config
    base_model_prefix = "model"

    def _init_weights(self, module: Any) -> None:
        return None


class Backbone(Base):
    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self.embed_tokens = torch.nn.Embedding(VOCABULARY, HIDDEN)
        self.post_init()


class WithHead(Base):
    _tied_weights_keys = {"lm_head.weight": "model.embed_tokens.weight"}  # noqa: RUF012

    def __init__(self, config: Config, extra: Extra) -> None:
        super().__init__(config)
        self.model = Backbone(config)
        self.lm_head = torch.nn.Linear(HIDDEN, VOCABULARY, bias=False)
        extra(self)
        self.post_init()

    def get_input_embeddings(self) -> Any:
        return self.model.embed_tokens

    def get_output_embeddings(self) -> Any:
        return self.lm_head


def nothing(model: Any) -> None:
    return None


def undeclared_alias(model: Any) -> None:
    model.alias = model.model.embed_tokens


def shared_data(model: Any) -> None:
    model.other = torch.nn.Linear(HIDDEN, HIDDEN)
    model.third = torch.nn.Linear(HIDDEN, HIDDEN)
    model.third.weight.data = model.other.weight.data


def halves_of_one_tensor(model: Any) -> None:
    whole = torch.empty(8)
    model.first, model.second = torch.nn.Parameter(whole[:4]), torch.nn.Parameter(whole[4:])


def overlapping_slice(model: Any) -> None:
    whole = torch.empty(8)
    model.first, model.second = torch.nn.Parameter(whole), torch.nn.Parameter(whole[4:])


def shared_buffer(model: Any) -> None:
    zeros = torch.zeros(3)
    model.register_buffer("first", zeros)
    model.register_buffer("second", zeros)


def empty_parameters(model: Any) -> None:
    model.first, model.second = torch.nn.Parameter(torch.empty(0)), torch.nn.Parameter(torch.empty(0))


def transposed(model: Any) -> None:
    model.first = torch.nn.Parameter(torch.empty(2, 3).t())


EXTRAS = [
    nothing,
    undeclared_alias,
    shared_data,
    halves_of_one_tensor,
    overlapping_slice,
    shared_buffer,
    empty_parameters,
    transposed,
]


@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize("extra", EXTRAS)
@pytest.mark.filterwarnings("ignore")
def test_a_meta_model_shows_what_a_real_one_does(extra: Extra, tied: bool) -> None:
    def build(config: Config) -> Any:
        return WithHead(config, extra)

    on_meta, on_cpu = Config(), Config()
    force_tie(on_meta, tied)
    force_tie(on_cpu, tied)
    seen = outcome(build_on_meta(build, on_meta), refusal_to_save)
    assert seen == outcome(build(on_cpu), really_save)


@pytest.mark.filterwarnings("ignore")
def test_undeclared_aliases_are_refused() -> None:
    model = build_on_meta(lambda config: WithHead(config, undeclared_alias), Config())
    assert isinstance(refusal_to_save(model), RuntimeError)


def test_a_meta_model_has_no_weights() -> None:
    model = build_on_meta(Backbone, Config())
    assert {parameter.device.type for parameter in model.parameters()} == {"meta"}


def test_forcing_reaches_nested_configs_but_not_containers() -> None:
    config = Config()
    config.inner, config.listed = Config(), [Config()]
    config.inner.inner = Config()
    force_tie(config, False)
    flags = [c.tie_word_embeddings for c in (config, config.inner, config.inner.inner, config.listed[0])]
    assert flags == [False, False, False, True]
    assert already_says(config, False)
    config.inner.inner.tie_word_embeddings = None
    assert not already_says(config, False)


def test_paths() -> None:
    model = build_on_meta(lambda config: WithHead(config, undeclared_alias), Config())
    assert module_path(model, model.alias) == "model.embed_tokens"
    assert module_path(model, model) == ""
    assert module_path(model, None) is None
    assert module_path(model, torch.nn.Linear(1, 1)) == "!foreign"
    assert module_path(model, model.lm_head.weight) == "!Parameter"
    assert getter_path(model, lambda: model.get_submodule("missing")) == "!AttributeError"
    assert ties(model) == [["alias.weight", "lm_head.weight", "model.embed_tokens.weight"]]
