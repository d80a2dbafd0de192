"""Outcomes of earlier runs, kept in one file for as long as everything they depend on is what it was.

An outcome depends on the file, on every other file that was read or looked for on the way, on the settings
and on the tool. All of that is compared, files by their content, whenever an outcome is asked for. The cache
is JSON below a checksum and only ever replaced as a whole; what is wrong with it makes it no cache. Who
writes one also removes those beside it that nobody has used for a long time.
"""

from __future__ import annotations

import json
import os
import re
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic

from tie_lint.pipeline.cache_rows import Rows, T, as_text
from tie_lint.python.disk import (
    LISTING,
    SOURCES,
    STATE,
    THERE,
    Disk,
    file_seen_as,
    fingerprint,
    listing,
    state,
)

if TYPE_CHECKING:
    from tie_lint.settings import Settings

FORMAT = "tie-lint cache 7"
_NO_LINK, _NO_WAIT = getattr(os, "O_NOFOLLOW", 0), getattr(os, "O_NONBLOCK", 0)
LARGEST = 200_000_000
"""Bytes of a file that is still taken for a cache."""
LONG_UNUSED = 30 * 86_400
"""Seconds after which a cache that no run has used is removed."""

_NAME = re.compile(r"[0-9a-f]{32}(\.json|\.\d+\.tmp)")


def folder(settings: Settings) -> Path | None:
    """Return where caches are: where the settings say, else in the user's own folder, if there is one."""
    if settings.cache_dir is not None:
        return settings.root_of("cache_dir") / settings.cache_dir
    path = _user_cache() / "tie-lint"
    return path if path.is_absolute() else None


def _user_cache() -> Path:
    """Return the folder that the caches of a user are in; of one without a home it is no absolute path."""
    if sys.platform in ("win32", "darwin"):
        import platformdirs

        return platformdirs.user_cache_path()
    # Importing platformdirs, which says the same, takes longer than anything else that such a run does.
    return Path(os.environ.get("XDG_CACHE_HOME", "").strip() or os.path.expanduser("~/.cache"))  # noqa: PTH111


class Cache(Generic[T]):
    """The outcomes in one file. ``key`` stands for all that they depend on and that is no file."""

    def __init__(self, path: Path, key: str, disk: Disk, rows: Rows[T]) -> None:
        self._path, self._key, self._disk, self._rows_of = path, key, disk, rows
        self._rows, self._kept = self._load()
        self._holds: dict[int, bool] = {}
        self._found: set[str] = set()
        self._fresh: dict[str, T] = {}

    def find(self, path: str, shown: str) -> T | None:
        """Return the outcome for a file, if nothing that it depends on has changed.

        ``shown`` is the path that its findings have.
        """
        with suppress(ValueError, TypeError, LookupError):
            *row, seen = self._kept[path]
            if all(map(self._still_holds, seen)):
                found = self._rows_of.read(shown, row)
                self._found.add(path)
                return found
        return None

    def depends_on(self, path: str) -> Iterator[str]:
        """Yield the files that the outcome for a file depends on."""
        yield from (self._rows[number][0] for number in self._kept[path][-1])

    def keep(self, path: str, outcome: T) -> None:
        """Keep an outcome for later runs."""
        self._fresh[path] = outcome

    def save(self) -> None:
        """Write what is new, if anything is. A folder that cannot be written to has no cache."""
        with suppress(OSError):
            if self._fresh:
                self._write(self._merged())
                _prune(self._path.parent)
            elif self._found:
                os.utime(self._path)

    def _still_holds(self, number: int) -> bool:
        if number not in self._holds:
            path, before = self._rows[number]
            self._holds[number] = self._is(path, before)
        return self._holds[number]

    def _is(self, path: str, before: str | None) -> bool:
        if before is not None and before.startswith(STATE):
            return before == state(path, time.time_ns())
        if before is not None and before.startswith(LISTING):
            return before == listing(path)
        if before is not None and before.startswith(SOURCES):
            from tie_lint.pipeline.surroundings import are_as_before

            return are_as_before(path, before, self._disk)
        path = file_seen_as(path)
        if before is None or not self._disk.is_file(path):
            return before is None and not self._disk.is_file(path)
        return before in (THERE, self._disk.fingerprint(path))

    def _merged(self) -> dict[str, Any]:
        """The fresh outcomes, and those of files that are still there, whatever run they are from."""
        rows, kept = self._load()  # another run may have written meanwhile
        numbers: dict[tuple[str, str | None], int] = {}
        outcomes: dict[str, Any] = {}
        with suppress(ValueError, TypeError, LookupError):
            for path, (*parts, seen) in kept.items():
                if path not in self._fresh and (path in self._found or self._disk.is_file(path)):
                    seen = [numbers.setdefault(rows[number], len(numbers)) for number in seen]
                    outcomes[path] = [*parts, seen]
        for path, outcome in self._fresh.items():
            seen = [numbers.setdefault(row, len(numbers)) for row in sorted((outcome.seen or {}).items())]
            outcomes[path] = [*self._rows_of.row(outcome), seen]
        return {"format": FORMAT, "key": self._key, "files": list(numbers), "outcomes": outcomes}

    def _load(self) -> tuple[list[tuple[str, str | None]], dict[str, Any]]:
        with suppress(OSError, ValueError, TypeError, LookupError, RecursionError, MemoryError):
            data = json.loads(self._read())
            if (data["format"], data["key"]) == (FORMAT, self._key):
                rows = [(as_text(path), before and as_text(before)) for path, before in data["files"]]
                return rows, dict(data["outcomes"])
        return [], {}

    def _read(self) -> bytes:
        """Return what was written. Raises ``OSError`` and ``ValueError``."""
        # What is no regular file, or a link that somebody else has put there, is no cache.
        descriptor = os.open(self._path, os.O_RDONLY | _NO_LINK | _NO_WAIT)
        with open(descriptor, "rb") as file:  # noqa: PTH123
            state = os.fstat(descriptor)
            if not stat.S_ISREG(state.st_mode) or state.st_size > LARGEST:
                raise ValueError("not a cache")
            checksum, _, data = file.read().partition(b"\n")
        if checksum.decode("ascii") != fingerprint(data):
            raise ValueError("not what was written")
        return data

    def _write(self, data: dict[str, Any]) -> None:
        """Replace the file as a whole, whoever reads it meanwhile."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        new = self._path.with_suffix(f".{os.getpid()}.tmp")
        content = json.dumps(data, separators=(",", ":")).encode("ascii")
        try:
            descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _NO_LINK | _NO_WAIT, 0o666)
            with open(descriptor, "wb") as file:  # noqa: PTH123
                file.write(fingerprint(content).encode("ascii") + b"\n" + content)
            new.replace(self._path)
        except BaseException:
            new.unlink(missing_ok=True)
            raise


def _prune(around: Path) -> None:
    """Remove the caches of a folder that have not been used for long."""
    oldest = time.time() - LONG_UNUSED
    with os.scandir(around) as entries:
        old = [entry.path for entry in entries if _NAME.fullmatch(entry.name) and _used(entry) < oldest]
    for path in old:
        Path(path).unlink(missing_ok=True)


def _used(entry: os.DirEntry[str]) -> float:
    """When a cache was last written or used; now where another run has just removed it."""
    try:
        return entry.stat().st_mtime
    except FileNotFoundError:
        return time.time()
