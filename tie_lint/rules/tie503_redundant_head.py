from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tie_lint.library.target import Target
from tie_lint.rules import Problem, enumerated, rule

if TYPE_CHECKING:
    from tie_lint.loading.folder import FolderView


@rule("TIE503", "redundant-head", fix="never", severity="warning", of_folders=True)
def redundant_head(view: FolderView, target: Target) -> Iterator[Problem]:
    """The checkpoint stores the same values twice for what is one parameter.

    ## What it does

    Compares, byte by byte, the stored tensors that this config.json makes one parameter, and reports those
    that are equal. `save_pretrained` would have stored one.

    ## Why is this bad

    The copy takes space. Whatever edits checkpoints, such as a merge, a quantisation or a training that
    saves by itself, may change one and not the other; then they part when the model is loaded.

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
      "tie_word_embeddings": true
    }
    ```

    The checkpoint:

    ```text
    lm_head.weight [100, 16] = model.embed_tokens.weight
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

    From 4.51 on; what older ones load is not known to tie-lint. From 5.0 to 5.3 the two stay apart when they
    are loaded.

    ## Fix safety

    There is no fix: tie-lint does not write checkpoints. Load the model and save it again.
    """
    for names in view.redundant:
        wasted = view.stored_bytes(names[1:])
        yield Problem(
            view.flag_span,
            f"the checkpoint stores {enumerated(names)} with equal values, and this config ties them",
            f"{wasted:,} bytes are stored twice",
            "warning",
        )
