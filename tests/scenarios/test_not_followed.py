"""What cannot be followed is counted and reported, with its cause."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests import forked
from tests.conftest import Write
from tie_lint.api import Configuration, check_paths, explain_paths
from tie_lint.cli import main
from tie_lint.pipeline.report import Report

RELEASES = ["4.51.3", "5.23.0"]
Capture = pytest.CaptureFixture[str]

MODEL = """\
from acme import attach
from torch import nn
from transformers import GemmaModel, GemmaPreTrainedModel


class AcmeForCausalLM(GemmaPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.model = GemmaModel(config)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        attach(self)
        self.post_init()

    def get_output_embeddings(self):
        return self.lm_head


class OtherForCausalLM(AcmeForCausalLM):
    pass
"""
CAUSE = "acme.attach is given a module or parameter"

BASE_ELSEWHERE = """\
from acme.base import AcmePreTrainedModel
from torch import nn


class AcmeForCausalLM(AcmePreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)


class AcmeForRegression(AcmePreTrainedModel):
    pass


class Schedule(Callback):
    pass
"""


def check(path: Path, release: str, **settings: object) -> Report:
    return check_paths([str(path)], Configuration(transformers=release, **settings), cache=False)  # type: ignore[arg-type]


def lost(report: Report) -> list[tuple[str, str]]:
    return [(one.class_name, f"{one.causes[0].place}: {one.causes[0].text}") for one in report.not_followed]


@pytest.mark.parametrize("release", RELEASES)
def test_a_class_that_cannot_be_followed_is_counted_with_its_cause(write: Write, release: str) -> None:
    report = check(write("m.py", MODEL).relative_to(Path.cwd()), release)
    assert report.models == 2
    assert lost(report) == [(name, f"m.py:11: {CAUSE}") for name in ("AcmeForCausalLM", "OtherForCausalLM")]


def test_the_cause_may_be_in_another_file(write: Write) -> None:
    write("models/parts/build.py", "from acme import attach\n\n\ndef build(model):\n    attach(model)\n")
    write("models/parts/__init__.py", "")
    text = MODEL.replace("from acme import attach", "from parts.build import build").replace(
        "attach(", "build("
    )
    report = check(write("models/m.py", text).relative_to(Path.cwd()), "5.23.0")
    assert lost(report)[0][1] == f"{Path('models/parts/build.py')}:5: {CAUSE}"


def test_the_summary_says_so_and_a_warm_run_too(write: Write, capsys: Capture) -> None:
    write("m.py", MODEL)
    printed = []
    for _ in range(2):
        main(["m.py", "--transformers", "5.23.0"])
        printed.append(capsys.readouterr().out)
    assert printed[0] == printed[1]
    assert printed[0].splitlines()[-2:] == [
        "2 of 2 model classes could not be followed:",
        f"  m.py:11: {CAUSE} (AcmeForCausalLM and 1 more)",
    ]


SOUND = """
from transformers import GemmaForCausalLM


class SoundForCausalLM(GemmaForCausalLM):
    pass
"""


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"m.py": MODEL}, "No model class could be followed"),
        ({"m.py": MODEL, "n.py": SOUND}, "No problem found in 1 of 3 model classes"),
        ({"n.py": SOUND}, "No problem found"),
    ],
)
def test_nothing_is_said_of_classes_that_could_not_be_followed(
    write: Write, capsys: Capture, files: dict[str, str], said: str
) -> None:
    for name, text in files.items():
        write(name, text)
    main([".", "--transformers", "5.23.0", "--no-cache"])
    assert capsys.readouterr().out.startswith(f"{said} ({len(files)} model file")


def test_many_causes_are_cut(write: Write, capsys: Capture) -> None:
    for number in range(7):
        write(f"m{number}.py", MODEL)
    main([".", "--transformers", "5.23.0", "--no-cache"])
    shown = capsys.readouterr().out.splitlines()
    assert shown[-1] == "  and 2 more causes; --select TIE901 reports each class"
    assert "14 of 14 model classes could not be followed:" in shown


@pytest.mark.parametrize("output", ["json", "github"])
def test_output_for_programs_is_as_it_was(write: Write, capsys: Capture, output: str) -> None:
    write("m.py", MODEL)
    main(["m.py", "--transformers", "5.23.0", "--no-cache", "--output-format", output])
    assert "could not be followed" not in capsys.readouterr().out


@pytest.mark.parametrize("release", RELEASES)
def test_a_base_that_was_not_found_is_named(write: Write, release: str) -> None:
    report = check(write("m.py", BASE_ELSEWHERE).relative_to(Path.cwd()), release)
    said = "its base AcmePreTrainedModel was not found in acme.base"
    assert (report.model_files, report.models) == (1, 2)
    assert lost(report) == [("AcmeForCausalLM", f"m.py:5: {said}"), ("AcmeForRegression", f"m.py:11: {said}")]


@pytest.mark.parametrize("release", RELEASES)
def test_a_base_that_the_release_lacks_is_named(write: Write, release: str) -> None:
    text = BASE_ELSEWHERE.replace("from acme.base import", "from transformers import")
    report = check(write("m.py", text), release)
    assert f"its base AcmePreTrainedModel is not in transformers {release}" in lost(report)[0][1]


def test_a_model_with_a_mixin_that_the_release_lacks_is_not_followed(write: Write) -> None:
    text = (
        "from transformers import GPTJPreTrainedModel\n"
        "from transformers.modeling_layers import GenericForSequenceClassification\n\n\n"
        "class Mine(GenericForSequenceClassification, GPTJPreTrainedModel):\n"
        "    base_model_prefix = 'transformer'\n"
    )
    path = write("m.py", text)
    (one,) = lost(check(path, "4.51.3"))
    assert "its base GenericForSequenceClassification is not in transformers 4.51.3" in one[1]
    report = check(path, "5.23.0")
    assert (report.models, lost(report)) == (1, [])


@pytest.mark.parametrize(
    "text",
    [
        "from acme import Layer\n\n\nclass Mine(Layer):\n    def __init__(self, config):\n"
        "        super().__init__(config)\n        self.size = config.hidden_size\n",
        "import keras\n\n\nclass Mine(keras.Model):\n    base_model_prefix = 'mine'\n",
        "from acme import Mixin\nfrom torch import nn\n\n\nclass Mine(nn.Module, Mixin):\n"
        "    def get_input_embeddings(self):\n        return None\n",
        "from transformers import TFPreTrainedModel\n\n\nclass Mine(TFPreTrainedModel):\n"
        "    base_model_prefix = 'mine'\n",
    ],
    ids=["a layer", "keras", "a module", "another framework's model of the library"],
)
def test_what_is_no_model_of_torch_is_not_counted(write: Write, text: str) -> None:
    report = check(write("m.py", text), "4.51.3")
    assert (report.models, report.not_followed) == (0, [])


def test_a_tie_that_is_certain_to_fail_is_no_gap(write: Write) -> None:
    keys = '_tied_weights_keys = {"lm_haed.weight": "model.embed_tokens.weight"}'
    text = MODEL.replace("    def __init__", f"    {keys}\n\n    def __init__", 1)
    text = text.replace("        attach(self)\n", "")
    report = check(write("m.py", text), "5.23.0")
    assert [finding.code for finding in report.findings] == ["TIE102"]
    assert report.not_followed == []


GETTER = "    def get_output_embeddings(self):\n"
FORWARD = "    def forward(self, input_ids):\n        return self.model(input_ids)\n\n"


@pytest.mark.parametrize(
    ("wrong", "releases", "reported"),
    [
        ("GemmaModel()", "5.23.0", ["AcmeForCausalLM"]),
        ("raise ValueError('not here')", "5.23.0", ["AcmeForCausalLM"]),
        ("self._tie_or_clone_weights(None, None)", "5.23.0", ["AcmeForCausalLM"]),
        ("self.pad = config.is_decoder", "5.23.0", ["AcmeForCausalLM"]),
        ("if not hasattr(config, 'is_decoder'): raise ValueError", ">=4.57.6,<5.1", ["AcmeForCausalLM"]),
    ],
)
def test_a_model_that_is_reported_as_not_to_be_built_is_not_counted(
    write: Write, wrong: str, releases: str, reported: list[str]
) -> None:
    """Nor those that are named in that finding."""
    text = MODEL.replace("attach(self)", wrong).replace(GETTER, FORWARD + GETTER)
    report = check(write("m.py", text), releases)
    assert [finding.class_name for finding in report.findings if finding.code == "TIE006"] == reported
    assert report.not_followed == []


def test_an_error_of_the_default_config_is_a_gap(write: Write) -> None:
    text = MODEL.replace("attach(self)", "if config.head_dim: raise ValueError('not here')")
    report = check(write("m.py", text).relative_to(Path.cwd()), "5.23.0")
    assert lost(report)[0] == ("AcmeForCausalLM", "m.py:11: ValueError: not here")


@pytest.mark.parametrize(
    ("select", "found"), [(("TIE",), 0), (("TIE9",), 0), (("TIE901",), 2), (("tie901",), 2)]
)
def test_the_rule_is_on_where_its_whole_code_is_selected(
    write: Write, select: tuple[str, ...], found: int
) -> None:
    report = check(write("m.py", MODEL), "5.23.0", select=select)
    findings = [finding for finding in report.findings if finding.code == "TIE901"]
    assert len(findings) == found
    assert all(finding.message == f"could not be followed: m.py:11: {CAUSE}" for finding in findings)


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ([], False),
        (["--select=TIE"], False),
        (["--ignore=E"], False),
        (["--select=TIE901"], True),
        (["--extend-select=TIE901"], True),
        (["--select=TIE,TIE901", "--ignore=E"], True),
        (["--select=TIE901", "--extend-ignore=TIE901"], False),
    ],
)
def test_flake8_reports_it_where_it_is_selected(write: Write, options: list[str], found: bool) -> None:
    write("m.py", MODEL)
    printed = forked.run(forked.FLAKE8, "--tie-transformers=5.23.0", *options, "m.py").out
    assert (f"m.py:6:7: TIE901 could not be followed: m.py:11: {CAUSE}" in printed) == found
    assert ("TIE901" in printed) == found


@pytest.mark.parametrize("release", RELEASES)
def test_explain_has_a_reason_for_each_unknown_fact(write: Write, capsys: Capture, release: str) -> None:
    write("m.py", MODEL)
    main(["explain", "m.py::AcmeForCausalLM", "--transformers", release, "--output-format", "json"])
    (known,) = json.loads(capsys.readouterr().out)
    assert {fact for fact, value in known.items() if value == "unknown"} == set(known["reasons"])
    assert known["reasons"]["ties"] == {"text": CAUSE, "path": "m.py", "line": 11, "cell": None}
    main(["explain", "m.py::AcmeForCausalLM", "--transformers", release])
    assert f"unknown (m.py:11: {CAUSE})" in capsys.readouterr().out


def test_the_place_of_what_the_library_s_own_code_does_is_the_line_that_led_there(write: Write) -> None:
    part = "self.extra = TimmWrapperModel(TimmWrapperConfig(architecture='acme'))"
    text = MODEL.replace("attach(self)", part)
    text = text.replace("import GemmaModel", "import TimmWrapperConfig, TimmWrapperModel, GemmaModel")
    (known, _) = explain_paths([str(write("m.py", text))], Configuration(transformers="5.23.0"))
    (cause, *_) = known.reasons["ties"]
    assert (Path(cause.path).name, cause.line) == ("m.py", 11)
    assert " in transformers.models.timm_wrapper." in cause.text


FLAG_OF_THE_TEXT = """
from transformers import PretrainedConfig, PreTrainedModel


class AcmeConfig(PretrainedConfig):
    def get_text_config(self, decoder=False):
        import acme

        return acme.text()


class AcmePreTrainedModel(PreTrainedModel):
    config_class = AcmeConfig
"""


def test_a_flag_that_is_not_known_is_told_with_the_config_and_the_class(
    write: Write, capsys: Capture
) -> None:
    path = write("m.py", FLAG_OF_THE_TEXT)
    main(["check", str(path), "--select", "TIE901", "--transformers", "4.51.3", "--output-format", "concise"])
    cause = "m.py:12: tie_word_embeddings of the text config of AcmePreTrainedModel"
    assert f"m.py:12:7: TIE901 could not be followed: {cause} (warning)" in capsys.readouterr().out
