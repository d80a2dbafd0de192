"""Local files as a run sees them: each is looked for and read once, and what was seen is remembered.

Paths are strings here: a run looks for hundreds of files that are not there.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress

from tie_lint.python.text import decode
from tie_lint.settings import LARGEST_FILE

try:
    from _blake2 import blake2b  # what hashlib hands out, without loading OpenSSL
except ImportError:
    from hashlib import blake2b

THERE = ""
"""The fingerprint of a file of which no more is known than that it is there."""
UNREADABLE = "?"
_UNKNOWN = "!"
"""No file ever has this one: it stands for a text that came from elsewhere, or changed under way."""


def fingerprint(data: bytes) -> str:
    """Return what tells the content of a file from any other."""
    return blake2b(data, digest_size=16).hexdigest()


def is_file(path: str | os.PathLike[str]) -> bool:
    """Return whether a file is there. What the system does not say, for a name that is too long or a folder
    that may not be read, is no.
    """
    return os.path.isfile(path)  # noqa: PTH113


def is_folder(path: str | os.PathLike[str]) -> bool:
    """Return whether a folder is there, in the same way."""
    return os.path.isdir(path)  # noqa: PTH112


_READING = (
    os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
)


def read_file(path: str, largest: int = LARGEST_FILE) -> bytes:
    """Return the content of a regular file. Raises ``OSError`` for anything else and for a larger one.

    A pipe is not waited for, a device not read; nor is a file of the kernel, which looks like a plain one.
    """
    found = os.stat(path)  # noqa: PTH116
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, "not a regular file", path)
    # No file object: making one takes as long as reading a small file.
    descriptor = os.open(path, _READING)
    try:
        # Asked for no more than there is: Python makes room for all that is asked for.
        data = os.read(descriptor, min(found.st_size, largest) + 1)
        while len(data) != found.st_size and len(data) <= largest:
            more = os.read(descriptor, largest + 1 - len(data))
            if not more:
                break
            data += more
    finally:
        os.close(descriptor)
    if len(data) > largest:
        raise OSError(errno.EFBIG, f"larger than {largest} bytes", path)
    return data


class Disk:
    """What a run saw. Files that are larger than ``largest`` bytes are not read.

    ``texts`` are those of files that somebody is editing, which stand for what the disk holds.
    """

    def __init__(self, largest: int = LARGEST_FILE, texts: Mapping[str, str] | None = None) -> None:
        self._seen: dict[str, str | None] = {}
        self._largest, self._texts = largest, texts or {}

    def is_file(self, path: str) -> bool:
        """Return whether there is a file of that name."""
        if path not in self._seen:
            is_there = path in self._texts or os.path.isfile(path)  # noqa: PTH113
            self._seen[path] = THERE if is_there else None
        return self._seen[path] is not None

    def read(self, path: str) -> bytes:
        """Return the content of a file. Raises ``OSError``."""
        if path in self._texts:
            self._note(path, _UNKNOWN)
            return self._texts[path].encode("utf-8", "surrogatepass")
        try:
            data = read_file(path, self._largest)
        except OSError:
            self._note(path, UNREADABLE)
            raise
        self._note(path, fingerprint(data))
        return data

    def names(self, folder: str) -> str:
        """Look at the names in a folder; return what stands for them among what was seen."""
        return self.looked_at(below(folder, ""), listing)

    def looked_at(self, name: str, look: Callable[[str], str]) -> str:
        """Remember what is to be seen of something that is no file, under a name that no file has."""
        if name not in self._seen:
            self._seen[name] = look(name)
        return name

    def _note(self, path: str, now: str) -> None:
        """Remember what a file holds; one that has changed meanwhile is not known any more."""
        before = self._seen.get(path, THERE)
        self._seen[path] = now if before in (THERE, now) else _UNKNOWN

    def text(self, path: str) -> str:
        """Return the text of a file. Raises ``OSError`` and ``UnreadableSourceError``."""
        data = self.read(path)
        return self._texts[path] if path in self._texts else decode(data)

    def fingerprint(self, path: str) -> str | None:
        """Return what is to be seen of a file: a fingerprint of its content, or None where there is none."""
        path = file_seen_as(path)
        if self.is_file(path) and self._seen[path] == THERE:
            with suppress(OSError):
                self.read(path)
        return self._seen[path]

    def fingerprints(self, paths: Iterable[str]) -> dict[str, str | None]:
        """Return what has been seen of the files: :data:`THERE`, a fingerprint, or None where there
        was none.
        """
        return {path: self._seen.get(file_seen_as(path), _UNKNOWN) for path in paths}


FRESH = 100_000_000
"""Nanoseconds in which a file may change twice without another time of change."""


def state(path: str, since: int) -> str | None:
    """Return what tells a large file from any other without reading it; None where there is no file.

    ``since`` is the time in nanoseconds when the file was looked into first. One that changed after that, or
    shortly before, has a state that no file ever has.
    """
    try:
        found = os.stat(path)  # noqa: PTH116
    except (OSError, ValueError):
        return None
    changed = max(found.st_mtime_ns, found.st_ctime_ns)
    if not stat.S_ISREG(found.st_mode) or changed > since - FRESH:
        return _UNKNOWN
    return f"{STATE}{found.st_size} {found.st_mtime_ns} {found.st_ctime_ns} {found.st_ino}"


def listing(folder: str) -> str:
    """Return what tells the names in a folder from any others."""
    try:
        names = sorted(os.listdir(folder))  # noqa: PTH208
    except OSError:
        return _UNKNOWN
    return LISTING + fingerprint(repr(names).encode("utf-8", "surrogatepass"))


STATE, LISTING, SOURCES = "state ", "names ", "sources "
"""What those begin with, which no fingerprint does."""

_FOR_FIXES = "for fixes "
"""What names begin with that stand for files, which no absolute path does."""


def for_fixes(path: str) -> str:
    """Return the name under which a file is seen whose content makes a difference to fixes alone: nothing
    else depends on it."""
    return _FOR_FIXES + path


def file_seen_as(name: str) -> str:
    """Return the path of the file that is seen under a name."""
    return name.removeprefix(_FOR_FIXES)


def import_root(path: str, disk: Disk) -> tuple[str, list[str]]:
    """Return the folder that absolute imports of a file start from: above its outermost package.

    Also the files that were looked for to find out.
    """
    folder, sought = folder_of(path), []
    while folder_of(folder) != folder:
        sought.append(below(folder, "__init__.py"))
        if not disk.is_file(sought[-1]):
            break
        folder = folder_of(folder)
    return folder, sought


def folder_of(path: str) -> str:
    """Return the folder that a file or folder is in; that of the root is itself."""
    return path.rpartition(os.sep)[0] or os.sep


def name_of(path: str) -> str:
    """Return the last part of a path."""
    return path.rpartition(os.sep)[2]


def below(folder: str, *names: str) -> str:
    """Return the path of something in a folder, or in folders inside it."""
    return os.sep.join((folder, *names))  # noqa: PTH118


def dotted_name(path: str, root: str) -> str:
    """Return the dotted name that a file goes by when imports start from a folder above it."""
    *packages, name = path.removeprefix(root).strip(os.sep).split(os.sep)  # noqa: PTH206
    stem = name.rpartition(".")[0] or name
    return ".".join(packages if stem == "__init__" and packages else [*packages, stem])
