"""What is written, and where, in files of several styles."""

from __future__ import annotations

import textwrap

import pytest

from tests.scenarios.fixes.test_rule_pages import fixed
from tests.tiny_models import FAMILY

MODEL = '''
class TinyForCausalLM(TinyPreTrainedModel):
    """A head."""

    _tied_weights_keys = {"lm_head.weight": "model.embed_tokens.weight"}

    def __init__(self, config):
        super().__init__(config)
        self.model = TinyModel(config)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()
        # a last word

    @property
    def other(self):
        return None
'''

GETTER = """
    def get_output_embeddings(self):
        return self.lm_head

    def set_output_embeddings(self, new_embeddings):
        self.lm_head = new_embeddings
"""


def after(text: str, *releases: str, unsafe: bool = False, ignore: tuple[str, ...] = ()) -> str:
    """The text after the family, fixed; nothing of the family has changed."""
    releases = releases or ("4.51.3", "5.23.0")
    found = fixed(FAMILY + text, *releases, unsafe=unsafe, ignore=ignore).text
    assert found.startswith(FAMILY)
    return found.removeprefix(FAMILY)


def test_accessors_follow_init_and_its_comments() -> None:
    assert after(MODEL) == MODEL.replace("        # a last word\n", f"        # a last word\n{GETTER}")


def test_accessors_are_annotated_where_init_is() -> None:
    text = MODEL.replace("(self, config):", "(self, config: TinyConfig) -> None:")
    assert "    def get_output_embeddings(self) -> nn.Module:\n" in after(text)
    assert "    def set_output_embeddings(self, new_embeddings: nn.Module) -> None:\n" in after(text)


def test_accessors_are_written_as_another_class_writes_them() -> None:
    other = """
class Other(TinyPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.head = nn.Linear(8, 8)
        self.post_init()

    def get_output_embeddings(self) -> nn.Linear:
        return self.head

    def set_output_embeddings(self, layer: nn.Linear):
        self.head = layer
"""
    found = after(other + MODEL)
    assert "    def get_output_embeddings(self) -> nn.Linear:\n        return self.lm_head\n" in found
    assert "    def set_output_embeddings(self, layer: nn.Linear):\n        self.lm_head = layer\n" in found


def test_a_setter_that_is_right_stays_as_it_is() -> None:
    text = MODEL.replace(
        "self.lm_head = nn.Linear", "self.cls = Head(config)\n        self.unused = nn.Linear"
    )
    text = text.replace('"lm_head.', '"cls.decoder.')
    head = """
class Head(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.decoder = nn.Linear(config.hidden_size, config.vocab_size)
"""
    right = text + GETTER.replace("self.lm_head", "self.cls.decoder")
    assert after(head + right) == head + right
    assert after(head + right.replace("return self.cls.decoder", "return self.cls")) == head + right


def test_the_input_embedding_is_no_head_where_another_is_declared() -> None:
    wrong = WITH_ACCESSORS.replace("return self.lm_head", "return self.model.embed_tokens")
    wrong = wrong.replace("self.lm_head = new", "self.model.embed_tokens = new")
    assert after(wrong) == WITH_ACCESSORS
    undeclared = wrong.replace(DECLARED, "    _tied_weights_keys = {}\n")
    assert after(undeclared) == undeclared


def test_a_part_gets_the_setter_that_the_model_passes_on_to() -> None:
    part = """
class TinyStack(TinyPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.words = nn.Embedding(config.vocab_size, config.hidden_size)
        self.post_init()

    def get_input_embeddings(self):
        return self.words
"""
    whole = """
class TinyWrapped(TinyPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.model = TinyStack(config)
        self.post_init()

    def get_input_embeddings(self):
        return self.model.get_input_embeddings()

    def set_input_embeddings(self, value):
        self.model.set_input_embeddings(value)
"""
    added = "\n    def set_input_embeddings(self, value):\n        self.words = value\n"
    assert after(part + whole) == part + added + whole


INPUT_ACCESSORS = """\
    def get_input_embeddings(self):
        return self.model.embed_tokens

    def set_input_embeddings(self, value):
        self.model.embed_tokens = value

"""


