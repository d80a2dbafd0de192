from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tie_lint.cause import nearest_first
from tie_lint.library.target import Target
from tie_lint.rules import Problem, rule

if TYPE_CHECKING:
    from tie_lint.tiemap.view import ModelView


@rule("TIE901", "not-followed", fix="never", severity="warning", on_request=True, of_missing_bases=True)
def not_followed(view: ModelView, target: Target) -> Iterator[Problem]:
    """A model class cannot be followed as far as the other rules need.

    ## What it does

    Reports a model class of which tie-lint does not know what it ties, what its getters return, or whether
    building it raises; and a class that looks like a model and whose base was not found. The message has the
    nearest cause: the construct that could not be followed, and where it is.

    The rule is off unless its whole code is selected: `--select TIE,TIE901`, `select = ["TIE", "TIE901"]`, or
    `extend-select = TIE901` for flake8. Without it the summary counts such classes.

    ## Why is this bad

    The other rules say nothing about what they do not know: without this finding, or the count in the
    summary, silence would read as "nothing wrong".

    ## Example

    ```python
    from acme.base import AcmeBaseForCausalLM


    class AcmeForCausalLM(AcmeBaseForCausalLM):
        def get_input_embeddings(self):
            return self.model.embed_tokens
    ```

    ## Use instead

    Have the code that a model is made of where tie-lint finds it: in the project, or in the release of
    transformers that is checked against.

    ```python
    from transformers import GemmaForCausalLM


    class AcmeForCausalLM(GemmaForCausalLM):
        def get_input_embeddings(self):
            return self.model.embed_tokens
    ```

    ## Releases

    The same for every release.

    ## Fix safety

    There is no fix: nothing is known to be wrong.
    """
    gaps = nearest_first(view.gaps(target), str(view.path.absolute()), view.path.name)
    if gaps:
        yield Problem(view.at, "could not be followed", f"{gaps[0].place}: {gaps[0].text}", "warning")
