"""What of the tool, its settings and its surroundings an outcome depends on, beside the linted files."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from tie_lint import __version__
from tie_lint.library.installed import installed_tree
from tie_lint.library.target import Targets
from tie_lint.python.disk import fingerprint
from tie_lint.settings import Settings

REWRITER = "libcst"
PACKAGE = Path(__file__).parent.parent
"""The folder of tie-lint's own files."""


def run_key(settings: Settings, targets: Targets) -> str:
    """Tells runs apart that ask for different things of one folder."""
    per_file = sorted(settings.per_file_ignores.items())
    asked = (settings.selected, settings.ignore, settings.tied_weights_keys, per_file)
    roots = settings.root, sorted(settings.roots.items())
    bounds = (settings.max_file_size, settings.class_time_limit)
    return _digest(Path.cwd(), targets.releases, targets.oldest, roots, bounds, *asked)


def tool_key(targets: Targets) -> str:
    """Changes with everything that takes part in a run: tie-lint, Python, what rewrites methods in fixes, the
    library's source.
    """
    parts = [*_states(PACKAGE), *_installed(REWRITER)]
    library = installed_tree()
    if library is not None and library.release() in targets.releases:
        parts += _states(library.root)
    return _digest(__version__, sys.version, *parts)


def _installed(package: str) -> Iterator[tuple[str, int, int]]:
    """The state of the file that stands for an installed package: an installation writes it anew.

    Nothing is imported for it, and no metadata is read: a warm run is shorter than that takes.
    """
    spec = importlib.util.find_spec(package)
    if spec is not None and spec.origin is not None:
        state = Path(spec.origin).stat()
        yield spec.origin, state.st_size, state.st_mtime_ns


def _states(folder: Path) -> Iterator[tuple[str, int, int]]:
    """Path, size and time of every file in a folder: cheaper than reading them, and upgrades change them."""
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.is_dir():
                if entry.name != "__pycache__":
                    yield from _states(Path(entry.path))
            else:
                state = entry.stat()
                yield entry.path, state.st_size, state.st_mtime_ns


def _digest(*parts: object) -> str:
    return fingerprint(repr(parts).encode("utf-8", "surrogatepass"))