def test_accessors_stand_in_their_usual_order() -> None:
    found = after(MODEL.replace("    @property", f"{INPUT_ACCESSORS}    @property"))
    inputs, outputs = found.index("set_input_embeddings"), found.index("get_output_embeddings")
    assert inputs < outputs < found.index("@property")


def test_tabs_stay_tabs() -> None:
    found = after(textwrap.dedent(MODEL).replace("    ", "\t"))
    assert "\tdef get_output_embeddings(self):\n\t\treturn self.lm_head\n" in found


WITH_ACCESSORS = MODEL.replace("        # a last word\n", f"        # a last word\n{GETTER}")
DECLARED = '    _tied_weights_keys = {"lm_head.weight": "model.embed_tokens.weight"}\n'


INSIDE = '        # the head\n        "lm_head.weight"'


@pytest.mark.parametrize(
    ("before", "wanted"),
    [
        ('    _tied_weights_keys = ["lm_head.weight"]  # why\n', DECLARED.replace("}\n", "}  # why\n")),
        (
            f"    _tied_weights_keys = [\n{INSIDE},\n    ]\n",
            f'    _tied_weights_keys = {{\n{INSIDE}: "model.embed_tokens.weight",\n    }}\n',
        ),
        (
            '    _tied_weights_keys: list[str] = ["head.weight"]\n',
            DECLARED.replace(" =", ": dict[str, str] ="),
        ),
        ("    _tied_weights_keys = (r'lm_head\\.weight',)\n", DECLARED),
    ],
    ids=["comment behind", "comment inside", "annotated", "pattern"],
)
def test_a_list_becomes_a_mapping(before: str, wanted: str) -> None:
    assert after(WITH_ACCESSORS.replace(DECLARED, before)) == WITH_ACCESSORS.replace(DECLARED, wanted)


def test_a_key_that_nothing_ties_is_dropped_only_if_asked() -> None:
    text = WITH_ACCESSORS.replace(
        DECLARED, '    _tied_weights_keys = ["lm_head.weight", "model.norm.weight"]\n'
    )
    text = text.replace(
        "class TinyForCausalLM", "class Norm(nn.Module):\n    pass\n\n\nclass TinyForCausalLM"
    )
    assert after(text) == text.replace(
        '["lm_head.weight", "model.norm.weight"]', '{"lm_head.weight": "model.embed_tokens.weight"}'
    )
    kept = text.replace("model.norm.weight", "model.embed_tokens.weight")
    assert DECLARED in after(kept)


def test_the_name_of_a_buffer_is_never_dropped() -> None:
    """A hook may tie its data, and without the entry it would not be saved."""
    text = WITH_ACCESSORS.replace(DECLARED, '    _tied_weights_keys = ["lm_head.weight", "places"]\n')
    text = text.replace(
        "        self.lm_head =",
        '        self.register_buffer("places", torch.zeros(2))\n        self.lm_head =',
    )
    assert after(text, unsafe=True) == text
    assert after(text.replace('"places", torch', '"others", torch'), unsafe=True) != text


def test_a_new_declaration_follows_the_docstring() -> None:
    assert after(WITH_ACCESSORS.replace(DECLARED + "\n", "")) == WITH_ACCESSORS


COMPOSITE = """
class TinyComposite(TinyPreTrainedModel):
    base_model_prefix = "language_model"

    def __init__(self, config):
        super().__init__(config)
        self.language_model = TinyForCausalLM(config)
        if self.language_model._tied_weights_keys is not None:
            self._tied_weights_keys = [f"language_model.{k}" for k in self.language_model._tied_weights_keys]
        self.post_init()

    def tie_weights(self):
        return self.language_model.tie_weights()
"""


def test_a_list_taken_over_from_a_model_inside_is_left_to_those_that_have_one() -> None:
    found = after(WITH_ACCESSORS + "\n" + COMPOSITE)
    assert "if isinstance(self.language_model._tied_weights_keys, list):" in found
    assert "tie_weights(self)" not in found


def test_an_override_that_ties_nothing_is_made_to_only_if_asked() -> None:
    text = WITH_ACCESSORS + "\n    def tie_weights(self, *args, **kwargs):\n        pass\n"
    assert after(text) == text
    assert after(text, unsafe=True) == text.replace(
        "        pass\n", "        super().tie_weights(*args, **kwargs)\n"
    )


