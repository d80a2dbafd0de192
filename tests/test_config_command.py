"""`tie-lint config`."""

from __future__ import annotations

import json
import sys

import pytest

from tests.conftest import Write
from tie_lint.cli import main
from tie_lint.pipeline.configuration import READERS

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

Capture = pytest.CaptureFixture[str]


def test_every_setting_with_where_it_comes_from(write: Write, capsys: Capture) -> None:
    write(
        "pyproject.toml",
        '[project]\ndependencies = ["transformers==4.51.3"]\n[tool.tie-lint]\nignore = ["TIE003"]\n',
    )
    write("deep/model.py", "")
    assert main(["config", "deep/model.py", "--select", "TIE0", "--extend-exclude", "old/"]) == 0
    text = capsys.readouterr().out
    lines = text.splitlines()
    assert lines[0] == "# deep/model.py: transformers 4.51.3, from pyproject.toml [project]"
    table = tomllib.loads(text)
    assert set(table) == set(READERS) - {"transformers", "cache-dir"} | {"exclude-here"}
    assert (table["select"], table["ignore"], table["exclude-here"]) == (["TIE0"], ["TIE003"], ["old/"])
    origins = {line.split(" = ")[0]: line.rpartition("# ")[2] for line in lines[1:]}
    assert origins["select"] == "--select"
    assert origins["ignore"] == "pyproject.toml [tool.tie-lint]"
    assert origins["force-exclude"] == "default"


def test_as_json(write: Write, capsys: Capture) -> None:
    write(
        "tie-lint.toml",
        'transformers = ">=5,<6"\nper-file-transformers = {"old/" = "4.51.3"}\nexclude = ["old/"]\n',
    )
    write("old/model.py", "")
    assert main(["config", "old/model.py", "--output-format", "json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["transformers"] == {"releases": ["4.51.3"], "from": "tie-lint.toml"}
    assert shown["settings"]["transformers"] == {"value": ">=5,<6", "from": "tie-lint.toml"}
    assert shown["excluded"]
    assert set(shown["settings"]) == set(READERS)


def test_settings_that_make_no_sense_are_bad_usage(write: Write, capsys: Capture) -> None:
    write("tie-lint.toml", 'select = ["TIE8"]')
    assert main(["config"]) == 2
    assert "tie-lint.toml select: no rule's code starts with 'TIE8'" in capsys.readouterr().err
