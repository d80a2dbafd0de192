"""What has one cause is one finding: it names the part that has to be fixed, and what follows from it.

Whether one thing follows from another was tried by fixing the part: what follows is gone then.
"""

from __future__ import annotations

from pathlib import Path

from tests.examples import findings
from tie_lint.edits.edit import apply
from tie_lint.finding import Finding
from tie_lint.fix.fixer import Fixer
from tie_lint.library.target import Targets
from tie_lint.pipeline.document import TextDocument
from tie_lint.pipeline.linter import Linter
from tie_lint.settings import Settings

PATH = Path("modeling_note.py")
OLD, NEW = "4.51.3", "5.23.0"

IMPORTS = """\
from torch import nn
from transformers import GemmaModel, GemmaPreTrainedModel, PretrainedConfig, PreTrainedModel

"""
MODULES = """
    def __init__(self, config):
        super().__init__(config)
        self.model = GemmaModel(config)
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()
"""
ACCESSORS = """
    def get_output_embeddings(self):
        return self.head

    def set_output_embeddings(self, new_embeddings):
        self.head = new_embeddings
"""
DERIVED = """

class NoteForVision(NoteForCausalLM):
    def __init__(self, config):
        super().__init__(config)
        self.vision = nn.Linear(4, 4)
        self.post_init()


class NoteForAudio(NoteForCausalLM):
    pass
"""
KEYS = '    _tied_weights_keys = {"head.weight": "model.embed_tokens.weight"}\n'
WRONG_KEYS = KEYS.replace("head", "haed")
"""A mapping with a misspelt target."""


def note(keys: str = KEYS, accessors: str = ACCESSORS, more: str = DERIVED) -> str:
    return f"{IMPORTS}\nclass NoteForCausalLM(GemmaPreTrainedModel):\n{keys}{MODULES}{accessors}{more}"


def said(found: list[Finding]) -> list[tuple[str, str | None, list[tuple[str, str | None]]]]:
    """Each finding's code and class, and those of what follows."""
    return [
        (one.code, one.class_name, [(other.code, other.class_name) for other in one.follows]) for one in found
    ]


def fixed(text: str, *releases: str) -> list[Finding]:
    """What is found after all fixes, unsafe ones too."""
    linter = Linter(Settings(Path.cwd()), Targets(releases, ""))
    return Fixer(linter, TextDocument(PATH, text)).fix(unsafe=True).left


def after_fix(text: str, number: int, *releases: str) -> list[Finding]:
    """What is found after the fix of one finding alone."""
    linter = Linter(Settings(Path.cwd()), Targets(releases, ""))
    fix = Fixer(linter, TextDocument(PATH, text)).with_fixes()[number].fix
    assert fix is not None
    return findings(PATH, apply(text, fix.edits), *releases)


def test_a_good_family_has_no_finding() -> None:
    assert findings(PATH, note(), OLD, NEW) == []


def test_a_wrong_key_is_that_of_the_class_that_declares_it() -> None:
    text = note(WRONG_KEYS)
    expected = [("TIE102", "NoteForCausalLM", [("TIE102", "NoteForVision")])]
    assert said(findings(PATH, text, OLD)) == expected  # the third class makes no module of its own
    assert after_fix(text, 0, OLD) == []


def test_a_lacking_getter_is_that_of_the_class_with_the_head() -> None:
    text = note(accessors="")
    (found,) = findings(PATH, text, OLD, NEW)
    others = [("TIE001", "NoteForVision"), ("TIE001", "NoteForAudio")]
    assert said([found]) == [("TIE001", "NoteForCausalLM", others)]
    assert found.message.endswith("; the same in NoteForVision and NoteForAudio")
    assert after_fix(text, 0, OLD, NEW) == []


def test_a_wrong_getter_is_that_of_the_class_that_defines_it() -> None:
    text = note(accessors=ACCESSORS.replace("self.head", "self.model"))
    others = [("TIE103", "NoteForVision"), ("TIE103", "NoteForAudio")]
    assert said(findings(PATH, text, OLD)) == [("TIE103", "NoteForCausalLM", others)]
    assert after_fix(text, 0, OLD) == []


