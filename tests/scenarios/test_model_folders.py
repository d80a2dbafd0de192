"""Folders with config.json: what is checked, what is explained, and what stops neither."""

from __future__ import annotations

import json
import os
import time
from io import StringIO
from pathlib import Path

import pytest

from tests.examples import GOOD
from tests.folders import EMBEDDING, HEAD, SMALL, Stored, write_folder
from tie_lint.api import Configuration, UsageError, check_paths, explain_paths
from tie_lint.output import explanation
from tie_lint.output.schema import load
from tie_lint.rules import all_rules
from tie_lint.rules.page import examples

NEWEST = Configuration(isolated=True, transformers="5.24.0")
BOTH = {HEAD: Stored([100, 16]), EMBEDDING: Stored([100, 16])}
ALONE = {EMBEDDING: Stored([100, 16])}


def codes(folder: Path, configuration: Configuration = NEWEST) -> list[str]:
    report = check_paths([folder], configuration)
    assert report.failures == []
    return [finding.code for finding in report.findings]


def test_many_folders_below_one_are_checked(tmp_path: Path) -> None:
    for name in ("one", "two", "deep/three"):
        write_folder(tmp_path / name, SMALL, ALONE)
    write_folder(tmp_path / "sound", {**SMALL, "tie_word_embeddings": True}, ALONE)
    report = check_paths([tmp_path], NEWEST)
    assert [(Path(finding.path).parent.name, finding.code) for finding in report.findings] == [
        ("three", "TIE501"),
        ("one", "TIE501"),
        ("two", "TIE501"),
    ]
    assert report.model_files == 4


def test_config_json_stands_for_its_folder(tmp_path: Path) -> None:
    assert codes(write_folder(tmp_path, SMALL, ALONE) / "config.json") == ["TIE501"]


@pytest.mark.parametrize(
    "text", ['{"name": "my web site"}', '{\n  // a comment\n  "name": "my web site"\n}', ""]
)
def test_the_config_of_another_program_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "config.json").write_text(text, encoding="utf-8")
    report = check_paths([tmp_path], NEWEST)
    assert (report.findings, report.warnings, report.model_files) == ([], [], 0)
    explained = explain_paths([str(tmp_path)], NEWEST)
    assert (list(explained), explained.warnings) == ([], [])


def test_a_class_that_nobody_knows_is_told(tmp_path: Path) -> None:
    write_folder(tmp_path, {**SMALL, "architectures": ["NoSuchModel"]}, ALONE)
    (warning,) = check_paths([tmp_path], NEWEST).warnings
    assert "NoSuchModel is neither beside config.json nor in transformers 5.24.0" in warning


def test_a_model_type_stands_for_its_base_model(tmp_path: Path) -> None:
    config = {key: value for key, value in SMALL.items() if key != "architectures"}
    (found,) = explain_paths([str(write_folder(tmp_path, config, ALONE))], NEWEST)
    assert found.facts["class"] == "LlamaModel"


def test_values_are_not_compared_when_that_is_not_wanted(tmp_path: Path) -> None:
    write_folder(tmp_path, {**SMALL, "tie_word_embeddings": True}, BOTH)
    assert codes(tmp_path) == ["TIE502"]
    report = check_paths([tmp_path], NEWEST, comparing=False)
    assert report.findings == []
    assert "their values were not compared" in report.warnings[0]


def test_a_class_beside_config_json_goes_before_the_library(tmp_path: Path) -> None:
    (tmp_path / "modeling_acme.py").write_text(GOOD, encoding="utf-8")
    mapped = {"AutoModelForCausalLM": "modeling_acme.AcmeForCausalLM"}
    write_folder(tmp_path, {"architectures": ["AcmeForCausalLM"], "auto_map": mapped}, None)
    found = [
        item for item in explain_paths([str(tmp_path)], NEWEST) if item.facts["class"] == "AcmeForCausalLM"
    ]
    assert [(item.facts["config_file"], Path(item.facts["path"]).name) for item in found] == [
        (str(tmp_path / "config.json"), "modeling_acme.py")
    ]


