"""Which files are templates of others."""

from __future__ import annotations

import pytest

from tests.conftest import Write
from tests.corpus import sources
from tie_lint.library.modular import is_template
from tie_lint.python.disk import Disk

NOTICE = "This file was automatically generated from src/transformers/models/acme/modular_acme.py."


@pytest.mark.parametrize(
    ("modeling", "template"),
    [
        (f"#      🚨\n#           {NOTICE}\n#   Do NOT edit\nimport torch\n", True),
        ("# This file was automatically generated from modular_acme.py.\n", True),
        ("import torch\n", False),
        ("# This file was automatically generated from src/acme/modular_acme_text.py.\n", False),
        ("# This file was automatically generated from src/acme/old_modular_acme.py.\n", False),
        (f'NOTICE = "{NOTICE}"\n', False),
        ("#\n" * 2000 + f"# {NOTICE}\n", False),
    ],
)
def test_the_generated_file_says_so(write: Write, modeling: str, template: bool) -> None:
    write("modeling_acme.py", modeling)
    assert is_template(write("modular_acme.py", ""), Disk()) is template


def test_nothing_is_generated_from_it(write: Write) -> None:
    write("modeling_other.py", f"# {NOTICE}\n")
    assert not is_template(write("modular_acme.py", ""), Disk())
    assert not is_template(write("modeling_acme.py", f"# {NOTICE}\n"), Disk())


def test_the_librarys_own() -> None:
    models = sources("5.23.0") / "transformers" / "models"
    assert is_template(models / "swin" / "modular_swin.py", Disk())
    assert not is_template(models / "swin" / "modeling_swin.py", Disk())
    assert not is_template(models / "shieldgemma2" / "modular_shieldgemma2.py", Disk())
