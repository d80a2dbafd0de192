"""The dotted names of the library, and of torch, that everything else hangs on."""

from __future__ import annotations

PRETRAINED_MODEL = "transformers.modeling_utils.PreTrainedModel"
NN_MODULE = "torch.nn.Module"
CONFIG_BASES = frozenset(
    {
        "transformers.configuration_utils.PretrainedConfig",
        "transformers.configuration_utils.PreTrainedConfig",
    }
)
