"""Whether the functions that the contract rests on are still those that it was measured on.

The contract (:mod:`tie_lint.library.contract`) and the intrinsics, our functions that stand for functions of
the library, describe what a few dozen functions of transformers do. For each of these and each release that
was measured, ``data/guard.json`` has a digest of the syntax. A new release in which none of them changed
behaves as the one before it; where one did, it is named, and somebody has to read it and measure again.
"""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from packaging.version import Version

from tie_lint.library.tree import PACKAGE, SourceTree
from tie_lint.record import NamedTuple

RECORDS = Path(__file__).parent / "data" / "guard.json"

Digests = dict[str, str]
"""The digest of each function that a release has, by dotted name."""

FUNCTIONS: Mapping[str, tuple[str, ...]] = {
    "modeling_utils": (
        *("PreTrainedModel.__init__", "PreTrainedModel.__init_subclass__", "PreTrainedModel.post_init"),
        *("PreTrainedModel.init_weights", "PreTrainedModel.initialize_weights"),
        *(
            "PreTrainedModel._initialize_weights",
            "PreTrainedModel._from_config",
            "PreTrainedModel.base_model",
        ),
        *("PreTrainedModel.get_input_embeddings", "PreTrainedModel.set_input_embeddings"),
        *("PreTrainedModel.get_output_embeddings",),
        *("EmbeddingAccessMixin.get_input_embeddings", "EmbeddingAccessMixin.set_input_embeddings"),
        *("EmbeddingAccessMixin.get_output_embeddings", "EmbeddingAccessMixin.set_output_embeddings"),
        *("PreTrainedModel.tie_weights", "PreTrainedModel._tie_or_clone_weights"),
        *(
            "PreTrainedModel.tie_embeddings_and_encoder_decoder",
            "PreTrainedModel._tie_encoder_decoder_weights",
        ),
        *("PreTrainedModel.get_expanded_tied_weights_keys",),
        *("PreTrainedModel.resize_token_embeddings", "PreTrainedModel._resize_token_embeddings"),
        *("PreTrainedModel._get_resized_embeddings", "PreTrainedModel._get_resized_lm_head"),
        *("PreTrainedModel.save_pretrained", "PreTrainedModel.from_pretrained"),
        *("PreTrainedModel._load_pretrained_model", "PreTrainedModel._finalize_model_loading"),
        *("PreTrainedModel._get_key_renaming_mapping", "PreTrainedModel._fix_state_dict_key_on_load"),
        *("PreTrainedModel._fix_state_dict_keys_on_save", "PreTrainedModel._initialize_missing_keys"),
        *("PreTrainedModel._move_missing_keys_from_meta_to_device", "PreTrainedModel.get_init_context"),
        *("PreTrainedModel._move_missing_keys_from_meta_to_cpu",),
        *("PreTrainedModel._adjust_missing_and_unexpected_keys",),
        *("PreTrainedModel.mark_tied_weights_as_initialized", "PreTrainedModel.get_encoder"),
        *("PreTrainedModel.get_decoder", "ModuleUtilsMixin.dtype", "ModuleUtilsMixin.device"),
        *(
            "_get_tied_weight_keys",
            "_find_disjoint",
            "_find_identical",
            "remove_tied_weights_from_state_dict",
        ),
        *("_find_missing_and_unexpected_keys", "_find_mismatched_keys", "_load_state_dict_into_meta_model"),
        *("_load_parameter_into_model",),
    ),
    "configuration_utils": (
        *("PretrainedConfig.__init__", "PretrainedConfig.__setattr__", "PretrainedConfig.__getattribute__"),
        *("PretrainedConfig.from_dict", "PretrainedConfig.to_dict", "PretrainedConfig.to_diff_dict"),
        *("PretrainedConfig.get_text_config", "PretrainedConfig.update"),
        *("PreTrainedConfig.__post_init__", "PreTrainedConfig.__init_subclass__"),
        *("PreTrainedConfig.__setattr__", "PreTrainedConfig.__getattribute__", "PreTrainedConfig.from_dict"),
        *("PreTrainedConfig.to_dict", "PreTrainedConfig.to_diff_dict", "PreTrainedConfig.get_text_config"),
        *("PreTrainedConfig.sub_configs", "PreTrainedConfig.update", "wrap_init_to_accept_kwargs"),
        *("SubConfigSpec.__init__", "SubConfigSpec.get_config_class", "SubConfigSpec.create_subconfig"),
    ),
    "core_model_loading": (
        *("convert_and_load_state_dict_in_model", "rename_source_key", "set_param_for_module"),
        *("apply_renamings", "WeightTransform.rename_source_key", "PrefixChange.__init__"),
        *("revert_weight_conversion",),
    ),
    "conversion_mapping": ("get_checkpoint_conversion_mapping", "get_model_conversion_mapping"),
    "models.auto.auto_factory": (
        *("_get_model_class", "_BaseAutoModelClass.from_config", "_BaseAutoModelClass.register"),
        *("getattribute_from_module", "_LazyAutoMapping.__init__", "_LazyAutoMapping.__getitem__"),
        *("_LazyAutoMapping.__contains__", "_LazyAutoMapping._load_attr_from_module"),
        *("_LazyAutoMapping.keys", "_LazyAutoMapping.values", "_LazyAutoMapping.items"),
    ),
    "models.auto.configuration_auto": (
        *("model_type_to_module_name", "_LazyConfigMapping.__init__", "_LazyConfigMapping.__getitem__"),
        *("_LazyConfigMapping.__contains__", "AutoConfig.for_model"),
    ),
    "initialization": ("no_init_weights", "no_tie_weights", "guard_torch_init_functions"),
}
"""By module of the library, the functions and methods that the contract and the intrinsics describe."""


