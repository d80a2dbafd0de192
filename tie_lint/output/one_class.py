"""What formats that draw one class take of a run's explanations."""

from __future__ import annotations

from collections.abc import Iterable

from tie_lint.errors import UsageError
from tie_lint.pipeline.explanation import Explanation


def newest_of_one_class(explanations: Iterable[Explanation], format_name: str) -> Explanation:
    """Return a class's explanation under its newest target. Raises ``UsageError`` unless there is one."""
    found = list(explanations)
    names = list(dict.fromkeys((one.facts["path"], one.facts["class"]) for one in found))
    if len(names) != 1:
        what = f"there are {len(names)}, name one as PATH::Class" if names else "there is none"
        raise UsageError(f"--output-format {format_name} draws one class; {what}")
    return found[-1]
