"""The checkpoint of a folder: which files the library would load, and the tensors in them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from tie_lint.checkpoint.errors import CheckpointError
from tie_lint.checkpoint.files import member
from tie_lint.checkpoint.json_file import read_object
from tie_lint.checkpoint.safetensors import Tensor, read_header

MOST_INDEX_BYTES = 100_000_000
SINGLE, INDEX = "model.safetensors", "model.safetensors.index.json"
PICKLED, PICKLED_INDEX = "pytorch_model.bin", "pytorch_model.bin.index.json"
CANDIDATES = (SINGLE, INDEX, PICKLED, PICKLED_INDEX)
"""The files that a load may begin with, the first one that is there."""


class Checkpoint:
    """The tensors of one checkpoint. Headers are read when a tensor is first asked for.

    What cannot be read raises ``CheckpointError`` then.
    """

    def __init__(self, path: Path, files: dict[str, Path] | None) -> None:
        self.path = path
        """The file that a load begins with."""
        self._files = files
        self._headers: dict[Path, dict[str, Tensor]] = {}

    @property
    def files(self) -> list[Path]:
        """The files that hold it: the one that a load begins with, and the shards."""
        return [self.path, *dict.fromkeys((self._files or {}).values())]

    @property
    def has_names(self) -> bool:
        """Whether the names can be told: those of a lone pickle would take running it."""
        return self._files is not None or self.path.name == SINGLE

    @property
    def has_shapes(self) -> bool:
        """Whether the shapes and values can be told too."""
        return self.path.name in (SINGLE, INDEX)

    @cached_property
    def names(self) -> list[str]:
        """The names of all tensors, in the order of the index or of the one header; none for a pickle."""
        if self._files is not None:
            return list(self._files)
        return list(self._header(self.path)) if self.has_names else []

    @cached_property
    def load_order(self) -> list[str]:
        """The names in the order in which they are loaded: shard by shard, each in its own order of names."""
        if self._files is None:
            return sorted(self.names)
        shards: dict[Path, list[str]] = {}
        for name, path in self._files.items():
            shards.setdefault(path, []).append(name)
        return [name for path in sorted(shards) for name in sorted(shards[path])]

    def __contains__(self, name: str) -> bool:
        return name in self._files if self._files is not None else name in self._known_names

    @cached_property
    def _known_names(self) -> frozenset[str]:
        return frozenset(self.names)

    def tensor(self, name: str) -> Tensor | None:
        """A stored tensor; None where it is not there, or only its name is known."""
        if name not in self or not self.has_shapes:
            return None
        path = self.path if self._files is None else self._files[name]
        found = self._header(path).get(name)
        if found is None:
            raise CheckpointError(path, f"does not hold {name[:200]!r}, which {self.path.name} says it does")
        return found

    def tensors(self) -> Iterator[Tensor]:
        """Every tensor: reads the headers of all shards."""
        for name in self.names:
            found = self.tensor(name)
            if found is not None:
                yield found

    def _header(self, path: Path) -> dict[str, Tensor]:
        if path not in self._headers:
            self._headers[path] = read_header(path)
        return self._headers[path]


def find_checkpoint(folder: Path) -> Checkpoint | None:
    """The checkpoint that ``from_pretrained`` would take from a folder; None where there is none.

    The order is that of ``_get_resolved_checkpoint_files`` in ``modeling_utils.py``. Raises
    ``CheckpointError`` for an index that cannot be used.
    """
    for name in CANDIDATES:
        path = folder / name
        if path.is_symlink() or path.exists():
            member(folder, name, path)
            return Checkpoint(path, _weight_map(folder, path) if name.endswith(".json") else None)
    return None


def _weight_map(folder: Path, path: Path) -> dict[str, Path]:
    """The files that an index says the tensors are in."""
    table = read_object(path, MOST_INDEX_BYTES, unique=True).get("weight_map")
    if not isinstance(table, dict):
        raise CheckpointError(path, "has no weight_map")
    shards: dict[str, Path] = {}
    for name in table.values():
        if not isinstance(name, str) or name not in shards:
            found = member(folder, name, path)
            if not found.is_file():
                raise CheckpointError(path, f"names {found.name!r}, which is not there")
            shards[name] = found
    return {name: shards[shard] for name, shard in table.items()}