def test_a_class_with_a_part_of_its_own_has_a_finding_of_its_own() -> None:
    own = DERIVED.replace("    pass\n", KEYS.replace("head", "hade"))
    text = note(WRONG_KEYS, more=own)
    assert said(findings(PATH, text, OLD)) == [
        ("TIE102", "NoteForCausalLM", [("TIE102", "NoteForVision")]),
        ("TIE102", "NoteForAudio", []),
    ]


CONFIG = """\
from torch import nn
from transformers import PretrainedConfig, PreTrainedModel


class NoteConfig(PretrainedConfig):
    model_type = "note"

    def __init__(self, vocab_size=100, hidden_size=16, tie_word_embeddings=True, **kwargs):
        self.vocab_size = vocab_size
        self.hidden_size = hidden_size
        super().__init__(tie_word_embeddings=tie_word_embeddings, **kwargs)


class NotePreTrainedModel(PreTrainedModel):
    config_class = NoteConfig
    base_model_prefix = "model"


class NoteModel(NotePreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.types = nn.Embedding(2, config.hidden_size)
        self.words = nn.Embedding(config.vocab_size, config.hidden_size)
        self.post_init()

    def get_input_embeddings(self):
        return self.words

    def set_input_embeddings(self, value):
        self.words = value
"""
HEAD = """

class NoteFor{}(NotePreTrainedModel):
    _tied_weights_keys = {{"head.weight": "model.words.weight"}}

    def __init__(self, config):
        super().__init__(config)
        self.model = NoteModel(config)
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def get_output_embeddings(self):
        return self.head

    def set_output_embeddings(self, new_embeddings):
        self.head = new_embeddings
"""
FAMILY = CONFIG + HEAD.format("CausalLM") + HEAD.format("MaskedLM")


def test_what_a_config_lacks_is_one_finding_for_all_its_models() -> None:
    assert findings(PATH, FAMILY, OLD, NEW) == []
    text = FAMILY.replace(", tie_word_embeddings=True", "").replace(
        "tie_word_embeddings=tie_word_embeddings, ", ""
    )
    expected = [("TIE201", "NoteForCausalLM", [("TIE201", "NoteForMaskedLM")])]
    assert said(findings(PATH, text, OLD, NEW)) == expected
    assert after_fix(text, 0, OLD, NEW) == []


def test_a_wrong_getter_of_the_backbone_is_one_finding_with_the_heads() -> None:
    text = FAMILY.replace("return self.words", "return self.types").replace(
        "    self.words = value", "    self.types = value"
    )
    heads = [("TIE104", "NoteForCausalLM"), ("TIE104", "NoteForMaskedLM")]
    (found,) = findings(PATH, text, OLD)
    assert said([found]) == [("TIE104", "NoteModel", heads)]
    assert found.severity == "error"
    assert (
        "the same in NoteForCausalLM and NoteForMaskedLM: the head is tied to the wrong module"
        in found.message
    )
    assert after_fix(text, 0, OLD) == []


def test_a_lacking_setter_of_the_backbone_is_one_finding_with_the_heads() -> None:
    getter = "\n    def get_input_embeddings(self):\n        return self.model.words\n"
    text = (CONFIG + (HEAD + getter).format("CausalLM") + (HEAD + getter).format("MaskedLM")).replace(
        "\n    def set_input_embeddings(self, value):\n        self.words = value\n", ""
    )
    heads = [("TIE402", "NoteForCausalLM"), ("TIE402", "NoteForMaskedLM")]
    assert said(findings(PATH, text, OLD, NEW)) == [("TIE402", "NoteModel", heads)]
    assert after_fix(text, 0, OLD, NEW) == []


def test_a_list_of_keys_is_one_finding_for_both_eras() -> None:
    text = note("    _tied_weights_keys = []\n", more="")
    (found,) = findings(PATH, text, OLD, NEW)
    assert said([found]) == [("TIE301", "NoteForCausalLM", [("TIE106", "NoteForCausalLM")])]
    assert "; TIE106 with it: NoteForCausalLM shares head.weight and" in found.message
    assert [one.transformers for one in found.every] == [(NEW,), (OLD,)]
    assert after_fix(text, 0, OLD, NEW) == []


