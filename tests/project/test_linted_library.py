"""A tree of the library that is newer than the bundled facts."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import Write
from tie_lint.library.index import library
from tie_lint.project.project import Project
from tie_lint.python.disk import Disk

INIT = """\
from ...utils import _LazyModule
from ...utils.import_utils import define_import_structure
import sys

_file = globals()["__file__"]
sys.modules[__name__] = _LazyModule(__name__, _file, define_import_structure(_file), module_spec=__spec__)
"""


def newer_library(write: Write) -> Path:
    """A tree with a model that no release has, and one whose file has another name than in 5.23.0."""
    write("transformers/__init__.py", '__version__ = "5.99.0"\ndefine_import_structure(__file__)\n')
    write("transformers/models/__init__.py", "")
    for package, module, cls in (("acme", "modeling_acme", "AcmeModel"), ("bert", "modeling_b", "BertModel")):
        write(f"transformers/models/{package}/__init__.py", INIT)
        text = f'__all__ = ["{cls}"]\n\n\nclass {cls}:\n    pass\n'
        write(f"transformers/models/{package}/{module}.py", text)
    write("transformers/models/user/__init__.py", INIT)
    user = "from transformers import AcmeModel, BertModel, NobodyModel\n"
    return write("transformers/models/user/modeling_user.py", user)


def test_names_are_found_where_the_tree_has_them(write: Write) -> None:
    user = newer_library(write)
    project = Project(library("5.23.0", installed=False), Disk(), str(user.parents[2]))
    scope = project.file(user)
    homes = {name: getattr(scope.lookup(name), "name", None) for name in ("AcmeModel", "BertModel")}
    assert homes == {
        "AcmeModel": "transformers.models.acme.modeling_acme.AcmeModel",
        "BertModel": "transformers.models.bert.modeling_b.BertModel",
    }


def test_what_is_not_found_is_looked_for_again_in_the_next_run(write: Write) -> None:
    user = newer_library(write)
    disk = Disk()
    project = Project(library("5.23.0", installed=False), disk, str(user.parents[2]))
    scope = project.file(user)
    project.judged(scope)
    scope.lookup("AcmeModel")
    never = [path for path in disk.fingerprints(project.seen_from(user)) if path.endswith("*")]
    assert never == []
    scope.lookup("NobodyModel")
    never = [path for path in disk.fingerprints(project.seen_from(user)) if path.endswith("*")]
    assert len(never) == 1
