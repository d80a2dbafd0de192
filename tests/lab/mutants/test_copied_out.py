"""A model's folder outside of the library imports what it did inside."""

from __future__ import annotations

from tests.lab.mutants.copied_out import absolute, copied_out

BEFORE = """\
from ...activations import ACT2FN
from ... import PreTrainedModel
from ..auto import AutoModel
from .configuration_acme import AcmeConfig
if True:
    from ...utils.hub import (
        cached,
    )
"""
AFTER = """\
from transformers.activations import ACT2FN
from transformers import PreTrainedModel
from transformers.models.auto import AutoModel
from .configuration_acme import AcmeConfig
if True:
    from transformers.utils.hub import (
        cached,
    )
"""


def test_imports_from_beyond_the_package_are_absolute() -> None:
    assert absolute(BEFORE, ["transformers", "models", "acme"]) == AFTER


def test_a_folder_is_copied_with_all_its_modules() -> None:
    folder = copied_out("4.51.3", "bert.modeling_bert") / "models" / "bert"
    assert {"modeling_bert.py", "configuration_bert.py"} <= {path.name for path in folder.iterdir()}
    assert "from ..." not in (folder / "modeling_bert.py").read_text(encoding="utf-8")