def test_a_rule_that_is_not_selected_takes_none_with_it() -> None:
    text = note("    _tied_weights_keys = []\n", more="")
    linter = Linter(Settings(Path.cwd(), ignore=("TIE301",)), Targets((OLD, NEW), ""))
    assert said(linter.check(TextDocument(PATH, text)).findings) == [("TIE106", "NoteForCausalLM", [])]


def test_a_comment_silences_what_stands_there_alone() -> None:
    text = note(WRONG_KEYS)
    silenced = text.replace(WRONG_KEYS, WRONG_KEYS.rstrip() + "  # noqa: TIE102\n")
    assert said(findings(PATH, silenced, OLD)) == [("TIE102", "NoteForVision", [])]


def test_lists_of_two_classes_are_two_findings() -> None:
    keys = KEYS.replace("{", "[").replace("}", "]").replace(': "model.embed_tokens.weight"', "")
    other = note(keys, more="").removeprefix(IMPORTS).replace("NoteForCausalLM", "NoteForAudio")
    found = said(findings(PATH, note(keys, more=f"\n{other}"), NEW))
    assert found == [("TIE301", "NoteForCausalLM", []), ("TIE301", "NoteForAudio", [])]


def test_heads_stay_apart_where_the_backbone_needs_their_getter_as_it_is() -> None:
    shared = ACCESSORS.replace("self.head", "self.transform")
    made = "\n        self.transform = {}\n        self.post_init()\n"
    linear = made.format("nn.Linear(config.hidden_size, config.hidden_size)")
    text = FAMILY.replace(ACCESSORS, "").replace("\n        self.post_init()\n", linear)
    text = text.replace(linear, made.format("None"), 1)
    text = text.replace('    base_model_prefix = "model"\n', f'    base_model_prefix = "model"\n{shared}')
    found = said(findings(PATH, text, OLD))
    assert found == [("TIE103", "NoteForCausalLM", []), ("TIE103", "NoteForMaskedLM", [])]


BUFFERS = """
    def __init__(self, config):
        super().__init__(config)
        self.model = GemmaModel(config)
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.register_buffer("one", torch.zeros(4))
        self.register_buffer("two", torch.zeros(4))
        self.post_init()
"""


def test_an_entry_that_names_two_buffers_is_one_finding() -> None:
    entry = ', "one": "two"}'
    text = (
        note(KEYS.replace("}", entry), more="")
        .replace(MODULES, BUFFERS)
        .replace(IMPORTS, f"import torch\n{IMPORTS}")
    )
    expected = [("TIE102", "NoteForCausalLM", [("TIE102", "NoteForCausalLM")])]
    assert said(findings(PATH, text, NEW)) == expected
    assert findings(PATH, text.replace(entry, "}"), NEW) == []


def test_two_misspelt_names_of_an_entry_are_two_findings() -> None:
    text = note(WRONG_KEYS.replace("model.embed", "model.embde"), more="")
    assert len(findings(PATH, text, NEW)) == 2


def test_what_every_config_had_is_lacking_once_for_all_models_that_read_it() -> None:
    made = "        self.words = nn.Embedding(config.vocab_size, config.hidden_size"
    reader = """

class NoteStack(NotePreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.pad = config.pad_token_id
        self.post_init()

    def forward(self, hidden):
        return hidden
"""
    forward = "\n    def forward(self, ids):\n        return self.words(ids)\n"
    text = CONFIG.replace(f"{made})", f"{made}, config.pad_token_id)") + forward + reader
    (found,) = findings(PATH, text, NEW)
    assert said([found]) == [("TIE006", "NoteModel", [("TIE006", "NoteStack")])]
    assert found.message.endswith("; what has to be fixed is in NoteConfig")
    whole = text.replace("hidden_size=16, ", "hidden_size=16, pad_token_id=0, ").replace(
        "super().__init__(tie", "super().__init__(pad_token_id=pad_token_id, tie"
    )
    assert findings(PATH, whole, NEW) == []
