"""Model files that are hard to follow: each has the findings of the same model in plain code.

What the comments expect (see ``test_model_files``) was seen by running the class, or by checking the file
with the hard part taken out.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.examples import findings
from tests.scenarios.test_model_files import expected

FILES = Path(__file__).parent / "following"
RELEASES = ("4.51.3", "5.23.0")


def cases() -> list[object]:
    """Every file under every release."""
    return [
        pytest.param(path, release, id=f"{path.relative_to(FILES).with_suffix('').as_posix()}-{release}")
        for path in sorted(FILES.rglob("*.py"))
        for release in RELEASES
    ]


@pytest.mark.parametrize(("path", "release"), cases())
def test_it_has_the_findings_of_plain_code(path: Path, release: str) -> None:
    text = path.read_text(encoding="utf-8")
    found = {(finding.line, finding.code) for finding in findings(path, text, release)}
    assert found == expected(text, release)


PARTS = {
    "a layer of an encoder": "nn.TransformerEncoderLayer(16, 2)",
    "an encoder": "nn.TransformerEncoder(nn.TransformerEncoderLayer(16, 2), 2)",
    "a layer of a decoder": "nn.TransformerDecoderLayer(16, 2)",
    "a cell with a gate": "nn.GRUCell(16, 16)",
    "a cell with a memory": "nn.LSTMCell(16, 16)",
    "a recurrent cell": "nn.RNNCell(16, 16)",
    "a normalised weight": "nn.utils.parametrizations.weight_norm(nn.Linear(16, 16))",
    "an old normalised weight": "nn.utils.weight_norm(nn.Linear(16, 16))",
    "a bag of embeddings": "nn.EmbeddingBag(10, 16)",
    "a layer that learns its size": "nn.LazyLinear(16)",
    "a whole transformer": "nn.Transformer(16, 2)",
    "a softmax by clusters": "nn.AdaptiveLogSoftmaxWithLoss(16, 100, [10, 50])",
    "something from the hub": "torch.hub.load('a', 'b')",
}
MODEL = """\
import torch
from torch import nn
from transformers import LlamaConfig, LlamaModel, LlamaPreTrainedModel


class MineForCausalLM(LlamaPreTrainedModel):
    _tied_weights_keys = {"lm_haed.weight": "model.embed_tokens.weight"}

    def __init__(self, config):
        super().__init__(config)
        self.model = LlamaModel(config)
        self.part = PART
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()
"""


@pytest.mark.parametrize("part", PARTS.values(), ids=PARTS)
def test_a_part_that_has_nothing_to_do_with_it_hides_no_finding(part: str, tmp_path: Path) -> None:
    text = MODEL.replace("PART", part)
    found = {
        release: [finding.code for finding in findings(tmp_path / "m.py", text, release)]
        for release in RELEASES
    }
    assert found == {"4.51.3": ["TIE001"], "5.23.0": ["TIE102"]}
