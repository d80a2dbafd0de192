"""What a release does not have: each case as Python says that imports it from that release."""

import pytest

from tie_lint.library.bundled import bundled_releases
from tie_lint.library.index import library
from tie_lint.library.lacking import is_gone, lacks

GONE = [
    ("5.23.0", "transformers", "AutoModelForVision2Seq"),
    ("5.23.0", "transformers", "TransfoXLConfig"),
    ("5.23.0", "transformers.utils", "LossKwargs"),
    ("5.23.0", "transformers.utils.import_utils", "is_torch_fx_available"),
    ("5.23.0", "transformers.modeling_utils", "no_init_weights"),
    # A function that 4.51.3's module imports, and that 5.23.0 has elsewhere.
    ("5.23.0", "transformers.modeling_utils", "apply_chunking_to_forward"),
    # One that it imports, and that nothing in 5.23.0 defines.
    ("5.23.0", "transformers.modeling_utils", "find_pruneable_heads_and_indices"),
    ("5.23.0", "transformers.models.gemma2.modeling_gemma2", "GEMMA2_INPUTS_DOCSTRING"),
    ("5.23.0", "transformers.utils.model_parallel_utils", "assert_device_map"),
    ("5.23.0", "transformers.onnx", "OnnxConfig"),
    ("5.23.0", "transformers.onnx", None),
    ("4.51.3", "transformers", "GradientCheckpointingLayer"),
    ("4.51.3", "transformers.modeling_layers", "GradientCheckpointingLayer"),
    ("4.51.3", "transformers.models.gpt_oss.modeling_gpt_oss", "GptOssForCausalLM"),
]
THERE = [
    # By its old name.
    ("5.23.0", "transformers.tokenization_utils", "PreTrainedTokenizer"),
    ("5.23.0", "transformers.image_processing_utils_fast", "BaseImageProcessorFast"),
    ("5.23.0", "transformers", "BertTokenizerFast"),
    # From another package.
    ("5.23.0", "transformers.tokenization_utils_base", "is_offline_mode"),
    ("5.23.0", "transformers.pipelines", "is_offline_mode"),
    ("5.23.0", "transformers.modeling_layers", "torch"),
    # Handed out by a ``__getattr__`` of the module.
    ("5.23.0", "transformers.distributed.tensor_parallel", "MoEParamShard"),
    # What a module of the same name is, or what facts have no more of than that it is there.
    ("5.23.0", "transformers.models.bert", "modeling_bert"),
    ("4.51.3", "transformers.models.llama.modeling_llama", "LlamaAttention"),
    ("4.51.3", "transformers", "requires_backends"),
    ("4.51.3", "transformers", "Llama4ImageProcessor"),
]


def is_known_to_be_gone(release: str, module: str, name: str | None) -> bool:
    here = library(release, installed=False)
    others = [library(other, installed=False) for other in bundled_releases()]
    return lacks(here, module, name) and any(is_gone(here, other, module, name) for other in others)


@pytest.mark.parametrize(("release", "module", "name"), GONE)
def test_what_importing_raises_an_error_for_is_known_to_be_gone(
    release: str, module: str, name: str | None
) -> None:
    assert is_known_to_be_gone(release, module, name)


@pytest.mark.parametrize(("release", "module", "name"), THERE)
def test_what_can_be_imported_is_not(release: str, module: str, name: str) -> None:
    assert not is_known_to_be_gone(release, module, name)
