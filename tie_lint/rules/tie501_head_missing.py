from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tie_lint.library.target import Target
from tie_lint.rules import Problem, enumerated, rule

if TYPE_CHECKING:
    from tie_lint.loading.folder import FolderView


@rule("TIE501", "head-missing", fix="sometimes", severity="error", of_folders=True)
def head_missing(view: FolderView, target: Target) -> Iterator[Problem]:
    """The config unties what the checkpoint stores only once.

    ## What it does

    Builds the model class of a folder with the values of its config.json, and compares the parameters that
    `tie_word_embeddings` ties with the names in the checkpoint. It reports those that this config leaves
    apart and that are not stored.

    ## Why is this bad

    Nothing fails. `from_pretrained` initialises the head at random, and says so in a list of missing keys
    that is easily overlooked. The model generates gibberish.

    ## Example

    config.json:

    ```json
    {
      "architectures": ["LlamaForCausalLM"],
      "model_type": "llama",
      "vocab_size": 100,
      "hidden_size": 16,
      "intermediate_size": 32,
      "num_hidden_layers": 1,
      "num_attention_heads": 2,
      "tie_word_embeddings": false
    }
    ```

    The checkpoint:

    ```text
    model.embed_tokens.weight [100, 16]
    ```

    ## Use instead

    config.json:

    ```json
    {
      "architectures": ["LlamaForCausalLM"],
      "model_type": "llama",
      "vocab_size": 100,
      "hidden_size": 16,
      "intermediate_size": 32,
      "num_hidden_layers": 1,
      "num_attention_heads": 2,
      "tie_word_embeddings": true
    }
    ```

    The checkpoint:

    ```text
    model.embed_tokens.weight [100, 16]
    ```

    ## Releases

    The same from 4.51 on; what older ones load is not known to tie-lint.

    ## Fix safety

    Never safe: a checkpoint without its head may have lost it. The fix sets `tie_word_embeddings` in
    config.json to true, where a load then takes all that is stored; every other byte stays as it is.
    """
    if view.unread_flag is not None:
        return  # TIE506 says why
    for group in view.untied:
        kinds = view.kinds(group)
        missing = [name for name, kind in kinds.items() if kind != "stored"]
        there = [name for name, kind in kinds.items() if kind == "stored"]
        if missing and there:
            yield Problem(
                view.flag_span,
                f"the checkpoint lacks {enumerated(missing)}, and this config does not tie it to {there[0]}",
                f"newly initialised: {enumerated(missing)}",
                edits=view.flag_edit(True),
            )
