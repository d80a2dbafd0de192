from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tie_lint.library.target import Target
from tie_lint.rules import Problem, enumerated, rule

if TYPE_CHECKING:
    from tie_lint.loading.folder import FolderView


@rule("TIE504", "source-missing", fix="never", severity="error", of_folders=True)
def source_missing(view: FolderView, target: Target) -> Iterator[Problem]:
    """The checkpoint lacks the tensor that a tie is made to.

    ## What it does

    Looks, for every tie of the model under this config.json, whether the tensor that the others are tied to
    is stored. It says which one takes its place, and what stays without stored values.

    ## Why is this bad

    Up to 4.57 the embedding and all that is tied to it are left on the meta device, without values, though
    the checkpoint holds the head; the model fails when it is used. From 5.0 the tie goes the other way, to
    what is stored. Where nothing of a tie is stored, all of it is initialised at random.

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
    model.norm.weight [16]
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
    model.norm.weight [16]
    ```

    ## Releases

    From 4.51 on; what older ones load is not known to tie-lint.

    ## Fix safety

    There is no fix: tie-lint does not write checkpoints.
    """
    for group in view.tied:
        kinds, stored, alias = view.kinds(group), view.stored(group), view.stands_in(group)
        empty = [name for name, kind in kinds.items() if kind == "empty"]
        if empty and stored:
            yield Problem(
                view.flag_span,
                f"the checkpoint stores {enumerated(stored)} and not what that is tied to",
                f"left without values: {enumerated(empty)}",
            )
        elif "new" in kinds.values():
            yield _lacking(view, [name for name, kind in kinds.items() if kind == "new"])
        elif alias:
            yield Problem(
                view.flag_span,
                f"the checkpoint lacks {alias[1]}, which {alias[0]} is tied to",
                f"{alias[0]} takes its place",
                "warning",
            )
    for group in view.untied:
        if view.kinds(group) and not view.stored(group):
            yield _lacking(view, group)


def _lacking(view: FolderView, names: list[str]) -> Problem:
    return Problem(
        view.flag_span,
        f"the checkpoint lacks {enumerated(names)}, and all that these may be tied to",
        f"newly initialised: {enumerated(names)}",
    )
