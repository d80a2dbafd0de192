"""Code beside config.json: what its class does by default, and what the config makes of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tie_lint.api import Configuration, check_paths
from tie_lint.finding import Finding
from tie_lint.rules import all_rules
from tie_lint.rules.page import examples

TIED, UNTIED, SILENT = {"tie_word_embeddings": True}, {"tie_word_embeddings": False}, dict[str, Any]()


def findings(folder: Path, code: str, config: dict[str, Any] | None, release: str) -> list[Finding]:
    (folder / "modeling_acme.py").write_text(code, encoding="utf-8")
    if config is not None:
        mapped = {"AutoModelForCausalLM": "modeling_acme.AcmeForCausalLM"}
        content = {"architectures": ["AcmeForCausalLM"], "auto_map": mapped, **config}
        (folder / "config.json").write_text(json.dumps(content), encoding="utf-8")
    report = check_paths([folder], Configuration(isolated=True, transformers=release))
    assert report.failures == []
    return [one for one in report.findings if one.path.endswith(".py")]


def example(code: str) -> str:
    return examples(all_rules()[code])[0].bad


def told(found: list[Finding]) -> list[tuple[str, str, str]]:
    return [(one.code, one.severity, one.message.partition("; ")[2]) for one in found]


WITH_ANOTHER_FLAG = {
    "TIE001": "with tie_word_embeddings=True the head is not tied to the input embeddings",
    "TIE004": "with tie_word_embeddings=True save_pretrained() raises RuntimeError for the shared tensors",
    "TIE104": "with tie_word_embeddings=True the head is tied to the wrong module",
}


@pytest.mark.parametrize("config", [None, SILENT, TIED], ids=["no config", "silent", "tied"])
@pytest.mark.parametrize("code", ["TIE001", "TIE004", "TIE104", "TIE108", "TIE303"])
def test_a_config_that_says_what_the_class_does_changes_nothing(
    tmp_path: Path, code: str, config: dict[str, Any] | None
) -> None:
    release = "5.23.0" if code == "TIE303" else "4.51.3"
    alone = findings(tmp_path, example(code), None, release)
    assert told(findings(tmp_path, example(code), config, release)) == told(alone)
    assert alone and all("config.json" not in one.message for one in alone)


@pytest.mark.parametrize("code", ["TIE001", "TIE004", "TIE104"])
def test_what_does_not_come_of_it_at_once_with_this_config_is_told(tmp_path: Path, code: str) -> None:
    (found,) = findings(tmp_path, example(code), UNTIED, "4.51.3")
    assert (found.code, found.severity) == (code, "error")
    assert found.message.endswith(f"; with this config.json: {WITH_ANOTHER_FLAG[code]}")


def test_what_does_not_hold_with_this_config_is_a_warning(tmp_path: Path) -> None:
    code = examples(all_rules()["TIE202"])[1].bad
    (found,) = findings(tmp_path, code, UNTIED, "5.23.0")
    assert (found.code, found.severity) == ("TIE202", "warning")
    assert found.message.endswith("the head is silently untied; not with this config.json")


def test_what_comes_of_it_at_once_with_this_config_is_an_error(tmp_path: Path) -> None:
    (alone,) = findings(tmp_path, example("TIE202"), None, "4.51.3")
    (found,) = findings(tmp_path, example("TIE202"), UNTIED, "4.51.3")
    assert (alone.severity, found.severity) == ("warning", "error")
    assert found.message.endswith("; with this config.json at once")


UNTIED_BY_DEFAULT = """
from torch import nn
from transformers import PretrainedConfig, PreTrainedModel

class AcmeConfig(PretrainedConfig):
    def __init__(self, vocab_size=100, hidden_size=16, tie_word_embeddings=False, old_head=False, **kwargs):
        super().__init__(tie_word_embeddings=tie_word_embeddings, **kwargs)
        self.vocab_size, self.hidden_size, self.old_head = vocab_size, hidden_size, old_head

class AcmePreTrainedModel(PreTrainedModel):
    config_class = AcmeConfig
    base_model_prefix = "model"

class AcmeModel(AcmePreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.embed_tokens = nn.Embedding(config.vocab_size, config.hidden_size)
        self.post_init()

    def get_input_embeddings(self):
        return self.embed_tokens

    def set_input_embeddings(self, value):
        self.embed_tokens = value

class AcmeForCausalLM(AcmePreTrainedModel):
    _tied_weights_keys = {"head.weight": "model.embed_tokens.weight"}

    def __init__(self, config):
        super().__init__(config)
        self.model = AcmeModel(config)
        self.head = nn.Linear(config.hidden_size + 8 * config.old_head, config.vocab_size, bias=False)
        self.post_init()

    def get_output_embeddings(self):
        return self.head

    def set_output_embeddings(self, value):
        self.head = value
"""


@pytest.mark.parametrize("release", ["4.51.3", "5.23.0"])
def test_what_holds_with_this_config_only_is_found(tmp_path: Path, release: str) -> None:
    config = {"old_head": 1, **TIED}
    assert findings(tmp_path, UNTIED_BY_DEFAULT, SILENT, release) == []
    (found,) = findings(tmp_path, UNTIED_BY_DEFAULT, config, release)
    assert (found.code, found.severity) == ("TIE105", "error")
    assert found.message.endswith("; with this config.json")
    assert findings(tmp_path, UNTIED_BY_DEFAULT, {**config, **UNTIED}, release) == []
    lines = UNTIED_BY_DEFAULT.splitlines()
    lines[found.line - 1] += "  # noqa: TIE105"
    assert findings(tmp_path, "\n".join(lines), config, release) == []


def test_a_config_that_says_the_flag_is_not_said_to_leave_it_open(tmp_path: Path) -> None:
    assert told(findings(tmp_path, example("TIE201"), SILENT, "5.23.0")) == [("TIE201", "error", "")]
    assert findings(tmp_path, example("TIE201"), TIED, "5.23.0") == []
    assert findings(tmp_path, example("TIE201"), UNTIED, "5.23.0") == []
