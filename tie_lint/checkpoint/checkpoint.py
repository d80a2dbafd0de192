"""The checkpoint of a folder: which files the library would load, and the tensors in them."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from tie_lint.checkpoint.errors import CheckpointError
from tie_lint.checkpoint.files import member
from tie_lint.checkpoint.json_file import read_object
from tie_lint.checkpoint.safetensors import Tensor, read_header
from tie_lint.record import NamedTuple

MOST_INDEX_BYTES = 100_000_000
SINGLE, INDEX = "model.safetensors", "model.safetensors.index.json"
PICKLED, PICKLED_INDEX = "pytorch_model.bin", "pytorch_model.bin.index.json"
CANDIDATES = (SINGLE, INDEX, PICKLED, PICKLED_INDEX)
"""The files that a load may begin with, the first one that is there."""


class Index(NamedTuple):
    """What an index says about the files of a checkpoint."""

    table: dict[str, str]
    """Tensor → shard, in the order of the index."""
    shards: dict[str, Path]


class Checkpoint:
    """The tensors of one checkpoint. Headers are read when a tensor is first asked for.

    What cannot be read raises ``CheckpointError`` then.
    """

    def __init__(self, path: Path, index: Index | None) -> None:
        self.path = path
        """The file that a load begins with."""
        self._index = index
        self._headers: dict[Path, dict[str, Tensor]] = {}

    @property
    def files(self) -> list[Path]:
        """The files that hold it: the one that a load begins with, and the shards."""
        return [self.path, *(self._index.shards.values() if self._index else ())]

    @property
    def has_names(self) -> bool:
        """Whether the names can be told: those of a lone pickle would take running it."""
        return self._index is not None or self.path.name == SINGLE

    @property
    def has_shapes(self) -> bool:
        """Whether the shapes and values can be told too."""
        return self.path.name in (SINGLE, INDEX)

    @cached_property
    def names(self) -> list[str]:
        """The names of all tensors, in the order of the index or of the one header; none for a pickle."""
        if self._index is not None:
            return list(self._index.table)
        return list(self._header(self.path)) if self.has_names else []

    @cached_property
    def load_order(self) -> list[str]:
        """The names in the order in which they are loaded: shard by shard, each in its own order of names."""
        if self._index is None:
            return sorted(self.names)
        shards: dict[str, list[str]] = defaultdict(list)
        for name, shard in self._index.table.items():
            shards[shard].append(name)
        return [name for shard in sorted(shards) for name in sorted(shards[shard])]

    def __contains__(self, name: str) -> bool:
        return name in (self._known_names if self._index is None else self._index.table)

    @cached_property
    def _known_names(self) -> frozenset[str]:
        return frozenset(self.names)

    def tensor(self, name: str) -> Tensor | None:
        """Return a stored tensor; None where it is not there, or only its name is known."""
        if name not in self or not self.has_shapes:
            return None
        path = self.path if self._index is None else self._index.shards[self._index.table[name]]
        found = self._header(path).get(name)
        if found is None:
            raise CheckpointError(path, f"does not hold {name[:200]!r}, which {self.path.name} says it does")
        return found

    def tensors(self) -> Iterator[Tensor]:
        """Yield every tensor: reads the headers of all shards."""
        for name in self.names:
            found = self.tensor(name)
            if found is not None:
                yield found

    def _header(self, path: Path) -> dict[str, Tensor]:
        if path not in self._headers:
            self._headers[path] = read_header(path)
        return self._headers[path]


def find_checkpoint(folder: Path) -> Checkpoint | None:
    """Return the checkpoint that ``from_pretrained`` would take from a folder; None where there is none.

    The order is that of ``_get_resolved_checkpoint_files`` in ``modeling_utils.py``. Raises
    ``CheckpointError`` for an index that cannot be used.
    """
    for name in CANDIDATES:
        path = folder / name
        if path.is_symlink() or path.exists():
            member(folder, name, path)
            return Checkpoint(path, _read_index(folder, path) if name.endswith(".json") else None)
    return None


def _read_index(folder: Path, path: Path) -> Index:
    table = read_object(path, MOST_INDEX_BYTES, unique=True).get("weight_map")
    if not isinstance(table, dict):
        raise CheckpointError(path, "has no weight_map")
    if "\0" in "".join(table):
        raise CheckpointError(path, "has a tensor whose name holds a NUL")
    shards: dict[str, Path] = {}
    for shard in table.values():
        if not isinstance(shard, str) or shard not in shards:
            found = member(folder, shard, path)
            if not os.path.isfile(found):  # noqa: PTH113  # that of a Path raises for a name that is too long
                raise CheckpointError(path, f"names {found.name[:200]!r}, which is not there")
            shards[shard] = found
    return Index(table, shards)
