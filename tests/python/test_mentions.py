"""Which names of a file rest on others."""

from __future__ import annotations

import pytest

from tie_lint.python.mentions import Mentions

TEXT = """
import torch
from .parts import Backbone as Body, Head
from .more import *

LAYERS = {"head": Head}

try:
    from fast import Attention
except ImportError:
    class Attention: ...

def build(kind):
    from .late import Late
    return LAYERS[kind], Late

class Model(Base):
    def __init__(self):
        self.body, self.attention = Body(), Attention()

class Wrapper:
    model: "Model"
    made = staticmethod(lambda: torch.nn.Module(), build)

if torch:
    class Other(more.Starred): ...
else:
    first, (second, third) = Other, None
"""


@pytest.mark.parametrize(
    ("names", "dependents"),
    [
        ({"Body"}, {"Model"}),
        ({"Head"}, {"LAYERS", "build", "Wrapper"}),
        ({"Late"}, {"build", "Wrapper"}),
        ({"Base"}, {"Model"}),
        ({"Attention"}, {"Attention", "Model"}),
        ({"Starred"}, {"Other", "first", "second", "third"}),
        ({"body", "unheard_of"}, {"Model"}),
        (set(), set()),
    ],
)
def test_what_mentions_a_name_rests_on_it(names: set[str], dependents: set[str]) -> None:
    assert Mentions(TEXT).dependents(names) == dependents


def test_what_a_file_defines_itself_is_told_from_what_it_imports() -> None:
    mentions = Mentions(TEXT)
    assert mentions.classes == {"Attention", "Model", "Wrapper", "Other"}
    assert mentions.defined == mentions.classes | {"LAYERS", "build", "first", "second", "third"}
    assert set(mentions.imports) == {
        ("torch", "torch", 0, ""),
        ("Body", "parts", 1, "Backbone"),
        ("Head", "parts", 1, "Head"),
        ("*", "more", 1, "*"),
        ("Attention", "fast", 0, "Attention"),
        ("Late", "late", 1, "Late"),
    }


def test_an_import_of_a_submodule_is_one_of_its_packages_too() -> None:
    mentions = Mentions("import a.b.c, d\nimport e.f as g")
    assert {one.module for one in mentions.imports} == {"a", "a.b", "a.b.c", "d", "e.f"}


def test_a_long_chain_of_conditions_is_read() -> None:
    text = "if a: pass\n" + "elif a: b = Model\n" * 900
    assert Mentions(text).dependents({"Model"}) == {"b"}


@pytest.mark.parametrize(
    ("old", "new", "names"),
    [
        ("return LAYERS[kind], Late", "return LAYERS[kind]", {"build"}),
        ('LAYERS = {"head": Head}', "LAYERS = {}", {"LAYERS"}),
        ("class Model(Base):", "@wrapped\nclass Model(Base):", {"Model"}),
        ("class Wrapper:", "import more\n\n# more\nclass Wrapped:", {"Wrapper", "Wrapped"}),
        ("first, (second, third)", "first, (second, fourth)", {"first", "second", "third", "fourth"}),
        ("LAYERS", "LAYERS", set()),
        ("if torch:", "if not torch:", None),
        ("from .parts import Backbone as Body", "from .parts import Other as Body", None),
        ("class Wrapper:", "Model.more = 1\nclass Wrapper:", None),
    ],
)
def test_what_two_texts_do_not_share(old: str, new: str, names: set[str] | None) -> None:
    before, after = Mentions(TEXT), Mentions(TEXT.replace(old, new))
    assert before.changed(after) == (before.defined if names is None else names)
