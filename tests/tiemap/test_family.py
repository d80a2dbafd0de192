"""The backbone of a family and the prefix that leads to it."""

from __future__ import annotations

import pytest

from tests.corpus import sources
from tests.examples import findings
from tests.tiny_models import ERAS, FAMILY, seen

MISNAMED = f"""{FAMILY}
class TinyForSequenceClassification(TinyPreTrainedModel):
    base_model_prefix = "transformer"

    def __init__(self, config):
        super().__init__(config)
        self.model = TinyModel(config)
        self.score = nn.Linear(config.hidden_size, 2)
        self.post_init()
"""


@pytest.mark.parametrize("release", ERAS)
def test_the_backbone_of_another_prefix(release: str) -> None:
    model = seen(MISNAMED, "TinyForSequenceClassification", release)
    assert model.prefix.misnamed_backbone == "model"
    assert model.prefix.loads_into_backbone


def test_a_backbone_that_has_the_wrong_prefix_too() -> None:
    both = MISNAMED.replace('base_model_prefix = "model"', 'base_model_prefix = "transformer"')
    model = seen(both, "TinyForSequenceClassification")
    assert model.prefix.misnamed_backbone == "model"
    assert not model.prefix.loads_into_backbone


@pytest.mark.parametrize("release", ERAS)
def test_rules_of_the_library_for_its_own_model_types(release: str) -> None:
    """``CLIPTextModelWithProjection`` of 5.6 loads into its backbone though nothing is named by the prefix
    (run): a rule for the type of its config takes the attribute's name away."""
    assert not seen(MISNAMED, "TinyForSequenceClassification", release).prefix.may_be_renamed
    derived = MISNAMED.replace("import AutoModel", "import AutoModel, CLIPTextConfig")
    derived = derived.replace("TinyConfig(PretrainedConfig)", "TinyConfig(CLIPTextConfig)")
    for text in (derived, derived.replace("config_class = TinyConfig", "config_class = CLIPTextConfig")):
        own = 'model_type = "tiny"' in text and "config_class = TinyConfig" in text
        model = seen(text, "TinyForSequenceClassification", release)
        assert model.prefix.may_be_renamed is (release == "5.23.0" and not own)


HEAD_OF_ITS_OWN = """
class TinyForSequenceClassification(TinyPreTrainedModel):
    base_model_prefix = "model"

    def __init__(self, config):
        super().__init__(config)
        self.model = TinyModel(config)
        self.post_init()
"""


@pytest.mark.parametrize("release", ERAS)
@pytest.mark.parametrize("own", [True, False])
def test_whether_only_the_backbone_has_no_prefix(release: str, own: bool) -> None:
    """As Blt of 4.57 (run): the model with a head loads from the backbone, and not the other way round."""
    family = FAMILY.replace('base_model_prefix = "model"', 'base_model_prefix = ""')
    head = HEAD_OF_ITS_OWN if own else HEAD_OF_ITS_OWN.replace('base_model_prefix = "model"', "")
    base = seen(family + head, "TinyPreTrainedModel", release)
    assert base.prefix.missing == "model"
    assert base.prefix.heads_have_one is own


@pytest.mark.parametrize("release", ERAS)
@pytest.mark.parametrize("of", ["TinyModel(TinyPreTrainedModel):", "Classification(TinyPreTrainedModel):"])
def test_what_loads_into_what_where_checkpoints_have_names_of_their_own(release: str, of: str) -> None:
    """As Llava of 4.57, whose prefix is empty, and Fuyu of 4.57 and 5.0, whose prefix is another: what one
    class saves the other loads (run)."""
    head = HEAD_OF_ITS_OWN.replace('base_model_prefix = "model"', "")
    renames = '\n    _checkpoint_conversion_mapping = {"^decoder": "model"}\n'
    for prefix, name in (("", "TinyPreTrainedModel"), ("tiny", "TinyPreTrainedModel")):
        text = FAMILY.replace('base_model_prefix = "model"', f'base_model_prefix = "{prefix}"') + head
        plain, renamed = (seen(text.replace(of, of + extra), name, release) for extra in ("", renames))
        assert plain.prefix.missing or plain.prefix.family_misnames == "model"
        assert not (renamed.prefix.missing or renamed.prefix.family_misnames or renamed.prefix.held_otherwise)


def test_the_backbone_where_auto_model_gives_the_model_with_the_head() -> None:
    """``VibeVoiceForConditionalGeneration`` of 5.23.0, of which ``AutoModel`` is one, holds its backbone."""
    path = sources("5.23.0") / "transformers/models/vibevoice/modeling_vibevoice.py"
    text = path.read_text(encoding="utf-8").replace(
        'base_model_prefix = "model"', 'base_model_prefix = "mdoel"'
    )
    found = {(one.code, one.class_name) for one in findings(path, text, "5.23.0")}
    assert ("TIE101", "VibeVoicePreTrainedModel") in found