@pytest.mark.parametrize(
    ("saved_with", "release", "source"),
    [
        ("4.57.6", "4.57.6", "transformers_version of config.json"),
        ("4.52.0.dev0", "4.52.0", "transformers_version of config.json"),
        ("4.31.0", "5.24.0", "the newest release known, as config.json was saved with 4.31.0"),
        ("9.0.0", "5.24.0", "transformers_version of config.json"),
        (None, "5.24.0", "the newest release known"),
        ("none", "5.24.0", "the newest release known"),
    ],
)
def test_the_target_is_that_of_config_json_where_nobody_asks(
    tmp_path: Path, saved_with: str | None, release: str, source: str
) -> None:
    write_folder(tmp_path, {**SMALL, "transformers_version": saved_with}, ALONE)
    (found,) = explain_paths([str(tmp_path)], Configuration(isolated=True))
    assert (found.facts["transformers"], found.facts["transformers_from"]) == (release, source)


def test_a_load_is_explained_for_programs_and_people(tmp_path: Path) -> None:
    write_folder(tmp_path, {**SMALL, "tie_word_embeddings": True}, {HEAD: Stored([104, 16])})
    found = explain_paths([str(tmp_path)], NEWEST)
    out = StringIO()
    explanation.write_json(found, out)
    (item,) = json.loads(out.getvalue())
    assert item.keys() == load("explanations")["items"]["properties"].keys()
    assert (item["ties"], item["ties_by_default"]) == ([[HEAD, EMBEDDING]], [])
    assert item["loads"][EMBEDDING] == {"values": "stored", "tensor": HEAD, "tied_to": [HEAD]}
    assert item["loads"][HEAD]["values"] == "mismatched"
    out = StringIO()
    explanation.write_text(found, out)
    assert "lm_head.weight: mismatched, [104, 16] stored for [100, 16]" in out.getvalue()
    assert "Embedding [100, 16]" in out.getvalue()


def test_a_config_that_says_the_flag_is_not_said_to_say_nothing(tmp_path: Path) -> None:
    code = examples(all_rules()["TIE201"])[0].bad
    (tmp_path / "modeling_acme.py").write_text(code, encoding="utf-8")
    assert codes(tmp_path) == ["TIE201"]
    mapped = {"AutoModelForCausalLM": "modeling_acme.AcmeForCausalLM"}
    config = {"architectures": ["AcmeForCausalLM"], "auto_map": mapped}
    write_folder(tmp_path, config, None)
    assert codes(tmp_path) == ["TIE201"]
    write_folder(tmp_path, {**config, "tie_word_embeddings": True}, None)
    assert codes(tmp_path) == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("config.json", b'{"model_type": "llama", "a": ' + b"[" * 1_000_000),
        ("config.json", b'{"model_type": "llama", "a": "' + b"x" * 20_000_000 + b'"}'),
        ("config.json", b'\xff{"model_type": "llama"}'),
        ("model.safetensors", b"\xff" * 100),
        ("model.safetensors.index.json", b'{"weight_map": {"a": "../../etc/passwd"}}'),
        ("model.safetensors.index.json", b'{"weight_map": {"a": "a\\u0000b"}}'),
    ],
    ids=["deep", "large", "no text", "a header bomb", "a path out", "a NUL"],
)
def test_a_hostile_file_is_a_finding_within_two_seconds(tmp_path: Path, name: str, content: bytes) -> None:
    write_folder(tmp_path, SMALL, None)
    (tmp_path / name).write_bytes(content)
    start = time.process_time()
    assert codes(tmp_path) == ["TIE900"]
    assert time.process_time() - start < 2
    with pytest.raises(UsageError, match=r"config\.json|safetensors|passwd"):
        list(explain_paths([str(tmp_path)], NEWEST))


def test_a_config_of_a_gigabyte_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "config.json").open("wb") as file:
        file.write(b'{"model_type": "llama", "a": "')
        file.truncate(1_000_000_000)
    start = time.process_time()
    assert codes(tmp_path) == ["TIE900"]
    assert time.process_time() - start < 2


def test_a_pipe_for_a_config_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "config.json")
    assert codes(tmp_path) == ["TIE900"]


def test_an_adapter_is_checked_with_the_model_that_it_names(tmp_path: Path) -> None:
    write_folder(tmp_path / "base", {**SMALL, "tie_word_embeddings": True}, None)
    adapter = tmp_path / "adapter"
    adapter.mkdir()
    config = {"base_model_name_or_path": "../base", "modules_to_save": ["lm_head"]}
    (adapter / "adapter_config.json").write_text(json.dumps(config), encoding="utf-8")
    (found,) = check_paths([adapter], NEWEST).findings
    assert (found.code, Path(found.path).name, found.line) == ("TIE507", "adapter_config.json", 1)
    assert "saves lm_head.weight and not model.embed_tokens.weight" in found.message


