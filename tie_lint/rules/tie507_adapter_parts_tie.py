from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tie_lint.library.target import Target
from tie_lint.rules import Problem, enumerated, rule

if TYPE_CHECKING:
    from tie_lint.loading.folder import FolderView


EFFECTS = {
    "saves": "they are trained apart, and a merged model is untied",
    "targets": "a merged model has the change in both, and is not the one that was trained",
}


@rule("TIE507", "adapter-parts-tie", fix="never", severity="warning", of_folders=True, of_adapters=True)
def adapter_parts_tie(view: FolderView, target: Target) -> Iterator[Problem]:
    """An adapter saves or changes an end of a tie by itself.

    ## What it does

    Reads the adapter_config.json of a folder and the names in its adapter_model.safetensors, and builds the
    model that the adapter is for: of the config.json beside it, or of the folder that
    `base_model_name_or_path` names. It reports an adapter that has `modules_to_save`, `target_modules` or
    tensors for a name of a tie. With `ensure_weight_tying` PEFT sees to it that both ends stay one, and
    there is nothing to report. An adapter whose base model is no folder here is not followed.

    ## Why is this bad

    The ends are trained apart, though the base model has one parameter for both; that goes for an adapter
    that names both of them, too. What is saved anew ends in a merge as a model that is no longer tied, with
    `tie_word_embeddings` set to false. What is targeted is merged into the one parameter that there is: the
    merged model is another than the one that was trained. PEFT 0.21 warns of both.

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

    adapter_config.json:

    ```json
    {
      "peft_type": "LORA",
      "target_modules": ["q_proj", "v_proj"],
      "modules_to_save": ["lm_head"]
    }
    ```

    The adapter:

    ```text
    base_model.model.lm_head.weight [100, 16]
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

    adapter_config.json:

    ```json
    {
      "peft_type": "LORA",
      "target_modules": ["q_proj", "v_proj"]
    }
    ```

    The adapter:

    ```text
    base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight [2, 16]
    ```

    ## Releases

    All.

    ## Fix safety

    There is no fix: tie-lint does not write checkpoints.
    """
    adapter = view.adapter
    for group in view.tied if adapter is not None and not adapter.keeps_ties else []:
        assert adapter is not None
        treated = {name: how for name in group if (how := view.treatment(name)) is not None}
        for how in dict.fromkeys(treated.values()):
            names = [name for name, one in treated.items() if one == how]
            others = [name for name in group if name not in names]
            rest = f" and not {enumerated(others)}, which is tied to it" if others else ", each by itself"
            yield Problem(
                list(adapter.config.span(("modules_to_save",), ("target_modules",))),
                f"the adapter {how} {enumerated(names)}{rest}",
                EFFECTS[how],
                "warning",
            )
