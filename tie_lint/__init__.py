"""A static linter that says why the embeddings of a transformers model will not be tied.

>>> from tie_lint import check_paths
>>> for finding in check_paths(["src"]).findings:
...     print(finding.path, finding.line, finding.code, finding.message)
"""

__version__ = "0.2.0"

# Nothing is imported here: under `python -m`, the current directory is still where imports look first.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_EXPORTED = {
    "Configuration": "tie_lint.api",
    "Edit": "tie_lint.finding",
    "Explanation": "tie_lint.pipeline.explain",
    "Finding": "tie_lint.finding",
    "Fix": "tie_lint.finding",
    "Report": "tie_lint.api",
    "UsageError": "tie_lint.errors",
    "check_paths": "tie_lint.api",
    "check_source": "tie_lint.api",
    "explain_paths": "tie_lint.api",
}
"""Where the public names are defined. They are imported when first asked for: importing this stays cheap."""

__all__ = [*_EXPORTED]


def __getattr__(name: str) -> "Any":
    if name not in _EXPORTED:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_EXPORTED[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_EXPORTED])
