"""What each release of transformers demands so that embeddings tie and survive save, load and resize.

Measured by running the releases and read off ``modeling_utils.py`` and ``configuration_utils.py`` of their
wheels, one release per minor. The eras below read as a timeline: each repeats the one before it but for
what its first release changed. Rules ask a :class:`Contract`; none compares version numbers.
"""

from __future__ import annotations

from typing import Literal

from packaging.version import Version

from tie_lint.record import NamedTuple

CONFIG_FIELDS_UP_TO_4 = frozenset(
    {
        *("add_cross_attention", "bad_words_ids", "begin_suppress_tokens", "bos_token_id"),
        *("cross_attention_hidden_size", "decoder_start_token_id", "diversity_penalty", "do_sample"),
        *("early_stopping", "encoder_no_repeat_ngram_size", "eos_token_id", "finetuning_task"),
        *("exponential_decay_length_penalty", "forced_bos_token_id", "forced_eos_token_id", "is_decoder"),
        *(
            "length_penalty",
            "max_length",
            "min_length",
            "no_repeat_ngram_size",
            "num_beam_groups",
            "num_beams",
        ),
        *("num_return_sequences", "output_scores", "pad_token_id", "prefix", "pruned_heads"),
        *("remove_invalid_values", "repetition_penalty", "return_dict_in_generate", "sep_token_id"),
        *("suppress_tokens", "task_specific_params", "temperature", "tf_legacy_loss", "tie_encoder_decoder"),
        *("tokenizer_class", "top_k", "top_p", "torchscript", "typical_p", "use_bfloat16"),
    }
)
"""What every config has up to 4.57 and only those that declare it from 5.0 on (attributes of
``PretrainedConfig()`` of 4.40.2, 4.51.3 and 4.57.6 that that of 5.0.0 and of 5.23.0 lacks)."""


class Contract(NamedTuple):
    """What the releases of one era demand."""

    since: str
    """The era's first release, to the minor."""

    ties_by: Literal["getters", "keys"]
    """What makes the tie: the two embedding getters, or the ``_tied_weights_keys`` mapping alone."""

    keys_form: Literal["list", "mapping"]
    """Patterns of names that saving may drop, or a mapping from target to source that is also tied by."""

    tie_flag_source: Literal["config", "text_config"]
    """Whose ``tie_word_embeddings`` counts: ``config`` or ``config.get_text_config(decoder=True)``."""

    tie_flag_default: bool
    """What ``tie_word_embeddings`` reads as when no config class says anything about it."""

    input_getter_default: tuple[str, ...]
    """Where the inherited ``get_input_embeddings`` looks, in order, before it raises NotImplementedError.

    Dotted paths below ``self``; ``{layer}`` is ``_input_embed_layer`` and ``{base}`` the attribute named by
    ``base_model_prefix``. A path that ends in ``()`` asks the getter of the model found there.
    """

    output_getter_default: Literal["lm_head"] | None
    """What the inherited ``get_output_embeddings`` returns, given that the input getter finds something."""

    ties_submodels: bool
    """Whether ``tie_weights`` also ties the PreTrainedModels inside the model, each by its own config."""

    runs_tie_hooks: bool
    """Whether ``tie_weights`` calls the ``_tie_weights`` of every module that has one."""

    ties_encoder_to_decoder: bool
    """Whether ``config.tie_encoder_decoder`` does anything."""

    init_weights_suffices: bool
    """Whether ``init_weights()`` ties without ``post_init()``."""

    post_init_needed_by: Literal["tying models", "every model"]
    """Which models break without ``post_init()``: those that tie, or all, as loading reads what it sets."""

    loads_on_meta: bool
    """Whether ``from_pretrained`` always builds on the meta device, so that loading undoes shares by hand."""

    checks_kept_modules: bool = False
    """Whether ``post_init`` raises where ``_keep_in_fp32_modules`` names what is no part of the model."""

    resizes_tied_head: bool = False
    """Whether ``resize_token_embeddings`` sets a new head even where the embeddings are tied."""

    renames_on_load: bool = False
    """Whether the library has rules of its own for some model types by which names of checkpoints change."""

    loads_inside_init: bool = True
    """Whether an ``__init__`` that calls ``from_pretrained`` can itself be loaded. From 5.0 it runs under
    ``torch.device("meta")``, and that raises there (5.0.0, integrations/accelerate.py)."""

    config_fields_lost: frozenset[str] = frozenset()
    """What every config had in earlier releases, and has no more unless its class declares it."""

    tie_weights_arguments: tuple[str, ...] = ()
    """The keyword arguments that ``post_init`` and ``from_pretrained`` pass to ``tie_weights``."""


