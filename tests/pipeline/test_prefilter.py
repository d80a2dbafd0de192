"""Which files are looked into."""

from __future__ import annotations

import pytest

from tie_lint.pipeline.prefilter import may_hold_models


@pytest.mark.parametrize(
    "text",
    [
        "from transformers import PreTrainedModel\nclass A(PreTrainedModel): pass\n",
        "from .base import Base\nclass A(Base):\n    def get_input_embeddings(self): pass\n",
        "from .base import Base\nclass A(Base):\n    _tied_weights_keys = {}\n",
        "from .base import Base\nclass A(Base):\n    def __init__(self): self.post_init()\n",
        "from .base import Base\nclass A(Base):\n    def post_init(self): pass\n",
        "import os, transformers as t\nclass A(t.BertModel): pass\n",
        "from transformers.models.bert import modeling_bert as m\nclass A(m.BertModel): pass\n",
        "from .kept import (\n    transformers,\n)\nclass A(transformers.BertModel): pass\n",
        "t = import_module('transformers')\nclass A(t.BertModel): pass\n",
    ],
)
def test_models_are_let_through(text: str) -> None:
    assert may_hold_models(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "import transformers\n",
        "class Account(models.Model):\n    name = models.CharField()\n",
        "class Input:\n    def __init__(self):\n        self.line_transformers = []  # all transformers.\n",
        "class Point:\n    def __post_init__(self):\n        super().__post_init__()\n",
    ],
)
def test_ordinary_files_are_not(text: str) -> None:
    assert not may_hold_models(text)
