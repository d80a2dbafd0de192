"""The pages and the site: what they show is what happens, and people find it."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from docs.build import DOCS, folder_of_commands, pictures, with_outputs, written_pages
from tests.corpus import sources
from tests.lab.symptoms import SYMPTOMS, Symptom
from tie_lint import Configuration, check_paths
from tie_lint.cli import COMMANDS, main

RELEASES = {4: "4.51.3", 5: "5.23.0"}
MADE_BY_PYTHON = {"list_of_keys", "no_post_init", "tie_weights", "helper", "wrong_source"}
"""Symptoms whose text no file of the library has: Python and torch write them."""


@pytest.mark.parametrize("page", written_pages(), ids=lambda page: str(page.name))
def test_the_output_shown_is_real(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert with_outputs(text, folder_of_commands(page)) == text, "run `python docs/build.py`"


COMMAND = re.compile(r"^\$ (.+)$", re.MULTILINE)
OF_OTHERS = ("pip", "cd", "npm", "npx", "code")
"""Programs that are not ours: what they need is not there when tests run."""


@pytest.mark.parametrize("page", written_pages(), ids=lambda page: str(page.name))
def test_a_command_that_is_not_run_names_what_there_is(page: Path) -> None:
    blocks = re.findall(r"```console\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    for command in (one for block in blocks for line in COMMAND.findall(block) for one in line.split(" && ")):
        program, *words = shlex.split(command, comments=True)
        if program == "python" and words[0] == "-m":
            assert importlib.util.find_spec(words[1]) is not None, command
        elif program == "tie-lint":
            known = capture_help(words)
            assert [word for word in words if word.startswith("--") and word not in known] == [], command
        else:
            assert program in OF_OTHERS, command


def capture_help(words: list[str]) -> str:
    """What the program says of the command that the words call."""
    command = next((word for word in words if word in COMMANDS), "check")
    with pytest.raises(SystemExit), contextlib.redirect_stdout(io.StringIO()) as said:
        main([command, "--help"])
    return said.getvalue()


def test_the_pictures_are_real() -> None:
    kept = {path.name: path.read_text(encoding="utf-8") for path in (DOCS / "pictures").iterdir()}
    assert kept == pictures(), "run `python docs/build.py`"


def test_outputs_are_shown_and_would_be_replaced() -> None:
    shown = re.findall(r"^\$ tie-lint .+\n(?!```)", (DOCS / "symptoms.md").read_text(encoding="utf-8"), re.M)
    assert len(shown) == len(SYMPTOMS)
    block = "```console\n$ tie-lint acme.py --transformers 4.51.3\nold\n```"
    assert "Found 2 problems" in with_outputs(block, DOCS / "example")


@pytest.mark.parametrize("symptom", SYMPTOMS, ids=lambda symptom: str(symptom.model))
def test_a_symptom_leads_to_its_rule(symptom: Symptom) -> None:
    path = DOCS / "symptoms" / f"{symptom.model}.py"
    report = check_paths([path], Configuration(isolated=True, transformers=RELEASES[symptom.major]))
    assert [found.code for found in report.findings] == [symptom.code]
    page = (DOCS / "symptoms.md").read_text(encoding="utf-8")
    section = next(part for part in page.split("\n## ") if f"$ tie-lint {path.name}" in part)
    assert symptom.text in section
    assert f"[{symptom.code}](rules/" in section


@pytest.mark.parametrize("symptom", [one for one in SYMPTOMS if one.model not in MADE_BY_PYTHON])
def test_a_symptom_s_text_is_the_library_s(symptom: Symptom) -> None:
    source = sources(RELEASES[symptom.major]) / "transformers" / "modeling_utils.py"
    fixed = symptom.text.partition(": [")[0]
    assert fixed in source.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site; a link that leads nowhere, or a page that is in no menu, fails the build.

    With ``--quiet`` MkDocs does not count warnings, and ``--strict`` does nothing.
    """
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    run = subprocess.run(command, cwd=DOCS.parent, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return folder


@pytest.mark.parametrize(
    ("words", "page"),
    [
        ("weights trying to be saved contained shared tensors", "symptoms/"),
        ("list object has no attribute keys", "symptoms/"),
        ("newly initialized lm_head.weight", "symptoms/"),
        ("unexpected keyword argument recompute_mapping", "symptoms/"),
        ("get_input_embeddings not auto handled", "symptoms/"),
        ("my lm_head is not tied", "not-tied/"),
    ],
)
def test_who_searches_for_a_text_finds_the_page(words: str, page: str, site: Path) -> None:
    index = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))

    def words_in(text: str) -> set[str]:
        return set(re.findall(r"\w+", text.lower()))

    def score(entry: dict[str, str]) -> int:
        """Words of a title count more, as in the site's own search."""
        wanted = words_in(words)
        return 3 * len(wanted & words_in(entry["title"])) + len(wanted & words_in(entry["text"]))

    best = max(map(score, index["docs"]))
    assert any(entry["location"].startswith(page) for entry in index["docs"] if score(entry) == best)
