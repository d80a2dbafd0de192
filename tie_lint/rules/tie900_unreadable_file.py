from __future__ import annotations

from collections.abc import Iterator

from tie_lint.python.outline import UnreadableSourceError
from tie_lint.rules import Problem, rule


@rule("TIE900", "unreadable-file", fix="never", severity="error", of_files=True)
def unreadable_file(error: UnreadableSourceError) -> Iterator[Problem]:
    """A file cannot be read, decoded or parsed as Python.

    ## What it does

    Reports a file that could not be checked, at the place where reading it failed. The run goes on with the
    other files. It is reported whatever `select` says, unless it is ignored.

    Files found in a directory are parsed only if some name in them suggests a model; a file named on the
    command line always is.

    ## Why is this bad

    No other rule has looked at the file: without this finding, silence would read as "nothing wrong".

    ## Example

    ```python
    from transformers import PreTrainedModel


    class AcmePreTrainedModel(PreTrainedModel:
        base_model_prefix = "acme"
    ```

    ## Use instead

    ```python
    from transformers import PreTrainedModel


    class AcmePreTrainedModel(PreTrainedModel):
        base_model_prefix = "acme"
    ```

    ## Releases

    The same for every release.

    ## Fix safety

    There is no fix.
    """
    at = [error.line, error.column, error.line, error.column + 1]
    yield Problem(at, f"not checked, {error.reason}")
