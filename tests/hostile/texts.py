"""Models as text, with a hole where the hostile part goes. No model here is ever run."""

from __future__ import annotations

import textwrap

HEAD = "lm_head"
EMBEDDING = "model.embed_tokens"
LAYER = "nn.Linear(1, 1)"
TIED_KEYS = '["lm_head.weight"]'


def family(
    *, backbone: str = "pass", keys: str = TIED_KEYS, head: str = "pass", body: str = "pass", config: str = ""
) -> str:
    """A config, a backbone and a downstream model ``Head``.

    ``backbone`` and ``head`` are statements of the two ``__init__``; ``keys`` is the value of
    ``_tied_weights_keys``; ``body`` belongs to the class body of ``Head``; ``config`` to the parameters of
    the config's ``__init__``.
    """
    return f"""\
import copy
import itertools
import math
import re

import torch
from torch import nn
from transformers import PretrainedConfig, PreTrainedModel


class SmallConfig(PretrainedConfig):
    def __init__(self, vocab_size=100, hidden_size=8, num_hidden_layers=2, {config}**kwargs):
        self.vocab_size, self.hidden_size = vocab_size, hidden_size
        self.num_hidden_layers = num_hidden_layers
        super().__init__(**kwargs)


class SmallPreTrainedModel(PreTrainedModel):
    config_class = SmallConfig
    base_model_prefix = "model"


class Backbone(SmallPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.embed_tokens = nn.Embedding(config.vocab_size, config.hidden_size)
{_indented(backbone, 8)}
        self.post_init()

    def get_input_embeddings(self):
        return self.embed_tokens


class Head(SmallPreTrainedModel):
{_indented(body, 4)}
    _tied_weights_keys = {keys}

    def __init__(self, config):
        super().__init__(config)
        self.model = Backbone(config)
{_indented(head, 8)}
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def get_input_embeddings(self):
        return self.model.embed_tokens

    def get_output_embeddings(self):
        return self.lm_head
"""


def _indented(text: str, by: int) -> str:
    return textwrap.indent(textwrap.dedent(text).strip(), " " * by)


IMPORT = "from transformers import PreTrainedModel\n"


def in_class_body(expression: str) -> str:
    """A model class ``A`` with an attribute of this value."""
    return f"{IMPORT}class A(PreTrainedModel):\n    x = {expression}\n"


def chain(operator: str, length: int, operand: str = "a", last: str = "b") -> str:
    """``a and a and … and b``: flat, however long it is."""
    return operator.join([*[operand] * length, last])


def elif_chain(length: int) -> str:
    """A module-level ``if`` with so many ``elif``, before a model class ``A``."""
    tests = "".join(f"elif a{i}: pass\n" for i in range(length))
    return f"{IMPORT}if a: pass\n{tests}class A(PreTrainedModel): pass\n"


def alias_chain(length: int) -> str:
    """A model class ``A`` whose base is an alias of an alias of an alias …"""
    aliases = "".join(f"A{i} = A{i - 1}\n" for i in range(1, length))
    return f"{IMPORT}A0 = PreTrainedModel\n{aliases}class A(A{length - 1}): pass\n"


def class_chain(length: int) -> list[str]:
    """So many classes, the last of which is ``A``, each the base of the next."""
    names = [f"A{i}" for i in range(length - 1)] + ["A"]
    bases = ["PreTrainedModel", *names]
    return [f"class {name}({base}): pass\n" for name, base in zip(names, bases, strict=False)]


def diamonds(count: int) -> str:
    """So many diamonds, each upon the one before: two classes of one base, and one that has both."""
    levels = (
        f"class L{i}(A{i}): pass\nclass R{i}(A{i}): pass\nclass A{i + 1}(L{i}, R{i}): pass\n"
        for i in range(count)
    )
    return "".join([IMPORT, "class A0(PreTrainedModel): pass\n", *levels])
