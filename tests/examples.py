"""Model files for tests, taken from the rules' pages, and a short way to lint one."""

from __future__ import annotations

from pathlib import Path

from tie_lint.finding import Finding
from tie_lint.library.target import Targets
from tie_lint.pipeline.document import TextDocument
from tie_lint.pipeline.linter import Linter
from tie_lint.rules import all_rules
from tie_lint.rules.page import example
from tie_lint.settings import Settings

BAD = example(all_rules()["TIE001"], "Example")
"""A model file with one defect, TIE001 at its class AcmeForCausalLM, in every release."""

GOOD = example(all_rules()["TIE001"], "Use instead")
"""The same without the defect."""

LINE = BAD.splitlines().index("class AcmeForCausalLM(GemmaPreTrainedModel):") + 1
"""Where the class is in both."""


def findings(path: Path, text: str, *releases: str) -> list[Finding]:
    """What the default settings find in a file."""
    return Linter(Settings(path.parent), Targets(releases, "")).check(TextDocument(path, text)).findings
