from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tie_lint.library.target import Target
from tie_lint.rules import Problem, enumerated, rule

if TYPE_CHECKING:
    from tie_lint.loading.folder import FolderView


@rule("TIE502", "head-discarded", fix="sometimes", severity="error", of_folders=True)
def head_discarded(view: FolderView, target: Target) -> Iterator[Problem]:
    """The config ties what the checkpoint stores with different values.

    ## What it does

    Compares, byte by byte, the stored tensors that this config.json makes one parameter. Values that differ
    only as one type rounds those of another count as equal where config.json names the narrower type as the
    model's. With `--no-compare` nothing is read but the headers, and only tensors of different shapes differ.

    ## Why is this bad

    Up to 4.57 the head of the checkpoint is overwritten by the embedding, without a word. From 5.0 the two
    stay apart, with a warning; programs that go by config.json alone, as serving engines do, drop the head
    all the same.

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
    lm_head.weight [100, 16]
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
      "tie_word_embeddings": false
    }
    ```

    The checkpoint:

    ```text
    lm_head.weight [100, 16]
    model.embed_tokens.weight [100, 16]
    ```

    ## Releases

    From 4.51 on; what older ones load is not known to tie-lint.

    ## Fix safety

    Never safe: the head may be what is wrong. The fix sets `tie_word_embeddings` in config.json to false,
    where a load then takes all that is stored; every other byte stays as it is.
    """
    loaded = view.prediction.loaded
    if loaded is None:
        return
    for name, source in view.parted:
        yield Problem(
            view.flag_span,
            f"this config ties {name} to {source}, and the checkpoint stores other values for it",
            "they stay apart, with a warning; programs that go by config.json drop one",
            edits=view.flag_edit(False),
        )
    for kept, lost in view.overwritten:
        yield Problem(
            view.flag_span,
            f"this config ties {enumerated(lost)} to {kept}, and the checkpoint stores other values for it",
            f"what is stored of {enumerated(lost)} is overwritten",
            edits=view.flag_edit(False),
        )