class Change(NamedTuple):
    """One function that a release has otherwise than the release that it is compared with."""

    function: str
    kind: Literal["changed", "new", "gone"]


def digests(tree: SourceTree) -> Digests:
    """Return the digests of the functions that a release has. Raises ``SyntaxError`` for a damaged source."""
    found: Digests = {}
    for module, names in FUNCTIONS.items():
        source = tree.read(f"{PACKAGE}.{module}")
        if source is None:
            continue
        defined = dict(_definitions(ast.parse(source).body))
        found.update({f"{module}.{name}": digest(defined[name]) for name in names if name in defined})
    return found


def changes(before: Digests, after: Digests) -> list[Change]:
    """Return what differs between two releases, sorted by function."""
    found = [Change(name, "gone") for name in before.keys() - after.keys()]
    found += [Change(name, "new") for name in after.keys() - before.keys()]
    found += [Change(name, "changed") for name in before.keys() & after.keys() if before[name] != after[name]]
    return sorted(found)


def measured() -> dict[str, Digests]:
    """Return the digests of the releases that were measured, by release."""
    if not RECORDS.exists():
        return {}
    records: dict[str, Digests] = json.loads(RECORDS.read_text(encoding="ascii"))
    return records


def measured_before(release: str) -> str | None:
    """Return the newest measured release that is not newer than the given one; None where all are newer."""
    wanted = Version(release)
    older = [known for known in measured() if Version(known) <= wanted]
    return max(older, key=Version, default=None)


def record(release: str, found: Digests) -> None:
    """Write down the digests of a release that was measured."""
    records = {**measured(), release: found}
    text = json.dumps(
        {known: records[known] for known in sorted(records, key=Version)}, indent=1, sort_keys=False
    )
    RECORDS.write_text(text + "\n", encoding="ascii")


def _definitions(body: list[ast.stmt], prefix: str = "") -> Iterator[tuple[str, ast.AST]]:
    """Yield the functions of a module and the methods of its classes by dotted name, those under ``if`` too.

    Where a name is defined several times (a property and its setter) the first definition counts.
    """
    seen: set[str] = set()
    for stmt in body:
        if isinstance(stmt, ast.FunctionDef | ast.AsyncFunctionDef):
            if stmt.name not in seen:
                yield prefix + stmt.name, stmt
            seen.add(stmt.name)
        elif isinstance(stmt, ast.ClassDef):
            yield from _definitions(stmt.body, f"{prefix}{stmt.name}.")
        elif isinstance(stmt, ast.If):
            yield from _definitions([*stmt.body, *stmt.orelse], prefix)


def digest(function: ast.AST) -> str:
    """Return a digest of a function's syntax: comments, layout, annotations and docstring do not count."""
    return hashlib.blake2b(repr(_plain(function)).encode(), digest_size=8).hexdigest()


_NO_SYNTAX = frozenset({"annotation", "returns", "ctx", "kind", "type_comment", "type_params"})
"""Fields that say nothing about what runs, or that only some releases of Python have."""


def _plain(node: Any) -> Any:
    """Return a syntax tree as nested tuples that every release of Python gives alike."""
    if isinstance(node, list):
        return tuple(_plain(item) for item in node if not _is_text(item))
    if not isinstance(node, ast.AST):
        return node
    fields = [name for name in node._fields if name not in _NO_SYNTAX]
    parts = [(name, _plain(getattr(node, name, None))) for name in fields]
    return type(node).__name__, *((name, part) for name, part in parts if part not in (None, ()))


def _is_text(node: Any) -> bool:
    """Whether a statement is a docstring or another string that nobody reads."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
