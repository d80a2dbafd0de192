"""What the layers of ``torch.nn`` have beside what is modelled of them.

Nothing about a tie hangs on it. But a layer has it: code that reads it does not raise.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator

_DIMENSIONS = "123"

_ATTRIBUTES = (
    ("AdaptiveAvgPool*d", "output_size"),
    ("AdaptiveLogSoftmaxWithLoss", "cutoffs div_value head_bias head_size in_features log_prob n_classes"),
    ("AdaptiveLogSoftmaxWithLoss", "n_clusters predict reset_parameters shortlist_size _get_full_log_prob"),
    ("AdaptiveMaxPool*d", "output_size return_indices"),
    ("AlphaDropout Dropout Dropout*d FeatureAlphaDropout", "inplace p"),
    ("AvgPool*d", "ceil_mode count_include_pad divisor_override kernel_size padding stride"),
    ("BCELoss MultiLabelSoftMarginLoss NLLLoss NLLLoss2d CrossEntropyLoss MultiMarginLoss", "weight"),
    ("BCEWithLogitsLoss", "pos_weight weight"),
    ("BatchNorm*d InstanceNorm*d SyncBatchNorm", "affine bias eps momentum num_batches_tracked num_features"),
    ("BatchNorm*d InstanceNorm*d SyncBatchNorm", "reset_parameters reset_running_stats running_mean"),
    ("BatchNorm*d InstanceNorm*d SyncBatchNorm", "running_var track_running_stats weight _check_input_dim"),
    ("InstanceNorm*d", "_apply_instance_norm _get_no_batch_dim _handle_no_batch_input"),
    ("SyncBatchNorm", "convert_sync_batchnorm process_group _check_non_zero_input_channels"),
    ("Bilinear Linear", "bias reset_parameters weight"),
    ("CELU ELU", "alpha inplace"),
    ("CTCLoss", "blank zero_infinity"),
    ("ChannelShuffle", "groups"),
    ("CircularPad*d", "padding _check_input_dim"),
    ("ConstantPad*d ZeroPad*d", "padding value"),
    ("ReflectionPad*d ReplicationPad*d", "padding"),
    ("Conv*d ConvTranspose*d", "bias dilation groups in_channels kernel_size out_channels output_padding"),
    ("Conv*d ConvTranspose*d", "padding padding_mode reset_parameters stride transposed weight"),
    ("Conv*d ConvTranspose*d", "_conv_forward _output_padding _reversed_padding_repeated_twice"),
    ("CosineEmbeddingLoss HingeEmbeddingLoss MarginRankingLoss", "margin"),
    ("CosineSimilarity", "dim eps"),
    ("CrossEntropyLoss", "ignore_index label_smoothing"),
    ("CrossMapLRN2d LocalResponseNorm", "alpha beta k size"),
    ("Embedding EmbeddingBag", "from_pretrained max_norm norm_type reset_parameters scale_grad_by_freq"),
    ("Embedding EmbeddingBag", "sparse _fill_padding_idx_with_zero"),
    ("EmbeddingBag", "include_last_offset mode"),
    ("Flatten", "end_dim start_dim"),
    ("Fold", "dilation kernel_size output_size padding stride"),
    ("FractionalMaxPool*d", "kernel_size output_ratio output_size return_indices _random_samples"),
    ("GELU", "approximate"),
    ("GLU LogSoftmax Softmax Softmin", "dim"),
    ("GRU LSTM RNN RNNBase", "all_weights batch_first bias bidirectional check_forward_args dropout mode"),
    ("GRU LSTM RNN RNNBase", "check_hidden_size check_input flatten_parameters get_expected_hidden_size"),
    ("GRU LSTM RNN RNNBase", "permute_hidden proj_size reset_parameters _all_weights _flat_weights"),
    ("GRU LSTM RNN RNNBase", "_flat_weight_refs _flat_weights_names _init_flat_weights"),
    ("GRU LSTM RNN RNNBase", "_update_flat_weights _weights_have_changed"),
    ("LSTM", "get_expected_cell_size"),
    ("RNN RNNCell", "nonlinearity"),
    ("GRUCell LSTMCell RNNCell RNNCellBase", "bias reset_parameters"),
    ("GaussianNLLLoss", "eps full"),
    ("GroupNorm", "affine eps num_channels num_groups reset_parameters"),
    ("Hardshrink Softshrink", "lambd"),
    ("Hardsigmoid Hardswish Mish ReLU SELU SiLU", "inplace"),
    ("Hardtanh ReLU6", "inplace max_val min_val"),
    ("HuberLoss", "delta"),
    ("KLDivLoss", "log_target"),
    ("LPPool*d", "ceil_mode kernel_size norm_type stride"),
    ("LayerNorm RMSNorm", "elementwise_affine eps reset_parameters"),
    ("LeakyReLU", "inplace negative_slope"),
    ("MaxPool*d", "ceil_mode dilation kernel_size padding return_indices stride"),
    ("MaxUnpool*d", "kernel_size padding stride"),
    ("ModuleDict", ""),
    ("ModuleList Sequential", "_get_abs_string_index _get_item_by_idx"),
    ("ParameterList", "_get_abs_string_index _size"),
    ("ParameterDict", "_key_to_attr _keys"),
    ("MultiMarginLoss", "margin p"),
    ("MultiheadAttention", "add_zero_attn batch_first dropout head_dim kdim merge_masks vdim"),
    ("MultiheadAttention", "_qkv_same_embed_dim _reset_parameters"),
    ("NLLLoss NLLLoss2d", "ignore_index"),
    ("PReLU", "init num_parameters reset_parameters"),
    ("PairwiseDistance", "eps keepdim norm"),
    ("PixelShuffle", "upscale_factor"),
    ("PixelUnshuffle", "downscale_factor"),
    ("PoissonNLLLoss", "eps full log_input"),
    ("RReLU", "inplace lower upper"),
    ("SmoothL1Loss", "beta"),
    ("Softplus", "beta threshold"),
    ("Threshold", "inplace threshold value"),
    ("Transformer", "batch_first d_model generate_square_subsequent_mask nhead _reset_parameters"),
    ("TransformerDecoder TransformerEncoder", "norm num_layers"),
    ("TransformerEncoder", "enable_nested_tensor mask_check use_nested_tensor"),
    ("TransformerDecoderLayer TransformerEncoderLayer", "activation norm_first _ff_block _sa_block"),
    ("TransformerDecoderLayer", "_mha_block"),
    ("TransformerEncoderLayer", "activation_relu_or_gelu"),
    ("TripletMarginLoss", "eps margin p swap"),
    ("TripletMarginWithDistanceLoss", "distance_function margin swap"),
    ("Unflatten", "dim unflattened_size _require_tuple_int"),
    ("Unfold", "dilation kernel_size padding stride"),
    ("Upsample UpsamplingBilinear2d UpsamplingNearest2d", "align_corners mode name recompute_scale_factor"),
    ("Upsample UpsamplingBilinear2d UpsamplingNearest2d", "scale_factor size"),
    ("Container Identity LogSigmoid Module Sigmoid Softmax2d Softsign Tanh Tanhshrink", ""),
)
"""Classes, and names that their objects have (``dir`` of objects of torch 2.13)."""

_OF_LAZY = frozenset(
    {"cls_to_become", "has_uninitialized_params", "initialize_parameters", "reset_parameters"}
    | {"_infer_parameters", "_initialize_hook", "_lazy_load_hook", "_load_hook"}
    | {"_get_in_channels", "_get_num_spatial_dims"}
)

OF_EVERY_MODULE = frozenset(
    {"call_super_init", "dump_patches", "T_destination", "_version", "_non_persistent_buffers_set"}
    | {"_apply", "_call_impl", "_compiled_call_impl", "_slow_forward", "_wrapped_call_impl", "_named_members"}
    | {"_backward_hooks", "_backward_pre_hooks", "_get_backward_hooks", "_get_backward_pre_hooks"}
    | {"_forward_hooks", "_forward_hooks_always_called", "_forward_hooks_with_kwargs"}
    | {"_forward_pre_hooks", "_forward_pre_hooks_with_kwargs", "_is_full_backward_hook"}
    | {"_maybe_warn_non_full_backward_hook", "_replicate_for_data_parallel"}
    | {"_load_from_state_dict", "_load_state_dict_post_hooks", "_load_state_dict_pre_hooks"}
    | {"_save_to_state_dict", "_state_dict_hooks", "_state_dict_pre_hooks"}
)
"""What ``nn.Module`` itself has beside what is modelled of it (``dir`` of torch 2.13)."""


def may_have(layer: str, attribute: str) -> bool:
    """Return whether objects of a class of ``torch.nn`` have an attribute that ``nn.Module`` does not give
    them; True for classes that are not listed."""
    names = _by_class().get(layer.removeprefix("Lazy"))
    if names is None or attribute in names:
        return True
    return attribute in _OF_LAZY if layer.startswith("Lazy") else _is_of_loss(layer, attribute)


def _is_of_loss(layer: str, attribute: str) -> bool:
    return attribute == "reduction" and layer.endswith("Loss")


@functools.cache
def _by_class() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for classes, names in _ATTRIBUTES:
        for cls in (one for pattern in classes.split() for one in _spelt_out(pattern)):
            found[cls] = found.get(cls, frozenset()).union(names.split())
    return found


def _spelt_out(pattern: str) -> Iterator[str]:
    """The classes that ``Conv*d`` stands for."""
    return (pattern.replace("*", dimension) for dimension in (_DIMENSIONS if "*" in pattern else "1"))
