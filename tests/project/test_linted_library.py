"""A tree of the library that is newer than the bundled facts."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Write
from tie_lint.library.index import library
from tie_lint.project.project import Project
from tie_lint.python.disk import Disk, listing
from tie_lint.tiemap.view import views

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


def test_what_is_not_found_is_looked_for_again_once_a_folder_has_something_new(write: Write) -> None:
    user = newer_library(write)
    disk = Disk()
    project = Project(library("5.23.0", installed=False), disk, str(user.parents[2]))
    scope = project.file(user)
    project.judged(scope)
    scope.lookup("NobodyModel")
    seen = disk.fingerprints(project.seen_from(user))
    models = f"{user.parents[1]}/"
    assert all(value is None or value != "!" for value in seen.values())
    assert seen[models] == listing(models)
    write("transformers/models/nobody/__init__.py", INIT)
    assert seen[models] != listing(models)


BASE = """
class PreTrainedConfig:
    model_type = ""

    def __init__(self, tie_word_embeddings=True, **kwargs):
        self.tie_word_embeddings = tie_word_embeddings

    def get_text_config(self, decoder=None, encoder=None):
        return self
"""
MODEL = """
from torch import nn

from ...configuration_utils import PreTrainedConfig
from ...modeling_utils import PreTrainedModel


class AcmeConfig(PreTrainedConfig):
    vocab_size = 64
    hidden_size = 8


class AcmeForCausalLM(PreTrainedModel):
    config_class = AcmeConfig
    _tied_weights_keys = {"lm_head.weight": "embed_tokens.weight"}

    def __init__(self, config):
        super().__init__(config)
        self.embed_tokens = nn.Embedding(config.vocab_size, config.hidden_size)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def get_input_embeddings(self):
        return self.embed_tokens
"""


@pytest.mark.parametrize("release", ["4.51.3", "5.23.0"])
def test_a_tree_is_followed_under_a_release_whose_configs_have_more(write: Write, release: str) -> None:
    """The base config of 5.x has no ``pruned_heads``, which ``init_weights()`` of 4.x reads."""
    write("transformers/__init__.py", '__version__ = "5.99.0"\ndefine_import_structure(__file__)\n')
    write("transformers/configuration_utils.py", BASE)
    write("transformers/models/__init__.py", "")
    write("transformers/models/acme/__init__.py", INIT)
    path = write("transformers/models/acme/modeling_acme.py", MODEL)
    project = Project(library(release, installed=False), Disk(), str(path.parents[2]))
    (view,) = views(project, path, MODEL)
    assert view.models.default.raised is None
    assert view.models.default.model is not None
