"""Names that a class gives to what the library reads under a name that is almost the same."""

from __future__ import annotations

import functools

READ_BY_THE_LIBRARY = (
    *("_tied_weights_keys", "base_model_prefix"),
    *("get_input_embeddings", "get_output_embeddings", "set_input_embeddings", "set_output_embeddings"),
)
"""What ``PreTrainedModel`` reads or calls for a tie (``modeling_utils.py``, every supported release)."""

MOST_SLIPS = 2
"""How many letters may be wrong, missing, or one too many."""


@functools.lru_cache(maxsize=4096)
def meant(name: str) -> str | None:
    """The name that the library reads and that this one misspells; None for any other name.

    Underscores at the front do not count as letters.
    """
    if name in READ_BY_THE_LIBRARY:
        return None
    plain = name.strip("_").lower()
    found = [right for right in READ_BY_THE_LIBRARY if _slips(plain, right.strip("_")) <= MOST_SLIPS]
    return found[0] if len(found) == 1 else None


def _slips(one: str, two: str) -> int:
    """How many letters to change, leave out or put in to come from one word to the other (Levenshtein)."""
    if abs(len(one) - len(two)) > MOST_SLIPS:
        return MOST_SLIPS + 1
    row = list(range(len(two) + 1))
    for index, letter in enumerate(one, 1):
        above, row[0] = row[0], index
        for column, other in enumerate(two, 1):
            above, row[column] = (
                row[column],
                min(row[column] + 1, row[column - 1] + 1, above + (letter != other)),
            )
    return row[-1]
