"""What a file's answer hangs on is what its text imports: not what was asked before about other files."""

from pathlib import Path

from tests.conftest import Write
from tie_lint.api import Configuration, check_paths

MODEL = """
from torch import nn
from transformers import PretrainedConfig, PreTrainedModel
from acme.tables import SIZE


class AcmeConfig(PretrainedConfig):
    model_type = "acme"


class AcmeModel(PreTrainedModel):
    config_class = AcmeConfig

    def __init__(self, config):
        super().__init__(config)
        self.words = nn.Embedding(SIZE, 16, config.pad_token_id)
        self.post_init()

    def get_input_embeddings(self):
        return self.words

    def set_input_embeddings(self, value):
        self.words = value

    def forward(self, input_ids):
        return self.words(input_ids)
"""
FILES = {
    "acme/__init__.py": "",
    "acme/tables.py": """
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from acme.old import LossKwargs
SIZE = 40
""",
    "acme/old.py": "from transformers.utils import LossKwargs\n",
    "acme/another.py": MODEL.replace("import SIZE", "import SIZE, LossKwargs")
    .replace("SIZE, 16", "SIZE, len(LossKwargs)")
    .replace("Acme", "Other"),
    "acme/model.py": MODEL,
}


def codes(write: Write, files: dict[str, str], *asked: str) -> set[tuple[str, str]]:
    """File and code of each finding, of all or some of the files."""
    for name, text in files.items():
        path = write(name, text)
    root = path.parents[1]
    configuration = Configuration(isolated=True, transformers="5.23.0")
    found = check_paths([root / name for name in asked] or [root], configuration, processes=1).findings
    return {(Path(one.path).name, one.code) for one in found}


def test_a_file_is_not_taken_to_run_what_another_file_runs(write: Write) -> None:
    alone = codes(write, FILES, "acme/model.py")
    assert alone == {("model.py", "TIE006")}
    assert alone < codes(write, FILES)


def test_a_package_whose_init_cannot_be_imported_leaves_its_files_without_a_claim_of_their_own(
    write: Write,
) -> None:
    broken = {**FILES, "acme/__init__.py": "from transformers.utils import LossKwargs\n"}
    assert codes(write, broken, "acme/model.py") == set()
