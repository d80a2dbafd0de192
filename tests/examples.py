"""Model files for tests, taken from the rules' pages, and a short way to lint one."""

from __future__ import annotations

from pathlib import Path

from tie_lint.finding import Finding
from tie_lint.library.contract import ERAS
from tie_lint.library.target import Targets
from tie_lint.pipeline.document import TextDocument
from tie_lint.pipeline.linter import Linter
from tie_lint.rules import Rule, all_rules
from tie_lint.rules.page import Example, examples
from tie_lint.settings import Settings

BAD = examples(all_rules()["TIE001"])[0].bad
"""A model file with one defect, TIE001 at its class AcmeForCausalLM, in every release."""

GOOD = examples(all_rules()["TIE001"])[0].good
"""The same without the defect."""

LINE = BAD.splitlines().index("class AcmeForCausalLM(GemmaPreTrainedModel):") + 1
"""Where the class is in both."""


def eras_shown(rule: Rule, example: Example) -> set[str]:
    """The eras, by their first release, in which an example is a defect, as the page has it."""
    eras = [era.since for era in ERAS]
    return {*rule.eras} & {*eras[eras.index(example.since) :]}


def findings(path: Path, text: str, *releases: str, also: str = "TIE") -> list[Finding]:
    """What the default settings find in a file, and ``also`` a rule that may be off by default."""
    settings = Settings(path.parent, select=("TIE", also))
    checked = Linter(settings, Targets(releases, "")).check(TextDocument(path, text))
    assert not checked.failures, checked.failures
    return checked.findings
