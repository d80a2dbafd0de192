"""The links of the chain, in a model that lacks one after the other."""

from __future__ import annotations

import pytest

from tests.tiny_models import CLASSIC, ERAS, FAMILY, MAPPING, seen
from tie_lint.tiemap.chain import Holds, chain
from tie_lint.tiemap.outcome import outcome
from tie_lint.tiemap.places import Place
from tie_lint.tiemap.shares import shares, unmade

HEAD = """
class TinyForCausalLM(TinyPreTrainedModel):
    _tied_weights_keys = {"lm_head.weight": "model.embed_tokens.weight"}

    def __init__(self, config):
        super().__init__(config)
        self.model = TinyModel(config)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def get_output_embeddings(self):
        return self.lm_head

    def set_output_embeddings(self, new):
        self.lm_head = new
"""
NAME = "TinyForCausalLM"
WHOLE = FAMILY + HEAD
BROKEN = {
    "config": ("tie_word_embeddings=True", "tie_word_embeddings=False"),
    "base_model_prefix": ('base_model_prefix = "model"', 'base_model_prefix = "tiny"'),
    "get_input_embeddings": (
        "    def get_output_embeddings",
        "    def get_input_embeddings(self):\n        return None\n\n    def get_output_embeddings",
    ),
    "get_output_embeddings": ("        return self.lm_head", "        return None if self else self.lm_head"),
    "_tied_weights_keys": ('"lm_head.weight"', '"lm_haed.weight"'),
    "post_init": ("        self.post_init()\n\n    def get_output", "\n    def get_output"),
}


def links(text: str, release: str, name: str = NAME) -> dict[str, Holds]:
    return {link.name: link.holds for link in chain(seen(text, name, release))}


@pytest.mark.parametrize("release", ERAS)
def test_all_links_of_a_whole_model_hold_and_it_ties(release: str) -> None:
    view = seen(WHOLE, NAME, release)
    assert {link.holds for link in chain(view)} == {True}
    found = outcome(view, shares(view, view.models.default), [])
    assert {name: answer.holds for name, answer in found.items()} == {
        "tied": True,
        "saved": True,
        "loaded": True,
        "resized": True,
    }


@pytest.mark.parametrize("release", ERAS)
@pytest.mark.parametrize("link", BROKEN)
def test_a_broken_link_does_not_hold(link: str, release: str) -> None:
    text = WHOLE.replace(*BROKEN[link])
    assert text != WHOLE
    assert links(text, release)[link] is False


@pytest.mark.parametrize("release", ERAS)
def test_a_model_without_a_vocabulary_needs_no_link(release: str) -> None:
    text = FAMILY + "\nclass Plain(TinyPreTrainedModel):\n    def __init__(self, config):\n"
    text += "        super().__init__(config)\n        self.linear = nn.Linear(2, 2)\n"
    found = links(text, release, "Plain")
    assert {holds for name, holds in found.items() if name not in ("base_model_prefix", "config")} == {
        "unneeded"
    }


def test_what_a_link_serves_differs_from_era_to_era() -> None:
    def served(release: str) -> dict[str, tuple[str, ...]]:
        return {link.name: link.serves for link in chain(seen(WHOLE, NAME, release))}

    assert served(CLASSIC)["get_output_embeddings"] == ("tie", "resize")
    assert served(MAPPING)["get_output_embeddings"] == ("resize",)
    assert served(CLASSIC)["_tied_weights_keys"] == ("save",)
    assert served(MAPPING)["_tied_weights_keys"] == ("tie", "save", "load")


def test_each_link_names_the_line_that_says_it() -> None:
    at: dict[str, Place | None] = {link.name: link.place for link in chain(seen(WHOLE, NAME, MAPPING))}
    lines = WHOLE.splitlines()
    for name, said in {
        "config": "def __init__(self, vocab_size",
        "base_model_prefix": "base_model_prefix =",
        "get_output_embeddings": "def get_output_embeddings",
        "_tied_weights_keys": "_tied_weights_keys =",
        "post_init": "self.post_init()",
    }.items():
        place = at[name]
        assert place is not None and place.line is not None
        assert said in lines[place.line - 1]


@pytest.mark.parametrize(
    ("release", "change", "by"),
    [
        (CLASSIC, None, "getters"),
        (MAPPING, None, "mapping"),
        (
            MAPPING,
            (
                "        self.post_init()\n\n    def get_output",
                "        self.lm_head.weight = self.model.embed_tokens.weight\n"
                "        self.post_init()\n\n    def get_output",
            ),
            "assignment",
        ),
    ],
)
def test_what_makes_a_tie(release: str, change: tuple[str, str] | None, by: str) -> None:
    text = (
        WHOLE.replace(*change).replace('{"lm_head.weight": "model.embed_tokens.weight"}', "{}")
        if change
        else WHOLE
    )
    view = seen(text, NAME, release)
    (share,) = shares(view, view.models.default) or []
    assert (share.source, [tie.target for tie in share.ties]) == (
        "model.embed_tokens.weight",
        ["lm_head.weight"],
    )
    assert ({tie.by for tie in share.ties}, share.shape) == ({by}, (32, 8))


def test_one_module_under_two_names_is_a_tie_by_module() -> None:
    text = WHOLE.replace(
        "        self.post_init()\n\n    def get_output",
        "        self.again = self.model.embed_tokens\n        self.post_init()\n\n    def get_output",
    )
    view = seen(text, NAME, MAPPING)
    (share,) = shares(view, view.models.default) or []
    assert {tie.target: tie.by for tie in share.ties} == {
        "lm_head.weight": "mapping",
        "again.weight": "module",
    }


def test_a_tie_that_is_wanted_and_not_made() -> None:
    view = seen(WHOLE.replace(*BROKEN["get_output_embeddings"]), NAME, CLASSIC)
    share = unmade(view, view.models.default)
    assert share is not None and not share.made
    assert (share.source, share.ties[0].target) == ("model.embed_tokens.weight", "lm_head.weight")
    assert share.elements_saved == 0


@pytest.mark.parametrize("release", ERAS)
@pytest.mark.parametrize("value", ["5", "lambda self: 1", "'lm_head.weight'", "object()", "None"])
def test_a_declaration_that_is_no_collection_is_explained(value: str, release: str) -> None:
    declared = '{"lm_head.weight": "model.embed_tokens.weight"}'
    found = chain(seen(WHOLE.replace(declared, value), NAME, release))
    assert "_tied_weights_keys" in [link.name for link in found]
