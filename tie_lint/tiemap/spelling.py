"""Names that a class gives to what the library reads under a name that is almost the same."""

from __future__ import annotations

import functools
from functools import cached_property

from tie_lint.interpreter.attributes import get_attr
from tie_lint.interpreter.classes import Class
from tie_lint.tiemap.built_model import BuiltModels
from tie_lint.tiemap.construction import changeable, shared_parameters, tie

READ_BY_THE_LIBRARY = (
    *("_tied_weights_keys", "base_model_prefix"),
    *("get_input_embeddings", "get_output_embeddings", "set_input_embeddings", "set_output_embeddings"),
)
"""What ``PreTrainedModel`` reads or calls for a tie (``modeling_utils.py``, every supported release)."""

MOST_SLIPS = 2
"""How many letters may be wrong, missing, or one too many."""


class Spelling:
    """The names of a class's own body that misspell one which the library reads."""

    def __init__(self, models: BuiltModels) -> None:
        self._models, self._cls = models, models.cls

    @cached_property
    def misspelt(self) -> dict[str, str]:
        """The misspelt names, each with the right one."""
        own = self._cls.own()
        found = {name: right for name in own if (right := correct_spelling(name)) and right not in own}
        return {name: right for name, right in found.items() if not self._is_known(name)}

    def misspells(self, name: str) -> bool:
        """Return whether the class has a misspelt form of a name that the library reads (TIE110)."""
        return name in self.misspelt.values()

    @cached_property
    def misspelt_keys_tie(self) -> bool:
        """Whether keys that the class has under a misspelt name would make ties under their right one."""
        interp = self._models.interp
        names = [name for name, right in self.misspelt.items() if right == "_tied_weights_keys"]
        if not names:
            return False
        late = changeable(interp, self._cls, True)
        if late.model is None:
            return False
        before = shared_parameters(interp, late)[0]
        keys = self._models.attempt(lambda: get_attr(interp, self._cls, names[0]))
        late.model.attrs["_tied_weights_keys"] = keys
        after = shared_parameters(interp, late)[0] if tie(interp, late.model) else None
        return None not in (before, after) and before != after

    def _is_known(self, name: str) -> bool:
        """Whether a class that this one derives from has the name too: then it means something there."""
        above = self._cls.mro[1:]
        return any(isinstance(item, Class) and name in item.own() for item in above)


@functools.lru_cache(maxsize=4096)
def correct_spelling(name: str) -> str | None:
    """Return the name that the library reads and that this one misspells; None for any other name.

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
