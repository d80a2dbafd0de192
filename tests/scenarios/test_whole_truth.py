"""Model files that are easy to follow and hard to judge: what is said of them is true, and all of it.

What the comments expect (see ``test_model_files``) was seen by running the class. ``NOT_YET`` says which
files are judged wrongly today, and why.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.examples import findings
from tests.scenarios.test_model_files import expected

FILES = Path(__file__).parent / "whole_truth"
RELEASES = ("4.51.3", "5.23.0")
NOT_YET: dict[str, str] = {}


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize(
    "path",
    [
        pytest.param(
            path,
            id=path.stem,
            marks=[pytest.mark.xfail(strict=True, reason=NOT_YET[path.stem])] if path.stem in NOT_YET else [],
        )
        for path in sorted(FILES.rglob("*.py"))
    ],
)
def test_what_is_said_is_true_and_all(path: Path, release: str) -> None:
    text = path.read_text(encoding="utf-8")
    found = {(finding.line, finding.code) for finding in findings(path, text, release)}
    assert found == expected(text, release)


LOST_FIELD = """
from torch import nn
from transformers import PretrainedConfig, PreTrainedModel


class AcmeConfig(PretrainedConfig):
    model_type = "acme"


class AcmeModel(PreTrainedModel):
    config_class = AcmeConfig

    def __init__(self, config):
        super().__init__(config)
        self.words = nn.Embedding(40, 16, config.pad_token_id)
        self.post_init()

    def get_input_embeddings(self):
        return self.words

    def set_input_embeddings(self, value):
        self.words = value

    def forward(self, input_ids):
        return self.words(input_ids)
"""


def test_what_every_config_had_up_to_4_is_missed_in_5_alone_by_a_range() -> None:
    (found,) = findings(Path("acme.py"), LOST_FIELD, "4.40", "4.57.6", "5.0.0", "5.23.0")
    assert (found.code, found.transformers) == ("TIE006", ("5.0.0", "5.23.0"))
    assert "no attribute 'pad_token_id', which every config has up to 4.57 alone" in found.message
    declared = LOST_FIELD.replace('"acme"', '"acme"\n    pad_token_id = None')
    assert findings(Path("acme.py"), declared, "4.40", "4.57.6", "5.0.0", "5.23.0") == []


LOST = FILES / "lost_in_5.py"


def test_a_tie_that_5_loses_is_reported_for_a_range_alone() -> None:
    text = LOST.read_text(encoding="utf-8")
    both = findings(LOST, text, "4.57.6", "5.23.0")
    lost = {(one.line, one.transformers) for one in both if one.code == "TIE305"}
    assert lost == {(number, ("5.23.0",)) for number, code in expected(text, "4.57.6 to 5.23.0")}


def test_a_head_that_a_hook_ties_is_kept_where_the_checkpoint_has_its_own() -> None:
    path = FILES / "ties_in_hooks.py"
    (found,) = [one for one in findings(path, path.read_text("utf-8"), "5.23.0") if one.code == "TIE202"]
    assert found.message.endswith("the setting is ignored but for a checkpoint with a head of its own")
    assert found.severity == "warning"


def test_a_head_that_the_keys_of_a_part_tie_is_kept_where_the_checkpoint_has_its_own() -> None:
    """Run in 5.23.0: of two names in a checkpoint that differ, neither takes the place of the other."""
    path = FILES / "config_of_a_part_changed_inside.py"
    found = [one for one in findings(path, path.read_text("utf-8"), "5.23.0") if one.code == "TIE202"]
    endings = {one.message.rpartition("the setting is ignored")[2] for one in found}
    assert endings == {" but for a checkpoint with a head of its own"}
    assert {one.severity for one in found} == {"warning"}


def test_a_missing_input_getter_is_no_error_where_the_model_built_on_it_ties_by_itself() -> None:
    path = FILES / "wrong_prefix_and_no_getter.py"
    found = [one for one in findings(path, path.read_text("utf-8"), "4.51.3") if one.code == "TIE002"]
    assert [(one.class_name, one.severity) for one in found] == [
        ("NoteModel", "warning"),
        ("DiaryModel", "warning"),
    ]
    assert found[0].message.endswith("resize_token_embeddings() fails for it and for models built on it")
    assert found[1].message.endswith(
        "neither it nor models built on it can tie a head or resize their embeddings"
    )


def test_ties_that_one_line_makes_in_each_layer_are_one_finding() -> None:
    path = FILES / "tie_in_each_layer.py"
    (found,) = [one for one in findings(path, path.read_text("utf-8"), "4.51.3") if one.code == "TIE108"]
    shared = "layers.0.back.weight and layers.0.there.weight (and 11 more groups of names)"
    assert found.message.startswith(f"BothWays shares {shared} by assignment in __init__")


PART_DECLARES = """
from torch import nn
from transformers import PretrainedConfig, PreTrainedModel


class AcmeConfig(PretrainedConfig):
    model_type = "acme"


class AcmeForCausalLM(PreTrainedModel):
    config_class = AcmeConfig
    _tied_weights_keys = {"lm_head.weight": "words.weight"}

    def __init__(self, config):
        super().__init__(config)
        self.words = nn.Embedding(40, 16)
        self.lm_head = nn.Linear(16, 40, bias=False)
        self.post_init()

    def get_input_embeddings(self):
        return self.words

    def set_input_embeddings(self, value):
        self.words = value

    def get_output_embeddings(self):
        return self.lm_head

    def set_output_embeddings(self, value):
        self.lm_head = value


class AcmeForImages(PreTrainedModel):
    config_class = AcmeConfig

    def __init__(self, config):
        super().__init__(config)
        self.model = AcmeForCausalLM(config)
        self.post_init()
"""


def test_a_model_around_one_that_declares_needs_the_flag_too() -> None:
    found = findings(Path("modeling_acme.py"), PART_DECLARES, "5.23.0")
    (untied,) = [one for one in found if one.code == "TIE201"]
    assert "AcmeForImages" in str(untied.follows)


def test_a_key_for_the_source_says_when_a_load_is_without_values() -> None:
    path, left = FILES / "key_for_the_source.py", "lm_head.weight and model.embed_tokens.weight"
    effects = {
        release: [
            one.effects[0][0]
            for one in findings(path, path.read_text("utf-8"), release)
            if one.code == "TIE112"
        ]
        for release in ("4.44.2", "4.51.3")
    }
    empty = f"from_pretrained() leaves {left} on the meta device"
    assert effects["4.51.3"] == [empty, f"with tie_word_embeddings=True {empty}"]
    little = "low_cpu_mem_usage=True"
    assert effects["4.44.2"] == [
        f"with {little} {empty}",
        f"with tie_word_embeddings=True and {little} {empty}",
    ]
