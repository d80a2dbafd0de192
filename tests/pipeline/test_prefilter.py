"""Which files are looked into."""

from __future__ import annotations

import pytest

from tie_lint.pipeline.prefilter import NAMES, is_without_models, may_hold_models


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
        "from transformers \\\n  import BertModel\nclass A(BertModel): pass\n",
        "from  acme.transformers.bert  import Base\nclass A(Base): pass\n",
        "from .kept import transformers\nclass A(transformers): pass\n",
        "t = import_module('transformers')\nclass A(t.BertModel): pass\n",
    ],
)
def test_models_are_let_through(text: str) -> None:
    assert may_hold_models(text)
    assert not is_without_models(text.encode())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "import transformers\n",
        "class Account(models.Model):\n    name = models.CharField()\n",
        "class Input:\n    def __init__(self):\n        self.line_transformers = []  # all transformers.\n",
        "class Input:\n    def push(self):\n        pass  # nothing back from transformers - they wait\n",
        "class Point:\n    def __post_init__(self):\n        super().__post_init__()\n",
    ],
)
def test_ordinary_files_are_not(text: str) -> None:
    assert not may_hold_models(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x = 1\n",
        "class Point:\n    lines = 1\n",
        "import transformers\n",
        "# é\nclass A: pass\n",
        "#!python\n# -*- coding: UTF-8 -*-\nclass A: pass\n",
        "# vim: set fileencoding=utf8 :\n",
        "# Any encoding will do.\n",
    ],
)
def test_bytes_show_it_of_most_files(text: str) -> None:
    assert is_without_models(text.encode())


@pytest.mark.parametrize(
    "data",
    [
        b"#!python\n# -*- coding: utf-7 -*-\n+AGMAbABhAHMAcw- A: lm_head = 1\n",
        b"\xef\xbb\xbfx = 1\n",
        b"\xef\xbb\xbf# coding: utf8\n",
        b"# coding=none\n",
        b"# coding:\n",
        b"# coding: utf-8-none\n",
        b"# coding: utf-8\n# coding: utf-7\n",
        b"# \xe9\n",
        b"# coding: utf-8\n# \xe9\n",
        b"# coding: latin-1\n# \xe9\n",
    ],
)
def test_bytes_do_not_show_it_of_text_in_another_encoding(data: bytes) -> None:
    assert not is_without_models(data)


def test_a_text_with_any_name_that_matters_has_a_part_that_is_looked_for() -> None:
    names = [*NAMES, "import transformers"]
    assert [name for name in names if is_without_models(f"class A:\n    {name}\n".encode())] == []
