"""Model files for tests, taken from the rules' pages."""

from __future__ import annotations

from tie_lint.rules import all_rules
from tie_lint.rules.page import example

BAD = example(all_rules()["TIE001"], "Example")
"""A model file with one defect, TIE001 at its class AcmeForCausalLM, in every release."""

GOOD = example(all_rules()["TIE001"], "Use instead")
"""The same without the defect."""

LINE = BAD.splitlines().index("class AcmeForCausalLM(GemmaPreTrainedModel):") + 1
"""Where the class is in both."""
