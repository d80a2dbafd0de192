"""What the README says is what happens."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.test_layers import ROOMS
from tie_lint import __version__
from tie_lint.cli import main

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
USAGE = (ROOT / "docs" / "usage.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("text", [README, USAGE], ids=["README", "usage"])
def test_every_hook_is_named(text: str) -> None:
    hooks = re.findall(r"^- id: (.+)$", (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"), re.M)
    assert hooks == re.findall(r"- id: (.+)$", text, re.M)
    assert f"rev: v{__version__}" in text


def test_every_option_is_documented(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["check", "--help"])
    options = set(re.findall(r"--[a-z][a-z-]+", capsys.readouterr().out)) - {"--help"}
    assert {option for option in options if option not in USAGE} == set()


def test_links_lead_somewhere() -> None:
    for page in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "tests").rglob("*.md")):
        for link in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), f"{page}: {link}"


def test_the_plan_has_every_room_in_its_order() -> None:
    plan = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8").partition("\n## The way")[0]
    named = re.findall(r"`(\w+)(?:\.py|/)`", "\n".join(re.findall(r"^\| (`.+?) \|", plan, re.M)))
    assert named == [room for room in ROOMS if room != "__main__"]
