"""A fix is compared with the models of other files that rest on what it edits.

The pair of models was run in 4.51.3: with the key that ``Inner`` lacks, ``Outer``, which could not be saved,
is saved without its head, and loading gives it random values.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Write
from tie_lint.fix.fixer import Fixer
from tie_lint.library.target import Targets
from tie_lint.pipeline.document import Document
from tie_lint.pipeline.linter import Linter
from tie_lint.pipeline.reading import read_document
from tie_lint.python.disk import Disk
from tie_lint.settings import Settings

INNER = """
from torch import nn
from transformers import GPT2Model, GPT2PreTrainedModel

class Inner(GPT2PreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.transformer = GPT2Model(config)
        self.lm_head = nn.Linear(config.n_embd, config.vocab_size, bias=False)
        self.init_weights()
        self.tie_weights()

    def tie_weights(self):
        self._tie_or_clone_weights(self.lm_head, self.transformer.wte)
"""
PARTS = """
from torch import nn
from {} import Inner

class Around(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.decoder = Inner(config)
"""
OUTER = """
from transformers import GPT2Config, PreTrainedModel
{imported}

class Outer(PreTrainedModel):
    config_class = GPT2Config
    base_model_prefix = "outer"
    _supports_sdpa = True

    def __init__(self, config):
        super().__init__(config)
        self.model = {made}(config)
        {more}

    def _init_weights(self, module):
        pass
"""
HOLDS = OUTER.format(imported="from parts import Around", made="Around", more="")
APART = OUTER.format(imported="from inner import Inner as Other", made="list", more="")
UNKNOWN = OUTER.format(
    imported="from inner import Inner", made="Inner", more="self.more = unheard_of(config)"
)
WHY = "in outer.py, Outer (4.51.3): loading it would lose model.decoder.lm_head.weight"


@pytest.fixture(autouse=True)
def _there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def linter(path: Path, release: str = "4.51.3") -> Linter:
    return Linter(Settings(path.parent), Targets((release,), ""))


def fix_of_the_key(path: Path) -> str:
    return fix_of("TIE004", path, "4.51.3")


def fix_of(code: str, path: Path, release: str) -> str:
    """What a rule offers: a fix that is safe, one that is not, or the reason why there is none."""
    document: Document = read_document(path, Disk())
    fixer = Fixer(linter(path, release), document)
    (found,) = (one for one in fixer.with_fixes() if one.code == code)
    if found.fix is not None:
        return "safe" if found.fix.safe else "unsafe"
    (reason,) = (reason for one, reason in fixer.fix(unsafe=True).withheld if one.code == code)
    return reason


def test_a_fix_that_makes_a_model_of_another_file_worse_is_not_offered(write: Write) -> None:
    path = write("inner.py", INNER)
    assert fix_of_the_key(path) == "safe"
    write("parts.py", PARTS.format("inner"))
    assert fix_of_the_key(path) == "safe"
    write("outer.py", HOLDS)
    assert fix_of_the_key(path) == WHY


PACKAGES = [
    ({"pack/__init__.py": ""}, "from pack.inner import Inner"),
    ({"pack/__init__.py": "from .inner import *"}, "from pack import Inner"),
    ({"pack/__init__.py": ""}, "from pack.inner import *  # noqa: F403"),
    ({"pack/__init__.py": ""}, "from pack.inner import (\n    GPT2Model,  # (a part)\n    Inner,\n)"),
    ({"pack/__init__.py": ""}, "from pack.inner import GPT2Model, \\\n    Inner"),
    ({"pack/__init__.py": "from .inner import Inner as Made"}, "from pack import Made as Inner"),
    ({"pack/__init__.py": "from . import inner"}, "import pack\nInner = pack.inner.Inner"),
    (
        {"pack/__init__.py": "from .inner import Inner", "pack/other.py": ""},
        "import pack.other\nInner = pack.Inner",
    ),
    ({"pack/__init__.py": ""}, "import pack.inner as of\ndef Inner(config): return of.Inner(config)"),
    ({"pack/__init__.py": "", "pack/more.py": "from .inner import Inner"}, "from pack.more import Inner"),
]


@pytest.mark.parametrize(("package", "imported"), PACKAGES)
def test_a_class_is_found_however_it_is_imported(
    write: Write, tmp_path: Path, package: dict[str, str], imported: str
) -> None:
    (tmp_path / "pack").mkdir()
    path = write("pack/inner.py", INNER)
    for name, text in package.items():
        write(name, text)
    write("parts.py", PARTS.replace("from {} import Inner", imported))
    write("outer.py", HOLDS)
    assert fix_of_the_key(path) == WHY


def test_a_model_that_only_names_the_class_does_not_count(write: Write) -> None:
    path = write("inner.py", INNER)
    write("outer.py", APART)
    assert fix_of_the_key(path) == "safe"


def test_a_model_that_may_rest_on_it_makes_a_fix_unsafe(write: Write) -> None:
    path = write("inner.py", INNER)
    write("outer.py", UNKNOWN)
    assert fix_of_the_key(path) == "unsafe"


def test_a_file_that_imports_another_class_of_that_name_does_not_count(write: Write) -> None:
    path = write("inner.py", INNER)
    write("others.py", INNER.replace("transformer", "decoder"))
    write("parts.py", PARTS.format("others"))
    write("outer.py", HOLDS)
    assert fix_of_the_key(path) == "safe"


def test_more_files_than_are_looked_into_make_a_fix_unsafe(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write("inner.py", INNER)
    write("parts.py", "")
    monkeypatch.setattr("tie_lint.pipeline.surroundings.MOST_FILES", 1)
    assert fix_of_the_key(path) == "unsafe"
    monkeypatch.setattr("tie_lint.pipeline.surroundings.MOST_FILES", 2)
    assert fix_of_the_key(path) == "safe"


def test_two_fixes_are_tried_one_by_one_where_another_file_rests_on_one(write: Write) -> None:
    path = write("inner.py", INNER + INNER.partition("\n\n")[2].replace("Inner", "Second"))
    write("parts.py", PARTS.format("inner"))
    write("outer.py", HOLDS)
    found = Fixer(linter(path), read_document(path, Disk())).with_fixes_together()
    assert {one.class_name: one.fix is not None for one in found if one.code == "TIE004"} == {
        "Inner": False,
        "Second": True,
    }


CONFIG = """
import logging
from transformers import PreTrainedConfig

logger = logging.getLogger(__name__)

class OurConfig(PreTrainedConfig):
    model_type = "ours"

    def __init__(self, vocab_size=100, hidden_size=8, **kwargs):
        self.vocab_size, self.hidden_size = vocab_size, hidden_size
        super().__init__(**kwargs)
"""
MODEL = """
from torch import nn
from transformers import PreTrainedModel
from config import OurConfig, logger

class OurModel(PreTrainedModel):
    config_class = OurConfig
    base_model_prefix = "model"

    def __init__(self, config):
        super().__init__(config)
        self.embed_tokens = nn.Embedding(config.vocab_size, config.hidden_size)
        self.post_init()

class OurForCausalLM(PreTrainedModel):
    config_class = OurConfig
    base_model_prefix = "model"
    _tied_weights_keys = {"lm_head.weight": "model.embed_tokens.weight"}

    def __init__(self, config):
        super().__init__(config)
        self.model = OurModel(config)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()
"""


SECOND = MODEL.replace("OurModel", "SecondModel").replace("OurForCausalLM", "SecondForCausalLM")


@pytest.mark.parametrize(
    ("other", "fix"),
    [
        ("", "safe"),
        (SECOND, "safe"),
        (
            SECOND.replace("model.embed_tokens", "modle.embed_tokens"),
            "in other.py, SecondForCausalLM (5.23.0): it could not be built any more",
        ),
        (
            SECOND.replace("self.post_init()", "self.more = unheard_of(config)\n        self.post_init()"),
            "unsafe",
        ),
        ("from config import OurConfig\ndef converted(path): return OurConfig.from_pretrained(path)", "safe"),
    ],
)
def test_the_fix_of_a_config_is_compared_in_other_files_that_make_models_of_it(
    write: Write, other: str, fix: str
) -> None:
    path = write("model.py", MODEL)
    write("config.py", CONFIG)
    write("other.py", other)
    assert fix_of("TIE201", path, "5.23.0").startswith(fix)


def test_a_framework_of_too_many_files_makes_a_fix_unsafe(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write("inner.py", INNER)
    for name in "ab":
        write(f"{name}.py", "from inner import Inner\nMADE = [Inner]")
    monkeypatch.setattr("tie_lint.fix.importers.MOST_PARSED", 2)
    assert fix_of_the_key(path) == "safe"
    monkeypatch.setattr("tie_lint.fix.importers.MOST_PARSED", 1)
    assert fix_of_the_key(path) == "unsafe"
