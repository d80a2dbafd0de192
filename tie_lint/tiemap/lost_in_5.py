"""What a model needs to be built by default, and 5.x no longer has."""

from __future__ import annotations

from collections.abc import Callable

from tie_lint.interpreter.base_values import Given
from tie_lint.library.releases import NEWEST_OF_4
from tie_lint.library.target import Target
from tie_lint.record import NamedTuple
from tie_lint.tiemap.failures import Failures


class Lost(NamedTuple):
    """Why building a model with its default config raises, and did not before 5.0."""

    field: Given | None
    """What its config had; None where anything else raises."""
    older: str | None
    """The release that builds it; None where every config had the field."""
    given: list[str]
    """What the config has to be given besides, in either release."""


def lost_in_5(failures: Failures, target: Target, under: Callable[[str], Failures | None]) -> Lost | None:
    """Return why building a model with its default config raises, where the newest target before 5.0 builds
    it, or the newest release before that; None where nothing raises, or did before.

    ``under`` returns the failures of the class under another release, None where there is no such class.
    """
    if target.contract.ties_by != "keys":
        return None
    lacked, lost = failures.lacked_fields, target.contract.config_fields_lost
    read = [field for field in lacked if not field.by_library]
    for field in lacked:
        if field.name in lost:
            return Lost(field, None, [other.name for other in read if other.name not in lost])
    if not read and not failures.raises_by_default:
        return None  # and the facts of the other release are not read
    older = target.older or NEWEST_OF_4
    before = under(older)
    if before is None or not before.is_built_by_default:
        return None
    gone = next((field for field in read if before.has(field)), None)
    also = [field for field in before.lacked_fields if not field.by_library]
    given = [field.name for field in [*read, *also] if not before.has(field)]
    if gone is None and not failures.raises_by_default:
        return None
    return Lost(gone, older, [*dict.fromkeys(given)])
