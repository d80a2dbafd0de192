"""Folders without ``__init__.py`` are packages too."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tiny_models import CLASSIC, FAMILY, HEAD, TIED
from tie_lint.interpreter.base_values import External
from tie_lint.interpreter.classes import Class
from tie_lint.library.index import library
from tie_lint.project.project import Project
from tie_lint.tiemap.tie_map import tie_map
from tie_lint.tiemap.view import views

DERIVED = "class TinyForCausalLM(Base):\n    pass\n"


@pytest.mark.parametrize(
    "import_", ["from acme.base.modeling_tiny import", "from ..base.modeling_tiny import"]
)
@pytest.mark.parametrize("inits", [(), ("acme",), ("acme", "acme/base", "acme/derived")], ids=len)
def test_a_class_derives_from_one_of_its_name(tmp_path: Path, import_: str, inits: tuple[str, ...]) -> None:
    base, derived = tmp_path / "acme" / "base", tmp_path / "acme" / "derived"
    for folder in (base, derived):
        folder.mkdir(parents=True)
    for name in inits:
        (tmp_path / name / "__init__.py").write_text("")
    (base / "modeling_tiny.py").write_text(FAMILY + HEAD)
    (derived / "modeling_tiny.py").write_text(f"{import_} TinyForCausalLM as Base\n{DERIVED}")
    project = Project(library(CLASSIC, installed=False))
    cls = project.file(derived / "modeling_tiny.py").lookup("TinyForCausalLM")
    assert isinstance(cls, Class)
    assert tie_map(project.interpreter, cls).ties == TIED


@pytest.mark.parametrize("init", [True, False])
def test_a_folder_that_is_named_like_the_library_is_not_the_library(tmp_path: Path, init: bool) -> None:
    folder = tmp_path / "acme" / "transformers"
    (folder / "models").mkdir(parents=True)
    (folder / "__init__.py").write_text("")
    if init:
        (tmp_path / "acme" / "__init__.py").write_text("")
        (folder / "models" / "__init__.py").write_text("")
    file = folder / "models" / "modeling_tiny.py"
    file.write_text(FAMILY + HEAD)
    project = Project(library(CLASSIC, installed=False))
    cls = project.file(file).lookup("TinyForCausalLM")
    assert isinstance(cls, Class)
    assert tie_map(project.interpreter, cls).ties == TIED


def test_packages_that_lie_beside_a_file_are_not_looked_into(tmp_path: Path) -> None:
    """As in ``site-packages``: what torch is is known without its source."""
    (tmp_path / "torch").mkdir()
    (tmp_path / "torch" / "__init__.py").write_text("from torch import nn\n")
    (tmp_path / "torch" / "nn.py").write_text("class Module: ...\nclass Linear: ...\nclass Embedding: ...\n")
    (tmp_path / "modeling_tiny.py").write_text(FAMILY + HEAD)
    project = Project(library(CLASSIC, installed=False))
    cls = project.file(tmp_path / "modeling_tiny.py").lookup("TinyForCausalLM")
    assert isinstance(cls, Class)
    assert tie_map(project.interpreter, cls).ties == TIED


def test_a_stub_of_the_library_beside_a_file(tmp_path: Path) -> None:
    """A model of a stub's base is a model, though no ``nn.Module`` is among its bases."""
    (tmp_path / "transformers").mkdir()
    (tmp_path / "transformers" / "__init__.py").write_text("from .modeling_utils import PreTrainedModel\n")
    (tmp_path / "transformers" / "modeling_utils.py").write_text("class PreTrainedModel: ...\n")
    file = tmp_path / "modeling_tiny.py"
    file.write_text(FAMILY + HEAD)
    project = Project(library(CLASSIC, installed=False), tree=str(tmp_path / "transformers"))
    found = views(project, file, file.read_text())
    assert [view.name for view in found if view.embeddings.head == "lm_head"] == ["TinyForCausalLM"]


OUTSIDE = "from torch import nn\nimport words\n\n\nclass {name}(words.Rows):\n    pass\n"


@pytest.mark.parametrize("package", [True, False])
@pytest.mark.parametrize("name", ["Rows", "Other"])
def test_an_absolute_import_means_no_neighbour_in_a_package(tmp_path: Path, package: bool, name: str) -> None:
    """As in ms-swift, whose ``tuners/peft.py`` derives ``LoraConfig`` from ``peft.LoraConfig``."""
    if package:
        (tmp_path / "__init__.py").write_text("")
    (tmp_path / "words.py").write_text(OUTSIDE.format(name="Rows"))
    file = tmp_path / ("words.py" if name == "Rows" else "model.py")
    if name == "Other":
        file.write_text(OUTSIDE.format(name=name))
    cls = Project(library(CLASSIC, installed=False)).file(file).lookup(name)
    assert isinstance(cls, Class)
    (base,) = cls.bases
    assert isinstance(base, External if package or name == "Rows" else Class)
    assert base.name.endswith("words.Rows")
