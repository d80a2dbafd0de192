"""The contract as data, at the brackets where it changes."""

from __future__ import annotations

import pytest

from tests.corpus import sources
from tie_lint.library.contract import ERAS, contract_of, renames_by_class


@pytest.mark.parametrize(
    ("release", "since"),
    [
        ("3.0.0", "4.40"),
        ("4.40.2", "4.40"),
        ("4.48.3", "4.40"),
        ("4.49.0", "4.49"),
        ("4.50.3", "4.49"),
        ("4.51.3", "4.51"),
        ("4.53.3", "4.51"),
        ("4.54.0", "4.54"),
        ("4.55.4", "4.54"),
        ("4.56.0", "4.56"),
        ("4.57.6", "4.56"),
        ("5.0.0rc1", "5.0"),
        ("5.0.0", "5.0"),
        ("5.8.1", "5.0"),
        ("5.9.0", "5.9"),
        ("5.23.0", "5.9"),
        ("6.1.0", "5.9"),
    ],
)
def test_the_era_of_a_release(release: str, since: str) -> None:
    assert contract_of(release).since == since


def test_what_ties() -> None:
    assert [era.since for era in ERAS if era.ties_by == "keys"] == ["5.0", "5.9"]
    assert all((era.ties_by == "keys") == (era.keys_form == "mapping") for era in ERAS)


def test_a_config_that_says_nothing_ties_up_to_4_57() -> None:
    assert contract_of("4.57.6").tie_flag_default is True
    assert contract_of("5.0.0").tie_flag_default is False


def test_the_default_getters() -> None:
    assert contract_of("4.53.3").input_getter_default == ("{base}()",)
    assert contract_of("4.53.3").output_getter_default is None
    assert contract_of("4.54.0").output_getter_default == "lm_head"
    assert "language_model()" not in contract_of("5.8.1").input_getter_default
    assert "language_model()" in contract_of("5.9.0").input_getter_default


@pytest.mark.parametrize("release", ["4.51.3", "4.57.6", "5.23.0"])
def test_the_library_s_source_says_the_same(release: str) -> None:
    contract = contract_of(release)
    text = (sources(release) / "transformers" / "modeling_utils.py").read_text(encoding="utf-8")
    text_config = 'getattr(self.config.get_text_config(decoder=True), "tie_word_embeddings"'
    assert (text_config in text) == (contract.tie_flag_source == "text_config")
    assert f'"tie_word_embeddings", {contract.tie_flag_default})' in text
    assert ("self.all_tied_weights_keys = " in text) == (contract.ties_by == "keys")
    assert ("class EmbeddingAccessMixin" in text) == (contract.output_getter_default == "lm_head")
    assert ('getattr(self, "language_model"' in text) == ("language_model()" in contract.input_getter_default)
    assert ("module._tie_weights()" in text) == contract.runs_tie_hooks
    assert ("list, but is not part of the modules in" in text) == contract.checks_kept_modules
    assert ("tie_encoder_decoder" in text) == contract.ties_encoder_to_decoder


@pytest.mark.parametrize("release", ["4.51.3", "4.52.1", "4.57.6", "5.0.0", "5.3.0", "5.4.0", "5.23.0"])
def test_names_that_a_class_gives_checkpoints(release: str) -> None:
    assert renames_by_class(release) is (release not in ("4.51.3", "5.4.0", "5.23.0"))
