"""What definitions do to others is there when it is asked for, and costs no class its bases."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tiny_models import CLASSIC, FAMILY, built, ties, weights
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.values import Instance
from tie_lint.library.index import library
from tie_lint.project.project import Project
from tie_lint.tiemap.tie_map import tie_map

PARTS = """
from transformers import PreTrainedModel
from transformers.utils import add_start_docstrings

@add_start_docstrings("what it is")
class Base(PreTrainedModel):
    pass

class First(Base):
    pass

class Second(Base):
    pass
"""


def test_a_decorated_base_is_the_base_of_all_who_stand_on_it(tmp_path: Path) -> None:
    (tmp_path / "parts.py").write_text(PARTS, encoding="utf-8")
    project = Project(library(CLASSIC, installed=False))
    user = project.file(tmp_path / "user.py", "from parts import First\n")
    assert isinstance(user.lookup("First"), Class)
    assert [cls.is_model for cls in project.file(tmp_path / "parts.py").classes()] == [True] * 3


LINEAR = "nn.Linear(8, 8, bias=False)"
TIED = """
class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(8, 8, bias=False)
        self.b = nn.Linear(8, 8, bias=False)
        self.b.weight = self.a.weight
"""
REGISTRIES = {
    "a decorator": "KINDS = {}\ndef put(cls):\n    KINDS['tied'] = cls\n    return cls\n@put" + TIED,
    "a decorator that is given a name": (
        "KINDS = {}\ndef put(name):\n    def add(cls):\n        KINDS[name] = cls\n        return cls\n"
        "    return add\n@put('tied')" + TIED
    ),
    "a call": "KINDS = {}\ndef put(name, cls):\n    KINDS[name] = cls" + TIED + "put('tied', Tied)",
    "a loop": "KINDS = {}" + TIED + "for name, cls in [('tied', Tied)]:\n    KINDS[name] = cls",
    "an assignment": "KINDS = {}" + TIED + "KINDS['tied'] = Tied",
    "an object": (
        "class Registry:\n    def __init__(self):\n        self.kinds = {}\n    def put(self, cls):\n"
        "        self.kinds[cls.__name__.lower()] = cls\n        return cls\n"
        "    def __getitem__(self, name):\n        return self.kinds[name]\n"
        "KINDS = Registry()\n@KINDS.put" + TIED
    ),
    "the base": (
        "KINDS = {}\nclass Known:\n    def __init_subclass__(cls, name, **kw):\n        KINDS[name] = cls\n"
        + TIED.replace("Tied(nn.Module)", "Tied(Known, nn.Module, name='tied')").replace(
            "super().__init__()", "nn.Module.__init__(self)"
        )
    ),
}


@pytest.mark.parametrize("before", REGISTRIES.values(), ids=REGISTRIES)
def test_what_is_put_into_a_registry_is_found_there(before: str) -> None:
    assert ties("self.x = KINDS['tied']()", before=before) == weights("x.a", "x.b")


def test_what_a_registry_lacks_may_be_put_there_by_others() -> None:
    found = built("self.x = KINDS['other']()", before=REGISTRIES["a decorator"])
    assert (found.ties, found.raises) == (None, None)
    assert "KeyError: 'other'" in {cause.text for cause in found.reasons["ties"]}


def test_a_registry_of_another_file_is_filled_by_the_files_that_are_imported(tmp_path: Path) -> None:
    (tmp_path / "zoo.py").write_text("KINDS = {}\ndef put(cls):\n    KINDS['tied'] = cls\n    return cls\n")
    (tmp_path / "kinds.py").write_text("from torch import nn\nfrom zoo import put\n@put" + TIED)
    text = FAMILY + (
        "import kinds\nfrom zoo import KINDS\nclass Model(TinyPreTrainedModel):\n"
        "    def __init__(self, config):\n        super().__init__(config)\n"
        "        self.x = KINDS['tied']()\n        self.post_init()\n"
    )
    project = Project(library(CLASSIC, installed=False))
    cls = project.file(tmp_path / "modeling_tiny.py", text).lookup("Model")
    assert isinstance(cls, Class)
    assert tie_map(project.interpreter, cls).ties == weights("x.a", "x.b")


def test_many_modules_may_put_something_into_one_registry(tmp_path: Path) -> None:
    (tmp_path / "registry.py").write_text(
        "class Registry:\n    def __init__(self):\n        self.kinds = {}\n    def put(self, cls):\n"
        "        self.kinds[cls.__name__] = cls\n        return cls\nKINDS = Registry()\n",
        encoding="utf-8",
    )
    many = 150
    for number in range(many):
        (tmp_path / f"part{number}.py").write_text(
            f"from registry import KINDS\nimport part{number + 1}\n@KINDS.put\nclass Kind{number}: ...\n",
            encoding="utf-8",
        )
    project = Project(library(CLASSIC, installed=False))
    user = project.file(tmp_path / "user.py", "import part0\nfrom registry import KINDS\n")
    kinds = user.lookup("KINDS")
    assert isinstance(kinds, Instance)
    assert len(kinds.attrs["kinds"]) == many