CLASSIC = Contract(
    since="4.40",
    ties_by="getters",
    keys_form="list",
    tie_flag_source="config",
    tie_flag_default=True,
    input_getter_default=("{base}()",),
    output_getter_default=None,
    ties_submodels=False,
    runs_tie_hooks=True,
    ties_encoder_to_decoder=True,
    init_weights_suffices=True,
    post_init_needed_by="tying models",
    loads_on_meta=False,
)
"""4.40 to 4.48: ``save_pretrained`` raises RuntimeError for shared tensors that no key covers."""

TEXT_CONFIG = CLASSIC._replace(since="4.49", tie_flag_source="text_config")
"""4.49 and 4.50: ``tie_weights`` asks the text config."""

META_LOADING = TEXT_CONFIG._replace(since="4.51", loads_on_meta=True, checks_kept_modules=True)
"""4.51 to 4.53: ``from_pretrained`` builds on the meta device whatever ``low_cpu_mem_usage`` says."""

MIXIN = META_LOADING._replace(
    since="4.54",
    input_getter_default=("{layer}", "model.embed_tokens", "embed_tokens", "{base}()"),
    output_getter_default="lm_head",
)
"""4.54 and 4.55: ``EmbeddingAccessMixin`` gives the getters defaults."""

RECURSIVE = MIXIN._replace(since="4.56", ties_submodels=True)
"""4.56 and 4.57: ``tie_weights`` walks all modules."""

MAPPING = RECURSIVE._replace(
    since="5.0",
    ties_by="keys",
    keys_form="mapping",
    tie_flag_source="config",
    tie_flag_default=False,
    input_getter_default=("{layer}", "embeddings.{layer}", "model.{layer}", "{base}()"),
    runs_tie_hooks=False,
    ties_encoder_to_decoder=False,
    init_weights_suffices=False,
    tie_weights_arguments=("missing_keys", "recompute_mapping"),
    checks_kept_modules=False,
    post_init_needed_by="every model",
    resizes_tied_head=True,
    renames_on_load=True,
    loads_inside_init=False,
    config_fields_lost=CONFIG_FIELDS_UP_TO_4,
)
"""5.0 to 5.8: ``post_init`` expands the mapping to ``all_tied_weights_keys``, and that is what is tied.

The change of 5.4 (two tensors of a checkpoint that differ are untied with a warning) cannot be seen from
source and begins no era.
"""

LANGUAGE_MODEL = MAPPING._replace(
    since="5.9",
    input_getter_default=("{layer}", "embeddings.{layer}", "model.{layer}", "language_model()", "{base}()"),
)
"""From 5.9: the default getters also follow ``self.language_model``."""

ERAS = (CLASSIC, TEXT_CONFIG, META_LOADING, MIXIN, RECURSIVE, MAPPING, LANGUAGE_MODEL)


def leaves_ignored_empty(release: str) -> bool:
    """Return whether a load makes nothing of a missing parameter that ``_keys_to_ignore_on_load_missing``
    names.

    It stays on the meta device (4.51.3 and 4.56.2, ``_find_missing_and_unexpected_keys``; not in 4.57.6).
    """
    return (4, 51) <= Version(release).release < (4, 57)


def renames_by_class(release: str) -> bool:
    """Return whether loading and saving go by the ``_checkpoint_conversion_mapping`` of certain classes.

    (4.52.4 and 4.57.6, ``modeling_utils.py``; 5.0.0 and 5.3.0, ``conversion_mapping.py``; not in 5.4.0.)
    """
    return (4, 52) <= Version(release).release < (5, 4)


def parts_equal_tensors(release: str) -> bool:
    """Return whether a load keeps the two ends of a tie apart where both are stored, though they are equal.

    From 5.4 on it does so only where they differ; nothing that source shows hangs on it, so it begins no era.
    """
    return (5, 0) <= Version(release).release < (5, 4)


def initializes_what_was_loaded(release: str) -> bool:
    """Return whether a load calls a user's ``_init_weights`` for modules whose tensors it found, too.

    (5.0.0 to 5.2.0, ``_initialize_weights`` of ``modeling_utils.py``; 5.3.0 asks whether all were found.)
    """
    return (5, 0) <= Version(release).release < (5, 3)


def contract_of(release: str) -> Contract:
    """Return the contract of a release such as "4.51.3"; that of the oldest era for anything before it.

    Pre-releases count as the release they lead to. Raises ``packaging.version.InvalidVersion``.
    """
    wanted = Version(release).release
    reached = [era for era in ERAS if Version(era.since).release <= wanted]
    return reached[-1] if reached else CLASSIC
