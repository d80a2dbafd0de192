from __future__ import annotations

from collections.abc import Iterator

from tie_lint.edits.comment import Unused, without
from tie_lint.edits.proposal import Proposal
from tie_lint.rules import Problem, enumerated, rule


@rule("TIE902", "unused-noqa", fix="always", severity="warning", on_request=True, of_comments=True)
def unused_noqa(unused: Unused) -> Iterator[Problem]:
    """A comment silences a finding that there is not.

    ## What it does

    Reports a code of tie-lint's in a `# noqa` or `# tie-lint: ignore` comment under which nothing is found. A
    `# noqa` without codes is left alone, as it may silence what other tools find. So is a code that this run
    does not report anyway.

    The rule is off unless its whole code is selected: `--extend-select TIE902`,
    `extend-select = ["TIE902"]`, or `extend-select = TIE902` for flake8.

    ## Why is this bad

    The comment tells readers of a defect that is not there, and will hide the next one that is.

    ## Example

    ```python
    from transformers import GemmaForCausalLM


    class AcmeForCausalLM(GemmaForCausalLM):  # noqa: TIE001
        pass
    ```

    ## Use instead

    ```python
    from transformers import GemmaForCausalLM


    class AcmeForCausalLM(GemmaForCausalLM):
        pass
    ```

    ## Releases

    The same for every release.

    ## Fix safety

    The fix removes the codes that silence nothing, and the comment where no other code is left. It is safe:
    no code changes.
    """
    comment, codes, line = unused
    at = [comment.line, comment.start, comment.line, comment.end]
    named = f"{enumerated(codes)}, which is" if codes else "what is"
    edit = without(line, comment, codes)
    yield Problem(
        at,
        f"the comment silences {named} not reported here",
        severity="warning",
        fix=lambda source: iter([Proposal.of(edit)]),
    )
