"""What in a model follows a vocabulary."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tiny_models import FAMILY, HEAD, seen
from tie_lint.interpreter.classes import Class
from tie_lint.intrinsics.torch import module_tree
from tie_lint.library.index import library
from tie_lint.project.project import Project
from tie_lint.tiemap.construction import construct
from tie_lint.tiemap.vocabulary import Vocabulary, vocabulary

MODEL = """
from torch import nn
from transformers import PretrainedConfig, PreTrainedModel

class TinyConfig(PretrainedConfig):
    model_type = "tiny"

    def __init__(self, vocab_size=32, {other}_vocab_size={default}, hidden_size=8, **kwargs):
        super().__init__(**kwargs)
        self.vocab_size = vocab_size
        self.{other}_vocab_size = {other}_vocab_size or vocab_size
        self.hidden_size = hidden_size

class Tiny(PreTrainedModel):
    config_class = TinyConfig

    def __init__(self, config):
        super().__init__(config)
        self.embed = nn.Embedding({embed}, config.hidden_size)
        self.head = nn.Linear(config.hidden_size, {head})
        self.post_init()
"""


def found(embed: str, head: str, default: int | None = 32) -> Vocabulary:
    """What follows the vocabulary in a model with an embedding and a head of these sizes."""
    return found_in(MODEL.format(other="output", default=default, embed=embed, head=head))


def found_in(text: str) -> Vocabulary:
    """What follows the vocabulary in the model ``Tiny`` of a file."""
    project = Project(library("4.51.3", installed=False))
    cls = project.file(Path("/nowhere/modeling_tiny.py"), text).lookup("Tiny")
    assert isinstance(cls, Class)
    model = construct(project.interpreter, cls).model
    assert model is not None
    known = vocabulary(project.interpreter, cls, model)
    assert known is not None
    return known


@pytest.mark.parametrize(
    "size", ["config.vocab_size", "config.vocab_size + 2", "-(-config.vocab_size // 64) * 64"]
)
def test_an_embedding_and_a_head(size: str) -> None:
    known = found(size, size)
    assert (list(known.embeddings), list(known.heads)) == (["embed"], ["head"])


def test_a_vocabulary_that_is_left_to_the_tokenizer() -> None:
    text = MODEL.format(other="output", default=32, embed="config.vocab_size", head="config.vocab_size")
    text = text.replace("vocab_size=32", "vocab_size=None")
    known = found_in(text.replace("self.embed =", "assert config.vocab_size\n        self.embed ="))
    assert (list(known.embeddings), list(known.heads)) == (["embed"], ["head"])


def test_a_head_that_happens_to_be_as_large() -> None:
    known = found("config.vocab_size", "32")
    assert (list(known.embeddings), list(known.heads)) == (["embed"], [])


def test_a_head_of_another_vocabulary() -> None:
    known = found("config.vocab_size", "config.output_vocab_size")
    assert (list(known.embeddings), list(known.heads)) == (["embed"], [])


def test_a_part_with_a_vocabulary_of_its_own() -> None:
    known = found("config.output_vocab_size", "config.output_vocab_size", default=48)
    assert (list(known.embeddings), list(known.heads)) == (["embed"], ["head"])


def test_segments_are_no_words() -> None:
    text = MODEL.format(
        other="type", default=48, embed="config.type_vocab_size", head="config.type_vocab_size"
    )
    known = found_in(text)
    assert (list(known.embeddings), list(known.heads)) == ([], [])


def test_another_name_of_the_same_vocabulary() -> None:
    known = found("config.vocab_size", "config.output_vocab_size", default=None)
    assert (list(known.embeddings), list(known.heads)) == (["embed"], ["head"])


def test_an_embedding_of_tokens_at_several_places_is_not_one_of_tokens() -> None:
    known = found("config.vocab_size * 5 + 1", "config.vocab_size * 5 + 1")
    assert (list(known.embeddings), list(known.heads)) == ([], [])


@pytest.mark.parametrize("asks", [True, False])
def test_a_head_that_its_own_model_ties(asks: bool) -> None:
    """As in ``FuyuForCausalLM`` of 4.40: the model inside ties by the config that both share."""
    outer = """
class OuterForCausalLM(TinyPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.language_model = TinyForCausalLM(config)
        self.post_init()

    def get_input_embeddings(self):
        return self.language_model.get_input_embeddings()
"""
    text = (FAMILY + HEAD + outer).replace("tie_word_embeddings=True", f"tie_word_embeddings={asks}")
    model = seen(text, "OuterForCausalLM")
    assert model.ties.head_is_tied is asks
    assert model.ties.head_is_tied_when_asked
    assert not model.ties.head_is_tied_anyway


def test_layers_that_are_wrapped_in_a_list_wait_as_layers_do() -> None:
    wrapped = """
class Block(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.linear = nn.Linear(config.hidden_size, config.hidden_size)

class Residual(nn.Module):
    def __init__(self, module):
        super().__init__()
        self.module = module

class TinyForCausalLM(TinyPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.layers = nn.ModuleList([Residual(Block(config)) for _ in range(2)])
        self.models = nn.ModuleList([TinyModel(config)])
        self.block = Residual(Block(config))
        self.post_init()
"""
    view = seen(FAMILY + wrapped, "TinyForCausalLM")
    assert view.embeddings.vocabulary is not None
    assert list(view.embeddings.vocabulary.embeddings) == ["models.0.embed_tokens"]
    model = view.models.default.model
    assert model is not None
    paths = dict(module_tree.named_modules(model, module_tree.only_built))
    assert paths["block.module"].build is None
    assert paths["layers.0.module"].build is not None
