"""The backbone of a family and the prefix that leads to it."""

from __future__ import annotations

import pytest

from tests.corpus import sources
from tests.examples import findings
from tests.tiny_models import ERAS, FAMILY, MIXIN, seen

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
    class saves the other loads (run). Up to 4.51 and from 5.4 the library does not ask for such names."""
    head = HEAD_OF_ITS_OWN.replace('base_model_prefix = "model"', "")
    renames = '\n    _checkpoint_conversion_mapping = {"^decoder": "model"}\n'
    for prefix, name in (("", "TinyPreTrainedModel"), ("tiny", "TinyPreTrainedModel")):
        text = FAMILY.replace('base_model_prefix = "model"', f'base_model_prefix = "{prefix}"') + head
        plain, renamed = (seen(text.replace(of, of + extra), name, release) for extra in ("", renames))
        assert plain.prefix.missing or plain.prefix.family_misnames == "model"
        found = renamed.prefix.missing or renamed.prefix.family_misnames or renamed.prefix.held_otherwise
        assert bool(found) is (release != MIXIN)


def test_the_backbone_where_auto_model_gives_the_model_with_the_head() -> None:
    """``VibeVoiceForConditionalGeneration`` of 5.23.0, of which ``AutoModel`` is one, holds its backbone."""
    path = sources("5.23.0") / "transformers/models/vibevoice/modeling_vibevoice.py"
    text = path.read_text(encoding="utf-8").replace(
        'base_model_prefix = "model"', 'base_model_prefix = "mdoel"'
    )
    found = {(one.code, one.class_name) for one in findings(path, text, "5.23.0")}
    assert ("TIE101", "VibeVoicePreTrainedModel") in found


COMPOSITE = """
class TinyDecoder(TinyModel):
    pass