def test_an_adapter_that_keeps_ties_is_left_alone(tmp_path: Path) -> None:
    write_folder(tmp_path, {**SMALL, "tie_word_embeddings": True}, None)
    config = {"modules_to_save": ["lm_head"], "ensure_weight_tying": True}
    (tmp_path / "adapter_config.json").write_text(json.dumps(config), encoding="utf-8")
    assert codes(tmp_path) == []


def test_an_adapter_of_a_model_elsewhere_is_told(tmp_path: Path) -> None:
    config = {"base_model_name_or_path": "some-one/some-model", "modules_to_save": ["lm_head"]}
    (tmp_path / "adapter_config.json").write_text(json.dumps(config), encoding="utf-8")
    (warning,) = check_paths([tmp_path], NEWEST).warnings
    assert "not followed: 'some-one/some-model' is no folder here" in warning


def test_a_folder_of_the_hubs_cache_is_checked_through_its_links(tmp_path: Path) -> None:
    repository = tmp_path / "models--some-one--some-model"
    snapshot, blobs = repository / "snapshots" / "0123", repository / "blobs"
    snapshot.mkdir(parents=True)
    write_folder(blobs, SMALL, ALONE)
    for name in ("config.json", "model.safetensors"):
        (blobs / name).rename(blobs / f"hash-of-{name}")
        (snapshot / name).symlink_to(f"../../blobs/hash-of-{name}")
    (found,) = check_paths([tmp_path], NEWEST).findings
    assert (found.code, Path(found.path)) == ("TIE501", snapshot / "config.json")


def test_a_checkpoint_without_both_ends_of_a_tie_is_told(tmp_path: Path) -> None:
    rest = {"model.norm.weight": Stored([16])}
    for tied in (True, False):
        write_folder(tmp_path, {**SMALL, "tie_word_embeddings": tied}, rest)
        (found,) = check_paths([tmp_path], NEWEST).findings
        assert found.code == "TIE504"
        assert f"newly initialised: {HEAD} and {EMBEDDING}" in found.message


def test_an_embedding_that_is_a_list_of_modules_is_followed(tmp_path: Path) -> None:
    config = {"architectures": ["BarkFineModel"], "model_type": "fine_acoustics", "num_layers": 1}
    write_folder(tmp_path, config, {"input_embeds_layers.0.weight": Stored([1056, 768])})
    report = check_paths([tmp_path], NEWEST)
    assert report.failures == []
    assert {finding.code for finding in report.findings} <= {"TIE501", "TIE504"}


@pytest.mark.parametrize(
    ("release", "asking"), [("4.57.6", "tie_word_embeddings"), ("5.24.0", "text_config.tie")]
)
def test_the_flag_that_the_release_does_not_read_is_named(tmp_path: Path, release: str, asking: str) -> None:
    text = {key: value for key, value in SMALL.items() if key != "architectures"}
    outer = release.startswith("4")
    config = {
        "architectures": ["LlavaNextForConditionalGeneration"],
        "model_type": "llava_next",
        "text_config": {**text, "tie_word_embeddings": not outer},
        "tie_word_embeddings": outer,
    }
    stored = {"language_model.model.embed_tokens.weight": Stored([100, 16])}
    write_folder(tmp_path, config, stored)
    (found,) = check_paths([tmp_path], Configuration(isolated=True, transformers=release)).findings
    assert (found.code, found.message.startswith(asking)) == ("TIE506", True)
    assert found.fix is not None


def test_what_is_wrong_with_the_code_of_a_folder_stands_at_its_link(tmp_path: Path) -> None:
    (tmp_path / "modeling_acme.py").write_text(examples(all_rules()["TIE001"])[0].bad, encoding="utf-8")
    mapped = {"AutoModelForCausalLM": "modeling_acme.AcmeForCausalLM"}
    write_folder(tmp_path, {"architectures": ["AcmeForCausalLM"], "auto_map": mapped}, None)
    found = explain_paths([str(tmp_path)], Configuration(isolated=True, transformers="4.51.3"))
    (known,) = [one.facts for one in found if one.folder is not None]
    (link,) = [link for link in known["chain"] if link["findings"]]
    assert (link["link"], link["holds"]) == ("get_output_embeddings", False)
    assert known["findings"][link["findings"][0]]["code"] == "TIE001"
