"""The settings that an editor has: the server, the extension and the page know the same ones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("pygls")

from tie_lint.errors import UsageError
from tie_lint.server.folders import NAMES, Folders, configuration_of

DOCS = Path(__file__).parents[2] / "docs"


def test_the_extension_and_the_page_have_all_settings() -> None:
    extension = json.loads((DOCS / "editors" / "vscode" / "package.json").read_text(encoding="utf-8"))
    properties = extension["contributes"]["configuration"]["properties"]
    assert {name.removeprefix("tie-lint.") for name in properties} - {"command"} == NAMES.keys()
    page = (DOCS / "editors.md").read_text(encoding="utf-8")
    assert [name for name in NAMES if f"`{name}`" not in page] == []


def test_what_the_extension_sends_by_default_changes_nothing() -> None:
    extension = json.loads((DOCS / "editors" / "vscode" / "package.json").read_text(encoding="utf-8"))
    properties = extension["contributes"]["configuration"]["properties"]
    sent = {name.removeprefix("tie-lint."): one["default"] for name, one in properties.items()}
    del sent["command"]
    assert configuration_of(sent, None)._replace(origins={}) == configuration_of(None, None)._replace(
        origins={}
    )


@pytest.mark.parametrize(
    "given",
    [
        [],
        {"selct": []},
        {"select": "TIE001"},
        {"select": [1]},
        {"transformers": 4},
        {"isolated": "yes"},
        {"tiedWeightsKeys": "none"},
    ],
)
def test_what_makes_no_sense_is_told(given: object) -> None:
    with pytest.raises(UsageError, match="the editor's setting"):
        configuration_of(given, None)


def test_a_file_has_the_settings_of_the_innermost_folder(tmp_path: Path) -> None:
    folders, inner = Folders(), tmp_path / "inner"
    folders.set(tmp_path, {"transformers": "4.51.3"})
    folders.set(inner, {"transformers": "5.23.0"})
    found = [folders.of(path) for path in (inner / "a" / "m.py", tmp_path / "m.py", Path("/elsewhere/m.py"))]
    assert len({id(one) for one in found}) == 3
    folders.remove(inner)
    assert folders.of(inner / "m.py") is found[1]
