"""Which link of the chain the findings of a rule are about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tie_lint.tiemap.chain import LinkName

LINK_OF: Mapping[str, LinkName] = {
    **dict.fromkeys(("TIE201", "TIE202", "TIE506"), "config"),
    **dict.fromkeys(("TIE003", "TIE101"), "base_model_prefix"),
    **dict.fromkeys(("TIE002", "TIE104", "TIE304", "TIE402"), "get_input_embeddings"),
    **dict.fromkeys(("TIE001", "TIE103", "TIE401"), "get_output_embeddings"),
    **dict.fromkeys(("TIE004", "TIE102", "TIE105", "TIE106", "TIE108"), "_tied_weights_keys"),
    **dict.fromkeys(("TIE109", "TIE110", "TIE111", "TIE112", "TIE301", "TIE305"), "_tied_weights_keys"),
    **dict.fromkeys(("TIE005", "TIE006", "TIE107", "TIE302", "TIE303"), "post_init"),
}
"""The link that the findings of a rule are about; those of other rules are about the whole."""
