"""Small models as text, and what the tool says about them. No model here is ever run."""

from __future__ import annotations

import functools
import textwrap
from pathlib import Path

from tie_lint.interpreter.classes import Class
from tie_lint.library.index import library
from tie_lint.project.project import Project
from tie_lint.tiemap.tie_map import TieMap, tie_map
from tie_lint.tiemap.view import ModelView, views

CLASSIC, MIXIN, MAPPING = "4.51.3", "4.57.6", "5.23.0"
ERAS = (CLASSIC, MIXIN, MAPPING)

#: A family: the config ties, the backbone holds `embed_tokens`.
FAMILY = """
import copy
import itertools
import re
import torch
from torch import nn
from transformers import AutoModel, PretrainedConfig, PreTrainedModel

class TinyConfig(PretrainedConfig):
    model_type = "tiny"

    def __init__(self, vocab_size=32, hidden_size=8, num_hidden_layers=2, tie_word_embeddings=True, **kw):
        super().__init__(**kw)
        self.vocab_size = vocab_size
        self.hidden_size = hidden_size
        self.num_hidden_layers = num_hidden_layers
        self.tie_word_embeddings = tie_word_embeddings

class TinyPreTrainedModel(PreTrainedModel):
    config_class = TinyConfig
    base_model_prefix = "model"

class TinyModel(TinyPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.embed_tokens = nn.Embedding(config.vocab_size, config.hidden_size)
        self.post_init()

    def get_input_embeddings(self):
        return self.embed_tokens

    def set_input_embeddings(self, value):
        self.embed_tokens = value
"""

#: What `HEAD` ties, where it does.
TIED = [["lm_head.weight", "model.embed_tokens.weight"]]

HEAD = """
class TinyForCausalLM(TinyPreTrainedModel):
    _tied_weights_keys = {"lm_head.weight": "model.embed_tokens.weight"}

    def __init__(self, config):
        super().__init__(config)
        self.model = TinyModel(config)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def get_input_embeddings(self):
        return self.model.embed_tokens

    def get_output_embeddings(self):
        return self.lm_head
"""


def mapped(text: str, name: str, release: str = CLASSIC, path: Path | None = None) -> TieMap:
    """The tie map of a class of a module that follows :data:`FAMILY`."""
    project = Project(library(release, installed=False))
    scope = project.file(path or Path("/nowhere/modeling_tiny.py"), FAMILY + textwrap.dedent(text))
    cls = scope.lookup(name)
    assert isinstance(cls, Class)
    return tie_map(project.interpreter, cls)


def ties(init: str, *, release: str = CLASSIC, before: str = "", methods: str = "") -> list[list[str]] | None:
    """The ties of a model whose ``__init__`` does this and nothing else; None for unknown."""
    return built(init, release=release, before=before, methods=methods).ties


@functools.cache
def built(init: str, *, release: str = CLASSIC, before: str = "", methods: str = "") -> TieMap:
    """The tie map of a model whose ``__init__`` does this and nothing else."""
    body = textwrap.indent(textwrap.dedent(init).strip(), " " * 8)
    more = textwrap.indent(textwrap.dedent(methods).strip(), " " * 4)
    text = f"""{textwrap.dedent(before)}
class Model(TinyPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
{body}
        self.post_init()

{more}
"""
    project = Project(library(release, installed=False))
    scope = project.file(Path("/nowhere/modeling_tiny.py"), FAMILY + text)
    cls = scope.lookup("Model")
    assert isinstance(cls, Class)
    return tie_map(project.interpreter, cls)


def weights(*names: str) -> list[list[str]]:
    """One group of shared weights."""
    return [sorted(f"{name}.weight" for name in names)]


def seen(text: str, name: str, release: str = CLASSIC) -> ModelView:
    """The view of a class of a module."""
    found = views(Project(library(release, installed=False)), Path("/nowhere/modeling_tiny.py"), text)
    return next(view for view in found if view.name == name)