@pytest.mark.parametrize("before", ["        if config.tie_word_embeddings:\n            self.post_init()\n"])
def test_a_condition_around_post_init_is_lifted_only_if_asked(before: str) -> None:
    text = WITH_ACCESSORS.replace("        self.post_init()\n", before)
    assert after(text) == text
    assert after(text, unsafe=True) == WITH_ACCESSORS


def test_a_constructor_that_returns_early_is_left_alone() -> None:
    early = "        if config.vocab_size == 7:\n            return\n        self.x = 1\n"
    text = WITH_ACCESSORS.replace("        self.post_init()\n", early)
    assert after(text, unsafe=True) == text


def test_two_heads_of_one_shape_leave_a_doubt() -> None:
    text = MODEL.replace(
        "bias=False)\n", "bias=False)\n        self.other_head = nn.Linear(8, config.vocab_size)\n", 1
    )
    text = text.replace("lm_head", "head")
    assert after(text, "5.23.0") == text
    assert "return self.head\n" in after(text, "5.23.0", unsafe=True)


def test_releases_that_agree_go_on_agreeing() -> None:
    """With the getter alone 4.51.3 would tie and 5.23.0 not; with the keys alone, the other way round."""
    neither = MODEL.replace(f"{DECLARED}\n", "")
    assert after(neither) == WITH_ACCESSORS
    silenced = neither.replace("PreTrainedModel):", "PreTrainedModel):  # noqa: TIE001,TIE304")
    assert after(silenced) == silenced
    assert DECLARED in after(silenced, unsafe=True)


def test_a_head_that_the_keys_leave_out_may_be_apart_on_purpose() -> None:
    text = MODEL.replace("bias=False)\n", "bias=False)\n        self.apart = nn.Linear(8, 8)\n", 1)
    text = text.replace(DECLARED, '    _tied_weights_keys = ["apart.weight"]\n')
    assert after(text, "4.51.3") == text
    assert "get_output_embeddings" in after(text, "4.51.3", unsafe=True)


TWO_EMBEDDINGS = """
class TinySeq2Seq(TinyPreTrainedModel):
    _tied_weights_keys = {"coder.weight": "shared.weight", "lm_head.weight": "shared.weight"}

    def __init__(self, config):
        super().__init__(config)
        self.shared = nn.Embedding(config.vocab_size, config.hidden_size)
        self.coder = nn.Embedding(config.vocab_size, config.hidden_size)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def get_input_embeddings(self):
        return self.shared

    def set_input_embeddings(self, value):
        self.shared = value
        self.coder = value

    def get_output_embeddings(self):
        return self.lm_head

    def set_output_embeddings(self, new_embeddings):
        self.lm_head = new_embeddings
"""
TWO_KEYS = TWO_EMBEDDINGS.splitlines(keepends=True)[2]
SHARED_SETTER = """
    def set_input_embeddings(self, value):
        self.shared = value
        self.coder = value
"""


@pytest.mark.parametrize(
    "broken",
    [
        TWO_EMBEDDINGS.replace(SHARED_SETTER, ""),
        TWO_EMBEDDINGS.replace(
            f"{TWO_KEYS}\n",
            "",
        ),
    ],
    ids=["no setter", "no keys"],
)
def test_another_embedding_of_that_size_leaves_a_doubt(broken: str) -> None:
    assert after(broken, "5.23.0") == broken
    assert after(broken, "5.23.0", unsafe=True) != broken


def test_a_setter_reaches_the_other_embeddings() -> None:
    found = after(TWO_EMBEDDINGS.replace(SHARED_SETTER, ""), "5.23.0", unsafe=True)
    assert found == TWO_EMBEDDINGS.replace("self.coder = value", "self.coder.weight = value.weight")


def test_ties_that_are_declared_outlast_the_mending_of_another() -> None:
    renamed = TWO_EMBEDDINGS.replace("self.lm_head", "self.words")
    assert after(renamed, "5.23.0", unsafe=True) == renamed.replace('"lm_head.', '"words.')
    to_itself = TWO_EMBEDDINGS.replace('"lm_head.weight": "sh', '"shared.weight": "sh')
    assert '"coder.weight": "shared.weight"' in after(to_itself, "5.23.0", unsafe=True)