class TinyWrapped(TinyPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.decoder = TinyDecoder(config)
        self.post_init()

class TinyForCausalLM(TinyPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.model = TinyWrapped(config)
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

class WholeConfig(PretrainedConfig):
    model_type = "whole"

    def __init__(self, **kw):
        self.decoder = TinyDecoderConfig()
        super().__init__(**kw)

class TinyForConditionalGeneration(TinyPreTrainedModel):
    config_class = WholeConfig
    base_model_prefix = "whole"

    def __init__(self, config):
        super().__init__(config)
        self.decoder = TinyForCausalLM(config.decoder)
        self.post_init()
"""


def composite(prefix: str) -> str:
    """A family of two configs, with a prefix: no class is called like the backbone of either."""
    family = FAMILY.replace('base_model_prefix = "model"', f'base_model_prefix = "{prefix}"')
    return family.replace("TinyConfig", "TinyDecoderConfig") + COMPOSITE


@pytest.mark.parametrize("release", ERAS)
@pytest.mark.parametrize("prefix", ["", "mdoel", "decoder"])
def test_the_backbone_of_a_family_of_several_configs_none_of_which_has_its_name(
    release: str, prefix: str
) -> None:
    """As Musicgen of 5.23.0 (run): ``MusicgenModel`` of ``MusicgenDecoderConfig`` wraps a decoder, and
    what it saves no longer loads into ``MusicgenForCausalLM``."""
    base = seen(composite(prefix), "TinyPreTrainedModel", release)
    assert (base.prefix.missing if prefix == "" else base.prefix.family_misnames) == "model"


@pytest.mark.parametrize("release", ERAS)
def test_a_part_that_the_family_of_a_composite_keeps_to_itself_is_no_backbone(release: str) -> None:
    """As ``AltRobertaModel`` of 4.51.3 in ``AltCLIPTextModel``: nobody can load it by itself."""
    text = composite("whole")
    offers = '__all__ = ["TinyForCausalLM", "TinyForConditionalGeneration"]'
    assert seen(text, "TinyForCausalLM", release).prefix.misnamed_backbone == "model"
    assert seen(text + offers, "TinyForCausalLM", release).prefix.misnamed_backbone is None


@pytest.mark.parametrize("release", ERAS)
def test_the_backbone_of_a_head_is_not_a_part_of_the_backbone(release: str) -> None:
    text = composite("mdoel")
    more = text.replace("TinyDecoder(config)", "TinyDecoder(config); self.norm = nn.LayerNorm(8)")
    for wrapped in (text, more):
        assert seen(wrapped, "TinyWrapped", release).prefix.misnamed_backbone is None
        assert seen(wrapped, "TinyForCausalLM", release).prefix.misnamed_backbone == "model"


HEAD = """
class TinyForCausalLM(TinyPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.model = TinyModel(config)
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()
"""
GENERIC = """
class GenericForSequenceClassification:
    base_model_prefix = "model"

    def __init__(self, config):
        super().__init__(config)
        setattr(self, self.base_model_prefix, TinyModel(config))
        self.score = nn.Linear(config.hidden_size, 2)
        self.post_init()

class TinyForSequenceClassification(GenericForSequenceClassification, TinyPreTrainedModel):
    pass
"""


@pytest.mark.parametrize("release", ERAS)
def test_heads_that_have_the_right_prefix_from_a_mixin_speak_against_a_misspelt_one(release: str) -> None:
    """As ``GemmaPreTrainedModel`` of 5.23.0: giving them the family's would spread the mistake."""
    text = FAMILY.replace('base_model_prefix = "model"', 'base_model_prefix = "mdoel"') + HEAD + GENERIC
    base = seen(text, "TinyPreTrainedModel", release).prefix
    assert base.family_misnames == "model"
    assert base.is_misnamed_by_several
    assert seen(text, "TinyForSequenceClassification", release).prefix.overruled is None


@pytest.mark.parametrize("release", ERAS)
def test_heads_whose_mixin_has_another_prefix_than_those_beside_them(release: str) -> None:
    family = FAMILY.replace('base_model_prefix = "model"', 'base_model_prefix = "tiny"')
    text = family + HEAD.replace("self.model", "self.tiny") + GENERIC
    assert seen(text, "TinyForSequenceClassification", release).prefix.overruled == (
        "GenericForSequenceClassification",
        "tiny",
    )


@pytest.mark.parametrize("release", ERAS)
def test_a_model_that_says_the_prefix_once_more_goes_by_it(release: str) -> None:
    """As ``BlenderbotSmallForConditionalGeneration`` of 4.51.3: it is the other model that is misnamed."""
    text = FAMILY + HEAD_OF_ITS_OWN + HEAD.replace("self.model", "self.decoder")
    assert seen(text, "TinyPreTrainedModel", release).prefix.family_misnames is None
    assert seen(text, "TinyForCausalLM", release).prefix.misnamed_backbone == "decoder"
    assert not seen(text, "TinyForCausalLM", release).prefix.init_base_misnames


@pytest.mark.parametrize("release", ERAS)
@pytest.mark.parametrize("head", ["model", "language_model"])
def test_an_empty_prefix_that_the_backbone_declares_itself(release: str, head: str) -> None:
    """As ``Llama4TextModel`` of 5.23.0 with one: a prefix of the init base class would not reach it."""
    family = FAMILY.replace('base_model_prefix = "model"', "pass")
    backbone = "class TinyModel(TinyPreTrainedModel):\n"
    text = family.replace(backbone, backbone + '    base_model_prefix = ""\n')
    text += HEAD_OF_ITS_OWN.replace('"model"', f'"{head}"')
    assert seen(text, "TinyPreTrainedModel", release).prefix.missing is None
    assert seen(text, "TinyModel", release).prefix.held_otherwise == "model"


def test_a_model_that_says_a_wrong_prefix_once_more_is_reported_alone() -> None:
    """As ``Gemma3ForCausalLM`` of 4.51.3."""
    family = FAMILY.replace('base_model_prefix = "model"', 'base_model_prefix = "tiny"')
    text = family + HEAD_OF_ITS_OWN.replace('"model"', '"tiny"')
    assert seen(text, "TinyPreTrainedModel").prefix.family_misnames is None
    assert seen(text, "TinyForSequenceClassification").prefix.misnamed_backbone == "model"


@pytest.mark.parametrize("release", ERAS)
def test_a_prefix_by_which_models_around_it_hold_a_model(release: str) -> None:
    """As ``Llama4ForCausalLM`` (run in 4.51.3 and 5.23.0): with the attribute's name for its prefix, nothing
    of what the model around it saves would load into it any more."""
    text = composite("model").replace(
        "self.decoder = TinyForCausalLM", "self.language_model = TinyForCausalLM"
    )
    head = "class TinyForCausalLM(TinyPreTrainedModel):\n"
    own = text.replace(head, head + '    base_model_prefix = "language_model"\n')
    model = seen(own, "TinyForCausalLM", release).prefix
    assert model.misnamed_backbone == "model"
    assert model.serves_composites
    other = seen(own.replace('"language_model"', '"lm"'), "TinyForCausalLM", release).prefix
    assert other.misnamed_backbone == "model"
    assert not other.serves_composites
    inner = text.replace("self.language_model = TinyForCausalLM", "self.language_model = TinyWrapped")
    inner = inner.replace(head, head + '    base_model_prefix = "language_model"\n')
    assert seen(inner, "TinyForCausalLM", release).prefix.serves_composites
