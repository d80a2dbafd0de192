from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tie_lint.library.target import Target
from tie_lint.rules import Problem, rule

if TYPE_CHECKING:
    from tie_lint.loading.folder import FolderView


@rule("TIE506", "flag-misplaced", fix="sometimes", severity="error", of_folders=True)
def flag_misplaced(view: FolderView, target: Target) -> Iterator[Problem]:
    """config.json says whether to tie where nobody looks.

    ## What it does

    Builds the model class with the values of config.json. It reports a `tie_word_embeddings` that asks for a
    tie which the model does not make because the other config decides, the outer one or the text config,
    unless the checkpoint stores a head of its own; and one that says not to tie a head that the code ties
    all the same.

    ## Why is this bad

    Up to 4.48 and from 5.0 the outer config of a composite model decides, from 4.49 to 4.57 its text config.
    A flag in the other place is kept, saved, and not read: the head is random, or tied, against what the
    file says.

    ## Example

    config.json:

    ```json
    {
      "architectures": ["Qwen3VLForConditionalGeneration"],
      "model_type": "qwen3_vl",
      "tie_word_embeddings": false,
      "text_config": {
        "model_type": "qwen3_vl_text",
        "vocab_size": 100,
        "hidden_size": 16,
        "num_hidden_layers": 1,
        "tie_word_embeddings": true
      },
      "vision_config": {
        "model_type": "qwen3_vl",
        "depth": 1
      }
    }
    ```

    The checkpoint:

    ```text
    model.language_model.embed_tokens.weight [100, 16]
    ```

    ## Use instead

    config.json:

    ```json
    {
      "architectures": ["Qwen3VLForConditionalGeneration"],
      "model_type": "qwen3_vl",
      "tie_word_embeddings": true,
      "text_config": {
        "model_type": "qwen3_vl_text",
        "vocab_size": 100,
        "hidden_size": 16,
        "num_hidden_layers": 1,
        "tie_word_embeddings": true
      },
      "vision_config": {
        "model_type": "qwen3_vl",
        "depth": 1
      }
    }
    ```

    The checkpoint:

    ```text
    model.language_model.embed_tokens.weight [100, 16]
    ```

    ## Releases

    All that tie-lint knows the class in; the example from 5.0 on.

    ## Fix safety

    Never safe: either place may be the one that is meant. The fix sets the other `tie_word_embeddings`
    to true, where a load then takes all that is stored; every other byte of config.json stays as it is.
    """
    if view.unread_flag is not None:
        asking, read = view.unread_flag
        yield Problem(
            list(view.config.span(asking)),
            f"{'.'.join(asking)} asks for a tie, and {view.name} does not look there",
            "the head is not tied",
            edits=view.flag_edit(True, read),
        )
    if view.ties_anyway:
        yield Problem(
            view.flag_span,
            f"tie_word_embeddings is false, and {view.name} ties {view.prediction.head} whatever it says",
            severity="warning",
        )
