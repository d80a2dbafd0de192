"""Ties of 4.x that a load empties: what is stored is not the name that they take as the source.

``save_pretrained()`` leaves out what the keys name, as long as another name is left. Where that is the
source, ``tie_weights()`` gives what was not loaded to the name that was (4.51.3, ``modeling_utils.py``). From
5.0 whichever name is missing is tied to the one that is there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tie_lint.tiemap.built_model import Groups
from tie_lint.tiemap.tied_keys import matching

if TYPE_CHECKING:
    from tie_lint.tiemap.view import ModelView


def emptied_by_hand(view: ModelView) -> Groups:
    """Return the groups of names that code of the source made one, and that hold nothing after a load."""
    if view.interp.contract.ties_by == "keys":
        return []
    parted = [*view.lifecycle.lost_on_load, *view.lifecycle.lost_on_meta]
    return _emptied(view, None, [one for one in view.lifecycle.given_by_hand if one not in parted])


def emptied_by_keys(view: ModelView, tied: bool | None = None) -> Groups:
    """Return the groups that the library made one, and of which the keys name the source; ``tied`` is what
    ``tie_word_embeddings`` is forced to."""
    keys, source = view.tied_keys.value, f"{view.embeddings.input_path}.weight"
    if view.interp.contract.ties_by == "keys" or not isinstance(keys, (list, tuple, set, dict)):
        return []
    if not matching([key for key in keys if isinstance(key, str)], source):
        return []
    groups = view.models.groups(view.models.tied if tied else view.models.default) or []
    made = [group for group in groups if source in group and group not in view.lifecycle.given_by_hand]
    return _emptied(view, tied, made)


def _emptied(view: ModelView, tied: bool | None, groups: Groups) -> Groups:
    if not groups:
        return []
    from tie_lint.loading.round_trip import round_trip  # and all that loading takes: few models come here

    trip = view.attempt(lambda: round_trip(view.interp, view.cls, tied, saves_memory=True))
    lost = trip.lost if trip is not None and trip.loads else None
    return [group for group in groups if lost is not None and lost.issuperset(group)]
