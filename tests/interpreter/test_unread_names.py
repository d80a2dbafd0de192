"""Names of packages that are not read: flags, numbers and strings, of which nobody knows what they are."""

from __future__ import annotations

import pytest

from tests.interpreter.in_python import MODEL
from tests.tiny_models import ERAS, mapped


def said(imports: str, expression: str) -> bool | None:
    """Whether the expression is found to hold; None where that is said to be unknown."""
    text = MODEL.replace("BODY", "pass").replace("EXPRESSION", expression)
    found = mapped(f"{imports}\n{text}", "Model", ERAS[-1])
    assert found.raises is None
    return None if found.ties is None else bool(found.ties)


@pytest.mark.parametrize(
    "expression",
    [
        "FLAG",
        "not FLAG",
        "FLAG is True",
        "FLAG == 1",
        "3 != FLAG",
        "FLAG in (1, 2)",
        "FLAG not in [1]",
        "FLAG in {1: 2}",
        "[FLAG] == [1]",
        "{'a': FLAG} == {'a': 1}",
        "{FLAG} == {1}",
        "FLAG == OTHER",
        "FLAG is OTHER",
        "FLAG and 1",
        "any([FLAG])",
        "isinstance(FLAG, int)",
        "callable(FLAG)",
        "type(FLAG) is int",
        "FLAG[0] == 1",
        "FLAG.part == 1",
        "small",
        "small == 'a'",
    ],
)
def test_a_flag_is_unknown(expression: str) -> None:
    assert said("from package import FLAG, OTHER, small", expression) is None


@pytest.mark.parametrize(
    ("imports", "expression"),
    [
        ("import sys", "sys.platform == 'linux'"),
        ("import sys", "sys.version_info[0] == 3"),
        ("import sys", "sys.version_info.major == 3"),
        ("import os", "os.name == 'posix'"),
        ("import logging", "logging.INFO == 20"),
        ("import string", "string.digits == '0123456789'"),
        ("import torch", "torch.version.cuda is None"),
        ("import torch", "torch.version.hip"),
        ("import torch", "torch.backends.cudnn.enabled"),
        ("import package", "package.__version__ == '1'"),
    ],
)
def test_a_constant_is_unknown(imports: str, expression: str) -> None:
    assert said(imports, expression) is None


@pytest.mark.parametrize(
    ("imports", "expression"),
    [
        ("from package import function", "function is not None"),
        ("from package import FLAG", "FLAG == FLAG"),
        ("from package import Class", "Class"),
        ("from package import Class", "Class != 'a'"),
        ("import package", "package"),
        ("import torch", "torch.float32 != 'float32'"),
        ("import torch", "torch.float32 != torch.float16"),
        ("import torch", "torch.half is torch.float16"),
        ("from torch import float", "float == torch.float32"),
        ("import torch", "{torch.float32: 1}[torch.float] == 1"),
        ("from math import pi", "pi > 3"),
        ("import torch", "torch.nn.functional.relu != 'relu'"),
    ],
)
def test_what_is_no_constant_is_known(imports: str, expression: str) -> None:
    assert said(imports, expression) is True


@pytest.mark.parametrize(
    ("imports", "expression", "known"),
    [
        ("import package", "hasattr(package, 'function')", None),
        ("import package", "getattr(package, 'function', None) is None", None),
        ("import transformers", "hasattr(transformers, 'NoSuchThing')", None),
        ("import transformers", "getattr(transformers, 'NoSuchThing', None) is None", None),
        ("import transformers", "hasattr(transformers, 'BertModel')", True),
        ("import torch", "hasattr(torch.nn.functional, 'scaled_dot_product_attention')", True),
    ],
)
def test_whether_a_module_has_a_name(imports: str, expression: str, known: bool | None) -> None:
    assert said(imports, expression) is known
