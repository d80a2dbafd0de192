from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tie_lint.library.target import Target
from tie_lint.rules import Problem, rule

if TYPE_CHECKING:
    from tie_lint.loading.folder import FolderView


@rule("TIE505", "size-mismatch", fix="never", severity="error", of_folders=True)
def size_mismatch(view: FolderView, target: Target) -> Iterator[Problem]:
    """An embedding, a head or a bias is stored in another size than the config gives it.

    ## What it does

    Compares the shapes in the headers of the checkpoint with those of the parameters that may be tied, as the
    values of config.json make them.

    ## Why is this bad

    `from_pretrained` raises RuntimeError; with `ignore_mismatched_sizes=True` it initialises the parameter
    at random instead. It happens when a vocabulary was resized or padded, or models were merged, and
    config.json was not saved with them.

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
    model.embed_tokens.weight [104, 16]
    ```

    ## Use instead

    config.json:

    ```json
    {
      "architectures": ["LlamaForCausalLM"],
      "model_type": "llama",
      "vocab_size": 104,
      "hidden_size": 16,
      "intermediate_size": 32,
      "num_hidden_layers": 1,
      "num_attention_heads": 2,
      "tie_word_embeddings": true
    }
    ```

    The checkpoint:

    ```text
    model.embed_tokens.weight [104, 16]
    ```

    ## Releases

    From 4.51 on; what older ones load is not known to tie-lint.

    ## Fix safety

    There is no fix: whether the config or the checkpoint is wrong cannot be told.
    """
    loaded = view.prediction.loaded
    for name, mismatch in loaded.mismatched.items() if loaded else ():
        yield Problem(
            list(view.config.span(("vocab_size",), ("text_config", "vocab_size"), ("architectures",))),
            f"{name} is stored as {list(mismatch.stored)}, and this config makes it {list(mismatch.wanted)}",
            "from_pretrained raises RuntimeError",
        )
