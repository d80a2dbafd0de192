"""What a rule offers against a problem: the edits that would fix it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tie_lint.record import Data

if TYPE_CHECKING:
    from tie_lint.edits.source import Source
    from tie_lint.finding import Edit


class Proposal(Data):
    """Edits of one file, which fix a problem together."""

    edits: tuple[Edit, ...]
    certain: bool = True
    """Whether the text leaves no doubt that its author means what the edits make of it."""
    path: Path | None = None
    """The file, where it is another than the one that the problem is in."""

    @classmethod
    def of(cls, *edits: Edit | None, certain: bool = True, path: Path | None = None) -> Proposal:
        """Return the proposal of these edits; of none, where one of them could not be made."""
        made = tuple(edit for edit in edits if edit is not None)
        return cls(made if len(made) == len(edits) else (), certain, path)


FixOffer = Callable[["Source"], Iterator[Proposal]]
"""Works out, from the text of the file and what is known of the model, ways to fix a problem, best first."""
