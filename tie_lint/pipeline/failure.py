"""Internal errors: what tie-lint itself did wrong, and for which file and class."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from tie_lint.record import NamedTuple


class Failure(NamedTuple):
    """An internal error that kept a file, or some of what is asked about a class, from being checked."""

    path: str
    """The file; "" where the error is about none."""
    class_name: str | None
    """The model class; None where the error is about the file."""
    error: str
    """Its type, its text and the place in the code that it comes from."""
    traceback: str

    @classmethod
    def of(cls, error: BaseException, path: str = "", class_name: str | None = None) -> Failure:
        """Return the failure that an error makes."""
        import traceback

        trace = "".join(traceback.format_exception(error))
        return cls(path, class_name, _describe(error), trace)

    @property
    def where(self) -> str:
        """The file, and the class where it is known."""
        return self.path if self.class_name is None else f"{self.path}: {self.class_name}"


ADDRESS = "https://github.com/tie-lint/tie-lint/issues"


def message(failure: Failure) -> Iterator[str]:
    """Yield the line that reports a failure, then its traceback where ``TIE_LINT_TRACEBACK`` asks for it."""
    where = f"{failure.where}: " if failure.path else ""
    yield f"internal error: {where}{failure.error}; please report it at {ADDRESS}"
    if os.environ.get("TIE_LINT_TRACEBACK"):
        yield from failure.traceback.splitlines()


def _describe(error: BaseException) -> str:
    """Return the type and text of an error, and where in the code it comes from."""
    import traceback

    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
    return " ".join(f"{type(error).__name__}: {error}{place}".split())
